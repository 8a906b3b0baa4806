/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-constant-popover.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"

struct _OrrConstantPopover
{
  GtkPopover parent_instance;

  OrrTreeEditor *editor; /* (nullable) */
  guint32        id;     /* of the constant */

  GtkEntry       *value;
  GtkEntry       *minimum;
  GtkEntry       *maximum;
  GtkCheckButton *keep;
  GtkLabel       *problem;
};

G_DEFINE_FINAL_TYPE (OrrConstantPopover, orr_constant_popover, GTK_TYPE_POPOVER)

static void
say (OrrConstantPopover *self, const char *text)
{
  gtk_label_set_text (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

/* A number as a person writes it, 2*pi and 1/3 included; NaN when it is none. */
static double
read_number (const char *text)
{
  g_autoptr (OrrExpr) expr = orr_expr_parse (text, NULL, 0, NULL, NULL);
  double value = NAN, unused = 0.0;

  if (expr == NULL || orr_expr_n_variables (expr) > 0 ||
      orr_expr_count (expr, ORR_EXPR_OP_CONSTANT) + orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER) > 0)
    return NAN;
  orr_expr_eval (expr, &unused, 1, 1, &value);
  return value;
}

static gboolean
read_limit (OrrConstantPopover *self, GtkEntry *entry, double none, double *limit)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  *limit = *text != '\0' ? read_number (text) : none;
  if (!isnan (*limit))
    return TRUE;
  g_autofree char *message = g_strdup_printf (_("“%s” is not a number; leave it empty for no limit"), text);
  say (self, message);
  gtk_widget_grab_focus (GTK_WIDGET (entry));
  return FALSE;
}

/* Something else than a number is put in the constant's place, as it would be anywhere else in the tree. */
static void
replace (OrrConstantPopover *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (orr_tree_editor_type (self->editor, text, &error))
    gtk_popover_popdown (GTK_POPOVER (self));
  else
    say (self, error->message);
}

static void
apply_cb (OrrConstantPopover *self)
{
  OrrWorkbench *bench = self->editor != NULL ? orr_tree_editor_get_workbench (self->editor) : NULL;
  OrrExpr *expr = bench != NULL ? orr_workbench_get_expr (bench) : NULL;
  int at = expr != NULL ? orr_expr_find (expr, self->id) : -1;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->value));
  double value = read_number (text), minimum, maximum;

  if (at < 0)
    {
      gtk_popover_popdown (GTK_POPOVER (self));
      return;
    }
  if (isnan (value))
    {
      replace (self, text);
      return;
    }
  if (!read_limit (self, self->minimum, -INFINITY, &minimum) || !read_limit (self, self->maximum, INFINITY, &maximum))
    return;
  if (minimum > maximum || value < minimum || value > maximum)
    {
      say (self, minimum > maximum ? _("The least value is above the greatest") : _("The value is outside the range"));
      return;
    }

  gboolean keep = gtk_check_button_get_active (self->keep), kept = !orr_expr_is_free (&expr->nodes[at]);
  /* Printed with few digits: only another number is another value. */
  g_autofree char *shown = orr_expr_format_number (expr->nodes[at].value, 6);
  gboolean same = g_str_equal (text, shown);
  g_autoptr (OrrExpr) ranged = orr_expr_set_range (expr, at, minimum, maximum);
  g_autoptr (OrrExpr) set = same ? orr_expr_ref (ranged) : orr_expr_set_constant (ranged, at, value);
  g_autoptr (OrrExpr) next = keep != kept ? orr_expr_set_locked (set, at, keep, FALSE) : orr_expr_ref (set);

  if (!same || keep != kept || minimum != expr->nodes[at].minimum || maximum != expr->nodes[at].maximum)
    orr_workbench_set_expr (bench, next, _("Set constant"), NULL);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static GtkEntry *
add_entry (OrrConstantPopover *self, GtkGrid *grid, int row, const char *title, const char *placeholder)
{
  GtkWidget *label = gtk_label_new (title), *entry = gtk_entry_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 12);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_object (entry, "activate", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, entry, 1, row, 1, 1);
  return GTK_ENTRY (entry);
}

static void
orr_constant_popover_dispose (GObject *object)
{
  g_clear_object (&ORR_CONSTANT_POPOVER (object)->editor);
  G_OBJECT_CLASS (orr_constant_popover_parent_class)->dispose (object);
}

static void
orr_constant_popover_class_init (OrrConstantPopoverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_constant_popover_dispose;
}

static void
orr_constant_popover_init (OrrConstantPopover *self)
{
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());
  GtkWidget *set = gtk_button_new_with_label (_("Set"));

  gtk_grid_set_row_spacing (grid, 6);
  gtk_grid_set_column_spacing (grid, 8);
  self->value = add_entry (self, grid, 0, _("Value"), NULL);
  self->minimum = add_entry (self, grid, 1, _("At least"), _("no limit"));
  self->maximum = add_entry (self, grid, 2, _("At most"), _("no limit"));
  self->keep = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_("Keep this value")));
  self->problem = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->problem, TRUE);
  gtk_label_set_max_width_chars (self->problem, 28);
  gtk_label_set_xalign (self->problem, 0.0);
  gtk_widget_add_css_class (GTK_WIDGET (self->problem), "error");
  gtk_widget_add_css_class (set, "suggested-action");
  g_signal_connect_object (set, "clicked", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
  gtk_grid_attach (grid, GTK_WIDGET (self->keep), 0, 3, 1, 1);
  gtk_grid_attach (grid, set, 1, 3, 1, 1);
  gtk_grid_attach (grid, GTK_WIDGET (self->problem), 0, 4, 2, 1);
  gtk_popover_set_child (GTK_POPOVER (self), GTK_WIDGET (grid));
}

/* (transfer floating): to be parented to what it points at. */
GtkWidget *
orr_constant_popover_new (void)
{
  return g_object_new (ORR_TYPE_CONSTANT_POPOVER, NULL);
}

static void
set_limit (GtkEntry *entry, double limit)
{
  g_autofree char *text = isfinite (limit) ? orr_expr_format_number (limit, 6) : g_strdup ("");

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

/**
 * orr_constant_popover_open:
 * @position: of a constant in the editor's tree
 * @anchor: where it is in the popover's parent
 */
void
orr_constant_popover_open (OrrConstantPopover *self, OrrTreeEditor *editor, int position, const GdkRectangle *anchor)
{
  g_return_if_fail (ORR_IS_CONSTANT_POPOVER (self));

  const OrrExprNode *node = &orr_tree_editor_get_expr (editor)->nodes[position];
  g_autofree char *value = orr_expr_format_number (node->value, 6);

  g_set_object (&self->editor, editor);
  self->id = node->id;
  gtk_editable_set_text (GTK_EDITABLE (self->value), value);
  set_limit (self->minimum, node->minimum);
  set_limit (self->maximum, node->maximum);
  gtk_check_button_set_active (self->keep, !orr_expr_is_free (node));
  say (self, NULL);
  gtk_popover_set_pointing_to (GTK_POPOVER (self), anchor);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->value));
}
