/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-normal-private.h"

#include <string.h>

OrrExprNormalizer *
orr_expr_normalizer_new (void)
{
  return g_new0 (OrrExprNormalizer, 1);
}

void
orr_expr_normalizer_free (OrrExprNormalizer *self)
{
  if (self == NULL)
    return;
  g_free (self->nodes);
  g_free (self->pool);
  g_free (self);
}

/* Reads the tree at @at, operands first, and steps over it. */
static int
read_tree (OrrExprNormalizer *self, const OrrExprNode **at)
{
  const OrrExprNode *node = (*at)++;
  int operands[2] = { -1, -1 };

  for (guint k = 0; k < orr_expr_op_arity (node->op); k++)
    operands[k] = read_tree (self, at);

  switch (node->op)
    {
    case ORR_EXPR_OP_PLACEHOLDER:
      return orr_expr_normal_leaf (self, KIND_HOLE, self->serial++, 0.0);
    case ORR_EXPR_OP_NUMBER:
      return orr_expr_normal_number (self, node->value);
    case ORR_EXPR_OP_CONSTANT:
      return orr_expr_normal_leaf (self, KIND_CONST,
                                   self->merge         ? ORR_EXPR_NORMAL_LABELS
                                   : node->index > 0 ? node->index
                                                       : ORR_EXPR_NORMAL_LABELS + self->serial++,
                                   node->value);
    case ORR_EXPR_OP_VARIABLE:
      return orr_expr_normal_leaf (self, KIND_VAR, node->index, 0.0);
    case ORR_EXPR_OP_ADD:
      return orr_expr_normal_sum (self, operands, 2);
    case ORR_EXPR_OP_SUB:
      operands[1] = orr_expr_normal_product (self, -1.0, &operands[1], 1);
      return orr_expr_normal_sum (self, operands, 2);
    case ORR_EXPR_OP_NEG:
      return orr_expr_normal_product (self, -1.0, operands, 1);
    case ORR_EXPR_OP_MUL:
      return orr_expr_normal_product (self, 1.0, operands, 2);
    case ORR_EXPR_OP_DIV:
      operands[1] = orr_expr_normal_power (self, operands[1], -1.0);
      return orr_expr_normal_product (self, 1.0, operands, 2);
    case ORR_EXPR_OP_SQRT:
      return orr_expr_normal_power (self, operands[0], 0.5);
    default:
      return orr_expr_normal_func (self, node->op, operands[0], operands[1]);
    }
}

/**
 * orr_expr_normalizer_run:
 * @nodes: one whole tree in preorder
 * @out: (out) (array): room for @max_nodes
 *
 * Returns: number of nodes written, with sizes not yet set; 0 when they do not
 * fit, or when folding numbers left the finite ones
 */
guint
orr_expr_normalizer_run (OrrExprNormalizer *self, const OrrExprNode *nodes, OrrExprNormalFlags flags, OrrExprNode *out,
                         guint max_nodes)
{
  self->n_nodes = self->n_pool = 0;
  self->serial = 0;
  self->merge = (flags & ORR_EXPR_NORMAL_MERGE) != 0;
  int root = read_tree (self, &nodes);
  return orr_expr_normal_emit (self, root, (flags & ORR_EXPR_NORMAL_ACTIONS) != 0, out, max_nodes);
}

/**
 * orr_expr_normalize:
 *
 * Returns: (transfer full): @self in normal form; a copy of @self where that is
 * not possible in finite numbers
 */
OrrExpr *
orr_expr_normalize (const OrrExpr *self, OrrExprNormalFlags flags)
{
  g_autoptr (OrrExprNormalizer) normalizer = orr_expr_normalizer_new ();
  g_autofree OrrExprNode *out = g_new (OrrExprNode, ORR_EXPR_MAX_NODES);
  guint n = orr_expr_normalizer_run (normalizer, self->nodes, flags, out, ORR_EXPR_MAX_NODES);

  return n > 0 ? orr_expr_new (out, n) : orr_expr_new (self->nodes, self->n_nodes);
}

/**
 * orr_expr_simplify:
 *
 * Returns: (transfer full): a simpler expression with the same value wherever
 * @self has one (it may be defined at more points: x/x is 1); @self's own form
 * when that is already as short
 */
OrrExpr *
orr_expr_simplify (const OrrExpr *self)
{
  g_autoptr (OrrExpr) normal = orr_expr_normalize (self, ORR_EXPR_NORMAL_NONE);

  if (orr_expr_complexity (normal) <= orr_expr_complexity (self))
    return g_steal_pointer (&normal);
  return orr_expr_new (self->nodes, self->n_nodes);
}
