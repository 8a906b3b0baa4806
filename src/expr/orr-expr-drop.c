/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-drop.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "orr-error.h"

/* Whether any node of the subtree at @position is locked. */
static gboolean
holds_lock (const OrrExpr *self, guint position)
{
  for (guint i = 0; i < self->nodes[position].size; i++)
    if (self->nodes[position + i].locked)
      return TRUE;
  return FALSE;
}

static gboolean
check_free (const OrrExpr *self, guint position, gboolean whole, GError **error)
{
  if (whole ? !holds_lock (self, position) : !self->nodes[position].locked)
    return TRUE;
  g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("This part is locked: unlock it to change it."));
  return FALSE;
}

static gboolean
check_size (guint n_nodes, GError **error)
{
  if (n_nodes <= ORR_EXPR_MAX_NODES)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("An expression has at most %d parts."),
               ORR_EXPR_MAX_NODES);
  return FALSE;
}

static void
add_loose (GPtrArray *loose, const OrrExpr *self, guint position)
{
  g_autoptr (OrrExpr) piece = orr_expr_subtree (self, position);

  for (guint i = 0; i < piece->n_nodes; i++)
    if (orr_expr_op_arity (piece->nodes[i].op) == 0 && piece->nodes[i].op != ORR_EXPR_OP_PLACEHOLDER)
      {
        g_ptr_array_add (loose, g_steal_pointer (&piece));
        return;
      }
}

/**
 * orr_expr_is_bare_operator:
 *
 * Returns: whether it is one operator whose operands are all placeholders
 */
gboolean
orr_expr_is_bare_operator (const OrrExpr *self)
{
  guint arity = orr_expr_op_arity (self->nodes[0].op);

  if (arity == 0 || self->n_nodes != arity + 1)
    return FALSE;
  for (guint i = 1; i < self->n_nodes; i++)
    if (self->nodes[i].op != ORR_EXPR_OP_PLACEHOLDER)
      return FALSE;
  return TRUE;
}

/* Whether anything is still to be found in it. */
gboolean
orr_expr_is_open (const OrrExpr *self)
{
  return orr_expr_count (self, ORR_EXPR_OP_PLACEHOLDER) > 0;
}

/* Another operator in the place of one: operands are kept as far as it has room. */
static OrrExpr *
exchange_operator (const OrrExpr *self, guint position, OrrExprOp op, GPtrArray *loose, GError **error)
{
  guint had = orr_expr_op_arity (self->nodes[position].op), wants = orr_expr_op_arity (op);

  if (!check_free (self, position, FALSE, error))
    return NULL;
  for (guint k = wants; k < had; k++)
    if (!check_free (self, orr_expr_operand (self, position, k), TRUE, error))
      return NULL;
  for (guint k = wants; k < had; k++)
    add_loose (loose, self, orr_expr_operand (self, position, k));
  return orr_expr_set_operator (self, position, op);
}

/**
 * orr_expr_drop_on:
 * @position: the node that the piece is dropped on
 * @loose: (element-type OrrExpr): gets what has no place any more
 *
 * A placeholder is filled. Of a bare operator on an operator only the operator is
 * exchanged. Anything else takes the place of the whole subtree, which comes loose.
 */
OrrExpr *
orr_expr_drop_on (const OrrExpr *self, guint position, const OrrExpr *piece, GPtrArray *loose, GError **error)
{
  g_return_val_if_fail (position < self->n_nodes, NULL);

  if (orr_expr_is_bare_operator (piece) && orr_expr_op_arity (self->nodes[position].op) > 0)
    return exchange_operator (self, position, piece->nodes[0].op, loose, error);
  if (!check_free (self, position, TRUE, error) ||
      !check_size (self->n_nodes - self->nodes[position].size + piece->n_nodes, error))
    return NULL;
  add_loose (loose, self, position);
  return orr_expr_replace (self, position, piece);
}

/**
 * orr_expr_drop_above:
 * @piece: an operator, whose first placeholder takes the subtree
 * @position: the node whose edge to its parent the piece is dropped on
 *
 * Inserts: the subtree at @position goes on below the piece.
 */
OrrExpr *
orr_expr_drop_above (const OrrExpr *self, guint position, const OrrExpr *piece, GError **error)
{
  g_return_val_if_fail (position < self->n_nodes, NULL);

  guint hole = 0;

  while (hole < piece->n_nodes && piece->nodes[hole].op != ORR_EXPR_OP_PLACEHOLDER)
    hole++;
  if (hole == piece->n_nodes || hole == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           _ ("Only something with an open place can stand between two parts."));
      return NULL;
    }
  if (!check_size (self->n_nodes + piece->n_nodes, error))
    return NULL;
  if (orr_expr_is_bare_operator (piece))
    return orr_expr_wrap (self, position, piece->nodes[0].op);

  /* The kept subtree must keep its nodes' ids and locks: put it into the piece, node by node. */
  g_autofree OrrExprNode *nodes = g_new (OrrExprNode, self->n_nodes + piece->n_nodes);
  guint size = self->nodes[position].size, after = position + size, at = 0;

  memcpy (nodes, self->nodes, position * sizeof (OrrExprNode));
  at = position;
  for (guint i = 0; i < piece->n_nodes; i++)
    if (i == hole)
      {
        memcpy (nodes + at, self->nodes + position, size * sizeof (OrrExprNode));
        at += size;
      }
    else
      {
        nodes[at] = piece->nodes[i];
        nodes[at++].id = 0;
      }
  memcpy (nodes + at, self->nodes + after, (self->n_nodes - after) * sizeof (OrrExprNode));
  return orr_expr_new (nodes, at + self->n_nodes - after);
}

/* Exchanges two subtrees that do not hold each other; their nodes keep their ids. */
static OrrExpr *
swap (const OrrExpr *self, guint a, guint b)
{
  guint first = MIN (a, b), second = MAX (a, b);
  guint first_size = self->nodes[first].size, second_size = self->nodes[second].size;
  guint between = second - first - first_size, after = second + second_size;
  g_autofree OrrExprNode *nodes = g_new (OrrExprNode, self->n_nodes);
  OrrExprNode *at = nodes;

#define TAKE(from, n)                                                                                        \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    memcpy (at, self->nodes + (from), (n) * sizeof (OrrExprNode));                                           \
    at += (n);                                                                                               \
  }                                                                                                          \
  G_STMT_END
  TAKE (0, first);
  TAKE (second, second_size);
  TAKE (first + first_size, between);
  TAKE (first, first_size);
  TAKE (after, self->n_nodes - after);
#undef TAKE
  return orr_expr_new (nodes, self->n_nodes);
}

static gboolean
is_inside (const OrrExpr *self, guint position, guint root)
{
  return position >= root && position < root + self->nodes[root].size;
}

/**
 * orr_expr_move:
 * @from: root of the subtree that is moved
 * @to: the node it is dropped on
 * @copy: whether it stays where it was, too
 *
 * On a sibling the two change places. Elsewhere it takes the place of what is
 * there, which comes loose, and leaves a placeholder behind.
 */
OrrExpr *
orr_expr_move (const OrrExpr *self, guint from, guint to, gboolean copy, GPtrArray *loose, GError **error)
{
  g_return_val_if_fail (from < self->n_nodes && to < self->n_nodes, NULL);

  g_autoptr (OrrExpr) piece = orr_expr_subtree (self, from);

  if (copy)
    return orr_expr_drop_on (self, to, piece, loose, error);
  if (is_inside (self, to, from) || is_inside (self, from, to))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("A part cannot go inside itself."));
      return NULL;
    }
  if (orr_expr_parent (self, from) == orr_expr_parent (self, to))
    return swap (self, from, to);
  if (!check_free (self, to, TRUE, error) || !check_free (self, from, TRUE, error))
    return NULL;
  add_loose (loose, self, to);

  /* Change places, so that the moved nodes keep their ids; then what was there makes room. */
  g_autoptr (OrrExpr) swapped = swap (self, from, to);
  g_autoptr (OrrExpr) hole = orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  int left = orr_expr_find (swapped, self->nodes[to].id);

  return orr_expr_replace (swapped, left, hole);
}

/**
 * orr_expr_remove:
 *
 * Returns: (transfer full) (nullable): the tree with a placeholder at @position
 */
OrrExpr *
orr_expr_remove (const OrrExpr *self, guint position, GError **error)
{
  g_return_val_if_fail (position < self->n_nodes, NULL);

  g_autoptr (OrrExpr) hole = orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);

  return check_free (self, position, TRUE, error) ? orr_expr_replace (self, position, hole) : NULL;
}
