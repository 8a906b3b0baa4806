/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-draw.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-marks.h"

typedef enum
{
  ALIGN_START,
  ALIGN_MIDDLE,
  ALIGN_END,
} Align;

/* A marker's name looks for a free place among so many points of a curve, at so many places between two. */
#define MOST_LOOKED_AT 2000
#define SAMPLES_A_SEGMENT 6

/* Writes @text with its top at @y; returns where it stands. */
static OrrRect
write_text (const OrrFigureLayout *self, const char *text, double x, double y, Align align, OrrPaint paint,
            double most, cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = orr_figure_layout_text (self, text, 1.0, FALSE);
  int width, height;

  if (most > 0.0)
    {
      pango_layout_set_width (layout, most * PANGO_SCALE);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  pango_layout_get_pixel_size (layout, &width, &height);
  x -= align == ALIGN_END ? width : align == ALIGN_MIDDLE ? width / 2.0 : 0.0;
  orr_figure_set_source (self, paint, 1.0, cr);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  return (OrrRect){ x, y, width, height };
}

/* The background shines around the letters, where they stand over data. */
static void
write_halo (const OrrFigureLayout *self, const char *text, double x, double y, cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = orr_figure_layout_text (self, text, 1.0, FALSE);

  cairo_move_to (cr, x, y);
  pango_cairo_layout_path (cr, layout);
  orr_figure_set_source (self, ORR_PAINT_BACKGROUND, 0.75, cr);
  cairo_set_line_width (cr, 3.0);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
}

/* Lines one pixel wide fall on pixels, not between two. */
static double
crisp (double position)
{
  return floor (position) + 0.5;
}

static void
draw_grid (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  const OrrRect *area = &plot->area;

  if (plot->plot->heatmap != NULL)
    return;
  for (guint i = 0; !plot->plot->y.hidden && i < plot->y_ticks->ticks->len; i++)
    {
      const OrrTick *tick = orr_ticks_get (plot->y_ticks, i);
      double y = crisp (orr_plot_layout_to_y (plot, tick->value));

      if (tick->label == NULL)
        continue;
      cairo_move_to (cr, area->x, y);
      cairo_line_to (cr, area->x + area->width, y);
    }
  for (guint i = 0; plot->plot->square && i < plot->x_ticks->ticks->len; i++)
    {
      double x = crisp (orr_plot_layout_to_x (plot, orr_ticks_get (plot->x_ticks, i)->value));

      cairo_move_to (cr, x, area->y);
      cairo_line_to (cr, x, area->y + area->height);
    }
  orr_figure_set_source (self, self->theme.grid, 1.0, cr);
  cairo_set_line_width (cr, 1.0);
  cairo_stroke (cr);
}

static void
draw_x_axis (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  double bottom = crisp (plot->area.y + plot->area.height);
  gboolean plain = plot->plot->heatmap != NULL || plot->plot->x.categories != NULL;

  for (guint i = 0; i < plot->x_ticks->ticks->len; i++)
    {
      const OrrTick *tick = orr_ticks_get (plot->x_ticks, i);
      double x = crisp (orr_plot_layout_to_x (plot, tick->value));

      if (!plain)
        {
          cairo_move_to (cr, x, bottom);
          cairo_line_to (cr, x, bottom + (tick->label != NULL ? 4 : 2));
          orr_figure_set_source (self, ORR_PAINT_DIM, 1.0, cr);
          cairo_set_line_width (cr, 1.0);
          cairo_stroke (cr);
        }
      if (tick->label != NULL)
        write_text (self, tick->label, x, bottom + 4, ALIGN_MIDDLE, ORR_PAINT_DIM, 0, cr);
    }
}

static void
draw_y_axis (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  for (guint i = 0; i < plot->y_ticks->ticks->len; i++)
    {
      const OrrTick *tick = orr_ticks_get (plot->y_ticks, i);
      double y = orr_plot_layout_to_y (plot, tick->value);

      if (tick->label != NULL)
        write_text (self, tick->label, plot->area.x - 6, y - self->line / 2, ALIGN_END, ORR_PAINT_DIM, 0, cr);
    }
}

static void
draw_frame (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  const OrrRect *area = &plot->area;

  if (!plot->plot->x.hidden)
    draw_x_axis (self, plot, cr);
  if (!plot->plot->y.hidden)
    draw_y_axis (self, plot, cr);
  if (plot->plot->heatmap != NULL)
    return;
  cairo_move_to (cr, crisp (area->x), area->y);
  if (plot->plot->y.hidden)
    cairo_move_to (cr, area->x, crisp (area->y + area->height));
  else
    cairo_line_to (cr, crisp (area->x), crisp (area->y + area->height));
  if (!plot->plot->x.hidden)
    cairo_line_to (cr, area->x + area->width, crisp (area->y + area->height));
  orr_figure_set_source (self, ORR_PAINT_DIM, 1.0, cr);
  cairo_set_line_width (cr, 1.0);
  cairo_stroke (cr);
}

static void
draw_titles (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  const OrrPlot *model = plot->plot;
  g_autofree char *x_title = orr_axis_dup_title (&model->x, plot->x_ticks);
  g_autofree char *y_title = orr_axis_dup_title (&model->y, plot->y_ticks);
  double right = plot->area.x + plot->area.width;

  if (model->title != NULL)
    write_text (self, model->title, plot->cell.x, plot->title_y, ALIGN_START, ORR_PAINT_FOREGROUND,
                plot->cell.width, cr);
  if (y_title != NULL && !model->y.hidden)
    write_text (self, y_title, plot->cell.x, plot->header_y, ALIGN_START, ORR_PAINT_DIM, plot->cell.width, cr);
  if (x_title != NULL)
    write_text (self, x_title, right, plot->area.y + plot->area.height + (model->x.hidden ? 4 : self->line + 5),
                ALIGN_END, ORR_PAINT_DIM, MIN (plot->cell.width, right), cr);
}

static void
draw_legend (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  if (plot->legend_hidden)
    write_text (self, _("(legend: enlarge)"), plot->cell.x + plot->cell.width, plot->header_y + self->line,
                ALIGN_END, ORR_PAINT_DIM, plot->cell.width, cr);
  for (guint i = 0; i < plot->legend->len; i++)
    {
      const OrrLegendEntry *entry = &g_array_index (plot->legend, OrrLegendEntry, i);
      const OrrSeries *series = g_ptr_array_index (plot->plot->series, entry->series);

      orr_figure_draw_swatch (self, series, entry->x + 8, entry->y + self->line / 2, 16, cr);
      write_text (self, series->name, entry->x + 30, entry->y, ALIGN_START, ORR_PAINT_FOREGROUND,
                  entry->width - 30, cr);
    }
}

static gboolean
overlaps (const OrrRect *a, const OrrRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

/* Moves @rect down (or up, by @step) while it covers one of @taken. */
static void
avoid (OrrRect *rect, const GArray *taken, double step)
{
  for (guint i = 0; i < taken->len; i++)
    if (overlaps (rect, &g_array_index (taken, OrrRect, i)))
      {
        rect->y += step;
        i = G_MAXUINT;
      }
}

/* How many places along the curves @rect covers. */
static guint
count_covered (const OrrPlotLayout *plot, const OrrRect *rect)
{
  guint n = 0;

  for (guint i = 0; i < plot->plot->series->len; i++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->plot->series, i);

      if (series->kind != ORR_SERIES_LINE && series->kind != ORR_SERIES_POINTS)
        continue;
      for (gsize k = 0; k < series->n && k < MOST_LOOKED_AT; k++)
        {
          gsize next = series->kind == ORR_SERIES_LINE ? MIN (k + 1, series->n - 1) : k;
          double x0 = orr_plot_layout_to_x (plot, series->x[k]), y0 = orr_plot_layout_to_y (plot, series->y[k]);
          double x1 = orr_plot_layout_to_x (plot, series->x[next]), y1 = orr_plot_layout_to_y (plot, series->y[next]);

          for (guint s = 0; s < SAMPLES_A_SEGMENT; s++)
            {
              double x = x0 + (x1 - x0) * s / SAMPLES_A_SEGMENT, y = y0 + (y1 - y0) * s / SAMPLES_A_SEGMENT;

              n += x > rect->x - 3 && x < rect->x + rect->width + 3 && y > rect->y && y < rect->y + rect->height;
            }
        }
    }
  return n;
}

/* Beside a vertical line, where the name covers least of the curves; the higher, the better. Only a name that
 * is too wide for either side lies across the line. */
static void
place_beside (const OrrFigureLayout *self, const OrrPlotLayout *plot, double x, const GArray *taken, OrrRect *rect)
{
  const OrrRect *area = &plot->area;
  double sides[2];
  guint n = 0, least = G_MAXUINT;

  if (x + 5 + rect->width <= area->x + area->width)
    sides[n++] = x + 5;
  if (x - 5 - rect->width >= area->x)
    sides[n++] = x - 5 - rect->width;
  if (n == 0)
    sides[n++] = area->x;
  for (double y = area->y + 1; y + self->line <= area->y + area->height && least > 0; y += self->line)
    for (guint s = 0; s < n; s++)
      {
        OrrRect here = { sides[s], y, rect->width, rect->height };
        guint covered = count_covered (plot, &here);

        for (guint i = 0; i < taken->len; i++)
          covered += overlaps (&here, &g_array_index (taken, OrrRect, i)) ? MOST_LOOKED_AT : 0;
        if (covered < least)
          {
            least = covered;
            *rect = here;
          }
      }
}

/* Above or below a horizontal line, at its right end, middle or left end: where the name covers least of the curves. */
static void
place_along (const OrrFigureLayout *self, const OrrPlotLayout *plot, double y, const GArray *taken, OrrRect *rect)
{
  const OrrRect *area = &plot->area;
  const double heights[] = { y - self->line - 1, y + 2 };
  double room = MAX (area->width - rect->width, 0.0);
  guint least = G_MAXUINT;

  for (guint p = 0; p < 3 && least > 0; p++)
    for (guint h = 0; h < G_N_ELEMENTS (heights); h++)
      {
        OrrRect here = { area->x + room * (2 - p) / 2.0, heights[h], rect->width, rect->height };
        guint covered;

        if (here.y < area->y || here.y + here.height > area->y + area->height)
          continue;
        covered = count_covered (plot, &here);
        for (guint i = 0; i < taken->len; i++)
          covered += overlaps (&here, &g_array_index (taken, OrrRect, i)) ? MOST_LOOKED_AT : 0;
        if (covered < least)
          {
            least = covered;
            *rect = here;
          }
      }
}

/* The name of a vertical or horizontal marker, beside its line. */
static void
draw_marker_name (const OrrFigureLayout *self, const OrrPlotLayout *plot, const OrrSeries *series,
                  GArray *taken, cairo_t *cr)
{
  const OrrRect *area = &plot->area;
  OrrRect rect = { .width = orr_figure_layout_measure (self, series->name), .height = self->line };

  if (series->kind == ORR_SERIES_VERTICAL)
    {
      double x = orr_plot_layout_to_x (plot, series->x[0]);

      if (x < area->x || x > area->x + area->width)
        return;
      rect.x = area->x;
      rect.y = area->y + 1;
      place_beside (self, plot, x, taken, &rect);
    }
  else
    {
      double y = orr_plot_layout_to_y (plot, series->y[0]);

      if (y < area->y || y > area->y + area->height)
        return;
      rect.x = area->x + area->width - rect.width;
      rect.y = y - self->line - 1 >= area->y ? y - self->line - 1 : y + 2;
      place_along (self, plot, y, taken, &rect);
      avoid (&rect, taken, -self->line);
    }
  g_array_append_val (taken, rect);
  write_halo (self, series->name, rect.x, rect.y, cr);
  write_text (self, series->name, rect.x, rect.y, ALIGN_START,
              orr_figure_theme_resolve_line (&self->theme, series->paint), 0, cr);
}

static void
draw_marks (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  const GPtrArray *series = plot->plot->series;
  const OrrRect *area = &plot->area;
  GArray *taken = g_array_new (FALSE, FALSE, sizeof (OrrRect));

  cairo_save (cr);
  cairo_rectangle (cr, area->x - 1, area->y - 1, area->width + 2, area->height + 2);
  cairo_clip (cr);
  for (guint i = 0; i < series->len; i++)
    orr_figure_draw_series (self, plot, g_ptr_array_index (series, i), cr);
  cairo_restore (cr);
  for (guint i = 0; i < series->len; i++)
    {
      const OrrSeries *marker = g_ptr_array_index (series, i);

      if ((marker->kind == ORR_SERIES_VERTICAL || marker->kind == ORR_SERIES_HORIZONTAL) && marker->name != NULL)
        draw_marker_name (self, plot, marker, taken, cr);
    }
  g_array_unref (taken);
}

static void
draw_empty (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = orr_figure_layout_text (self, plot->plot->empty_text, 1.0, FALSE);
  double most = MIN (plot->cell.width - 16.0, 360.0);
  int width, height;

  pango_layout_set_width (layout, MAX (most, 40.0) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size (layout, &width, &height);
  orr_figure_set_source (self, ORR_PAINT_DIM, 1.0, cr);
  cairo_move_to (cr, plot->cell.x + (plot->cell.width - MAX (most, 40.0)) / 2.0,
                 plot->cell.y + (plot->cell.height - height) / 2.0);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_plot (const OrrFigureLayout *self, const OrrPlotLayout *plot, cairo_t *cr)
{
  if (orr_plot_is_empty (plot->plot) && plot->plot->empty_text != NULL)
    {
      draw_empty (self, plot, cr);
      if (plot->plot->title != NULL)
        write_text (self, plot->plot->title, plot->cell.x, plot->title_y, ALIGN_START, ORR_PAINT_FOREGROUND,
                    plot->cell.width, cr);
      return;
    }
  draw_grid (self, plot, cr);
  if (plot->plot->heatmap != NULL)
    orr_figure_draw_heatmap (self, plot, cr);
  draw_marks (self, plot, cr);
  draw_frame (self, plot, cr);
  draw_titles (self, plot, cr);
  draw_legend (self, plot, cr);
}

/**
 * orr_figure_layout_draw:
 *
 * Draws the arranged figure with its top left at the origin of @cr.
 */
void
orr_figure_layout_draw (const OrrFigureLayout *self, cairo_t *cr)
{
  cairo_save (cr);
  if (self->theme.opaque)
    {
      orr_figure_set_source (self, ORR_PAINT_BACKGROUND, 1.0, cr);
      cairo_rectangle (cr, 0, 0, self->width, self->height);
      cairo_fill (cr);
    }
  if (self->theme.titled && self->figure->title != NULL)
    {
      g_autoptr (PangoLayout) title = orr_figure_layout_text (self, self->figure->title, 1.15, TRUE);
      orr_figure_set_source (self, ORR_PAINT_FOREGROUND, 1.0, cr);
      cairo_move_to (cr, 8, 8);
      pango_cairo_show_layout (cr, title);
    }
  for (guint i = 0; i < self->plots->len; i++)
    draw_plot (self, g_ptr_array_index (self->plots, i), cr);
  cairo_restore (cr);
}

/**
 * orr_figure_draw:
 * @width: in pixels, or points of a vector file
 * @height: as @width
 *
 * Arranges and draws @figure; callable on any thread.
 */
void
orr_figure_draw (OrrFigure *figure, cairo_t *cr, double width, double height, const OrrFigureTheme *theme)
{
  g_autoptr (OrrFigureLayout) layout = orr_figure_layout_new (figure, NULL, width, height, theme);

  orr_figure_layout_draw (layout, cr);
}
