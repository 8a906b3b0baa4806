/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-hmm-edit.h"
#include "orr-hmm-graph-view-private.h"

/* Zoom of one notch of a wheel. */
#define WHEEL 1.12

static gboolean
get_state_position (OrrHmmGraphView *self, int state, double *x, double *y)
{
  const OrrHmm *hmm = orr_hmm_canvas_get_hmm (self->canvas);

  if (hmm == NULL || state < 0 || state >= (int) hmm->n_states)
    return FALSE;
  *x = hmm->positions[2 * state];
  *y = hmm->positions[2 * state + 1];
  return TRUE;
}

/* Shape of the pointer and glow of what is under it ------------------------------------------------ */

static const char *
choose_cursor (OrrHmmGraphView *self, const OrrHmmHit *hit)
{
  if (self->grab == ORR_HMM_GRAB_VIEW && self->moved)
    return "grabbing";
  if (!self->editable)
    return hit->part == ORR_HMM_PART_NONE ? NULL : "pointer";
  if (self->space_held)
    return "grab";
  switch (hit->part)
    {
    case ORR_HMM_PART_STATE:
      return "move";
    case ORR_HMM_PART_RIM:
      return "crosshair";
    case ORR_HMM_PART_BAR:
      return "ns-resize";
    case ORR_HMM_PART_TRANSITION:
      return "pointer";
    default:
      return NULL;
    }
}

static void
update_hover (OrrHmmGraphView *self, double x, double y)
{
  OrrHmmHit hit = self->grab != ORR_HMM_GRAB_NONE && self->moved ? self->grabbed
                                                                 : orr_hmm_canvas_hit (self->canvas, x, y);

  if (!self->editable && (hit.part == ORR_HMM_PART_RIM || hit.part == ORR_HMM_PART_BAR))
    hit.part = ORR_HMM_PART_STATE;
  orr_hmm_canvas_set_hover (self->canvas, &hit);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->canvas), choose_cursor (self, &hit));
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, OrrHmmGraphView *self)
{
  self->pointer_x = x;
  self->pointer_y = y;
  update_hover (self, x, y);
}

static void
leave_cb (GtkEventControllerMotion *controller, OrrHmmGraphView *self)
{
  orr_hmm_canvas_set_hover (self->canvas, NULL);
}

static char *
describe_state (const OrrHmm *hmm, guint state)
{
  double stay = hmm->transition[(gsize) state * (hmm->n_states + 1)];
  g_autofree char *start = orr_probability_to_string (hmm->start[state]);

  if (stay >= 1.0)
    return g_strdup_printf (_ ("%s: start %s, never left"), hmm->state_names[state], start);
  return g_strdup_printf (_ ("%s: start %s, mean stay %.3g steps"), hmm->state_names[state], start,
                          1.0 / (1.0 - stay));
}

static char *
describe (OrrHmmGraphView *self, const OrrHmmHit *hit)
{
  const OrrHmm *hmm = orr_hmm_canvas_get_hmm (self->canvas);
  gsize S = hmm->n_states;
  g_autofree char *probability = NULL;

  switch (hit->part)
    {
    case ORR_HMM_PART_BAR:
      probability =
          orr_probability_to_string (hmm->emission[(gsize) hit->state * hmm->n_symbols + hit->symbol]);
      return g_strdup_printf (_ ("%s emits %s: %s"), hmm->state_names[hit->state],
                              hmm->symbol_names[hit->symbol], probability);
    case ORR_HMM_PART_TRANSITION:
      probability = orr_probability_to_string (hmm->transition[hit->state * S + hit->to]);
      return g_strdup_printf (hmm->locked[hit->state * S + hit->to] ? _ ("%s → %s: %s, locked")
                                                                    : _ ("%s → %s: %s"),
                              hmm->state_names[hit->state], hmm->state_names[hit->to], probability);
    case ORR_HMM_PART_RIM:
      return self->editable ? g_strdup_printf (_ ("Drag to another state to add a transition from %s"),
                                               hmm->state_names[hit->state])
                            : g_strdup (hmm->state_names[hit->state]);
    case ORR_HMM_PART_STATE:
      return describe_state (hmm, hit->state);
    default:
      return NULL;
    }
}

static gboolean
query_tooltip_cb (GtkWidget *canvas, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                  OrrHmmGraphView *self)
{
  OrrHmmHit hit = orr_hmm_canvas_hit (self->canvas, x, y);

  if (keyboard || self->grab != ORR_HMM_GRAB_NONE || hit.part == ORR_HMM_PART_NONE)
    return FALSE;
  g_autofree char *text = describe (self, &hit);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* Dragging ---------------------------------------------------------------------------------------- */

static void
select_hit (OrrHmmGraphView *self, const OrrHmmHit *hit)
{
  if (hit->part == ORR_HMM_PART_TRANSITION)
    orr_session_select_transition (self->session, hit->state, hit->to);
  else if (hit->part != ORR_HMM_PART_NONE)
    orr_session_select_state (self->session, hit->state);
  if (hit->part == ORR_HMM_PART_BAR)
    orr_session_set_symbol (self->session, hit->symbol);
  else if (hit->part != ORR_HMM_PART_NONE)
    orr_session_set_symbol (self->session, -1);
}

static OrrHmmGrab
choose_grab (OrrHmmGraphView *self, const OrrHmmHit *hit)
{
  if (!self->editable)
    return ORR_HMM_GRAB_NONE;
  if (self->space_held)
    return ORR_HMM_GRAB_VIEW;
  switch (hit->part)
    {
    case ORR_HMM_PART_STATE:
      return ORR_HMM_GRAB_STATE;
    case ORR_HMM_PART_RIM:
      return ORR_HMM_GRAB_RIM;
    case ORR_HMM_PART_BAR:
      return ORR_HMM_GRAB_BAR;
    case ORR_HMM_PART_NONE:
      return ORR_HMM_GRAB_VIEW;
    default:
      return ORR_HMM_GRAB_NONE;
    }
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, OrrHmmGraphView *self)
{
  const OrrHmm *hmm = orr_hmm_canvas_get_hmm (self->canvas);

  if (hmm == NULL || self->session == NULL)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
  orr_hmm_keys_end_link (self);
  self->grabbed = orr_hmm_canvas_hit (self->canvas, x, y);
  self->grab = choose_grab (self, &self->grabbed);
  self->moved = self->left_source = FALSE;
  self->grab_x = x;
  self->grab_y = y;
  self->base_x = self->base_y = 0.0;
  if (self->grab == ORR_HMM_GRAB_STATE)
    get_state_position (self, self->grabbed.state, &self->base_x, &self->base_y);
  else if (self->grab == ORR_HMM_GRAB_BAR)
    self->base_y = hmm->emission[(gsize) self->grabbed.state * hmm->n_symbols + self->grabbed.symbol];
  if (!self->space_held)
    select_hit (self, &self->grabbed);
}

static void
drag_state (OrrHmmGraphView *self, double dx, double dy)
{
  double x0, y0, x1, y1;

  orr_hmm_canvas_to_model (self->canvas, self->grab_x, self->grab_y, &x0, &y0);
  orr_hmm_canvas_to_model (self->canvas, self->grab_x + dx, self->grab_y + dy, &x1, &y1);
  orr_hmm_editor_move_state (self->editor, self->grabbed.state, self->base_x + x1 - x0,
                             self->base_y + y1 - y0, NULL);
}

static void
drag_bar (OrrHmmGraphView *self, double dy)
{
  double start = orr_hmm_canvas_bar_value (self->canvas, self->grabbed.state, self->grab_y);
  double now = orr_hmm_canvas_bar_value (self->canvas, self->grabbed.state, self->grab_y + dy);
  double value = CLAMP (self->base_y + now - start, 0.0, 1.0);

  orr_hmm_editor_set_emission (self->editor, self->grabbed.state, self->grabbed.symbol,
                               round (1000.0 * value) / 1000.0, NULL);
}

static int
find_link_target (OrrHmmGraphView *self, double x, double y)
{
  OrrHmmHit hit = orr_hmm_canvas_hit (self->canvas, x, y);

  if (hit.part == ORR_HMM_PART_NONE || hit.part == ORR_HMM_PART_TRANSITION)
    self->left_source = TRUE;
  else if (hit.state != self->grabbed.state || self->left_source)
    return hit.state;
  return ORR_HMM_NO_INDEX;
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, OrrHmmGraphView *self)
{
  double x = self->grab_x + dx, y = self->grab_y + dy, model_x, model_y;

  if (self->grab == ORR_HMM_GRAB_NONE)
    return;
  if (!self->moved)
    {
      if (!gtk_drag_check_threshold (GTK_WIDGET (self->canvas), (int) self->grab_x, (int) self->grab_y,
                                     (int) x, (int) y))
        return;
      self->moved = TRUE;
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      if (self->grab == ORR_HMM_GRAB_STATE || self->grab == ORR_HMM_GRAB_BAR)
        orr_hmm_editor_begin_drag (self->editor);
    }
  switch (self->grab)
    {
    case ORR_HMM_GRAB_STATE:
      drag_state (self, dx, dy);
      break;
    case ORR_HMM_GRAB_BAR:
      drag_bar (self, dy);
      break;
    case ORR_HMM_GRAB_RIM:
      orr_hmm_canvas_to_model (self->canvas, x, y, &model_x, &model_y);
      orr_hmm_canvas_set_drawing (self->canvas, self->grabbed.state, find_link_target (self, x, y), model_x,
                                  model_y);
      break;
    default:
      orr_hmm_canvas_pan (self->canvas, dx - self->base_x, dy - self->base_y);
      self->base_x = dx;
      self->base_y = dy;
    }
  update_hover (self, x, y);
}

static void
finish_link (OrrHmmGraphView *self, double x, double y)
{
  int to = find_link_target (self, x, y);
  g_autoptr (GError) error = NULL;

  orr_hmm_canvas_set_drawing (self->canvas, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX, 0.0, 0.0);
  if (to != ORR_HMM_NO_INDEX &&
      !orr_hmm_editor_add_transition (self->editor, self->grabbed.state, to, &error))
    orr_hmm_graph_view_say (self, error->message);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, OrrHmmGraphView *self)
{
  OrrHmmGrab grab = self->grab;

  self->grab = ORR_HMM_GRAB_NONE;
  if (grab == ORR_HMM_GRAB_RIM && self->moved)
    finish_link (self, self->grab_x + dx, self->grab_y + dy);
  else if (grab == ORR_HMM_GRAB_STATE || grab == ORR_HMM_GRAB_BAR)
    orr_hmm_editor_end_drag (self->editor);
  /* A click on nothing; a drag there has moved the view. */
  if (!self->moved && !self->double_clicked && self->session != NULL && !self->space_held &&
      self->grabbed.part == ORR_HMM_PART_NONE)
    {
      orr_session_select_state (self->session, -1);
      orr_session_select_transition (self->session, -1, -1);
      orr_session_set_symbol (self->session, -1);
    }
  self->double_clicked = FALSE;
  update_hover (self, self->grab_x + dx, self->grab_y + dy);
}

/* Ends what the pointer is doing and takes it back. */
void
orr_hmm_pointer_cancel (OrrHmmGraphView *self)
{
  if (self->grab == ORR_HMM_GRAB_STATE || self->grab == ORR_HMM_GRAB_BAR)
    orr_hmm_editor_cancel_drag (self->editor);
  orr_hmm_canvas_set_drawing (self->canvas, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX, 0.0, 0.0);
  self->grab = ORR_HMM_GRAB_NONE;
}

static void
drag_cancel_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrHmmGraphView *self)
{
  orr_hmm_pointer_cancel (self);
}

/* The middle button always moves the view. */
static void
pan_begin_cb (GtkGestureDrag *gesture, double x, double y, OrrHmmGraphView *self)
{
  self->base_x = self->base_y = 0.0;
}

static void
pan_update_cb (GtkGestureDrag *gesture, double dx, double dy, OrrHmmGraphView *self)
{
  if (!self->editable)
    return;
  orr_hmm_canvas_pan (self->canvas, dx - self->base_x, dy - self->base_y);
  self->base_x = dx;
  self->base_y = dy;
}

/* Clicks, wheel and pinch ------------------------------------------------------------------------- */

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, OrrHmmGraphView *self)
{
  OrrHmmHit hit = orr_hmm_canvas_hit (self->canvas, x, y);

  if (n_press != 2 || !self->editable || self->session == NULL || self->space_held)
    return;
  self->double_clicked = TRUE;
  if (hit.part == ORR_HMM_PART_NONE)
    orr_hmm_graph_view_add_state_at (self, x, y);
  else if (hit.part == ORR_HMM_PART_TRANSITION)
    orr_hmm_graph_view_edit_in_place (self);
  else if (hit.part != ORR_HMM_PART_BAR)
    orr_hmm_graph_view_rename_in_place (self);
}

static void
menu_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, OrrHmmGraphView *self)
{
  OrrHmmHit hit = orr_hmm_canvas_hit (self->canvas, x, y);

  if (!self->editable || self->session == NULL)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
  select_hit (self, &hit);
  orr_hmm_graph_view_popup_menu (self, x, y);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, OrrHmmGraphView *self)
{
  GdkModifierType modifiers =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if (!self->editable)
    return GDK_EVENT_PROPAGATE;
  if (modifiers & GDK_SHIFT_MASK || fabs (dx) > fabs (dy))
    orr_hmm_canvas_pan (self->canvas, -40.0 * (dx != 0.0 ? dx : dy), 0.0);
  else
    orr_hmm_canvas_zoom_by (self->canvas, pow (WHEEL, -dy), self->pointer_x, self->pointer_y);
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrHmmGraphView *self)
{
  orr_hmm_pointer_cancel (self);
  self->base_x = 1.0;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, OrrHmmGraphView *self)
{
  double x, y;

  if (!self->editable || !gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    return;
  orr_hmm_canvas_zoom_by (self->canvas, scale / self->base_x, x, y);
  self->base_x = scale;
}

/* Makes the view's canvas follow the pointer, fingers included. */
void
orr_hmm_pointer_init (OrrHmmGraphView *self)
{
  GtkWidget *canvas = GTK_WIDGET (self->canvas);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new (), *pan = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new (), *menu = gtk_gesture_click_new (),
             *pinch = gtk_gesture_zoom_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), GDK_BUTTON_PRIMARY);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (pan), GDK_BUTTON_MIDDLE);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu), GDK_BUTTON_SECONDARY);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  g_signal_connect (pan, "drag-begin", G_CALLBACK (pan_begin_cb), self);
  g_signal_connect (pan, "drag-update", G_CALLBACK (pan_update_cb), self);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (menu, "pressed", G_CALLBACK (menu_pressed_cb), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (canvas, motion);
  gtk_widget_add_controller (canvas, scroll);
  gtk_widget_add_controller (canvas, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (canvas, GTK_EVENT_CONTROLLER (pan));
  gtk_widget_add_controller (canvas, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (canvas, GTK_EVENT_CONTROLLER (menu));
  gtk_widget_add_controller (canvas, GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_set_has_tooltip (canvas, TRUE);
  g_signal_connect (canvas, "query-tooltip", G_CALLBACK (query_tooltip_cb), self);
}
