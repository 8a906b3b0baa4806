/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-suggestions-view.h"

#include <glib/gi18n.h>

#include "orr-suggestion-row.h"
#include "orr-view.h"

#define N_SHOWN 8

/**
 * OrrSuggestionsView:
 *
 * What the agent would put into the selected place (the next open one where none
 * is selected), the best first.
 */
struct _OrrSuggestionsView
{
  OrrBenchView parent_instance;

  OrrTreeEditor *editor; /* (nullable) (unowned): of the bench view */
  GtkWidget *place;      /* which place it is about */
  GtkWidget *stack;
  GtkWidget *list;
  GtkWidget *nothing; /* why there is nothing to show */
  GtkWidget *unlock;
  GtkWidget *q;        /* the heading of the values */
  GtkWidget *controls; /* in the card's header */
  GtkWidget *refined;
  GtkWidget *reset;
  GtkWidget *refine;
};

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrSuggestionsView, orr_suggestions_view, ORR_TYPE_BENCH_VIEW,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static OrrWorkbench *
get_bench (OrrSuggestionsView *self)
{
  return self->editor != NULL ? orr_tree_editor_get_workbench (self->editor) : NULL;
}

static void
show_nothing (OrrSuggestionsView *self, const char *why, gboolean locked)
{
  gtk_label_set_label (GTK_LABEL (self->nothing), why);
  gtk_widget_set_visible (self->unlock, locked);
  gtk_widget_set_visible (self->place, FALSE);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "nothing");
}

static void
explain (OrrSuggestionsView *self, OrrWorkbench *workbench, OrrSuggestions *suggestions)
{
  int selected = orr_tree_editor_get_selected (self->editor);
  const OrrExpr *expr = orr_tree_editor_get_expr (self->editor);

  if (orr_workbench_get_dataset (workbench) == NULL)
    show_nothing (self, _ ("With a table open, the agent says here what it would put into the tree."), FALSE);
  else if (selected >= 0 && expr->nodes[selected].locked)
    show_nothing (self, _ ("This part is locked."), TRUE);
  else if (selected < 0 && orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER) == 0)
    show_nothing (self, _ ("Select a part of the tree to see what the agent would put there."), FALSE);
  else if (suggestions != NULL)
    show_nothing (self, _ ("Nothing that is allowed can stand here."), FALSE);
  else if (orr_workbench_is_asking (workbench))
    show_nothing (self, _ ("The agent is looking at this place…"), FALSE);
  else
    show_nothing (self, _ ("The agent cannot look at this table."), FALSE);
}

static void
show_place (OrrSuggestionsView *self, const OrrSuggestions *suggestions)
{
  int position = orr_expr_find (suggestions->expr, suggestions->node);
  g_autoptr (OrrExpr) part = orr_expr_subtree (suggestions->expr, MAX (position, 0));
  g_autofree char *text = orr_tree_editor_print (self->editor, part);
  g_autofree char *title = part->nodes[0].op == ORR_EXPR_OP_PLACEHOLDER
                               ? g_strdup (_ ("For the open place"))
                               : g_strdup_printf (_ ("Instead of %s"), text);

  gtk_label_set_label (GTK_LABEL (self->place), title);
  gtk_widget_set_tooltip_text (
      self->q, suggestions->expected
                   ? _ ("The R² to expect of the best equation that the agent completes after this")
                   : _ ("The share of the agent's preference among all that may be put here: 1 is certainty"));
  gtk_widget_set_visible (self->place, TRUE);
}

static void
update (OrrSuggestionsView *self)
{
  OrrWorkbench *workbench = get_bench (self);
  OrrSuggestions *suggestions = workbench != NULL ? orr_workbench_get_suggestions (workbench) : NULL;
  guint n = suggestions != NULL ? MIN (suggestions->n, N_SHOWN) : 0, have = 0;

  if (workbench == NULL)
    return;
  if (n == 0)
    {
      explain (self, workbench, suggestions);
      return;
    }
  show_place (self, suggestions);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "list");
  for (GtkListBoxRow *row; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), have)) != NULL;)
    if (have < n)
      {
        orr_suggestion_row_update (ORR_SUGGESTION_ROW (row));
        have++;
      }
    else
      gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (row));
  for (; have < n; have++)
    gtk_list_box_append (GTK_LIST_BOX (self->list), orr_suggestion_row_new (self->editor, have));
}

/* Practice ------------------------------------------------------------------------------------------- */

static void
update_refinement (OrrSuggestionsView *self)
{
  OrrWorkbench *workbench = get_bench (self);
  const OrrRefinement *refinement = workbench != NULL ? orr_workbench_get_refinement (workbench) : NULL;

  gtk_widget_set_visible (self->refined, refinement != NULL);
  gtk_widget_set_visible (self->reset, refinement != NULL);
  gtk_widget_set_visible (self->refine, refinement == NULL);
  gtk_widget_set_sensitive (self->refine, workbench != NULL && orr_workbench_get_dataset (workbench) != NULL &&
                                              !orr_workbench_get_busy (workbench));
  if (refinement != NULL)
    {
      g_autofree char *about =
          g_strdup_printf (_ ("The agent has practised on these data: %u equations tried, mean reward from %.2f to "
                              "%.2f, best R² %.4f"),
                           refinement->n_tried, refinement->first_reward, refinement->last_reward,
                           refinement->best_reward);

      gtk_widget_set_tooltip_text (self->refined, about);
    }
}

static void
refine_cb (OrrSuggestionsView *self)
{
  if (self->editor != NULL)
    orr_workbench_refine (get_bench (self));
}

static void
reset_cb (OrrSuggestionsView *self)
{
  if (self->editor != NULL)
    orr_workbench_forget_refinement (get_bench (self));
}

static GtkWidget *
create_controls (OrrSuggestionsView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->refined = gtk_label_new (_ ("Refined"));
  gtk_widget_add_css_class (self->refined, "orr-badge");
  gtk_widget_set_valign (self->refined, GTK_ALIGN_CENTER);
  self->reset = gtk_button_new_with_label (_ ("Reset agent"));
  gtk_widget_set_tooltip_text (self->reset, _ ("Go back to the agent as it comes"));
  gtk_widget_add_css_class (self->reset, "flat");
  self->refine = gtk_button_new_with_label (_ ("Refine agent"));
  gtk_widget_set_tooltip_text (self->refine, _ ("Let the agent practise on these data for a moment"));
  gtk_widget_add_css_class (self->refine, "flat");
  g_signal_connect_object (self->reset, "clicked", G_CALLBACK (reset_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->refine, "clicked", G_CALLBACK (refine_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->refined);
  gtk_box_append (GTK_BOX (box), self->reset);
  gtk_box_append (GTK_BOX (box), self->refine);
  return box;
}

/* With Shift only the operator or leaf itself. */
static gboolean
is_shift_held (OrrSuggestionsView *self)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;

  return keyboard != NULL && gdk_device_get_modifier_state (keyboard) & GDK_SHIFT_MASK;
}

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, OrrSuggestionsView *self)
{
  orr_workbench_take_suggestion (get_bench (self), gtk_list_box_row_get_index (row), is_shift_held (self));
}

static void
unlock_cb (OrrSuggestionsView *self)
{
  if (self->editor != NULL)
    orr_tree_editor_toggle_lock (self->editor, FALSE);
}

/* The widget -------------------------------------------------------------------------------------- */

GtkWidget *
orr_suggestions_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_SUGGESTIONS_VIEW, "session", session, NULL);
}

static void
clear_rows (OrrSuggestionsView *self)
{
  for (GtkListBoxRow *row; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0)) != NULL;)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (row));
}

static void
editor_changed (OrrBenchView *view, OrrTreeEditor *editor)
{
  OrrSuggestionsView *self = ORR_SUGGESTIONS_VIEW (view);

  clear_rows (self);
  self->editor = editor;
  if (editor != NULL)
    {
      OrrWorkbench *workbench = get_bench (self);

      g_signal_connect_swapped (workbench, "notify::suggestions", G_CALLBACK (update), self);
      g_signal_connect_swapped (workbench, "notify::selected", G_CALLBACK (update), self);
      g_signal_connect_swapped (workbench, "notify::equations", G_CALLBACK (update), self);
      g_signal_connect_swapped (workbench, "notify::dataset", G_CALLBACK (update_refinement), self);
      g_signal_connect_swapped (workbench, "notify::refinement", G_CALLBACK (update_refinement), self);
      g_signal_connect_swapped (workbench, "notify::busy", G_CALLBACK (update_refinement), self);
    }
  update (self);
  update_refinement (self);
}

/* The keyboard goes to the best suggestion, and so shows what it leads to. */
static gboolean
orr_suggestions_view_grab_focus (GtkWidget *widget)
{
  GtkListBoxRow *first =
      gtk_list_box_get_row_at_index (GTK_LIST_BOX (ORR_SUGGESTIONS_VIEW (widget)->list), 0);

  return first != NULL && gtk_widget_grab_focus (GTK_WIDGET (first));
}

static void
orr_suggestions_view_dispose (GObject *object)
{
  OrrSuggestionsView *self = ORR_SUGGESTIONS_VIEW (object);

  g_clear_object (&self->controls);
  G_OBJECT_CLASS (orr_suggestions_view_parent_class)->dispose (object);
}

static void
orr_suggestions_view_class_init (OrrSuggestionsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_suggestions_view_dispose;
  ORR_BENCH_VIEW_CLASS (klass)->editor_changed = editor_changed;
  widget_class->grab_focus = orr_suggestions_view_grab_focus;
  gtk_widget_class_set_css_name (widget_class, "orrsuggestionsview");
}

static GtkWidget *
add_column (OrrSuggestionsView *self, GtkWidget *box, const char *title, int width)
{
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_width_chars (GTK_LABEL (label), width);
  gtk_label_set_xalign (GTK_LABEL (label), 1.0);
  gtk_box_append (GTK_BOX (box), label);
  g_object_bind_property (self->place, "visible", label, "visible", G_BINDING_SYNC_CREATE);
  return label;
}

static GtkWidget *
create_heading (OrrSuggestionsView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->place = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->place), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (self->place), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->place, TRUE);
  gtk_widget_set_tooltip_text (self->place, _ ("Click one to take what is shown in the tree, or drag it there; with "
                                               "Shift only the operator itself"));
  gtk_box_append (GTK_BOX (box), self->place);
  /* TRANSLATORS: the value of an action, a mathematical symbol */
  self->q = add_column (self, box, _ ("Q"), 4);
  gtk_widget_set_tooltip_text (add_column (self, box, _ ("R²"), 7),
                               _ ("How well the whole tree fits once it is completed and its constants are fitted"));
  gtk_widget_add_css_class (box, "caption");
  gtk_widget_add_css_class (box, "dim-label");
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  return box;
}

static GtkWidget *
create_nothing (OrrSuggestionsView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->nothing = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->nothing), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->nothing), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (self->nothing), 30);
  gtk_widget_add_css_class (self->nothing, "dim-label");
  self->unlock = gtk_button_new_with_label (_ ("Unlock"));
  gtk_widget_set_halign (self->unlock, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->unlock, "clicked", G_CALLBACK (unlock_cb), self);
  gtk_box_append (GTK_BOX (box), self->nothing);
  gtk_box_append (GTK_BOX (box), self->unlock);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (box, TRUE);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  return box;
}

static void
orr_suggestions_view_init (OrrSuggestionsView *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Suggestions"),
                                  -1);
  self->controls = g_object_ref_sink (create_controls (self));
  update_refinement (self);
  gtk_widget_set_parent (create_heading (self), GTK_WIDGET (self));
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Suggestions"), -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), create_nothing (self), "nothing");
  gtk_stack_add_named (GTK_STACK (self->stack), scroller, "list");
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_SUGGESTIONS_VIEW (view)->controls;
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_controls = get_controls;
}
