/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-table.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "python.h"

static OrrTable *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  OrrTable *table = orr_table_parse (text, -1, &error);

  g_assert_no_error (error);
  return table;
}

/* The same three columns, however they are written. */
static void
test_forms (void)
{
  static const char *const forms[] = {
    "t,mass,y\n1,2.5,-3e2\n4,5,6\n",
    "t;mass;y\r\n1;2.5;-3e2\r\n4;5;6",
    "t;mass;y\n1;2,5;-3e2\n4;5;6\n",
    "t\tmass\ty\n1\t2,5\t-300\n4\t5\t6\n",
    "  t  mass y\n1   2.5 -300\n  4 5 6  \n\n",
    "\xef\xbb\xbf\"t\",\"mass\",\"y\"\n\"1\",\"2.5\",\"-300\"\n\n4,5,6\n",
    "# made by hand\n# t,mass,y\n1,2.5,-300\n# in between, \"a remark\n4,5,6\n",
    "t,mass,y,\n1,2.5,-300,\n4,5,6,\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (OrrTable) table = parse (forms[i]);

      g_test_message ("%u", i);
      g_assert_true (table->has_heading);
      g_assert_cmpuint (table->n_columns, ==, 3);
      g_assert_cmpuint (table->n_rows, ==, 2);
      g_assert_cmpstr (table->columns[0].name, ==, "t");
      g_assert_cmpint (orr_table_find_column (table, "mass"), ==, 1);
      g_assert_cmpfloat (table->columns[1].numbers[0], ==, 2.5);
      g_assert_cmpfloat (table->columns[2].numbers[0], ==, -300.0);
      g_assert_cmpfloat (table->columns[2].numbers[1], ==, 6.0);
    }
}

static void
test_no_heading (void)
{
  g_autoptr (OrrTable) table = parse ("1,2\n3,4\n5,6");

  g_assert_false (table->has_heading);
  g_assert_cmpuint (table->n_rows, ==, 3);
  g_assert_cmpstr (table->columns[0].name, ==, "x_1");
  g_assert_cmpstr (table->columns[1].name, ==, "x_2");
  g_assert_cmpfloat (table->columns[1].numbers[2], ==, 6.0);

  g_autoptr (OrrTable) column = parse ("period of oscillation\n0.5\n0.25\n");
  g_assert_cmpuint (column->n_columns, ==, 1);
  g_assert_cmpstr (column->columns[0].name, ==, "period of oscillation");
  g_assert_cmpfloat (column->columns[0].numbers[1], ==, 0.25);
}

/* A line of nothing but blanks, at the end of a file, separates nothing. */
static void
test_last_line (void)
{
  g_autoptr (OrrTable) table = parse ("# x y\n  1.5 2.\n ");

  g_assert_cmpuint (table->n_columns, ==, 2);
  g_assert_cmpstr (table->columns[1].name, ==, "y");
  g_assert_cmpfloat (table->columns[1].numbers[0], ==, 2.0);
}

static void
test_missing (void)
{
  g_autoptr (OrrTable) table = parse ("a,b,c\n1,,NA\nnan,2,?\n3,null,inf\n");

  g_assert_cmpuint (table->columns[0].n_missing, ==, 1);
  g_assert_cmpuint (table->columns[1].n_missing, ==, 2);
  g_assert_cmpuint (table->columns[2].n_missing, ==, 2);
  g_assert_cmpuint (orr_table_get_n_missing (table), ==, 5);
  g_assert_true (isnan (table->columns[0].numbers[1]));
  g_assert_true (isinf (table->columns[2].numbers[2]));
}

static void
test_texts (void)
{
  g_autoptr (OrrTable) table =
    parse ("planet,axis,\"period, in years\"\nMercury,0.387,0.241\n\"Venus, the \"\"star\"\"\",0.723,0.615\nNA,1,1\n");

  g_assert_null (table->columns[0].numbers);
  g_assert_cmpstr (table->columns[0].texts[1], ==, "Venus, the \"star\"");
  g_assert_cmpstr (table->columns[0].texts[2], ==, "");
  g_assert_cmpuint (table->columns[0].n_missing, ==, 1);
  g_assert_cmpstr (table->columns[2].name, ==, "period, in years");
  g_assert_cmpfloat (table->columns[2].numbers[1], ==, 0.615);

  g_autoptr (OrrTable) doubled = parse ("x,x,,x\n1,2,3,4\n");
  g_assert_cmpstr (doubled->columns[1].name, ==, "x_2");
  g_assert_cmpstr (doubled->columns[2].name, ==, "x_3");
  g_assert_cmpstr (doubled->columns[3].name, !=, doubled->columns[1].name);
}

static void
test_refusals (void)
{
  static const struct { const char *text; const char *says; } cases[] = {
    { "", "no rows" },
    { "\n\n# nothing\n", "no rows" },
    { "a,b\n1,2\n3\n", "Line 3 has 1 field where the first row has 2" },
    { "a,b\n1,2\n3,4,5\n", "Line 3 has 3 fields where the first row has 2" },
    { "a,mass\n1,2\n3,heavy\n", "Line 3, column 2 (mass): \"heavy\" is not a number" },
    { "a,b\n1,0x10\n3,4\n", "\"0x10\" is not a number" },
    { "a,b\n1,2\n\"3,4\n", "Line 3: a quotation mark is not closed" },
    { "a,b\n1,2\n\"3\"x,4\n", "Line 3: there is text behind" },
    { "a;b\n1.5;1,234.5\n2;3\n", "\"1,234.5\" is not a number" },
    { "a,b\n\"one\ntwo\",2\nx,\n3,y\n", "Line 2, column 1 (a): \"one two\" is not a number" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrTable) table = orr_table_parse (cases[i].text, -1, &error);

      g_test_message ("%s", error != NULL ? error->message : "accepted");
      g_assert_null (table);
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

static void
test_files (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *csv = g_build_filename (folder, "a.csv", NULL);
  g_autofree char *tsv = g_build_filename (folder, "a.tsv", NULL);
  g_autofree char *latin = g_build_filename (folder, "latin.csv", NULL);
  g_autofree char *wide = g_build_filename (folder, "wide.txt", NULL);
  const char *const names[] = { "x", "two words", "with, comma; and more", "\"" };
  g_autoptr (OrrTable) table = orr_table_new (3, 4, names);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    for (guint r = 0; r < 3; r++)
      table->columns[i].numbers[r] = (i + 1) / 3.0 * pow (10.0, 20.0 * r - 10);
  table->columns[3].numbers[1] = NAN;

  for (guint k = 0; k < 2; k++)
    {
      g_assert_true (orr_table_save (table, k == 0 ? csv : tsv, &error));
      g_autoptr (OrrTable) back = orr_table_load (k == 0 ? csv : tsv, &error);
      g_assert_no_error (error);
      g_assert_cmpint (back->separator, ==, k == 0 ? ',' : '\t');
      for (guint i = 0; i < 4; i++)
        {
          g_assert_cmpstr (back->columns[i].name, ==, names[i]);
          for (guint r = 0; r < 3; r++)
            g_assert_true (back->columns[i].numbers[r] == table->columns[i].numbers[r] || (i == 3 && r == 1));
        }
      g_assert_true (isnan (back->columns[3].numbers[1]));
    }

  g_assert_true (g_file_set_contents (latin, "gr\xf6\xdf" "e\n1\n", -1, NULL));
  g_autoptr (OrrTable) from_latin = orr_table_load (latin, &error);
  g_assert_cmpstr (from_latin->columns[0].name, ==, "gr\xc3\xb6\xc3\x9f" "e");
  g_assert_true (g_file_set_contents (wide, "\xff\xfe" "a\0\t\0b\0\n\0" "1\0\t\0" "2\0\n\0", 18, NULL));
  g_autoptr (OrrTable) from_wide = orr_table_load (wide, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (from_wide->columns[1].numbers[0], ==, 2.0);

  g_assert_null (orr_table_load (folder, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/forms", test_forms);
  g_test_add_func ("/table/no-heading", test_no_heading);
  g_test_add_func ("/table/last-line", test_last_line);
  g_test_add_func ("/table/missing", test_missing);
  g_test_add_func ("/table/texts", test_texts);
  g_test_add_func ("/table/refusals", test_refusals);
  g_test_add_func ("/table/files", test_files);
  return g_test_run ();
}
