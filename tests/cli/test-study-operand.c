/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli-harness.h"
#include "orr-section.h"

/* Trained once for all tests. */
static char *study;

static void
train (void)
{
  g_autoptr (CliResult) result =
      cli_run ("train", "--hmm", "three", "--out", study, "--epochs", "3", "--snapshots", "1", "--hidden", "12",
               "--noise-dim", "4", "--length", "8", "--sequences", "192", "--batch", "64", "--random-initial-state", NULL);

  g_assert_cmpint (result->status, ==, 0);
}

/* A study brings what its network's own file must be told: the model, the length, the initial state. */
static void
test_evaluate (void)
{
  g_autofree char *network = cli_temp_file ("tiny.npz");
  g_autoptr (CliResult) converted = cli_run ("convert", study, network, NULL);
  g_assert_cmpint (converted->status, ==, 0);

  g_autoptr (CliResult) own = cli_run ("evaluate", study, "--sequences", "300", "--json", NULL);
  g_autoptr (CliResult) told = cli_run ("evaluate", network, "--hmm", "three", "--length", "8", "--sequences", "300",
                                        "--random-initial-state", "--json", NULL);
  g_autoptr (CliResult) from_zero =
      cli_run ("evaluate", network, "--hmm", "three", "--length", "8", "--sequences", "300", "--json", NULL);
  g_assert_cmpint (own->status, ==, 0);
  g_assert_cmpstr (own->out, ==, told->out);
  g_assert_cmpstr (own->out, !=, from_zero->out);
}

static void
test_analyze (void)
{
  g_autoptr (GVariant) result =
      cli_run_json ("analyze", study, "--only", "evolution", "--steps", "300", "--json", NULL);
  g_autoptr (GVariant) evolution = orr_section_get_child (result, "evolution");
  gsize n;
  g_autofree double *epochs = orr_section_dup_doubles (evolution, "epoch", &n);

  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpfloat (epochs[2], ==, 3.0);
}

static void
test_bad_input (void)
{
  g_autofree char *network = cli_temp_file ("tiny.npz");
  g_autoptr (CliResult) converted = cli_run ("convert", study, network, NULL);
  g_autoptr (CliResult) unheard_of = cli_run ("convert", study, "--run", "nobody", network, NULL);
  g_autoptr (CliResult) no_study = cli_run ("evaluate", network, "--run", "tiny", "--hmm", "three", NULL);
  g_autoptr (CliResult) no_model = cli_run ("evaluate", network, NULL);

  g_assert_cmpint (converted->status, ==, 0);
  cli_assert_bad (unheard_of, "no network called \"nobody\"");
  cli_assert_bad (no_study, "is not a study");
  cli_assert_bad (no_model, "--hmm");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  study = cli_temp_file ("tiny.orrery");
  train ();
  g_test_add_func ("/cli/study-operand/evaluate", test_evaluate);
  g_test_add_func ("/cli/study-operand/analyze", test_analyze);
  g_test_add_func ("/cli/study-operand/bad-input", test_bad_input);
  int status = g_test_run ();
  g_free (study);
  return status;
}
