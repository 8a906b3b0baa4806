/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-expr-fit.h"
#include "orr-expr-normal.h"

/* A few steps from the present values: what is left to do when one constant was moved by little. */
static const OrrExprFitEffort touch_up = { .n_starts = 0, .n_descents = 1, .n_iterations = 12 };

/* Denominators of the round numbers tried, the simplest first. */
static const double denominators[] = { 1, 2, 3, 4, 5, 10 };

/*
 * A round number that @value may stand for, within 2.5 times its standard error.
 * The window must be narrow beside the distance between the numbers tried, or
 * any value would be near one of them; only 0 is tried whatever the window.
 */
static gboolean
find_round (double value, double standard_error, gboolean zero_only, double *round)
{
  double reach = isfinite (standard_error) ? 2.5 * standard_error : 0.0;

  reach = MAX (reach, 1e-7 * fabs (value) + 1e-12);
  *round = 0.0;
  if (zero_only)
    return fabs (value) <= reach;
  for (guint k = 0; k < G_N_ELEMENTS (denominators); k++)
    {
      *round = rint (value * denominators[k]) / denominators[k];
      if (fabs (*round - value) <= reach && reach * denominators[k] < 0.1 && fabs (*round) <= 1000.0)
        return TRUE;
    }
  *round = rint (value / G_PI) * G_PI;
  return fabs (value - *round) <= reach && reach < 1e-3 && fabs (value) < 20.0;
}

/* Whether the rows do not speak against one constant less, by the Bayesian information criterion. */
static gboolean
fits_as_well (const OrrExprFit *fit, gsize n, double sst, double sse)
{
  double freedom = n > fit->n_constants ? n - fit->n_constants : 1;
  return sse - fit->sse <= log (MAX (n, 3)) * fit->sse / freedom + 1e-20 * sst;
}

static int
find_slot (const OrrExpr *expr, guint slot)
{
  g_autofree guint *slots = g_new0 (guint, expr->n_nodes);

  orr_expr_constant_slots (expr, slots);
  for (guint i = 0; i < expr->n_nodes; i++)
    if (expr->nodes[i].op == ORR_EXPR_OP_CONSTANT && slots[i] == slot && expr->nodes[i].index == 0 && !expr->nodes[i].locked)
      return i;
  return -1;
}

static gboolean
has_lock (const OrrExpr *expr, guint at)
{
  for (guint i = at; i < at + expr->nodes[at].size; i++)
    if (expr->nodes[i].locked)
      return TRUE;
  return FALSE;
}

/* (transfer full): @expr simplified wherever that touches nothing that is locked. */
static OrrExpr *
simplify_unlocked (const OrrExpr *expr)
{
  OrrExpr *result = orr_expr_new (expr->nodes, expr->n_nodes);

  for (guint i = 0; i < result->n_nodes;)
    {
      if (has_lock (result, i))
        {
          i++;
          continue;
        }
      g_autoptr (OrrExpr) part = orr_expr_subtree (result, i);
      g_autoptr (OrrExpr) simple = orr_expr_simplify (part);
      OrrExpr *next = orr_expr_replace (result, i, simple);
      orr_expr_unref (result);
      result = next;
      i += result->nodes[i].size;
    }
  return result;
}

/* Replaces the constant in @slot by a round number and fits the others anew; NULL when the rows object. */
static OrrExpr *
try_round (OrrExprFitter *self, const OrrExpr *expr, guint slot, gboolean zero_only, OrrExprFit *fit)
{
  double round;
  int at = find_slot (expr, slot);
  OrrExprFit next;

  if (at < 0 || !find_round (fit->constants[slot], fit->standard_errors[slot], zero_only, &round))
    return NULL;
  g_autoptr (OrrExpr) number = orr_expr_new_leaf (ORR_EXPR_OP_NUMBER, 0, round);
  g_autoptr (OrrExpr) replaced = orr_expr_replace (expr, at, number);
  g_autoptr (OrrExpr) simple = simplify_unlocked (replaced);
  if (!orr_expr_fitter_run (self, simple, &touch_up, TRUE, &next)
      || !fits_as_well (fit, orr_expr_fitter_n_rows (self), orr_expr_fitter_sst (self), next.sse))
    return NULL;
  *fit = next;
  return orr_expr_set_constants (simple, next.constants, next.standard_errors);
}

/* Replaces the operator at @at by one of its operands, refitted; NULL when the rows object. */
static OrrExpr *
try_without (OrrExprFitter *self, const OrrExpr *expr, guint at, guint operand, OrrExprFit *fit)
{
  g_autoptr (OrrExpr) part = orr_expr_subtree (expr, orr_expr_operand (expr, at, operand));
  g_autoptr (OrrExpr) shorter = orr_expr_replace (expr, at, part);
  OrrExprFit next;

  if (!orr_expr_fitter_run (self, shorter, &touch_up, TRUE, &next)
      || !fits_as_well (fit, orr_expr_fitter_n_rows (self), orr_expr_fitter_sst (self), next.sse))
    return NULL;
  *fit = next;
  return orr_expr_set_constants (shorter, next.constants, next.standard_errors);
}

/* Drops, largest first, whatever terms and factors the rows do not need. */
static OrrExpr *
prune (OrrExprFitter *self, OrrExpr *expr, OrrExprFit *fit)
{
  for (guint at = 0; at < expr->n_nodes;)
    {
      OrrExpr *next = NULL;

      if (orr_expr_op_arity (expr->nodes[at].op) == 2 && expr->nodes[at].op != ORR_EXPR_OP_POW && !has_lock (expr, at))
        for (guint operand = 0; operand < 2 && next == NULL; operand++)
          next = try_without (self, expr, at, operand, fit);
      if (next == NULL)
        {
          at++;
          continue;
        }
      orr_expr_unref (expr);
      expr = next;
    }
  return expr;
}

/* a + -3*x is written a - 3*x: negative constants that lead a term give their sign to its operator. */
static OrrExpr *
flip_signs (const OrrExpr *expr, OrrExprFit *fit)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (expr->nodes, expr->n_nodes * sizeof (OrrExprNode));
  g_autofree guint *slots = g_new0 (guint, expr->n_nodes);

  orr_expr_constant_slots (expr, slots);
  for (guint i = 0; i < expr->n_nodes; i++)
    {
      if ((nodes[i].op != ORR_EXPR_OP_ADD && nodes[i].op != ORR_EXPR_OP_SUB) || nodes[i].locked)
        continue;
      guint leaf = orr_expr_operand (expr, i, 1);
      while ((nodes[leaf].op == ORR_EXPR_OP_MUL || nodes[leaf].op == ORR_EXPR_OP_DIV) && !nodes[leaf].locked)
        leaf++;
      if (nodes[leaf].op != ORR_EXPR_OP_CONSTANT || nodes[leaf].value >= 0.0 || nodes[leaf].locked || nodes[leaf].index > 0)
        continue;
      nodes[leaf].value = -nodes[leaf].value;
      fit->constants[slots[leaf]] = nodes[leaf].value;
      nodes[i].op = nodes[i].op == ORR_EXPR_OP_ADD ? ORR_EXPR_OP_SUB : ORR_EXPR_OP_ADD;
    }
  return orr_expr_new (nodes, expr->n_nodes);
}

/**
 * orr_expr_fitter_tidy:
 * @expr: with its constants fitted
 * @fit: (inout): its fit
 *
 * Constants that the rows cannot tell from 0, 1, another integer, a small
 * fraction or a multiple of pi become that number, terms and factors that the
 * rows do not need are dropped, the rest is fitted anew and simplified. Locked nodes and shared constants stay.
 *
 * Returns: (transfer full): the tidy expression
 */
OrrExpr *
orr_expr_fitter_tidy (OrrExprFitter *self, const OrrExpr *expr, OrrExprFit *fit)
{
  g_autoptr (OrrExpr) best = orr_expr_set_constants (expr, fit->constants, fit->standard_errors);
  gboolean moved = TRUE;

  best = prune (self, g_steal_pointer (&best), fit);
  while (moved)
    {
      moved = FALSE;
      /* Zeros first: every constant less makes the others more certain. */
      for (guint i = 0; i < 2 * fit->n_constants && !moved; i++)
        {
          OrrExpr *next = try_round (self, best, i % fit->n_constants, i < fit->n_constants, fit);
          if (next == NULL)
            continue;
          orr_expr_unref (best);
          best = next;
          moved = TRUE;
        }
    }
  g_autoptr (OrrExpr) simple = simplify_unlocked (best);
  OrrExprFit last;
  if (orr_expr_fitter_run (self, simple, &touch_up, TRUE, &last)
      && fits_as_well (fit, orr_expr_fitter_n_rows (self), orr_expr_fitter_sst (self), last.sse))
    {
      *fit = last;
      orr_expr_unref (best);
      best = orr_expr_set_constants (simple, last.constants, last.standard_errors);
    }
  return flip_signs (best, fit);
}
