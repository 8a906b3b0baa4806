/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-harness.h"

#include <gio/gio.h>
#include <string.h>

#include "orr-json.h"

static CliResult *
run (const char *first, va_list rest)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (argv, (gpointer) g_getenv ("ORRERYCTL"));
  for (const char *argument = first; argument != NULL; argument = va_arg (rest, const char *))
    g_ptr_array_add (argv, (gpointer) argument);
  g_ptr_array_add (argv, NULL);

  g_autoptr (GSubprocess) process =
      g_subprocess_newv ((const char *const *) argv->pdata,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);

  CliResult *result = g_new0 (CliResult, 1);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &result->out, &result->err, &error);
  g_assert_no_error (error);
  result->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  return result;
}

/* Runs the program that the environment variable ORRERYCTL names. */
CliResult *
cli_run (const char *first_argument, ...)
{
  va_list rest;

  va_start (rest, first_argument);
  CliResult *result = run (first_argument, rest);
  va_end (rest);
  return result;
}

void
cli_result_free (CliResult *result)
{
  g_free (result->out);
  g_free (result->err);
  g_free (result);
}

/* Runs it, expects success and exactly one JSON object on standard output. */
GVariant *
cli_run_json (const char *first_argument, ...)
{
  g_autoptr (GError) error = NULL;
  va_list rest;

  va_start (rest, first_argument);
  g_autoptr (CliResult) result = run (first_argument, rest);
  va_end (rest);
  if (result->status != 0)
    g_error ("exit status %d: %s", result->status, result->err);
  GVariant *section = orr_json_parse (result->out, -1, &error);
  g_assert_no_error (error);
  return section;
}

/* Bad usage or input: status 2, nothing on standard output, one line that says why. */
void
cli_assert_bad (const CliResult *result, const char *says)
{
  if (result->status != 2 || strstr (result->err, says) == NULL)
    g_error ("exit status %d, expected 2 and \"%s\": %s", result->status, says, result->err);
  g_assert_cmpstr (result->out, ==, "");
  const char *end = strchr (result->err, '\n');
  g_assert_nonnull (end);
  g_assert_cmpstr (end, ==, "\n");
}

/* A path in this test's own temporary folder. */
char *
cli_temp_file (const char *name)
{
  static char *folder = NULL;

  if (folder == NULL)
    folder = g_dir_make_tmp ("orrery-cli-XXXXXX", NULL);
  return g_build_filename (folder, name, NULL);
}
