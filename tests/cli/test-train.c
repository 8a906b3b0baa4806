/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "cli-harness.h"

#include <glib/gstdio.h>
#include "orr-npy.h"
#include "orr-section.h"
#include "orr-study-file.h"

#define SMALL "--hidden", "16", "--noise-dim", "5", "--length", "10", "--sequences", "600", "--batch", "150", "--seed", "3"

static char *
read_file (const char *path, gsize *size)
{
  char *data;

  g_assert_true (g_file_get_contents (path, &data, size, NULL));
  return data;
}

static void
assert_same_files (const char *a, const char *b)
{
  gsize size_a, size_b;
  g_autofree char *data_a = read_file (a, &size_a), *data_b = read_file (b, &size_b);
  g_assert_cmpmem (data_a, size_a, data_b, size_b);
}

static void
test_train (void)
{
  g_autofree char *out = cli_temp_file ("net.npz"), *snapshot = cli_temp_file ("net-epoch-00004.npz");
  g_autoptr (GVariant) section =
      cli_run_json ("train", "--hmm", "three", "--out", out, "--epochs", "4", "--snapshots", "2", SMALL, "--json", NULL);
  g_autofree char *network = orr_section_dup_string (section, "network");
  gsize n;

  g_assert_cmpstr (network, ==, out);
  g_assert_cmpint (orr_section_get_int (section, "epochs", 0), ==, 4);
  g_assert_cmpint (orr_section_get_int (section, "seed", 0), ==, 3);
  g_assert_cmpint (orr_section_get_int (section, "threads", 0), >=, 1);
  g_assert_cmpfloat (orr_section_get_double (section, "seconds", -1), >, 0.0);
  g_assert_true (g_file_test (snapshot, G_FILE_TEST_EXISTS));

  g_autoptr (GVariant) history = orr_section_get_child (section, "history");
  g_autofree double *losses = orr_section_dup_doubles (history, "validation_loss", &n);
  gint64 best = orr_section_get_int (section, "best_epoch", 0);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpfloat (losses[best - 1], ==, orr_section_get_double (section, "best_validation_loss", -1));

  g_autoptr (GVariant) match =
      cli_run_json ("evaluate", out, "--hmm", "three", "--sequences", "300", "--json", NULL);
  g_autoptr (GVariant) volatility = orr_section_get_child (match, "volatility");
  g_autoptr (GVariant) model = orr_section_get_child (volatility, "hmm");
  /* Changes of symbol in 29 steps of the chain: 29 times the chance of one, from its symbol transitions. */
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (model, "mean", 0.0), 7.45, 0.6);
}

/* A study has it all in one file: snapshots, history, how it was made, and how well it matches. */
static void
test_train_study (void)
{
  g_autofree char *out = cli_temp_file ("net.orrery");
  g_autoptr (GVariant) section =
      cli_run_json ("train", "--hmm", "three", "--out", out, "--epochs", "4", "--snapshots", "2", SMALL, "--json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrStudy) study = orr_study_file_load (out, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (study->title, ==, "Three states");
  g_assert_cmpuint (study->runs->len, ==, 1);
  const OrrRun *run = study->runs->pdata[0];
  g_autoptr (GVariant) match = orr_run_get_section (run, "match");
  g_autofree char *command = orr_section_dup_string (run->record, "command");
  g_assert_cmpstr (run->name, ==, "three");
  g_assert_cmpuint (run->snapshots->len, ==, 2);
  g_assert_cmpuint (run->history->rows, ==, 4);
  g_assert_cmpuint (run->best_epoch, ==, orr_section_get_int (section, "best_epoch", 0));
  g_assert_cmpfloat (run->baseline, ==, orr_section_get_double (section, "baseline", 0.0));
  g_assert_nonnull (match);
  g_assert_true (g_str_has_prefix (command, "orreryctl train --hmm three --out "));
  g_assert_nonnull (strstr (command, "--hidden 16"));
}

/* A recipe sets many options at once, what is typed goes over them, and the JSON says what departs from the published one. */
static void
test_recipes (void)
{
  g_autofree char *out = cli_temp_file ("recipe.npz");
  g_autoptr (GVariant) plain =
      cli_run_json ("train", "--hmm", "three", "--out", out, "--epochs", "1", SMALL, "--json", NULL);
  g_autoptr (GVariant) faithful = cli_run_json ("train", "--hmm", "three", "--out", out, "--epochs", "1", SMALL,
                                                "--recipe", "faithful", "--statistics-lag", "5", "--json", NULL);
  g_autoptr (GVariant) options = orr_section_get_child (plain, "options");
  g_autoptr (GVariant) options_faithful = orr_section_get_child (faithful, "options");
  g_autoptr (GVariant) departures = orr_section_get_child (faithful, "departures");
  g_autofree const char **list = g_variant_get_strv (departures, NULL);

  /* Without a word about it, the recipe is the published one. */
  g_assert_cmpfloat (orr_section_get_double (options, "moment_weight", -1), ==, 0.0);
  g_assert_cmpfloat (orr_section_get_double (options, "learning_rate_end", -1), ==, 1e-3);
  g_assert_cmpfloat (orr_section_get_double (options_faithful, "moment_weight", -1), >, 0.0);
  g_assert_cmpint (orr_section_get_int (options_faithful, "moment_lag", 0), ==, 5);
  g_assert_true (g_strv_contains (list, "longest lag of the statistics 5"));
  g_assert_true (g_strv_contains (list, "batch size 150 (published: 4096)"));

  g_autoptr (CliResult) unknown = cli_run ("train", "--hmm", "three", "--out", out, "--recipe", "secret", NULL);
  cli_assert_bad (unknown, "published, faithful and quick");
  g_autoptr (CliResult) both = cli_run ("train", "--hmm", "three", "--out", out, "--recipe", "faithful", "--quick", NULL);
  cli_assert_bad (both, "contradict");
  g_autoptr (CliResult) range = cli_run ("train", "--hmm", "three", "--out", out, "--average", "1.5", NULL);
  cli_assert_bad (range, "running mean");
}

/* What cannot be written is said before the training, not after it. */
static void
test_folder (void)
{
  g_autofree char *out = cli_temp_file ("folder.npz");

  g_assert_cmpint (g_mkdir (out, 0777), ==, 0);
  g_autoptr (CliResult) result = cli_run ("train", "--hmm", "three", "--out", out, SMALL, "--epochs", "1", NULL);
  cli_assert_bad (result, "is a folder");
  g_assert_cmpint (g_rmdir (out), ==, 0);
}

/* Where a recipe turns moves with its length, unless it is said; a longer one goes on from a checkpoint all the same. */
static void
test_turns (void)
{
  g_autofree char *out = cli_temp_file ("turns.npz");
  g_autoptr (GVariant) moved =
      cli_run_json ("train", "--hmm", "three", "--out", out, SMALL, "--quick", "--epochs", "10", "--json", NULL);
  g_autoptr (GVariant) options = orr_section_get_child (moved, "options");

  /* 180 of 300 */
  g_assert_cmpint (orr_section_get_int (options, "decay_from", 0), ==, 6);
  g_assert_cmpint (orr_section_get_int (options, "moment_from", 0), ==, 6);
  g_assert_cmpint (orr_section_get_int (options, "moment_stages_from", 0), ==, 6);

  g_autoptr (GVariant) longer = cli_run_json ("train", "--hmm", "three", "--out", out, SMALL, "--quick", "--epochs", "20",
                                              "--resume", "--json", NULL);
  g_autoptr (GVariant) kept = orr_section_get_child (longer, "options");
  g_assert_cmpint (orr_section_get_int (longer, "epochs", 0), ==, 20);
  g_assert_cmpint (orr_section_get_int (kept, "decay_from", 0), ==, 6);

  g_autoptr (GVariant) said = cli_run_json ("train", "--hmm", "three", "--out", out, SMALL, "--quick", "--decay-from", "2",
                                            "--epochs", "10", "--json", NULL);
  g_autoptr (GVariant) as_said = orr_section_get_child (said, "options");
  g_assert_cmpint (orr_section_get_int (as_said, "decay_from", 0), ==, 2);
  g_assert_cmpint (orr_section_get_int (as_said, "moment_from", 0), ==, 6);
  g_autoptr (CliResult) other = cli_run ("train", "--hmm", "three", "--out", out, SMALL, "--quick", "--epochs", "20",
                                         "--resume", NULL);
  cli_assert_bad (other, "other options");
}

/* With patience a training ends before its last epoch and says so. */
static void
test_patience (void)
{
  g_autofree char *out = cli_temp_file ("patient.npz");
  g_autoptr (GVariant) section =
      cli_run_json ("train", "--hmm", "three", "--out", out, "--epochs", "300", SMALL, "--learning-rate", "1e-9",
                    "--patience", "2", "--json", NULL);

  g_assert_cmpint (orr_section_get_int (section, "epochs", 0), <, 300);
  g_assert_cmpint (orr_section_get_int (section, "epochs", 0), >=, 3);
}

/* More epochs on a checkpoint end where one long run does. */
static void
test_resume (void)
{
  g_autofree char *whole = cli_temp_file ("whole.npz"), *parts = cli_temp_file ("parts.npz");
  g_autoptr (GVariant) a =
      cli_run_json ("train", "--hmm", "three", "--out", whole, "--epochs", "6", SMALL, "--json", "--threads", "1", NULL);
  g_autoptr (GVariant) b =
      cli_run_json ("train", "--hmm", "three", "--out", parts, "--epochs", "3", SMALL, "--json", NULL);
  g_autoptr (GVariant) c =
      cli_run_json ("train", "--hmm", "three", "--out", parts, "--epochs", "6", SMALL, "--json", "--resume", NULL);

  assert_same_files (whole, parts);
  g_assert_cmpfloat (orr_section_get_double (a, "best_validation_loss", -1), ==,
                     orr_section_get_double (c, "best_validation_loss", -2));

  g_autoptr (CliResult) other = cli_run ("train", "--hmm", "three", "--out", parts, "--epochs", "6", "--hidden", "17",
                                         "--resume", NULL);
  cli_assert_bad (other, "other options");
}

/* Ctrl+C keeps a checkpoint and exits with 130; going on gives what no interruption would have. */
static void
test_interrupt (void)
{
  g_autofree char *whole = cli_temp_file ("straight.npz"), *out = cli_temp_file ("stopped.npz");
  g_autofree char *checkpoint = g_strconcat (out, ".checkpoint", NULL);
  const char *const argv[] = { g_getenv ("ORRERYCTL"), "train", "--hmm", "three", "--out", out, "--epochs", "40000",
                               SMALL, "--progress", "json", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));

  for (guint epochs = 0; epochs < 3;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
      g_assert_nonnull (line);
      epochs += strstr (line, "\"validation_loss\"") != NULL;
    }
  g_subprocess_send_signal (process, SIGINT);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 130);
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));

  g_autoptr (GVariant) a = cli_run_json ("train", "--hmm", "three", "--out", out, "--epochs", "1", SMALL, "--resume",
                                         "--json", NULL);
  g_autofree char *epochs = g_strdup_printf ("%" G_GINT64_FORMAT, orr_section_get_int (a, "epochs", 0));
  g_autoptr (GVariant) b = cli_run_json ("train", "--hmm", "three", "--out", whole, "--epochs", epochs, SMALL, "--json",
                                         NULL);
  g_assert_cmpint (orr_section_get_int (a, "epochs", 0), >=, 3);
  assert_same_files (whole, out);
}

static void
test_divergence (void)
{
  const float x[4] = { 0.0f, 0.0f, 1.0f, 0.5f }, y[6] = { 3.0f, 0.0f, 3.5f, 1.0f, 3.25f, 2.0f };
  g_autofree char *path_x = cli_temp_file ("x.npy"), *path_y = cli_temp_file ("y.npy"), *path_g = cli_temp_file ("g.npy");
  g_autoptr (OrrArray) array_x = orr_array_new_table (ORR_ARRAY_FLOAT32, 2, 2, x);
  g_autoptr (OrrArray) array_y = orr_array_new_table (ORR_ARRAY_FLOAT32, 3, 2, y);
  gsize n;

  g_assert_true (orr_npy_save (array_x, path_x, NULL) && orr_npy_save (array_y, path_y, NULL));
  g_autoptr (GVariant) section = cli_run_json ("divergence", path_x, path_y, "--gradient", path_g, "--json", NULL);
  g_autofree double *points = orr_section_dup_doubles (section, "points", &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (points[0], ==, 2);
  g_assert_cmpfloat (points[1], ==, 3);
  g_assert_cmpint (orr_section_get_int (section, "dimension", 0), ==, 2);

  /* Far apart and nearly unblurred: between the means, and about what moving there costs. */
  double divergence = orr_section_get_double (section, "divergence", 0.0);
  g_assert_cmpfloat (divergence, >, 3.5);
  g_assert_cmpfloat (divergence, <, 5.0);
  g_autoptr (OrrArray) gradient = orr_npy_load (path_g, NULL);
  g_assert_cmpuint (gradient->shape[0], ==, 2);
  g_assert_cmpuint (gradient->shape[1], ==, 2);
  /* The sum of the gradient is the difference of the means, as far as the few updates have converged. */
  double sum = orr_array_get_double (gradient, 0) + orr_array_get_double (gradient, 2);
  g_assert_cmpfloat_with_epsilon (sum, 0.5 - 3.25, 0.1);

  g_autoptr (CliResult) negative = cli_run ("divergence", path_x, path_y, "--blur", "-1", NULL);
  cli_assert_bad (negative, "--blur");
}

static void
test_bad_usage (void)
{
  g_autofree char *out = cli_temp_file ("bad.npz"), *folder = cli_temp_file ("nowhere");
  g_autofree char *lost = g_build_filename (folder, "net.npz", NULL);
  g_autoptr (CliResult) no_model = cli_run ("train", "--out", out, NULL);
  g_autoptr (CliResult) no_out = cli_run ("train", "--hmm", "three", NULL);
  g_autoptr (CliResult) odd_out = cli_run ("train", "--hmm", "three", "--out", "net.docx", NULL);
  g_autoptr (CliResult) no_folder = cli_run ("train", "--hmm", "three", "--out", lost, NULL);
  g_autoptr (CliResult) no_units = cli_run ("train", "--hmm", "three", "--out", out, "--hidden", "-4", NULL);
  g_autoptr (CliResult) no_net = cli_run ("evaluate", lost, "--hmm", "three", NULL);

  cli_assert_bad (no_model, "--hmm");
  cli_assert_bad (no_out, "--out");
  cli_assert_bad (odd_out, ".safetensors");
  cli_assert_bad (no_folder, "folder");
  cli_assert_bad (no_units, "hidden units");
  g_assert_cmpint (no_net->status, ==, 2);
}

/* Recorded sequences as the target: windows of what a file holds, with the recording in the study. */
static void
test_data (void)
{
  g_autofree char *data = cli_temp_file ("session.csv"), *bad = cli_temp_file ("bad.csv");
  g_autofree char *out = cli_temp_file ("recorded.orrery");
  g_autoptr (CliResult) sampled = cli_run ("hmm", "sample", "cyclic", "-n", "1", "-l", "4000", "--out", data, NULL);
  g_assert_cmpint (sampled->status, ==, 0);
  g_autoptr (GVariant) section = cli_run_json ("train", "--data", data, "--out", out, "--epochs", "3", "--hidden", "12",
                                               "--noise-dim", "4", "--length", "8", "--sequences", "600", "--batch",
                                               "100", "--json", NULL);
  g_autoptr (GVariant) options = orr_section_get_child (section, "options");
  g_assert_cmpint (orr_section_get_int (options, "length", 0), ==, 8);
  g_assert_cmpint (orr_section_get_int (options, "sequences", 0), >, 500);

  g_autoptr (OrrStudy) study = orr_study_file_load (out, NULL);
  const OrrRun *run = study->runs->pdata[0];
  g_autofree char *recording = orr_section_dup_string (run->record, "recording");
  g_assert_cmpstr (recording, ==, "session.csv");
  g_assert_cmpuint (study->recording->sequences->offsets[1], ==, 4000);
  g_assert_cmpuint (study->recording->n_symbols, ==, 3);
  /* Compared with the chain of its symbols, whose frequencies are the recording's. */
  g_assert_cmpuint (run->hmm->n_states, ==, 3);

  g_assert_true (g_file_set_contents (bad, "0,1,2\n0,1,left\n", -1, NULL));
  g_autoptr (CliResult) refused = cli_run ("train", "--data", bad, "--out", out, NULL);
  cli_assert_bad (refused, "row 2, column 3: \"left\"");
  g_autoptr (CliResult) none = cli_run ("train", "--out", out, NULL);
  cli_assert_bad (none, "--data");
}

/* Steps far too small to get anywhere: told while it happens, with a way out. */
static void
test_events (void)
{
  g_autofree char *out = cli_temp_file ("plateau.npz");
  g_autoptr (GVariant) stuck = cli_run_json ("train", "--hmm", "three", "--out", out, "--epochs", "40", "--hidden", "4",
                                             "--noise-dim", "2", "--length", "10", "--sequences", "600", "--batch", "200",
                                             "--learning-rate", "1e-5", "--json", NULL);
  g_autoptr (GVariant) events = g_variant_lookup_value (stuck, "events", G_VARIANT_TYPE ("aa{sv}"));
  double level = orr_section_get_double (stuck, "independent_level", 0.0);

  g_assert_cmpfloat (level, >, 1.1 * orr_section_get_double (stuck, "baseline", 0.0));
  g_assert_cmpuint (g_variant_n_children (events), ==, 1);
  g_autoptr (GVariant) event = g_variant_get_child_value (events, 0);
  g_autofree char *kind = orr_section_dup_string (event, "kind");
  g_autofree char *message = orr_section_dup_string (event, "message");
  g_assert_cmpstr (kind, ==, "plateau");
  g_assert_nonnull (message);

  g_autoptr (CliResult) told = cli_run ("train", "--hmm", "three", "--out", out, "--epochs", "40", "--hidden", "4",
                                        "--noise-dim", "2", "--length", "10", "--sequences", "600", "--batch", "200",
                                        "--learning-rate", "1e-5", NULL);
  g_assert_nonnull (strstr (told->err, message));
  g_assert_nonnull (strstr (told->err, "Restart with"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/train/train", test_train);
  g_test_add_func ("/cli/train/train-study", test_train_study);
  g_test_add_func ("/cli/train/recipes", test_recipes);
  g_test_add_func ("/cli/train/folder", test_folder);
  g_test_add_func ("/cli/train/turns", test_turns);
  g_test_add_func ("/cli/train/patience", test_patience);
  g_test_add_func ("/cli/train/resume", test_resume);
  g_test_add_func ("/cli/train/interrupt", test_interrupt);
  g_test_add_func ("/cli/train/divergence", test_divergence);
  g_test_add_func ("/cli/train/bad-usage", test_bad_usage);
  g_test_add_func ("/cli/train/data", test_data);
  g_test_add_func ("/cli/train/events", test_events);
  return g_test_run ();
}
