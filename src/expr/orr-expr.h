/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-ops.h"

G_BEGIN_DECLS

/**
 * OrrExprLock:
 * @ORR_EXPR_LOCK_NODE: the node stays where it is; a free constant is still fitted
 * @ORR_EXPR_LOCK_VALUE: a constant keeps its value, too: it is not free any more
 *
 * What a person has fixed. Anything but %ORR_EXPR_LOCK_NONE counts as locked.
 */
typedef enum
{
  ORR_EXPR_LOCK_NONE = 0,
  ORR_EXPR_LOCK_NODE = 1,
  ORR_EXPR_LOCK_VALUE = 2,
} OrrExprLock;

/**
 * OrrExprNode:
 * @op: what it is
 * @locked: a person said: this stays (an OrrExprLock)
 * @index: for a variable, which one, from 0; for a free constant, its label:
 *   constants with the same label above 0 are one and the same (`c_1`)
 * @id: names the node for as long as it lives in edited copies of the tree
 * @size: number of nodes of the subtree that starts here
 * @value: of a number, or the present value of a free constant
 * @standard_error: of a fitted constant, NaN where unknown
 * @minimum: the constant's range
 * @maximum: the constant's range
 */
typedef struct
{
  guint8  op;
  guint8  locked;
  guint16 index;
  guint32 id;
  guint32 size;
  double  value;
  double  standard_error;
  double  minimum;
  double  maximum;
} OrrExprNode;

/**
 * OrrExpr:
 * @n_nodes: how many nodes
 * @nodes: the nodes in preorder: an operator, its first operand's subtree, its
 *   second operand's subtree
 *
 * An expression tree, immutable and reference counted. Preorder in one array is
 * also the order in which the agent builds a tree; nodes[0] is the root, and
 * the second operand of an operator at i starts at i + 1 + nodes[i + 1].size.
 */
typedef struct
{
  guint       n_nodes;
  OrrExprNode nodes[];
} OrrExpr;

#define ORR_EXPR_MAX_NODES 4096

OrrExpr *orr_expr_new          (const OrrExprNode *nodes,
                                guint              n_nodes);
OrrExpr *orr_expr_new_leaf     (OrrExprOp          op,
                                guint              index,
                                double             value);
OrrExpr *orr_expr_new_operator (OrrExprOp          op,
                                const OrrExpr     *a,
                                const OrrExpr     *b);
OrrExpr *orr_expr_ref          (OrrExpr           *self);
void     orr_expr_unref        (OrrExpr           *self);

guint    orr_expr_count        (const OrrExpr     *self,
                                OrrExprOp          op);
guint    orr_expr_n_variables  (const OrrExpr     *self);
guint    orr_expr_constant_slots (const OrrExpr   *self,
                                  guint           *slots);
guint    orr_expr_complexity   (const OrrExpr     *self);
gboolean orr_expr_equal        (const OrrExpr     *self,
                                const OrrExpr     *other);
guint64  orr_expr_hash         (const OrrExpr     *self);
int      orr_expr_find         (const OrrExpr     *self,
                                guint32            id);
int      orr_expr_parent       (const OrrExpr     *self,
                                guint              position);

OrrExpr *orr_expr_subtree      (const OrrExpr     *self,
                                guint              position);
OrrExpr *orr_expr_replace      (const OrrExpr     *self,
                                guint              position,
                                const OrrExpr     *with);
OrrExpr *orr_expr_set_operator (const OrrExpr     *self,
                                guint              position,
                                OrrExprOp          op);
OrrExpr *orr_expr_wrap         (const OrrExpr     *self,
                                guint              position,
                                OrrExprOp          op);
OrrExpr *orr_expr_unwrap       (const OrrExpr     *self,
                                guint              position);
OrrExpr *orr_expr_set_locked   (const OrrExpr     *self,
                                guint              position,
                                gboolean           locked,
                                gboolean           whole_subtree);
OrrExpr *orr_expr_set_range    (const OrrExpr     *self,
                                guint              position,
                                double             minimum,
                                double             maximum);
OrrExpr *orr_expr_set_constant  (const OrrExpr     *self,
                                 guint              position,
                                 double             value);
OrrExpr *orr_expr_adopt         (const OrrExpr     *self,
                                 const OrrExpr     *old);
OrrExpr *orr_expr_set_constants (const OrrExpr    *self,
                                 const double     *values,
                                 const double     *standard_errors);
OrrExpr *orr_expr_fix_constants (const OrrExpr    *self);

/* Position of operand @which (0 or 1) of the operator at @position. */
static inline guint
orr_expr_operand (const OrrExpr *self, guint position, guint which)
{
  return which == 0 ? position + 1 : position + 1 + self->nodes[position + 1].size;
}

/* Whether the node is a constant that a fit may change. */
static inline gboolean
orr_expr_is_free (const OrrExprNode *node)
{
  return node->op == ORR_EXPR_OP_CONSTANT && node->locked != ORR_EXPR_LOCK_VALUE;
}

/* A node as the parser and the agent make it: id 0 is given a fresh one by orr_expr_new(). */
static inline OrrExprNode
orr_expr_node (OrrExprOp op, guint index, double value)
{
  return (OrrExprNode){ .op = (guint8) op, .index = (guint16) index, .value = value,
                        .standard_error = __builtin_nan (""), .minimum = -__builtin_inf (),
                        .maximum = __builtin_inf () };
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrExpr, orr_expr_unref)

G_END_DECLS
