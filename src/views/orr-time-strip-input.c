/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-time-strip-private.h"

#include <math.h>

#define GRIP 5.0
#define CLICK_SLOP 4.0
#define SCROLL_ZOOM 1.2
#define LONG_STEP 10

/* Cursor -------------------------------------------------------------------------------------- */

static void
move_cursor (OrrTimeStrip *self, gint64 steps)
{
  gint64 cursor = orr_session_get_cursor (self->session) + steps;

  if (self->n_steps > 0)
    orr_session_set_cursor (self->session, CLAMP (cursor, 0, (gint64) self->n_steps - 1));
}

static void
back_cb (OrrTimeStrip *self)
{
  move_cursor (self, -1);
}

static void
forward_cb (OrrTimeStrip *self)
{
  move_cursor (self, 1);
}

/* To the nearest change of the estimated state, or of the symbol where there is no estimate. */
static void
move_to_change (OrrTimeStrip *self, int direction)
{
  const OrrStripRow *row = NULL;

  for (guint i = 0; i < self->rows->len && i < 2; i++)
    if (((OrrStripRow *) self->rows->pdata[i])->kind == ORR_STRIP_BANDS)
      row = self->rows->pdata[i];
  if (row != NULL)
    orr_session_set_cursor (self->session,
                            orr_strip_next_change (row, orr_session_get_cursor (self->session), direction));
}

/* Pointer ------------------------------------------------------------------------------------- */

guint
orr_time_strip_step_at (OrrTimeStrip *self, double x)
{
  OrrStripGeometry geometry;

  orr_time_strip_get_geometry (self, &geometry);
  return CLAMP (floor (orr_strip_to_step (&geometry, x)), 0.0, MAX (self->n_steps, 1) - 1.0);
}

static OrrStripDrag
choose_mode (OrrTimeStrip *self, double x, double y)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (self->drag));
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (self->drag));
  OrrStripGeometry geometry;
  guint start, end;

  orr_time_strip_get_geometry (self, &geometry);
  if (self->n_steps == 0)
    return ORR_STRIP_DRAG_NONE;
  if (x < geometry.left && y < geometry.bottom && button == GDK_BUTTON_PRIMARY)
    return ORR_STRIP_DRAG_LABEL;
  if (button != GDK_BUTTON_PRIMARY || (state & GDK_SHIFT_MASK))
    return ORR_STRIP_DRAG_PAN;
  if (y >= geometry.bottom
      || fabs (x - orr_strip_to_x (&geometry, orr_session_get_cursor (self->session) + 0.5)) <= GRIP)
    return ORR_STRIP_DRAG_CURSOR;
  if (orr_session_get_range (self->session, &start, &end))
    {
      if (fabs (x - orr_strip_to_x (&geometry, start)) <= GRIP)
        return ORR_STRIP_DRAG_RANGE_START;
      if (fabs (x - orr_strip_to_x (&geometry, end)) <= GRIP)
        return ORR_STRIP_DRAG_RANGE_END;
    }
  return ORR_STRIP_DRAG_RANGE;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, OrrTimeStrip *self)
{
  guint start, end;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->mode = choose_mode (self, x, y);
  if (self->mode == ORR_STRIP_DRAG_NONE)
    return;
  self->drag_x = x;
  self->drag_y = y;
  self->drag_start = self->start;
  orr_session_get_range (self->session, &start, &end);
  self->anchor = self->mode == ORR_STRIP_DRAG_RANGE_START ? end - 1
                 : self->mode == ORR_STRIP_DRAG_RANGE_END ? start
                                                : orr_time_strip_step_at (self, x);
  if (self->mode == ORR_STRIP_DRAG_CURSOR)
    orr_session_set_cursor (self->session, orr_time_strip_step_at (self, x));
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, OrrTimeStrip *self)
{
  OrrStripGeometry geometry;
  guint step = orr_time_strip_step_at (self, self->drag_x + dx);

  if (self->mode == ORR_STRIP_DRAG_NONE || self->mode == ORR_STRIP_DRAG_LABEL || (self->mode == ORR_STRIP_DRAG_RANGE && fabs (dx) < CLICK_SLOP))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->mode == ORR_STRIP_DRAG_CURSOR)
    orr_session_set_cursor (self->session, step);
  else if (self->mode == ORR_STRIP_DRAG_PAN)
    {
      double width = self->end - self->start;

      orr_time_strip_get_geometry (self, &geometry);
      double start = self->drag_start - dx * width / (geometry.right - geometry.left);
      orr_time_strip_set_view (self, start, start + width);
    }
  else
    orr_session_set_range (self->session, MIN (self->anchor, step), MAX (self->anchor, step) + 1);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, OrrTimeStrip *self)
{
  OrrStripDrag mode = self->mode;

  self->mode = ORR_STRIP_DRAG_NONE;
  if (mode == ORR_STRIP_DRAG_RANGE && fabs (dx) < CLICK_SLOP)
    orr_session_set_cursor (self->session, orr_time_strip_step_at (self, self->drag_x));
  if (mode == ORR_STRIP_DRAG_LABEL && hypot (dx, dy) < CLICK_SLOP)
    orr_time_strip_select_row (self, orr_time_strip_row_at (self, self->drag_y));
}

static gboolean
has_units (OrrTimeStrip *self, gssize row)
{
  return row >= 0 && ((OrrStripRow *) self->rows->pdata[row])->units != NULL;
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, OrrTimeStrip *self)
{
  self->pointer_x = x;
  if (self->mode == ORR_STRIP_DRAG_NONE && self->n_steps > 0)
    {
      OrrStripDrag mode = choose_mode (self, x, y);

      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), mode == ORR_STRIP_DRAG_CURSOR || mode == ORR_STRIP_DRAG_RANGE_START
                                                                || mode == ORR_STRIP_DRAG_RANGE_END
                                                            ? "ew-resize"
                                                          : mode == ORR_STRIP_DRAG_LABEL
                                                                && has_units (self, orr_time_strip_row_at (self, y))
                                                            ? "pointer"
                                                            : NULL);
    }
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, OrrTimeStrip *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  OrrStripGeometry geometry;
  double width = self->end - self->start;

  if (self->n_steps == 0)
    return GDK_EVENT_PROPAGATE;
  orr_time_strip_get_geometry (self, &geometry);
  /* over the labels the wheel moves the rows */
  if (self->pointer_x < geometry.left && dy != 0.0 && !(state & GDK_SHIFT_MASK))
    orr_time_strip_scroll_rows (self, dy);
  else if (state & GDK_SHIFT_MASK)
    orr_time_strip_set_view (self, self->start + 0.1 * width * (dx + dy),
                             self->end + 0.1 * width * (dx + dy));
  else
    {
      if (dx != 0.0)
        orr_time_strip_set_view (self, self->start + 0.1 * width * dx, self->end + 0.1 * width * dx);
      if (dy != 0.0)
        orr_time_strip_zoom (self, pow (SCROLL_ZOOM, -dy), orr_strip_to_step (&geometry, self->pointer_x));
    }
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrTimeStrip *self)
{
  self->pinch = 1.0;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, OrrTimeStrip *self)
{
  OrrStripGeometry geometry;

  if (self->n_steps == 0 || !(scale > 0.0))
    return;
  orr_time_strip_get_geometry (self, &geometry);
  orr_time_strip_zoom (self, scale / self->pinch, orr_strip_to_step (&geometry, self->pointer_x));
  self->pinch = scale;
}

/* Keys ---------------------------------------------------------------------------------------- */

static void
step_by_key (OrrTimeStrip *self, int direction, GdkModifierType state)
{
  if (state & GDK_CONTROL_MASK)
    move_to_change (self, direction);
  else
    move_cursor (self, direction * (state & GDK_SHIFT_MASK ? LONG_STEP : 1));
}

/* To the next group above or below the one that is selected; beyond the last one none is. */
static void
move_group (OrrTimeStrip *self, int direction)
{
  GtkBitset *units = orr_session_get_units (self->session);
  gssize n = self->rows->len, row = direction > 0 ? 0 : n - 1;

  for (gssize i = 0; i < n; i++)
    if (has_units (self, i) && gtk_bitset_equals (((OrrStripRow *) self->rows->pdata[i])->units, units))
      row = i + direction;
  while (row >= 0 && row < n && !has_units (self, row))
    row += direction;
  if (row >= 0 && row < n)
    {
      orr_time_strip_select_row (self, row);
      orr_time_strip_show_row (self, row);
    }
  else
    {
      g_autoptr (GtkBitset) none = gtk_bitset_new_empty ();
      orr_session_set_units (self->session, none);
    }
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, OrrTimeStrip *self)
{
  double cursor = orr_session_get_cursor (self->session) + 0.5;

  if (self->n_steps == 0 || (state & GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      step_by_key (self, -1, state);
      break;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      step_by_key (self, 1, state);
      break;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      move_group (self, -1);
      break;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      move_group (self, 1);
      break;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      orr_time_strip_scroll_rows (self, -gtk_adjustment_get_page_size (self->rows_adjustment));
      break;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      orr_time_strip_scroll_rows (self, gtk_adjustment_get_page_size (self->rows_adjustment));
      break;
    case GDK_KEY_Home:
      orr_session_set_cursor (self->session, 0);
      break;
    case GDK_KEY_End:
      orr_session_set_cursor (self->session, self->n_steps - 1);
      break;
    case GDK_KEY_space:
      orr_session_set_playing (self->session, !orr_session_get_playing (self->session));
      break;
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      orr_time_strip_zoom (self, SCROLL_ZOOM, cursor);
      break;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      orr_time_strip_zoom (self, 1.0 / SCROLL_ZOOM, cursor);
      break;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      orr_time_strip_set_view (self, 0.0, self->n_steps);
      break;
    case GDK_KEY_Escape:
      orr_session_set_range (self->session, 0, 0);
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  return GDK_EVENT_STOP;
}

void
orr_time_strip_bind_input (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, forward_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_begin_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_update_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_end_cb);
  gtk_widget_class_bind_template_callback (widget_class, motion_cb);
  gtk_widget_class_bind_template_callback (widget_class, scroll_cb);
  gtk_widget_class_bind_template_callback (widget_class, pinch_begin_cb);
  gtk_widget_class_bind_template_callback (widget_class, pinch_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
}
