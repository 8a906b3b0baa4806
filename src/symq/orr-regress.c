/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-regress.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-expr-normal.h"
#include "orr-expr-program.h"
#include "orr-search.h"

/* Constants of the laws shown are fitted to at most this many rows, spread evenly. */
#define MAX_FINAL 2000
/* Misfit below this is rounding. */
#define EXACT 1e-13
/* Misfit that a law made of large terms that cancel is believed to have, at least. */
#define STRAINED 1e-9
/* So many laws, those most likely to be believed, are tidied; the others only fitted. */
#define N_TIDY 6
/* So many when a person has stopped the search and waits. */
#define N_TIDY_HURRIED 1

void
orr_regress_defaults (OrrRegressOptions *options)
{
  *options = (OrrRegressOptions){ .beam = 128, .seconds = 10.0, .n_threads = 1 };
}

static void
law_free (OrrLaw *self)
{
  orr_expr_unref (self->expr);
  g_free (self);
}

static void
clear (gpointer box)
{
  OrrRegression *self = box;
  g_ptr_array_unref (self->laws);
}

OrrRegression *
orr_regression_ref (OrrRegression *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
orr_regression_unref (OrrRegression *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

static double
r2_of (const OrrExpr *expr, const OrrSamples *samples, guint n_threads)
{
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (expr);
  g_autofree double *values = g_new (double, samples->n);
  double mean = 0.0, sst = 0.0, sse = 0.0;

  if (samples->n == 0)
    return NAN;
  orr_expr_program_set_threads (program, n_threads);
  orr_expr_program_eval (program, NULL, samples->x, samples->stride, samples->n, values);
  for (gsize i = 0; i < samples->n; i++)
    mean += samples->y[i] / samples->n;
  for (gsize i = 0; i < samples->n; i++)
    {
      sst += (samples->y[i] - mean) * (samples->y[i] - mean);
      sse += (values[i] - samples->y[i]) * (values[i] - samples->y[i]);
    }
  return sst > 0.0 ? 1.0 - sse / sst : NAN;
}

/* Rows for the final fit: all, or MAX_FINAL of them. */
static OrrSamples
thin_out (const OrrSamples *samples, double **memory)
{
  gsize n = MIN (samples->n, MAX_FINAL);
  guint v = samples->n_variables;

  *memory = g_new (double, (v + 2) * n);
  for (gsize i = 0; i < n; i++)
    {
      gsize from = i * samples->n / n;
      for (guint k = 0; k < v; k++)
        (*memory)[k * n + i] = samples->x[k * samples->stride + from];
      (*memory)[v * n + i] = samples->y[from];
      (*memory)[(v + 1) * n + i] = samples->weights != NULL ? samples->weights[from] : 1.0;
    }
  return (OrrSamples){ *memory, n, v, *memory + v * n, n, samples->weights != NULL ? *memory + (v + 1) * n : NULL,
                       samples->absolute };
}

/* For few rows; infinite when there were as many choices as rows. */
static double
correction (guint n_constants, guint complexity, gsize n)
{
  double chosen = n_constants + 0.25 * complexity, left = n - chosen - 1.0;

  return left < 1.0 ? INFINITY : 2.0 * chosen * (chosen + 1.0) / left;
}

/*
 * Bayesian information criterion with the complexity as the number of
 * parameters: n ln (misfit) + complexity ln n, corrected for few rows (as
 * Akaike's is) with the constants and a quarter of the complexity as what was
 * free to be chosen. A perfect fit stops counting at rounding. A length penalty
 * is a prior, and counts twice as all logarithms of probabilities here.
 */
static double
score_law (const OrrLaw *law, gsize n, double length_penalty)
{
  double error = 1.0 - law->r2;

  if (!isnan (law->r2_held_out))
    error = MAX (error, 1.0 - law->r2_held_out);
  if (law->fit.strain > ORR_EXPR_FIT_STRAINED)
    error = MAX (error, STRAINED);
  return n * log (MAX (error, EXACT)) + law->complexity * (log (MAX (n, 3)) + 2.0 * length_penalty)
         + correction (law->fit.n_constants, law->complexity, n);
}

static gboolean
is_allowed (const OrrExpr *expr, guint64 forbidden, guint64 required)
{
  guint64 present = 0;

  for (guint i = 0; i < expr->n_nodes; i++)
    {
      int action = orr_action_from_node (&expr->nodes[i]);
      if (action >= 0 && (forbidden >> action & 1) != 0 && !expr->nodes[i].locked)
        return FALSE;
      if (expr->nodes[i].op == ORR_EXPR_OP_VARIABLE && expr->nodes[i].index < 64)
        present |= G_GUINT64_CONSTANT (1) << expr->nodes[i].index;
    }
  return (required & ~present) == 0;
}

/* (transfer full): offered numbers were locked for the search alone, unless the person's own formula has them so. */
static OrrExpr *
unlock_offered (const OrrExpr *expr, const OrrRegressOptions *options)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (expr->nodes, expr->n_nodes * sizeof (OrrExprNode));
  const OrrExpr *given = options->expression;

  for (guint k = 0; k < options->n_offered; k++)
    {
      gboolean own = FALSE;
      for (guint i = 0; given != NULL && i < given->n_nodes; i++)
        own |= given->nodes[i].op == ORR_EXPR_OP_NUMBER && given->nodes[i].value == options->offered[k];
      for (guint i = 0; i < expr->n_nodes && !own; i++)
        if (nodes[i].op == ORR_EXPR_OP_NUMBER && nodes[i].value == options->offered[k])
          nodes[i].locked = FALSE;
    }
  return orr_expr_new (nodes, expr->n_nodes);
}

/* (transfer full): @expr with the free constants that may be one of the numbers offered set to it, as far as the rows agree. */
static OrrExpr *
take_offers (OrrExpr *expr, const OrrRegressOptions *options, OrrExprFitter *fitter, OrrExprFit *fit)
{
  const OrrExprFitEffort touch_up = { .n_starts = 0, .n_descents = 1, .n_iterations = 12 };

  for (guint i = 0; i < expr->n_nodes; i++)
    for (guint k = 0; k < options->n_offered; k++)
      {
        const OrrExprNode *node = &expr->nodes[i];
        double value = options->offered[k], reach = MAX (isfinite (node->standard_error) ? 2.5 * node->standard_error : 0.0, 1e-6 * fabs (value));
        OrrExprFit next;
        if (node->op != ORR_EXPR_OP_CONSTANT || node->locked || node->index > 0 || fabs (node->value - value) > reach)
          continue;
        g_autoptr (OrrExpr) number = orr_expr_new_leaf (ORR_EXPR_OP_NUMBER, 0, value);
        g_autoptr (OrrExpr) locked = orr_expr_set_locked (number, 0, TRUE, TRUE);
        g_autoptr (OrrExpr) replaced = orr_expr_replace (expr, i, locked);
        double freedom = MAX ((double) orr_expr_fitter_n_rows (fitter) - fit->n_constants, 1.0);
        if (!orr_expr_fitter_run (fitter, replaced, &touch_up, TRUE, &next)
            || next.sse - fit->sse > log (MAX (orr_expr_fitter_n_rows (fitter), 3)) * fit->sse / freedom + 1e-20 * orr_expr_fitter_sst (fitter))
          continue;
        *fit = next;
        orr_expr_unref (expr);
        expr = orr_expr_set_constants (replaced, next.constants, next.standard_errors);
        break;
      }
  return expr;
}

/*
 * A candidate in the table's own units, its constants fitted to many rows (from
 * the present ones alone when @hurried) and, when it is @likely to be chosen,
 * tidied; NULL when that fails.
 */
static OrrLaw *
finish (const OrrProspect *candidate, const OrrProblem *problem, const OrrTemplate *template, const OrrSamples *samples,
        const OrrRegressOptions *options, gboolean likely, gboolean hurried, OrrExprFitter *fitter)
{
  gboolean thorough = likely && !hurried;
  g_autoptr (OrrExpr) own = orr_problem_leave (problem, candidate->expr);
  const OrrExprFitEffort effort = { .n_starts = thorough ? 24 : 0, .n_descents = thorough ? 2 : 1, .n_iterations = 40 };
  OrrExprFit fit;

  if (!orr_expr_fitter_run (fitter, own, &effort, TRUE, &fit))
    return NULL;
  if (fit.strain > ORR_EXPR_FIT_STRAINED)
    {
      /* A scale that was set free may do what other constants do. */
      OrrExprFit without;
      g_autoptr (OrrExpr) exact = orr_problem_leave_exactly (problem, candidate->expr);
      if (orr_expr_fitter_run (fitter, exact, &effort, TRUE, &without) && without.strain <= ORR_EXPR_FIT_STRAINED
          && without.sse <= 1.01 * fit.sse + 1e-20 * orr_expr_fitter_sst (fitter))
        {
          fit = without;
          orr_expr_unref (own);
          own = g_steal_pointer (&exact);
        }
    }
  if (options->n_offered > 0)
    {
      OrrExpr *fitted = orr_expr_set_constants (own, fit.constants, fit.standard_errors);
      orr_expr_unref (own);
      own = take_offers (fitted, options, fitter, &fit);
    }
  OrrExprFit plain_fit = fit;
  g_autoptr (OrrExpr) tidy = likely ? orr_expr_fitter_tidy (fitter, own, &fit)
                                    : orr_expr_set_constants (own, fit.constants, fit.standard_errors);
  /* Tidying may write x*x as x^2, or drop 0*x; not where that is forbidden, or x required. */
  if (!is_allowed (tidy, options->forbidden, options->required))
    {
      fit = plain_fit;
      orr_expr_unref (tidy);
      tidy = orr_expr_set_constants (own, fit.constants, fit.standard_errors);
    }
  double r2 = r2_of (tidy, samples, options->n_threads);
  if (isnan (r2))
    return NULL;

  OrrLaw *law = g_new0 (OrrLaw, 1);
  /* Held-out rows judged the structure, with constants from the others. */
  law->r2_held_out = problem->held_out.n > 0 ? 1.0 - candidate->error : NAN;
  if (1.0 - r2 < 1e-12)
    law->r2_held_out = problem->held_out.n > 0 ? r2 : NAN;
  law->r2 = r2;
  law->fit = fit;
  law->complexity = orr_template_complexity (template, tidy);
  law->expr = unlock_offered (tidy, options);
  law->score = score_law (law, orr_expr_fitter_n_rows (fitter), options->length_penalty);
  return law;
}

static int
compare_laws (gconstpointer a, gconstpointer b)
{
  const OrrLaw *p = *(const OrrLaw *const *) a, *q = *(const OrrLaw *const *) b;

  if (p->complexity != q->complexity)
    return p->complexity < q->complexity ? -1 : 1;
  return p->r2 > q->r2 ? -1 : p->r2 < q->r2;
}

/* Keeps every law that fits better than all simpler ones. */
static void
keep_front (GPtrArray *laws)
{
  double best = -INFINITY;

  g_ptr_array_sort (laws, compare_laws);
  for (guint i = 0; i < laws->len;)
    {
      const OrrLaw *law = g_ptr_array_index (laws, i);
      if (law->r2 <= best + 1e-14)
        g_ptr_array_remove_index (laws, i);
      else
        {
          best = law->r2;
          i++;
        }
    }
}

static double
first_score (const OrrProspect *candidate, gsize n)
{
  return n * log (MAX (candidate->error, EXACT)) + candidate->complexity * log (MAX (n, 3))
         + correction (candidate->fit.n_constants, candidate->complexity, n);
}

/* Whether fewer than @n_likely others score better. */
static gboolean
is_likely (const GPtrArray *candidates, guint i, gsize n, guint n_likely)
{
  double own = first_score (g_ptr_array_index (candidates, i), n);
  guint n_better = 0;

  for (guint k = 0; k < candidates->len; k++)
    n_better += first_score (g_ptr_array_index (candidates, k), n) < own;
  return n_better < n_likely;
}

static OrrRegression *
conclude (OrrSearch *search, const OrrProblem *problem, const OrrTemplate *template, const OrrSamples *samples, const OrrRegressOptions *options,
          gboolean hurried, GError **error)
{
  g_autoptr (GPtrArray) candidates = orr_search_prospects (search);
  g_autofree double *memory = NULL;
  OrrSamples rows = thin_out (samples, &memory);
  g_autoptr (OrrExprFitter) fitter = orr_expr_fitter_new (&rows);
  g_autoptr (GPtrArray) laws = g_ptr_array_new_with_free_func ((GDestroyNotify) law_free);

  for (guint i = 0; i < candidates->len; i++)
    {
      OrrLaw *law = finish (g_ptr_array_index (candidates, i), problem, template, samples, options,
                            is_likely (candidates, i, rows.n, hurried ? N_TIDY_HURRIED : N_TIDY), hurried, fitter);
      if (law != NULL)
        g_ptr_array_add (laws, law);
    }
  keep_front (laws);
  if (laws->len == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "No expression of this kind is defined on every row of the table");
      return NULL;
    }

  OrrRegression *result = g_atomic_rc_box_new0 (OrrRegression);
  for (guint i = 1; i < laws->len; i++)
    if (((const OrrLaw *) g_ptr_array_index (laws, i))->score < ((const OrrLaw *) g_ptr_array_index (laws, result->best))->score)
      result->best = i;
  result->laws = g_steal_pointer (&laws);
  result->n_tried = orr_search_n_tried (search);
  return result;
}

/* Whether sums of squares of y stay within the numbers that there are. */
static gboolean
can_be_squared (const OrrSamples *samples)
{
  double largest = 0.0;

  for (gsize i = 0; i < samples->n; i++)
    largest = MAX (largest, fabs (samples->y[i]));
  return largest < 1e140 && (largest > 1e-140 || largest == 0.0);
}

static gboolean
check_input (const OrrSamples *samples, const OrrRegressOptions *options, GError **error)
{
  if (samples->n < 3)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The table needs at least three rows with numbers in every column");
  else if (samples->n_variables == 0)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The table needs at least one column beside the target");
  else if (samples->n_variables > 64)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The table has more than 64 columns beside the target: choose some of them as inputs");
  else if (options->expression != NULL && orr_expr_n_variables (options->expression) > samples->n_variables)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The expression uses x_%u, but the table has %u columns beside the target",
                 orr_expr_n_variables (options->expression), samples->n_variables);
  else if (!can_be_squared (samples))
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                         "The target's values are too large or too small to be squared: give them in another unit");
  else
    {
      for (gsize i = 0; i < samples->n; i++)
        if (samples->y[i] != samples->y[0])
          return TRUE;
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The target is the same in every row: there is nothing to explain");
    }
  return FALSE;
}

static guint64
permute_required (const OrrProblem *problem, guint64 required)
{
  guint64 result = 0;

  for (guint v = 0; v < problem->n_variables; v++)
    if (required >> problem->order[v] & 1)
      result |= G_GUINT64_CONSTANT (1) << v;
  return result;
}

/**
 * orr_regress_prepare:
 * @problem: (out) (transfer full): the table as the agent sees it
 * @template: (out) (transfer full): what may be proposed for it
 *
 * What orr_regress() begins with.
 *
 * Returns: %FALSE when the table or the options make no sense
 */
gboolean
orr_regress_prepare (const OrrSamples *samples, const OrrRegressOptions *options, OrrProblem **problem,
                     OrrTemplate **template, GError **error)
{
  if (!check_input (samples, options, error))
    return FALSE;
  gboolean anything = options->expression == NULL || options->expression->nodes[0].op == ORR_EXPR_OP_PLACEHOLDER;
  g_autoptr (OrrProblem) own = orr_problem_new (samples, options->required,
                                                   anything && options->forbidden == 0 && options->n_offered == 0);
  g_autoptr (OrrExpr) entered = options->expression != NULL ? orr_problem_enter (own, options->expression) : NULL;
  *template = orr_template_new_offering (entered, MIN (samples->n_variables, ORR_ACTIONS_VARIABLES), options->forbidden,
                                permute_required (own, options->required), options->offered, options->n_offered, error);
  if (*template == NULL)
    return FALSE;
  (*template)->length_penalty = options->length_penalty;
  *problem = g_steal_pointer (&own);
  return TRUE;
}

typedef struct
{
  const OrrRegressOptions *options;
  const OrrProblem        *problem;
} Watch;

static void
found_cb (OrrSearch *search, gpointer user_data)
{
  const Watch *watch = user_data;
  g_autoptr (GPtrArray) prospects = orr_search_prospects (search);
  g_autoptr (GPtrArray) exprs = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_expr_unref);

  for (guint i = 0; i < prospects->len; i++)
    g_ptr_array_add (exprs, orr_problem_leave (watch->problem, ((const OrrProspect *) prospects->pdata[i])->expr));
  watch->options->found (exprs, watch->options->found_data);
}

/**
 * orr_regress:
 * @agent: (nullable): proposes expressions; %NULL searches without
 * @samples: finite numbers
 *
 * Finds expressions that explain y: the agent's beam search, then an anytime
 * search that uses the agent as its prior. Of more than three columns the
 * three that tell most about y by themselves (and those required) are used.
 *
 * Returns: (transfer full) (nullable): the laws found, from simple to exact
 */
OrrRegression *
orr_regress (const OrrAgent *agent, const OrrSamples *samples, const OrrRegressOptions *options, OrrProgress *progress,
             GError **error)
{
  gint64 start = g_get_monotonic_time ();

  g_autoptr (OrrProblem) problem = NULL;
  g_autoptr (OrrTemplate) template = NULL;
  if (!orr_regress_prepare (samples, options, &problem, &template, error))
    return NULL;

  g_autoptr (OrrAgentContext) context = NULL;
  if (agent != NULL)
    context = orr_problem_look (problem, agent);
  g_autoptr (OrrSearch) search = orr_search_new (context, template, &problem->fitted, &problem->held_out);
  const OrrSearchOptions how = { options->beam, options->seconds, options->steps, options->cpu_time, MAX (options->n_threads, 1), options->seed };
  Watch watch = { options, problem };
  if (options->found != NULL)
    orr_search_watch (search, found_cb, &watch);
  if (options->start != NULL)
    {
      g_autoptr (OrrExpr) from = orr_problem_enter (problem, options->start);
      orr_search_begin_with (search, from);
    }
  if (!orr_search_run (search, &how, progress, error))
    return NULL;
  OrrRegression *result = conclude (search, problem, template, samples, options, orr_progress_is_cancelled (progress), error);
  if (result != NULL)
    result->seconds = (g_get_monotonic_time () - start) * 1e-6;
  return result;
}
