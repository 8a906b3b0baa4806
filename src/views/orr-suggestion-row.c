/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-suggestion-row.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-drag-escape.h"
#include "orr-formula.h"
#include "orr-hmm-theme.h"
#include "orr-tree-canvas.h"

#define BAR_HEIGHT 12.0

/**
 * OrrSuggestionRow:
 *
 * One thing that the agent would do: its name, its value as a bar, and the fit
 * that it leads to. Looked at (by pointer or focus) it shows what the tree would
 * become; dragged it goes to the tree.
 */
struct _OrrSuggestionRow
{
  GtkListBoxRow parent_instance;

  OrrTreeEditor *editor;
  guint index; /* of the suggestion */
  GtkLabel *name;
  GtkWidget *bar;
  GtkLabel *q;
  GtkLabel *r2;
};

G_DEFINE_FINAL_TYPE (OrrSuggestionRow, orr_suggestion_row, GTK_TYPE_LIST_BOX_ROW)

static const OrrSuggestion *
get_suggestion (OrrSuggestionRow *self)
{
  OrrSuggestions *suggestions = orr_workbench_get_suggestions (orr_tree_editor_get_workbench (self->editor));

  return suggestions != NULL && self->index < suggestions->n ? &suggestions->items[self->index] : NULL;
}

/* How the action is called where it would be put. */
static char *
dup_name (OrrSuggestionRow *self, const OrrSuggestion *suggestion)
{
  OrrSuggestions *suggestions = orr_workbench_get_suggestions (orr_tree_editor_get_workbench (self->editor));
  int place = orr_expr_find (suggestions->expr, suggestions->node);
  const OrrExprNode *node = &suggestion->expr->nodes[MAX (place, 0)];
  guint n_names;
  const char *const *names = orr_tree_editor_get_names (self->editor, &n_names);

  if (orr_expr_op_arity (node->op) > 0)
    return g_strdup (orr_tree_name_operator (node->op));
  if (node->op == ORR_EXPR_OP_CONSTANT)
    return g_strdup ("c");
  return orr_formula_name_leaf (node, names, n_names);
}

static void
draw_bar_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  const OrrSuggestion *suggestion = get_suggestion (user_data);
  double length, top = 0.5 * (height - BAR_HEIGHT), radius = 3.0;
  OrrHmmStyle colours;

  if (suggestion == NULL)
    return;
  orr_hmm_theme_get (GTK_WIDGET (area), &colours);
  length = fmax (2.0 * radius, width * CLAMP (suggestion->q, 0.0, 1.0));
  cairo_new_sub_path (cr);
  cairo_arc (cr, length - radius, top + radius, radius, -G_PI_2, 0.0);
  cairo_arc (cr, length - radius, top + BAR_HEIGHT - radius, radius, 0.0, G_PI_2);
  cairo_arc (cr, radius, top + BAR_HEIGHT - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, radius, top + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, orr_colour_red (colours.accent), orr_colour_green (colours.accent),
                         orr_colour_blue (colours.accent), 0.4 + 0.6 * CLAMP (suggestion->q, 0.0, 1.0));
  cairo_fill (cr);
}

/* To be called when the suggestions have changed, or one of them was completed. */
void
orr_suggestion_row_update (OrrSuggestionRow *self)
{
  OrrWorkbench *workbench = orr_tree_editor_get_workbench (self->editor);
  const OrrSuggestion *suggestion = get_suggestion (self);
  OrrGhost *ghost = orr_workbench_get_completion (workbench, self->index);

  if (suggestion == NULL)
    return;
  g_autofree char *name = dup_name (self, suggestion), *q = g_strdup_printf ("%.2f", suggestion->q);
  g_autofree char *r2 = ghost == NULL || isnan (ghost->r2) ? NULL : g_strdup_printf ("%.4f", ghost->r2);
  g_autofree char *spoken = g_strdup_printf (_ ("%s, Q %s"), name, q);

  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->q, q);
  gtk_label_set_label (self->r2, r2 != NULL ? r2 : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_queue_draw (self->bar);
}

/* Looking ----------------------------------------------------------------------------------------- */

static void
look (OrrSuggestionRow *self)
{
  orr_workbench_look_at (orr_tree_editor_get_workbench (self->editor), self->index);
}

static void
look_away (OrrSuggestionRow *self)
{
  orr_workbench_look_at (orr_tree_editor_get_workbench (self->editor), -1);
}

/* Dragging ---------------------------------------------------------------------------------------- */

/* What of the completion is put into the place; the bare action where it is not known yet. */
static char *
dup_piece (OrrSuggestionRow *self)
{
  OrrWorkbench *workbench = orr_tree_editor_get_workbench (self->editor);
  OrrSuggestions *suggestions = orr_workbench_get_suggestions (workbench);
  OrrGhost *ghost = orr_workbench_get_completion (workbench, self->index);
  const OrrExpr *whole = ghost != NULL ? ghost->expr : suggestions->items[self->index].expr;
  int place = orr_expr_find (suggestions->expr, suggestions->node);
  g_autoptr (OrrExpr) part = orr_expr_subtree (whole, CLAMP (place, 0, (int)whole->n_nodes - 1));

  return orr_tree_editor_print (self->editor, part);
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, OrrSuggestionRow *self)
{
  if (get_suggestion (self) == NULL)
    return NULL;
  g_autofree char *piece = dup_piece (self);
  g_autoptr (GdkPaintable) icon = orr_tree_drag_create_icon (GTK_WIDGET (self), self->editor, piece);

  gtk_drag_source_set_icon (source, icon, 0, 0);
  return gdk_content_provider_new_typed (G_TYPE_STRING, piece);
}

/* While it is carried the tree stands as it is, so that all its places can be aimed at. */
static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, OrrSuggestionRow *self)
{
  look_away (self);
  orr_workbench_carry_suggestion (orr_tree_editor_get_workbench (self->editor), self->index);
}

static void
drag_end_cb (GtkDragSource *source, GdkDrag *drag, gboolean delete_data, OrrSuggestionRow *self)
{
  orr_workbench_carry_suggestion (orr_tree_editor_get_workbench (self->editor), -1);
}

/* The widget -------------------------------------------------------------------------------------- */

GtkWidget *
orr_suggestion_row_new (OrrTreeEditor *editor, guint index)
{
  OrrSuggestionRow *self = g_object_new (ORR_TYPE_SUGGESTION_ROW, NULL);

  self->editor = g_object_ref (editor);
  self->index = index;
  orr_suggestion_row_update (self);
  return GTK_WIDGET (self);
}

static void
orr_suggestion_row_dispose (GObject *object)
{
  g_clear_object (&ORR_SUGGESTION_ROW (object)->editor);
  G_OBJECT_CLASS (orr_suggestion_row_parent_class)->dispose (object);
}

static void
orr_suggestion_row_class_init (OrrSuggestionRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_suggestion_row_dispose;
}

static GtkLabel *
add_label (GtkWidget *box, int width, float xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_width_chars (GTK_LABEL (label), width);
  gtk_label_set_max_width_chars (GTK_LABEL (label), width);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
orr_suggestion_row_init (OrrSuggestionRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkEventController *motion = gtk_event_controller_motion_new (), *focus = gtk_event_controller_focus_new ();
  GtkDragSource *source = gtk_drag_source_new ();

  self->name = add_label (box, 6, 0.0);
  self->bar = gtk_drawing_area_new ();
  gtk_widget_set_hexpand (self->bar, TRUE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->bar), draw_bar_cb, self, NULL);
  gtk_box_append (GTK_BOX (box), self->bar);
  self->q = add_label (box, 4, 1.0);
  self->r2 = add_label (box, 7, 1.0);
  gtk_widget_add_css_class (GTK_WIDGET (self->r2), "dim-label");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  orr_hmm_theme_watch (self->bar);

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (look), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (look_away), self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (look), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (look_away), self);
  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  orr_drag_follow_escape (source);
  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), self);
  g_signal_connect (source, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (source, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
}
