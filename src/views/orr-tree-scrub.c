/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dragging a selected constant sideways changes its value, and the fit follows. */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-tree-canvas-private.h"

/* How far before it counts: less than what starts a drag of the node. */
#define THRESHOLD 3.0
/* One pixel is this share of the value, with Shift a tenth of it. */
#define SHARE 0.005
#define FINE 0.1

static int
find_scrubbed (OrrTreeCanvas *self)
{
  return self->scrubbed != 0 ? orr_expr_find (orr_tree_editor_get_expr (self->editor), self->scrubbed) : -1;
}

static void
set_value (OrrTreeCanvas *self, double value, gboolean moving)
{
  int at = find_scrubbed (self);

  if (at >= 0)
    orr_workbench_set_constant (orr_tree_editor_get_workbench (self->editor), at, value, moving);
}

/* Rounded to where a pixel can place it. */
static double
value_at (OrrTreeCanvas *self, double dx, gboolean fine)
{
  double step = SHARE * (self->scrub_from != 0.0 ? fabs (self->scrub_from) : 1.0) * (fine ? FINE : 1.0);
  double grain = pow (10.0, floor (log10 (step)));

  return rint ((self->scrub_from + dx * step) / grain) * grain;
}

static void
begin_cb (GtkGestureDrag *gesture, double x, double y, OrrTreeCanvas *self)
{
  OrrTreeHit hit = orr_tree_canvas_hit (self, x, y);
  const OrrExpr *expr = self->editor != NULL ? orr_tree_editor_get_expr (self->editor) : NULL;

  self->scrubbed = 0;
  if (expr == NULL || hit.part != ORR_TREE_PART_NODE || hit.node >= (int) expr->n_nodes ||
      hit.node != orr_tree_editor_get_selected (self->editor) || !orr_expr_is_free (&expr->nodes[hit.node]))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->scrubbed = expr->nodes[hit.node].id;
  self->scrub_from = expr->nodes[hit.node].value;
  self->scrubbing = FALSE;
}

static void
update_cb (GtkGestureDrag *gesture, double dx, double dy, OrrTreeCanvas *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  if (self->scrubbed == 0 || (!self->scrubbing && hypot (dx, dy) < THRESHOLD))
    return;
  if (!self->scrubbing && fabs (dy) > fabs (dx))
    {
      /* Upwards and downwards the node itself is dragged. */
      self->scrubbed = 0;
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  if (!self->scrubbing)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  self->scrubbing = TRUE;
  set_value (self, value_at (self, dx, (state & GDK_SHIFT_MASK) != 0), TRUE);
  orr_tree_canvas_say (self, _("Shift moves it finer"));
}

static void
end_cb (GtkGestureDrag *gesture, double dx, double dy, OrrTreeCanvas *self)
{
  int at = self->editor != NULL ? find_scrubbed (self) : -1;

  if (self->scrubbing && at >= 0)
    set_value (self, orr_tree_editor_get_expr (self->editor)->nodes[at].value, FALSE);
  if (self->scrubbing)
    orr_tree_canvas_say (self, "");
  self->scrubbed = 0;
  self->scrubbing = FALSE;
}

static void
cancel_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrTreeCanvas *self)
{
  if (self->scrubbing)
    set_value (self, self->scrub_from, FALSE);
  self->scrubbed = 0;
  self->scrubbing = FALSE;
}

/* Whether dragging sideways from this node changes its value. */
gboolean
orr_tree_canvas_can_scrub (OrrTreeCanvas *self, int position)
{
  const OrrExpr *expr = self->editor != NULL ? orr_tree_editor_get_expr (self->editor) : NULL;

  return expr != NULL && position >= 0 && position < (int) expr->n_nodes &&
         position == orr_tree_editor_get_selected (self->editor) && orr_expr_is_free (&expr->nodes[position]);
}

void
orr_tree_scrub_init (OrrTreeCanvas *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (end_cb), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (cancel_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}
