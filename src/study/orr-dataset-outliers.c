/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dataset-outliers.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Fewer rows have no quartiles to speak of. */
#define MIN_ROWS 8
/* Numbers with more decimals were computed, not written down. */
#define MAX_DECIMALS 12
/* So many roundings of the largest value may add up while an equation is evaluated. */
#define N_ROUNDINGS 64.0

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Of sorted numbers, linear between them (type 7 of Hyndman and Fan). */
static double
quantile (const double *sorted, gsize n, double share)
{
  double at = share * (n - 1);
  gsize below = (gsize) at;

  return below + 1 < n ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[n - 1];
}

static gsize
mark_beyond (const double *values, const guint32 *rows, gsize n, double low, double high, guint8 *marks)
{
  gsize marked = 0;

  for (gsize i = 0; i < n; i++)
    if (values[i] < low || values[i] > high)
      {
        marked += !marks[rows[i]];
        marks[rows[i]] = 1;
      }
  return marked;
}

/* Values of a column beyond Tukey's outer fences. */
static gsize
mark_column (const double *values, const guint32 *rows, gsize n, guint8 *marks)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof (double));

  qsort (sorted, n, sizeof (double), compare_doubles);
  double first = quantile (sorted, n, 0.25), third = quantile (sorted, n, 0.75);
  double reach = ORR_DATASET_FENCE * (third - first);
  /* Where half the column is one value there is no scale to measure by. */
  return reach > 0.0 ? mark_beyond (values, rows, n, first - reach, third + reach, marks) : 0;
}

/* Half the last decimal that the values are written with; 0 where they are not rounded to one. */
static double
half_last_decimal (const double *values, gsize n)
{
  guint decimals = 0;
  double scale = 1.0;

  for (gsize i = 0; i < n; i++)
    while (rint (values[i] * scale) / scale != values[i])
      {
        if (++decimals > MAX_DECIMALS)
          return 0.0;
        scale *= 10.0;
      }
  return 0.5 / scale;
}

/* What the target cannot tell from no residual at all. */
static double
compute_precision (const double *values, gsize n)
{
  double largest = 0.0;

  for (gsize i = 0; i < n; i++)
    largest = fmax (largest, fabs (values[i]));
  return fmax (half_last_decimal (values, n), N_ROUNDINGS * DBL_EPSILON * largest);
}

/* Residuals far beyond their median absolute deviation and beyond the @precision of the data. */
static gsize
mark_residuals (double *residuals, const guint32 *rows, gsize n, double precision, guint8 *marks)
{
  g_autofree double *sorted = g_memdup2 (residuals, n * sizeof (double));

  qsort (sorted, n, sizeof (double), compare_doubles);
  double median = quantile (sorted, n, 0.5);
  for (gsize i = 0; i < n; i++)
    sorted[i] = fabs (residuals[i] - median);
  qsort (sorted, n, sizeof (double), compare_doubles);
  double scale = 1.4826 * quantile (sorted, n, 0.5);
  double reach = fmax (ORR_DATASET_RESIDUAL_LIMIT * scale, precision);

  return scale > 0.0 ? mark_beyond (residuals, rows, n, median - reach, median + reach, marks) : 0;
}

/**
 * orr_dataset_find_outliers:
 * @predicted: (nullable): [n_rows] an equation's values
 * @n: (out): how many rows were marked
 *
 * Rows far from the others. Without an equation: where the target or an input
 * lies more than three interquartile ranges outside the quartiles. With one:
 * where the residual is more than 3.5 robust standard deviations (1.4826
 * times the median absolute deviation) from the median one, and more than the
 * data can tell apart: half the last decimal of the target, where it is written with
 * few, and what rounding leaves of an exact law. Rows that are
 * incomplete or left out are not looked at; fewer than eight have none.
 *
 * Returns: (transfer full) (array): [n_rows] 1 for these rows
 */
guint8 *
orr_dataset_find_outliers (const OrrDataset *self, const double *predicted, gsize *n)
{
  g_autoptr (OrrDatasetRows) all = orr_dataset_extract (self, ORR_DATASET_ALL);
  guint8 *marks = g_new0 (guint8, MAX (self->n_rows, 1));

  *n = 0;
  if (all->n < MIN_ROWS)
    return marks;
  if (predicted != NULL)
    {
      g_autofree double *residuals = g_new (double, all->n);
      g_autofree guint32 *rows = g_new (guint32, all->n);
      gsize n_defined = 0;

      for (gsize i = 0; i < all->n; i++)
        if (isfinite (predicted[all->rows[i]]))
          {
            residuals[n_defined] = all->y[i] - predicted[all->rows[i]];
            rows[n_defined++] = all->rows[i];
          }
      *n = n_defined >= MIN_ROWS ? mark_residuals (residuals, rows, n_defined, compute_precision (all->y, all->n), marks) : 0;
      return marks;
    }
  *n = mark_column (all->y, all->rows, all->n, marks);
  for (guint v = 0; v < self->n_inputs; v++)
    *n += mark_column (all->x + v * all->n, all->rows, all->n, marks);
  return marks;
}
