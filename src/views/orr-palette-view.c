/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-palette-view.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "orr-actions.h"
#include "orr-expr-program.h"
#include "orr-piece-button.h"
#include "orr-tree-drawing.h"
#include "orr-view.h"

/**
 * OrrPaletteView:
 *
 * What an expression can be made of, in groups that can be searched: drag an
 * item to the tree or press it for the selected place. The switch beside an
 * operator says whether the agent may use it, and numbers can be offered to it.
 */
struct _OrrPaletteView
{
  OrrBenchView parent_instance;

  OrrTreeEditor *editor; /* (nullable) (unowned): of the bench view */
  GtkWidget *search;
  GtkWidget *scroller;
  GtkWidget *groups;
  GtkWidget *offer; /* numbers for the agent */
  gboolean updating;
};

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrPaletteView, orr_palette_view, ORR_TYPE_BENCH_VIEW,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static gboolean
matches (OrrPaletteView *self, const char *label, const char *name)
{
  g_autofree char *sought = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *folded = g_utf8_casefold (name, -1);

  return *sought == '\0' || strstr (folded, sought) != NULL || strstr (label, sought) != NULL;
}

static GtkWidget *
add_group (OrrPaletteView *self, const char *title)
{
  GtkWidget *heading = gtk_label_new (title), *box = gtk_flow_box_new ();

  gtk_label_set_xalign (GTK_LABEL (heading), 0.0);
  gtk_widget_set_margin_top (heading, 6);
  gtk_widget_add_css_class (heading, "caption");
  gtk_widget_add_css_class (heading, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (box), 6);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (box), 6);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (box), 1);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), 6);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (box), TRUE);
  gtk_box_append (GTK_BOX (self->groups), heading);
  gtk_box_append (GTK_BOX (self->groups), box);
  return box;
}

static void
append (GtkWidget *group, GtkWidget *widget)
{
  GtkWidget *child = gtk_flow_box_child_new ();

  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), widget);
  gtk_flow_box_append (GTK_FLOW_BOX (group), child);
}

static void
add_piece (OrrPaletteView *self, GtkWidget *group, const char *label, const char *piece, const char *name)
{
  GtkWidget *button;

  if (!matches (self, label, name))
    return;
  button = orr_piece_button_new (self->editor, label, piece, -1);
  gtk_widget_set_tooltip_text (button, name);
  append (group, button);
}

static void
allowed_cb (GtkSwitch *allow, GParamSpec *pspec, OrrPaletteView *self)
{
  OrrExprOp op = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (allow), "orr-op"));

  if (!self->updating && self->editor != NULL)
    orr_workbench_set_forbidden (orr_tree_editor_get_workbench (self->editor), op, !gtk_switch_get_active (allow));
}

/* The agent knows no difference and no sign: it says them with + and ×. */
static gboolean
is_known_to_agent (OrrExprOp op)
{
  return orr_action_from_name (orr_expr_ops[op].name) >= 0;
}

static void
add_operator (OrrPaletteView *self, GtkWidget *group, OrrExprOp op)
{
  static const char *const binary[] = { "?+?", "?-?", "?*?", "?/?", "?^?" };
  const char *name = orr_expr_ops[op].name;
  g_autofree char *piece = orr_expr_op_arity (op) == 2 ? g_strdup (binary[op - ORR_EXPR_OP_ADD])
                           : op == ORR_EXPR_OP_NEG     ? g_strdup ("-?")
                                                       : g_strdup_printf ("%s(?)", name);
  /* TRANSLATORS: the sign before a number, to tell it from the minus between two */
  const char *label = op == ORR_EXPR_OP_NEG ? _ ("−a") : orr_tree_name_operator (op);
  g_autofree char *about = g_strdup_printf (_ ("The agent may use %s"), name);
  GtkWidget *box, *button, *allow;

  if (!matches (self, label, name))
    return;
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  button = orr_piece_button_new (self->editor, label, piece, -1);
  gtk_widget_set_tooltip_text (button, name);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_box_append (GTK_BOX (box), button);
  allow = gtk_switch_new ();
  gtk_widget_set_valign (allow, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (allow, "orr-allow");
  gtk_widget_set_tooltip_text (allow, about);
  gtk_accessible_update_property (GTK_ACCESSIBLE (allow), GTK_ACCESSIBLE_PROPERTY_LABEL, about, -1);
  g_object_set_data (G_OBJECT (allow), "orr-op", GUINT_TO_POINTER (op));
  gtk_widget_set_sensitive (allow, is_known_to_agent (op));
  gtk_widget_set_opacity (allow, is_known_to_agent (op) ? 1.0 : 0.0);
  g_signal_connect (allow, "notify::active", G_CALLBACK (allowed_cb), self);
  gtk_box_append (GTK_BOX (box), allow);
  append (group, box);
}

static void
fill_variables (OrrPaletteView *self)
{
  GtkWidget *group = add_group (self, _ ("Variables"));
  guint n_names;
  const char *const *names = orr_tree_editor_get_names (self->editor, &n_names);

  for (guint i = 0; i < n_names; i++)
    {
      g_autofree char *piece = g_strdup_printf ("`%s`", names[i]);

      add_piece (self, group, names[i], piece, names[i]);
    }
  for (guint i = 0; n_names == 0 && i < 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("x_%u", i + 1);

      add_piece (self, group, name, name, name);
    }
}

static void
fill (OrrPaletteView *self)
{
  static const char *const numbers[] = { "-1", "0", "1", "2", "3", "4", "5" };
  GtkWidget *group, *child;

  while ((child = gtk_widget_get_first_child (self->groups)) != NULL)
    gtk_box_remove (GTK_BOX (self->groups), child);
  if (self->editor == NULL)
    return;
  fill_variables (self);
  group = add_group (self, _ ("Constants"));
  add_piece (self, group, "c", "c", _ ("free constant"));
  add_piece (self, group, "π", "3.141592653589793", "pi");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    add_piece (self, group, numbers[i], numbers[i], numbers[i]);
  group = add_group (self, _ ("Arithmetic"));
  for (guint op = ORR_EXPR_OP_ADD; op <= ORR_EXPR_OP_NEG; op++)
    add_operator (self, group, op);
  group = add_group (self, _ ("Functions"));
  for (guint op = ORR_EXPR_OP_NEG + 1; op < ORR_EXPR_N_OPS; op++)
    add_operator (self, group, op);
  group = add_group (self, _ ("Place"));
  add_piece (self, group, "?", "?", _ ("open place"));
}

/* What the agent may use -------------------------------------------------------------------------- */

static void
mark_forbidden (OrrPaletteView *self, GtkWidget *widget)
{
  OrrWorkbench *workbench = orr_tree_editor_get_workbench (self->editor);

  if (GTK_IS_SWITCH (widget))
    {
      OrrExprOp op = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (widget), "orr-op"));
      gboolean forbidden = orr_workbench_is_forbidden (workbench, op);
      GtkWidget *button = gtk_widget_get_prev_sibling (widget);

      gtk_switch_set_active (GTK_SWITCH (widget), !forbidden);
      if (forbidden)
        gtk_widget_add_css_class (button, "forbidden");
      else
        gtk_widget_remove_css_class (button, "forbidden");
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    mark_forbidden (self, child);
}

static char *
print_offered (GArray *offered)
{
  GString *text = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < offered->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            g_ascii_formatd (number, sizeof number, "%.10g", g_array_index (offered, double, i)));
  return g_string_free (text, FALSE);
}

static void
update_rules (OrrPaletteView *self)
{
  g_autofree char *offered =
      print_offered (orr_workbench_get_equations (orr_tree_editor_get_workbench (self->editor))->offered);

  self->updating = TRUE;
  mark_forbidden (self, self->groups);
  if (!gtk_widget_has_focus (GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->offer)))))
    gtk_editable_set_text (GTK_EDITABLE (self->offer), offered);
  self->updating = FALSE;
}

/* Numbers between commas or spaces, formulas without variables among them; FALSE when one is none. */
static gboolean
read_offered (OrrPaletteView *self, GArray *numbers)
{
  g_auto (GStrv) words = g_strsplit_set (gtk_editable_get_text (GTK_EDITABLE (self->offer)), ",; ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autoptr (OrrExpr) expr = **word != '\0' ? orr_tree_editor_parse (self->editor, *word, NULL) : NULL;
      double value = NAN;

      if (**word == '\0')
        continue;
      if (expr == NULL || orr_expr_n_variables (expr) > 0 || orr_expr_count (expr, ORR_EXPR_OP_CONSTANT) > 0 ||
          !orr_expr_eval (expr, NULL, 0, 1, &value) || !isfinite (value) || numbers->len == ORR_ACTIONS_MAX_OFFERED)
        return FALSE;
      g_array_append_val (numbers, value);
    }
  return TRUE;
}

static void
offer_changed_cb (OrrPaletteView *self)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));

  if (self->updating || self->editor == NULL)
    return;
  if (read_offered (self, numbers))
    gtk_widget_remove_css_class (self->offer, "error");
  else
    gtk_widget_add_css_class (self->offer, "error");
}

static void
offer (OrrPaletteView *self)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));

  if (self->updating || self->editor == NULL || !read_offered (self, numbers))
    return;
  orr_workbench_set_offered (orr_tree_editor_get_workbench (self->editor),
                             (const double *) (gpointer) numbers->data, numbers->len);
}

static void
refill (OrrPaletteView *self)
{
  fill (self);
  if (self->editor != NULL)
    update_rules (self);
}

/* The widget -------------------------------------------------------------------------------------- */

GtkWidget *
orr_palette_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_PALETTE_VIEW, "session", session, NULL);
}

static void
editor_changed (OrrBenchView *view, OrrTreeEditor *editor)
{
  OrrPaletteView *self = ORR_PALETTE_VIEW (view);

  self->editor = editor;
  if (editor != NULL)
    {
      OrrWorkbench *workbench = orr_tree_editor_get_workbench (editor);

      g_signal_connect_swapped (workbench, "notify::dataset", G_CALLBACK (refill), self);
      g_signal_connect_swapped (workbench, "notify::equations", G_CALLBACK (update_rules), self);
    }
  refill (self);
}

static void
orr_palette_view_class_init (OrrPaletteViewClass *klass)
{
  ORR_BENCH_VIEW_CLASS (klass)->editor_changed = editor_changed;
}

static void
orr_palette_view_init (OrrPaletteView *self)
{
  GtkWidget *label, *column;
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Palette"), -1);
  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _ ("Search"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search"),
                                  -1);
  gtk_widget_set_margin_start (self->search, 12);
  gtk_widget_set_margin_end (self->search, 12);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (refill), self);
  gtk_widget_set_parent (self->search, GTK_WIDGET (self));

  column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_margin_start (column, 12);
  gtk_widget_set_margin_end (column, 12);
  gtk_widget_set_margin_bottom (column, 12);
  self->groups = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_box_append (GTK_BOX (column), self->groups);
  label = gtk_label_new (_ ("Numbers offered to the agent"));
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (column), label);
  self->offer = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->offer), _ ("9.81, 2*pi"));
  gtk_editable_set_width_chars (GTK_EDITABLE (self->offer), 8);
  gtk_widget_set_tooltip_text (self->offer, _ ("Numbers with a meaning of their own, at most eight: the agent may use "
                                               "them as they stand. Enter offers them."));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->offer), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Numbers offered to the agent"), -1);
  g_signal_connect_swapped (self->offer, "changed", G_CALLBACK (offer_changed_cb), self);
  g_signal_connect_swapped (self->offer, "activate", G_CALLBACK (offer), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (offer), self);
  gtk_widget_add_controller (self->offer, focus);
  gtk_box_append (GTK_BOX (column), self->offer);

  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), column);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
view_init (OrrViewInterface *iface)
{
}
