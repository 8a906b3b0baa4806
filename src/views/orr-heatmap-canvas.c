/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-heatmap-canvas.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-bubble.h"
#include "orr-heatmap-canvas-private.h"
#include "orr-heatmap-frame.h"
#include "orr-view-theme.h"

/* Room around the cells, in pixels. */
enum
{
  PADDING = 12,
  MEANS = 22,
  BAR_GAP = 14,
  BAR_WIDTH = 10,
};

G_DEFINE_FINAL_TYPE (OrrHeatmapCanvas, orr_heatmap_canvas, GTK_TYPE_WIDGET)

static void
forget_frame (OrrHeatmapCanvas *self)
{
  g_clear_object (&self->texture);
  g_clear_pointer (&self->frame, gsk_render_node_unref);
  g_clear_pointer (&self->blocks, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* How wide the longest label along the rows is. */
static double
measure_rows (OrrHeatmapCanvas *self)
{
  double widest = 0.0;
  int width;

  for (guint i = 0; i < MIN (self->model->rows.n, 12); i++)
    {
      g_autofree char *text = orr_heatmap_frame_label (&self->model->rows, i, self->symbol_names);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, width * 0.82);
    }
  g_autoptr (PangoLayout) caption = gtk_widget_create_pango_layout (
    GTK_WIDGET (self), orr_heatmap_frame_row_caption (self->model->rows.items));
  pango_layout_get_pixel_size (caption, &width, NULL);
  /* three digits at least, so that zooming does not move the cells */
  return MAX (MAX (widest, 2.2 * self->line), width * 0.82);
}

/* Cells are squares where the matrix is not very flat; it fills what it can. */
static void
arrange (OrrHeatmapCanvas *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  orr_view_theme_init (&self->theme, GTK_WIDGET (self));
  self->line = self->theme.font_size * 1.4;
  if (self->model == NULL || width < 1 || height < 1)
    return;
  gboolean grouped = self->model->order->groups->len > 0 && self->model->cols.items == ORR_HEATMAP_UNITS;
  double left = PADDING + measure_rows (self) + 8;
  double top = 4 + (grouped ? self->line + 2 : 0) + MEANS + 4;
  double right = width - PADDING - 3.2 * self->line - BAR_WIDTH - BAR_GAP - MEANS - 6;
  double bottom = height - 2 * self->line - 8;
  double cols = self->model->cols.n, rows = self->model->rows.n;
  double across = MAX (right - left, 10.0), down = MAX (bottom - top, 10.0);

  if (rows / cols > 0.2 && rows / cols < 5.0)
    {
      double side = MIN (across / cols, down / rows);
      across = side * cols;
      down = side * rows;
    }
  else
    down = MIN (down, rows * 3 * self->line);
  self->area = (OrrRect){ floor (left), floor (top), floor (across), floor (down) };
  self->bar = (OrrRect){ self->area.x + self->area.width + MEANS + 4 + BAR_GAP, self->area.y, BAR_WIDTH,
                         self->area.height };
}

static void
ensure_texture (OrrHeatmapCanvas *self)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  guint width = lrint (self->area.width * scale), height = lrint (self->area.height * scale);
  const OrrHeatmapModel *model = self->model;
  OrrColourMap map = orr_figure_theme_get_map (&self->theme, ORR_HEATMAP_DIVERGING);

  if (self->texture != NULL || width == 0 || height == 0)
    return;
  cairo_surface_t *image =
    orr_heatmap_image (model->matrix->data, model->rows.n, model->cols.n, model->rows.order, model->cols.order,
                       &self->window, -model->limit, model->limit, map, width, height);
  int stride = cairo_image_surface_get_stride (image);
  g_autoptr (GBytes) bytes = g_bytes_new (cairo_image_surface_get_data (image), (gsize) stride * height);
  self->texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
  cairo_surface_destroy (image);
}

static void
ensure_frame (OrrHeatmapCanvas *self)
{
  if (self->frame != NULL)
    return;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (GTK_WIDGET (self)),
                                                                          gtk_widget_get_height (GTK_WIDGET (self))));
  orr_heatmap_frame_draw (self, cr);
  cairo_destroy (cr);
  self->frame = gtk_snapshot_free_to_node (snapshot);
}

static void
snapshot_blocks (OrrHeatmapCanvas *self, GtkSnapshot *snapshot)
{
  const OrrRect *area = &self->area;

  if (self->model->order->groups->len == 0 || area->width < 1.0 || area->height < 1.0)
    return;
  if (self->blocks == NULL)
    {
      GtkSnapshot *own = gtk_snapshot_new ();
      cairo_t *cr =
        gtk_snapshot_append_cairo (own, &GRAPHENE_RECT_INIT (area->x, area->y, area->width, area->height));

      orr_heatmap_frame_draw_blocks (self, cr);
      cairo_destroy (cr);
      self->blocks = gtk_snapshot_free_to_node (own);
    }
  if (self->blocks != NULL)
    gtk_snapshot_append_node (snapshot, self->blocks);
}

static void
fill (GtkSnapshot *snapshot, guint32 rgb, double alpha, double x, double y, double width, double height)
{
  GdkRGBA colour;

  orr_rgb_to_rgba (rgb, alpha, &colour);
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* The pixels of the places [from, to) along one axis, within the area; FALSE when outside. */
static gboolean
span_of (double from, double to, double low, double high, double start, double length, double *at, double *size)
{
  double scale = length / (high - low);
  double a = CLAMP ((from - low) * scale, 0.0, length), b = CLAMP ((to - low) * scale, 0.0, length);

  *at = start + a;
  *size = MAX (b - a, to > low && from < high ? 1.0 : 0.0);
  return *size > 0.0;
}

/* Rows [from, to): a bar beside them and lines along their edges. */
static void
snapshot_rows (OrrHeatmapCanvas *self, GtkSnapshot *snapshot, guint from, guint to, double alpha, gboolean lines)
{
  const OrrRect *area = &self->area;
  guint32 accent = self->theme.accent;
  double at, size;

  if (!span_of (from, to, self->window.top, self->window.bottom, area->y, area->height, &at, &size))
    return;
  fill (snapshot, accent, alpha, area->x - 5, at, 4, size);
  if (lines && size >= 4.0)
    {
      fill (snapshot, accent, alpha, area->x, at, area->width, 1);
      fill (snapshot, accent, alpha, area->x, at + size - 1, area->width, 1);
    }
}

static void
snapshot_cols (OrrHeatmapCanvas *self, GtkSnapshot *snapshot, guint from, guint to, double alpha, gboolean lines)
{
  const OrrRect *area = &self->area;
  guint32 accent = self->theme.accent;
  double at, size;

  if (!span_of (from, to, self->window.left, self->window.right, area->x, area->width, &at, &size))
    return;
  fill (snapshot, accent, alpha, at, area->y - 5, size, 4);
  if (lines && size >= 4.0)
    {
      fill (snapshot, accent, alpha, at, area->y, 1, area->height);
      fill (snapshot, accent, alpha, at + size - 1, area->y, 1, area->height);
    }
}

typedef void (*SnapshotStretch) (OrrHeatmapCanvas *self, GtkSnapshot *snapshot, guint from, guint to, double alpha,
                                 gboolean lines);

/* Selected units that stand side by side are shown as one. */
static void
snapshot_stretches (OrrHeatmapCanvas *self, GtkSnapshot *snapshot, const OrrHeatmapAxis *axis, SnapshotStretch draw)
{
  guint from = 0, n_stretches = 0;

  if (axis->items != ORR_HEATMAP_UNITS)
    return;
  for (guint pass = 0; pass < 2; pass++)
    for (guint place = 0; place <= axis->n; place++)
      {
        gboolean selected = place < axis->n && gtk_bitset_contains (self->units, axis->order[place]);
        gboolean before = place > 0 && gtk_bitset_contains (self->units, axis->order[place - 1]);

        if (selected && !before)
          from = place;
        if (selected || !before)
          continue;
        if (pass == 0)
          n_stretches++;
        else
          draw (self, snapshot, from, place, 1.0, n_stretches <= 24);
      }
  if (self->hovered_unit >= 0 && (guint) self->hovered_unit < axis->n
      && !gtk_bitset_contains (self->units, self->hovered_unit))
    draw (self, snapshot, axis->place[self->hovered_unit], axis->place[self->hovered_unit] + 1, 0.5, FALSE);
}

static void
snapshot_units (OrrHeatmapCanvas *self, GtkSnapshot *snapshot)
{
  snapshot_stretches (self, snapshot, &self->model->rows, snapshot_rows);
  snapshot_stretches (self, snapshot, &self->model->cols, snapshot_cols);
}

static void
snapshot_cursor (OrrHeatmapCanvas *self, GtkSnapshot *snapshot)
{
  g_autofree char *text =
    orr_heatmap_model_describe (self->model, self->cursor.row, self->cursor.col, self->symbol_names);
  g_autoptr (PangoLayout) words = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  graphene_rect_t cell;
  GskRoundedRect box;
  GdkRGBA ink;

  orr_heatmap_canvas_get_cell_rect (self, self->cursor.row, self->cursor.col, &cell);
  orr_rgb_to_rgba (self->theme.foreground, 1.0, &ink);
  graphene_rect_inset (&cell, -1.5, -1.5);
  gsk_rounded_rect_init_from_rect (&box, &cell, 1);
  gtk_snapshot_append_border (snapshot, &box, (float[]){ 1.5, 1.5, 1.5, 1.5 }, (GdkRGBA[]){ ink, ink, ink, ink });
  orr_bubble_snapshot (snapshot, words, &self->theme, cell.origin.x + cell.size.width / 2,
                       cell.origin.y + cell.size.height / 2, gtk_widget_get_width (GTK_WIDGET (self)),
                       gtk_widget_get_height (GTK_WIDGET (self)));
}

static void
snapshot_band (OrrHeatmapCanvas *self, GtkSnapshot *snapshot)
{
  double x = MIN (self->drag_x, self->drag_to_x), y = MIN (self->drag_y, self->drag_to_y);

  fill (snapshot, self->theme.accent, 0.18, x, y, fabs (self->drag_to_x - self->drag_x),
        fabs (self->drag_to_y - self->drag_y));
}

static void
snapshot_empty (OrrHeatmapCanvas *self, GtkSnapshot *snapshot)
{
  g_autoptr (PangoLayout) words = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->empty_text);
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self)), text_height;
  GdkRGBA dim;

  pango_layout_set_width (words, MAX (width - 32, 40) * PANGO_SCALE);
  pango_layout_set_alignment (words, PANGO_ALIGN_CENTER);
  pango_layout_set_wrap (words, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_pixel_size (words, NULL, &text_height);
  orr_rgb_to_rgba (self->theme.dim, 1.0, &dim);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (16, (height - text_height) / 2.0));
  gtk_snapshot_append_layout (snapshot, words, &dim);
}

static void
orr_heatmap_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrHeatmapCanvas *self = ORR_HEATMAP_CANVAS (widget);
  const OrrRect *area = &self->area;

  if (self->model == NULL)
    {
      snapshot_empty (self, snapshot);
      return;
    }
  ensure_texture (self);
  ensure_frame (self);
  if (self->frame != NULL)
    gtk_snapshot_append_node (snapshot, self->frame);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture,
                                 &GRAPHENE_RECT_INIT (area->x, area->y, area->width, area->height));
  snapshot_blocks (self, snapshot);
  snapshot_units (self, snapshot);
  if (self->drag_zone == ORR_HEATMAP_CELLS && !self->panning)
    snapshot_band (self, snapshot);
  else if (self->cursor.valid)
    snapshot_cursor (self, snapshot);
  if (gtk_widget_has_visible_focus (widget))
    gtk_snapshot_render_focus (snapshot, gtk_widget_get_style_context (widget), 1, 1, gtk_widget_get_width (widget) - 2,
                               gtk_widget_get_height (widget) - 2);
}

static void
rearrange (OrrHeatmapCanvas *self)
{
  arrange (self);
  forget_frame (self);
}

static void
orr_heatmap_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  rearrange (ORR_HEATMAP_CANVAS (widget));
}

static void
orr_heatmap_canvas_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (orr_heatmap_canvas_parent_class)->css_changed (widget, change);
  rearrange (ORR_HEATMAP_CANVAS (widget));
}

static void
orr_heatmap_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                            int *minimum_baseline, int *natural_baseline)
{
  *minimum = 160;
  *natural = 480;
}

static void
orr_heatmap_canvas_finalize (GObject *object)
{
  OrrHeatmapCanvas *self = ORR_HEATMAP_CANVAS (object);

  g_clear_pointer (&self->model, orr_heatmap_model_free);
  g_strfreev (self->symbol_names);
  g_free (self->empty_text);
  gtk_bitset_unref (self->units);
  g_clear_pointer (&self->drag_units, gtk_bitset_unref);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->frame, gsk_render_node_unref);
  g_clear_pointer (&self->blocks, gsk_render_node_unref);
  G_OBJECT_CLASS (orr_heatmap_canvas_parent_class)->finalize (object);
}

static void
orr_heatmap_canvas_class_init (OrrHeatmapCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = orr_heatmap_canvas_finalize;
  widget_class->snapshot = orr_heatmap_canvas_snapshot;
  widget_class->size_allocate = orr_heatmap_canvas_size_allocate;
  widget_class->measure = orr_heatmap_canvas_measure;
  widget_class->css_changed = orr_heatmap_canvas_css_changed;
  gtk_widget_class_set_css_name (widget_class, "orrheatmap");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  g_signal_new ("units-selected", ORR_TYPE_HEATMAP_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                GTK_TYPE_BITSET);
  g_signal_new ("unit-hovered", ORR_TYPE_HEATMAP_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_INT);
  g_signal_new ("symbol-selected", ORR_TYPE_HEATMAP_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_INT);
}

static void
orr_heatmap_canvas_init (OrrHeatmapCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->units = gtk_bitset_new_empty ();
  self->hovered_unit = -1;
  self->empty_text = g_strdup ("");
  self->window = (OrrHeatmapWindow){ 0, 0, 1, 1 };
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Connectivity heatmap"), -1);
  orr_view_theme_watch (widget, G_CALLBACK (rearrange));
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (forget_frame), NULL);
  orr_heatmap_canvas_init_input (self);
}

GtkWidget *
orr_heatmap_canvas_new (void)
{
  return g_object_new (ORR_TYPE_HEATMAP_CANVAS, NULL);
}

/**
 * orr_heatmap_canvas_set_model:
 * @model: (nullable) (transfer full): what to show
 *
 * Keeps the part that is shown where the matrix has the same shape as before.
 */
void
orr_heatmap_canvas_set_model (OrrHeatmapCanvas *self, OrrHeatmapModel *model)
{
  g_return_if_fail (ORR_IS_HEATMAP_CANVAS (self));
  gboolean same = self->model != NULL && model != NULL && self->model->weights == model->weights
                  && self->model->rows.n == model->rows.n && self->model->cols.n == model->cols.n;

  g_clear_pointer (&self->model, orr_heatmap_model_free);
  self->model = model;
  if (!same)
    {
      self->cursor.valid = self->anchor.valid = FALSE;
      self->drag_zone = ORR_HEATMAP_NOWHERE;
      if (model != NULL)
        self->window = (OrrHeatmapWindow){ 0, 0, model->cols.n, model->rows.n };
    }
  rearrange (self);
}

const OrrHeatmapModel *
orr_heatmap_canvas_get_model (OrrHeatmapCanvas *self)
{
  g_return_val_if_fail (ORR_IS_HEATMAP_CANVAS (self), NULL);
  return self->model;
}

void
orr_heatmap_canvas_set_symbol_names (OrrHeatmapCanvas *self, char **names)
{
  g_return_if_fail (ORR_IS_HEATMAP_CANVAS (self));
  g_strfreev (self->symbol_names);
  self->symbol_names = g_strdupv (names);
  rearrange (self);
}

char **
orr_heatmap_canvas_get_symbol_names (OrrHeatmapCanvas *self)
{
  return self->symbol_names;
}

/* What is said where there is no matrix. */
void
orr_heatmap_canvas_set_empty_text (OrrHeatmapCanvas *self, const char *text)
{
  g_return_if_fail (ORR_IS_HEATMAP_CANVAS (self));
  g_free (self->empty_text);
  self->empty_text = g_strdup (text);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
orr_heatmap_canvas_set_units (OrrHeatmapCanvas *self, GtkBitset *units)
{
  g_return_if_fail (ORR_IS_HEATMAP_CANVAS (self));
  gtk_bitset_unref (self->units);
  self->units = gtk_bitset_copy (units);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
orr_heatmap_canvas_set_hovered_unit (OrrHeatmapCanvas *self, int unit)
{
  g_return_if_fail (ORR_IS_HEATMAP_CANVAS (self));
  if (self->hovered_unit == unit)
    return;
  self->hovered_unit = unit;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Keeps the window inside the matrix, and at least a few cells large. */
void
orr_heatmap_canvas_set_window (OrrHeatmapCanvas *self, const OrrHeatmapWindow *window)
{
  g_return_if_fail (self->model != NULL);
  double cols = self->model->cols.n, rows = self->model->rows.n;
  double width = CLAMP (window->right - window->left, MIN (cols, 2.0), cols);
  double height = CLAMP (window->bottom - window->top, MIN (rows, 2.0), rows);

  self->window.left = CLAMP (window->left, 0.0, cols - width);
  self->window.top = CLAMP (window->top, 0.0, rows - height);
  self->window.right = self->window.left + width;
  self->window.bottom = self->window.top + height;
  forget_frame (self);
}

/* Shows the whole matrix. */
void
orr_heatmap_canvas_fit (OrrHeatmapCanvas *self)
{
  g_return_if_fail (ORR_IS_HEATMAP_CANVAS (self));
  if (self->model != NULL)
    orr_heatmap_canvas_set_window (self, &(OrrHeatmapWindow){ 0, 0, self->model->cols.n, self->model->rows.n });
}

static void
describe (OrrHeatmapCanvas *self)
{
  g_autofree char *text =
    self->cursor.valid ? orr_heatmap_model_describe (self->model, self->cursor.row, self->cursor.col, self->symbol_names)
                       : g_strdup ("");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* Moves the marked cell (%NULL: none) and tells which unit's row it is in. */
void
orr_heatmap_canvas_set_cursor (OrrHeatmapCanvas *self, const OrrHeatmapCell *cell, gboolean by_key)
{
  OrrHeatmapCell next = cell != NULL ? *cell : (OrrHeatmapCell){ 0 };

  if (next.valid == self->cursor.valid && next.row == self->cursor.row && next.col == self->cursor.col)
    return;
  self->cursor = next;
  self->cursor_by_key = by_key;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->model != NULL)
    {
      const OrrHeatmapAxis *rows = &self->model->rows, *cols = &self->model->cols;
      int unit = !next.valid                          ? -1
                 : rows->items == ORR_HEATMAP_UNITS ? (int) rows->order[next.row]
                                                      : (int) cols->order[next.col];
      g_signal_emit_by_name (self, "unit-hovered", unit);
    }
}

double
orr_heatmap_canvas_to_col (OrrHeatmapCanvas *self, double x)
{
  return self->window.left + (x - self->area.x) / self->area.width * (self->window.right - self->window.left);
}

double
orr_heatmap_canvas_to_row (OrrHeatmapCanvas *self, double y)
{
  return self->window.top + (y - self->area.y) / self->area.height * (self->window.bottom - self->window.top);
}

OrrHeatmapZone
orr_heatmap_canvas_zone_at (OrrHeatmapCanvas *self, double x, double y)
{
  const OrrRect *area = &self->area;
  gboolean beside = y >= area->y && y < area->y + area->height, above = x >= area->x && x < area->x + area->width;

  if (self->model == NULL)
    return ORR_HEATMAP_NOWHERE;
  if (beside && above)
    return ORR_HEATMAP_CELLS;
  if (beside && x < self->bar.x - 4)
    return ORR_HEATMAP_ROW_EDGE;
  return above ? ORR_HEATMAP_COL_EDGE : ORR_HEATMAP_NOWHERE;
}

/**
 * orr_heatmap_canvas_cell_at:
 * @row_place: (out): the place of the row
 * @col_place: (out): the place of the column
 *
 * Returns: whether there is a cell at this pixel
 */
gboolean
orr_heatmap_canvas_cell_at (OrrHeatmapCanvas *self, double x, double y, guint *row_place, guint *col_place)
{
  if (orr_heatmap_canvas_zone_at (self, x, y) != ORR_HEATMAP_CELLS)
    return FALSE;
  *col_place = MIN ((guint) orr_heatmap_canvas_to_col (self, x), self->model->cols.n - 1);
  *row_place = MIN ((guint) orr_heatmap_canvas_to_row (self, y), self->model->rows.n - 1);
  return TRUE;
}

/* Where a cell is drawn (perhaps outside of what is shown). */
void
orr_heatmap_canvas_get_cell_rect (OrrHeatmapCanvas *self, guint row_place, guint col_place, graphene_rect_t *rect)
{
  double width = self->area.width / (self->window.right - self->window.left);
  double height = self->area.height / (self->window.bottom - self->window.top);

  graphene_rect_init (rect, self->area.x + (col_place - self->window.left) * width,
                      self->area.y + (row_place - self->window.top) * height, width, height);
}
