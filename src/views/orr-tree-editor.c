/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-tree-editor.h"

#include <glib/gi18n.h>
#include <string.h>

#include "orr-expr-drop.h"
#include "orr-expr-parse.h"
#include "orr-expr-print.h"

struct _OrrTreeEditor
{
  GObject parent_instance;

  OrrWorkbench *workbench;
  char **names; /* (nullable): of the data set's inputs, as last asked for */
  int lifted;   /* root of the subtree that is being dragged, or -1 */
  int loose;    /* the loose piece that is being dragged, or -1 */
};

G_DEFINE_FINAL_TYPE (OrrTreeEditor, orr_tree_editor, G_TYPE_OBJECT)

OrrTreeEditor *
orr_tree_editor_new (OrrWorkbench *workbench)
{
  OrrTreeEditor *self = g_object_new (ORR_TYPE_TREE_EDITOR, NULL);

  self->workbench = g_object_ref (workbench);
  return self;
}

OrrWorkbench *
orr_tree_editor_get_workbench (OrrTreeEditor *self)
{
  return self->workbench;
}

OrrExpr *
orr_tree_editor_get_expr (OrrTreeEditor *self)
{
  return orr_workbench_get_expr (self->workbench);
}

/**
 * orr_tree_editor_get_names:
 *
 * Returns: (transfer none) (array length=n_names) (nullable): the variables', %NULL for
 *   x_1, x_2 ...; good until asked again
 */
const char *const *
orr_tree_editor_get_names (OrrTreeEditor *self, guint *n_names)
{
  const OrrDataset *data = orr_workbench_get_dataset (self->workbench);

  g_clear_pointer (&self->names, g_strfreev);
  *n_names = data != NULL ? data->n_inputs : 0;
  if (*n_names == 0)
    return NULL;
  self->names = g_new0 (char *, *n_names + 1);
  for (guint i = 0; i < *n_names; i++)
    self->names[i] = g_strdup (data->columns[data->inputs[i]]);
  return (const char *const *) self->names;
}

int
orr_tree_editor_get_selected (OrrTreeEditor *self)
{
  guint id = orr_workbench_get_selected (self->workbench);

  return id != 0 ? orr_expr_find (orr_tree_editor_get_expr (self), id) : -1;
}

void
orr_tree_editor_select (OrrTreeEditor *self, int position)
{
  OrrExpr *expr = orr_tree_editor_get_expr (self);

  orr_workbench_set_selected (self->workbench,
                              position >= 0 && position < (int) expr->n_nodes ? expr->nodes[position].id : 0);
}

OrrExpr *
orr_tree_editor_parse (OrrTreeEditor *self, const char *text, GError **error)
{
  guint n_names;
  const char *const *names = orr_tree_editor_get_names (self, &n_names);

  return orr_expr_parse (text, names, n_names > 0 ? n_names : ORR_EXPR_MAX_VARIABLES, NULL, error);
}

/**
 * orr_tree_editor_print:
 *
 * Returns: (transfer full): the formula with `c` for every free constant, so that
 *   reading it back leaves them free
 */
char *
orr_tree_editor_print (OrrTreeEditor *self, const OrrExpr *expr)
{
  guint n_names;
  const char *const *names = orr_tree_editor_get_names (self, &n_names);

  return orr_expr_to_skeleton (expr, names, n_names);
}

/* The piece that is dropped: from the tray as it is, else as the text says. */
static OrrExpr *
get_piece (OrrTreeEditor *self, const char *piece, GError **error)
{
  GPtrArray *tray = orr_workbench_get_equations (self->workbench)->tray;

  if (self->loose >= 0 && self->loose < (int) tray->len)
    return orr_expr_ref (tray->pdata[self->loose]);
  return orr_tree_editor_parse (self, piece, error);
}

/* Takes the tree and the tray. The selection goes to @select (an id; 0 keeps it). */
static void
apply (OrrTreeEditor *self, OrrExpr *expr, GPtrArray *tray, const char *label, guint32 select)
{
  orr_workbench_set_tree_and_tray (self->workbench, expr, tray, label);
  if (select != 0)
    orr_workbench_set_selected (self->workbench, select);
}

static GPtrArray *
copy_tray (OrrTreeEditor *self, int without)
{
  GPtrArray *old = orr_workbench_get_equations (self->workbench)->tray;
  GPtrArray *tray = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_expr_unref);

  for (guint i = 0; i < old->len; i++)
    if ((int) i != without)
      g_ptr_array_add (tray, orr_expr_ref (old->pdata[i]));
  return tray;
}

/**
 * orr_tree_editor_lift:
 * @position: root of the subtree that a drag takes from the tree, or -1
 * @loose: index of the loose piece that it takes from the tray, or -1
 */
void
orr_tree_editor_lift (OrrTreeEditor *self, int position, int loose)
{
  self->lifted = position;
  self->loose = loose;
}

int
orr_tree_editor_get_lifted (OrrTreeEditor *self)
{
  return self->lifted;
}

/**
 * orr_tree_editor_drop_on:
 * @position: the node it is dropped on
 * @piece: as text, unless a subtree has been lifted
 * @copy: whether a lifted subtree stays where it was, too
 */
gboolean
orr_tree_editor_drop_on (OrrTreeEditor *self, int position, const char *piece, gboolean copy, GError **error)
{
  g_autoptr (GPtrArray) tray = copy_tray (self, self->loose);
  OrrExpr *tree = orr_tree_editor_get_expr (self);
  guint32 id = tree->nodes[position].id;
  g_autoptr (OrrExpr) next = NULL;

  if (self->lifted >= 0)
    {
      guint32 moved = tree->nodes[self->lifted].id;

      next = orr_expr_move (tree, self->lifted, position, copy, tray, error);
      if (next != NULL)
        apply (self, next, tray, copy ? _ ("Copy part") : _ ("Move part"), copy ? 0 : moved);
      return next != NULL;
    }

  g_autoptr (OrrExpr) part = get_piece (self, piece, error);
  if (part != NULL)
    next = orr_expr_drop_on (tree, position, part, tray, error);
  if (next != NULL)
    apply (self, next, tray, piece, orr_expr_find (next, id) >= 0 ? id : next->nodes[position].id);
  return next != NULL;
}

/**
 * orr_tree_editor_drop_above:
 * @position: the node below the edge that it is dropped on
 */
gboolean
orr_tree_editor_drop_above (OrrTreeEditor *self, int position, const char *piece, GError **error)
{
  g_autoptr (GPtrArray) tray = copy_tray (self, self->loose);
  g_autoptr (OrrExpr) part = get_piece (self, piece, error);
  g_autoptr (OrrExpr) next =
      part != NULL ? orr_expr_drop_above (orr_tree_editor_get_expr (self), position, part, error) : NULL;

  if (next != NULL)
    apply (self, next, tray, piece, next->nodes[position].id);
  return next != NULL;
}

/* Out of the tree: a lifted subtree leaves a placeholder and becomes a loose piece, as anything else dropped
 * there. */
gboolean
orr_tree_editor_drop_outside (OrrTreeEditor *self, const char *piece, GError **error)
{
  g_autoptr (GPtrArray) tray = copy_tray (self, self->loose);
  OrrExpr *tree = orr_tree_editor_get_expr (self);
  g_autoptr (OrrExpr) next = NULL, part = NULL;

  if (self->lifted >= 0)
    {
      part = orr_expr_subtree (tree, self->lifted);
      next = orr_expr_remove (tree, self->lifted, error);
    }
  else
    {
      part = get_piece (self, piece, error);
      next = part != NULL ? orr_expr_ref (tree) : NULL;
    }
  if (next == NULL)
    return FALSE;
  if (part->n_nodes > 1 || part->nodes[0].op != ORR_EXPR_OP_PLACEHOLDER)
    g_ptr_array_add (tray, g_steal_pointer (&part));
  apply (self, next, tray, _ ("Take out"), 0);
  return TRUE;
}

/* What a person types for a node: "+" and its like stand for the operator with open places. */
static char *
complete_typed (const char *text)
{
  static const char *const infix[] = { "+", "-", "*", "/", "^" };

  for (guint i = 0; i < G_N_ELEMENTS (infix); i++)
    if (g_str_equal (text, infix[i]))
      return g_strdup_printf ("?%s?", text);

  OrrExprOp op = orr_expr_op_from_name (text);
  if (op >= ORR_EXPR_FIRST_OPERATOR && op < ORR_EXPR_N_OPS)
    return orr_expr_op_arity (op) == 1 ? g_strdup_printf ("%s(?)", text) : g_strdup_printf ("%s(?, ?)", text);
  return g_strdup (text);
}

/**
 * orr_tree_editor_put:
 * @piece: a formula
 * @loose: its index in the tray, or -1
 *
 * Puts it in the selected node's place (the first open one where none is
 * selected) and goes on to the next open place.
 */
gboolean
orr_tree_editor_put (OrrTreeEditor *self, const char *piece, int loose, GError **error)
{
  const OrrExpr *expr = orr_tree_editor_get_expr (self);
  int position = orr_tree_editor_get_selected (self);

  for (guint i = 0; position < 0 && i < expr->n_nodes; i++)
    if (expr->nodes[i].op == ORR_EXPR_OP_PLACEHOLDER)
      position = i;
  position = MAX (position, 0);
  orr_tree_editor_lift (self, -1, loose);
  if (!orr_tree_editor_drop_on (self, position, piece, FALSE, error))
    return FALSE;
  orr_tree_editor_lift (self, -1, -1);
  expr = orr_tree_editor_get_expr (self);
  for (guint i = 0; i < expr->n_nodes; i++)
    {
      guint at = (position + i) % expr->n_nodes;

      if (expr->nodes[at].op == ORR_EXPR_OP_PLACEHOLDER)
        {
          orr_tree_editor_select (self, at);
          break;
        }
    }
  return TRUE;
}

/**
 * orr_tree_editor_type:
 * @text: an operator's name or sign, a number, a variable, `?`, or a formula
 *
 * Puts what was typed as orr_tree_editor_put() does.
 */
gboolean
orr_tree_editor_type (OrrTreeEditor *self, const char *text, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text)), *piece = complete_typed (trimmed);

  return orr_tree_editor_put (self, piece, -1, error);
}

/* Leaves a placeholder where the selected node was. */
gboolean
orr_tree_editor_remove (OrrTreeEditor *self, GError **error)
{
  int position = orr_tree_editor_get_selected (self);
  g_autoptr (GPtrArray) tray = copy_tray (self, -1);
  g_autoptr (OrrExpr) next = NULL;

  if (position < 0 || orr_tree_editor_get_expr (self)->nodes[position].op == ORR_EXPR_OP_PLACEHOLDER)
    return TRUE;
  next = orr_expr_remove (orr_tree_editor_get_expr (self), position, error);
  if (next != NULL)
    apply (self, next, tray, _ ("Remove"), next->nodes[position].id);
  return next != NULL;
}

void
orr_tree_editor_toggle_lock (OrrTreeEditor *self, gboolean whole_subtree)
{
  int position = orr_tree_editor_get_selected (self);
  g_autoptr (GPtrArray) tray = copy_tray (self, -1);
  gboolean locked;

  if (position < 0)
    return;
  locked = orr_tree_editor_get_expr (self)->nodes[position].locked;

  g_autoptr (OrrExpr) next =
      orr_expr_set_locked (orr_tree_editor_get_expr (self), position, !locked, whole_subtree);
  apply (self, next, tray, locked ? _ ("Unlock") : _ ("Lock"), 0);
}

/* Throws a loose piece away. */
void
orr_tree_editor_drop_loose (OrrTreeEditor *self, guint index)
{
  g_autoptr (GPtrArray) tray = copy_tray (self, index);

  apply (self, orr_tree_editor_get_expr (self), tray, _ ("Discard piece"), 0);
}

static void
orr_tree_editor_finalize (GObject *object)
{
  OrrTreeEditor *self = ORR_TREE_EDITOR (object);

  g_clear_object (&self->workbench);
  g_strfreev (self->names);
  G_OBJECT_CLASS (orr_tree_editor_parent_class)->finalize (object);
}

static void
orr_tree_editor_class_init (OrrTreeEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = orr_tree_editor_finalize;
}

static void
orr_tree_editor_init (OrrTreeEditor *self)
{
  self->lifted = self->loose = -1;
}
