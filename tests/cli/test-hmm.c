/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "cli-harness.h"
#include "orr-array.h"
#include "orr-hmm-inference.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-sample.h"
#include "orr-hmm-section.h"
#include "orr-npy.h"
#include "orr-section.h"

static char *
write_file (const char *name, const char *text)
{
  char *path = cli_temp_file (name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

/* Each preset, shown as JSON, is itself again when read as a file. */
static void
test_show (void)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrHmm) preset = orr_hmm_preset_create (&presets[i]);
      g_autoptr (CliResult) result = cli_run ("hmm", "show", presets[i].id, "--json", NULL);
      g_assert_cmpint (result->status, ==, 0);
      g_autofree char *path = write_file ("preset.json", result->out);
      g_autoptr (GVariant) section = cli_run_json ("hmm", "show", path, "--json", NULL);
      g_autoptr (OrrHmm) hmm = orr_hmm_from_section (section, NULL);
      g_assert_true (orr_hmm_equal (hmm, preset));
      g_assert_cmpfloat (orr_section_get_double (section, "entropy_rate", 0.0), >, 0.28);
    }

  g_autoptr (CliResult) dot = cli_run ("hmm", "show", "cyclic", "--dot", NULL);
  g_assert_true (g_str_has_prefix (dot->out, "digraph"));
  g_autoptr (CliResult) text = cli_run ("hmm", "show", "two", NULL);
  g_assert_nonnull (strstr (text->out, "Dwell times"));
}

/* Sampling writes what the engine samples; scoring and decoding read it back. */
static void
test_sample_score_decode (void)
{
  enum { N = 7, T = 40 };
  g_autofree char *npy = cli_temp_file ("symbols.npy");
  g_autofree char *csv = cli_temp_file ("symbols.csv");
  g_autofree char *states_path = cli_temp_file ("states.npy");
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("cyclic"));
  guint16 symbols[N * T], states[N * T];

  orr_hmm_sample (hmm, 0, N, T, 5, symbols, states);
  g_autoptr (CliResult) binary = cli_run ("hmm", "sample", "cyclic", "-n", "7", "-l", "40", "--seed", "5", "--out", npy,
                                          "--states", states_path, NULL);
  g_assert_cmpint (binary->status, ==, 0);
  g_autoptr (OrrArray) array = orr_npy_load (npy, NULL);
  g_autoptr (OrrArray) state_array = orr_npy_load (states_path, NULL);
  g_assert_cmpint (array->type, ==, ORR_ARRAY_INT64);
  g_assert_cmpuint (array->shape[0], ==, N);
  for (gsize i = 0; i < N * T; i++)
    {
      g_assert_cmpfloat (orr_array_get_double (array, i), ==, symbols[i]);
      g_assert_cmpfloat (orr_array_get_double (state_array, i), ==, states[i]);
    }
  g_autoptr (CliResult) text = cli_run ("hmm", "sample", "--hmm", "cyclic", "-n", "7", "-l", "40", "--seed", "5", "--out",
                                        csv, NULL);
  g_assert_cmpint (text->status, ==, 0);

  g_autoptr (OrrSequences) sequences = orr_sequences_new_equal (N, T, symbols);
  double score = orr_hmm_score (hmm, sequences);
  const char *paths[2] = { npy, csv };
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) scored = cli_run_json ("hmm", "score", "cyclic", paths[i], "--json", NULL);
      g_assert_cmpfloat (orr_section_get_double (scored, "log_likelihood", 0.0), ==, score);

      g_autoptr (GVariant) decoded = cli_run_json ("hmm", "decode", "cyclic", paths[i], "--json", NULL);
      gsize rows, cols;
      g_autofree double *table = orr_section_dup_table (decoded, "states", &rows, &cols);
      guint16 path[T];
      g_assert_cmpuint (rows, ==, N);
      g_assert_true (orr_hmm_viterbi (hmm, symbols + 3 * T, T, path, NULL, NULL));
      for (gsize t = 0; t < T; t++)
        g_assert_cmpfloat (table[3 * T + t], ==, path[t]);
    }
}

/* The many ways to write a list of symbols. */
static void
test_data_formats (void)
{
  const struct { const char *text; double log_likelihood; } cases[] = {
    { "0\n2\n2\n", 1 },
    { "symbol\n0\n2\n2\n", 1 },
    { "0,2,2\n", 1 },
    { "0.0\t2.0\t2.0\r\n", 1 },
    { "# made by hand\n0 2 2\n", 1 },
    { "0\n2\n2\n\n0\n2\n2", 2 },
    { "0;2;2\n0;2;2\n", 2 },
  };
  static const guint16 symbols[3] = { 0, 2, 2 };
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  double once = orr_hmm_log_likelihood (hmm, symbols, 3);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = write_file ("data.txt", cases[i].text);
      g_autoptr (GVariant) scored = cli_run_json ("hmm", "score", "three", path, "--json", NULL);
      g_assert_cmpfloat_with_epsilon (orr_section_get_double (scored, "log_likelihood", 0.0),
                                      cases[i].log_likelihood * once, 1e-12);
    }
}

static void
test_impossible (void)
{
  g_autofree char *model = write_file ("model.json", "{\"transition\": [[1, 0], [0, 1]], \"start\": [1, 0],"
                                                     " \"emission\": [[1, 0], [0, 1]]}");
  g_autofree char *data = write_file ("impossible.csv", "0,0,0\n0,1,0\n");
  g_autoptr (CliResult) scored = cli_run ("hmm", "score", model, data, "--json", NULL);
  g_assert_cmpint (scored->status, ==, 0);
  g_assert_nonnull (strstr (scored->out, "\"log_likelihood\":null"));
  g_assert_nonnull (strstr (scored->out, "\"impossible\":[1]"));
  g_autoptr (CliResult) decoded = cli_run ("hmm", "decode", model, data, NULL);
  cli_assert_bad (decoded, "step 2");
}

static void
test_fit (void)
{
  g_autofree char *data = cli_temp_file ("fit.npy");
  g_autofree char *out = cli_temp_file ("fitted.json");
  g_autoptr (CliResult) sampled = cli_run ("hmm", "sample", "two", "-n", "20", "-l", "200", "--out", data, NULL);
  g_assert_cmpint (sampled->status, ==, 0);
  g_autoptr (GVariant) fit = cli_run_json ("hmm", "fit", data, "--states", "2", "--restarts", "2", "--out", out, "--json",
                                           NULL);
  gsize rows, cols;
  g_autofree double *transition = orr_section_dup_table (fit, "transition", &rows, &cols);
  g_assert_cmpuint (rows, ==, 2);
  g_assert_cmpfloat_with_epsilon (transition[0], 0.95, 0.02);

  /* The file holds the model of that score. */
  g_autoptr (GVariant) scored = cli_run_json ("hmm", "score", out, data, "--json", NULL);
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (scored, "log_likelihood", 0.0),
                                  orr_section_get_double (fit, "log_likelihood", 1.0), 1e-6);

  /* From a model, its zeros stay. */
  g_autoptr (GVariant) chain = cli_run_json ("hmm", "fit", "three", data, "--restarts", "1", "--json", NULL);
  g_autofree double *held = orr_section_dup_table (chain, "transition", &rows, &cols);
  g_assert_cmpfloat (held[2], ==, 0.0);
}

/* Of a range of numbers of states, the one that made the data. */
static void
test_scan (void)
{
  g_autofree char *data = cli_temp_file ("scan.csv");
  g_autoptr (CliResult) sampled = cli_run ("hmm", "sample", "two", "-n", "30", "-l", "100", "--out", data, NULL);
  g_assert_cmpint (sampled->status, ==, 0);
  g_autoptr (GVariant) fit = cli_run_json ("hmm", "fit", data, "--states", "1-3", "--restarts", "2", "--iterations", "100",
                                           "--json", NULL);
  g_autoptr (GVariant) scan = orr_section_get_child (fit, "scan");
  gsize n, rows, cols;
  g_autofree double *bic = orr_section_dup_doubles (scan, "bic", &n);
  g_autofree double *transition = orr_section_dup_table (fit, "transition", &rows, &cols);

  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (orr_section_get_int (scan, "best_bic", 0), ==, 2);
  g_assert_cmpuint (rows, ==, 2);
}

static void
test_bad_input (void)
{
  g_autofree char *text = write_file ("bad.csv", "0,1\n0,x\n");
  g_autofree char *wide = write_file ("wide.csv", "0,1,7\n");
  g_autofree char *empty = write_file ("empty.csv", "");
  g_autofree char *broken = write_file ("broken.json", "{\"transition\": [[1]],\n \"emission\": }");
  g_autofree char *sums = write_file ("sums.json", "{\"transition\": [[0.5]], \"emission\": [[1]]}");
  const struct { const char *arguments[4]; const char *says; } cases[] = {
    { { "score", "three", text }, "row 2, column 2: \"x\"" },
    { { "score", "three", wide }, "symbol 7" },
    { { "score", "three", empty }, "no symbols" },
    { { "score", "three" }, "operand is missing" },
    { { "score", "three", wide, "more" }, "too many" },
    { { "score", "three", "/nowhere/at.csv" }, "at.csv: the file cannot be opened" },
    { { "score", "nothing", wide }, "no preset and no file" },
    { { "show", broken }, "Line 2" },
    { { "show", sums }, "sum to 0.5" },
    { { "fit", wide }, "How many states" },
    { { "fit", wide, "--states=3-2" }, "1-6" },
    { { "fit", wide, "--states=many" }, "many" },
    { { "sample", "two", "--length=0" }, "--length" },
    { { "decode", "three", wide, "--method=magic" }, "magic" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const *a = cases[i].arguments;
      g_autoptr (CliResult) result = cli_run ("hmm", a[0], a[1], a[2], a[3], NULL);
      cli_assert_bad (result, cases[i].says);
    }
}

/* SIGINT ends a long fit with 130 and no result. */
static void
test_interrupt (void)
{
  g_autofree char *data = cli_temp_file ("long.npy");
  g_autoptr (CliResult) sampled = cli_run ("hmm", "sample", "five", "-n", "300", "-l", "1000", "--out", data, NULL);
  g_assert_cmpint (sampled->status, ==, 0);
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL, g_getenv ("ORRERYCTL"),
                        "hmm", "fit", data, "--states", "5", "--iterations", "100000", "--tolerance", "0", "--json", NULL);
  g_autofree char *out = NULL;

  g_usleep (G_USEC_PER_SEC);
  g_subprocess_send_signal (process, SIGINT);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, NULL);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 130);
  g_assert_cmpstr (out, ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/hmm/show", test_show);
  g_test_add_func ("/cli/hmm/sample-score-decode", test_sample_score_decode);
  g_test_add_func ("/cli/hmm/data-formats", test_data_formats);
  g_test_add_func ("/cli/hmm/impossible", test_impossible);
  g_test_add_func ("/cli/hmm/fit", test_fit);
  g_test_add_func ("/cli/hmm/scan", test_scan);
  g_test_add_func ("/cli/hmm/bad-input", test_bad_input);
  g_test_add_func ("/cli/hmm/interrupt", test_interrupt);
  return g_test_run ();
}
