/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-move-chip.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-formula-label.h"
#include "orr-tree-drawing.h"

#define SIZE 13.0
#define WIDEST 190

/**
 * OrrMoveChip:
 *
 * One state of the history: whose move it was, what was done, the formula, R2.
 */
struct _OrrMoveChip
{
  GtkButton parent_instance;

  OrrExpr   *expr;
  int        index; /* of the move, -1 for the start */
  GtkWidget *what;
  GtkWidget *formula;
};

G_DEFINE_FINAL_TYPE (OrrMoveChip, orr_move_chip, GTK_TYPE_BUTTON)

/* An operator goes by its sign. */
static const char *
name_deed (const char *label)
{
  OrrExprOp op = orr_expr_op_from_name (label);

  return op >= ORR_EXPR_FIRST_OPERATOR && op < ORR_EXPR_N_OPS ? orr_tree_name_operator (op) : label;
}

/* "you: sin", "agent: ×, R² 0.98", with where it branched off. */
static char *
describe (const OrrMove *move, int index)
{
  GString *text = g_string_new (NULL);

  if (move == NULL)
    return g_string_free (g_string_append (text, _ ("start")), FALSE);
  g_string_append_printf (text, move->mover == ORR_MOVER_AGENT ? _ ("agent: %s") : _ ("you: %s"), name_deed (move->label));
  if (!isnan (move->r2))
    g_string_append_printf (text, ", R² %.4f", move->r2);
  if (move->from != index - 1)
    {
      g_string_append (text, " ");
      if (move->from < 0)
        g_string_append (text, _ ("(from the start)"));
      else
        g_string_append_printf (text, _ ("(from %d)"), move->from + 1);
    }
  return g_string_free (text, FALSE);
}

/**
 * orr_move_chip_new:
 * @move: (nullable): %NULL for the start
 * @index: of the move, -1 for the start
 */
GtkWidget *
orr_move_chip_new (OrrTreeEditor *editor, const OrrMove *move, int index)
{
  OrrMoveChip *self = g_object_new (ORR_TYPE_MOVE_CHIP, NULL);
  g_autoptr (OrrExpr) start = orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  g_autofree char *text = describe (move, index), *numbered = g_strdup_printf ("%d  %s", index + 1, text);
  g_autofree char *formula = NULL, *spoken = NULL;

  self->index = index;
  self->expr = orr_expr_ref (move != NULL ? move->expr : start);
  gtk_label_set_label (GTK_LABEL (self->what), index >= 0 ? numbered : text);
  orr_formula_label_set (ORR_FORMULA_LABEL (self->formula), editor, self->expr);
  formula = orr_tree_editor_print (editor, self->expr);
  spoken = g_strdup_printf (_ ("State %d, %s: %s"), index + 1, text, formula);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _ ("Go back to this state; with Ctrl, choose two to compare"));
  if (move != NULL && move->mover == ORR_MOVER_AGENT)
    gtk_widget_add_css_class (GTK_WIDGET (self), "agent");
  return GTK_WIDGET (self);
}

OrrExpr *
orr_move_chip_get_expr (OrrMoveChip *self)
{
  return self->expr;
}

int
orr_move_chip_get_index (OrrMoveChip *self)
{
  return self->index;
}

static void
set_class (OrrMoveChip *self, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (GTK_WIDGET (self), name);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), name);
}

/**
 * orr_move_chip_set_state:
 * @current: whether it is what is on the canvas
 * @marked: whether it has been chosen to be compared
 */
void
orr_move_chip_set_state (OrrMoveChip *self, gboolean current, gboolean marked)
{
  set_class (self, "current", current);
  set_class (self, "marked", marked);
}

static void
orr_move_chip_dispose (GObject *object)
{
  g_clear_pointer (&ORR_MOVE_CHIP (object)->expr, orr_expr_unref);
  G_OBJECT_CLASS (orr_move_chip_parent_class)->dispose (object);
}

static void
orr_move_chip_class_init (OrrMoveChipClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_move_chip_dispose;
}

static void
orr_move_chip_init (OrrMoveChip *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->what = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->what), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (self->what), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (self->what), 8);
  gtk_label_set_max_width_chars (GTK_LABEL (self->what), 28);
  gtk_widget_add_css_class (self->what, "caption");
  self->formula = orr_formula_label_new (SIZE, WIDEST);
  gtk_box_append (GTK_BOX (box), self->what);
  gtk_box_append (GTK_BOX (box), self->formula);
  gtk_button_set_child (GTK_BUTTON (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "orr-move");
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
}
