/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-session-analysis.h"

#include <glib/gi18n.h>

#include "orr-analyses.h"
#include "orr-error.h"

/* Analyses of one run that are still to be done, in order. */
typedef struct
{
  char      *run_id;
  GPtrArray *names;
  guint      next;
} Plan;

/* The worker's own copy of all that one analysis needs. */
typedef struct
{
  const OrrAnalysis *analysis;
  OrrRun            *run;
  OrrHmm            *hmm;
  guint             *epochs;
  const OrrNetwork **snapshots;
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

  g_clear_pointer (&work->options.kick_neurons, g_variant_unref);
  g_free (work->epochs);
  g_free (work->snapshots);
  orr_hmm_unref (work->hmm);
  orr_run_unref (work->run);
  g_free (work);
}

/* Noise as the network was trained with, the snapshots of its training, and its
 * kick groups where they are known. */
static Work *
work_new (const OrrAnalysis *analysis, OrrRun *run, OrrHmm *hmm)
{
  Work *work = g_new0 (Work, 1);
  OrrTrainOptions training;

  work->analysis = analysis;
  work->run = orr_run_ref (run);
  work->hmm = orr_hmm_ref (hmm);
  orr_analysis_options_init (&work->options);
  if (run->options != NULL && orr_train_options_from_section (&training, run->options, NULL))
    work->options.noise_sd = training.sigma;
  work->options.hmm = hmm->n_symbols == run->network->n_symbols ? hmm : NULL;
  work->options.n_snapshots = run->snapshots->len;
  work->epochs = g_new (guint, MAX (run->snapshots->len, 1));
  work->snapshots = g_new (const OrrNetwork *, MAX (run->snapshots->len, 1));
  for (guint i = 0; i < run->snapshots->len; i++)
    {
      const OrrSnapshot *snapshot = g_ptr_array_index (run->snapshots, i);

      work->epochs[i] = snapshot->epoch;
      work->snapshots[i] = snapshot->network;
    }
  work->options.snapshot_epochs = work->epochs;
  work->options.snapshots = work->snapshots;
  work->options.kick_neurons = orr_run_get_section (run, "kick_neurons");
  return work;
}

/* What does not apply to a network is told in its place, not as a failure. */
static GVariant *
explain (const GError *error)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "reason", "s", error->message);
  return g_variant_dict_end (&dict);
}

static gpointer
analyze_thread (OrrProgress *progress, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (GError) problem = NULL;
  GVariant *section = work->analysis->run (work->run->network, &work->options, progress, &problem);

  if (section == NULL && g_error_matches (problem, ORR_ERROR, ORR_ERROR_INPUT))
    section = explain (problem);
  if (section == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  return g_variant_take_ref (section);
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
  g_autofree char *label = g_strdup_printf (_("Analyzing: %s"), _(analysis->title));
  OrrJob *job = orr_job_queue_run (orr_session_get_jobs (session), ORR_JOB_LANE_ANALYSIS, label, analyze_thread,
                                   work_new (analysis, run, hmm), work_free, (GDestroyNotify) g_variant_unref,
                                   G_OBJECT (session), analyzed_cb);
  g_object_set_data_full (G_OBJECT (job), "plan", plan, (GDestroyNotify) plan_free);
}

/* Whether there is a run whose network can be looked at. */
gboolean
orr_session_can_analyze (OrrSession *session)
{
  return orr_session_get_run (session) != NULL;
}

/**
 * orr_session_analyze:
 * @names: (nullable) (array zero-terminated=1): analyses to do (again); %NULL for
 *   all that the shown run does not have yet
 *
 * Does analyses of the shown run in the background, one after the other in their
 * order, and stores their sections.
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
  Plan *plan = g_new0 (Plan, 1);
  plan->run_id = g_strdup (run->id);
  plan->names = g_ptr_array_new ();
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GVariant) have = orr_run_get_section (run, analyses[i].name);

      if (names != NULL ? g_strv_contains (names, analyses[i].name) : have == NULL)
        g_ptr_array_add (plan->names, (gpointer) &analyses[i]);
    }
  run_next (session, plan);
}
