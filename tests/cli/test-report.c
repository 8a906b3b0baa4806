/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

#include "cli-harness.h"
#include "orr-json.h"
#include "orr-section.h"

static char *
read_text (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static char *
train (const char *name)
{
  char *out = cli_temp_file (name);
  g_autoptr (GVariant) section =
      cli_run_json ("train", "--hmm", "three", "--out", out, "--epochs", "3", "--snapshots", "1", "--hidden", "12",
                    "--noise-dim", "4", "--length", "8", "--sequences", "192", "--batch", "64", "--json", NULL);

  g_assert_nonnull (section);
  return out;
}

static void
test_report (void)
{
  g_autofree char *study = train ("report.orrery"), *directory = cli_temp_file ("report");
  g_autoptr (GVariant) section = cli_run_json ("report", study, "--out", directory, "--json", NULL);
  g_autofree char *page = read_text (directory, "index.html");
  g_autofree char *model = read_text (directory, "model.svg");
  g_autofree char *loss = read_text (directory, "network-1-loss.csv");
  g_autofree char *match = read_text (directory, "network-1-match.json");
  g_autoptr (GVariant) numbers = orr_json_parse (match, -1, NULL);

  g_assert_cmpint (orr_section_get_int (section, "figures", 0), ==, 4);
  g_assert_nonnull (strstr (page, "<h1>Three states</h1>"));
  g_assert_nonnull (strstr (page, "network-1-loss.svg"));
  g_assert_nonnull (strstr (page, "network-1-connectivity.svg"));
  g_assert_nonnull (strstr (page, "orreryctl train --hmm three"));
  g_assert_nonnull (strstr (model, "<svg"));
  g_assert_nonnull (strstr (loss, "validation"));
  g_autoptr (GVariant) distance = orr_section_get_child (numbers, "distance");
  g_assert_nonnull (distance);

  /* All that the page refers to is there. */
  g_auto (GStrv) parts = g_strsplit (page, "\"", -1);
  for (char **part = parts; *part != NULL; part++)
    if (g_str_has_prefix (*part, "network-1-"))
      {
        g_autofree char *text = read_text (directory, *part);
        g_assert_cmpuint (strlen (text), >, 0);
      }
}

/* One table of a study and of a network with its model; analysed studies are kept, the input is not changed. */
static void
test_table (void)
{
  g_autofree char *study = train ("table.orrery"), *directory = cli_temp_file ("table");
  g_autofree char *network = cli_temp_file ("table-net.npz"), *operand = g_strconcat (network, "=three", NULL);
  g_autoptr (CliResult) convert = cli_run ("train", "--hmm", "three", "--out", network, "--epochs", "1", "--hidden", "12",
                                           "--noise-dim", "4", "--length", "8", "--sequences", "192", "--batch", "64", NULL);
  g_assert_cmpint (convert->status, ==, 0);
  g_autoptr (CliResult) plain = cli_run ("report", study, operand, "--table", NULL);
  g_assert_cmpint (plain->status, ==, 0);
  g_assert_nonnull (strstr (plain->out, "| Best validation loss |"));
  g_assert_nonnull (strstr (plain->out, "published: 4.0 to 4.1"));

  g_autoptr (GVariant) section =
    cli_run_json ("report", study, "--table", "--analyze", "--keep", "--out", directory, "--json", NULL);
  g_autoptr (GVariant) networks = orr_section_get_child (section, "networks");
  g_assert_cmpuint (g_variant_n_children (networks), ==, 1);
  g_autoptr (GVariant) one = g_variant_get_child_value (networks, 0);
  g_autoptr (GVariant) fixed_points = orr_section_get_child (one, "fixed_points");
  g_assert_cmpfloat (orr_section_get_double (fixed_points, "value", 0.0), >=, 1.0);
  g_autofree char *markdown = read_text (directory, "table.md"), *csv = read_text (directory, "table.csv");
  g_assert_nonnull (strstr (markdown, "| Fixed points | "));
  g_assert_true (g_str_has_prefix (csv, "network,quantity,value,low,high,result,published,differs\n"));

  /* a network by itself is compared with its model as well */
  g_autoptr (GVariant) alone = cli_run_json ("report", operand, "--table", "--analyze", "--json", NULL);
  g_autoptr (GVariant) columns = orr_section_get_child (alone, "networks");
  g_autoptr (GVariant) column = g_variant_get_child_value (columns, 0);
  g_autoptr (GVariant) volatility = orr_section_get_child (column, "volatility");
  g_assert_cmpfloat (orr_section_get_double (volatility, "value", -1.0), >=, 0.0);

  /* what was kept has all analyses: nothing is left to do */
  g_autofree char *kept = g_build_filename (directory, "table.orrery", NULL);
  g_autoptr (CliResult) again = cli_run ("report", kept, "--table", NULL);
  g_assert_cmpstr (again->out, ==, markdown);
  g_autoptr (CliResult) over = cli_run ("report", kept, "--table", "--analyze", "--keep", "--out", directory, NULL);
  cli_assert_bad (over, "written over");
}

static void
test_bad_usage (void)
{
  g_autofree char *directory = cli_temp_file ("nothing");
  g_autoptr (CliResult) nothing = cli_run ("report", NULL);
  g_autoptr (CliResult) no_study = cli_run ("report", "/nowhere/at/all.orrery", "--out", directory, NULL);

  g_autoptr (CliResult) no_table = cli_run ("report", "--table", NULL);
  g_autoptr (CliResult) no_place = cli_run ("report", "x.orrery", "--table", "--keep", NULL);

  cli_assert_bad (no_table, "at least one");
  cli_assert_bad (no_place, "--out DIR");
  cli_assert_bad (nothing, "STUDY.orrery");
  cli_assert_bad (no_study, "there is no such file");
  g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/report/report", test_report);
  g_test_add_func ("/cli/report/table", test_table);
  g_test_add_func ("/cli/report/bad-usage", test_bad_usage);
  return g_test_run ();
}
