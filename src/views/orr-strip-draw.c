/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-strip-draw.h"

#include <math.h>

#include "orr-orbit-layers.h"

#define GAP 8.0
#define BAND_HEIGHT 20.0
#define LEAST_TRACE_HEIGHT 18.0
#define TICK_DISTANCE 90.0
#define LABEL_MARGIN 10.0
#define NARROWEST_NAMED 14.0

static void
set_colour (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb), alpha);
}

/* Text cut to @width where that is given; with @whole nothing rather than a part of it. */
static void
draw_text (cairo_t *cr, PangoContext *context, const OrrFigureTheme *theme, const char *text, double x,
           double y, double align, double width, gboolean whole)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (context));
  PangoRectangle extents;

  pango_font_description_set_absolute_size (font, theme->font_size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_extents (layout, NULL, &extents);
  if (whole && extents.width > width)
    return;
  if (width > 0.0)
    {
      pango_layout_set_width (layout, width * PANGO_SCALE);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  pango_layout_get_pixel_extents (layout, NULL, &extents);
  cairo_move_to (cr, x - align * extents.width, y - 0.5 * extents.height);
  pango_cairo_show_layout (cr, layout);
}

/* Bands wider than a pixel: one rectangle each, with its name where it fits. */
static void
draw_wide_bands (cairo_t *cr, PangoContext *context, const OrrStripRow *row, const OrrStripGeometry *g,
                 const OrrFigureTheme *theme, double y, double height)
{
  gint64 t = MAX (0, (gint64) floor (g->start)), end = MIN (row->n_steps, (gint64) ceil (g->end));

  /* The band at the left edge begins before it. */
  while (t > 0 && row->codes[t] == row->codes[t - 1])
    t--;
  while (t < end)
    {
      gint64 next = t + 1;
      double x0, x1;
      guint32 colour;

      while (next < row->n_steps && row->codes[next] == row->codes[t])
        next++;
      x0 = MAX (orr_strip_to_x (g, t), g->left);
      x1 = MIN (orr_strip_to_x (g, next), g->right);
      if (row->codes[t] < row->colours->len)
        {
          colour = g_array_index (row->colours, guint32, row->codes[t]);
          set_colour (cr, colour, 1.0);
          cairo_rectangle (cr, x0, y, x1 - x0, height);
          cairo_fill (cr);
          if (x1 - x0 > NARROWEST_NAMED)
            {
              set_colour (cr, orr_colour_luminance (colour) > 0.35 ? 0x1e1e1e : 0xffffff, 0.85);
              draw_text (cr, context, theme, row->names->pdata[row->codes[t]], 0.5 * (x0 + x1),
                         y + 0.5 * height, 0.5, x1 - x0 - 6.0, TRUE);
            }
        }
      t = next;
    }
}

/* Bands narrower than a pixel: the mean colour of the steps in each column of device pixels. */
static void
draw_narrow_bands (cairo_t *cr, const OrrStripRow *row, const OrrStripGeometry *g, double y, double height,
                   double scale)
{
  guint n_columns = ceil ((g->right - g->left) * scale);
  double width = (g->end - g->start) / n_columns;

  for (guint c = 0; c < n_columns; c++)
    {
      gint64 from = floor (g->start + c * width), to = ceil (g->start + (c + 1) * width);
      double share;
      guint32 colour;

      if (from >= row->n_steps || to <= 0)
        continue;
      colour = orr_strip_mean_colour (row, MAX (from, 0), MIN (to, row->n_steps), &share);
      set_colour (cr, colour, share);
      cairo_rectangle (cr, g->left + c / scale, y, 1.0 / scale, height);
      cairo_fill (cr);
    }
}

static void
draw_trace (cairo_t *cr, const OrrStripRow *row, const OrrStripGeometry *g, double y, double height,
            double scale)
{
  guint n_columns = ceil ((g->right - g->left) * scale);
  double unit = height / (row->high - row->low);

  if (g->end - g->start < n_columns)
    {
      gint64 first = MAX (0, (gint64) floor (g->start) - 1);
      gint64 last = MIN ((gint64) row->n_steps, (gint64) ceil (g->end) + 1);

      for (gint64 t = first; t < last; t++)
        cairo_line_to (cr, orr_strip_to_x (g, t + 0.5), y + height - unit * (row->values[t] - row->low));
    }
  else
    {
      g_autofree float *low = g_new (float, n_columns), *high = g_new (float, n_columns);

      orr_strip_decimate (row->values, row->n_steps, g->start, g->end, n_columns, low, high);
      for (guint c = 0; c < n_columns; c++)
        if (isfinite (low[c]))
          {
            cairo_line_to (cr, g->left + (c + 0.5) / scale, y + height - unit * (low[c] - row->low));
            cairo_line_to (cr, g->left + (c + 0.5) / scale, y + height - unit * (high[c] - row->low));
          }
    }
  cairo_set_line_width (cr, 1.3);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  set_colour (cr, row->colour, 1.0);
  cairo_stroke (cr);
}

static void
draw_axis (cairo_t *cr, PangoContext *context, const OrrStripGeometry *g, const OrrFigureTheme *theme)
{
  double range = g->end - g->start;
  double step = MAX (1.0, orr_orbit_nice_step (range, MAX (1, (g->right - g->left) / TICK_DISTANCE)));

  cairo_set_line_width (cr, 1.0);
  set_colour (cr, theme->dim, 0.6);
  cairo_move_to (cr, g->left, floor (g->bottom) + 0.5);
  cairo_line_to (cr, g->right, floor (g->bottom) + 0.5);
  cairo_stroke (cr);
  for (double t = ceil (g->start / step) * step; t < g->end; t += step)
    {
      double x = orr_strip_to_x (g, t + 0.5);
      g_autofree char *text = g_strdup_printf ("%.0f", t);

      if (x > g->right)
        break;
      set_colour (cr, theme->dim, 0.6);
      cairo_move_to (cr, floor (x) + 0.5, g->bottom);
      cairo_line_to (cr, floor (x) + 0.5, g->bottom + 4);
      cairo_stroke (cr);
      set_colour (cr, theme->dim, 1.0);
      draw_text (cr, context, theme, text, x, g->bottom + 13, 0.5, 0.0, FALSE);
    }
}

/**
 * orr_strip_draw:
 * @rows: (element-type OrrStripRow): from top to bottom
 * @scale: device pixels of one logical pixel
 *
 * Draws the rows and the axis of time: bands at fixed height, traces share what is left.
 */
void
orr_strip_draw (cairo_t *cr, PangoContext *context, GPtrArray *rows, const OrrStripGeometry *geometry,
                const OrrFigureTheme *theme, double scale)
{
  gboolean narrow = (geometry->end - geometry->start) > (geometry->right - geometry->left) * scale;
  guint n_bands = 0;
  double y = 2.0, trace_height;

  for (guint i = 0; i < rows->len; i++)
    n_bands += ((OrrStripRow *) rows->pdata[i])->kind == ORR_STRIP_BANDS;
  trace_height = (geometry->bottom - n_bands * (BAND_HEIGHT + GAP)) / MAX (rows->len - n_bands, 1) - GAP;
  trace_height = MAX (trace_height, LEAST_TRACE_HEIGHT);

  for (guint i = 0; i < rows->len; i++)
    {
      const OrrStripRow *row = rows->pdata[i];
      gboolean bands = row->kind == ORR_STRIP_BANDS;
      double height = bands ? BAND_HEIGHT : trace_height;

      set_colour (cr, bands ? theme->dim : row->colour, 1.0);
      draw_text (cr, context, theme, row->label, LABEL_MARGIN, y + 0.5 * height, 0.0,
                 geometry->left - LABEL_MARGIN - 6.0, FALSE);
      cairo_save (cr);
      cairo_rectangle (cr, geometry->left, 0, geometry->right - geometry->left, geometry->bottom);
      cairo_clip (cr);
      if (!bands)
        draw_trace (cr, row, geometry, y, height, scale);
      else if (narrow)
        draw_narrow_bands (cr, row, geometry, y, height, scale);
      else
        draw_wide_bands (cr, context, row, geometry, theme, y, height);
      cairo_restore (cr);
      y += height + GAP;
    }
  draw_axis (cr, context, geometry, theme);
}
