/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-compare.h"

#include <float.h>
#include <math.h>

#include "orr-expr-normal.h"
#include "orr-expr-program.h"
#include "orr-random.h"

#define N_POINTS 256
#define N_ENOUGH 12
/* Times that a value is computed with other last digits. */
#define N_SHAKES 4

/*
 * The value at one point with every operation's last digit off at random
 * (stochastic arithmetic; Vignes 1993): how far such values lie apart is what
 * rounding leaves of the result.
 */
static double
eval_shaken (const OrrExpr *expr, guint at, const double *x, gsize stride, guint64 seed, guint64 *count)
{
  const OrrExprNode *node = &expr->nodes[at];
  guint arity = orr_expr_op_arity (node->op);
  double a = 0.0, b = 0.0;

  if (node->op == ORR_EXPR_OP_VARIABLE)
    return x[node->index * stride];
  if (arity == 0)
    return node->value;
  a = eval_shaken (expr, orr_expr_operand (expr, at, 0), x, stride, seed, count);
  if (arity == 2)
    b = eval_shaken (expr, orr_expr_operand (expr, at, 1), x, stride, seed, count);
  double shake = 2.0 * orr_random_uniform (seed, ORR_RANDOM_STREAM_TEST, (*count)++) - 1.0;
  return orr_expr_eval_op (node->op, a, b) * (1.0 + DBL_EPSILON * shake);
}

/* Whether rounding alone moves the value @value by more than @reach. */
static gboolean
is_rounding (const OrrExpr *expr, const double *x, gsize stride, double value, double reach)
{
  guint64 count = 0;

  for (guint k = 0; k < N_SHAKES; k++)
    if (!(fabs (eval_shaken (expr, 0, x, stride, k, &count) - value) <= reach))
      return TRUE;
  return FALSE;
}

/*
 * Whether both have the same values over a box. Points where only one is
 * defined say nothing (x/x and 1), nor do those where rounding has taken the
 * digits that matter (1 + coth(x) for x below -15). A few may disagree: beside a pole the last
 * bits of a constant decide.
 */
static gboolean
agree (const OrrExpr *a, const OrrExpr *b, const double *low, const double *high, double widen, double tolerance,
       guint64 seed, gboolean *enough)
{
  guint n_variables = MAX (MAX (orr_expr_n_variables (a), orr_expr_n_variables (b)), 1);
  g_autofree double *x = g_new (double, (gsize) n_variables * N_POINTS);
  double u[N_POINTS], v[N_POINTS], scale = 0.0;
  guint n = 0, apart = 0, lost = 0;

  for (guint k = 0; k < n_variables; k++)
    {
      double center = 0.5 * (low[k] + high[k]), half = 0.5 * widen * (high[k] - low[k]);
      for (guint i = 0; i < N_POINTS; i++)
        x[k * N_POINTS + i] = center + half * (2.0 * orr_random_uniform (seed, ORR_RANDOM_STREAM_TEST, k * N_POINTS + i) - 1.0);
    }
  if (!orr_expr_eval (a, x, N_POINTS, N_POINTS, u) || !orr_expr_eval (b, x, N_POINTS, N_POINTS, v))
    {
      *enough = FALSE;
      return FALSE;
    }
  for (guint i = 0; i < N_POINTS; i++)
    if (isfinite (u[i]) && isfinite (v[i]))
      {
        /* The size of a typical value: its logarithmic mean resists single poles. */
        scale += log (fabs (u[i]) + 1e-300);
        n++;
      }
  scale = n > 0 ? exp (scale / n) : 0.0;
  for (guint i = 0; i < N_POINTS; i++)
    {
      double reach = tolerance * (fabs (u[i]) + 0.1 * scale);
      if (!isfinite (u[i]) || !isfinite (v[i]) || fabs (u[i] - v[i]) <= reach)
        continue;
      if (is_rounding (a, x + i, N_POINTS, u[i], 0.1 * reach) || is_rounding (b, x + i, N_POINTS, v[i], 0.1 * reach))
        lost++;
      else
        apart++;
    }
  /* At least half of what there is must speak for it. */
  *enough = n - lost >= MAX (N_ENOUGH, n / 2);
  return apart <= (n - lost) / 50;
}

/**
 * orr_expr_compare:
 * @low: (array): of every variable's range
 * @high: (array): of every variable's range
 * @tolerance: relative; 1e-6 for fitted constants, wider outside the ranges
 *
 * Returns: whether @a and @b are the same function: by normal form, or by their
 * values on fresh points inside the ranges and in ranges three times as wide
 */
OrrExprVerdict
orr_expr_compare (const OrrExpr *a, const OrrExpr *b, const double *low, const double *high, double tolerance, guint64 seed)
{
  g_autoptr (OrrExpr) fixed_a = orr_expr_fix_constants (a), fixed_b = orr_expr_fix_constants (b);
  g_autoptr (OrrExpr) normal_a = orr_expr_normalize (fixed_a, ORR_EXPR_NORMAL_NONE);
  g_autoptr (OrrExpr) normal_b = orr_expr_normalize (fixed_b, ORR_EXPR_NORMAL_NONE);
  gboolean enough, enough_outside;

  if (orr_expr_count (a, ORR_EXPR_OP_PLACEHOLDER) == 0 && orr_expr_equal (normal_a, normal_b))
    return ORR_EXPR_EQUAL_FORM;
  if (!agree (fixed_a, fixed_b, low, high, 1.0, tolerance, seed, &enough) || !enough)
    return ORR_EXPR_DIFFERENT;
  if (!agree (fixed_a, fixed_b, low, high, 3.0, 100.0 * tolerance, seed + 1, &enough_outside) && enough_outside)
    return ORR_EXPR_DIFFERENT;
  return ORR_EXPR_EQUAL_VALUES;
}
