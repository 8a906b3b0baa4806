/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every command promises: bad input is status 2 and one sentence, and nothing is left half-written. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "cli-harness.h"
#include "orr-json.h"
#include "orr-section.h"

static const char *
table (const char *name, const char *content)
{
  g_autofree char *path = cli_temp_file (name);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  return g_intern_string (path);
}

/* A table of @n rows: @heading, then what @row makes of i and i / 10. */
static const char *
rows (const char *name, const char *heading, const char *row, int n)
{
  g_autoptr (GString) text = g_string_new (heading);

  for (int i = 0; i < n; i++)
    {
      char tenth[G_ASCII_DTOSTR_BUF_SIZE];
      g_auto (GStrv) parts = g_strsplit (row, "#", -1);
      g_autofree char *whole = g_strjoinv (g_ascii_formatd (tenth, sizeof tenth, "%.6g", i / 10.0), parts);
      g_string_append (text, whole);
    }
  return table (name, text->str);
}

/* Tables as people have them. */
static void
test_tables (void)
{
  const char *good[] = {
    rows ("semicolon.csv", "x;y\n", "#;#\n", 20),
    rows ("tab.tsv", "x\ty\n", "#\t#\n", 20),
    table ("comma-decimal.csv", "x;y\n0,5;1\n1,5;3\n2,25;4,5\n3;6\n4,5;9\n5;10\n6;12\n"),
    rows ("mark.csv", "\xef\xbb\xbfx,y\r\n", "#,#\r\n", 20),
    rows ("newline.csv", "\"x\nin cm\",y\n", "#,#\n", 20),
    rows ("twice.csv", "x,x,y\n", "#,3,#\n", 20),
    rows ("plain.txt", "", "# #\n", 20),
    rows ("hollow.csv", "x,z,y\n", "#,nan,#\n", 20),
    rows ("backquote.csv", "a`b,y\n", "#,#\n", 20),
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GVariant) result = cli_run_json ("regress", good[i], "--no-agent", "--steps", "1", "--threads", "1", "--json", NULL);
      g_autoptr (GVariant) best = orr_section_get_child (result, "best");
      g_assert_cmpfloat (orr_section_get_double (best, "r2", 0.0), >, 0.999999);
    }
}

static void
test_bad_tables (void)
{
  const struct { const char *path, *says; } bad[] = {
    { table ("empty.csv", ""), "no rows" },
    { table ("heading.csv", "x,y\n"), "holds no numbers" },
    { rows ("missing.csv", "x,y\n", "nan,\n", 9), "holds no numbers" },
    { rows ("endless.csv", "x,y\n", "#,1e999\n", 9), "holds no numbers" },
    { rows ("holes.csv", "x,z,y\n", "#,nan,1\nnan,1,#\n", 9), "misses a number" },
    { table ("one.csv", "x,y\n1,2\n"), "at least three rows" },
    { rows ("words.csv", "x,y\n", "#,a\n", 9), "column y" },
    { rows ("mixed.csv", "x,y\n3,foo\n", "#,#\n", 9), "Line 2, column 2 (y): \"foo\"" },
    { rows ("same.csv", "x,y\n", "#,3\n", 9), "nothing to explain" },
    { rows ("alone.csv", "y\n", "#\n", 9), "one column beside the target" },
    { rows ("text.csv", "x,y\n", "a,#\n", 9), "one column beside the target" },
    { table ("ragged.csv", "x,y\n1,2\n3\n"), "Line 3 has 1 field" },
    { table ("open.csv", "x,y\n1,\"2\n3,4\n"), "not closed" },
    { rows ("huge.csv", "x,y\n", "#,1#e300\n", 9), "another unit" },
    { g_get_tmp_dir (), "not a file" },
    { "/nowhere/at/all.csv", "cannot be opened" },
    { "/dev/null", "not a file" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (CliResult) result = cli_run ("regress", bad[i].path, "--no-agent", "--steps", "1", "--json", NULL);
      cli_assert_bad (result, bad[i].says);
    }
}

static void
test_bad_options (void)
{
  const char *good = rows ("good.csv", "x,y\n", "#,#\n", 9);
  const struct { const char *option, *value, *says; } regress[] = {
    { "--time", "-1", "--time" }, { "--time", "nan", "--time" }, { "--threads", "0", "--threads" },
    { "--threads", "100000", "--threads" }, { "--seed", "99999999999999999999", "--seed" }, { "--beam", "5000", "--beam" },
    { "--beam", "wide", "--beam" }, { "--steps", "-3", "--steps" }, { "--target", "", "no column called" },
    { "--offer", "1e999", "--offer" }, { "--expression", "", "Column 1" }, { "--expression", "x_5", "Column 1" },
    { "--agent", good, "contradict" }, { "--refine", "3", "contradict" }, { "--progress", "loud", "--progress" },
    { "--require", "x_99", "--require" }, { "--frobnicate", "1", "--frobnicate" },
  };
  const struct { const char *command, *option, *value, *says; } others[] = {
    { "train", "--learning-rate", "nan", "learning rate" }, { "train", "--snapshots", "-2", "--snapshots" },
    { "train", "--epochs", "-1", "epochs" },                { "train", "--threads", "0", "--threads" },
    { "evaluate", "--sigma", "-1", "--sigma" },             { "evaluate", "--sigma", "nan", "--sigma" },
    { "evaluate", "--sequences", "-5", "--sequences" },     { "analyze", "--only", "", "no section" },
    { "analyze", "--steps", "2000000000", "--steps" },      { "analyze", "--noise", "nan", "--noise" },
    { "reduce", "--noise", "nan", "--noise" },              { "reduce", "--steps", "2000000000", "--steps" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (regress); i++)
    {
      g_autoptr (CliResult) result =
          cli_run ("regress", good, "--no-agent", "--json", regress[i].option, regress[i].value, NULL);
      cli_assert_bad (result, regress[i].says);
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      const char *command = others[i].command, *out = cli_temp_file ("other.npz");
      gboolean train = g_str_equal (command, "train"), reduce = g_str_equal (command, "reduce");
      g_autoptr (CliResult) result =
          train    ? cli_run (command, "--hmm", "three", "--out", out, others[i].option, others[i].value, NULL)
          : reduce ? cli_run (command, "net.npz", "--kind", "map", "--out", out, others[i].option, others[i].value, NULL)
          : g_str_equal (command, "evaluate")
              ? cli_run (command, "net.npz", "--hmm", "three", others[i].option, others[i].value, NULL)
              : cli_run (command, "net.npz", others[i].option, others[i].value, NULL);
      cli_assert_bad (result, others[i].says);
    }
}

/* --time 0 is as short as can be, and still an answer. */
static void
test_no_time (void)
{
  const char *good = rows ("good.csv", "x,y\n", "#,#\n", 9);
  g_autoptr (GVariant) result = cli_run_json ("regress", good, "--no-agent", "--time", "0", "--seed", "-1", "--json", NULL);
  g_autoptr (GVariant) best = orr_section_get_child (result, "best");

  g_assert_cmpfloat (orr_section_get_double (best, "r2", 0.0), >, 0.999999);
}

/* Where nothing can be written: known before the work, and no trace is left. */
static void
test_bad_outputs (void)
{
  g_autofree char *folder = cli_temp_file ("a-folder"), *there = g_build_filename (folder, "x.csv", NULL);
  const char *outs[] = { "/nowhere/x.csv", folder };
  const char *symbols = table ("symbols.csv", "0,1,0,1,1,0\n");

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (outs); i++)
    {
      g_autoptr (CliResult) sample = cli_run ("hmm", "sample", "three", "--out", outs[i], NULL);
      g_autoptr (CliResult) states = cli_run ("hmm", "sample", "three", "--out", there, "--states", outs[i], NULL);
      g_autoptr (CliResult) decode = cli_run ("hmm", "decode", "three", symbols, "--out", outs[i], NULL);
      g_autoptr (CliResult) fit = cli_run ("hmm", "fit", symbols, "--states", "2", "--out", outs[i], NULL);
      g_autoptr (CliResult) divergence = cli_run ("divergence", "x.npy", "y.npy", "--gradient", outs[i], NULL);
      g_autoptr (CliResult) agent = cli_run ("agent", "train", "--out", outs[i], NULL);
      g_autoptr (CliResult) values = cli_run ("agent", "values", "--out", outs[i], NULL);
      g_autoptr (CliResult) reduce = cli_run ("reduce", "net.npz", "--kind", "map", "--out", outs[i], NULL);
      CliResult *all[] = { sample, states, decode, fit, divergence, agent, values, reduce };

      for (guint k = 0; k < G_N_ELEMENTS (all); k++)
        cli_assert_bad (all[k], "folder");
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Bad sequences are named; a first line with numbers in it is no heading. */
static void
test_bad_sequences (void)
{
  const struct { const char *path, *says; } bad[] = {
    { table ("negative.csv", "0,-1,1\n0,1,1\n"), "row 1, column 2: \"-1\"" },
    { table ("fraction.csv", "0,0.5,1\n"), "row 1, column 2: \"0.5\"" },
    { table ("nothing.csv", ""), "no symbols" },
    { table ("word.csv", "a,b\n0,1\n0,x\n"), "row 3, column 2: \"x\"" },
    { "/nowhere/at/all.csv", "cannot be opened" },
    { g_get_tmp_dir (), "not a file" },
  };
  const char *marked = table ("marked.csv", "\xef\xbb\xbf" "0,1\r\n1,0\r\n");
  g_autoptr (GVariant) result = cli_run_json ("hmm", "score", "three", marked, "--json", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (CliResult) wrong = cli_run ("hmm", "score", "three", bad[i].path, NULL);
      cli_assert_bad (wrong, bad[i].says);
    }
  g_assert_cmpint (orr_section_get_int (result, "sequences", 0), ==, 2);
}

/* Runs a line of shell; the program is "$0", the test's folder "$1". */
static int
run_shell (const char *line, char **err)
{
  g_autofree char *folder = cli_temp_file (""), *out = NULL;
  const char *const argv[] = { "sh", "-c", line, g_getenv ("ORRERYCTL"), folder, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, err, &status, &error);
  g_assert_no_error (error);
  return status;
}

static guint
count_files (void)
{
  g_autofree char *folder = cli_temp_file ("");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* A disk that is full: the size of a file is limited, and what is there already stays. */
static void
test_full_disk (void)
{
  static const char *const writers[] = {
    "\"$0\" hmm sample three -n 100 -l 1000 --out \"$1/old.npy\"",
    "\"$0\" hmm sample three -n 100 -l 1000 --out \"$1/old.csv\"",
    "\"$0\" train --hmm three --epochs 1 --sequences 60 --batch 20 --out \"$1/old.h5\"",
    "\"$0\" train --hmm three --epochs 1 --sequences 60 --batch 20 --out \"$1/old.orrery\"",
    "\"$0\" train --hmm three --epochs 1 --sequences 60 --batch 20 --out \"$1/old.pth\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    {
      const char *name = strstr (writers[i], "$1/") + 3;
      g_autofree char *file = g_strndup (name, strlen (name) - 1), *old = cli_temp_file (file), *err = NULL, *content = NULL;
      g_autofree char *line = g_strconcat ("trap '' XFSZ; ulimit -f 16; ", writers[i], NULL);

      g_assert_true (g_file_set_contents (old, "before", -1, NULL));
      guint before = count_files ();
      int status = run_shell (line, &err);
      if (!g_spawn_check_wait_status (status, NULL) && WEXITSTATUS (status) != 1)
        g_error ("%s: status %d: %s", file, WEXITSTATUS (status), err);
      g_assert_cmpint (WEXITSTATUS (status), ==, 1);
      g_assert_nonnull (strstr (err, "cannot be written"));
      g_assert_true (g_file_get_contents (old, &content, NULL, NULL));
      g_assert_cmpstr (content, ==, "before");
      g_assert_cmpuint (count_files (), ==, before);
    }
}

static void
test_full_standard_output (void)
{
  static const char *const lines[] = { "\"$0\" hmm show three --json > /dev/full", "\"$0\" hmm sample three > /dev/full",
                                       "\"$0\" --version > /dev/full", "\"$0\" --help > /dev/full" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *err = NULL;
      int status = run_shell (lines[i], &err);

      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, 1);
    }
}

/* A reader that goes away ends the program, without a word. */
static void
test_broken_pipe (void)
{
  g_autofree char *err = NULL;
  int status = run_shell ("\"$0\" hmm sample three -n 1000 -l 1000 | head -c 10 > /dev/null", &err);

  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (err, ==, "");
}

/* Starts it, waits for its first words of progress, interrupts it; the answer is on standard output. */
static char *
interrupt (const char *const *argv, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  char byte, *out = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stderr_pipe (process), &byte, 1, NULL, &error), ==, 1);
  g_subprocess_send_signal (process, SIGINT);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  *status = g_subprocess_get_exit_status (process);
  return out;
}

static void
test_interrupted (void)
{
  const char *program = g_getenv ("ORRERYCTL");
  g_autofree char *noise = cli_temp_file ("noise.csv"), *out = cli_temp_file ("endless.npz");
  g_autoptr (GString) text = g_string_new ("x,y\n");

  for (guint i = 0; i < 300; i++)
    g_string_append_printf (text, "%u.%u,%u\n", i, i % 10, (i * 2654435761u >> 7) % 1000);
  g_assert_true (g_file_set_contents (noise, text->str, -1, NULL));

  const char *const search[] = { program, "regress", noise, "--no-agent", "--time", "3600", "--json", "--progress", "json", NULL };
  const char *const training[] = { program, "train", "--hmm", "three", "--out", out, "--progress", "json", "--sequences", "300",
                                   "--batch", "100", "--epochs", "100000", NULL };
  int status;
  g_autofree char *found = interrupt (search, &status);
  g_assert_cmpint (status, ==, 130);
  /* What was found until then is one whole object, or there is nothing yet. */
  g_autoptr (GVariant) section = *found != '\0' ? orr_json_parse (found, -1, NULL) : NULL;
  g_assert_true (*found == '\0' || section != NULL);
  g_autofree char *nothing = interrupt (training, &status);
  g_assert_cmpint (status, ==, 130);
  g_assert_cmpstr (nothing, ==, "");
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
}

/* What is protected is not replaced. */
static void
test_protected (void)
{
  g_autofree char *path = cli_temp_file ("protected.npy"), *content = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("Nothing is protected from root");
      return;
    }
  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0400), ==, 0);
  g_autoptr (CliResult) result = cli_run ("hmm", "sample", "three", "--out", path, NULL);
  cli_assert_bad (result, "cannot be written");
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "before");
  g_assert_cmpint (g_chmod (path, 0000), ==, 0);
  g_autoptr (CliResult) unread = cli_run ("divergence", path, path, NULL);
  cli_assert_bad (unread, "cannot be read");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contract/tables", test_tables);
  g_test_add_func ("/contract/bad-tables", test_bad_tables);
  g_test_add_func ("/contract/bad-options", test_bad_options);
  g_test_add_func ("/contract/no-time", test_no_time);
  g_test_add_func ("/contract/bad-outputs", test_bad_outputs);
  g_test_add_func ("/contract/bad-sequences", test_bad_sequences);
  g_test_add_func ("/contract/full-disk", test_full_disk);
  g_test_add_func ("/contract/full-standard-output", test_full_standard_output);
  g_test_add_func ("/contract/broken-pipe", test_broken_pipe);
  g_test_add_func ("/contract/interrupted", test_interrupted);
  g_test_add_func ("/contract/protected", test_protected);
  return g_test_run ();
}
