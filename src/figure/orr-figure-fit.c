/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-fit.h"

#include <glib/gi18n.h>
#include <math.h>

/* More points of one kind than this are thinned out evenly: more cannot be told apart, only waited for. */
#define MAX_POINTS 20000
/* Shades of the residual map on each side. */
#define N_SHADES 8

typedef enum
{
  ROWS_FITTED,
  ROWS_HELD_OUT,
  ROWS_LEFT_OUT,
  ROWS_OUTLIER,
  ROWS_SELECTED,
} Rows;

static const struct
{
  const char *name;
  OrrPaint    paint;
  OrrMarker   marker;
  double      width;
} looks[] = {
  [ROWS_FITTED] = { N_("fitted"), ORR_PAINT_FOREGROUND, ORR_MARKER_CIRCLE, 4.0 },
  [ROWS_HELD_OUT] = { N_("held out"), ORR_PAINT_WARNING, ORR_MARKER_RING, 4.0 },
  [ROWS_LEFT_OUT] = { N_("left out"), ORR_PAINT_DIM, ORR_MARKER_CROSS, 5.0 },
  [ROWS_OUTLIER] = { N_("outlier"), ORR_PAINT_WARNING, ORR_MARKER_DIAMOND, 10.0 },
  [ROWS_SELECTED] = { N_("selected"), ORR_PAINT_ACCENT, ORR_MARKER_RING, 11.0 },
};

/* Units that are not known are not written. */
static void
set_label (OrrAxis *axis, const char *label, const char *unit)
{
  orr_axis_set_label (axis, label, unit != NULL && *unit != '\0' ? unit : NULL);
}

static gboolean
is_left_out (const OrrFitPlot *fit, gsize i)
{
  return fit->left_out != NULL && fit->left_out[i] != 0;
}

static gboolean
belongs (const OrrFitPlot *fit, gsize i, Rows rows)
{
  switch (rows)
    {
    case ROWS_LEFT_OUT:
      return is_left_out (fit, i);
    case ROWS_OUTLIER:
      return fit->outliers != NULL && fit->outliers[i] != 0 && !is_left_out (fit, i);
    case ROWS_SELECTED:
      return fit->selected != NULL && fit->selected[i] != 0;
    default:
      return !is_left_out (fit, i) && (fit->held_out[i] != 0) == (rows == ROWS_HELD_OUT);
    }
}

static gsize
count_rows (const OrrFitPlot *fit, const double *x, const double *y, Rows rows)
{
  gsize n = 0;

  for (gsize i = 0; i < fit->n; i++)
    n += belongs (fit, i, rows) && isfinite (x[i]) && isfinite (y[i]);
  return n;
}

/* The rows of one kind: what fits, what judges, what is not used; rings and diamonds lie around others. */
static OrrSeries *
add_rows (OrrPlot *plot, const OrrFitPlot *fit, const double *x, const double *y, Rows rows, const double *errors)
{
  gsize total = count_rows (fit, x, y, rows), most = MIN (total, MAX_POINTS), seen = 0, n = 0;
  g_autofree double *part_x = g_new (double, MAX (most, 1));
  g_autofree double *part_y = g_new (double, MAX (most, 1));
  g_autofree double *part_errors = g_new (double, MAX (most, 1));

  if (total == 0)
    return NULL;
  for (gsize i = 0; i < fit->n; i++)
    if (belongs (fit, i, rows) && isfinite (x[i]) && isfinite (y[i]))
      {
        gboolean take = (seen + 1) * most / total > seen * most / total;

        seen++;
        if (!take)
          continue;
        part_x[n] = x[i];
        part_y[n] = y[i];
        part_errors[n++] = errors != NULL ? errors[i] : 0.0;
      }
  OrrSeries *series = orr_plot_add_points (plot, _(looks[rows].name), part_x, part_y, n, looks[rows].paint);
  series->width = looks[rows].width;
  series->alpha = rows == ROWS_LEFT_OUT ? 0.6 : rows >= ROWS_OUTLIER ? 1.0 : total > 2000 ? 0.3 : 0.8;
  series->marker = looks[rows].marker;
  if (errors != NULL && n <= 2000)
    orr_series_set_errors (series, part_errors);
  return series;
}

static void
add_all_rows (OrrPlot *plot, const OrrFitPlot *fit, const double *x, const double *y, const double *errors)
{
  add_rows (plot, fit, x, y, ROWS_FITTED, errors);
  add_rows (plot, fit, x, y, ROWS_HELD_OUT, errors);
  add_rows (plot, fit, x, y, ROWS_LEFT_OUT, NULL);
  add_rows (plot, fit, x, y, ROWS_OUTLIER, NULL);
  add_rows (plot, fit, x, y, ROWS_SELECTED, NULL);
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

/* The range of the rows that the constants were fitted to; of all rows where there are none. */
static void
get_fitted_range (const OrrFitPlot *fit, double *low, double *high)
{
  g_autofree double *fitted = g_new (double, MAX (fit->n, 1));

  for (gsize i = 0; i < fit->n; i++)
    fitted[i] = belongs (fit, i, ROWS_FITTED) && isfinite (fit->y[i]) ? fit->x[i] : NAN;
  get_range (fitted, fit->n, low, high);
  if (!(*high >= *low))
    get_range (fit->x, fit->n, low, high);
}

static void
shade (OrrPlot *plot, double from, double to, gboolean named)
{
  OrrSeries *span = orr_plot_add_span (plot, named ? _("extrapolation") : NULL, from, to, ORR_PAINT_DIM);

  span->alpha = 0.12;
  span->in_legend = named;
}

/* The curve over the data; where none were fitted, it is a guess, and shaded. */
static void
add_curve (OrrPlot *plot, const OrrFitPlot *fit)
{
  double low, high;

  get_fitted_range (fit, &low, &high);
  if (fit->curve_x[0] < low)
    shade (plot, fit->curve_x[0], low, FALSE);
  if (fit->curve_x[fit->n_curve - 1] > high)
    shade (plot, high, fit->curve_x[fit->n_curve - 1], FALSE);
  if (fit->curve_error != NULL)
    {
      g_autofree double *lower = g_new (double, fit->n_curve), *upper = g_new (double, fit->n_curve);

      for (gsize i = 0; i < fit->n_curve; i++)
        {
          lower[i] = fit->curve_y[i] - fit->curve_error[i];
          upper[i] = fit->curve_y[i] + fit->curve_error[i];
        }
      orr_plot_add_band (plot, _("95 % confidence"), fit->curve_x, lower, upper, fit->n_curve, ORR_PAINT_ACCENT)->alpha =
        0.25;
    }
  OrrSeries *curve =
    orr_plot_add_line (plot, _("equation"), fit->curve_x, fit->curve_y, fit->n_curve, ORR_PAINT_ACCENT);
  curve->width = 2.0;
}

/* One colour a slice, for its curve and for the rows that are nearest to it. */
static void
add_slices (OrrPlot *plot, const OrrFitPlot *fit)
{
  g_autofree double *x = g_new (double, MAX (fit->n, 1)), *y = g_new (double, MAX (fit->n, 1));

  for (guint s = 0; s < fit->n_slices; s++)
    {
      const OrrFitSlice *slice = &fit->slices[s];
      OrrPaint paint = orr_colour_qualitative (s);
      gsize n = 0;

      for (gsize i = 0; i < fit->n && fit->slice_of != NULL; i++)
        if (fit->slice_of[i] == s && !is_left_out (fit, i) && isfinite (fit->x[i]) && isfinite (fit->y[i]) &&
            n < MAX_POINTS)
          {
            x[n] = fit->x[i];
            y[n++] = fit->y[i];
          }
      if (n > 0)
        {
          OrrSeries *points = orr_plot_add_points (plot, slice->name, x, y, n, paint);
          points->alpha = 0.5;
          points->width = 4.0;
          points->in_legend = FALSE;
        }
      if (slice->n > 0)
        orr_plot_add_line (plot, slice->name, slice->x, slice->y, slice->n, paint)->width = 2.0;
    }
  add_rows (plot, fit, fit->x, fit->y, ROWS_LEFT_OUT, NULL);
  add_rows (plot, fit, fit->x, fit->y, ROWS_OUTLIER, NULL);
  add_rows (plot, fit, fit->x, fit->y, ROWS_SELECTED, NULL);
}

static void
add_data_plot (OrrFigure *figure, const OrrFitPlot *fit)
{
  OrrPlot *plot = orr_figure_add_plot (figure, fit->title);
  double low, high;

  plot->weight = 1.6;
  orr_plot_set_empty_text (plot, _("Open or paste a table to fit an equation to it"));
  if (fit->x != NULL)
    {
      set_label (&plot->x, fit->x_name, fit->x_unit);
      set_label (&plot->y, fit->y_name, fit->y_unit);
      if (fit->n_slices > 0)
        add_slices (plot, fit);
      else
        add_all_rows (plot, fit, fit->x, fit->y, fit->errors);
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
      add_all_rows (plot, fit, fit->predicted, fit->y, fit->errors);
    }
}

static int
compare_sizes (const void *a, const void *b)
{
  double x = fabs (*(const double *) a), y = fabs (*(const double *) b);
  return (x > y) - (x < y);
}

/* A residual that all but the largest twentieth stay below: the end of the scale of colours. */
static double
residual_scale (const double *residuals, gsize n)
{
  g_autofree double *finite = g_new (double, MAX (n, 1));
  gsize m = 0;

  for (gsize i = 0; i < n; i++)
    if (isfinite (residuals[i]))
      finite[m++] = residuals[i];
  qsort (finite, m, sizeof (double), compare_sizes);
  return m > 0 ? fabs (finite[(gsize) (0.95 * (m - 1))]) : 0.0;
}

/* Where over two inputs the equation says too much (blue) and too little (red); large residuals are drawn larger,
 * so that the map does not rest on colour alone. */
static void
add_residual_map (OrrPlot *plot, const OrrFitPlot *fit, const double *residuals)
{
  double scale = residual_scale (residuals, fit->n);
  g_autofree double *x = g_new (double, MAX (fit->n, 1)), *y = g_new (double, MAX (fit->n, 1));
  g_autofree char *title = g_strdup_printf (_("residual, from −%.3g (blue) to %.3g (red)"), scale, scale);

  g_free (plot->title);
  plot->title = g_steal_pointer (&title);
  set_label (&plot->x, fit->map_x_name, NULL);
  set_label (&plot->y, fit->map_y_name, NULL);
  /* The small ones first: what is far off lies on top. */
  for (int size = 0; size <= N_SHADES; size++)
    for (int sign = -1; sign <= 1; sign += 2)
      {
        gsize n = 0;

        for (gsize i = 0; i < fit->n; i++)
          {
            double share = scale > 0.0 ? residuals[i] / scale : 0.0;
            int own = (int) fmin (rint (fabs (share) * N_SHADES), N_SHADES);

            if (isfinite (residuals[i]) && !is_left_out (fit, i) && own == size && (share >= 0.0) == (sign > 0) &&
                n < MAX_POINTS)
              {
                x[n] = fit->map_x[i];
                y[n++] = fit->map_y[i];
              }
          }
        if (n == 0)
          continue;
        guint32 colour = orr_colour_map_lookup (ORR_COLOUR_MAP_DIVERGING, 0.5 + 0.5 * sign * size / N_SHADES);
        /* Near zero the map is nearly white: a grey that is seen in both styles. */
        OrrSeries *series = orr_plot_add_points (plot, sign > 0 ? _("too low") : _("too high"), x, y, n,
                                                 size < 2 ? ORR_PAINT_DIM : colour);
        series->width = 3.0 + 6.0 * size / N_SHADES;
        series->in_legend = FALSE;
      }
  add_rows (plot, fit, fit->map_x, fit->map_y, ROWS_SELECTED, NULL);
}

static void
add_residual_plot (OrrFigure *figure, const OrrFitPlot *fit)
{
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  gboolean over_input = fit->x != NULL && fit->n_slices == 0;

  set_label (&plot->x, over_input ? fit->x_name : _("predicted"), over_input ? fit->x_unit : fit->y_unit);
  set_label (&plot->y, _("residual"), fit->y_unit);
  plot->legend = FALSE;
  orr_plot_set_empty_text (plot, _("Residuals appear with a complete equation"));
  if (fit->predicted == NULL)
    return;

  g_autofree double *residuals = g_new (double, MAX (fit->n, 1));
  for (gsize i = 0; i < fit->n; i++)
    residuals[i] = fit->y[i] - fit->predicted[i];
  if (fit->map_x != NULL && fit->map_y != NULL)
    {
      add_residual_map (plot, fit, residuals);
      return;
    }
  orr_plot_add_horizontal (plot, NULL, 0.0, ORR_PAINT_ACCENT);
  add_all_rows (plot, fit, over_input ? fit->x : fit->predicted, residuals, fit->errors);
}

/**
 * orr_figure_new_fit:
 *
 * Returns: (transfer full): the data with the equation's curve and confidence
 * band (slices, or predicted against measured, for several inputs), and the
 * residuals: over the input, the prediction, or mapped over two inputs
 */
OrrFigure *
orr_figure_new_fit (const OrrFitPlot *fit)
{
  OrrFigure *figure = orr_figure_new (_("Fit"));

  add_data_plot (figure, fit);
  add_residual_plot (figure, fit);
  orr_figure_set_description (figure, fit->n == 0             ? _("No data yet")
                                      : fit->predicted == NULL ? _("The data, without an equation")
                                                               : _("The data, the equation and its residuals"));
  return figure;
}
