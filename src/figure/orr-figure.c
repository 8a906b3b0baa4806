/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure.h"

#include <math.h>

static void
series_free (gpointer data)
{
  OrrSeries *self = data;

  g_free (self->name);
  g_free (self->x);
  g_free (self->y);
  g_free (self->y2);
  g_free (self->paints);
  g_free (self);
}

static void
heatmap_free (OrrHeatmap *self)
{
  if (self == NULL)
    return;
  g_free (self->values);
  g_free (self);
}

static void
axis_clear (OrrAxis *self)
{
  g_free (self->label);
  g_free (self->unit);
  g_strfreev (self->categories);
}

static void
plot_free (gpointer data)
{
  OrrPlot *self = data;

  g_free (self->title);
  axis_clear (&self->x);
  axis_clear (&self->y);
  g_ptr_array_unref (self->series);
  heatmap_free (self->heatmap);
  g_free (self->empty_text);
  g_free (self);
}

/**
 * orr_figure_new:
 * @title: (nullable): what stands above an exported figure
 *
 * Returns: (transfer full): a figure without plots
 */
OrrFigure *
orr_figure_new (const char *title)
{
  OrrFigure *self = g_atomic_rc_box_new0 (OrrFigure);

  self->title = g_strdup (title);
  self->plots = g_ptr_array_new_with_free_func (plot_free);
  return self;
}

OrrFigure *
orr_figure_ref (OrrFigure *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrFigure *self = box;

  g_free (self->title);
  g_free (self->description);
  g_ptr_array_unref (self->plots);
}

void
orr_figure_unref (OrrFigure *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/**
 * orr_figure_set_description:
 * @description: (nullable): what the figure shows, for those who cannot see it
 */
void
orr_figure_set_description (OrrFigure *self, const char *description)
{
  g_free (self->description);
  self->description = g_strdup (description);
}

/**
 * orr_figure_add_plot:
 * @title: (nullable): above the plot
 *
 * Returns: (transfer none): the new plot, owned by the figure
 */
OrrPlot *
orr_figure_add_plot (OrrFigure *self, const char *title)
{
  OrrPlot *plot = g_new0 (OrrPlot, 1);

  plot->title = g_strdup (title);
  plot->series = g_ptr_array_new_with_free_func (series_free);
  plot->legend = TRUE;
  plot->weight = 1.0;
  g_ptr_array_add (self->plots, plot);
  return plot;
}

OrrPlot *
orr_figure_get_plot (const OrrFigure *self, guint index)
{
  g_return_val_if_fail (index < self->plots->len, NULL);
  return g_ptr_array_index (self->plots, index);
}

void
orr_axis_set_label (OrrAxis *self, const char *label, const char *unit)
{
  g_free (self->label);
  g_free (self->unit);
  self->label = g_strdup (label);
  self->unit = g_strdup (unit);
}

/**
 * orr_axis_set_range:
 *
 * Fixes the range; a logarithmic axis wants @low above 0.
 */
void
orr_axis_set_range (OrrAxis *self, double low, double high)
{
  g_return_if_fail (isfinite (low) && isfinite (high) && low < high);
  self->fixed = TRUE;
  self->low = low;
  self->high = high;
}

/**
 * orr_axis_set_categories:
 * @categories: (array zero-terminated=1): names at 0, 1, 2 ...; the range is
 *   fixed to hold them all
 */
void
orr_axis_set_categories (OrrAxis *self, const char *const *categories)
{
  guint n = g_strv_length ((char **) categories);

  g_strfreev (self->categories);
  self->categories = g_strdupv ((char **) categories);
  if (n > 0)
    orr_axis_set_range (self, -0.5, n - 0.5);
}

void
orr_plot_set_empty_text (OrrPlot *self, const char *text)
{
  g_free (self->empty_text);
  self->empty_text = g_strdup (text);
}

/**
 * orr_plot_is_empty:
 *
 * Returns: whether there are no data (markers and spans alone are not data)
 */
gboolean
orr_plot_is_empty (const OrrPlot *self)
{
  if (self->heatmap != NULL)
    return FALSE;
  for (guint i = 0; i < self->series->len; i++)
    {
      const OrrSeries *series = g_ptr_array_index (self->series, i);

      if (series->n > 0 && series->kind < ORR_SERIES_VERTICAL)
        return FALSE;
    }
  return TRUE;
}

static double *
copy_doubles (const double *values, gsize n)
{
  return values != NULL ? g_memdup2 (values, n * sizeof (double)) : NULL;
}

static OrrSeries *
add_series (OrrPlot *self, OrrSeriesKind kind, const char *name, gsize n, OrrPaint paint)
{
  OrrSeries *series = g_new0 (OrrSeries, 1);

  series->kind = kind;
  series->name = g_strdup (name);
  series->n = n;
  series->paint = paint;
  series->alpha = 1.0;
  series->width = 1.5;
  series->in_legend = name != NULL;
  series->tag = -1;
  g_ptr_array_add (self->series, series);
  return series;
}

/**
 * orr_plot_add_line:
 * @name: (nullable): in the legend
 * @x: (array length=n): positions
 * @y: (array length=n): values; NaN makes a gap
 *
 * Returns: (transfer none): the series, to set its width, dashes or opacity
 */
OrrSeries *
orr_plot_add_line (OrrPlot *self, const char *name, const double *x, const double *y, gsize n,
                   OrrPaint paint)
{
  OrrSeries *series = add_series (self, ORR_SERIES_LINE, name, n, paint);

  series->x = copy_doubles (x, n);
  series->y = copy_doubles (y, n);
  return series;
}

/* As orr_plot_add_line(); @width is the markers' diameter in pixels. */
OrrSeries *
orr_plot_add_points (OrrPlot *self, const char *name, const double *x, const double *y, gsize n,
                     OrrPaint paint)
{
  OrrSeries *series = orr_plot_add_line (self, name, x, y, n, paint);

  series->kind = ORR_SERIES_POINTS;
  series->width = 5.0;
  return series;
}

/**
 * orr_plot_add_bars:
 * @x: (array length=n): where each bar's middle is
 * @y: (array length=n): heights from 0
 * @width: of each bar, in units of x
 *
 * Returns: (transfer none): the series
 */
OrrSeries *
orr_plot_add_bars (OrrPlot *self, const char *name, const double *x, const double *y, gsize n, double width,
                   OrrPaint paint)
{
  OrrSeries *series = orr_plot_add_line (self, name, x, y, n, paint);

  series->kind = ORR_SERIES_BARS;
  series->width = width;
  self->y.include_zero = TRUE;
  return series;
}

/**
 * orr_plot_add_band:
 * @low: (array length=n): lower edge
 * @high: (array length=n): upper edge
 *
 * Returns: (transfer none): a translucent band, as of a confidence interval
 */
OrrSeries *
orr_plot_add_band (OrrPlot *self, const char *name, const double *x, const double *low, const double *high,
                   gsize n, OrrPaint paint)
{
  OrrSeries *series = orr_plot_add_line (self, name, x, low, n, paint);

  series->kind = ORR_SERIES_BAND;
  series->y2 = copy_doubles (high, n);
  series->alpha = 0.2;
  return series;
}

/**
 * orr_plot_add_histogram:
 * @edges: (array): n_bins + 1 edges of the bins, increasing
 * @counts: (array length=n_bins): height of each bin
 *
 * Returns: (transfer none): the series
 */
OrrSeries *
orr_plot_add_histogram (OrrPlot *self, const char *name, const double *edges, const double *counts,
                        gsize n_bins, OrrPaint paint)
{
  OrrSeries *series = add_series (self, ORR_SERIES_HISTOGRAM, name, n_bins, paint);

  series->x = copy_doubles (edges, n_bins + 1);
  series->y = copy_doubles (counts, n_bins);
  self->y.include_zero = TRUE;
  return series;
}

static OrrSeries *
add_marker (OrrPlot *self, OrrSeriesKind kind, const char *name, OrrPaint paint)
{
  OrrSeries *series = add_series (self, kind, name, 1, paint);

  series->width = 1.2;
  series->dashed = TRUE;
  series->in_legend = FALSE;
  return series;
}

/* A dashed vertical line at @x with its name written beside it. */
OrrSeries *
orr_plot_add_vertical (OrrPlot *self, const char *name, double x, OrrPaint paint)
{
  OrrSeries *series = add_marker (self, ORR_SERIES_VERTICAL, name, paint);

  series->x = copy_doubles (&x, 1);
  return series;
}

/* A dashed horizontal line at @y with its name written above it. */
OrrSeries *
orr_plot_add_horizontal (OrrPlot *self, const char *name, double y, OrrPaint paint)
{
  OrrSeries *series = add_marker (self, ORR_SERIES_HORIZONTAL, name, paint);

  series->y = copy_doubles (&y, 1);
  return series;
}

/* A shaded stretch of the x axis. */
OrrSeries *
orr_plot_add_span (OrrPlot *self, const char *name, double from, double to, OrrPaint paint)
{
  OrrSeries *series = add_marker (self, ORR_SERIES_SPAN, name, paint);

  series->x = copy_doubles ((double[]){ from, to }, 2);
  series->alpha = 0.12;
  return series;
}

/* The largest finite magnitude, or the smallest and largest value. */
static void
heatmap_find_limits (OrrHeatmap *self)
{
  double low = INFINITY, high = -INFINITY;

  for (gsize i = 0; i < self->rows * self->cols; i++)
    if (isfinite (self->values[i]))
      {
        low = MIN (low, self->values[i]);
        high = MAX (high, self->values[i]);
      }
  if (low > high)
    low = 0.0, high = 1.0;
  if (self->kind == ORR_HEATMAP_SHARE)
    low = 0.0, high = MAX (high, 1.0);
  if (self->kind == ORR_HEATMAP_DIVERGING)
    {
      high = MAX (fabs (low), fabs (high));
      low = -high;
    }
  if (low == high)
    high = low + 1.0, low = self->kind == ORR_HEATMAP_DIVERGING ? -high : low;
  self->low = low;
  self->high = high;
}

/**
 * orr_plot_set_heatmap:
 * @values: (array): rows x cols numbers, row 0 on top
 * @kind: which colours; 0 is the centre of the diverging ones
 *
 * The limits are found from the values; axes run over cell indices, downwards.
 *
 * Returns: (transfer none): the heatmap
 */
OrrHeatmap *
orr_plot_set_heatmap (OrrPlot *self, const float *values, gsize rows, gsize cols, OrrHeatmapKind kind)
{
  g_return_val_if_fail (rows > 0 && cols > 0, NULL);
  OrrHeatmap *heatmap = g_new0 (OrrHeatmap, 1);

  heatmap->rows = rows;
  heatmap->cols = cols;
  heatmap->values = g_memdup2 (values, rows * cols * sizeof (float));
  heatmap->kind = kind;
  heatmap->colour_bar = TRUE;
  heatmap_find_limits (heatmap);
  heatmap_free (self->heatmap);
  self->heatmap = heatmap;
  self->square = TRUE;
  self->x.integers = self->y.integers = TRUE;
  self->y.reversed = TRUE;
  orr_axis_set_range (&self->x, -0.5, cols - 0.5);
  orr_axis_set_range (&self->y, -0.5, rows - 0.5);
  return heatmap;
}

/**
 * orr_series_set_errors:
 * @half_lengths: (array): how far the error bar of each point or bar reaches
 */
void
orr_series_set_errors (OrrSeries *self, const double *half_lengths)
{
  g_free (self->y2);
  self->y2 = copy_doubles (half_lengths, self->n);
}

void
orr_series_set_paints (OrrSeries *self, const OrrPaint *paints)
{
  g_free (self->paints);
  self->paints = paints != NULL ? g_memdup2 (paints, self->n * sizeof (OrrPaint)) : NULL;
}
