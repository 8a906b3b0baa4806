/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "orr-error.h"

/* The agent practises on one problem: a copy of it, which lasts as long as the data stay. */

typedef struct
{
  OrrAdvisor     *advisor;
  OrrDataset     *dataset;
  OrrExpr        *template; /* (nullable) */
  OrrAdvisorRules rules;
} Practice;

typedef struct
{
  OrrAgent     *agent;
  OrrDataset   *dataset;
  OrrRefinement refinement;
} Practised;

static void
practice_free (gpointer data)
{
  Practice *self = data;

  orr_advisor_unref (self->advisor);
  orr_dataset_unref (self->dataset);
  g_clear_pointer (&self->template, orr_expr_unref);
  g_free (self);
}

static void
practised_free (gpointer data)
{
  Practised *self = data;

  orr_agent_unref (self->agent);
  orr_dataset_unref (self->dataset);
  g_free (self);
}

static gpointer
refine_thread (OrrProgress *progress, gpointer data, GError **error)
{
  const Practice *practice = data;
  g_autoptr (OrrAgent) agent = orr_advisor_dup_agent (practice->advisor);
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (practice->dataset, ORR_DATASET_TRAINING);
  OrrSamples samples = orr_dataset_get_samples (practice->dataset, rows);
  OrrRegressOptions question;
  OrrRefineOptions options;
  OrrRefinement refinement;
  Practised *result;

  if (agent == NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_FAILED, _("The agent's weights are not installed"));
      return NULL;
    }
  orr_regress_defaults (&question);
  orr_refine_defaults (&options);
  question.expression = practice->template;
  question.forbidden = practice->rules.forbidden;
  question.n_offered = practice->rules.n_offered;
  memcpy (question.offered, practice->rules.offered, sizeof (question.offered));
  g_autoptr (OrrAgent) refined = orr_agent_refine (agent, &samples, &question, &options, &refinement, progress, error);
  if (refined == NULL)
    return NULL;
  result = g_new0 (Practised, 1);
  result->agent = g_steal_pointer (&refined);
  result->dataset = orr_dataset_ref (practice->dataset);
  result->refinement = refinement;
  return result;
}

static void
refined_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrWorkbench *self = owner;
  const Practised *practised = result;

  if (self->job != job)
    return;
  orr_workbench_set_job (self, NULL);
  if (practised == NULL || practised->dataset != self->equations->dataset)
    return;
  orr_advisor_set_agent (orr_advice_get_advisor (self->advice), practised->agent);
  g_free (self->refinement);
  self->refinement = g_memdup2 (&practised->refinement, sizeof (OrrRefinement));
  orr_workbench_notify_refinement (self);
  orr_advice_update (self->advice);
}

/**
 * orr_workbench_refine:
 *
 * Lets the agent practise on the present data (and on what is open in the
 * present tree) in the background: few-shot refinement. Its values, steps,
 * completions and searches are then the refined agent's, until the data change.
 */
void
orr_workbench_refine (OrrWorkbench *self)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  if (self->equations->dataset == NULL)
    return;
  orr_workbench_abandon_job (self);

  Practice *practice = g_new0 (Practice, 1);
  practice->advisor = orr_advisor_ref (orr_advice_get_advisor (self->advice));
  practice->dataset = orr_dataset_ref (self->equations->dataset);
  practice->rules = orr_workbench_get_rules (self);
  if (orr_expr_count (self->equations->expr, ORR_EXPR_OP_PLACEHOLDER) > 0)
    practice->template = orr_advisor_freeze (self->equations->expr);
  orr_workbench_set_job (self, orr_job_queue_run (self->jobs, ORR_JOB_LANE_NOW, _("Refining the agent"), refine_thread,
                                                  practice, practice_free, practised_free, G_OBJECT (self), refined_cb));
}

/* The agent as it comes. */
void
orr_workbench_forget_refinement (OrrWorkbench *self)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  if (self->refinement == NULL)
    return;
  g_clear_pointer (&self->refinement, g_free);
  orr_advisor_set_agent (orr_advice_get_advisor (self->advice), NULL);
  orr_workbench_notify_refinement (self);
  orr_advice_update (self->advice);
}

/* (nullable): what practice has brought; %NULL for the agent as it comes. */
const OrrRefinement *
orr_workbench_get_refinement (OrrWorkbench *self)
{
  return self->refinement;
}
