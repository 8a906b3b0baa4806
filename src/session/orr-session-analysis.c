/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-session-analysis.h"

#include <glib/gi18n.h>

#include "orr-analyses.h"
#include "orr-error.h"
#include "orr-run-analysis.h"

/* Analyses of one run that are still to be done, in order. */
typedef struct
{
  char      *run_id;
  GPtrArray *names;
  guint      next;
  gboolean   has_options;
  OrrAnalysisOptions options; /* where a person gave some */
} Plan;

/* The worker's own copy of all that one analysis needs. */
typedef struct
{
  const OrrAnalysis *analysis;
  OrrRun            *run;
  OrrHmm            *hmm;
  OrrAnalysisOptions options;
} Work;

static void run_next (OrrSession *session, Plan *plan);

static void
plan_free (Plan *plan)
{
  g_free (plan->run_id);
  g_ptr_array_unref (plan->names);
  g_free (plan);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  orr_hmm_unref (work->hmm);
  orr_run_unref (work->run);
  g_free (work);
}

static gpointer
analyze_thread (OrrProgress *progress, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (GError) problem = NULL;
  GVariant *section = orr_run_analyze (work->run, work->hmm, work->analysis, &work->options, progress, &problem);

  /* what does not apply to a network is told in its place, not as a failure */
  if (section == NULL && g_error_matches (problem, ORR_ERROR, ORR_ERROR_INPUT))
    section = orr_section_new_reason (problem->message);
  if (section == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return section;
}

static void
analyzed_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrSession *session = owner;
  Plan *plan = g_object_steal_data (G_OBJECT (job), "plan");

  if (result != NULL)
    {
      const OrrAnalysis *analysis = g_ptr_array_index (plan->names, plan->next - 1);

      orr_document_set_section (orr_session_get_document (session), plan->run_id, analysis->name, result);
    }
  /* one that fails does not keep the others from being done; a person who stops one stops all */
  if (result != NULL || (error != NULL && !g_error_matches (error, ORR_ERROR, ORR_ERROR_CANCELLED)))
    run_next (session, plan);
  else
    plan_free (plan);
}

/* Starts the next analysis of the plan, which then belongs to its job. */
static void
run_next (OrrSession *session, Plan *plan)
{
  OrrRun *run = orr_study_find_run (orr_document_get_study (orr_session_get_document (session)), plan->run_id);

  if (run == NULL || plan->next >= plan->names->len)
    {
      plan_free (plan);
      return;
    }
  const OrrAnalysis *analysis = g_ptr_array_index (plan->names, plan->next++);
  OrrHmm *hmm = run->hmm != NULL ? run->hmm : orr_session_get_hmm (session);
  Work *work = g_new0 (Work, 1);

  work->analysis = analysis;
  work->run = orr_run_ref (run);
  work->hmm = orr_hmm_ref (hmm);
  if (plan->has_options)
    work->options = plan->options;
  else
    orr_run_analysis_options (run, analysis->name, &work->options);
  g_autofree char *label = g_strdup_printf (_("Analyzing: %s"), _(analysis->title));
  OrrJob *job = orr_job_queue_run (orr_session_get_jobs (session), ORR_JOB_LANE_ANALYSIS, label, analyze_thread,
                                   work, work_free, (GDestroyNotify) g_variant_unref,
                                   G_OBJECT (session), analyzed_cb);
  g_object_set_data_full (G_OBJECT (job), "plan", plan, (GDestroyNotify) plan_free);
}

/* Whether there is a run whose network can be looked at. */
gboolean
orr_session_can_analyze (OrrSession *session)
{
  return orr_session_get_run (session) != NULL;
}

static Plan *
plan_new (const OrrRun *run)
{
  Plan *plan = g_new0 (Plan, 1);

  plan->run_id = g_strdup (run->id);
  plan->names = g_ptr_array_new ();
  return plan;
}

/**
 * orr_session_analyze:
 * @names: (nullable) (array zero-terminated=1): analyses to do (again); %NULL for
 *   all that the shown run does not have yet
 *
 * Does analyses of the shown run in the background, one after the other in their
 * order, and stores their sections. One that is done again keeps its settings.
 */
void
orr_session_analyze (OrrSession *session, const char *const *names)
{
  g_return_if_fail (ORR_IS_SESSION (session));
  OrrRun *run = orr_session_get_run (session);
  guint n;
  const OrrAnalysis *analyses = orr_analyses (&n);

  if (run == NULL)
    return;
  Plan *plan = plan_new (run);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GVariant) have = orr_run_get_section (run, analyses[i].name);

      if (names != NULL ? g_strv_contains (names, analyses[i].name) : have == NULL)
        g_ptr_array_add (plan->names, (gpointer) &analyses[i]);
    }
  run_next (session, plan);
}

/**
 * orr_session_analyze_with:
 * @name: of the analysis
 * @options: its settings
 *
 * Does one analysis of the shown run (again) with other settings.
 */
void
orr_session_analyze_with (OrrSession *session, const char *name, const OrrAnalysisOptions *options)
{
  g_return_if_fail (ORR_IS_SESSION (session));
  const OrrAnalysis *analysis = orr_analysis_find (name);
  OrrRun *run = orr_session_get_run (session);

  g_return_if_fail (analysis != NULL);
  if (run == NULL)
    return;
  Plan *plan = plan_new (run);
  g_ptr_array_add (plan->names, (gpointer) analysis);
  plan->has_options = TRUE;
  plan->options = *options;
  run_next (session, plan);
}
