/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-hmm-graph-view-private.h"

/* One press of an arrow key moves a state this far, in pixels at 100 %; with Shift ten times less. */
#define NUDGE 10.0

/* Everything that can be selected in the order of Tab: each state, then its arrows. */
static void
list_items (const OrrHmm *hmm, GArray *items)
{
  for (guint i = 0; i < hmm->n_states; i++)
    {
      OrrHmmHit item = { ORR_HMM_PART_STATE, i, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX };

      g_array_append_val (items, item);
      item.part = ORR_HMM_PART_TRANSITION;
      for (guint j = 0; j < hmm->n_states; j++)
        if (hmm->transition[(gsize) i * hmm->n_states + j] > 0.0)
          {
            item.to = j;
            g_array_append_val (items, item);
          }
    }
}

static void
reveal (OrrHmmGraphView *self, int state)
{
  const OrrHmm *hmm = orr_hmm_canvas_get_hmm (self->canvas);

  if (self->editable)
    orr_hmm_canvas_reveal (self->canvas, hmm->positions[2 * state], hmm->positions[2 * state + 1]);
}

/* Tab goes on through the items and leaves the canvas at either end. */
static gboolean
cycle (OrrHmmGraphView *self, gboolean backwards)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (OrrHmmHit));
  int state = orr_session_get_state (self->session), from, to, present = -1, next;

  orr_session_get_transition (self->session, &from, &to);
  list_items (orr_hmm_canvas_get_hmm (self->canvas), items);
  for (guint i = 0; i < items->len; i++)
    {
      const OrrHmmHit *item = &g_array_index (items, OrrHmmHit, i);

      if (item->part == ORR_HMM_PART_STATE ? item->state == state : item->state == from && item->to == to)
        present = i;
    }
  next = present < 0 && backwards ? (int) items->len - 1 : present + (backwards ? -1 : 1);
  if (next < 0 || next >= (int) items->len)
    return FALSE;

  const OrrHmmHit *item = &g_array_index (items, OrrHmmHit, next);
  if (item->part == ORR_HMM_PART_STATE)
    orr_session_select_state (self->session, item->state);
  else
    orr_session_select_transition (self->session, item->state, item->to);
  reveal (self, item->state);
  return TRUE;
}

/* The state that is nearest in a direction, seen from @from (or the first one). */
static int
find_neighbour (const OrrHmm *hmm, int from, double dx, double dy)
{
  double best = G_MAXDOUBLE;
  int found = from >= 0 ? from : 0;

  for (guint i = 0; from >= 0 && i < hmm->n_states; i++)
    {
      double x = hmm->positions[2 * i] - hmm->positions[2 * from];
      double y = hmm->positions[2 * i + 1] - hmm->positions[2 * from + 1];
      double along = x * dx + y * dy, aside = fabs (x * dy - y * dx);

      if ((int) i != from && along > 1e-6 && along + 2.0 * aside < best)
        {
          best = along + 2.0 * aside;
          found = i;
        }
    }
  return found;
}

static void
get_direction (guint key, double *dx, double *dy)
{
  *dx = key == GDK_KEY_Left || key == GDK_KEY_KP_Left     ? -1.0
        : key == GDK_KEY_Right || key == GDK_KEY_KP_Right ? 1.0
                                                          : 0.0;
  *dy = key == GDK_KEY_Up || key == GDK_KEY_KP_Up       ? -1.0
        : key == GDK_KEY_Down || key == GDK_KEY_KP_Down ? 1.0
                                                        : 0.0;
}

static void
nudge (OrrHmmGraphView *self, int state, double dx, double dy, double step)
{
  const OrrHmm *hmm = orr_hmm_editor_get_hmm (self->editor);
  g_autofree char *merge_key = g_strdup_printf ("hmm-nudge-%d", state);
  double x = hmm->positions[2 * state] + dx * step / ORR_HMM_PIXELS_PER_UNIT;
  double y = hmm->positions[2 * state + 1] + dy * step / ORR_HMM_PIXELS_PER_UNIT;

  orr_hmm_editor_move_state (self->editor, state, x, y, merge_key);
  reveal (self, state);
}

static void
show_link (OrrHmmGraphView *self)
{
  orr_hmm_canvas_set_drawing (self->canvas, self->link_from, self->link_to, 0.0, 0.0);
}

/* Starts an arrow from the selected state: arrow keys or Tab choose where it
 * goes, Enter draws it, Escape leaves it. */
void
orr_hmm_keys_begin_link (OrrHmmGraphView *self)
{
  const OrrHmm *hmm = orr_hmm_canvas_get_hmm (self->canvas);
  int state = orr_session_get_state (self->session);

  if (state < 0)
    return;
  self->link_from = state;
  self->link_to = state;
  for (guint j = 1; j < hmm->n_states && self->link_to == state; j++)
    {
      guint to = (state + j) % hmm->n_states;

      if (hmm->transition[(gsize) state * hmm->n_states + to] <= 0.0)
        self->link_to = to;
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
  show_link (self);
}

void
orr_hmm_keys_end_link (OrrHmmGraphView *self)
{
  if (self->link_from < 0)
    return;
  self->link_from = self->link_to = -1;
  show_link (self);
}

static gboolean
link_key (OrrHmmGraphView *self, guint key)
{
  const OrrHmm *hmm = orr_hmm_canvas_get_hmm (self->canvas);
  g_autoptr (GError) error = NULL;
  double dx, dy;

  get_direction (key, &dx, &dy);
  if (key == GDK_KEY_Escape)
    orr_hmm_keys_end_link (self);
  else if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)
    {
      int from = self->link_from, to = self->link_to;

      orr_hmm_keys_end_link (self);
      if (!orr_hmm_editor_add_transition (self->editor, from, to, &error))
        orr_hmm_graph_view_say (self, error->message);
    }
  else if (key == GDK_KEY_Tab || key == GDK_KEY_ISO_Left_Tab || dx != 0.0 || dy != 0.0)
    {
      if (dx != 0.0 || dy != 0.0)
        self->link_to = find_neighbour (hmm, self->link_to, dx, dy);
      else
        self->link_to = (self->link_to + (key == GDK_KEY_Tab ? 1 : hmm->n_states - 1)) % hmm->n_states;
      reveal (self, self->link_to);
      show_link (self);
    }
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* Arrow keys move a selected state; with Control, or where none is selected, they move the selection. */
static gboolean
arrow_key (OrrHmmGraphView *self, guint key, GdkModifierType modifiers)
{
  int state = orr_session_get_state (self->session), from, to;
  double dx, dy;

  get_direction (key, &dx, &dy);
  if (dx == 0.0 && dy == 0.0)
    return GDK_EVENT_PROPAGATE;
  if (self->editable && state >= 0 && !(modifiers & GDK_CONTROL_MASK))
    {
      nudge (self, state, dx, dy, modifiers & GDK_SHIFT_MASK ? 0.1 * NUDGE : NUDGE);
      return GDK_EVENT_STOP;
    }
  orr_session_get_transition (self->session, &from, &to);
  state = find_neighbour (orr_hmm_canvas_get_hmm (self->canvas), state >= 0 ? state : from, dx, dy);
  orr_session_select_state (self->session, state);
  reveal (self, state);
  return GDK_EVENT_STOP;
}

static const char *
find_action (guint key, GdkModifierType modifiers)
{
  gboolean control = modifiers & GDK_CONTROL_MASK;

  switch (key)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      return "zoom-in";
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      return "zoom-out";
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      return "fit";
    case GDK_KEY_1:
    case GDK_KEY_KP_1:
      return "zoom-normal";
    case GDK_KEY_Delete:
    case GDK_KEY_KP_Delete:
    case GDK_KEY_BackSpace:
      return "remove";
    case GDK_KEY_F2:
      return "rename";
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      return "edit";
    case GDK_KEY_Insert:
    case GDK_KEY_KP_Insert:
      return "add-state";
    case GDK_KEY_c:
      return control ? "copy-json" : NULL;
    case GDK_KEY_v:
      return control ? "paste" : NULL;
    case GDK_KEY_l:
      return control ? NULL : "lock";
    case GDK_KEY_m:
      return control ? NULL : "matrix";
    case GDK_KEY_t:
      return control ? NULL : "link";
    default:
      return NULL;
    }
}

static gboolean
escape (OrrHmmGraphView *self)
{
  int from, to;

  orr_session_get_transition (self->session, &from, &to);
  if (self->grab != ORR_HMM_GRAB_NONE)
    orr_hmm_pointer_cancel (self);
  else if (orr_session_get_state (self->session) >= 0 || from >= 0)
    {
      orr_session_select_state (self->session, -1);
      orr_session_select_transition (self->session, -1, -1);
    }
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers,
                OrrHmmGraphView *self)
{
  const char *action;

  if (self->session == NULL || orr_hmm_canvas_get_hmm (self->canvas) == NULL || modifiers & GDK_ALT_MASK)
    return GDK_EVENT_PROPAGATE;
  if (self->link_from >= 0 && link_key (self, key))
    return GDK_EVENT_STOP;
  if ((key == GDK_KEY_Tab || key == GDK_KEY_ISO_Left_Tab) && !(modifiers & GDK_CONTROL_MASK))
    return cycle (self, key == GDK_KEY_ISO_Left_Tab || modifiers & GDK_SHIFT_MASK);
  if (key == GDK_KEY_Escape)
    return escape (self);
  if (arrow_key (self, key, modifiers))
    return GDK_EVENT_STOP;
  if (!self->editable)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_space)
    {
      self->space_held = TRUE;
      gtk_widget_set_cursor_from_name (GTK_WIDGET (self->canvas), "grab");
      return GDK_EVENT_STOP;
    }
  if (key == GDK_KEY_Menu || (key == GDK_KEY_F10 && modifiers & GDK_SHIFT_MASK))
    {
      orr_hmm_graph_view_popup_menu (self, -1.0, -1.0);
      return GDK_EVENT_STOP;
    }
  action = find_action (gdk_keyval_to_lower (key), modifiers);
  if (action == NULL || !g_action_group_get_action_enabled (G_ACTION_GROUP (self->actions), action))
    return GDK_EVENT_PROPAGATE;
  g_action_group_activate_action (G_ACTION_GROUP (self->actions), action, NULL);
  return GDK_EVENT_STOP;
}

static void
key_released_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers,
                 OrrHmmGraphView *self)
{
  if (key != GDK_KEY_space)
    return;
  self->space_held = FALSE;
  gtk_widget_set_cursor (GTK_WIDGET (self->canvas), NULL);
}

static void
focus_left_cb (GtkEventControllerFocus *controller, OrrHmmGraphView *self)
{
  self->space_held = FALSE;
  orr_hmm_keys_end_link (self);
}

/* Makes the view's canvas follow the keyboard. */
void
orr_hmm_keys_init (OrrHmmGraphView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->link_from = self->link_to = -1;
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (key_released_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->canvas), keys);
  gtk_widget_add_controller (GTK_WIDGET (self->canvas), focus);
}
