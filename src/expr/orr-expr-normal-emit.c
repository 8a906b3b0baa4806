/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-normal-private.h"

#include <math.h>
#include <string.h>

#include "orr-expr-ops.h"

/*
 * Writing a normal form as a tree of the operators people know: differences,
 * quotients and roots where the normal form has negative coefficients,
 * negative powers and halves.
 */

#define NODE(i) (&self->nodes[i])
#define CHILD(i, k) orr_expr_normal_child (self, i, k)

typedef struct
{
  OrrExprNormalizer *self;
  OrrExprNode       *out;
  guint              n, max;
  gboolean           actions;
  gboolean           overflow;
} Emitter;

static void emit (Emitter *emitter, int i);

static void
put (Emitter *emitter, OrrExprOp op, guint index, double value)
{
  if (emitter->n == emitter->max)
    {
      emitter->overflow = TRUE;
      return;
    }
  emitter->out[emitter->n++] = orr_expr_node (op, index, value);
}

/* The agent has the numbers -3 to 5; all others are free constants to it. */
static void
put_number (Emitter *emitter, double value)
{
  if (!isfinite (value))
    emitter->overflow = TRUE;
  if (emitter->actions && (value != rint (value) || value < -3.0 || value > 5.0))
    put (emitter, ORR_EXPR_OP_CONSTANT, 0, value);
  else
    put (emitter, ORR_EXPR_OP_NUMBER, 0, value);
}

/* u^6 is (u^2)^3 to the agent, whose numbers end at 5. */
static void
emit_action_power (Emitter *emitter, int base, double exponent)
{
  static const int inner[] = { [6] = 2, [8] = 2, [9] = 3, [10] = 2, [12] = 3, [15] = 3 };
  double twice = 2.0 * exponent;

  if (exponent == 1.0)
    emit (emitter, base);
  else if (exponent == rint (exponent) && exponent > 5.0 && exponent <= 15.0)
    {
      int first = inner[(int) exponent];
      if (first == 0)
        {
          put (emitter, ORR_EXPR_OP_MUL, 0, 0.0);
          emit_action_power (emitter, base, 5.0);
          emit_action_power (emitter, base, exponent - 5.0);
          return;
        }
      put (emitter, ORR_EXPR_OP_POW, 0, 0.0);
      emit_action_power (emitter, base, first);
      put_number (emitter, exponent / first);
    }
  else if (twice == rint (twice) && exponent != rint (exponent) && twice <= 5.0)
    {
      if (twice != 1.0)
        put (emitter, ORR_EXPR_OP_POW, 0, 0.0);
      put (emitter, ORR_EXPR_OP_SQRT, 0, 0.0);
      emit (emitter, base);
      if (twice != 1.0)
        put_number (emitter, twice);
    }
  else
    {
      put (emitter, ORR_EXPR_OP_POW, 0, 0.0);
      emit (emitter, base);
      put_number (emitter, exponent);
    }
}

/* base ^ exponent, exponent > 0 */
static void
emit_power (Emitter *emitter, int base, double exponent)
{
  if (emitter->actions)
    emit_action_power (emitter, base, exponent);
  else if (exponent == 1.0)
    emit (emitter, base);
  else if (exponent == 0.5)
    {
      put (emitter, ORR_EXPR_OP_SQRT, 0, 0.0);
      emit (emitter, base);
    }
  else
    {
      put (emitter, ORR_EXPR_OP_POW, 0, 0.0);
      emit (emitter, base);
      put_number (emitter, exponent);
    }
}

static gboolean
is_reciprocal (Emitter *emitter, int factor)
{
  OrrExprNormalizer *self = emitter->self;
  return NODE (factor)->kind == KIND_POWER && NODE (factor)->value < 0.0;
}

static void
emit_factor (Emitter *emitter, int factor)
{
  OrrExprNormalizer *self = emitter->self;

  if (NODE (factor)->kind == KIND_POWER)
    emit_power (emitter, CHILD (factor, 0), fabs (NODE (factor)->value));
  else
    emit (emitter, factor);
}

/* n things multiplied: "a * b * c" for people nests to the left, for the agent to the right. */
static void
begin_chain (Emitter *emitter, OrrExprOp op, int n)
{
  for (int k = 1; k < n && !emitter->actions; k++)
    put (emitter, op, 0, 0.0);
}

static void
step_chain (Emitter *emitter, OrrExprOp op, int k, int n)
{
  if (emitter->actions && k < n - 1)
    put (emitter, op, 0, 0.0);
}

/* The factors of @i above (or below) the line, with a number in front unless it is 1. */
static void
emit_side (Emitter *emitter, int i, gboolean below, double number)
{
  OrrExprNormalizer *self = emitter->self;
  gboolean product = NODE (i)->kind == KIND_PROD;
  int n_factors = product ? NODE (i)->n : 1;
  int n = 0, k = 0;

  for (int f = 0; f < n_factors; f++)
    n += is_reciprocal (emitter, product ? CHILD (i, f) : i) == below;
  gboolean with_number = number != 1.0 || n == 0;
  n += with_number;
  begin_chain (emitter, ORR_EXPR_OP_MUL, n);
  if (with_number)
    {
      step_chain (emitter, ORR_EXPR_OP_MUL, k++, n);
      put_number (emitter, number);
    }
  for (int f = 0; f < n_factors; f++)
    {
      int factor = product ? CHILD (i, f) : i;
      if (is_reciprocal (emitter, factor) != below)
        continue;
      step_chain (emitter, ORR_EXPR_OP_MUL, k++, n);
      emit_factor (emitter, factor);
    }
}

/* x/3 reads better than 0.333333333333333*x: the small denominator of @value, or 1. */
static double
denominator (double value)
{
  if (value == rint (value))
    return 1.0;
  for (double d = 2.0; d <= 12.0; d++)
    if (fabs (value * d - rint (value * d)) < 4e-16 * fabs (value * d) && (d > 2.0 || fabs (value * d) == 1.0))
      return fmod (rint (value * d), d) != 0.0 ? d : 1.0;
  return 1.0;
}

/* |coefficient| times the factors of @i. */
static void
emit_product (Emitter *emitter, int i, double coefficient)
{
  OrrExprNormalizer *self = emitter->self;
  gboolean product = NODE (i)->kind == KIND_PROD;
  int n_factors = product ? NODE (i)->n : 1;
  gboolean below = FALSE;
  double divisor = emitter->actions ? 1.0 : denominator (coefficient);

  for (int f = 0; f < n_factors; f++)
    below |= is_reciprocal (emitter, product ? CHILD (i, f) : i);
  if (below || divisor != 1.0)
    put (emitter, ORR_EXPR_OP_DIV, 0, 0.0);
  emit_side (emitter, i, FALSE, divisor != 1.0 ? rint (coefficient * divisor) : coefficient);
  if (below || divisor != 1.0)
    emit_side (emitter, i, TRUE, divisor);
}

static double
coefficient_of (OrrExprNormalizer *self, int i)
{
  return NODE (i)->kind == KIND_PROD ? NODE (i)->value : 1.0;
}

/* a + b - c: the sign of every term but the first goes into its operator. */
static void
emit_sum (Emitter *emitter, int i)
{
  OrrExprNormalizer *self = emitter->self;
  double offset = NODE (i)->value;
  int n = NODE (i)->n + (offset != 0.0);
  int first = 0;

  /* Start with a term that has no minus sign, when there is one. */
  while (!emitter->actions && first < NODE (i)->n && coefficient_of (self, CHILD (i, first)) < 0.0)
    first++;
  if (first == NODE (i)->n && (offset <= 0.0 || emitter->actions))
    first = 0;
  if (emitter->actions)
    first = 0;

  int *order = g_newa (int, n); /* child numbers; NODE (i)->n stands for the offset */
  int at = 0;
  order[at++] = first;
  for (int k = 0; k < n; k++)
    if (k != first)
      order[at++] = k;
  if (!emitter->actions)
    for (int k = n; k-- > 1;)
      {
        double sign = order[k] == NODE (i)->n ? offset : coefficient_of (self, CHILD (i, order[k]));
        put (emitter, sign < 0.0 ? ORR_EXPR_OP_SUB : ORR_EXPR_OP_ADD, 0, 0.0);
      }
  for (int k = 0; k < n; k++)
    {
      step_chain (emitter, ORR_EXPR_OP_ADD, k, n);
      if (order[k] == NODE (i)->n)
        put_number (emitter, k == 0 || emitter->actions ? offset : fabs (offset));
      else if (k == 0 || emitter->actions)
        emit (emitter, CHILD (i, order[k]));
      else
        emit_product (emitter, CHILD (i, order[k]), fabs (coefficient_of (self, CHILD (i, order[k]))));
    }
}

static void
emit (Emitter *emitter, int i)
{
  OrrExprNormalizer *self = emitter->self;
  const OrrExprNormalNode *node = NODE (i);

  switch (node->kind)
    {
    case KIND_NUM:
      put_number (emitter, node->value);
      break;
    case KIND_CONST:
      put (emitter, ORR_EXPR_OP_CONSTANT, node->index < ORR_EXPR_NORMAL_LABELS ? node->index : 0, node->value);
      break;
    case KIND_HOLE:
      put (emitter, ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
      break;
    case KIND_VAR:
      put (emitter, ORR_EXPR_OP_VARIABLE, node->index, 0.0);
      break;
    case KIND_SUM:
      emit_sum (emitter, i);
      break;
    case KIND_PROD:
      if (!emitter->actions && node->value < 0.0)
        {
          double size = fabs (node->value);
          if (size == 1.0 || denominator (size) != 1.0)
            {
              put (emitter, ORR_EXPR_OP_NEG, 0, 0.0);
              emit_product (emitter, i, size);
              break;
            }
        }
      emit_product (emitter, i, node->value);
      break;
    case KIND_POWER:
      if (node->value < 0.0)
        emit_product (emitter, i, 1.0);
      else
        emit_power (emitter, CHILD (i, 0), node->value);
      break;
    default:
      put (emitter, node->op, 0, 0.0);
      for (int k = 0; k < node->n; k++)
        emit (emitter, CHILD (i, k));
    }
}

/* Writes the normal form at @root to @out in preorder; returns the number of nodes, 0 when it does not fit. */
guint
orr_expr_normal_emit (OrrExprNormalizer *self, int root, gboolean actions, OrrExprNode *out, guint max_nodes)
{
  Emitter emitter = { self, out, 0, max_nodes, actions, FALSE };

  emit (&emitter, root);
  return emitter.overflow ? 0 : emitter.n;
}
