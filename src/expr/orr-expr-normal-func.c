/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-normal-private.h"

#include <math.h>

#include "orr-expr-program.h"

/* Functions in normal form: numbers folded, signs taken out of odd and even ones, inverses cancelled. */

#define SMALL 32
#define NODE(i) (&self->nodes[i])
#define CHILD(i, k) orr_expr_normal_child (self, i, k)

static gboolean
is_number (OrrExprNormalizer *self, int i, double value)
{
  return NODE (i)->kind == KIND_NUM && NODE (i)->value == value;
}

static gboolean
is_odd_function (OrrExprOp op)
{
  return op == ORR_EXPR_OP_SIN || op == ORR_EXPR_OP_TAN || op == ORR_EXPR_OP_ASIN || op == ORR_EXPR_OP_ATAN
         || op == ORR_EXPR_OP_SINH || op == ORR_EXPR_OP_TANH || op == ORR_EXPR_OP_COTH;
}

static gboolean
is_even_function (OrrExprOp op)
{
  return op == ORR_EXPR_OP_COS || op == ORR_EXPR_OP_COSH || op == ORR_EXPR_OP_ABS;
}

static gboolean
is_func (OrrExprNormalizer *self, int i, OrrExprOp op)
{
  return NODE (i)->kind == KIND_FUNC && NODE (i)->op == op;
}

/* exp (u): e^(k ln u) is u^k; when merging, e^(u + c) is c e^u. -1 when there is nothing to do. */
static int
reduce_exp (OrrExprNormalizer *self, int a)
{
  if (is_func (self, a, ORR_EXPR_OP_LN))
    return CHILD (a, 0);
  if (NODE (a)->kind == KIND_PROD && NODE (a)->n == 1 && is_func (self, CHILD (a, 0), ORR_EXPR_OP_LN))
    {
      int inside = CHILD (CHILD (a, 0), 0);
      return orr_expr_normal_power (self, inside, NODE (a)->value);
    }
  if (self->merge && NODE (a)->kind == KIND_SUM)
    {
      int n = NODE (a)->n;
      gboolean constant = NODE (CHILD (a, n - 1))->kind == KIND_CONST;
      if (!constant && (NODE (a)->value == 0.0 || orr_expr_normal_is_integer (NODE (a)->value)))
        return -1;

      int small[SMALL];
      g_autofree int *large = n > SMALL ? g_new (int, n) : NULL;
      int *terms = large != NULL ? large : small;
      for (int k = 0; k < n; k++)
        terms[k] = CHILD (a, k);
      int rest = orr_expr_normal_sum (self, terms, n - constant);
      int factors[2] = { orr_expr_normal_merged (self), orr_expr_normal_func (self, ORR_EXPR_OP_EXP, rest, -1) };
      return orr_expr_normal_product (self, 1.0, factors, 2);
    }
  return -1;
}

/* ln (u): of e^u, of powers and, when merging, of c u. -1 when there is nothing to do. */
static int
reduce_ln (OrrExprNormalizer *self, int a)
{
  if (is_func (self, a, ORR_EXPR_OP_EXP))
    return CHILD (a, 0);
  if (NODE (a)->kind == KIND_POWER)
    {
      int inside = CHILD (a, 0);
      double exponent = NODE (a)->value;
      if (orr_expr_normal_is_even (exponent))
        inside = orr_expr_normal_func (self, ORR_EXPR_OP_ABS, inside, -1);
      int ln = orr_expr_normal_func (self, ORR_EXPR_OP_LN, inside, -1);
      return orr_expr_normal_product (self, exponent, &ln, 1);
    }
  if (self->merge && NODE (a)->kind == KIND_PROD && NODE (CHILD (a, 0))->kind == KIND_CONST)
    {
      int n = NODE (a)->n - 1;
      int small[SMALL];
      g_autofree int *large = n > SMALL ? g_new (int, n) : NULL;
      int *factors = large != NULL ? large : small;
      for (int k = 0; k < n; k++)
        factors[k] = CHILD (a, k + 1);
      int rest = orr_expr_normal_product (self, 1.0, factors, n);
      int terms[2] = { orr_expr_normal_func (self, ORR_EXPR_OP_LN, rest, -1), orr_expr_normal_merged (self) };
      return orr_expr_normal_sum (self, terms, 2);
    }
  return -1;
}

static int
reduce_abs (OrrExprNormalizer *self, int a)
{
  if (is_func (self, a, ORR_EXPR_OP_ABS) || is_func (self, a, ORR_EXPR_OP_EXP) || is_func (self, a, ORR_EXPR_OP_COSH)
      || (NODE (a)->kind == KIND_POWER && (orr_expr_normal_is_even (NODE (a)->value) || !orr_expr_normal_is_integer (NODE (a)->value))))
    return a;
  if (NODE (a)->kind == KIND_PROD && fabs (NODE (a)->value) != 1.0)
    {
      double scale = fabs (NODE (a)->value);
      int rest = orr_expr_normal_func (self, ORR_EXPR_OP_ABS, orr_expr_normal_product (self, 1.0 / scale, &a, 1), -1);
      return orr_expr_normal_product (self, scale, &rest, 1);
    }
  return -1;
}

/* a ^ b where b is no number. */
static int
general_power (OrrExprNormalizer *self, int a, int b)
{
  if (NODE (b)->kind == KIND_NUM)
    return orr_expr_normal_power (self, a, NODE (b)->value);
  if (is_number (self, a, 1.0))
    return a;
  if (is_number (self, a, G_E) || is_func (self, a, ORR_EXPR_OP_EXP))
    {
      int factors[2] = { b, b };
      int n = 1;
      if (is_func (self, a, ORR_EXPR_OP_EXP))
        factors[n++] = CHILD (a, 0);
      return orr_expr_normal_func (self, ORR_EXPR_OP_EXP, orr_expr_normal_product (self, 1.0, factors, n), -1);
    }
  if (self->merge && NODE (a)->kind == KIND_CONST && NODE (b)->kind == KIND_CONST)
    return a;
  int operands[2] = { a, b };
  return orr_expr_normal_add (self, KIND_FUNC, ORR_EXPR_OP_POW, 0, 0.0, operands, 2);
}

/* @op (a, b); -1 for b where @op has one operand. */
int
orr_expr_normal_func (OrrExprNormalizer *self, OrrExprOp op, int a, int b)
{
  int reduced = -1;

  if (op == ORR_EXPR_OP_POW)
    return general_power (self, a, b);
  if (NODE (a)->kind == KIND_NUM && isfinite (orr_expr_eval_op (op, NODE (a)->value, 0.0)))
    return orr_expr_normal_number (self, orr_expr_eval_op (op, NODE (a)->value, 0.0));
  if (self->merge && NODE (a)->kind == KIND_CONST)
    return a;
  if (is_odd_function (op) && orr_expr_normal_leading (self, a) < 0.0)
    {
      int minus = orr_expr_normal_func (self, op, orr_expr_normal_product (self, -1.0, &a, 1), -1);
      return orr_expr_normal_product (self, -1.0, &minus, 1);
    }
  if (is_even_function (op) && orr_expr_normal_leading (self, a) < 0.0)
    return orr_expr_normal_func (self, op, orr_expr_normal_product (self, -1.0, &a, 1), -1);
  if (op == ORR_EXPR_OP_EXP)
    reduced = reduce_exp (self, a);
  else if (op == ORR_EXPR_OP_LN)
    reduced = reduce_ln (self, a);
  else if (op == ORR_EXPR_OP_ABS)
    reduced = reduce_abs (self, a);
  return reduced >= 0 ? reduced : orr_expr_normal_add (self, KIND_FUNC, op, 0, 0.0, &a, 1);
}
