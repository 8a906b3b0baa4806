/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-heatmap-frame.h"

#include <glib/gi18n.h>
#include <math.h>
#include <pango/pangocairo.h>

#include "orr-heatmap-blocks.h"
#include "orr-heatmap-canvas-private.h"
#include "orr-number.h"
#include "orr-ticks.h"

#define MEANS 22.0

static void
set_source (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb), alpha);
}

/* Writes @text; @align is 0 for starting at x, 0.5 for centred on it, 1 for ending there. */
static void
write_text (OrrHeatmapCanvas *self, cairo_t *cr, const char *text, double x, double y, double align, double most)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  int width;

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.82));
  pango_layout_set_attributes (layout, attributes);
  if (most > 0.0)
    {
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_width (layout, most * PANGO_SCALE);
    }
  pango_layout_get_pixel_size (layout, &width, NULL);
  cairo_move_to (cr, x - align * width, y);
  pango_cairo_show_layout (cr, layout);
}

/**
 * orr_heatmap_frame_label:
 *
 * Returns: (transfer full): the short name beside the row or column at @place
 */
char *
orr_heatmap_frame_label (const OrrHeatmapAxis *axis, guint place, char **symbol_names)
{
  guint item = axis->order[place];

  if (axis->items == ORR_HEATMAP_SYMBOLS && symbol_names != NULL && item < g_strv_length (symbol_names))
    return g_strdup (symbol_names[item]);
  return g_strdup_printf ("%u", axis->items == ORR_HEATMAP_SYMBOLS ? item + 1 : item);
}

/* Labels at round places while cells are small, at every cell when there is room. */
static guint
label_step (double shown, double length, double label)
{
  double step = orr_ticks_step (shown, MAX (1, (guint) (length / label)));
  return MAX (1, (guint) step);
}

static void
draw_row_labels (OrrHeatmapCanvas *self, cairo_t *cr)
{
  const OrrRect *area = &self->area;
  double shown = self->window.bottom - self->window.top;
  guint step = label_step (shown, area->height, 1.6 * self->line);

  for (guint place = ceil (self->window.top / step) * step; place < MIN (self->window.bottom, self->model->rows.n);
       place += step)
    {
      g_autofree char *text = orr_heatmap_frame_label (&self->model->rows, place, self->symbol_names);
      double y = area->y + (place + 0.5 - self->window.top) / shown * area->height;

      if (y >= area->y && y <= area->y + area->height)
        write_text (self, cr, text, area->x - 8, y - self->line / 2, 1.0, 0);
    }
}

static void
draw_col_labels (OrrHeatmapCanvas *self, cairo_t *cr)
{
  const OrrRect *area = &self->area;
  double shown = self->window.right - self->window.left;
  guint step = label_step (shown, area->width, 2.8 * self->line);

  for (guint place = ceil (self->window.left / step) * step; place < MIN (self->window.right, self->model->cols.n);
       place += step)
    {
      g_autofree char *text = orr_heatmap_frame_label (&self->model->cols, place, self->symbol_names);
      double x = area->x + (place + 0.5 - self->window.left) / shown * area->width;

      if (x >= area->x && x <= area->x + area->width)
        write_text (self, cr, text, x, area->y + area->height + 3, 0.5, 0);
    }
}

/* What stands above the labels of the rows. */
const char *
orr_heatmap_frame_row_caption (OrrHeatmapItems items)
{
  static const char *const to[] = { N_("to unit"), N_("to noise input"), N_("to symbol") };
  return _(to[items]);
}

static void
draw_captions (OrrHeatmapCanvas *self, cairo_t *cr)
{
  static const char *const from[] = { N_("from unit"), N_("from noise input"), N_("from symbol") };
  const OrrRect *area = &self->area;

  write_text (self, cr, _(from[self->model->cols.items]), area->x + area->width, area->y + area->height + 3 + self->line,
              1.0, area->width);
  write_text (self, cr, orr_heatmap_frame_row_caption (self->model->rows.items), 12, area->y - self->line - 4, 0.0, MAX (area->x - 16, 8.0));
}

static double
largest (const float *means, guint n)
{
  double most = 0.0;

  for (guint i = 0; i < n; i++)
    most = MAX (most, fabs (means[i]));
  return most > 0.0 ? most : 1.0;
}

static void
set_sign (OrrHeatmapCanvas *self, cairo_t *cr, double value)
{
  OrrColourMap map = orr_figure_theme_get_map (&self->theme, ORR_HEATMAP_DIVERGING);
  set_source (cr, orr_colour_map_lookup (map, value < 0.0 ? 0.12 : 0.88), 1.0);
}

/* The mean weight of each visible row, as bars from a middle line. */
static void
draw_row_means (OrrHeatmapCanvas *self, cairo_t *cr)
{
  const OrrHeatmapAxis *rows = &self->model->rows;
  const OrrRect *area = &self->area;
  double scale = area->height / (self->window.bottom - self->window.top);
  double most = largest (self->model->row_means, rows->n), middle = area->x + area->width + 6 + MEANS / 2;

  cairo_save (cr);
  cairo_rectangle (cr, area->x + area->width, area->y, MEANS + 8, area->height);
  cairo_clip (cr);
  for (guint place = floor (self->window.top); place < MIN (ceil (self->window.bottom), rows->n); place++)
    {
      double mean = self->model->row_means[rows->order[place]];

      set_sign (self, cr, mean);
      cairo_rectangle (cr, middle, area->y + (place - self->window.top) * scale, mean / most * MEANS / 2,
                       MAX (scale - (scale > 4), 1.0));
      cairo_fill (cr);
    }
  cairo_restore (cr);
  set_source (cr, self->theme.grid, 1.0);
  cairo_rectangle (cr, floor (middle), area->y, 1, area->height);
  cairo_fill (cr);
}

static void
draw_col_means (OrrHeatmapCanvas *self, cairo_t *cr)
{
  const OrrHeatmapAxis *cols = &self->model->cols;
  const OrrRect *area = &self->area;
  double scale = area->width / (self->window.right - self->window.left);
  double most = largest (self->model->col_means, cols->n), middle = area->y - 6 - MEANS / 2;

  cairo_save (cr);
  cairo_rectangle (cr, area->x, area->y - MEANS - 8, area->width, MEANS + 8);
  cairo_clip (cr);
  for (guint place = floor (self->window.left); place < MIN (ceil (self->window.right), cols->n); place++)
    {
      double mean = self->model->col_means[cols->order[place]];

      set_sign (self, cr, mean);
      cairo_rectangle (cr, area->x + (place - self->window.left) * scale, middle, MAX (scale - (scale > 4), 1.0),
                       -mean / most * MEANS / 2);
      cairo_fill (cr);
    }
  cairo_restore (cr);
  set_source (cr, self->theme.grid, 1.0);
  cairo_rectangle (cr, area->x, floor (middle), area->width, 1);
  cairo_fill (cr);
}

static void
draw_colour_bar (OrrHeatmapCanvas *self, cairo_t *cr)
{
  const OrrRect *bar = &self->bar;
  OrrColourMap map = orr_figure_theme_get_map (&self->theme, ORR_HEATMAP_DIVERGING);
  g_autofree char *limit = orr_number_format (self->model->limit, 2);
  g_autofree char *above = g_strdup_printf ("+%s", limit), *below = g_strdup_printf ("\342\210\222%s", limit);
  double steps = MAX (bar->height, 1.0);

  for (double i = 0; i < steps; i += 1.0)
    {
      set_source (cr, orr_colour_map_lookup (map, 1.0 - (i + 0.5) / steps), 1.0);
      cairo_rectangle (cr, bar->x, bar->y + i, bar->width, MIN (1.0, steps - i));
      cairo_fill (cr);
    }
  set_source (cr, self->theme.dim, 1.0);
  write_text (self, cr, above, bar->x + bar->width + 4, bar->y - 3, 0.0, 0);
  if (bar->height > 3.5 * self->line)
    write_text (self, cr, "0", bar->x + bar->width + 4, bar->y + bar->height / 2 - self->line / 2, 0.0, 0);
  write_text (self, cr, below, bar->x + bar->width + 4, bar->y + bar->height - self->line + 3, 0.0, 0);
}

/* Brackets over the columns of each group, and their names. */
static void
draw_col_groups (OrrHeatmapCanvas *self, cairo_t *cr)
{
  const GArray *groups = self->model->order->groups;
  const OrrRect *area = &self->area;
  double scale = area->width / (self->window.right - self->window.left), free_from = area->x;

  if (self->model->cols.items != ORR_HEATMAP_UNITS)
    return;
  for (guint g = 0; g < groups->len; g++)
    {
      const OrrHeatmapGroup *group = &g_array_index (groups, OrrHeatmapGroup, g);
      double from = MAX (area->x + (group->first - self->window.left) * scale, area->x);
      double to = MIN (area->x + (group->first + group->n - self->window.left) * scale, area->x + area->width);

      if (to - from < 1.0)
        continue;
      set_source (cr, orr_colour_qualitative (g), 1.0);
      cairo_rectangle (cr, from + 0.5, area->y - MEANS - 11, to - from - 1, 3);
      cairo_fill (cr);
      set_source (cr, self->theme.foreground, 1.0);
      /* a name may reach beyond a narrow bracket as far as nothing is written there */
      double room = MAX (to - from - 2, 0.0);
      if (room > 2 * self->line && from >= free_from)
        {
          write_text (self, cr, group->name, from, area->y - MEANS - 12 - self->line, 0.0, room);
          free_from = from + room;
        }
    }
}

/* Brackets beside the rows, between the cells and their means. */
static void
draw_row_groups (OrrHeatmapCanvas *self, cairo_t *cr)
{
  const GArray *groups = self->model->order->groups;
  const OrrRect *area = &self->area;
  double scale = area->height / (self->window.bottom - self->window.top);

  if (self->model->rows.items != ORR_HEATMAP_UNITS)
    return;
  for (guint g = 0; g < groups->len; g++)
    {
      const OrrHeatmapGroup *group = &g_array_index (groups, OrrHeatmapGroup, g);
      double from = MAX (area->y + (group->first - self->window.top) * scale, area->y);
      double to = MIN (area->y + (group->first + group->n - self->window.top) * scale, area->y + area->height);

      if (to - from < 1.0)
        continue;
      set_source (cr, orr_colour_qualitative (g), 1.0);
      cairo_rectangle (cr, area->x + area->width + 1, from + 0.5, 3, to - from - 1);
      cairo_fill (cr);
    }
}

/* Lines between the groups, over the cells. */
static void
draw_edges (OrrHeatmapCanvas *self, cairo_t *cr)
{
  const GArray *groups = self->model->order->groups;
  const OrrRect *area = &self->area;
  double across = area->width / (self->window.right - self->window.left);
  double down = area->height / (self->window.bottom - self->window.top);

  set_source (cr, self->theme.foreground, 0.55);
  for (guint g = 0; g < groups->len; g++)
    {
      const OrrHeatmapGroup *group = &g_array_index (groups, OrrHeatmapGroup, g);
      double x = floor (area->x + (group->first + group->n - self->window.left) * across);
      double y = floor (area->y + (group->first + group->n - self->window.top) * down);

      if (self->model->cols.items == ORR_HEATMAP_UNITS && x > area->x && x < area->x + area->width)
        cairo_rectangle (cr, x, area->y, 1, area->height);
      if (self->model->rows.items == ORR_HEATMAP_UNITS && y > area->y && y < area->y + area->height)
        cairo_rectangle (cr, area->x, y, area->width, 1);
    }
  cairo_fill (cr);
}

/* A block's mean in its middle, on a plate that keeps it readable, where there is room. */
static void
write_block (OrrHeatmapCanvas *self, cairo_t *cr, const OrrHeatmapGroup *to, const OrrHeatmapGroup *from)
{
  const OrrRect *area = &self->area;
  double across = area->width / (self->window.right - self->window.left);
  double down = area->height / (self->window.bottom - self->window.top);
  double left = MAX (area->x + (from->first - self->window.left) * across, area->x);
  double right = MIN (area->x + (from->first + from->n - self->window.left) * across, area->x + area->width);
  double top = MAX (area->y + (to->first - self->window.top) * down, area->y);
  double bottom = MIN (area->y + (to->first + to->n - self->window.top) * down, area->y + area->height);
  double width = 3.4 * self->line, height = self->line;
  OrrHeatmapBlock block;

  if (right - left < 0.95 * width || bottom - top < 0.8 * height)
    return;
  orr_heatmap_block_measure (self->model, to, from, &block);
  g_autofree char *size = orr_number_format_fixed (fabs (block.mean), 3);
  g_autofree char *text = g_strdup_printf ("%s%s", block.mean < 0.0 ? "\342\210\222" : "+", size);
  double x = 0.5 * (left + right), y = 0.5 * (top + bottom);

  set_source (cr, self->theme.background, 0.85);
  cairo_rectangle (cr, x - width / 2, y - height / 2, width, height);
  cairo_fill (cr);
  set_source (cr, self->theme.foreground, 1.0);
  write_text (self, cr, text, x, y - height / 2, 0.5, 0);
}

/**
 * orr_heatmap_frame_draw_blocks:
 *
 * What lies over the cells where units stand in groups: lines between the groups and the
 * mean weight of each block that is large enough.
 */
void
orr_heatmap_frame_draw_blocks (OrrHeatmapCanvas *self, cairo_t *cr)
{
  const GArray *groups = self->model->order->groups;

  draw_edges (self, cr);
  if (self->model->weights != ORR_HEATMAP_WEIGHTS_HH)
    return;
  for (guint i = 0; i < groups->len; i++)
    for (guint j = 0; j < groups->len; j++)
      write_block (self, cr, &g_array_index (groups, OrrHeatmapGroup, i), &g_array_index (groups, OrrHeatmapGroup, j));
}

/* All that surrounds the cells. */
void
orr_heatmap_frame_draw (OrrHeatmapCanvas *self, cairo_t *cr)
{
  draw_row_means (self, cr);
  draw_col_means (self, cr);
  draw_colour_bar (self, cr);
  draw_row_labels (self, cr);
  draw_col_labels (self, cr);
  draw_captions (self, cr);
  draw_col_groups (self, cr);
  draw_row_groups (self, cr);
}
