/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-constant-popover.h"
#include "orr-tree-canvas-private.h"

#define WHEEL 1.12

/* Typing into a node ------------------------------------------------------------------------------ */

static void
show_problem (OrrTreeCanvas *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->problem), text != NULL ? text : "");
  gtk_widget_set_visible (self->problem, text != NULL);
  if (text != NULL)
    gtk_widget_add_css_class (self->entry, "error");
  else
    gtk_widget_remove_css_class (self->entry, "error");
}

static void
typed_cb (GtkEntry *entry, OrrTreeCanvas *self)
{
  g_autoptr (GError) error = NULL;

  if (orr_tree_editor_type (self->editor, gtk_editable_get_text (GTK_EDITABLE (entry)), &error))
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  else
    show_problem (self, error->message);
}

static void
changed_cb (GtkEditable *editable, OrrTreeCanvas *self)
{
  show_problem (self, NULL);
}

static void
closed_cb (GtkPopover *popover, OrrTreeCanvas *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
ensure_popover (OrrTreeCanvas *self)
{
  GtkWidget *box;

  if (self->popover != NULL)
    return;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->entry = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), _ ("sin, +, x_1, 2, ? …"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Part"),
                                  -1);
  self->problem = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->problem), 28);
  gtk_label_set_xalign (GTK_LABEL (self->problem), 0.0);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_widget_add_css_class (self->problem, "caption");
  gtk_box_append (GTK_BOX (box), self->entry);
  gtk_box_append (GTK_BOX (box), self->problem);
  self->popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->popover), box);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  g_signal_connect (self->entry, "activate", G_CALLBACK (typed_cb), self);
  g_signal_connect (self->entry, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect (self->popover, "closed", G_CALLBACK (closed_cb), self);
}

/* What is selected is a constant, and nothing was typed yet: its value and range. */
static gboolean
open_constant (OrrTreeCanvas *self, const GdkRectangle *anchor)
{
  const OrrExpr *expr = orr_tree_editor_get_expr (self->editor);
  int selected = orr_tree_editor_get_selected (self->editor);

  if (selected < 0 || expr->nodes[selected].op != ORR_EXPR_OP_CONSTANT)
    return FALSE;
  if (self->constant == NULL)
    {
      self->constant = orr_constant_popover_new ();
      gtk_widget_set_parent (self->constant, GTK_WIDGET (self));
    }
  orr_constant_popover_open (ORR_CONSTANT_POPOVER (self->constant), self->editor, selected, anchor);
  return TRUE;
}

/**
 * orr_tree_canvas_begin_typing:
 * @text: what has been typed so far
 *
 * Opens an entry at the selected node (the root where none is); for a constant,
 * unless something was typed, that for its value and range.
 */
void
orr_tree_canvas_begin_typing (OrrTreeCanvas *self, const char *text)
{
  GdkRectangle anchor;

  if (!orr_tree_canvas_get_anchor (self, MAX (orr_tree_editor_get_selected (self->editor), 0), &anchor))
    return;
  if (*text == '\0' && open_constant (self, &anchor))
    return;
  ensure_popover (self);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  show_problem (self, NULL);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &anchor);
  gtk_popover_popup (GTK_POPOVER (self->popover));
  gtk_widget_grab_focus (self->entry);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

/* Keys -------------------------------------------------------------------------------------------- */

/* The next node of the same level to one side, else the one that is nearest there. */
static int
find_beside (const OrrTreeGeometry *geometry, int from, int side)
{
  double best = G_MAXDOUBLE;
  int found = from;

  for (guint i = 0; i < geometry->expr->n_nodes; i++)
    {
      double dx = side * (geometry->positions[2 * i] - geometry->positions[2 * from]);
      double dy = fabs (geometry->positions[2 * i + 1] - geometry->positions[2 * from + 1]);

      if (dx > 1.0 && dx + 4.0 * dy < best)
        {
          best = dx + 4.0 * dy;
          found = i;
        }
    }
  return found;
}

static gboolean
move_selection (OrrTreeCanvas *self, guint key)
{
  const OrrExpr *expr = self->geometry->expr;
  int at = orr_tree_editor_get_selected (self->editor), to = 0;

  if (at >= 0)
    switch (key)
      {
      case GDK_KEY_Up:
        to = MAX (orr_expr_parent (expr, at), 0);
        break;
      case GDK_KEY_Down:
        to = orr_expr_op_arity (expr->nodes[at].op) > 0 ? (int) orr_expr_operand (expr, at, 0) : at;
        break;
      default:
        to = find_beside (self->geometry, at, key == GDK_KEY_Left ? -1 : 1);
      }
  orr_tree_editor_select (self->editor, to);
  return GDK_EVENT_STOP;
}

static gboolean
remove_selected (OrrTreeCanvas *self)
{
  g_autoptr (GError) error = NULL;

  if (!orr_tree_editor_remove (self->editor, &error))
    orr_tree_canvas_say (self, error->message);
  return GDK_EVENT_STOP;
}

/* Tab goes through the nodes in reading order and leaves at either end. */
static gboolean
cycle (OrrTreeCanvas *self, int step)
{
  int n = self->geometry->expr->n_nodes, at = orr_tree_editor_get_selected (self->editor);
  int to = at < 0 ? (step > 0 ? 0 : n - 1) : at + step;

  if (to < 0 || to >= n)
    return GDK_EVENT_PROPAGATE;
  orr_tree_editor_select (self->editor, to);
  return GDK_EVENT_STOP;
}

static gboolean
type_character (OrrTreeCanvas *self, guint key)
{
  gunichar c = gdk_keyval_to_unicode (key);
  char text[8] = { 0 };
  g_autoptr (GError) error = NULL;

  if (c == 0 || !g_unichar_isgraph (c))
    return GDK_EVENT_PROPAGATE;
  g_unichar_to_utf8 (c, text);
  if (c != '?')
    orr_tree_canvas_begin_typing (self, text);
  else if (!orr_tree_editor_type (self->editor, "?", &error))
    orr_tree_canvas_say (self, error->message);
  return GDK_EVENT_STOP;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers,
                OrrTreeCanvas *self)
{
  if (self->editor == NULL || self->geometry == NULL || modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Up:
    case GDK_KEY_Down:
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      return move_selection (self, key);
    case GDK_KEY_Tab:
      return cycle (self, 1);
    case GDK_KEY_ISO_Left_Tab:
      return cycle (self, -1);
    case GDK_KEY_Delete:
    case GDK_KEY_BackSpace:
      return remove_selected (self);
    case GDK_KEY_l:
    case GDK_KEY_L:
      orr_tree_editor_toggle_lock (self->editor, key == GDK_KEY_L);
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_F2:
      orr_tree_canvas_begin_typing (self, "");
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (orr_tree_editor_get_selected (self->editor) < 0)
        return GDK_EVENT_PROPAGATE;
      orr_tree_editor_select (self->editor, -1);
      return GDK_EVENT_STOP;
    default:
      return type_character (self, key);
    }
}

/* Pointer ----------------------------------------------------------------------------------------- */

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, OrrTreeCanvas *self)
{
  OrrTreeHit hit = orr_tree_canvas_hit (self, x, y);
  int hovered = hit.part == ORR_TREE_PART_NODE ? hit.node : -1;

  self->pointer_x = x;
  self->pointer_y = y;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), orr_tree_canvas_can_scrub (self, hovered) ? "ew-resize"
                                                         : hovered >= 0                          ? "grab"
                                                                                                 : NULL);
  if (hovered == self->hovered)
    return;
  self->hovered = hovered;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
leave_cb (GtkEventControllerMotion *controller, OrrTreeCanvas *self)
{
  self->hovered = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, OrrTreeCanvas *self)
{
  OrrTreeHit hit = orr_tree_canvas_hit (self, x, y);

  if (self->editor == NULL)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  orr_tree_canvas_say (self, "");
  orr_tree_editor_select (self->editor, hit.part == ORR_TREE_PART_NODE ? hit.node : -1);
  if (n_press == 2 && hit.part == ORR_TREE_PART_NODE)
    orr_tree_canvas_begin_typing (self, "");
}

static void
pan_begin_cb (GtkGestureDrag *gesture, double x, double y, OrrTreeCanvas *self)
{
  self->pan_x = self->pan_y = 0.0;
  if (orr_tree_canvas_hit (self, x, y).part == ORR_TREE_PART_NODE)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
}

static void
pan_update_cb (GtkGestureDrag *gesture, double dx, double dy, OrrTreeCanvas *self)
{
  if (fabs (dx) + fabs (dy) < 4.0 && self->pan_x == 0.0 && self->pan_y == 0.0)
    return;
  orr_tree_canvas_pan_by (self, dx - self->pan_x, dy - self->pan_y);
  self->pan_x = dx;
  self->pan_y = dy;
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, OrrTreeCanvas *self)
{
  orr_tree_canvas_zoom_by (self, pow (WHEEL, -dy), self->pointer_x, self->pointer_y);
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrTreeCanvas *self)
{
  self->pinch = 1.0;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, OrrTreeCanvas *self)
{
  double x, y;

  if (gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    orr_tree_canvas_zoom_by (self, scale / self->pinch, x, y);
  self->pinch = scale;
}

void
orr_tree_input_init (OrrTreeCanvas *self)
{
  GtkEventController *keys = gtk_event_controller_key_new (), *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *click = gtk_gesture_click_new (), *pan = gtk_gesture_drag_new (),
             *pinch = gtk_gesture_zoom_new ();
  GtkWidget *widget = GTK_WIDGET (self);

  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (pan, "drag-begin", G_CALLBACK (pan_begin_cb), self);
  g_signal_connect (pan, "drag-update", G_CALLBACK (pan_update_cb), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (widget, keys);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pan));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
}
