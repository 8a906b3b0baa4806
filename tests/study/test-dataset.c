/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and columns of a data set: splits, filters, names, outliers. */
#include <math.h>
#include <string.h>

#include "orr-dataset-filter.h"
#include "orr-dataset-outliers.h"
#include "orr-dataset-table.h"
#include "orr-error.h"
#include "orr-expr-parse.h"
#include "orr-random.h"

static OrrDataset *
new_dataset (gsize n)
{
  static const char *const columns[] = { "x", "side length", "y", NULL };
  OrrDataset *dataset = orr_dataset_new ("rows", "a test", columns, n);

  for (gsize i = 0; i < n; i++)
    {
      dataset->values[i] = (double) ((i * 7) % n);
      dataset->values[n + i] = 0.5 * i;
      dataset->values[2 * n + i] = i;
    }
  return dataset;
}

static gsize
count (const guint8 *marks, gsize n)
{
  gsize sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += marks[i] != 0;
  return sum;
}

static void
test_splits (void)
{
  g_autoptr (OrrDataset) dataset = new_dataset (20);
  const OrrDatasetSplit spread = { ORR_DATASET_SPLIT_SPREAD, 0.2, 0 }, last = { ORR_DATASET_SPLIT_LAST, 0.25, 0 },
                        highest = { ORR_DATASET_SPLIT_HIGHEST, 0.25, 0 }, random = { ORR_DATASET_SPLIT_RANDOM, 0.5, 7 };
  g_autoptr (OrrDataset) a = orr_dataset_with_split_kind (dataset, &spread);
  g_autoptr (OrrDataset) b = orr_dataset_with_split_kind (dataset, &last);
  g_autoptr (OrrDataset) c = orr_dataset_with_split_kind (dataset, &highest);
  g_autoptr (OrrDataset) d = orr_dataset_with_split_kind (dataset, &random);
  g_autoptr (OrrDataset) e = orr_dataset_with_split (dataset, 0.5, 7);

  g_assert_cmpmem (a->held_out, 20, dataset->held_out, 20);
  for (gsize i = 0; i < 20; i++)
    {
      g_assert_cmpint (b->held_out[i], ==, i >= 15);
      g_assert_cmpint (c->held_out[i], ==, dataset->values[i] >= 15.0);
    }
  g_assert_cmpuint (count (d->held_out, 20), ==, 10);
  g_assert_cmpmem (d->held_out, 20, e->held_out, 20);

  /* Rows that are left out are not counted as the last ones. */
  static const guint32 rows[] = { 18, 19, 3 };
  g_autoptr (OrrDataset) fewer = orr_dataset_with_rows_left_out (b, rows, 3, TRUE);
  g_autoptr (OrrDatasetRows) held = orr_dataset_extract (fewer, ORR_DATASET_HELD_OUT);
  g_assert_cmpuint (held->n, ==, 4);
  g_assert_cmpuint (held->rows[0], ==, 14);
  g_assert_cmpuint (held->rows[3], ==, 17);
  g_autoptr (OrrDataset) back = orr_dataset_with_rows_left_out (fewer, rows, 3, FALSE);
  g_assert_cmpmem (back->held_out, 20, b->held_out, 20);
  g_assert_true (orr_dataset_is_same_table (back, dataset));
}

static void
test_filter (void)
{
  static const struct
  {
    const char *filter;
    gsize       n;
  } good[] = {
    { "x < 5", 5 },          { "row <= 4", 4 },           { "x >= 3 and x < 5", 2 }, { "0 < x <= 5", 5 },
    { "y = 3 or y == 4", 2 }, { "y != 3", 19 },            { "`side length` > 2*4", 3 }, { "sqrt(y) ≥ 4", 4 },
    { "x<2||y>17&&y<19", 3 }, { "x < 2 OR row > 18", 4 }, { "y > 5 AND y > 10", 9 },
  };
  static const char *const bad[] = { "x", "x <", "< 3", "x < c", "x < ?", "x < 3 and", "nothing < 3", "x < (3", "and", "" };
  g_autoptr (OrrDataset) dataset = new_dataset (20);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrDataset) filtered = orr_dataset_with_filter (dataset, good[i].filter, &error);

      g_assert_no_error (error);
      g_test_message ("%s", good[i].filter);
      g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (filtered, ORR_DATASET_ALL);
      g_assert_cmpuint (rows->n, ==, good[i].n);
      g_autoptr (OrrDataset) all = orr_dataset_with_filter (filtered, " ", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (count (all->left_out, 20), ==, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (orr_dataset_filter_rows (dataset, bad[i], &error));
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
    }
}

/* In a condition nothing is fitted: c is the column of that name. */
static void
test_filter_c (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrDataset) dataset = new_dataset (20), named = orr_dataset_with_column (dataset, 1, "c", "", &error);
  g_assert_no_error (error);
  g_autoptr (OrrDataset) filtered = orr_dataset_with_filter (named, "1 <= c < 3 and `c` != 2", &error);
  g_assert_no_error (error);
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (filtered, ORR_DATASET_ALL);

  g_assert_cmpuint (rows->n, ==, 3);
}

static void
test_names (void)
{
  g_autoptr (OrrDataset) dataset = new_dataset (5);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrDataset) named = orr_dataset_with_column (dataset, 1, "  length ", " m ", &error);

  g_assert_cmpstr (named->columns[1], ==, "length");
  g_assert_cmpstr (named->units[1], ==, "m");
  g_assert_cmpstr (dataset->columns[1], ==, "side length");
  g_assert_null (orr_dataset_with_column (dataset, 1, "x", "", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_dataset_with_column (dataset, 1, " ", "", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_weights (void)
{
  g_autoptr (OrrDataset) dataset = new_dataset (5);
  static const guint input = 0;
  g_autoptr (OrrDataset) errors = orr_dataset_with_roles (dataset, 2, &input, 1, 1, NULL);
  g_autoptr (OrrDataset) weights = orr_dataset_with_error_kind (errors, TRUE);
  g_autoptr (OrrDatasetRows) a = orr_dataset_extract (errors, ORR_DATASET_ALL);
  g_autoptr (OrrDatasetRows) b = orr_dataset_extract (weights, ORR_DATASET_ALL);

  /* The first row's error is 0: of no use. */
  g_assert_cmpuint (a->n, ==, 4);
  g_assert_cmpfloat (a->weights[3], ==, 0.25);
  g_assert_cmpfloat (b->weights[3], ==, 2.0);
}

static void
test_outliers (void)
{
  g_autoptr (OrrDataset) dataset = new_dataset (20);
  static const guint input = 0;
  g_autoptr (OrrDataset) one = orr_dataset_with_roles (dataset, 2, &input, 1, -1, NULL);
  gsize n;

  g_autofree guint8 *none = orr_dataset_find_outliers (one, NULL, &n);
  g_assert_cmpuint (n, ==, 0);

  /* Quartiles of 0 .. 19 are 4.75 and 14.25: the outer fence is at 42.75. */
  one->values[40] = 42.7;
  g_autofree guint8 *inside = orr_dataset_find_outliers (one, NULL, &n);
  g_assert_cmpuint (n, ==, 0);
  one->values[40] = 60.0;
  g_autofree guint8 *outside = orr_dataset_find_outliers (one, NULL, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (outside[0], ==, 1);

  /* Residuals of +-1 and one of 30. */
  double predicted[20];
  for (guint i = 0; i < 20; i++)
    predicted[i] = one->values[40 + i] + (i == 0 ? 30.0 : i % 2 == 0 ? 1.0 : -1.0);
  g_autofree guint8 *off = orr_dataset_find_outliers (one, predicted, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (off[0], ==, 1);

  static const guint32 row = 0;
  g_autoptr (OrrDataset) without = orr_dataset_with_rows_left_out (one, &row, 1, TRUE);
  g_autofree guint8 *gone = orr_dataset_find_outliers (without, predicted, &n);
  g_assert_cmpuint (n, ==, 0);
}

/* A law that the data meet exactly leaves rounding, which is nobody's outlier. */
static void
test_exact_law (void)
{
  g_autoptr (OrrDataset) dataset = new_dataset (20);
  static const guint input = 0;
  g_autoptr (OrrDataset) one = orr_dataset_with_roles (dataset, 2, &input, 1, -1, NULL);
  double predicted[20];
  gsize n;

  /* The last bits of computed numbers, one of them ten times as far off as the others. */
  for (guint i = 0; i < 20; i++)
    {
      one->values[40 + i] = sqrt (i + 2.0);
      predicted[i] = one->values[40 + i] + (i == 7 ? 4e-15 : i % 3 * 4e-16);
    }
  g_autofree guint8 *bits = orr_dataset_find_outliers (one, predicted, &n);
  g_assert_cmpuint (n, ==, 0);
  predicted[7] += 1e-9;
  g_autofree guint8 *corrupt = orr_dataset_find_outliers (one, predicted, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (corrupt[7], ==, 1);

  /* Two decimals cannot tell 0.004 from nothing, but 0.006. */
  for (guint i = 0; i < 20; i++)
    {
      one->values[40 + i] = (125 + 17 * i) / 100.0;
      predicted[i] = one->values[40 + i] + (i == 3 ? 0.004 : i % 3 * 0.0001);
    }
  g_autofree guint8 *rounded = orr_dataset_find_outliers (one, predicted, &n);
  g_assert_cmpuint (n, ==, 0);
  predicted[3] += 0.002;
  g_autofree guint8 *written = orr_dataset_find_outliers (one, predicted, &n);
  g_assert_cmpuint (n, ==, 1);
}

/* Nothing is lost on the way through a study's file. */
static void
test_round_trip (void)
{
  g_autoptr (OrrDataset) dataset = new_dataset (20);
  static const guint32 rows[] = { 2, 5 };
  static const guint input = 0;
  const OrrDatasetSplit last = { ORR_DATASET_SPLIT_LAST, 0.25, 3 };
  g_autoptr (OrrDataset) a = orr_dataset_with_roles (dataset, 2, &input, 1, 1, NULL);
  g_autoptr (OrrDataset) b = orr_dataset_with_error_kind (a, TRUE);
  g_autoptr (OrrDataset) c = orr_dataset_with_rows_left_out (b, rows, 2, TRUE);
  g_autoptr (OrrDataset) d = orr_dataset_with_filter (c, "x < 15", NULL);
  g_autoptr (OrrDataset) e = orr_dataset_with_split_kind (d, &last);
  g_autoptr (GVariant) section = orr_dataset_to_section (e);
  g_autoptr (OrrDataset) read = orr_dataset_from_section (section, NULL);

  g_assert_nonnull (read);
  g_assert_cmpmem (read->left_out, 20, e->left_out, 20);
  g_assert_cmpmem (read->held_out, 20, e->held_out, 20);
  g_assert_cmpstr (read->filter, ==, "x < 15");
  g_assert_cmpint (read->split.kind, ==, ORR_DATASET_SPLIT_LAST);
  g_assert_cmpfloat (read->split.share, ==, 0.25);
  g_assert_cmpuint (read->split.seed, ==, 3);
  g_assert_true (read->error_is_weight);
  g_assert_cmpint (read->left_out[2], ==, ORR_DATASET_LEFT_OUT_BY_HAND);
}

/* Cuts, doubles, swaps and overwrites bytes of what a spreadsheet may put on the clipboard. */
static char *
mutate (const char *seed, guint64 round)
{
  static const char spice[] = "\t\n\r,;\" #'-+.eE0123456789naNA?xy()[]\xc3\xa9";
  g_autoptr (GString) text = g_string_new (seed);
  guint n = 1 + orr_random_below (round, ORR_RANDOM_STREAM_TEST, 0, 6);

  for (guint k = 0; k < n && text->len > 0; k++)
    {
      gsize at = orr_random_below (round, ORR_RANDOM_STREAM_TEST, 10 + 4 * k, text->len);
      char c = spice[orr_random_below (round, ORR_RANDOM_STREAM_TEST, 11 + 4 * k, sizeof spice - 1)];

      switch (orr_random_below (round, ORR_RANDOM_STREAM_TEST, 12 + 4 * k, 4))
        {
        case 0:
          text->str[at] = c;
          break;
        case 1:
          g_string_insert_c (text, at, c);
          break;
        case 2:
          g_string_erase (text, at, 1 + orr_random_below (round, ORR_RANDOM_STREAM_TEST, 13 + 4 * k, text->len - at));
          break;
        default:
          {
            g_autofree char *rest = g_strdup (text->str + at);
            g_string_append (text, rest);
          }
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_sentence (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, ORR_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), >, 10);
  g_assert_null (strchr (error->message, '\n'));
}

/* Whatever is pasted becomes a data set that can be used, or one sentence. */
static void
test_pasted_rubbish (void)
{
  static const char *const seeds[] = {
    "t [s]\tlength (m)\ty\n1\t2,5\t3\n2\t3,5\t4\n3\t\t5\n",
    "a,b\n1,2\n3,4\n5,NA\n",
    "\"one, two\";x\n1;2,5\n2;1e-3\n",
    "1 2 3\n4 5 6\n",
  };
  guint n_good = 0, n_bad = 0;

  for (guint64 round = 0; round < 20000; round++)
    {
      g_autofree char *text = mutate (seeds[round % G_N_ELEMENTS (seeds)], round);
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrTable) table = orr_table_parse (text, -1, &error);
      g_autoptr (OrrDataset) dataset = table != NULL ? orr_dataset_from_table (table, "Pasted table", &error) : NULL;

      if (dataset == NULL)
        {
          assert_sentence (error);
          n_bad++;
          continue;
        }
      n_good++;
      gsize n;
      g_autofree guint8 *outliers = orr_dataset_find_outliers (dataset, NULL, &n);
      g_autoptr (OrrDataset) filtered = orr_dataset_with_filter (dataset, "row > 1", &error);
      g_assert_no_error (error);
      g_autoptr (GVariant) section = orr_dataset_to_section (filtered);
      g_autoptr (OrrDataset) read = orr_dataset_from_section (section, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (read->n_columns, ==, dataset->n_columns);
    }
  g_test_message ("%u tables, %u sentences", n_good, n_bad);
  g_assert_cmpuint (n_good, >, 1000);
  g_assert_cmpuint (n_bad, >, 1000);
}

static void
test_condition_rubbish (void)
{
  static const char *const seeds[] = { "x < 5 and y > 3", "0 < x <= 5 or `side length` != 2", "sqrt(y) >= x^2 && row < 3" };
  g_autoptr (OrrDataset) dataset = new_dataset (20);
  guint n_good = 0;

  for (guint64 round = 0; round < 20000; round++)
    {
      g_autofree char *text = mutate (seeds[round % G_N_ELEMENTS (seeds)], round);
      g_autoptr (GError) error = NULL;
      g_autofree guint8 *rows = NULL;

      if (!g_utf8_validate (text, -1, NULL))
        continue;
      rows = orr_dataset_filter_rows (dataset, text, &error);
      n_good += rows != NULL;
      if (rows == NULL)
        assert_sentence (error);
    }
  g_assert_cmpuint (n_good, >, 500);
}

/* The bundled table of adsorption against the values that NIST certifies for it (data set Misra1a). */
static void
test_certified (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "tables", "adsorption.csv", NULL);
  const OrrDatasetSplit none = { ORR_DATASET_SPLIT_SPREAD, 0.0, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrTable) table = orr_table_load (path, &error);
  g_assert_no_error (error);
  g_autoptr (OrrDataset) dataset = orr_dataset_from_table (table, "adsorption.csv", NULL);
  g_autoptr (OrrDataset) whole = orr_dataset_with_split_kind (dataset, &none);
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (whole, ORR_DATASET_TRAINING);
  OrrSamples samples = orr_dataset_get_samples (whole, rows);
  g_auto (GStrv) names = orr_dataset_input_names (whole);
  g_autoptr (OrrExpr) law = orr_expr_parse ("c*(1 - exp(-c*pressure))", (const char *const *) names, 1, NULL, NULL);
  OrrExprFit fit;

  g_assert_cmpuint (rows->n, ==, 14);
  g_autoptr (OrrExpr) fitted = orr_expr_fit (law, &samples, &fit, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (fit.constants[0], 2.3894212918e+02, 1e-5);
  g_assert_cmpfloat_with_epsilon (fit.constants[1], 5.5015643181e-04, 1e-11);
  g_assert_cmpfloat_with_epsilon (fit.standard_errors[0], 2.7070075241e+00, 1e-5);
  g_assert_cmpfloat_with_epsilon (fit.standard_errors[1], 7.2668688436e-06, 1e-11);
  g_assert_cmpfloat_with_epsilon (fit.sse, 1.2455138894e-01, 1e-9);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dataset/splits", test_splits);
  g_test_add_func ("/dataset/filter", test_filter);
  g_test_add_func ("/dataset/filter-c", test_filter_c);
  g_test_add_func ("/dataset/names", test_names);
  g_test_add_func ("/dataset/weights", test_weights);
  g_test_add_func ("/dataset/outliers", test_outliers);
  g_test_add_func ("/dataset/exact-law", test_exact_law);
  g_test_add_func ("/dataset/round-trip", test_round_trip);
  g_test_add_func ("/dataset/certified", test_certified);
  g_test_add_func ("/dataset/pasted-rubbish", test_pasted_rubbish);
  g_test_add_func ("/dataset/condition-rubbish", test_condition_rubbish);
  return g_test_run ();
}
