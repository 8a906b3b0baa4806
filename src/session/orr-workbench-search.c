/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <glib/gi18n.h>

#include "orr-agent-default.h"
#include "orr-error.h"
#include "orr-regress.h"

/* How long a person waits for "Complete", and how long "Improve" goes on when nobody stops it. */
#define COMPLETE_SECONDS 3.0
#define IMPROVE_SECONDS 60.0

typedef struct
{
  OrrExpr *given;    /* the tree on the canvas */
  OrrExpr *template; /* what of it stays, and open places */
  OrrDataset *dataset;
  OrrRegressOptions options;
} SearchRequest;

/* What a search found. */
typedef struct
{
  OrrExpr *given;
  GPtrArray *candidates; /* of OrrCandidate, the one to believe first */
} Findings;

static void
search_request_free (gpointer data)
{
  SearchRequest *request = data;

  orr_expr_unref (request->given);
  orr_expr_unref (request->template);
  orr_dataset_unref (request->dataset);
  g_free (request);
}

static void
findings_free (gpointer data)
{
  Findings *self = data;

  orr_expr_unref (self->given);
  g_ptr_array_unref (self->candidates);
  g_free (self);
}

static gboolean
has_lock (const OrrExpr *expr, guint position)
{
  for (guint i = position; i < position + expr->nodes[position].size; i++)
    if (expr->nodes[i].locked)
      return TRUE;
  return FALSE;
}

/* Every subtree that holds no lock becomes a placeholder; (transfer full). */
static OrrExpr *
open_unlocked (OrrExpr *expr)
{
  g_autoptr (OrrExpr) hole = orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  g_autoptr (OrrExpr) opened = orr_expr_ref (expr);

  for (guint i = 0; i < opened->n_nodes; i++)
    if (!has_lock (opened, i) && opened->nodes[i].op != ORR_EXPR_OP_PLACEHOLDER)
      {
        OrrExpr *next = orr_expr_replace (opened, i, hole);

        orr_expr_unref (opened);
        opened = next;
      }
  return g_steal_pointer (&opened);
}

/* The laws as candidates, the one to believe first. */
static Findings *
create_findings (const SearchRequest *request, const OrrRegression *regression)
{
  Findings *findings = g_new0 (Findings, 1);

  findings->given = orr_expr_ref (request->given);
  findings->candidates = g_ptr_array_new_with_free_func ((GDestroyNotify)orr_candidate_free);
  for (guint i = 0; i <= regression->laws->len; i++)
    {
      guint index = i == 0 ? regression->best : i - 1;
      g_autoptr (OrrExpr) expr =
          orr_advisor_thaw (orr_regression_law (regression, index)->expr, request->given);

      if (i == 0 || index != regression->best)
        g_ptr_array_add (
            findings->candidates,
            orr_candidate_new (expr, orr_workbench_compute_r2 (expr, request->dataset, ORR_DATASET_TRAINING),
                               orr_workbench_compute_r2 (expr, request->dataset, ORR_DATASET_HELD_OUT)));
    }
  return findings;
}

static gpointer
search_thread (OrrProgress *progress, gpointer data, GError **error)
{
  SearchRequest *request = data;
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (request->dataset, ORR_DATASET_TRAINING);
  OrrSamples samples = orr_dataset_get_samples (request->dataset, rows);
  g_autoptr (OrrExpr) frozen = orr_advisor_freeze (request->template);
  /* Without its weights the search goes on alone, only slower. */
  g_autoptr (OrrAgent) agent = orr_agent_load_default (NULL);

  if (rows->n == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("The data have no complete rows to fit"));
      return NULL;
    }
  request->options.expression = frozen;
  g_autoptr (OrrRegression) regression = orr_regress (agent, &samples, &request->options, progress, error);
  return regression != NULL && regression->laws->len > 0 ? create_findings (request, regression) : NULL;
}

/* What was pinned stays, behind what is new. */
static void
keep_pinned (OrrWorkbench *self, GPtrArray *candidates)
{
  for (guint i = 0; i < self->equations->candidates->len; i++)
    {
      const OrrCandidate *old = self->equations->candidates->pdata[i];

      if (old->pinned)
        g_ptr_array_add (candidates, orr_candidate_copy (old));
    }
}

static void
search_done_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrWorkbench *self = owner;
  const Findings *findings = result;

  if (self->job != job)
    return;
  orr_workbench_set_job (self, NULL);
  if (findings == NULL || self->equations->dataset == NULL)
    return;

  const OrrCandidate *best = findings->candidates->pdata[0];
  keep_pinned (self, findings->candidates);
  g_autoptr (OrrEquations) found = orr_equations_with_candidates (self->equations, findings->candidates);
  /* A person who went on with the tree meanwhile keeps it. */
  gboolean untouched = self->equations->expr == findings->given;
  g_autoptr (OrrEquations) next = untouched ? orr_equations_with_expr (found, best->expr, ORR_MOVER_AGENT,
                                                                       orr_job_get_label (job), best->r2)
                                            : orr_equations_ref (found);
  orr_workbench_edit (self, next, orr_job_get_label (job), NULL);
}

/* Bit k: the agent must not use action k. */
guint64
orr_workbench_forbidden_actions (OrrWorkbench *self)
{
  guint64 mask = 0;

  for (char **name = self->equations->forbidden; *name != NULL; name++)
    {
      int action = orr_action_from_name (*name);

      if (action >= 0)
        mask |= G_GUINT64_CONSTANT (1) << action;
    }
  return mask;
}

static void
search (OrrWorkbench *self, OrrExpr *template, double seconds, const char *label)
{
  if (self->equations->dataset == NULL)
    return;
  orr_workbench_abandon_job (self);

  SearchRequest *request = g_new0 (SearchRequest, 1);
  request->given = orr_expr_ref (self->equations->expr);
  request->template = orr_expr_ref (template);
  request->dataset = orr_dataset_ref (self->equations->dataset);
  orr_regress_defaults (&request->options);
  request->options.forbidden = orr_workbench_forbidden_actions (self);
  request->options.seconds = seconds;
  orr_workbench_set_job (self, orr_job_queue_run (self->jobs, ORR_JOB_LANE_NOW, label, search_thread, request,
                                                  search_request_free, findings_free, G_OBJECT (self),
                                                  search_done_cb));
}

/**
 * orr_workbench_complete:
 *
 * Fills the placeholders of the present tree in the background, keeping all the
 * rest: alternatives become candidates and the best one goes onto the canvas, as
 * one undo step. Does nothing without data or placeholders.
 */
void
orr_workbench_complete (OrrWorkbench *self)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  if (orr_expr_count (self->equations->expr, ORR_EXPR_OP_PLACEHOLDER) > 0)
    search (self, self->equations->expr, COMPLETE_SECONDS, _ ("Complete"));
}

/**
 * orr_workbench_improve:
 *
 * Searches for better equations that hold the locked parts of the present tree,
 * until it is stopped or a minute is over.
 */
void
orr_workbench_improve (OrrWorkbench *self)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  g_autoptr (OrrExpr) template = open_unlocked (self->equations->expr);
  search (self, template, IMPROVE_SECONDS, _ ("Improve"));
}

/**
 * orr_workbench_stop:
 *
 * Ends what is under way within 0.2 s; what a search has found by then stays.
 */
void
orr_workbench_stop (OrrWorkbench *self)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  if (self->job != NULL)
    orr_job_cancel (self->job);
}
