/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-generator.h"

#include <math.h>
#include <string.h>

#include "orr-dice.h"
#include "orr-expr-normal.h"
#include "orr-expr-program.h"

/* Room for a raw tree before it is brought into normal form. */
#define MAX_RAW 128
#define MAX_ABS_Y 5e4

struct _OrrGenerator
{
  OrrGeneratorOptions options;
  OrrExprNormalizer  *normalizer;
  guint64             attempts;
};

typedef struct
{
  OrrDice    *dice;
  OrrExprNode nodes[MAX_RAW];
  guint       n;
  guint       n_variables;
} Raw;

/*
 * Weights of operators: those of the published training data (SCIENCE, part 4),
 * and small ones for the actions that it leaves out.
 */
static const struct { guint8 op; guint8 power; float weight; } choices[] = {
  { ORR_EXPR_OP_ADD, 0, 10 },   { ORR_EXPR_OP_MUL, 0, 10 },   { ORR_EXPR_OP_SUB, 0, 5 },    { ORR_EXPR_OP_DIV, 0, 5 },
  { ORR_EXPR_OP_SQRT, 0, 4 },   { ORR_EXPR_OP_POW, 2, 4 },    { ORR_EXPR_OP_POW, 3, 2 },    { ORR_EXPR_OP_POW, 4, 1 },
  { ORR_EXPR_OP_POW, 5, 1 },    { ORR_EXPR_OP_LN, 0, 4 },     { ORR_EXPR_OP_EXP, 0, 4 },    { ORR_EXPR_OP_SIN, 0, 4 },
  { ORR_EXPR_OP_COS, 0, 4 },    { ORR_EXPR_OP_TAN, 0, 4 },    { ORR_EXPR_OP_POW, 0, 1 },    { ORR_EXPR_OP_ABS, 0, 0.7f },
  { ORR_EXPR_OP_TANH, 0, 0.7f },{ ORR_EXPR_OP_ATAN, 0, 0.7f },{ ORR_EXPR_OP_SINH, 0, 0.3f },{ ORR_EXPR_OP_COSH, 0, 0.3f },
  { ORR_EXPR_OP_ASIN, 0, 0.3f },{ ORR_EXPR_OP_ACOS, 0, 0.3f },{ ORR_EXPR_OP_COTH, 0, 0.2f },
};

static void
put (Raw *raw, OrrExprOp op, guint index, double value)
{
  if (raw->n < MAX_RAW)
    raw->nodes[raw->n++] = orr_expr_node (op, index, value);
}

static void
grow_leaf (Raw *raw, gboolean number_allowed)
{
  if (number_allowed && orr_dice_chance (raw->dice, 0.12))
    put (raw, ORR_EXPR_OP_NUMBER, 0, 1 + orr_dice_below (raw->dice, 3));
  else
    put (raw, ORR_EXPR_OP_VARIABLE, orr_dice_below (raw->dice, raw->n_variables), 0.0);
}

static void
grow_tree (Raw *raw, guint n_ops, gboolean number_allowed)
{
  float total = 0.0f, at;
  guint k = 0;

  if (n_ops == 0)
    {
      grow_leaf (raw, number_allowed);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    total += choices[i].weight;
  for (at = total * orr_dice_uniform (raw->dice); k + 1 < G_N_ELEMENTS (choices) && at >= choices[k].weight; k++)
    at -= choices[k].weight;

  guint op = choices[k].op;
  put (raw, op, 0, 0.0);
  if (choices[k].power > 0)
    {
      grow_tree (raw, n_ops - 1, FALSE);
      put (raw, ORR_EXPR_OP_NUMBER, 0, choices[k].power);
    }
  else if (orr_expr_op_arity (op) == 1)
    grow_tree (raw, n_ops - 1, FALSE);
  else
    {
      guint left = orr_dice_below (raw->dice, n_ops);
      guint before = raw->n;
      grow_tree (raw, left, TRUE);
      gboolean number = raw->nodes[before].op == ORR_EXPR_OP_NUMBER;
      grow_tree (raw, n_ops - 1 - left, !number);
    }
}

static void
grow_monomial (Raw *raw, guint power, guint variable)
{
  if (power > 1)
    put (raw, ORR_EXPR_OP_POW, 0, 0.0);
  put (raw, ORR_EXPR_OP_VARIABLE, variable, 0.0);
  if (power > 1)
    put (raw, ORR_EXPR_OP_NUMBER, 0, power);
}

/* A sum of powers, with signs; laws of this kind are common and rarely come about by chance. */
static void
grow_polynomial (Raw *raw, guint n_terms)
{
  guint highest = n_terms + orr_dice_below (raw->dice, 3);

  for (guint k = 1; k < n_terms; k++)
    put (raw, orr_dice_chance (raw->dice, 0.3) ? ORR_EXPR_OP_SUB : ORR_EXPR_OP_ADD, 0, 0.0);
  for (guint k = 0; k < n_terms; k++)
    {
      if (k > 0 && orr_dice_chance (raw->dice, 0.15))
        put (raw, ORR_EXPR_OP_NUMBER, 0, 1);
      else if (raw->n_variables > 1 && orr_dice_chance (raw->dice, 0.2))
        {
          put (raw, ORR_EXPR_OP_MUL, 0, 0.0);
          grow_monomial (raw, 1 + orr_dice_below (raw->dice, 2), 0);
          grow_monomial (raw, 1 + orr_dice_below (raw->dice, 2), 1 + orr_dice_below (raw->dice, raw->n_variables - 1));
        }
      else
        grow_monomial (raw, 1 + orr_dice_below (raw->dice, MIN (highest, 6)), orr_dice_below (raw->dice, raw->n_variables));
    }
}

static void
grow_polynomial_family (Raw *raw)
{
  static const guint8 outer[] = { ORR_EXPR_OP_SIN, ORR_EXPR_OP_COS, ORR_EXPR_OP_EXP, ORR_EXPR_OP_LN, ORR_EXPR_OP_SQRT };
  double kind = orr_dice_uniform (raw->dice);

  if (kind < 0.15)
    put (raw, outer[orr_dice_below (raw->dice, G_N_ELEMENTS (outer))], 0, 0.0);
  else if (kind < 0.35)
    {
      put (raw, ORR_EXPR_OP_DIV, 0, 0.0);
      grow_polynomial (raw, 1 + orr_dice_below (raw->dice, 3));
    }
  grow_polynomial (raw, 2 + orr_dice_below (raw->dice, kind < 0.35 ? 2 : 5));
}

/* Multiplies up to three subtrees by a constant, or adds one to them. */
static void
insert_constants (Raw *raw)
{
  guint n_constants = orr_dice_below (raw->dice, 4);

  for (guint k = 0; k < n_constants && raw->n + 2 <= MAX_RAW; k++)
    {
      guint at = orr_dice_below (raw->dice, raw->n);

      if (raw->nodes[at].op == ORR_EXPR_OP_NUMBER || raw->nodes[at].op == ORR_EXPR_OP_CONSTANT)
        continue;
      memmove (raw->nodes + at + 2, raw->nodes + at, (raw->n - at) * sizeof (OrrExprNode));
      raw->nodes[at] = orr_expr_node (orr_dice_chance (raw->dice, 0.6) ? ORR_EXPR_OP_MUL : ORR_EXPR_OP_ADD, 0, 0.0);
      raw->nodes[at + 1] = orr_expr_node (ORR_EXPR_OP_CONSTANT, 0, 1.0);
      raw->n += 2;
    }
}

/* Numbers the variables that appear from 0 again, leaving one out now and then: a column that does not matter. */
static guint
renumber_variables (OrrDice *dice, OrrExprNode *nodes, guint n, guint max_variables)
{
  guint used[ORR_ACTIONS_VARIABLES] = { 0 }, n_used = 0;

  for (guint i = 0; i < n; i++)
    if (nodes[i].op == ORR_EXPR_OP_VARIABLE)
      used[nodes[i].index] = 1;
  for (guint v = 0; v < ORR_ACTIONS_VARIABLES; v++)
    n_used += used[v];
  if (n_used == 0)
    return 0;

  guint skip = n_used < max_variables && orr_dice_chance (dice, 0.08) ? orr_dice_below (dice, n_used + 1) : G_MAXUINT;
  guint next = 0;
  for (guint v = 0; v < ORR_ACTIONS_VARIABLES; v++)
    if (used[v])
      {
        next += next == skip;
        used[v] = next++;
      }
  for (guint i = 0; i < n; i++)
    if (nodes[i].op == ORR_EXPR_OP_VARIABLE)
      nodes[i].index = used[nodes[i].index];
  return n_used + (skip != G_MAXUINT);
}

OrrSplit
orr_skeleton_split (const OrrAction *actions, guint n)
{
  return orr_actions_hash (actions, n) % 64 == 0 ? ORR_SPLIT_HELD_OUT : ORR_SPLIT_TRAINING;
}

/* A random skeleton in normal form; FALSE when this attempt is not usable. */
static gboolean
make_skeleton (OrrGenerator *self, OrrDice *dice, OrrExample *out)
{
  static const guint8 n_ops_deck[] = { 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6 };
  static const guint8 n_variables_deck[] = { 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3 };
  Raw raw = { .dice = dice };
  OrrExprNode normal[ORR_ACTIONS_MAX_LENGTH];

  raw.n_variables = MIN (n_variables_deck[orr_dice_below (dice, G_N_ELEMENTS (n_variables_deck))], self->options.max_variables);
  if (orr_dice_chance (dice, 0.08))
    grow_polynomial_family (&raw);
  else
    grow_tree (&raw, n_ops_deck[orr_dice_below (dice, G_N_ELEMENTS (n_ops_deck))], FALSE);
  insert_constants (&raw);
  if (raw.n >= MAX_RAW)
    return FALSE;
  guint n = orr_expr_normalizer_run (self->normalizer, raw.nodes, ORR_EXPR_NORMAL_MERGE | ORR_EXPR_NORMAL_ACTIONS,
                                     normal, ORR_ACTIONS_MAX_LENGTH);
  if (n == 0)
    return FALSE;
  out->n_variables = renumber_variables (dice, normal, n, self->options.max_variables);
  if (out->n_variables == 0)
    return FALSE;
  out->n_actions = n;
  out->n_constants = 0;
  for (guint i = 0; i < n; i++)
    {
      out->actions[i] = orr_action_from_node (&normal[i]);
      out->n_constants += normal[i].op == ORR_EXPR_OP_CONSTANT;
    }
  return orr_skeleton_split (out->actions, n) == self->options.split;
}

static double
draw_constant (OrrDice *dice)
{
  double kind = orr_dice_uniform (dice), value;

  do
    value = kind < 0.6 ? orr_dice_between (dice, -2.0, 2.0)
            : kind < 0.85 ? orr_dice_between (dice, -5.0, 5.0)
                          : exp (orr_dice_between (dice, log (0.1), log (10.0)));
  while (fabs (value) < 0.05);
  return value;
}

static void
draw_support (OrrGenerator *self, OrrDice *dice, double *low, double *high)
{
  static const double supports[][2] = { { -1, 1 }, { 0, 1 }, { 0, 4 }, { 1, 5 }, { -3, 3 }, { -5, 5 },
                                        { 0.1, 10 }, { 0, 2 }, { 1, 3 }, { -2, 2 }, { 0, 10 }, { 0.5, 1.5 } };

  *low = -10.0;
  *high = 10.0;
  if (self->options.wide_only || orr_dice_chance (dice, 0.5))
    return;
  if (orr_dice_chance (dice, 0.8))
    {
      guint k = orr_dice_below (dice, G_N_ELEMENTS (supports));
      *low = supports[k][0];
      *high = supports[k][1];
      return;
    }
  double center = orr_dice_between (dice, -6.0, 6.0), half = exp (orr_dice_between (dice, log (0.5), log (8.0)));
  *low = center - half;
  *high = center + half;
}

/* Points of all variables: uniform, or now and then a regular grid of one variable. */
static void
draw_points (OrrGenerator *self, OrrDice *dice, OrrExample *out)
{
  double low, high;
  gboolean grid = out->n_variables == 1 && orr_dice_chance (dice, 0.2);

  for (guint v = 0; v < out->n_variables; v++)
    {
      /* Columns of one table mostly share their range. */
      if (v == 0 || orr_dice_chance (dice, 0.2))
        draw_support (self, dice, &low, &high);
      for (guint i = 0; i < ORR_EXAMPLE_MAX_POINTS; i++)
        out->x[v][i] = grid ? low + (high - low) * (i + 0.5) / ORR_EXAMPLE_MAX_POINTS : orr_dice_between (dice, low, high);
    }
}

/* Keeps the points where the expression has a value; FALSE when they are too few or all the same. */
static gboolean
keep_points (OrrGenerator *self, OrrDice *dice, OrrExample *out)
{
  guint wanted = self->options.min_points + orr_dice_below (dice, self->options.max_points - self->options.min_points + 1);
  guint good = 0, n = 0;
  double sum = 0.0, sum_squares = 0.0;

  for (guint i = 0; i < ORR_EXAMPLE_MAX_POINTS; i++)
    good += fabs (out->y[i]) < MAX_ABS_Y;
  wanted = MIN (wanted, good);
  if (wanted < self->options.min_points)
    return FALSE;

  /* Thinned out evenly, so that a grid stays one. */
  guint seen = 0;
  for (guint i = 0; i < ORR_EXAMPLE_MAX_POINTS; i++)
    {
      if (!(fabs (out->y[i]) < MAX_ABS_Y))
        continue;
      gboolean keep = (seen + 1) * wanted / good > seen * wanted / good;
      seen++;
      if (!keep)
        continue;
      for (guint v = 0; v < out->n_variables; v++)
        out->x[v][n] = out->x[v][i];
      out->y[n] = out->y[i];
      sum += out->y[n];
      sum_squares += out->y[n] * out->y[n];
      n++;
    }
  out->n_points = n;
  double variance = sum_squares / n - (sum / n) * (sum / n);
  if (!(variance > 1e-10 * (1.0 + sum_squares / n)))
    return FALSE;
  if (self->options.noise > 0.0 && orr_dice_chance (dice, 1.0 / 6.0))
    {
      double sd = sqrt (variance) * orr_dice_between (dice, 0.0, self->options.noise);
      for (guint i = 0; i < n; i++)
        out->y[i] += sd * orr_dice_normal (dice);
    }
  return TRUE;
}

static gboolean
fill_values (OrrGenerator *self, OrrDice *dice, OrrExample *out)
{
  g_autoptr (OrrExpr) expr = orr_actions_to_expr (out->actions, out->n_actions);
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (expr);

  for (guint k = 0; k < out->n_constants; k++)
    out->constants[k] = draw_constant (dice);
  draw_points (self, dice, out);
  orr_expr_program_eval (program, out->constants, out->x[0], ORR_EXAMPLE_MAX_POINTS, ORR_EXAMPLE_MAX_POINTS, out->y);
  return keep_points (self, dice, out);
}

OrrGenerator *
orr_generator_new (const OrrGeneratorOptions *options)
{
  OrrGenerator *self = g_new0 (OrrGenerator, 1);

  g_return_val_if_fail (options->min_points <= options->max_points && options->max_points <= ORR_EXAMPLE_MAX_POINTS, NULL);
  self->options = *options;
  self->normalizer = orr_expr_normalizer_new ();
  return self;
}

void
orr_generator_free (OrrGenerator *self)
{
  if (self == NULL)
    return;
  orr_expr_normalizer_free (self->normalizer);
  g_free (self);
}

/**
 * orr_generator_make:
 * @index: which example; the same one for every generator with these options
 *
 * Makes random skeletons until one is usable: in normal form, in the right
 * deck, at most 30 actions, and defined on enough points.
 */
void
orr_generator_make (OrrGenerator *self, guint64 index, OrrExample *out)
{
  OrrDice dice = orr_dice (self->options.seed, orr_random_substream (ORR_RANDOM_STREAM_EXPRESSION, index));

  do
    self->attempts++;
  while (!make_skeleton (self, &dice, out) || !fill_values (self, &dice, out));
}

/**
 * orr_generator_redraw:
 * @index: which draw
 * @example: (inout): keeps its skeleton, gets new constants and points
 *
 * Returns: %FALSE when forty draws gave no usable data
 */
gboolean
orr_generator_redraw (OrrGenerator *self, guint64 index, OrrExample *example)
{
  OrrDice dice = orr_dice (self->options.seed, orr_random_substream (ORR_RANDOM_STREAM_FIT, index));

  for (guint attempt = 0; attempt < 40; attempt++)
    if (fill_values (self, &dice, example))
      return TRUE;
  return FALSE;
}

/* How many skeletons were tried so far. */
guint64
orr_generator_attempts (const OrrGenerator *self)
{
  return self->attempts;
}
