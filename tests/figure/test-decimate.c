/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-decimate.h"

#include <math.h>

enum { N = 100000, COLUMNS = 300 };

static void
make_line (double *x, double *y)
{
  for (guint i = 0; i < N; i++)
    {
      x[i] = i * 0.1;
      y[i] = sin (i * 0.37) + 0.001 * (i % 977);
    }
  y[51234] = 99.0;
}

static void
column_extremes (const double *x, const double *y, const gsize *indices, gsize n, double low, double high,
                 double *least, double *most)
{
  for (guint c = 0; c < COLUMNS; c++)
    {
      least[c] = INFINITY;
      most[c] = -INFINITY;
    }
  for (gsize k = 0; k < n; k++)
    {
      gsize i = indices != NULL ? indices[k] : k;
      int c = floor ((x[i] - low) / (high - low) * COLUMNS);

      if (c < 0 || c >= COLUMNS || isnan (y[i]))
        continue;
      least[c] = MIN (least[c], y[i]);
      most[c] = MAX (most[c], y[i]);
    }
}

/* In every column of pixels the kept points reach exactly as far as all points. */
static void
test_keeps_extremes (void)
{
  g_autofree double *x = g_new (double, N), *y = g_new (double, N);
  double all_least[COLUMNS], all_most[COLUMNS], least[COLUMNS], most[COLUMNS];
  double low = 1003.7, high = 8999.1;

  make_line (x, y);
  g_autoptr (GArray) kept = orr_decimate_line (x, y, N, low, high, COLUMNS);
  g_assert_cmpuint (kept->len, <=, 5 * (COLUMNS + 2));
  for (guint i = 1; i < kept->len; i++)
    g_assert_cmpuint (g_array_index (kept, gsize, i), >, g_array_index (kept, gsize, i - 1));
  column_extremes (x, y, NULL, N, low, high, all_least, all_most);
  column_extremes (x, y, (const gsize *) kept->data, kept->len, low, high, least, most);
  for (guint c = 0; c < COLUMNS; c++)
    {
      g_assert_cmpfloat (least[c], ==, all_least[c]);
      g_assert_cmpfloat (most[c], ==, all_most[c]);
    }
  /* one neighbour outside on either side, so that the line leaves the plot */
  g_assert_cmpfloat (x[g_array_index (kept, gsize, 0)], <, low);
  g_assert_cmpfloat (x[g_array_index (kept, gsize, kept->len - 1)], >, high);
}

static void
test_keeps_gaps (void)
{
  g_autofree double *x = g_new (double, N), *y = g_new (double, N);
  gboolean gap = FALSE;

  make_line (x, y);
  y[70000] = NAN;
  g_autoptr (GArray) kept = orr_decimate_line (x, y, N, 0.0, N * 0.1, COLUMNS);
  for (guint i = 0; i < kept->len; i++)
    gap |= isnan (y[g_array_index (kept, gsize, i)]);
  g_assert_true (gap);
}

static void
test_short_line_is_whole (void)
{
  const double x[] = { 0, 1, 1, 2, 3 }, y[] = { 5, NAN, 3, 2, 1 };
  g_autoptr (GArray) kept = orr_decimate_line (x, y, 5, 0.0, 3.0, 100);

  g_assert_cmpuint (kept->len, ==, 5);
}

static void
test_rising (void)
{
  const double up[] = { 1, 1, 2 }, down[] = { 1, 2, 1 }, hole[] = { 1, NAN, 3 };

  g_assert_true (orr_decimate_is_rising (up, 3));
  g_assert_false (orr_decimate_is_rising (down, 3));
  g_assert_false (orr_decimate_is_rising (hole, 3));
  g_assert_true (orr_decimate_is_rising (NULL, 0));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decimate/extremes", test_keeps_extremes);
  g_test_add_func ("/decimate/gaps", test_keeps_gaps);
  g_test_add_func ("/decimate/short", test_short_line_is_whole);
  g_test_add_func ("/decimate/rising", test_rising);
  return g_test_run ();
}
