/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-decimate.h"

#include <math.h>

/* Whether @x never falls and holds no NaN. */
gboolean
orr_decimate_is_rising (const double *x, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (!(x[i] >= x[i - 1]))
      return FALSE;
  return n == 0 || !isnan (x[0]);
}

/* The first index whose x is at least @value. */
static gsize
lower_bound (const double *x, gsize n, double value)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (x[middle] < value)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static int
compare_indices (gconstpointer a, gconstpointer b)
{
  gsize i = *(const gsize *) a, j = *(const gsize *) b;
  return (i > j) - (i < j);
}

/* First, smallest, largest, last and a gap of [from, to), in order, each once. */
static void
keep_extremes (GArray *kept, const double *y, gsize from, gsize to)
{
  gsize chosen[5] = { from, from, from, to - 1, from };

  for (gsize i = from; i < to; i++)
    {
      if (isnan (y[i]))
        chosen[4] = i;
      else
        {
          if (isnan (y[chosen[1]]) || y[i] < y[chosen[1]])
            chosen[1] = i;
          if (isnan (y[chosen[2]]) || y[i] > y[chosen[2]])
            chosen[2] = i;
        }
    }
  qsort (chosen, G_N_ELEMENTS (chosen), sizeof (gsize), compare_indices);
  for (guint i = 0; i < G_N_ELEMENTS (chosen); i++)
    if (i == 0 || chosen[i] != chosen[i - 1])
      g_array_append_val (kept, chosen[i]);
}

/**
 * orr_decimate_line:
 * @x: (array length=n): rising positions
 * @y: (array length=n): values
 * @low: where the visible part begins
 * @high: where it ends
 * @columns: how many pixels wide it is drawn
 *
 * Chooses the points that make the same picture as all of them: per column of
 * pixels the first, last, smallest and largest, and one neighbour outside on
 * either side.
 *
 * Returns: (transfer full) (element-type gsize): rising indices, at most five a column
 */
GArray *
orr_decimate_line (const double *x, const double *y, gsize n, double low, double high, guint columns)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize first = lower_bound (x, n, low), last = lower_bound (x, n, nextafter (high, INFINITY));

  first -= first > 0;
  last += last < n;
  if (last - first <= 4 * (gsize) MAX (columns, 1))
    {
      for (gsize i = first; i < last; i++)
        g_array_append_val (kept, i);
      return kept;
    }

  for (gsize i = first; i < last;)
    {
      double column = floor ((x[i] - low) / (high - low) * columns);
      gsize end = lower_bound (x, last, low + (column + 1.0) / columns * (high - low));

      end = CLAMP (end, i + 1, last);
      keep_extremes (kept, y, i, end);
      i = end;
    }
  return kept;
}
