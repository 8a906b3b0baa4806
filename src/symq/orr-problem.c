/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-problem.h"

#include <math.h>
#include <string.h>

#include "orr-actions.h"
#include "orr-expr-normal.h"

#define MAX_FITTED 200
#define MAX_HELD_OUT 200
/* With fewer rows than this none can be spared. */
#define MIN_TO_SPLIT 24
#define SPLIT 4
/* So many rows, spread evenly, tell how much a column matters. */
#define MAX_RELEVANT 4000

/* A power of ten that brings @largest between 1 and 10, or 1 when it is near enough. */
static double
choose_scale (double largest, double low, double high)
{
  if (!(largest > 0.0) || (largest >= low && largest <= high))
    return 1.0;
  return pow (10.0, floor (log10 (largest)));
}

typedef struct
{
  double x, y;
} Pair;

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const Pair *p = a, *q = b;
  return (p->x > q->x) - (p->x < q->x);
}

/**
 * orr_problem_relevance:
 * @x: (array length=n): a column
 *
 * How much of y is a function of this column alone: 1 less the share of the
 * variance between neighbours in its order. It asks for no particular shape.
 */
double
orr_problem_relevance (const double *x, const double *y, gsize n)
{
  gsize n_rows = MIN (n, MAX_RELEVANT);
  g_autofree Pair *pairs = g_new (Pair, n_rows);
  double mean = 0.0, total = 0.0, steps = 0.0;

  for (gsize i = 0; i < n_rows; i++)
    {
      gsize from = i * n / n_rows;
      pairs[i] = (Pair){ x[from], y[from] };
      mean += y[from] / n_rows;
    }
  qsort (pairs, n_rows, sizeof (Pair), compare_pairs);
  for (gsize i = 0; i < n_rows; i++)
    total += (pairs[i].y - mean) * (pairs[i].y - mean);
  for (gsize i = 1; i < n_rows; i++)
    steps += (pairs[i].y - pairs[i - 1].y) * (pairs[i].y - pairs[i - 1].y);
  return total > 0.0 ? 1.0 - steps / (2.0 * total) : 0.0;
}

/* The columns the agent sees: the required ones, then the most relevant; in their own order when all fit. */
static void
choose_order (OrrProblem *self, const OrrSamples *samples, guint64 required)
{
  guint n = samples->n_variables;
  g_autofree double *weights = g_new (double, n);

  for (guint v = 0; v < n; v++)
    self->order[v] = v;
  if (n <= ORR_ACTIONS_VARIABLES)
    return;
  for (guint v = 0; v < n; v++)
    weights[v] = orr_problem_relevance (samples->x + v * samples->stride, samples->y, samples->n) + (v < 64 && required >> v & 1 ? 10.0 : 0.0);
  for (guint i = 1; i < n; i++)
    for (guint k = i; k > 0 && weights[self->order[k]] > weights[self->order[k - 1]]; k--)
      {
        guint swap = self->order[k];
        self->order[k] = self->order[k - 1];
        self->order[k - 1] = swap;
      }
}

static void
choose_scales (OrrProblem *self, const OrrSamples *samples)
{
  double squares = 0.0;

  for (guint v = 0; v < self->n_variables; v++)
    {
      const double *x = samples->x + self->order[v] * samples->stride;
      double largest = 0.0;
      for (gsize i = 0; i < samples->n; i++)
        largest = MAX (largest, fabs (x[i]));
      self->scale[v] = choose_scale (largest, 0.4, 15.0);
    }
  for (gsize i = 0; i < samples->n; i++)
    squares += samples->y[i] * samples->y[i] / samples->n;
  /* What the agent has seen stays as it is: a scale would need constants that the law does not have. */
  self->y_scale = choose_scale (sqrt (squares), 1e-3, 3e4);
}

/* Copies up to @most of the rows that are (or are not) kept back, spread evenly; returns how many. */
static gsize
take_rows (const OrrProblem *self, const OrrSamples *samples, gboolean split, gboolean kept_back, gsize most, double *to,
           gsize stride, double *y)
{
  gsize total = 0, seen = 0, n = 0;

  for (gsize i = 0; i < samples->n; i++)
    total += split ? (i % SPLIT == SPLIT - 1) == kept_back : !kept_back;
  most = MIN (most, total);
  for (gsize i = 0; i < samples->n; i++)
    {
      if (split ? (i % SPLIT == SPLIT - 1) != kept_back : kept_back)
        continue;
      gboolean take = (seen + 1) * most / total > seen * most / total;
      seen++;
      if (!take)
        continue;
      for (guint v = 0; v < self->n_variables; v++)
        to[v * stride + n] = samples->x[self->order[v] * samples->stride + i] / self->scale[v];
      y[n++] = samples->y[i] / self->y_scale;
    }
  return n;
}

/**
 * orr_problem_new:
 * @required: bit v: column v must be among those the agent sees
 * @scaled: bring far columns near; not when a person gave a formula in the table's own units
 */
OrrProblem *
orr_problem_new (const OrrSamples *samples, guint64 required, gboolean scaled)
{
  OrrProblem *self = g_new0 (OrrProblem, 1);
  guint n_variables = self->n_variables = samples->n_variables;
  gboolean split = samples->n >= MIN_TO_SPLIT;
  gsize block = (gsize) (n_variables + 1) * MAX_FITTED;

  self->order = g_new0 (guint, MAX (n_variables, 1));
  self->scale = g_new0 (double, MAX (n_variables, 1));
  self->y_scale = 1.0;
  choose_order (self, samples, required);
  for (guint v = 0; v < n_variables; v++)
    self->scale[v] = 1.0;
  if (scaled)
    choose_scales (self, samples);

  self->memory = g_new0 (double, 2 * block);
  double *x = self->memory, *y = x + n_variables * MAX_FITTED, *held_x = x + block, *held_y = y + block;
  self->fitted = (OrrSamples){ x, MAX_FITTED, n_variables, y, take_rows (self, samples, split, FALSE, MAX_FITTED, x, MAX_FITTED, y) };
  self->held_out = (OrrSamples){ held_x, MAX_FITTED, n_variables, held_y,
                                 take_rows (self, samples, split, TRUE, MAX_HELD_OUT, held_x, MAX_FITTED, held_y) };
  return self;
}

void
orr_problem_free (OrrProblem *self)
{
  if (self == NULL)
    return;
  g_free (self->order);
  g_free (self->scale);
  g_free (self->memory);
  g_free (self);
}

/*
 * (transfer full): what @agent, which must outlive it, sees of the problem: the
 * rows that are kept back, too, when there is room. They still judge: the agent
 * proposes shapes, and no constant is fitted to them.
 */
OrrAgentContext *
orr_problem_look (const OrrProblem *self, const OrrAgent *agent)
{
  const OrrSamples *fitted = &self->fitted, *held_out = &self->held_out;
  gsize n = fitted->n + held_out->n;
  guint v = MIN (self->n_variables, ORR_ACTIONS_VARIABLES);

  if (held_out->n == 0 || n > MAX_FITTED)
    return orr_agent_context_new (agent, fitted->x, fitted->stride, v, fitted->y, fitted->n);
  g_autofree double *rows = g_new (double, (v + 1) * n);
  for (guint k = 0; k <= v; k++)
    {
      const double *first = k < v ? fitted->x + k * fitted->stride : fitted->y;
      const double *second = k < v ? held_out->x + k * held_out->stride : held_out->y;
      memcpy (rows + k * n, first, fitted->n * sizeof (double));
      memcpy (rows + k * n + fitted->n, second, held_out->n * sizeof (double));
    }
  return orr_agent_context_new (agent, rows, n, v, rows + v * n, n);
}

/* (transfer full): @expr with its columns numbered as the problem numbers them. */
OrrExpr *
orr_problem_enter (const OrrProblem *self, const OrrExpr *expr)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (expr->nodes, expr->n_nodes * sizeof (OrrExprNode));

  for (guint i = 0; i < expr->n_nodes; i++)
    for (guint v = 0; nodes[i].op == ORR_EXPR_OP_VARIABLE && v < self->n_variables; v++)
      if (self->order[v] == expr->nodes[i].index)
        {
          nodes[i].index = v;
          break;
        }
  return orr_expr_new (nodes, expr->n_nodes);
}

/* Other numbers than the small whole ones came from scales and constants: free them to be fitted. */
static OrrExpr *
free_numbers (const OrrExpr *expr)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (expr->nodes, expr->n_nodes * sizeof (OrrExprNode));

  for (guint i = 0; i < expr->n_nodes; i++)
    if (nodes[i].op == ORR_EXPR_OP_NUMBER && (nodes[i].value != rint (nodes[i].value) || fabs (nodes[i].value) > 12.0))
      nodes[i].op = ORR_EXPR_OP_CONSTANT;
  return orr_expr_new (nodes, expr->n_nodes);
}

/**
 * orr_problem_leave_exactly:
 * @expr: found for the problem
 *
 * Returns: (transfer full): the same law in the table's own columns and units, what it was scaled by being numbers
 */
OrrExpr *
orr_problem_leave_exactly (const OrrProblem *self, const OrrExpr *expr)
{
  gboolean scaled = self->y_scale != 1.0;
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (OrrExprNode));
  OrrExprNode divide = orr_expr_node (ORR_EXPR_OP_DIV, 0, 0.0), multiply = orr_expr_node (ORR_EXPR_OP_MUL, 0, 0.0);

  for (guint v = 0; v < self->n_variables; v++)
    scaled |= self->scale[v] != 1.0;
  if (self->y_scale != 1.0)
    {
      OrrExprNode scale = orr_expr_node (ORR_EXPR_OP_NUMBER, 0, self->y_scale);
      g_array_append_val (nodes, multiply);
      g_array_append_val (nodes, scale);
    }
  for (guint i = 0; i < expr->n_nodes; i++)
    {
      OrrExprNode node = expr->nodes[i];
      if (scaled && node.op == ORR_EXPR_OP_CONSTANT && node.index == 0)
        node.op = ORR_EXPR_OP_NUMBER;
      if (node.op != ORR_EXPR_OP_VARIABLE)
        {
          g_array_append_val (nodes, node);
          continue;
        }
      double scale = self->scale[node.index];
      node.index = self->order[node.index];
      if (scale != 1.0)
        g_array_append_val (nodes, divide);
      g_array_append_val (nodes, node);
      if (scale != 1.0)
        {
          OrrExprNode number = orr_expr_node (ORR_EXPR_OP_NUMBER, 0, scale);
          g_array_append_val (nodes, number);
        }
    }
  g_autoptr (OrrExpr) whole = orr_expr_new ((const OrrExprNode *) (gpointer) nodes->data, nodes->len);
  return scaled ? orr_expr_normalize (whole, ORR_EXPR_NORMAL_NONE) : g_steal_pointer (&whole);
}

/**
 * orr_problem_leave:
 * @expr: found for the problem
 *
 * Returns: (transfer full): the same law in the table's own columns and units, what it was scaled by being free constants
 */
OrrExpr *
orr_problem_leave (const OrrProblem *self, const OrrExpr *expr)
{
  g_autoptr (OrrExpr) exact = orr_problem_leave_exactly (self, expr);
  gboolean scaled = self->y_scale != 1.0;

  for (guint v = 0; v < self->n_variables; v++)
    scaled |= self->scale[v] != 1.0;
  return scaled ? free_numbers (exact) : g_steal_pointer (&exact);
}
