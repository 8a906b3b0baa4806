/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <math.h>

#include <glib/gi18n.h>

#include "orr-dataset-outliers.h"
#include "orr-expr-program.h"

#define MANY_ROWS 20000

/**
 * orr_workbench_compute_r2:
 *
 * Returns: R2 of @expr on rows of @dataset, weighted where the rows have
 * errors; NaN with placeholders or where it is not defined
 */
double
orr_workbench_compute_r2 (const OrrExpr *expr, const OrrDataset *dataset, OrrDatasetPart part)
{
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (dataset, part);
  g_autofree double *predicted = g_new (double, MAX (rows->n, 1));
  double mean = 0.0, sum = 0.0, sst = 0.0, sse = 0.0;

  if (rows->n == 0 || orr_expr_n_variables (expr) > dataset->n_inputs ||
      !orr_expr_eval (expr, rows->x, rows->n, rows->n, predicted))
    return NAN;

  for (gsize i = 0; i < rows->n; i++)
    {
      double w = rows->weights != NULL ? rows->weights[i] : 1.0;

      sum += w;
      mean += w * rows->y[i];
    }
  mean /= sum;
  for (gsize i = 0; i < rows->n; i++)
    {
      double w = rows->weights != NULL ? rows->weights[i] : 1.0;

      sst += w * (rows->y[i] - mean) * (rows->y[i] - mean);
      sse += w * (rows->y[i] - predicted[i]) * (rows->y[i] - predicted[i]);
    }
  return sst > 0.0 && isfinite (sse) ? 1.0 - sse / sst : NAN;
}

/**
 * orr_workbench_predict:
 * @n_rows: (out): rows of the data set
 *
 * Returns: (transfer full) (nullable): the shown equation's value in every row
 * (NaN where it or an input is not defined); %NULL without data or with placeholders
 */
double *
orr_workbench_predict (OrrWorkbench *self, gsize *n_rows)
{
  OrrDataset *dataset = self->equations->dataset;
  OrrExpr *expr = orr_workbench_get_shown (self);

  *n_rows = 0;
  if (dataset == NULL || orr_expr_n_variables (expr) > dataset->n_inputs)
    return NULL;

  gsize N = dataset->n_rows;
  g_autofree double *x = g_new (double, MAX (N * dataset->n_inputs, 1));
  g_autofree double *predicted = g_new (double, MAX (N, 1));
  for (guint v = 0; v < dataset->n_inputs; v++)
    for (gsize i = 0; i < N; i++)
      x[v * N + i] = orr_dataset_column (dataset, dataset->inputs[v])[i];
  if (!orr_expr_eval (expr, x, N, N, predicted))
    return NULL;
  *n_rows = N;
  return g_steal_pointer (&predicted);
}

/**
 * orr_workbench_find_outliers:
 * @n: (out): how many
 *
 * Returns: (transfer full) (array) (nullable): [n_rows] 1 for rows far from the others, by
 * orr_dataset_find_outliers(): by the residuals of the shown equation where there
 * is one and the table is not so large that this could not follow the pointer
 */
guint8 *
orr_workbench_find_outliers (OrrWorkbench *self, gsize *n)
{
  OrrDataset *dataset = self->equations->dataset;
  gsize n_rows;

  *n = 0;
  if (dataset == NULL)
    return NULL;
  g_autofree double *predicted = dataset->n_rows <= MANY_ROWS ? orr_workbench_predict (self, &n_rows) : NULL;
  return orr_dataset_find_outliers (dataset, predicted, n);
}

/* Changing the data ------------------------------------------------------------------------------- */

/* (transfer full): @expr over @now's inputs: a column keeps its place in the formula, one that is no input
 * any more leaves an open place. */
static OrrExpr *
carry_over (const OrrExpr *expr, const OrrDataset *before, const OrrDataset *now)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (expr->nodes, expr->n_nodes * sizeof (OrrExprNode));

  for (guint i = 0; i < expr->n_nodes; i++)
    {
      if (nodes[i].op != ORR_EXPR_OP_VARIABLE)
        continue;
      guint v = 0, column = nodes[i].index < before->n_inputs ? before->inputs[nodes[i].index] : G_MAXUINT;
      while (v < now->n_inputs && now->inputs[v] != column)
        v++;
      if (v == now->n_inputs)
        nodes[i].op = ORR_EXPR_OP_PLACEHOLDER;
      nodes[i].index = v < now->n_inputs ? v : 0;
    }
  return orr_expr_new (nodes, expr->n_nodes);
}

/* What was found stays when only its judges change: every R2 anew. */
static GPtrArray *
judge_again (OrrWorkbench *self, const OrrDataset *dataset)
{
  GPtrArray *old = self->equations->candidates;
  GPtrArray *candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_candidate_free);

  for (guint i = 0; i < old->len; i++)
    {
      OrrCandidate *candidate = orr_candidate_copy (old->pdata[i]);

      candidate->r2 = orr_workbench_compute_r2 (candidate->expr, dataset, ORR_DATASET_TRAINING);
      candidate->r2_held_out = orr_workbench_compute_r2 (candidate->expr, dataset, ORR_DATASET_HELD_OUT);
      g_ptr_array_add (candidates, candidate);
    }
  return candidates;
}

/**
 * orr_workbench_change_dataset:
 * @dataset: (nullable): the data to explain
 * @label: what was done
 * @merge_key: (nullable): as in orr_document_edit()
 *
 * Other roles, rows or names of the table at hand keep the tree and what was
 * found; where inputs change, the tree's variables follow their columns.
 */
void
orr_workbench_change_dataset (OrrWorkbench *self, OrrDataset *dataset, const char *label, const char *merge_key)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  OrrDataset *before = self->equations->dataset;
  g_autoptr (OrrEquations) next = orr_equations_with_dataset (self->equations, dataset);

  if (dataset != NULL && before != NULL && orr_dataset_has_same_inputs (before, dataset))
    {
      g_autoptr (OrrEquations) bare = g_steal_pointer (&next);
      g_autoptr (GPtrArray) candidates = judge_again (self, dataset);
      next = orr_equations_with_candidates (bare, candidates);
    }
  else if (dataset != NULL && before != NULL && orr_dataset_is_same_table (before, dataset))
    {
      g_autoptr (OrrEquations) bare = g_steal_pointer (&next);
      g_autoptr (OrrExpr) expr = carry_over (self->equations->expr, before, dataset);
      next = orr_equations_with_expr (bare, expr, ORR_MOVER_PERSON, NULL, NAN);
    }
  orr_workbench_edit (self, next, label, merge_key);
}

/* The data to explain (nullable), as orr_workbench_change_dataset() takes them. */
void
orr_workbench_set_dataset (OrrWorkbench *self, OrrDataset *dataset)
{
  orr_workbench_change_dataset (self, dataset, _ ("Change data"), NULL);
}
