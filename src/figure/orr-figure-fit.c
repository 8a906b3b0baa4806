/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-fit.h"

#include <glib/gi18n.h>
#include <math.h>

/* Units that are not known are not written. */
static void
set_label (OrrAxis *axis, const char *label, const char *unit)
{
  orr_axis_set_label (axis, label, unit != NULL && *unit != '\0' ? unit : NULL);
}

/* The rows of one part of the table: series 0 is what fits, series 1 what judges. */
static void
add_rows (OrrPlot *plot, const OrrFitPlot *fit, const double *x, const double *y, gboolean held_out)
{
  g_autofree double *part_x = g_new (double, MAX (fit->n, 1));
  g_autofree double *part_y = g_new (double, MAX (fit->n, 1));
  gsize n = 0;

  for (gsize i = 0; i < fit->n; i++)
    if ((fit->held_out[i] != 0) == held_out && isfinite (x[i]) && isfinite (y[i]))
      {
        part_x[n] = x[i];
        part_y[n] = y[i];
        n++;
      }
  if (n == 0)
    return;

  OrrSeries *series = orr_plot_add_points (plot, held_out ? _("held out") : _("fitted"), part_x, part_y, n,
                                           held_out ? ORR_PAINT_WARNING : ORR_PAINT_FOREGROUND);
  series->width = 4.0;
  series->alpha = fit->n > 2000 ? 0.3 : 0.8;
  if (held_out)
    series->marker = ORR_MARKER_RING;
}

static void
get_range (const double *values, gsize n, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      {
        *low = fmin (*low, values[i]);
        *high = fmax (*high, values[i]);
      }
}

/* The curve over the data; where there are none, it is a guess, and shaded. */
static void
add_curve (OrrPlot *plot, const OrrFitPlot *fit)
{
  double low, high;

  get_range (fit->x, fit->n, &low, &high);
  if (fit->curve_x[0] < low)
    orr_plot_add_span (plot, NULL, fit->curve_x[0], low, ORR_PAINT_DIM)->alpha = 0.12;
  if (fit->curve_x[fit->n_curve - 1] > high)
    orr_plot_add_span (plot, NULL, high, fit->curve_x[fit->n_curve - 1], ORR_PAINT_DIM)->alpha = 0.12;
  OrrSeries *curve =
    orr_plot_add_line (plot, _("equation"), fit->curve_x, fit->curve_y, fit->n_curve, ORR_PAINT_ACCENT);
  curve->width = 2.0;
}

static void
add_data_plot (OrrFigure *figure, const OrrFitPlot *fit)
{
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  double low, high;

  plot->weight = 1.6;
  orr_plot_set_empty_text (plot, _("Open a table to fit an equation to it"));
  if (fit->x != NULL)
    {
      set_label (&plot->x, fit->x_name, fit->x_unit);
      set_label (&plot->y, fit->y_name, fit->y_unit);
      add_rows (plot, fit, fit->x, fit->y, FALSE);
      add_rows (plot, fit, fit->x, fit->y, TRUE);
      if (fit->n_curve > 0)
        add_curve (plot, fit);
      get_range (fit->y, fit->n, &low, &high);
      double margin = 0.08 * (high - low);
      /* A curve that runs away must not press the data flat. */
      if (high > low)
        orr_axis_set_range (&plot->y, low - margin, high + margin);
    }
  else if (fit->predicted != NULL)
    {
      set_label (&plot->x, _("predicted"), fit->y_unit);
      set_label (&plot->y, fit->y_name, fit->y_unit);
      get_range (fit->y, fit->n, &low, &high);
      const double ends[2] = { low, high };
      orr_plot_add_line (plot, _("exact"), ends, ends, 2, ORR_PAINT_ACCENT);
      add_rows (plot, fit, fit->predicted, fit->y, FALSE);
      add_rows (plot, fit, fit->predicted, fit->y, TRUE);
    }
}

static void
add_residual_plot (OrrFigure *figure, const OrrFitPlot *fit)
{
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);

  set_label (&plot->x, _("predicted"), fit->y_unit);
  set_label (&plot->y, _("residual"), fit->y_unit);
  plot->legend = FALSE;
  orr_plot_set_empty_text (plot, _("Residuals appear with a complete equation"));
  if (fit->predicted == NULL)
    return;

  g_autofree double *residuals = g_new (double, MAX (fit->n, 1));
  for (gsize i = 0; i < fit->n; i++)
    residuals[i] = fit->y[i] - fit->predicted[i];
  orr_plot_add_horizontal (plot, NULL, 0.0, ORR_PAINT_ACCENT);
  add_rows (plot, fit, fit->predicted, residuals, FALSE);
  add_rows (plot, fit, fit->predicted, residuals, TRUE);
}

/**
 * orr_figure_new_fit:
 *
 * Returns: (transfer full): the data with the equation's curve (predicted against
 * measured for several inputs), and the residuals
 */
OrrFigure *
orr_figure_new_fit (const OrrFitPlot *fit)
{
  OrrFigure *figure = orr_figure_new (_("Fit"));

  add_data_plot (figure, fit);
  add_residual_plot (figure, fit);
  orr_figure_set_description (figure, fit->n == 0           ? _("No data yet")
                                      : fit->predicted == NULL ? _("The data, without an equation")
                                                               : _("The data, the equation and its residuals"));
  return figure;
}
