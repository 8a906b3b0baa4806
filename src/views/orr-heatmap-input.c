/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-heatmap-blocks.h"
#include "orr-heatmap-canvas-private.h"

#define ZOOM_STEP 1.2
#define DRAG_LEAST 4.0
/* Brackets of groups: so far above the cells, beyond the columns' means, and so far beside them. */
#define BRACKET_ABOVE 28.0
#define BRACKET_BESIDE 5.0

static void
zoom_at (OrrHeatmapCanvas *self, double x, double y, double factor)
{
  OrrHeatmapWindow window = self->window;
  double col = orr_heatmap_canvas_to_col (self, x), row = orr_heatmap_canvas_to_row (self, y);

  window.left = col + (window.left - col) * factor;
  window.right = col + (window.right - col) * factor;
  window.top = row + (window.top - row) * factor;
  window.bottom = row + (window.bottom - row) * factor;
  orr_heatmap_canvas_set_window (self, &window);
}

/* Moves @start by a distance in pixels. */
static void
pan_by (OrrHeatmapCanvas *self, const OrrHeatmapWindow *start, double dx, double dy)
{
  double cols = -dx / self->area.width * (start->right - start->left);
  double rows = -dy / self->area.height * (start->bottom - start->top);
  OrrHeatmapWindow window = { start->left + cols, start->top + rows, start->right + cols, start->bottom + rows };

  orr_heatmap_canvas_set_window (self, &window);
}

static void
select_units (OrrHeatmapCanvas *self, GtkBitset *units)
{
  g_signal_emit_by_name (self, "units-selected", units);
}

/* The units at the places [from, to] of an axis, where it has units. */
static void
add_places (GtkBitset *units, const OrrHeatmapAxis *axis, guint from, guint to)
{
  if (axis->items != ORR_HEATMAP_UNITS)
    return;
  for (guint place = MIN (from, to); place <= MAX (from, to) && place < axis->n; place++)
    gtk_bitset_add (units, axis->order[place]);
}

static guint
clamp_place (double value, guint n)
{
  return CLAMP (floor (value), 0.0, n - 1.0);
}

/* Units of the rows and columns between two cells; only those the zone is about. */
static GtkBitset *
collect (OrrHeatmapCanvas *self, OrrHeatmapZone zone, const OrrHeatmapCell *a, const OrrHeatmapCell *b)
{
  GtkBitset *units = gtk_bitset_new_empty ();

  if (zone != ORR_HEATMAP_COL_EDGE)
    add_places (units, &self->model->rows, a->row, b->row);
  if (zone != ORR_HEATMAP_ROW_EDGE)
    add_places (units, &self->model->cols, a->col, b->col);
  return units;
}

static OrrHeatmapCell
cell_near (OrrHeatmapCanvas *self, double x, double y)
{
  return (OrrHeatmapCell){ TRUE, clamp_place (orr_heatmap_canvas_to_row (self, y), self->model->rows.n),
                           clamp_place (orr_heatmap_canvas_to_col (self, x), self->model->cols.n) };
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, OrrHeatmapCanvas *self)
{
  OrrHeatmapCell cell = { 0 };

  self->pointer_x = x;
  self->pointer_y = y;
  if (self->model == NULL || self->drag_zone != ORR_HEATMAP_NOWHERE)
    return;
  cell.valid = orr_heatmap_canvas_cell_at (self, x, y, &cell.row, &cell.col);
  orr_heatmap_canvas_set_cursor (self, cell.valid ? &cell : NULL, FALSE);
}

static void
leave_cb (GtkEventControllerMotion *controller, OrrHeatmapCanvas *self)
{
  if (!self->cursor_by_key)
    orr_heatmap_canvas_set_cursor (self, NULL, FALSE);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, OrrHeatmapCanvas *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if (self->model == NULL
      || orr_heatmap_canvas_zone_at (self, self->pointer_x, self->pointer_y) == ORR_HEATMAP_NOWHERE)
    return GDK_EVENT_PROPAGATE;
  if (state & GDK_SHIFT_MASK)
    pan_by (self, &self->window, -40.0 * (dx + dy), 0.0);
  else if (state & GDK_CONTROL_MASK)
    pan_by (self, &self->window, 0.0, -40.0 * dy);
  else if (dx != 0.0 && dy == 0.0)
    pan_by (self, &self->window, -40.0 * dx, 0.0);
  else
    zoom_at (self, self->pointer_x, self->pointer_y, pow (ZOOM_STEP, CLAMP (dy, -4.0, 4.0)));
  motion_cb (NULL, self->pointer_x, self->pointer_y, self);
  return GDK_EVENT_STOP;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, OrrHeatmapCanvas *self)
{
  double x, y;

  if (self->model == NULL || !gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y) || scale <= 0.0)
    return;
  double shown = self->model->cols.n / scale;
  zoom_at (self, x, y, shown / (self->window.right - self->window.left) > 1.0 ? 1.03 : 1.0 / 1.03);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, OrrHeatmapCanvas *self)
{
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  self->drag_zone = button != GDK_BUTTON_SECONDARY ? orr_heatmap_canvas_zone_at (self, x, y) : ORR_HEATMAP_NOWHERE;
  if (self->drag_zone == ORR_HEATMAP_NOWHERE)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->panning = button == GDK_BUTTON_MIDDLE || (state & GDK_ALT_MASK) != 0;
  self->drag_window = self->window;
  self->drag_x = self->drag_to_x = x;
  self->drag_y = self->drag_to_y = y;
  g_clear_pointer (&self->drag_units, gtk_bitset_unref);
  if (state & GDK_CONTROL_MASK)
    self->drag_units = gtk_bitset_copy (self->units);
  if (!(state & GDK_SHIFT_MASK) || !self->anchor.valid)
    self->anchor = cell_near (self, x, y);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, OrrHeatmapCanvas *self)
{
  if (self->drag_zone == ORR_HEATMAP_NOWHERE || self->model == NULL)
    return;
  if (self->panning)
    {
      pan_by (self, &self->drag_window, dx, dy);
      return;
    }
  self->drag_to_x = CLAMP (self->drag_x + dx, self->area.x, self->area.x + self->area.width);
  self->drag_to_y = CLAMP (self->drag_y + dy, self->area.y, self->area.y + self->area.height);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The group whose bracket or name is at a pixel: over the columns, or right of the rows. */
static const OrrHeatmapGroup *
bracket_at (OrrHeatmapCanvas *self, double x, double y)
{
  const OrrRect *area = &self->area;
  gboolean above = y < area->y - BRACKET_ABOVE && x >= area->x && x < area->x + area->width;
  gboolean beside =
    x >= area->x + area->width && x < area->x + area->width + BRACKET_BESIDE && y >= area->y && y < area->y + area->height;

  if (above)
    return orr_heatmap_group_at (self->model, &self->model->cols,
                                 clamp_place (orr_heatmap_canvas_to_col (self, x), self->model->cols.n));
  if (beside)
    return orr_heatmap_group_at (self->model, &self->model->rows,
                                 clamp_place (orr_heatmap_canvas_to_row (self, y), self->model->rows.n));
  return NULL;
}

/* Its units, added to those selected with Ctrl. */
static void
select_group (OrrHeatmapCanvas *self, const OrrHeatmapGroup *group, gboolean add)
{
  g_autoptr (GtkBitset) units = orr_heatmap_group_dup_units (self->model, group);

  if (add)
    gtk_bitset_union (units, self->units);
  select_units (self, units);
}

/* The group of the marked cell's row, or of its column. */
static gboolean
select_group_at_cursor (OrrHeatmapCanvas *self, gboolean columns)
{
  const OrrHeatmapGroup *group = NULL;

  if (self->cursor.valid)
    group = columns ? orr_heatmap_group_at (self->model, &self->model->cols, self->cursor.col)
                    : orr_heatmap_group_at (self->model, &self->model->rows, self->cursor.row);
  if (group == NULL)
    return GDK_EVENT_PROPAGATE;
  select_group (self, group, FALSE);
  return GDK_EVENT_STOP;
}

/* A single cell or label with Ctrl changes sides; a stretch is added. */
static void
finish_selection (OrrHeatmapCanvas *self, double dx, double dy)
{
  gboolean moved = hypot (dx, dy) >= DRAG_LEAST;
  OrrHeatmapCell end = cell_near (self, self->drag_x + dx, self->drag_y + dy);
  const OrrHeatmapGroup *group = moved ? NULL : bracket_at (self, self->drag_x, self->drag_y);
  g_autoptr (GtkBitset) units = collect (self, self->drag_zone, &self->anchor, &end);

  if (group != NULL)
    {
      select_group (self, group, self->drag_units != NULL);
      return;
    }
  if (self->model->rows.items == ORR_HEATMAP_SYMBOLS && self->drag_zone == ORR_HEATMAP_ROW_EDGE)
    {
      g_signal_emit_by_name (self, "symbol-selected", (int) self->model->rows.order[end.row]);
      return;
    }
  if (self->drag_units != NULL && moved)
    gtk_bitset_union (units, self->drag_units);
  else if (self->drag_units != NULL)
    gtk_bitset_difference (units, self->drag_units);
  select_units (self, units);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, OrrHeatmapCanvas *self)
{
  if (self->drag_zone != ORR_HEATMAP_NOWHERE && !self->panning && self->model != NULL)
    finish_selection (self, dx, dy);
  self->drag_zone = ORR_HEATMAP_NOWHERE;
  self->panning = FALSE;
  g_clear_pointer (&self->drag_units, gtk_bitset_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
cancel_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrHeatmapCanvas *self)
{
  self->drag_zone = ORR_HEATMAP_NOWHERE;
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, OrrHeatmapCanvas *self)
{
  if (n_press == 2 && self->model != NULL && orr_heatmap_canvas_zone_at (self, x, y) == ORR_HEATMAP_CELLS)
    orr_heatmap_canvas_fit (self);
}

/* Brings the marked cell into view. */
static void
follow_cursor (OrrHeatmapCanvas *self)
{
  OrrHeatmapWindow window = self->window;
  double width = window.right - window.left, height = window.bottom - window.top;

  window.left = CLAMP (window.left, self->cursor.col + 1.0 - width, (double) self->cursor.col);
  window.top = CLAMP (window.top, self->cursor.row + 1.0 - height, (double) self->cursor.row);
  window.right = window.left + width;
  window.bottom = window.top + height;
  orr_heatmap_canvas_set_window (self, &window);
}

static void
move_cursor (OrrHeatmapCanvas *self, int cols, int rows, GdkModifierType state)
{
  OrrHeatmapCell next = self->cursor;

  if (!next.valid)
    next = (OrrHeatmapCell){ TRUE, clamp_place (self->window.top, self->model->rows.n),
                             clamp_place (self->window.left, self->model->cols.n) };
  else
    {
      next.col = clamp_place ((double) next.col + cols, self->model->cols.n);
      next.row = clamp_place ((double) next.row + rows, self->model->rows.n);
    }
  if (!self->anchor.valid || !(state & GDK_SHIFT_MASK))
    self->anchor = next;
  orr_heatmap_canvas_set_cursor (self, &next, TRUE);
  follow_cursor (self);
  if (state & GDK_SHIFT_MASK)
    {
      g_autoptr (GtkBitset) units = collect (self, ORR_HEATMAP_CELLS, &self->anchor, &next);
      select_units (self, units);
    }
}

static void
select_at_cursor (OrrHeatmapCanvas *self, gboolean toggle)
{
  if (!self->cursor.valid)
    return;
  g_autoptr (GtkBitset) units = collect (self, ORR_HEATMAP_CELLS, &self->cursor, &self->cursor);
  if (toggle)
    gtk_bitset_difference (units, self->units);
  select_units (self, units);
}

static gboolean
arrow_key (OrrHeatmapCanvas *self, int cols, int rows, GdkModifierType state)
{
  if (state & GDK_CONTROL_MASK)
    pan_by (self, &self->window, -40.0 * cols, -40.0 * rows);
  else
    move_cursor (self, cols, rows, state);
  return GDK_EVENT_STOP;
}

static void
zoom_by_key (OrrHeatmapCanvas *self, double factor)
{
  double x = self->area.x + self->area.width / 2, y = self->area.y + self->area.height / 2;

  if (self->cursor.valid)
    {
      graphene_rect_t cell;

      orr_heatmap_canvas_get_cell_rect (self, self->cursor.row, self->cursor.col, &cell);
      x = cell.origin.x + cell.size.width / 2;
      y = cell.origin.y + cell.size.height / 2;
    }
  zoom_at (self, x, y, factor);
}

static gboolean
select_all (OrrHeatmapCanvas *self)
{
  g_autoptr (GtkBitset) all = gtk_bitset_new_range (0, self->model->network->n_hidden);

  select_units (self, all);
  return GDK_EVENT_STOP;
}

static gboolean
clear_selection (OrrHeatmapCanvas *self)
{
  g_autoptr (GtkBitset) none = gtk_bitset_new_empty ();

  if (gtk_bitset_is_empty (self->units) && !self->cursor.valid)
    return GDK_EVENT_PROPAGATE;
  orr_heatmap_canvas_set_cursor (self, NULL, TRUE);
  select_units (self, none);
  return GDK_EVENT_STOP;
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, OrrHeatmapCanvas *self)
{
  if (self->model == NULL || (state & GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
      return arrow_key (self, -1, 0, state);
    case GDK_KEY_Right:
      return arrow_key (self, 1, 0, state);
    case GDK_KEY_Up:
      return arrow_key (self, 0, -1, state);
    case GDK_KEY_Down:
      return arrow_key (self, 0, 1, state);
    case GDK_KEY_Page_Up:
      return arrow_key (self, 0, -10, state);
    case GDK_KEY_Page_Down:
      return arrow_key (self, 0, 10, state);
    case GDK_KEY_Home:
      return arrow_key (self, -10, 0, state);
    case GDK_KEY_End:
      return arrow_key (self, 10, 0, state);
    case GDK_KEY_g:
      return select_group_at_cursor (self, FALSE);
    case GDK_KEY_G:
      return select_group_at_cursor (self, TRUE);
    case GDK_KEY_space:
    case GDK_KEY_Return:
      select_at_cursor (self, (state & GDK_CONTROL_MASK) != 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      zoom_by_key (self, 1.0 / ZOOM_STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom_by_key (self, ZOOM_STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      orr_heatmap_canvas_fit (self);
      return GDK_EVENT_STOP;
    case GDK_KEY_a:
      return state & GDK_CONTROL_MASK ? select_all (self) : GDK_EVENT_PROPAGATE;
    case GDK_KEY_Escape:
      return clear_selection (self);
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

void
orr_heatmap_canvas_init_input (OrrHeatmapCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new (), *click = gtk_gesture_click_new (), *pinch = gtk_gesture_zoom_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (cancel_cb), self);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  gtk_gesture_group (drag, click);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, key);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
}
