/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <glib/gi18n.h>

#include "orr-error.h"
#include "orr-expr-fit.h"

typedef struct
{
  OrrExpr *expr;
  OrrDataset *dataset;
} FitRequest;

static void
fit_request_free (gpointer data)
{
  FitRequest *request = data;

  orr_expr_unref (request->expr);
  orr_dataset_unref (request->dataset);
  g_free (request);
}

static gpointer
fit_thread (OrrProgress *progress, gpointer data, GError **error)
{
  FitRequest *request = data;
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (request->dataset, ORR_DATASET_TRAINING);
  OrrSamples samples = orr_dataset_get_samples (request->dataset, rows);

  if (rows->n == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("The data have no complete rows to fit"));
      return NULL;
    }
  return orr_expr_fit (request->expr, &samples, NULL, error);
}

static void
fit_done_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrWorkbench *self = owner;
  OrrExpr *expr = result;

  if (self->job != job)
    return;
  orr_workbench_set_job (self, NULL);
  if (expr != NULL)
    {
      g_autoptr (OrrEquations) next = orr_equations_with_expr (
          self->equations, expr, ORR_MOVER_AGENT, _ ("Fit constants"), orr_workbench_r2_of (self, expr));
      orr_workbench_edit (self, next, _ ("Fit constants"), NULL);
    }
}

/**
 * orr_workbench_fit_constants:
 *
 * Fits the free constants of the present tree in the background, with their
 * standard errors. A tree that was edited meanwhile is left alone.
 */
void
orr_workbench_fit_constants (OrrWorkbench *self)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  if (self->equations->dataset == NULL)
    return;
  orr_workbench_abandon_job (self);

  FitRequest *request = g_new0 (FitRequest, 1);
  request->expr = orr_expr_ref (self->equations->expr);
  request->dataset = orr_dataset_ref (self->equations->dataset);
  orr_workbench_set_job (self,
                         orr_job_queue_run (self->jobs, ORR_JOB_LANE_NOW, _ ("Fitting constants"), fit_thread,
                                            request, fit_request_free, (GDestroyNotify)orr_expr_unref,
                                            G_OBJECT (self), fit_done_cb));
}

/**
 * orr_workbench_set_constant:
 * @position: of a constant in the present tree
 * @value: kept within its range
 * @moving: whether more values follow, as in a drag: together with the last one,
 *   for which it is %FALSE, they are one undo step and one move
 */
void
orr_workbench_set_constant (OrrWorkbench *self, guint position, double value, gboolean moving)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));
  g_return_if_fail (position < self->equations->expr->n_nodes);

  g_autofree char *key = g_strdup_printf ("constant-%u", self->equations->expr->nodes[position].id);
  g_autoptr (OrrExpr) expr = orr_expr_set_constant (self->equations->expr, position, value);
  g_autoptr (OrrEquations) next =
      orr_equations_with_expr (self->equations, expr, ORR_MOVER_PERSON,
                               moving ? NULL : _ ("Set constant"), orr_workbench_r2_of (self, expr));

  orr_workbench_edit (self, next, _ ("Set constant"), key);
  if (!moving)
    orr_document_end_merge (self->document);
}
