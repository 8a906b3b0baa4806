/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-compare.h"

#include <math.h>

#include "orr-expr-normal.h"
#include "orr-expr-program.h"
#include "orr-random.h"

#define N_POINTS 256
#define N_ENOUGH 12

/*
 * Whether both have the same values over a box. Points where only one is
 * defined say nothing (x/x and 1). A few may disagree: beside a pole the last
 * bits of a constant decide.
 */
static gboolean
agree (const OrrExpr *a, const OrrExpr *b, const double *low, const double *high, double widen, double tolerance,
       guint64 seed, gboolean *enough)
{
  guint n_variables = MAX (MAX (orr_expr_n_variables (a), orr_expr_n_variables (b)), 1);
  g_autofree double *x = g_new (double, (gsize) n_variables * N_POINTS);
  double u[N_POINTS], v[N_POINTS], scale = 0.0;
  guint n = 0, apart = 0;

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
  *enough = n >= N_ENOUGH;
  scale = n > 0 ? exp (scale / n) : 0.0;
  for (guint i = 0; i < N_POINTS; i++)
    if (isfinite (u[i]) && isfinite (v[i]))
      apart += fabs (u[i] - v[i]) > tolerance * (fabs (u[i]) + 0.1 * scale);
  return apart <= n / 50;
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
