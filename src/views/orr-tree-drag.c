/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "orr-drag-escape.h"
#include "orr-expr-drop.h"
#include "orr-formula.h"
#include "orr-hmm-theme.h"
#include "orr-tree-canvas-private.h"

#define ICON_SIZE 18.0
#define ICON_PADDING 10.0

/* Pieces travel as formulas in plain text, so that they can come from and go to anywhere. */

/**
 * orr_tree_drag_create_icon:
 * @piece: a formula
 *
 * Returns: (transfer full) (nullable): the formula on a small card, to hang on the pointer
 */
GdkPaintable *
orr_tree_drag_create_icon (GtkWidget *widget, OrrTreeEditor *editor, const char *piece)
{
  g_autoptr (OrrExpr) expr = orr_tree_editor_parse (editor, piece, NULL);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  cairo_surface_t *scratch;
  OrrHmmStyle colours;
  double width, ascent, descent;
  cairo_t *cr;

  if (expr == NULL)
    return NULL;
  orr_hmm_theme_get (widget, &colours);

  OrrFormulaStyle style = {
    .size = ICON_SIZE, .foreground = colours.foreground, .accent = colours.accent, .marked = -1
  };
  style.names = orr_tree_editor_get_names (editor, &style.n_names);
  scratch = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cr = cairo_create (scratch);
  orr_formula_measure (cr, expr, &style, &width, &ascent, &descent);
  cairo_destroy (cr);
  cairo_surface_destroy (scratch);

  width += 2.0 * ICON_PADDING;
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, width, ascent + descent + 2.0 * ICON_PADDING));
  cairo_set_source_rgb (cr, orr_colour_red (colours.node), orr_colour_green (colours.node),
                        orr_colour_blue (colours.node));
  cairo_paint (cr);
  cairo_set_source_rgb (cr, orr_colour_red (colours.accent), orr_colour_green (colours.accent),
                        orr_colour_blue (colours.accent));
  cairo_rectangle (cr, 1, 1, width - 2, ascent + descent + 2.0 * ICON_PADDING - 2);
  cairo_set_line_width (cr, 2.0);
  cairo_stroke (cr);
  orr_formula_draw (cr, expr, &style, ICON_PADDING, ICON_PADDING + ascent);
  cairo_destroy (cr);
  return gtk_snapshot_free_to_paintable (g_steal_pointer (&snapshot), NULL);
}

/* Out of the tree --------------------------------------------------------------------------------- */

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, OrrTreeCanvas *self)
{
  OrrTreeHit hit = orr_tree_canvas_hit (self, x, y);

  if (hit.part != ORR_TREE_PART_NODE)
    return NULL;
  g_autoptr (OrrExpr) part = orr_expr_subtree (orr_tree_editor_get_expr (self->editor), hit.node);
  g_autofree char *text = orr_tree_editor_print (self->editor, part);
  g_autoptr (GdkPaintable) icon = orr_tree_drag_create_icon (GTK_WIDGET (self), self->editor, text);

  gtk_drag_source_set_icon (source, icon, 0, 0);
  orr_tree_editor_lift (self->editor, hit.node, -1);
  return gdk_content_provider_new_typed (G_TYPE_STRING, text);
}

static void
drag_end_cb (GtkDragSource *source, GdkDrag *drag, gboolean delete_data, OrrTreeCanvas *self)
{
  if (self->editor != NULL)
    orr_tree_editor_lift (self->editor, -1, -1);
  self->target.part = ORR_TREE_PART_NONE;
  orr_tree_canvas_say (self, "");
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Onto the tree ----------------------------------------------------------------------------------- */

static gboolean
is_control_held (OrrTreeCanvas *self)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;

  return keyboard != NULL && gdk_device_get_modifier_state (keyboard) & GDK_CONTROL_MASK;
}

/* Whether a suggestion is carried, and this is the place that it is for. */
static gboolean
is_suggested_place (OrrTreeCanvas *self, const OrrTreeHit *hit)
{
  OrrWorkbench *workbench = orr_tree_editor_get_workbench (self->editor);
  OrrSuggestions *suggestions = orr_workbench_get_suggestions (workbench);

  return orr_workbench_get_carried (workbench) >= 0 && suggestions != NULL && hit->part == ORR_TREE_PART_NODE &&
         orr_tree_editor_get_expr (self->editor)->nodes[hit->node].id == suggestions->node;
}

/* What would happen on a drop here, in a few words. */
static const char *
describe (OrrTreeCanvas *self, const OrrTreeHit *hit)
{
  const OrrExpr *expr = orr_tree_editor_get_expr (self->editor);
  int lifted = orr_tree_editor_get_lifted (self->editor);

  if (hit->part == ORR_TREE_PART_EDGE)
    return _ ("Insert here");
  if (hit->part == ORR_TREE_PART_NONE)
    return lifted >= 0 ? _ ("Take out of the tree") : _ ("Lay aside");
  if (lifted >= 0 && is_control_held (self))
    return _ ("Copy here");
  if (lifted >= 0 && lifted != hit->node &&
      orr_expr_parent (expr, lifted) == orr_expr_parent (expr, hit->node))
    return _ ("Change places");
  if (expr->nodes[hit->node].locked)
    return _ ("Locked");
  if (expr->nodes[hit->node].op == ORR_EXPR_OP_PLACEHOLDER)
    return _ ("Fill this place");
  return lifted >= 0 ? _ ("Move here") : _ ("Replace this");
}

static GdkDragAction
motion_cb (GtkDropTarget *drop, double x, double y, OrrTreeCanvas *self)
{
  OrrTreeHit hit = orr_tree_canvas_hit (self, x, y);

  if (self->editor == NULL)
    return 0;
  if (hit.part != self->target.part || hit.node != self->target.node)
    {
      self->target = hit;
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
  orr_tree_canvas_say (self, describe (self, &hit));
  return GDK_ACTION_COPY;
}

static void
leave_cb (GtkDropTarget *drop, OrrTreeCanvas *self)
{
  self->target.part = ORR_TREE_PART_NONE;
  orr_tree_canvas_say (self, "");
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
drop_cb (GtkDropTarget *drop, const GValue *value, double x, double y, OrrTreeCanvas *self)
{
  OrrTreeHit hit = orr_tree_canvas_hit (self, x, y);
  const char *piece = g_value_get_string (value);
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (self->editor == NULL || piece == NULL)
    return FALSE;
  self->target.part = ORR_TREE_PART_NONE;
  if (is_suggested_place (self, &hit))
    {
      OrrWorkbench *workbench = orr_tree_editor_get_workbench (self->editor);

      orr_workbench_take_suggestion (workbench, orr_workbench_get_carried (workbench), FALSE);
      done = TRUE;
    }
  else if (hit.part == ORR_TREE_PART_NODE && hit.node == orr_tree_editor_get_lifted (self->editor))
    done = TRUE;
  else if (hit.part == ORR_TREE_PART_NODE)
    done = orr_tree_editor_drop_on (self->editor, hit.node, piece, is_control_held (self), &error);
  else if (hit.part == ORR_TREE_PART_EDGE)
    done = orr_tree_editor_drop_above (self->editor, hit.node, piece, &error);
  else
    done = orr_tree_editor_drop_outside (self->editor, piece, &error);
  orr_tree_editor_lift (self->editor, -1, -1);
  orr_tree_canvas_say (self, error != NULL ? error->message : "");
  gtk_widget_queue_draw (GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self));
  return done;
}

void
orr_tree_drag_init (OrrTreeCanvas *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY | GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  orr_drag_follow_escape (source);
  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), self);
  g_signal_connect (source, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (target, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (target, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect (target, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
