/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli-harness.h"
#include "orr-section.h"

static void
assert_same_files (const char *a, const char *b)
{
  g_autofree char *data_a = NULL;
  g_autofree char *data_b = NULL;
  gsize n_a, n_b;

  g_assert_true (g_file_get_contents (a, &data_a, &n_a, NULL));
  g_assert_true (g_file_get_contents (b, &data_b, &n_b, NULL));
  g_assert_cmpmem (data_a, n_a, data_b, n_b);
}

/* A real checkpoint of PyTorch, through every format and back to the same bytes. */
static void
test_networks (void)
{
  static const char *const chain[] = { "a.safetensors", "a.npz", "a.h5", "a.pt", "a.hdf5", "b.safetensors" };
  g_autofree char *in = g_test_build_filename (G_TEST_DIST, "io", "data", "networks",
                                               "good-biased-checkpoint-model.pth", NULL);
  g_autofree char *first = cli_temp_file (chain[0]);
  g_autofree char *last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (chain); i++)
    {
      g_autofree char *out = cli_temp_file (chain[i]);
      g_autoptr (GVariant) section = cli_run_json ("convert", in, out, "--json", NULL);
      g_autofree char *network = orr_section_dup_string (section, "network");

      g_assert_cmpstr (network, ==, out);
      g_assert_cmpint (orr_section_get_int (section, "hidden", 0), ==, 6);
      g_assert_cmpint (orr_section_get_int (section, "noise_dim", 0), ==, 4);
      g_assert_cmpint (orr_section_get_int (section, "symbols", 0), ==, 3);
      g_assert_true (orr_section_get_boolean (section, "biased", FALSE));
      g_free (in);
      in = g_strdup (out);
      g_free (last);
      last = g_steal_pointer (&out);
    }
  assert_same_files (first, last);
}

static void
test_models (void)
{
  g_autofree char *json = cli_temp_file ("model.json");
  g_autofree char *npz = cli_temp_file ("model.npz");
  g_autofree char *back = cli_temp_file ("back.json");
  g_autofree char *dot = cli_temp_file ("model.dot");
  g_autofree char *text = NULL;
  g_autoptr (CliResult) shown = cli_run ("hmm", "show", "cyclic", "--json", NULL);

  g_assert_true (g_file_set_contents (json, shown->out, -1, NULL));
  g_autoptr (CliResult) there = cli_run ("convert", json, npz, NULL);
  g_assert_cmpint (there->status, ==, 0);
  g_autoptr (GVariant) section = cli_run_json ("convert", npz, back, "--json", NULL);
  g_assert_cmpint (orr_section_get_int (section, "states", 0), ==, 4);
  g_autoptr (CliResult) drawn = cli_run ("convert", back, dot, NULL);
  g_assert_cmpint (drawn->status, ==, 0);
  g_assert_true (g_file_get_contents (dot, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "digraph"));

  g_autoptr (CliResult) direct = cli_run ("hmm", "show", npz, "--json", NULL);
  g_assert_cmpstr (direct->out, ==, shown->out);
}

static void
test_refusals (void)
{
  g_autofree char *lstm = g_test_build_filename (G_TEST_DIST, "io", "data", "networks", "bad-lstm.pth", NULL);
  g_autofree char *good = g_test_build_filename (G_TEST_DIST, "io", "data", "networks", "good-plain.pth", NULL);
  g_autofree char *out = cli_temp_file ("never.npz");
  g_autofree char *onnx = cli_temp_file ("never.onnx");

  g_autoptr (CliResult) gates = cli_run ("convert", lstm, out, NULL);
  cli_assert_bad (gates, "LSTM");
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
  g_autoptr (CliResult) unknown = cli_run ("convert", good, onnx, NULL);
  cli_assert_bad (unknown, ".safetensors");
  g_autoptr (CliResult) missing = cli_run ("convert", "/nowhere/a.pth", out, NULL);
  cli_assert_bad (missing, "a.pth");
  g_autoptr (CliResult) one = cli_run ("convert", good, NULL);
  cli_assert_bad (one, "operand");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/convert/networks", test_networks);
  g_test_add_func ("/cli/convert/models", test_models);
  g_test_add_func ("/cli/convert/refusals", test_refusals);
  return g_test_run ();
}
