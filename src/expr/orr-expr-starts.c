/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-starts.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "orr-expr-program.h"
#include "orr-random.h"

#define MAX_ROWS 512

/*
 * Marks constants in which the expression is linear, all of them together:
 * those reached from the root by sums, signs, and products and quotients whose
 * other side holds none that is marked already.
 */
static gboolean
mark_linear (const OrrExpr *expr, guint at, const guint *slots, OrrExprRole *roles)
{
  const OrrExprNode *node = &expr->nodes[at];
  gboolean found;

  switch (node->op)
    {
    case ORR_EXPR_OP_CONSTANT:
      if (!orr_expr_is_free (node) || node->index > 0 || isfinite (node->minimum) || isfinite (node->maximum))
        return FALSE;
      roles[slots[at]] = ORR_EXPR_ROLE_LINEAR;
      return TRUE;
    case ORR_EXPR_OP_ADD:
    case ORR_EXPR_OP_SUB:
      found = mark_linear (expr, orr_expr_operand (expr, at, 0), slots, roles);
      return mark_linear (expr, orr_expr_operand (expr, at, 1), slots, roles) || found;
    case ORR_EXPR_OP_NEG:
    case ORR_EXPR_OP_DIV:
      return mark_linear (expr, orr_expr_operand (expr, at, 0), slots, roles);
    case ORR_EXPR_OP_MUL:
      return mark_linear (expr, orr_expr_operand (expr, at, 0), slots, roles)
             || mark_linear (expr, orr_expr_operand (expr, at, 1), slots, roles);
    default:
      return FALSE;
    }
}

static gboolean
is_wave (OrrExprOp op)
{
  return op == ORR_EXPR_OP_SIN || op == ORR_EXPR_OP_COS || op == ORR_EXPR_OP_TAN;
}

/* The nearest wave above @at, or -1. */
static int
wave_above (const OrrExpr *expr, guint at)
{
  for (int up = orr_expr_parent (expr, at); up >= 0; up = orr_expr_parent (expr, up))
    if (is_wave (expr->nodes[up].op))
      return up;
  return -1;
}

/* Whether all of the argument of the wave at @wave is multiplied by the constant at @at: its sign is then no more than the wave's. */
static gboolean
is_factor (const OrrExpr *expr, guint wave, guint at)
{
  for (guint child = at, up = orr_expr_parent (expr, at); up != wave; child = up, up = orr_expr_parent (expr, up))
    if (expr->nodes[up].op != ORR_EXPR_OP_MUL && expr->nodes[up].op != ORR_EXPR_OP_NEG
        && (expr->nodes[up].op != ORR_EXPR_OP_DIV || child != up + 1))
      return FALSE;
  return TRUE;
}

/*
 * How far the argument of the wave at @wave moves over nine tenths of the rows
 * when the constant at @at moves by 1: a few rows beside a pole must not make
 * the grid of frequencies endless.
 */
static double
argument_range (const OrrExpr *expr, guint wave, guint at, const OrrSamples *samples)
{
  g_autoptr (OrrExpr) argument = orr_expr_subtree (expr, wave + 1);
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (argument);
  g_autofree guint *slots = g_new0 (guint, argument->n_nodes);
  guint n = MIN (samples->n, MAX_ROWS);
  g_autofree double *gradient = NULL;
  double values[MAX_ROWS], constants[ORR_EXPR_FIT_MAX_CONSTANTS], slopes[MAX_ROWS];
  guint n_slopes = 0;

  guint n_constants = orr_expr_constant_slots (argument, slots);
  gradient = g_new (double, (gsize) n_constants * n);
  for (guint k = 0; k < n_constants; k++)
    constants[k] = 1.0;
  orr_expr_program_eval_gradient (program, constants, samples->x, samples->stride, n, values, gradient);
  const double *slope = gradient + (gsize) slots[at - wave - 1] * n;
  for (guint i = 0; i < n; i++)
    if (isfinite (slope[i]))
      slopes[n_slopes++] = slope[i];
  if (n_slopes == 0)
    return 0.0;
  double low = gsl_stats_select (slopes, 1, n_slopes, n_slopes / 20);
  return gsl_stats_select (slopes, 1, n_slopes, n_slopes - 1 - n_slopes / 20) - low;
}

static void
classify (OrrExprStarts *self, const OrrExpr *expr, guint at, guint slot, const OrrSamples *samples)
{
  int wave = wave_above (expr, at);

  if (wave < 0 || self->roles[slot] == ORR_EXPR_ROLE_LINEAR)
    return;
  double range = argument_range (expr, wave, at, samples);
  if (range < 1e-9)
    self->roles[slot] = ORR_EXPR_ROLE_PHASE;
  else
    {
      self->roles[slot] = ORR_EXPR_ROLE_FREQUENCY;
      /* Between two poles there is less to go by. */
      self->grid_step[slot] = MIN (G_PI / range, 2.0) / (expr->nodes[wave].op == ORR_EXPR_OP_TAN ? 4.0 : 1.0);
      self->is_signed[slot] = !is_factor (expr, wave, at) || (!self->has_linear && expr->nodes[wave].op != ORR_EXPR_OP_COS);
    }
}

/**
 * orr_expr_starts_init:
 *
 * Finds out what every constant of @expr does. At most
 * %ORR_EXPR_FIT_MAX_CONSTANTS of them.
 */
void
orr_expr_starts_init (OrrExprStarts *self, const OrrExpr *expr, const OrrSamples *samples)
{
  g_autofree guint *slots = g_new0 (guint, expr->n_nodes);

  *self = (OrrExprStarts){ .n_constants = orr_expr_constant_slots (expr, slots) };
  for (guint s = 0; s < self->n_constants; s++)
    self->roles[s] = ORR_EXPR_ROLE_OTHER;
  self->has_linear = mark_linear (expr, 0, slots, self->roles);
  for (guint i = 0; i < expr->n_nodes; i++)
    if (orr_expr_is_free (&expr->nodes[i]))
      classify (self, expr, i, slots[i], samples);
}

/* Two constants that must be right at the same time: the only ones that are not linear, or else the first two frequencies. */
static gboolean
find_pair (const OrrExprStarts *self, guint slots[2])
{
  guint nonlinear[2] = { 0 }, frequencies[2] = { 0 }, n = 0, n_frequencies = 0;

  for (guint s = 0; s < self->n_constants; s++)
    {
      if (self->roles[s] != ORR_EXPR_ROLE_LINEAR && n++ < 2)
        nonlinear[n - 1] = s;
      if (self->roles[s] == ORR_EXPR_ROLE_FREQUENCY && n_frequencies++ < 2)
        frequencies[n_frequencies - 1] = s;
    }
  gboolean both = n_frequencies >= 2;
  slots[0] = both ? frequencies[0] : nonlinear[0];
  slots[1] = both ? frequencies[1] : nonlinear[1];
  return both || n == 2;
}

/*
 * How many starts make sense where @most are usual: one when all constants are
 * linear, more when two must be right at the same time.
 */
guint
orr_expr_starts_count (const OrrExprStarts *self, guint most)
{
  guint slots[2];

  if (most >= 40 && find_pair (self, slots))
    return 5 * most;
  for (guint s = 0; s < self->n_constants; s++)
    if (self->roles[s] != ORR_EXPR_ROLE_LINEAR)
      return most;
  return 1;
}

/* Whether a closer look at the rows nearest 0 is worth it: waves are slow there, and the grid is coarse. */
gboolean
orr_expr_starts_has_waves (const OrrExprStarts *self)
{
  for (guint s = 0; s < self->n_constants; s++)
    if (self->roles[s] == ORR_EXPR_ROLE_FREQUENCY)
      return TRUE;
  return FALSE;
}

static const double usual[] = { 1.0, -1.0, 2.0, 0.5, -0.5, -2.0, 3.0, 0.1, 5.0, -3.0, -0.1, 10.0 };

static double
pick (const OrrExprStarts *self, guint slot, guint turn)
{
  double sign;

  switch (self->roles[slot])
    {
    case ORR_EXPR_ROLE_FREQUENCY:
      /* Frequencies in order, with the other sign in between unless it says nothing. */
      sign = !self->is_signed[slot] || turn % 2 == 0 ? 1.0 : -1.0;
      return sign * self->grid_step[slot] * (0.5 + (self->is_signed[slot] ? turn / 2 : turn));
    case ORR_EXPR_ROLE_PHASE:
      /* Quarters of a turn, and then what is between them. */
      return (turn % 4) * G_PI / 2.0 + (turn / 4 % 4) * G_PI / 8.0 + (turn / 16 % 8) * G_PI / 64.0;
    case ORR_EXPR_ROLE_OTHER:
      return usual[turn % G_N_ELEMENTS (usual)];
    default:
      return 1.0;
    }
}

/**
 * orr_expr_starts_get:
 * @index: which start; the first is all constants at 1
 * @constants: (out) (array): by slot
 *
 * Odd starts move one constant at a time through its values, even ones all of
 * them at random; two that must be right together go through all pairs of theirs. The
 * same index gives the same start everywhere.
 */
void
orr_expr_starts_get (const OrrExprStarts *self, guint index, double *constants)
{
  guint nonlinear[ORR_EXPR_FIT_MAX_CONSTANTS], n = 0;

  for (guint s = 0; s < self->n_constants; s++)
    {
      constants[s] = self->roles[s] == ORR_EXPR_ROLE_PHASE ? 0.0 : 1.0;
      if (self->roles[s] != ORR_EXPR_ROLE_LINEAR)
        nonlinear[n++] = s;
    }
  if (index == 0 || n == 0)
    return;
  if (n == 1)
    {
      constants[nonlinear[0]] = pick (self, nonlinear[0], index - 1);
      return;
    }

  guint pair[2];
  if (find_pair (self, pair))
    {
      /* Shells of a square: (0, 0), then all pairs whose larger number is 1, then 2 ... */
      guint shell = (guint) sqrt (index - 1.0), rest = index - 1 - shell * shell;
      constants[pair[0]] = pick (self, pair[0], rest <= shell ? shell : rest - shell - 1);
      constants[pair[1]] = pick (self, pair[1], rest <= shell ? rest : shell);
      return;
    }
  if (index % 2 == 1)
    {
      guint turn = index / 2;
      constants[nonlinear[turn % n]] = pick (self, nonlinear[turn % n], turn / n);
      return;
    }
  for (guint k = 0; k < n; k++)
    {
      guint turn = orr_random_below (index, ORR_RANDOM_STREAM_FIT, k, self->roles[nonlinear[k]] == ORR_EXPR_ROLE_FREQUENCY ? 32 : 12);
      constants[nonlinear[k]] = pick (self, nonlinear[k], turn);
    }
}
