/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-phase.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

/**
 * orr_phase_find_centre:
 * @points: [N x 2 or more] visited points; the first two columns count
 * @centre: (out): the middle between the 0.5 % and 99.5 % quantiles of each column:
 *   unlike the mean it does not lean towards where the network rests longest
 */
void
orr_phase_find_centre (const OrrMatrix *points, double centre[2])
{
  g_return_if_fail (points->rows > 0 && points->cols >= 2);
  g_autofree double *sorted = g_new (double, points->rows);

  for (guint a = 0; a < 2; a++)
    {
      for (gsize t = 0; t < points->rows; t++)
        sorted[t] = points->data[t * points->cols + a];
      gsl_sort (sorted, 1, points->rows);
      centre[a] = 0.5 * (gsl_stats_quantile_from_sorted_data (sorted, 1, points->rows, 0.005) +
                         gsl_stats_quantile_from_sorted_data (sorted, 1, points->rows, 0.995));
    }
}

/**
 * orr_phase_difference:
 *
 * Returns: the turn from one phase to another the short way, in [-pi, pi]
 */
double
orr_phase_difference (double from, double to)
{
  return remainder (to - from, 2.0 * G_PI);
}
