/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-regress.h"

/*
 * How long "Complete" works, and how long "Improve" goes on when nobody stops it. The first is counted
 * in seconds of the processor: what it finds must not depend on what else the machine is doing.
 */
#define COMPLETE_SECONDS 3.0
#define IMPROVE_SECONDS 600.0
#define MAX_THREADS 4

/* From the thread that searches to a workbench that may be gone by then. */
typedef struct
{
  GWeakRef workbench;
  guint    serial; /* of the search */
  gint     waiting; /* (atomic): findings that the main thread has not seen yet */
} Post;

typedef struct
{
  OrrAdvisor       *advisor;
  OrrExpr          *given;    /* the tree on the canvas */
  OrrExpr          *template; /* what of it stays, and open places */
  OrrDataset       *dataset;
  OrrRegressOptions options;
  gboolean          around; /* search around what is there */
  Post             *post;
} SearchRequest;

/* What a search found. */
typedef struct
{
  OrrExpr   *given;
  GPtrArray *candidates; /* of OrrCandidate, the one to believe first */
  Post      *post;       /* (nullable) */
} Findings;

static void
clear_post (gpointer box)
{
  Post *self = box;

  g_weak_ref_clear (&self->workbench);
}

static void
search_request_free (gpointer data)
{
  SearchRequest *request = data;

  orr_advisor_unref (request->advisor);
  orr_expr_unref (request->given);
  orr_expr_unref (request->template);
  orr_dataset_unref (request->dataset);
  g_atomic_rc_box_release_full (request->post, clear_post);
  g_free (request);
}

static void
findings_free (gpointer data)
{
  Findings *self = data;

  orr_expr_unref (self->given);
  g_ptr_array_unref (self->candidates);
  if (self->post != NULL)
    g_atomic_rc_box_release_full (self->post, clear_post);
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

static Findings *
findings_new (const SearchRequest *request)
{
  Findings *self = g_new0 (Findings, 1);

  self->given = orr_expr_ref (request->given);
  self->candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_candidate_free);
  return self;
}

static void
add_candidate (Findings *self, const SearchRequest *request, const OrrExpr *found)
{
  g_autoptr (OrrExpr) expr = orr_advisor_thaw (found, request->given);

  g_ptr_array_add (self->candidates,
                   orr_candidate_new (expr, orr_workbench_compute_r2 (expr, request->dataset, ORR_DATASET_TRAINING),
                                      orr_workbench_compute_r2 (expr, request->dataset, ORR_DATASET_HELD_OUT)));
}

/* The laws as candidates, the one to believe first. */
static Findings *
create_findings (const SearchRequest *request, const OrrRegression *regression)
{
  Findings *findings = findings_new (request);

  for (guint i = 0; i <= regression->laws->len; i++)
    {
      guint index = i == 0 ? regression->best : i - 1;

      if (i == 0 || index != regression->best)
        add_candidate (findings, request, orr_regression_law (regression, index)->expr);
    }
  return findings;
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

/* While it runs -------------------------------------------------------------------------------------- */

/* So many places of R2 are worth a part more: good enough while the search goes on. */
static double
first_score (const OrrCandidate *candidate)
{
  double error = isnan (candidate->r2_held_out) ? 1.0 - candidate->r2 : 1.0 - fmin (candidate->r2, candidate->r2_held_out);

  return isnan (error) ? INFINITY : log10 (fmax (error, 1e-15)) + 0.03 * candidate->complexity;
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  double p = first_score (*(const OrrCandidate *const *) a), q = first_score (*(const OrrCandidate *const *) b);

  return (p > q) - (p < q);
}

/* All that a search does to the study is one undo step. */
static char *
dup_merge_key (guint serial)
{
  return g_strdup_printf ("search-%u", serial);
}

static gboolean
show_findings_cb (gpointer user_data)
{
  Findings *findings = user_data;
  Post *post = findings->post;
  g_autoptr (OrrWorkbench) self = g_weak_ref_get (&post->workbench);

  g_atomic_int_set (&post->waiting, 0);
  if (self != NULL && self->job != NULL && self->n_searches == post->serial && self->equations->dataset != NULL)
    {
      g_autofree char *key = dup_merge_key (post->serial);

      keep_pinned (self, findings->candidates);
      g_autoptr (OrrEquations) next = orr_equations_with_candidates (self->equations, findings->candidates);
      orr_workbench_edit (self, next, orr_job_get_label (self->job), key);
    }
  findings_free (findings);
  return G_SOURCE_REMOVE;
}

/* On the thread that searches: what the main thread has not looked at yet is not overtaken. */
static void
found_cb (GPtrArray *exprs, gpointer user_data)
{
  const SearchRequest *request = user_data;
  Findings *findings;

  if (exprs->len == 0 || g_atomic_int_get (&request->post->waiting) > 0)
    return;
  findings = findings_new (request);
  for (guint i = 0; i < exprs->len; i++)
    add_candidate (findings, request, exprs->pdata[i]);
  g_ptr_array_sort (findings->candidates, compare_candidates);
  findings->post = g_atomic_rc_box_acquire (request->post);
  g_atomic_int_set (&request->post->waiting, 1);
  g_idle_add (show_findings_cb, findings);
}

static gpointer
search_thread (OrrProgress *progress, gpointer data, GError **error)
{
  SearchRequest *request = data;
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (request->dataset, ORR_DATASET_TRAINING);
  OrrSamples samples = orr_dataset_get_samples (request->dataset, rows);
  g_autoptr (OrrExpr) frozen = orr_advisor_freeze (request->template), start = orr_advisor_freeze (request->given);
  /* Without its weights the search goes on alone, only slower. */
  g_autoptr (OrrAgent) agent = orr_advisor_dup_agent (request->advisor);

  if (rows->n == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, _("The data have no complete rows to fit"));
      return NULL;
    }
  request->options.expression = frozen;
  request->options.start = request->around ? start : NULL;
  request->options.found = found_cb;
  request->options.found_data = request;
  g_autoptr (OrrRegression) regression = orr_regress (agent, &samples, &request->options, progress, error);
  return regression != NULL && regression->laws->len > 0 ? create_findings (request, regression) : NULL;
}

/* Whether a candidate fits better than the tree on the canvas, or as well and is simpler. */
static gboolean
is_better (OrrWorkbench *self, const OrrCandidate *candidate)
{
  double r2 = orr_workbench_r2_of (self, self->equations->expr);

  if (isnan (r2) || candidate->r2 > r2 + 1e-9)
    return TRUE;
  return candidate->r2 > r2 - 1e-3 && candidate->complexity < orr_expr_complexity (self->equations->expr);
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
  g_autofree char *key = dup_merge_key (self->n_searches);
  /* A person who went on with the tree meanwhile keeps it; so does one whose tree was as good. */
  gboolean replaced = self->equations->expr == findings->given && is_better (self, best);
  g_autoptr (OrrEquations) next =
      replaced ? orr_equations_with_expr (found, best->expr, ORR_MOVER_AGENT, orr_job_get_label (job), best->r2)
               : orr_equations_ref (found);
  orr_workbench_edit (self, next, orr_job_get_label (job), key);
  orr_document_end_merge (self->document);
}

/* What a person allows the agent. */
OrrAdvisorRules
orr_workbench_get_rules (OrrWorkbench *self)
{
  OrrAdvisorRules rules = { 0 };
  GArray *offered = self->equations->offered;

  for (char **name = self->equations->forbidden; *name != NULL; name++)
    {
      int action = orr_action_from_name (*name);

      if (action >= 0)
        rules.forbidden |= G_GUINT64_CONSTANT (1) << action;
    }
  rules.n_offered = MIN (offered->len, ORR_ACTIONS_MAX_OFFERED);
  for (guint i = 0; i < rules.n_offered; i++)
    rules.offered[i] = g_array_index (offered, double, i);
  return rules;
}

static void
search (OrrWorkbench *self, OrrExpr *template, gboolean around, const char *label)
{
  OrrAdvisorRules rules = orr_workbench_get_rules (self);

  if (self->equations->dataset == NULL)
    return;
  orr_workbench_abandon_job (self);
  orr_document_end_merge (self->document);

  SearchRequest *request = g_new0 (SearchRequest, 1);
  request->advisor = orr_advisor_ref (orr_advice_get_advisor (self->advice));
  request->given = orr_expr_ref (self->equations->expr);
  request->template = orr_expr_ref (template);
  request->dataset = orr_dataset_ref (self->equations->dataset);
  request->around = around;
  request->post = g_atomic_rc_box_new0 (Post);
  g_weak_ref_init (&request->post->workbench, self);
  request->post->serial = ++self->n_searches;
  orr_regress_defaults (&request->options);
  request->options.forbidden = rules.forbidden;
  request->options.n_offered = rules.n_offered;
  memcpy (request->options.offered, rules.offered, sizeof (rules.offered));
  request->options.seconds = around ? IMPROVE_SECONDS : COMPLETE_SECONDS;
  request->options.cpu_time = !around;
  request->options.n_threads = MIN (g_get_num_processors (), MAX_THREADS);
  orr_workbench_set_job (self, orr_job_queue_run (self->jobs, ORR_JOB_LANE_NOW, label, search_thread, request,
                                                  search_request_free, findings_free, G_OBJECT (self), search_done_cb));
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
    search (self, self->equations->expr, FALSE, _ ("Complete"));
}

/**
 * orr_workbench_improve:
 *
 * Searches around the present tree for better equations that hold its locked
 * parts, until it is stopped or ten minutes are over. What is found shows among
 * the candidates at once; the tree is replaced at the end, by a better one only.
 */
void
orr_workbench_improve (OrrWorkbench *self)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  g_autoptr (OrrExpr) template = open_unlocked (self->equations->expr);
  search (self, template, TRUE, _ ("Improve"));
}

/**
 * orr_workbench_stop:
 *
 * Ends what is under way; what a search has found by then is fitted once more, and stays.
 */
void
orr_workbench_stop (OrrWorkbench *self)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  if (self->job != NULL)
    orr_job_cancel (self->job);
}
