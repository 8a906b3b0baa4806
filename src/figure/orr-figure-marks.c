/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-marks.h"

#include <math.h>

#include "orr-decimate.h"
#include "orr-heatmap-image.h"
#include "orr-number.h"

/* Above this many cells a vector file holds a picture instead of rectangles. */
#define MAX_VECTOR_CELLS 40000

void
orr_figure_set_source (const OrrFigureLayout *self, OrrPaint paint, double alpha, cairo_t *cr)
{
  guint32 rgb = orr_figure_theme_resolve (&self->theme, paint);

  cairo_set_source_rgba (cr, orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb), alpha);
}

static void
set_line_source (const OrrFigureLayout *self, const OrrSeries *series, cairo_t *cr)
{
  guint32 rgb = orr_figure_theme_resolve_line (&self->theme, series->paint);

  cairo_set_source_rgba (cr, orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb), series->alpha);
}

static void
stroke_style (const OrrSeries *series, cairo_t *cr)
{
  cairo_set_line_width (cr, series->width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if (series->dashed)
    cairo_set_dash (cr, (double[]){ 4.0, 3.0 }, 2, 0.0);
}

static gboolean
point_at (const OrrPlotLayout *plot, const OrrSeries *series, gsize i, const double *values, double *x,
          double *y)
{
  *x = orr_plot_layout_to_x (plot, series->x[i]);
  *y = orr_plot_layout_to_y (plot, values[i]);
  return isfinite (*x) && isfinite (*y);
}

/* The path of @values over @kept (all points where %NULL), broken at gaps. */
static void
trace (const OrrPlotLayout *plot, const OrrSeries *series, const double *values, const GArray *kept,
       cairo_t *cr)
{
  gsize n = kept != NULL ? kept->len : series->n;
  gboolean down = FALSE;

  for (gsize k = 0; k < n; k++)
    {
      gsize i = kept != NULL ? g_array_index (kept, gsize, k) : k;
      double x, y;

      if (!point_at (plot, series, i, values, &x, &y))
        down = FALSE;
      else if (down)
        cairo_line_to (cr, x, y);
      else
        {
          cairo_move_to (cr, x, y);
          cairo_line_to (cr, x, y);
          down = TRUE;
        }
    }
}

/* The points worth drawing, or %NULL for all of them. */
static GArray *
decimate (const OrrPlotLayout *plot, const OrrSeries *series, const double *values)
{
  guint columns = MAX (2.0 * plot->area.width, 1.0);

  if (plot->plot->x.scale == ORR_SCALE_LOG || series->n <= 4 * (gsize) columns
      || !orr_decimate_is_rising (series->x, series->n))
    return NULL;
  return orr_decimate_line (series->x, values, series->n, plot->range.x_low, plot->range.x_high, columns);
}

static void
draw_line (const OrrFigureLayout *self, const OrrPlotLayout *plot, const OrrSeries *series, cairo_t *cr)
{
  GArray *kept = decimate (plot, series, series->y);

  trace (plot, series, series->y, kept, cr);
  set_line_source (self, series, cr);
  stroke_style (series, cr);
  cairo_set_line_cap (cr, series->dashed ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
  cairo_stroke (cr);
  if (kept != NULL)
    g_array_unref (kept);
}

static void
draw_band (const OrrFigureLayout *self, const OrrPlotLayout *plot, const OrrSeries *series, cairo_t *cr)
{
  gsize i = 0;

  orr_figure_set_source (self, series->paint, series->alpha, cr);
  while (i < series->n)
    {
      double x, y;
      gsize from = i;

      while (i < series->n && point_at (plot, series, i, series->y, &x, &y)
             && point_at (plot, series, i, series->y2, &x, &y))
        i++;
      for (gsize k = from; k < i; k++)
        {
          point_at (plot, series, k, series->y, &x, &y);
          cairo_line_to (cr, x, y);
        }
      for (gsize k = i; k-- > from;)
        {
          point_at (plot, series, k, series->y2, &x, &y);
          cairo_line_to (cr, x, y);
        }
      cairo_close_path (cr);
      i = MAX (i, from + 1);
    }
  cairo_fill (cr);
}

static void
marker_path (OrrMarker marker, double x, double y, double radius, cairo_t *cr)
{
  cairo_new_sub_path (cr);
  switch (marker)
    {
    case ORR_MARKER_CROSS:
      cairo_move_to (cr, x - radius, y - radius);
      cairo_line_to (cr, x + radius, y + radius);
      cairo_move_to (cr, x + radius, y - radius);
      cairo_line_to (cr, x - radius, y + radius);
      break;
    case ORR_MARKER_DIAMOND:
      cairo_move_to (cr, x, y - 1.3 * radius);
      cairo_line_to (cr, x + 1.3 * radius, y);
      cairo_line_to (cr, x, y + 1.3 * radius);
      cairo_line_to (cr, x - 1.3 * radius, y);
      cairo_close_path (cr);
      break;
    default:
      cairo_arc (cr, x, y, radius, 0.0, 2.0 * G_PI);
    }
}

static void
draw_marker (const OrrSeries *series, double x, double y, cairo_t *cr)
{
  marker_path (series->marker, x, y, series->width / 2.0, cr);
  if (series->marker == ORR_MARKER_CROSS || series->marker == ORR_MARKER_RING)
    {
      cairo_set_line_width (cr, 1.4);
      cairo_stroke (cr);
    }
  else
    cairo_fill (cr);
}

static void
draw_error (const OrrFigureLayout *self, const OrrPlotLayout *plot, const OrrSeries *series, gsize i,
            OrrPaint paint, cairo_t *cr)
{
  double x = orr_plot_layout_to_x (plot, series->x[i]);
  double low = orr_plot_layout_to_y (plot, series->y[i] - series->y2[i]);
  double high = orr_plot_layout_to_y (plot, series->y[i] + series->y2[i]);

  if (!isfinite (high) || !isfinite (x))
    return;
  if (!isfinite (low))
    low = plot->area.y + plot->area.height;
  cairo_move_to (cr, x - 3, low);
  cairo_line_to (cr, x + 3, low);
  cairo_move_to (cr, x, low);
  cairo_line_to (cr, x, high);
  cairo_move_to (cr, x - 3, high);
  cairo_line_to (cr, x + 3, high);
  orr_figure_set_source (self, paint, series->alpha, cr);
  cairo_set_line_width (cr, 1.0);
  cairo_stroke (cr);
}

static void
draw_points (const OrrFigureLayout *self, const OrrPlotLayout *plot, const OrrSeries *series, cairo_t *cr)
{
  double reach = series->width;

  for (gsize i = 0; i < series->n; i++)
    {
      OrrPaint paint = series->paints != NULL ? series->paints[i] : series->paint;
      double x, y;

      if (!point_at (plot, series, i, series->y, &x, &y) || x < plot->area.x - reach
          || x > plot->area.x + plot->area.width + reach || y < plot->area.y - reach
          || y > plot->area.y + plot->area.height + reach)
        continue;
      if (series->y2 != NULL)
        draw_error (self, plot, series, i, paint, cr);
      orr_figure_set_source (self, paint, series->alpha, cr);
      draw_marker (series, x, y, cr);
    }
}

static void
draw_box (const OrrPlotLayout *plot, double left, double right, double value, cairo_t *cr)
{
  double base = plot->plot->y.scale == ORR_SCALE_LOG ? plot->range.y_low : 0.0;
  double x0 = orr_plot_layout_to_x (plot, left), x1 = orr_plot_layout_to_x (plot, right);
  double y0 = orr_plot_layout_to_y (plot, base), y1 = orr_plot_layout_to_y (plot, value);

  if (isfinite (x0) && isfinite (x1) && isfinite (y1))
    cairo_rectangle (cr, MIN (x0, x1), MIN (y0, y1), fabs (x1 - x0), fabs (y1 - y0));
}

static void
draw_bars (const OrrFigureLayout *self, const OrrPlotLayout *plot, const OrrSeries *series, cairo_t *cr)
{
  gboolean histogram = series->kind == ORR_SERIES_HISTOGRAM;
  double half = series->width / 2.0;

  for (gsize i = 0; i < series->n; i++)
    {
      OrrPaint paint = series->paints != NULL ? series->paints[i] : series->paint;

      orr_figure_set_source (self, paint, series->alpha, cr);
      if (histogram)
        draw_box (plot, series->x[i], series->x[i + 1], series->y[i], cr);
      else
        draw_box (plot, series->x[i] - half, series->x[i] + half, series->y[i], cr);
      cairo_fill (cr);
      if (series->y2 != NULL && isfinite (series->y2[i]))
        draw_error (self, plot, series, i, ORR_PAINT_FOREGROUND, cr);
    }
}

static void
draw_reference (const OrrFigureLayout *self, const OrrPlotLayout *plot, const OrrSeries *series, cairo_t *cr)
{
  const OrrRect *area = &plot->area;

  if (series->kind == ORR_SERIES_VERTICAL)
    {
      double x = orr_plot_layout_to_x (plot, series->x[0]);
      cairo_move_to (cr, x, area->y);
      cairo_line_to (cr, x, area->y + area->height);
    }
  else
    {
      double y = orr_plot_layout_to_y (plot, series->y[0]);
      cairo_move_to (cr, area->x, y);
      cairo_line_to (cr, area->x + area->width, y);
    }
  set_line_source (self, series, cr);
  stroke_style (series, cr);
  cairo_stroke (cr);
}

static void
draw_span (const OrrFigureLayout *self, const OrrPlotLayout *plot, const OrrSeries *series, cairo_t *cr)
{
  double from = orr_plot_layout_to_x (plot, series->x[0]), to = orr_plot_layout_to_x (plot, series->x[1]);

  cairo_rectangle (cr, MIN (from, to), plot->area.y, fabs (to - from), plot->area.height);
  orr_figure_set_source (self, series->paint, series->alpha, cr);
  cairo_fill (cr);
}

/* The marks of one series, within the clip that the caller has set. */
void
orr_figure_draw_series (const OrrFigureLayout *self, const OrrPlotLayout *plot, const OrrSeries *series,
                        cairo_t *cr)
{
  cairo_save (cr);
  switch (series->kind)
    {
    case ORR_SERIES_LINE:
      draw_line (self, plot, series, cr);
      break;
    case ORR_SERIES_POINTS:
      draw_points (self, plot, series, cr);
      break;
    case ORR_SERIES_BARS:
    case ORR_SERIES_HISTOGRAM:
      draw_bars (self, plot, series, cr);
      break;
    case ORR_SERIES_BAND:
      draw_band (self, plot, series, cr);
      break;
    case ORR_SERIES_VERTICAL:
    case ORR_SERIES_HORIZONTAL:
      draw_reference (self, plot, series, cr);
      break;
    case ORR_SERIES_SPAN:
      draw_span (self, plot, series, cr);
      break;
    }
  cairo_restore (cr);
}

/* What stands for @series in a legend, vertically centred on @y. */
void
orr_figure_draw_swatch (const OrrFigureLayout *self, const OrrSeries *series, double x, double y,
                        double width, cairo_t *cr)
{
  cairo_save (cr);
  if (series->kind == ORR_SERIES_LINE)
    set_line_source (self, series, cr);
  else
    orr_figure_set_source (self, series->paint, series->alpha, cr);
  switch (series->kind)
    {
    case ORR_SERIES_POINTS:
      draw_marker (series, x + width / 2.0, y, cr);
      break;
    case ORR_SERIES_BARS:
    case ORR_SERIES_HISTOGRAM:
    case ORR_SERIES_BAND:
    case ORR_SERIES_SPAN:
      cairo_rectangle (cr, x + width / 2.0 - 5.0, y - 5.0, 10.0, 10.0);
      cairo_fill (cr);
      break;
    default:
      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x + width, y);
      stroke_style (series, cr);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

static gboolean
is_vector (cairo_t *cr)
{
  switch (cairo_surface_get_type (cairo_get_target (cr)))
    {
    case CAIRO_SURFACE_TYPE_PDF:
    case CAIRO_SURFACE_TYPE_SVG:
    case CAIRO_SURFACE_TYPE_PS:
      return TRUE;
    default:
      return FALSE;
    }
}

static guint32
cell_colour (const OrrHeatmap *heatmap, OrrColourMap map, gsize i, gsize j)
{
  double value = heatmap->values[i * heatmap->cols + j];
  return orr_colour_map_lookup (map, (value - heatmap->low) / (heatmap->high - heatmap->low));
}

/* One rectangle a cell; a hair too large, so that no light shines through the joints. */
static void
draw_cells (const OrrPlotLayout *plot, OrrColourMap map, cairo_t *cr)
{
  const OrrHeatmap *heatmap = plot->plot->heatmap;

  for (gsize i = 0; i < heatmap->rows; i++)
    for (gsize j = 0; j < heatmap->cols; j++)
      {
        guint32 rgb = cell_colour (heatmap, map, i, j);
        double x0 = orr_plot_layout_to_x (plot, j - 0.5), x1 = orr_plot_layout_to_x (plot, j + 0.5);
        double y0 = orr_plot_layout_to_y (plot, i - 0.5), y1 = orr_plot_layout_to_y (plot, i + 0.5);

        cairo_set_source_rgb (cr, orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb));
        cairo_rectangle (cr, x0, y0, x1 - x0 + 0.05, y1 - y0 + 0.05);
        cairo_fill (cr);
      }
}

static void
draw_image (const OrrPlotLayout *plot, OrrColourMap map, cairo_t *cr)
{
  const OrrHeatmap *heatmap = plot->plot->heatmap;
  const OrrPlotRange *range = &plot->range;
  OrrHeatmapWindow window = { range->x_low + 0.5, range->y_low + 0.5, range->x_high + 0.5,
                              range->y_high + 0.5 };
  double x = plot->area.x, y = plot->area.y, width = plot->area.width, height = plot->area.height;

  /* Whole device pixels, so that cells stay crisp at any scale. */
  cairo_user_to_device (cr, &x, &y);
  cairo_user_to_device_distance (cr, &width, &height);
  double x_scale = width / plot->area.width, y_scale = height / plot->area.height;
  if (is_vector (cr))
    x_scale = y_scale = 3.0;
  guint across = MAX (lrint (plot->area.width * x_scale), 1), down = MAX (lrint (plot->area.height * y_scale), 1);
  cairo_surface_t *image = orr_heatmap_image (heatmap->values, heatmap->rows, heatmap->cols, NULL, NULL,
                                              &window, heatmap->low, heatmap->high, map, across, down);

  cairo_save (cr);
  cairo_translate (cr, plot->area.x, plot->area.y);
  cairo_scale (cr, plot->area.width / across, plot->area.height / down);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (image);
}

static void
draw_numbers (const OrrFigureLayout *self, const OrrPlotLayout *plot, OrrColourMap map, cairo_t *cr)
{
  const OrrHeatmap *heatmap = plot->plot->heatmap;
  double cell_width = plot->area.width / (plot->range.x_high - plot->range.x_low);
  double cell_height = plot->area.height / (plot->range.y_high - plot->range.y_low);
  double magnitude = MAX (fabs (heatmap->low), fabs (heatmap->high));
  guint digits = magnitude < 0.1 ? 3 : 2;
  g_autofree char *widest = orr_number_format_fixed (heatmap->low < 0.0 ? -magnitude : magnitude, digits);
  double scale = MIN (1.0, (cell_width - 4.0) / orr_figure_layout_measure (self, widest));

  if (scale < 0.6 || cell_height < self->line * scale)
    return;
  for (gsize i = 0; i < heatmap->rows; i++)
    for (gsize j = 0; j < heatmap->cols; j++)
      {
        double value = heatmap->values[i * heatmap->cols + j];
        g_autofree char *text = orr_number_format_fixed (value, digits);
        g_autoptr (PangoLayout) layout = orr_figure_layout_text (self, text, scale, FALSE);
        double x = orr_plot_layout_to_x (plot, j), y = orr_plot_layout_to_y (plot, i);
        int width, height;

        pango_layout_get_pixel_size (layout, &width, &height);
        orr_figure_set_source (self, orr_colour_luminance (cell_colour (heatmap, map, i, j)) > 0.3 ? 0x1c1c1e : 0xffffff,
                               1.0, cr);
        cairo_move_to (cr, x - width / 2.0, y - height / 2.0);
        pango_cairo_show_layout (cr, layout);
      }
}

static void
draw_bar (const OrrFigureLayout *self, const OrrPlotLayout *plot, OrrColourMap map, cairo_t *cr)
{
  const OrrHeatmap *heatmap = plot->plot->heatmap;
  const OrrRect *bar = &plot->bar;
  cairo_pattern_t *gradient = cairo_pattern_create_linear (0, bar->y + bar->height, 0, bar->y);

  for (guint i = 0; i <= 32; i++)
    {
      guint32 rgb = orr_colour_map_lookup (map, i / 32.0);
      cairo_pattern_add_color_stop_rgb (gradient, i / 32.0, orr_colour_red (rgb), orr_colour_green (rgb),
                                        orr_colour_blue (rgb));
    }
  cairo_rectangle (cr, bar->x, bar->y, bar->width, bar->height);
  cairo_set_source (cr, gradient);
  cairo_fill (cr);
  cairo_pattern_destroy (gradient);

  orr_figure_set_source (self, ORR_PAINT_DIM, 1.0, cr);
  for (guint i = 0; i < plot->bar_ticks->ticks->len; i++)
    {
      const OrrTick *tick = orr_ticks_get (plot->bar_ticks, i);
      g_autoptr (PangoLayout) layout = orr_figure_layout_text (self, tick->label, 1.0, FALSE);
      double y = bar->y + bar->height * (heatmap->high - tick->value) / (heatmap->high - heatmap->low);
      int height;

      pango_layout_get_pixel_size (layout, NULL, &height);
      cairo_move_to (cr, bar->x + bar->width + 4, y - height / 2.0);
      pango_cairo_show_layout (cr, layout);
    }
}

/* The cells, their numbers and the colour bar. */
void
orr_figure_draw_heatmap (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  const OrrHeatmap *heatmap = plot->plot->heatmap;
  OrrColourMap map = orr_figure_theme_get_map (&self->theme, heatmap->kind);

  cairo_save (cr);
  cairo_rectangle (cr, plot->area.x, plot->area.y, plot->area.width, plot->area.height);
  cairo_clip (cr);
  if (is_vector (cr) && heatmap->rows * heatmap->cols <= MAX_VECTOR_CELLS)
    draw_cells (plot, map, cr);
  else
    draw_image (plot, map, cr);
  if (heatmap->numbers)
    draw_numbers (self, plot, map, cr);
  cairo_restore (cr);
  if (plot->bar.width > 0)
    draw_bar (self, plot, map, cr);
}
