/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-pareto.h"

#include <glib/gi18n.h>
#include <math.h>

/* An exact fit has no place on a logarithmic axis; this is drawn instead. */
#define SMALLEST_ERROR 1e-16

static int
compare_points (gconstpointer a, gconstpointer b, gpointer complexity)
{
  double x = ((double *) complexity)[*(const guint *) a], y = ((double *) complexity)[*(const guint *) b];
  return (x > y) - (x < y);
}

/**
 * orr_figure_new_pareto:
 * @complexity: (array length=n): of each candidate
 * @r2: (array length=n): on the rows it was fitted to
 * @shown: index of the candidate on the canvas, -1 for none
 *
 * Returns: (transfer full): error (1 - R2) against complexity, and the line of
 * those that no simpler one beats
 */
OrrFigure *
orr_figure_new_pareto (const double *complexity, const double *r2, gsize n, int shown)
{
  OrrFigure *figure = orr_figure_new (_("Candidates"));
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  g_autofree double *error = g_new (double, MAX (n, 1));
  g_autofree double *front_x = g_new (double, MAX (n, 1));
  g_autofree double *front_y = g_new (double, MAX (n, 1));
  g_autofree guint *order = g_new (guint, MAX (n, 1));
  double best = INFINITY;
  gsize n_front = 0;

  orr_axis_set_label (&plot->x, _("complexity"), NULL);
  orr_axis_set_label (&plot->y, _("1 − R²"), NULL);
  plot->x.integers = TRUE;
  plot->y.scale = ORR_SCALE_LOG;
  plot->legend = FALSE;
  orr_plot_set_empty_text (plot, _("Complete an equation to see candidates"));
  for (gsize i = 0; i < n; i++)
    {
      error[i] = fmax (1.0 - r2[i], SMALLEST_ERROR);
      order[i] = i;
    }
  g_qsort_with_data (order, n, sizeof (guint), compare_points, (gpointer) complexity);
  for (gsize i = 0; i < n; i++)
    if (error[order[i]] < best)
      {
        best = error[order[i]];
        front_x[n_front] = complexity[order[i]];
        front_y[n_front] = best;
        n_front++;
      }
  if (n > 0)
    {
      orr_plot_add_line (plot, NULL, front_x, front_y, n_front, ORR_PAINT_ACCENT);
      orr_plot_add_points (plot, NULL, complexity, error, n, ORR_PAINT_FOREGROUND)->width = 6.0;
    }
  if (shown >= 0)
    {
      OrrSeries *ring = orr_plot_add_points (plot, NULL, complexity + shown, error + shown, 1, ORR_PAINT_ACCENT);
      ring->marker = ORR_MARKER_RING;
      ring->width = 12.0;
    }
  return figure;
}
