/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli-harness.h"

static void
test_version (void)
{
  g_autoptr (CliResult) result = cli_run ("--version", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_true (g_str_has_prefix (result->out, "orreryctl "));
}

/* Every command that --help lists explains itself, in turn. */
static void
check_help (const char *command)
{
  g_autoptr (CliResult) result = command != NULL ? cli_run (command, "--help", NULL) : cli_run ("--help", NULL);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->out, "Usage:"));
  g_assert_cmpstr (result->err, ==, "");

  const char *list = strstr (result->out, "Commands:\n");
  if (command != NULL || list == NULL)
    return;
  g_auto (GStrv) lines = g_strsplit (list, "\n", -1);
  guint found = 0;
  for (guint i = 1; lines[i] != NULL && g_str_has_prefix (lines[i], "  "); i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i] + 2, " ", 2);
      check_help (words[0]);
      found++;
    }
  g_assert_cmpuint (found, >=, 1);
}

static void
test_help (void)
{
  check_help (NULL);
}

static void
test_bad_usage (void)
{
  g_autoptr (CliResult) nothing = cli_run (NULL, NULL);
  cli_assert_bad (nothing, "Which command?");
  g_autoptr (CliResult) unknown = cli_run ("frobnicate", NULL);
  cli_assert_bad (unknown, "frobnicate");
  g_autoptr (CliResult) option = cli_run ("hmm", "show", "--frobnicate", NULL);
  cli_assert_bad (option, "--frobnicate");
  g_autoptr (CliResult) threads = cli_run ("hmm", "show", "two", "--threads", "-1", NULL);
  cli_assert_bad (threads, "--threads");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/version", test_version);
  g_test_add_func ("/cli/help", test_help);
  g_test_add_func ("/cli/bad-usage", test_bad_usage);
  return g_test_run ();
}
