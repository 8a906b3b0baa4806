/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"
#include "orr-random.h"

/* Random trees over everything the operator table has; the same index, the same tree. */
typedef struct
{
  guint64 index;
  guint64 count;
  gboolean placeholders;
} Dice;

static inline guint
roll (Dice *dice, guint n)
{
  return orr_random_below (4242, orr_random_substream (ORR_RANDOM_STREAM_TEST, dice->index), dice->count++, n);
}

static inline void
grow (Dice *dice, GArray *nodes, guint budget)
{
  static const double numbers[] = { 0, 1, 2, 3, 5, -1, -2, -3, 0.5, -0.25, 1.0 / 3.0, G_PI, G_E, 1e-3, 2500, -7.125 };
  OrrExprNode node = orr_expr_node (ORR_EXPR_OP_VARIABLE, roll (dice, 3), 0.0);

  if (budget <= 1 || roll (dice, 5) == 0)
    {
      switch (roll (dice, dice->placeholders ? 7 : 6))
        {
        case 0:
        case 1:
          node = orr_expr_node (ORR_EXPR_OP_NUMBER, 0, numbers[roll (dice, G_N_ELEMENTS (numbers))]);
          break;
        case 2:
          node = orr_expr_node (ORR_EXPR_OP_CONSTANT, roll (dice, 8) == 0 ? 1 + roll (dice, 2) : 0, 1.0);
          node.value = node.index > 0 ? 0.75 * node.index : 0.25 + 0.125 * roll (dice, 20);
          break;
        case 6:
          node = orr_expr_node (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
          break;
        default:
          break;
        }
      g_array_append_val (nodes, node);
      return;
    }

  guint op = roll (dice, 2) ? ORR_EXPR_OP_ADD + roll (dice, 6)
                            : ORR_EXPR_FIRST_OPERATOR + roll (dice, ORR_EXPR_N_OPS - ORR_EXPR_FIRST_OPERATOR);
  node = orr_expr_node (op, 0, 0.0);
  g_array_append_val (nodes, node);
  for (guint k = 0; k < orr_expr_op_arity (op); k++)
    grow (dice, nodes, (budget - 1) / orr_expr_op_arity (op));
}

static inline OrrExpr *
random_tree (guint64 index, guint budget, gboolean placeholders)
{
  Dice dice = { index, 0, placeholders };
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (OrrExprNode));

  grow (&dice, nodes, budget);
  return orr_expr_new ((const OrrExprNode *) (gpointer) nodes->data, nodes->len);
}
