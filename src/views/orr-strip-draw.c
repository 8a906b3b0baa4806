/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-strip-draw.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-orbit-layers.h"

#define LEAST_TRACE_HEIGHT 15.0
#define HINT_HEIGHT 14.0
#define TICK_DISTANCE 90.0
#define LABEL_MARGIN 10.0
#define NARROWEST_NAMED 14.0
/* Shades of a kind that is not sure. */
#define PALE_LEVELS 8.0

static void
set_colour (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb), alpha);
}

/* Symbols' colours are made for bands: as thin lines and letters on dark they need more light. */
static guint32
find_line_colour (const OrrStripRow *row, const OrrFigureTheme *theme)
{
  return theme->dark ? orr_colour_mix (row->colour, 0xffffff, 0.25) : row->colour;
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

/* One step after the other, as pale as its kind is unsure; steps that look the same together. */
static void
fill_unsure (cairo_t *cr, const OrrStripRow *row, const OrrStripGeometry *g, gint64 from, gint64 to, double y,
             double height)
{
  guint32 colour = g_array_index (row->colours, guint32, row->codes[from]);

  for (gint64 t = from, next; t < to; t = next)
    {
      int level = lrint (PALE_LEVELS * row->confidence[t]);

      for (next = t + 1; next < to && lrint (PALE_LEVELS * row->confidence[next]) == level;)
        next++;
      set_colour (cr, colour, MAX (level, 1) / PALE_LEVELS);
      cairo_rectangle (cr, MAX (orr_strip_to_x (g, t), g->left), y,
                       MIN (orr_strip_to_x (g, next), g->right) - MAX (orr_strip_to_x (g, t), g->left), height);
      cairo_fill (cr);
    }
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
          if (row->confidence != NULL)
            fill_unsure (cr, row, g, MAX (t, (gint64) g->start), MIN (next, end), y, height);
          else
            {
              set_colour (cr, colour, 1.0);
              cairo_rectangle (cr, x0, y, x1 - x0, height);
              cairo_fill (cr);
            }
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
draw_trace (cairo_t *cr, const OrrStripRow *row, const OrrStripGeometry *g, const OrrFigureTheme *theme,
            double y, double height, double scale)
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
  set_colour (cr, find_line_colour (row, theme), 1.0);
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
 * orr_strip_layout:
 * @places: (out): [rows] where each row is
 *
 * Lays the rows out from top to bottom: bands at fixed height, traces share what is left. Where that is
 * little everything moves closer together, and at last only as many traces as there is room for are in sight,
 * from geometry->first_trace on, or from where the last of them is the lowest.
 *
 * Returns: how many rows have a place
 */
guint
orr_strip_layout (GPtrArray *rows, const OrrStripGeometry *geometry, OrrStripPlace *places)
{
  static const struct { double band, gap; } metrics[] = { { 20.0, 8.0 }, { 16.0, 4.0 }, { 14.0, 2.0 } };
  double trace = 0.0, y = 2.0, bottom = geometry->bottom;
  guint n_bands = 0, n_traces, tight = 0, n = 0, first, n_seen;

  for (guint i = 0; i < rows->len; i++)
    n_bands += ((OrrStripRow *) rows->pdata[i])->kind == ORR_STRIP_BANDS;
  n_traces = n_seen = rows->len - n_bands;
  for (; tight < G_N_ELEMENTS (metrics); tight++)
    {
      double left = bottom - y - n_bands * (metrics[tight].band + metrics[tight].gap);

      trace = left / MAX (n_traces, 1) - metrics[tight].gap;
      if (trace >= LEAST_TRACE_HEIGHT)
        break;
    }
  tight = MIN (tight, G_N_ELEMENTS (metrics) - 1);
  if (trace < LEAST_TRACE_HEIGHT && n_traces > 0)
    {
      double room = bottom - HINT_HEIGHT - y - n_bands * (metrics[tight].band + metrics[tight].gap);

      trace = LEAST_TRACE_HEIGHT;
      bottom -= HINT_HEIGHT;
      n_seen = MIN (MAX (room, 0.0) / (trace + metrics[tight].gap), n_traces);
    }
  first = MIN (geometry->first_trace, n_traces - n_seen);
  for (guint i = 0, t = 0; i < rows->len; i++)
    {
      gboolean band = ((OrrStripRow *) rows->pdata[i])->kind == ORR_STRIP_BANDS;
      gboolean seen = band || (t >= first && t < first + n_seen);
      double height = band ? metrics[tight].band : trace;

      t += !band;
      places[i] = (OrrStripPlace) { y, 0.0 };
      if (!seen || (n > 0 && y + height > bottom))
        continue;
      places[i].height = height;
      y += height + metrics[tight].gap;
      n++;
    }
  return n;
}

static void
draw_label (cairo_t *cr, PangoContext *context, const OrrStripRow *row, const OrrStripPlace *place,
            gboolean selected, double left, const OrrFigureTheme *theme)
{
  if (selected)
    {
      set_colour (cr, theme->accent, 0.18);
      cairo_rectangle (cr, 2.0, place->y, left - 4.0, place->height);
      cairo_fill (cr);
      set_colour (cr, theme->accent, 1.0);
      cairo_rectangle (cr, 2.0, place->y, 3.0, place->height);
      cairo_fill (cr);
    }
  set_colour (cr, row->kind == ORR_STRIP_BANDS ? theme->dim : find_line_colour (row, theme), 1.0);
  draw_text (cr, context, theme, row->label, LABEL_MARGIN, place->y + 0.5 * place->height, 0.0,
             left - LABEL_MARGIN - 6.0, FALSE);
}

/**
 * orr_strip_draw:
 * @rows: (element-type OrrStripRow): from top to bottom
 * @selected: units; the rows that show them stand out
 * @scale: device pixels of one logical pixel
 *
 * Draws the rows that have a place and the axis of time.
 */
void
orr_strip_draw (cairo_t *cr, PangoContext *context, GPtrArray *rows, GtkBitset *selected,
                const OrrStripGeometry *geometry, const OrrFigureTheme *theme, double scale)
{
  gboolean narrow = (geometry->end - geometry->start) > (geometry->right - geometry->left) * scale;
  g_autofree OrrStripPlace *places = g_new (OrrStripPlace, MAX (rows->len, 1));
  guint n = orr_strip_layout (rows, geometry, places);

  for (guint i = 0; i < rows->len; i++)
    {
      const OrrStripRow *row = rows->pdata[i];

      if (places[i].height <= 0.0)
        continue;
      draw_label (cr, context, row, &places[i], row->units != NULL && gtk_bitset_equals (row->units, selected),
                  geometry->left, theme);
      cairo_save (cr);
      cairo_rectangle (cr, geometry->left, 0, geometry->right - geometry->left, geometry->bottom);
      cairo_clip (cr);
      if (row->kind == ORR_STRIP_TRACE)
        draw_trace (cr, row, geometry, theme, places[i].y, places[i].height, scale);
      else if (narrow)
        draw_narrow_bands (cr, row, geometry, places[i].y, places[i].height, scale);
      else
        draw_wide_bands (cr, context, row, geometry, theme, places[i].y, places[i].height);
      cairo_restore (cr);
    }
  if (n < rows->len)
    {
      /* TRANSLATORS: under the labels of the time strip: rows that are scrolled out of sight */
      g_autofree char *text = g_strdup_printf (g_dngettext (NULL, "%u more row", "%u more rows", rows->len - n),
                                               rows->len - n);

      set_colour (cr, theme->dim, 1.0);
      draw_text (cr, context, theme, text, LABEL_MARGIN, geometry->bottom - 0.5 * HINT_HEIGHT, 0.0, 0.0, FALSE);
    }
  draw_axis (cr, context, geometry, theme);
}
