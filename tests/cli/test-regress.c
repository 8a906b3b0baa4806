/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "cli-harness.h"
#include "orr-section.h"

static char *
planets (void)
{
  return g_test_build_filename (G_TEST_DIST, "..", "data", "tables", "planets.csv", NULL);
}

/* Kepler's third law: the period is the distance to the power of 3/2, and the mass does not matter. */
static void
test_kepler (void)
{
  g_autofree char *path = planets ();
  g_autoptr (GVariant) section = cli_run_json ("regress", path, "--target", "period (years)", "--steps", "20", "--threads",
                                               "2", "--no-agent", "--json", NULL);
  g_autoptr (GVariant) best = orr_section_get_child (section, "best");
  g_autofree char *expression = orr_section_dup_string (best, "expression");
  g_autofree char *skeleton = orr_section_dup_string (best, "skeleton");
  gsize n;
  g_autofree double *constants = orr_section_dup_doubles (best, "constants", &n);
  g_autoptr (GVariant) candidates = orr_section_get_child (section, "candidates");

  g_test_message ("%s", expression);
  g_assert_cmpstr (skeleton, ==, "c*`semi-major axis (AU)`^c");
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (fabs (constants[0] - 1.0), <, 0.002);
  g_assert_cmpfloat (fabs (constants[1] - 1.5), <, 0.001);
  g_assert_cmpfloat (orr_section_get_double (best, "r2", 0.0), >, 0.999999);
  g_assert_cmpint (orr_section_get_int (best, "complexity", 0), ==, 6);
  g_assert_cmpint (orr_section_get_int (section, "rows", 0), ==, 8);
  g_assert_cmpuint (g_variant_n_children (candidates), >, 1);
  g_assert_nonnull (strstr (expression, "semi-major axis"));
}

/* A person's own formula with a hole, missing values, a semicolon table. */
static void
test_template (void)
{
  g_autofree char *path = cli_temp_file ("wave.csv");
  g_autoptr (GString) text = g_string_new ("t;y\n");

  for (int i = 0; i < 60; i++)
    g_string_append_printf (text, "%.17g;%.17g\n", 0.1 * i, 2.5 * sin (1.3 * 0.1 * i) + 0.4);
  g_string_append (text, "9;\n;3\n");
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  g_autoptr (GVariant) section = cli_run_json ("regress", path, "--expression", "c*sin(c*t) + ?", "--steps", "3", "--no-agent",
                                               "--json", NULL);
  g_autoptr (GVariant) best = orr_section_get_child (section, "best");
  g_autofree char *expression = orr_section_dup_string (best, "expression");

  g_test_message ("%s", expression);
  g_assert_cmpfloat (orr_section_get_double (best, "r2", 0.0), >, 0.9999999);
  g_assert_cmpint (orr_section_get_int (section, "rows_left_out", 0), ==, 2);
  g_assert_true (g_str_has_prefix (expression, "2.5*sin(1.3*t) + 0.4") || g_str_has_prefix (expression, "2.5"));
}

/* The same seed and steps, the same bytes, whatever the number of threads (but for the seconds). */
static void
test_same_answer (void)
{
  g_autofree char *path = planets ();
  g_autoptr (CliResult) one = cli_run ("regress", path, "--target", "period (years)", "--steps", "4", "--no-agent",
                                       "--threads", "1", NULL);
  g_autoptr (CliResult) two = cli_run ("regress", path, "--target", "period (years)", "--steps", "4", "--no-agent",
                                       "--threads", "2", NULL);

  g_assert_cmpint (one->status, ==, 0);
  g_assert_cmpstr (one->out, ==, two->out);
}

/* A falling stone, with g offered and no other constant allowed. */
static void
test_offer (void)
{
  g_autofree char *path = cli_temp_file ("stone.csv");
  g_autoptr (GString) text = g_string_new ("t,s\n");

  for (int i = 1; i < 40; i++)
    g_string_append_printf (text, "%.17g,%.17g\n", 0.1 * i, 9.81 * (0.1 * i) * (0.1 * i) / 2.0);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  g_autoptr (GVariant) section = cli_run_json ("regress", path, "--target", "s", "--offer", "9.81, 3.14", "--forbid", "c", "--steps",
                                               "150", "--no-agent", "--length-penalty", "0.1", "--json", NULL);
  g_autoptr (GVariant) best = orr_section_get_child (section, "best");
  g_autofree char *expression = orr_section_dup_string (best, "expression");

  g_test_message ("%s", expression);
  g_assert_cmpfloat (orr_section_get_double (best, "r2", 0.0), >, 1.0 - 1e-12);
  g_assert_nonnull (strstr (expression, "9.81"));
  g_assert_null (strstr (expression, "3.14"));
}

/* What is asked for cannot be: a mistake of the command, not of the program. */
static void
test_impossible (void)
{
  g_autofree char *path = cli_temp_file ("two.csv");
  g_autoptr (GString) text = g_string_new ("a,b,y\n");

  for (int i = 1; i < 20; i++)
    g_string_append_printf (text, "%d,%d,%d\n", i, i * 7 % 11, i * i);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  g_autoptr (CliResult) nothing = cli_run ("regress", path, "--no-agent", "--steps", "2", "--forbid",
                                           "c,-3,-2,-1,0,1,2,3,4,5,x_1,x_2,x_3", NULL);
  g_autoptr (CliResult) apart = cli_run ("regress", path, "--no-agent", "--steps", "2", "--require", "a,b", "--forbid",
                                         "add,mul,div,pow", NULL);
  g_autoptr (CliResult) left_out = cli_run ("regress", path, "--no-agent", "--steps", "2", "--require", "a,b", "--expression",
                                            "c*a", NULL);
  g_autoptr (CliResult) undefined = cli_run ("regress", path, "--no-agent", "--steps", "2", "--expression", "ln(-a)", NULL);

  cli_assert_bad (nothing, "every constant and variable is forbidden");
  cli_assert_bad (apart, "every operator that takes two operands is forbidden");
  cli_assert_bad (left_out, "no placeholder");
  cli_assert_bad (undefined, "is defined on every row");
}

static void
test_mistakes (void)
{
  g_autofree char *path = planets ();
  g_autoptr (CliResult) no_column = cli_run ("regress", path, "--target", "volume", NULL);
  g_autoptr (CliResult) text_column = cli_run ("regress", path, "--target", "planet", NULL);
  g_autoptr (CliResult) no_operator = cli_run ("regress", path, "--forbid", "zeta", NULL);
  g_autoptr (CliResult) bad_formula = cli_run ("regress", path, "--expression", "c*sin(", NULL);
  g_autoptr (CliResult) no_required = cli_run ("regress", path, "--require", "x_9", NULL);
  g_autoptr (CliResult) no_file = cli_run ("regress", "/nowhere/at/all.csv", NULL);
  g_autoptr (CliResult) no_suite = cli_run ("agent", "evaluate", "--suite", "unheard-of", NULL);
  g_autoptr (CliResult) no_number = cli_run ("regress", path, "--offer", "9.81,g", NULL);
  g_autoptr (CliResult) too_many = cli_run ("regress", path, "--offer", "1,2,3,4,5,6,7,8,9", NULL);
  g_autoptr (CliResult) no_objective = cli_run ("agent", "train", "--out", "x", "--objective", "fame", NULL);
  g_autoptr (CliResult) no_values_out = cli_run ("agent", "values", NULL);
  g_autoptr (CliResult) no_out = cli_run ("agent", "train", NULL);

  cli_assert_bad (no_column, "no column called volume");
  cli_assert_bad (text_column, "holds text");
  cli_assert_bad (no_operator, "zeta");
  cli_assert_bad (bad_formula, "Column");
  cli_assert_bad (no_required, "x_9");
  cli_assert_bad (no_file, "all.csv");
  cli_assert_bad (no_suite, "unheard-of");
  cli_assert_bad (no_number, "\"g\"");
  cli_assert_bad (too_many, "8");
  cli_assert_bad (no_objective, "fame");
  cli_assert_bad (no_values_out, "--out");
  cli_assert_bad (no_out, "--out");
}

/* Every option that is a number has a range, NaN and infinity are in none, and names that mean nothing are refused. */
static void
test_ranges (void)
{
  g_autofree char *path = planets (), *weights = cli_temp_file ("unused.weights");
  const struct { const char *command, *more, *option, *value; } bad[] = {
    { "regress", path, "--time", "nan" },        { "regress", path, "--time", "inf" },
    { "regress", path, "--time", "-1" },         { "regress", path, "--steps", "-3" },
    { "regress", path, "--beam", "5000" },       { "regress", path, "--refine", "-1" },
    { "regress", path, "--length-penalty", "nan" }, { "regress", path, "--length-penalty", "-0.5" },
    { "agent", "evaluate", "--modes", "foo" },   { "agent", "evaluate", "--modes", "" },
    { "agent", "evaluate", "--modes", "agent,searches" }, { "agent", "evaluate", "--suite", "" },
    { "agent", "evaluate", "--noise", "inf" },   { "agent", "evaluate", "--noise", "nan" },
    { "agent", "evaluate", "--noise", "-0.1" },  { "agent", "evaluate", "--time", "inf" },
    { "agent", "evaluate", "--steps", "-1" },    { "agent", "evaluate", "--beam", "0" },
    { "agent", "evaluate", "--points", "3" },    { "agent", "evaluate", "--skeletons", "0" },
    { "agent", "evaluate", "--draws", "-2" },    { "agent", "evaluate", "--refine", "-2" },
    { "agent", "evaluate", "--calibration", "-1" }, { "agent", "train", "--hours", "nan" },
    { "agent", "train", "--hours", "inf" },      { "agent", "train", "--hours", "0" },
    { "agent", "train", "--steps", "-1" },       { "agent", "train", "--batch", "2" },
    { "agent", "train", "--batch", "18" },       { "agent", "train", "--width", "1" },
    { "agent", "train", "--learning-rate", "nan" }, { "agent", "train", "--contrastive", "-1" },
    { "agent", "train", "--encoder", "wishful" }, { "agent", "train", "--seed", "1.5" },
    { "agent", "values", "--steps", "0" },       { "agent", "values", "--rollouts", "5" },
    { "agent", "values", "--objective", "fame" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (CliResult) result = cli_run (bad[i].command, bad[i].more, bad[i].option, bad[i].value,
                                              strstr ("train values", bad[i].more) != NULL ? "--out" : NULL, weights, NULL);
      g_autofree char *said = g_str_equal (bad[i].value, "") ? g_strdup (bad[i].option + 2) : g_strdup (bad[i].value);
      g_test_message ("%s %s %s: %s", bad[i].more, bad[i].option, bad[i].value, result->err);
      cli_assert_bad (result, g_str_equal (said, "agent,searches") ? "searches" : g_str_equal (said, "modes") ? "--modes" : said);
    }
  g_autoptr (CliResult) supports = cli_run ("agent", "evaluate", "--suite", "ssdnc", "--own-support", NULL);
  cli_assert_bad (supports, "--own-support");
}

/* Interrupted after some laws, it says what was measured, and how many of the laws that is. */
static void
test_interrupt_evaluate (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, g_getenv ("ORRERYCTL"), "agent",
                      "evaluate", "--suite", "nguyen", "--modes", "search", "--steps", "100000000", "--threads", "1", NULL);
  g_assert_no_error (error);
  GInputStream *out = g_subprocess_get_stdout_pipe (process);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (out);
  g_autofree char *first = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (first, "Nguyen 1"));
  g_subprocess_send_signal (process, SIGINT);
  g_autoptr (GString) rest = g_string_new (NULL);
  char *line;
  while ((line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, NULL)) != NULL)
    {
      g_string_append_printf (rest, "%s\n", line);
      g_free (line);
    }
  g_autoptr (GDataInputStream) messages = g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));
  g_autofree char *said = g_data_input_stream_read_upto (messages, "", 0, NULL, NULL, NULL);
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 130);
  g_assert_nonnull (strstr (said, "of 12 laws"));
  g_assert_nonnull (strstr (rest->str, "recovered"));
}

/* A hundred columns, of which three matter, and which are named in the formula, in --require or in --inputs. */
static void
test_wide (void)
{
  g_autofree char *path = cli_temp_file ("wide.csv");
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint k = 0; k < 100; k++)
    g_string_append_printf (text, "v%u,", k + 1);
  g_string_append (text, "y\n");
  for (guint i = 0; i < 40; i++)
    {
      double x[100];
      for (guint k = 0; k < 100; k++)
        {
          x[k] = 4.0 * sin (1.0 + 0.37 * i * (k + 1) + k * k);
          /* A column that misses most of its numbers is of no use, but does no harm either. */
          if (k == 5 && i > 3)
            g_string_append (text, ",");
          else
            g_string_append_printf (text, "%.17g,", x[k]);
        }
      g_string_append_printf (text, "%.17g\n", 2.0 * x[89] + x[69] * x[69]);
    }
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));

  g_autoptr (GVariant) chosen = cli_run_json ("regress", path, "--inputs", "v70, v90", "--steps", "20", "--no-agent", "--json", NULL);
  g_autoptr (GVariant) found = orr_section_get_child (chosen, "best");
  g_autoptr (GVariant) columns = orr_section_get_child (chosen, "columns");
  g_assert_cmpfloat (orr_section_get_double (found, "r2", 0.0), >, 1.0 - 1e-9);
  g_assert_cmpuint (g_variant_n_children (columns), ==, 2);

  g_autoptr (GVariant) fitted = cli_run_json ("regress", path, "--expression", "c*x_90 + `v70`^2", "--no-agent", "--json", NULL);
  g_autoptr (GVariant) law = orr_section_get_child (fitted, "best");
  g_autofree char *skeleton = orr_section_dup_string (law, "skeleton");
  g_assert_cmpstr (skeleton, ==, "c*v90 + v70^2");
  g_assert_cmpint (orr_section_get_int (fitted, "rows", 0), ==, 40);

  g_autoptr (CliResult) told = cli_run ("regress", path, "--require", "v90", "--steps", "1", "--no-agent", NULL);
  g_assert_cmpint (told->status, ==, 0);
  g_assert_nonnull (strstr (told->err, "Of 100 columns the search uses v90, "));

  g_autoptr (CliResult) unknown = cli_run ("regress", path, "--inputs", "v70,w", NULL);
  g_autoptr (CliResult) target = cli_run ("regress", path, "--inputs", "y", NULL);
  g_autoptr (GString) many = g_string_new ("v1");
  for (guint k = 2; k <= 65; k++)
    g_string_append_printf (many, ",v%u", k);
  g_autoptr (CliResult) too_many = cli_run ("regress", path, "--inputs", many->str, NULL);
  g_autoptr (CliResult) required = cli_run ("regress", path, "--require", many->str, NULL);
  cli_assert_bad (unknown, "\"w\"");
  cli_assert_bad (target, "target");
  cli_assert_bad (too_many, "at most 64");
  cli_assert_bad (required, "at most 64");
}

/* A column called c: the constant stays c, and both are told apart in what is said, printed and read back. */
static void
test_column_c (void)
{
  g_autofree char *path = cli_temp_file ("c.csv");
  g_autoptr (GString) text = g_string_new ("c;sin;e;y\n");

  for (int i = 0; i < 30; i++)
    g_string_append_printf (text, "%g;%g;%g;%.17g\n", 0.5 * i, (i * 7) % 30 + 1.0, (i * 11) % 30 + 2.0,
                            3.5 * 0.5 * i + 2.0 * ((i * 7) % 30 + 1.0) + sin ((i * 11) % 30 + 2.0));
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  g_autoptr (CliResult) told = cli_run ("regress", path, "--expression", "c*`c` + c*sin + sin(e)", "--no-agent", NULL);
  g_autoptr (GVariant) section = cli_run_json ("regress", path, "--expression", "c*`c` + c*sin + sin(e)", "--no-agent", "--json", NULL);
  g_autoptr (GVariant) best = orr_section_get_child (section, "best");
  g_autofree char *skeleton = orr_section_dup_string (best, "skeleton");
  gsize n;
  g_autofree double *constants = orr_section_dup_doubles (best, "constants", &n);

  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (fabs (constants[0] - 3.5) + fabs (constants[1] - 2.0), <, 1e-9);
  g_assert_cmpint (told->status, ==, 0);
  g_assert_nonnull (strstr (told->err, "`c`, in backquotes"));
  g_assert_nonnull (strstr (told->err, "not the number 2.71828"));
  g_assert_cmpstr (skeleton, ==, "c*`c` + c*`sin` + sin(e)");
}

/* A few steps of training, interrupted by their end, resumed, and the weights used. */
static void
test_agent (void)
{
  g_autofree char *weights = cli_temp_file ("agent.weights");
  g_autofree char *path = planets ();
  g_autoptr (GVariant) first = cli_run_json ("agent", "train", "--out", weights, "--steps", "2", "--batch", "8", "--threads", "1",
                                             "--json", NULL);
  g_autoptr (GVariant) second = cli_run_json ("agent", "train", "--out", weights, "--steps", "3", "--batch", "8", "--threads", "1",
                                              "--resume", "--json", NULL);

  g_assert_cmpint (orr_section_get_int (first, "steps", 0), ==, 2);
  g_assert_cmpint (orr_section_get_int (second, "steps", 0), ==, 3);
  g_assert_cmpint (orr_section_get_int (second, "examples", 0), ==, 24);
  /* What it was begun with stays, and to say the same again is no mistake. */
  g_autoptr (CliResult) other_seed = cli_run ("agent", "train", "--out", weights, "--steps", "3", "--resume", "--seed", "4", NULL);
  g_autoptr (CliResult) other_goal = cli_run ("agent", "train", "--out", weights, "--steps", "3", "--resume", "--objective",
                                              "published", NULL);
  g_autoptr (CliResult) same_seed = cli_run ("agent", "train", "--out", weights, "--steps", "3", "--resume", "--seed", "0", NULL);
  cli_assert_bad (other_seed, "--seed 0");
  cli_assert_bad (other_goal, "--objective cross-entropy");
  g_assert_cmpint (same_seed->status, ==, 0);
  g_autoptr (GVariant) used = cli_run_json ("regress", path, "--target", "period (years)", "--agent", weights, "--steps", "1",
                                            "--beam", "4", "--json", NULL);
  g_assert_true (orr_section_get_boolean (used, "agent", FALSE));

  g_autoptr (GVariant) refined = cli_run_json ("regress", path, "--target", "period (years)", "--agent", weights, "--steps", "1",
                                               "--beam", "4", "--refine", "2", "--json", NULL);
  g_autoptr (GVariant) refinement = orr_section_get_child (refined, "refinement");
  g_assert_cmpint (orr_section_get_int (refinement, "steps", 0), ==, 2);
  g_assert_cmpint (orr_section_get_int (refinement, "tried", 0), >, 0);
  g_assert_null (orr_section_get_child (used, "refinement"));

  /* A head that says what R2 to expect, and whether that comes true. */
  g_autoptr (GVariant) head = cli_run_json ("agent", "values", "--agent", weights, "--out", weights, "--steps", "2", "--rollouts",
                                            "100", "--json", NULL);
  g_autofree char *objective = orr_section_dup_string (head, "objective");
  g_assert_cmpstr (objective, ==, "conservative");
  g_autoptr (GVariant) checked = cli_run_json ("agent", "evaluate", "--agent", weights, "--calibration", "40", "--json", NULL);
  g_autoptr (GVariant) calibration = orr_section_get_child (checked, "calibration");
  g_assert_cmpuint (g_variant_n_children (calibration), ==, 2);
}

/* The other objectives train, too, and say so in the file. */
static void
test_objectives (void)
{
  static const char *const objectives[] = { "published", "conservative" };

  for (guint k = 0; k < G_N_ELEMENTS (objectives); k++)
    {
      g_autofree char *weights = cli_temp_file ("other.weights"), *contents = NULL;
      g_autoptr (GVariant) trained = cli_run_json ("agent", "train", "--out", weights, "--steps", "2", "--batch", "16",
                                                   "--objective", objectives[k], "--contrastive", k == 0 ? "0.5" : "0", "--json", NULL);
      g_autofree char *said = g_strdup_printf ("objective=%s", objectives[k]);

      g_assert_cmpint (orr_section_get_int (trained, "steps", 0), ==, 2);
      g_assert_true (g_file_get_contents (weights, &contents, NULL, NULL));
      g_assert_nonnull (strstr (contents, said));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/regress/kepler", test_kepler);
  g_test_add_func ("/regress/template", test_template);
  g_test_add_func ("/regress/same-answer", test_same_answer);
  g_test_add_func ("/regress/offer", test_offer);
  g_test_add_func ("/regress/impossible", test_impossible);
  g_test_add_func ("/regress/mistakes", test_mistakes);
  g_test_add_func ("/regress/wide", test_wide);
  g_test_add_func ("/regress/column-c", test_column_c);
  g_test_add_func ("/regress/ranges", test_ranges);
  g_test_add_func ("/regress/interrupt-evaluate", test_interrupt_evaluate);
  g_test_add_func ("/regress/agent", test_agent);
  g_test_add_func ("/regress/objectives", test_objectives);
  return g_test_run ();
}
