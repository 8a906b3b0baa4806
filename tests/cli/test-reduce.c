/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "cli-harness.h"
#include "orr-section.h"
#include "orr-table.h"

static char *
dup_example (void)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "data", "examples", "three.orrery", NULL);
}

/* From the analyses of the bundled study, and from its network's motion. */
static void
test_tables (void)
{
  g_autofree char *example = dup_example ();
  g_autofree char *out = cli_temp_file ("table.csv");
  g_autoptr (GError) error = NULL;
  static const struct { const char *kind, *target; gsize fewest, most; } kinds[] = {
    { "rate", "rate", 15, 15 },       { "residency", "residency", 30, 72 }, { "phase_speed", "dtheta", 30, 72 },
    { "emission", "p_3", 30, 72 },    { "flow", "dPC1", 60, 64 },         { "map", "PC1_next", 1999, 1999 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GVariant) section = cli_run_json ("reduce", example, "--kind", kinds[i].kind, "--symbol", "3", "--steps",
                                                   "8000", "--end", "2000", "--out", out, "--json", NULL);
      gint64 rows = orr_section_get_int (section, "rows", 0);
      g_autoptr (OrrTable) table = orr_table_load (out, &error);

      g_assert_no_error (error);
      g_assert_cmpint (rows, >=, kinds[i].fewest / 2);
      g_assert_cmpint (rows, <=, kinds[i].most);
      g_assert_cmpuint (table->n_rows, ==, rows);
      int target = orr_table_find_column (table, kinds[i].target);
      g_assert_cmpint (target, >=, 0);
      g_assert_cmpuint (table->n_columns, ==, g_str_equal (kinds[i].kind, "flow") || g_str_equal (kinds[i].kind, "map") ? 3 : 2);
      for (gsize r = 0; r < table->n_rows; r++)
        g_assert_true (isfinite (table->columns[target].numbers[r]));
    }
}

static void
test_all_columns (void)
{
  g_autofree char *example = dup_example ();
  g_autofree char *out = cli_temp_file ("table.csv");
  g_autoptr (GVariant) section = cli_run_json ("reduce", example, "--kind", "rate", "--all", "--out", out, "--json", NULL);
  g_autoptr (OrrTable) table = orr_table_load (out, NULL);

  g_assert_cmpint (orr_section_get_int (section, "rows", 0), ==, 15);
  g_assert_cmpint (orr_table_find_column (table, "error"), ==, 2);
}

/* The second equation of a system is said to be what the file is for, and no other is in it. */
static void
test_second_target (void)
{
  g_autofree char *example = dup_example ();
  g_autofree char *out = cli_temp_file ("table.csv");
  g_autoptr (CliResult) said = cli_run ("reduce", example, "--kind", "flow", "--target", "dPC2", "--steps", "8000", "--out", out,
                                        NULL);
  g_autoptr (GVariant) section = cli_run_json ("reduce", example, "--kind", "flow", "--target", "dPC2", "--steps", "8000", "--out",
                                               out, "--json", NULL);
  g_autoptr (OrrTable) table = orr_table_load (out, NULL);
  g_autofree char *target = orr_section_dup_string (section, "target");
  g_autoptr (GVariant) columns = orr_section_get_child (section, "columns");
  g_autoptr (CliResult) unknown = cli_run ("reduce", example, "--kind", "flow", "--target", "dPC3", "--steps", "8000", "--out", out,
                                           NULL);

  g_assert_cmpint (said->status, ==, 0);
  g_assert_nonnull (strstr (said->out, "target dPC2"));
  g_assert_cmpstr (target, ==, "dPC2");
  g_assert_cmpuint (g_variant_n_children (columns), ==, 3);
  g_assert_cmpuint (table->n_columns, ==, 3);
  g_assert_cmpint (orr_table_find_column (table, "dPC2"), ==, 2);
  cli_assert_bad (unknown, "dPC1 or dPC2");
}

static void
test_bad_usage (void)
{
  g_autofree char *example = dup_example ();
  g_autofree char *out = cli_temp_file ("table.csv");
  g_autoptr (CliResult) kind = cli_run ("reduce", example, "--kind", "nothing", "--out", out, NULL);
  g_autoptr (CliResult) symbol = cli_run ("reduce", example, "--kind", "emission", "--symbol", "4", "--out", out, NULL);
  g_autoptr (CliResult) run = cli_run ("reduce", example, "--kind", "rate", "--run", "other", "--out", out, NULL);
  g_autoptr (CliResult) range = cli_run ("reduce", example, "--kind", "map", "--start", "90", "--end", "100", "--out", out, NULL);

  cli_assert_bad (kind, "phase_speed");
  cli_assert_bad (symbol, "1 to 3");
  cli_assert_bad (run, "other");
  cli_assert_bad (range, "10 steps");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reduce/tables", test_tables);
  g_test_add_func ("/reduce/all-columns", test_all_columns);
  g_test_add_func ("/reduce/second-target", test_second_target);
  g_test_add_func ("/reduce/bad-usage", test_bad_usage);
  return g_test_run ();
}
