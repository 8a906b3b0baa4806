/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-search-private.h"

#include <math.h>
#include <string.h>

/*
 * Anytime search: a pool of good candidates is bred, generation by generation.
 * Tasks of a generation know the pool as it was before, and their random
 * numbers follow from seed, generation and task, so that the result is the same
 * for any number of threads.
 */
#define TASK_SIZE 12
/* One task in so many asks the agent. */
#define REGROW_EVERY 4
/* Microseconds between two reports of what was found. */
#define TELL_EVERY 300000
/* Generations that look for a simpler form once one fits exactly. */
#define N_AFTER 8
/* The agent sees another view of y, and what a law of the pool leaves of it, every so many generations. */
#define VIEW_EVERY 4

void
orr_prospect_free (OrrProspect *self)
{
  if (self == NULL)
    return;
  orr_expr_unref (self->expr);
  g_free (self);
}

static double
sum_of_squares (const OrrSamples *samples)
{
  double mean = 0.0, sum = 0.0;

  for (gsize i = 0; i < samples->n; i++)
    mean += samples->y[i] / samples->n;
  for (gsize i = 0; i < samples->n; i++)
    sum += (samples->y[i] - mean) * (samples->y[i] - mean);
  return sum;
}

/**
 * orr_search_new:
 * @context: (nullable): the agent's view of the data; %NULL searches without an agent
 * @template: what proposals look like
 * @fitted: rows that constants are fitted to
 * @held_out: rows that judge them; may be none
 *
 * All must outlive the search.
 */
OrrSearch *
orr_search_new (const OrrAgentContext *context, const OrrTemplate *template, const OrrSamples *fitted,
                const OrrSamples *held_out)
{
  OrrSearch *self = g_new0 (OrrSearch, 1);

  self->context = context;
  self->template = template;
  self->fitted = *fitted;
  self->held_out = *held_out;
  self->held_out_sst = held_out->n > 0 ? sum_of_squares (held_out) : 0.0;
  self->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint k = 0; k < ORR_SEARCH_N_TASKS; k++)
    {
      self->benches[k].fitter = orr_expr_fitter_new (&self->fitted);
      self->benches[k].normalizer = orr_expr_normalizer_new ();
    }
  return self;
}

void
orr_search_free (OrrSearch *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k < ORR_SEARCH_N_TASKS; k++)
    {
      orr_expr_fitter_free (self->benches[k].fitter);
      orr_expr_normalizer_free (self->benches[k].normalizer);
    }
  for (guint i = 0; i < self->n_pool; i++)
    orr_individual_free (self->pool[i]);
  for (guint c = 0; c <= ORR_SEARCH_MAX_COMPLEXITY; c++)
    g_clear_pointer (&self->front[c], orr_individual_free);
  g_clear_pointer (&self->beam, g_array_unref);
  g_clear_pointer (&self->beam_errors, g_free);
  g_clear_pointer (&self->sums, orr_seed_sums_free);
  g_clear_pointer (&self->phases, orr_seed_phases_free);
  g_clear_pointer (&self->shapes, g_array_unref);
  g_hash_table_unref (self->seen);
  g_free (self);
}

guint64
orr_search_n_tried (const OrrSearch *self)
{
  return self->n_tried;
}

static gboolean
breed (const OrrSearch *self, OrrDice *dice, OrrFilling *out)
{
  const OrrTemplate *template = self->template;

  if (self->n_pool == 0 || orr_dice_chance (dice, 0.03))
    {
      for (guint h = 0; h < template->n_holes; h++)
        {
          OrrSprout fresh = { .n = 0 };
          if (!orr_sprout_grow (dice, template->legal, orr_dice_below (dice, 6), &fresh))
            return FALSE;
          orr_filling_set_hole (out, h, &fresh);
        }
      return TRUE;
    }

  const OrrIndividual *parent = orr_search_choose_parent (self, dice);
  guint hole = orr_dice_below (dice, template->n_holes);
  OrrSprout sprout = orr_filling_hole (&parent->filling, hole);
  *out = parent->filling;
  if (orr_dice_chance (dice, 0.2))
    {
      OrrSprout other = orr_filling_hole (&orr_search_choose_parent (self, dice)->filling, hole);
      if (!orr_sprout_cross (&sprout, &other, dice, &sprout))
        return FALSE;
    }
  else
    do
      if (!orr_sprout_mutate (&sprout, dice, template->legal, &sprout))
        return FALSE;
    while (orr_dice_chance (dice, 0.35));
  orr_filling_set_hole (out, hole, &sprout);
  return TRUE;
}

static void
run_task (const OrrSearch *self, guint task, guint64 seed, guint64 generation, OrrIndividual **results)
{
  OrrSearchBench *bench = (OrrSearchBench *) &self->benches[task];
  guint64 stream = orr_random_substream (ORR_RANDOM_STREAM_SEARCH, 2 * (generation * ORR_SEARCH_N_TASKS + task));
  OrrDice dice = orr_dice (seed, stream);
  OrrFilling fillings[ORR_SEARCH_REGROW_SIZE] = { { { 0 } } };
  guint n = 0;

  if (self->context != NULL && self->n_pool > 0 && task % REGROW_EVERY == 0)
    n = orr_search_regrow (self, &dice, seed, stream + (1 << 8), fillings);
  else
    for (guint i = 0; i < TASK_SIZE; i++)
      n += breed (self, &dice, &fillings[n]);
  for (guint i = 0; i < n && !orr_progress_is_cancelled (self->progress); i++)
    results[i] = orr_search_try (self, bench, &fillings[i], FALSE);
}

static void
run_generation (OrrSearch *self, guint64 generation, const OrrSearchOptions *options)
{
  OrrIndividual *results[ORR_SEARCH_N_TASKS][ORR_SEARCH_REGROW_SIZE] = { { NULL } };

#pragma omp parallel for num_threads(options->n_threads) schedule(dynamic)
  for (guint task = 0; task < ORR_SEARCH_N_TASKS; task++)
    run_task (self, task, options->seed, generation, results[task]);
  for (guint task = 0; task < ORR_SEARCH_N_TASKS; task++)
    for (guint i = 0; i < ORR_SEARCH_REGROW_SIZE; i++)
      if (results[task][i] != NULL)
        orr_search_add (self, results[task][i]);
}

/**
 * orr_search_watch:
 * @found: (nullable): told of better expressions while the search runs
 */
void
orr_search_watch (OrrSearch *self, OrrSearchFound found, gpointer user_data)
{
  self->found = found;
  self->found_data = user_data;
}

static void
tell (OrrSearch *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->found == NULL || !self->changed || now - self->told < TELL_EVERY)
    return;
  self->told = now;
  self->changed = FALSE;
  self->found (self, self->found_data);
}

/**
 * orr_search_begin_with:
 * @expr: a complete tree that looks like the template
 *
 * Puts a tree that a person has into the pool, so that the search goes on from it.
 *
 * Returns: whether it could be read
 */
gboolean
orr_search_begin_with (OrrSearch *self, const OrrExpr *expr)
{
  OrrFilling filling = { { 0 } };
  OrrIndividual *individual;

  if (!orr_template_read (self->template, expr, &filling))
    return FALSE;
  individual = orr_search_try (self, &self->benches[0], &filling, TRUE);
  if (individual != NULL)
    orr_search_add (self, individual);
  return TRUE;
}

/**
 * orr_search_run:
 *
 * The agent's beam, the plainest fillings of a template, then generations until the time or the steps are over or
 * an expression fits exactly and no simpler one turns up soon. May be called
 * again to go on.
 *
 * Returns: %FALSE when cancelled before anything was found; what was found stays
 */
gboolean
orr_search_run (OrrSearch *self, const OrrSearchOptions *options, OrrProgress *progress, GError **error)
{
  double start = orr_search_clock (options);
  guint64 generation = 0;
  guint solved = 0;

  self->progress = progress;
  /* A prior of so many nats an action, against n/2 ln (error) nats of misfit. */
  self->node_penalty = 2.0 * self->template->length_penalty / (M_LN10 * MAX (self->fitted.n, 1));
  if (self->template->n_holes == 0)
    {
      /* Nothing to find but the constants. */
      OrrFilling nothing = { { 0 } };
      OrrIndividual *only = orr_search_judge (self, &self->benches[0], &nothing, TRUE, NULL);
      if (only != NULL)
        orr_search_add (self, only);
      return TRUE;
    }
  if (self->context != NULL && options->beam > 0)
    orr_search_ask_beam (self, options, start);
  if (orr_search_is_free (self->template) && (options->steps > 0 || orr_search_clock (options) - start < options->seconds)
      && !orr_search_is_solved (self))
    orr_search_plant_phases (self, options->n_threads);
  if (self->context != NULL && options->beam >= ORR_SEARCH_WIDE_BEAM && orr_search_is_free (self->template))
    orr_search_glance (self, options, start);
  if (!orr_search_is_free (self->template))
    orr_search_plant_simple (self);
  if (orr_search_is_free (self->template) && (options->steps > 0 || orr_search_clock (options) - start < options->seconds)
      && !orr_search_is_solved (self))
    orr_search_plant_chains (self);
  /* All at once when no search follows, or else a few in every generation. */
  while (orr_search_ask_beam_again (self, options, start) && options->steps == 0 && options->seconds <= 0.0)
    ;
  tell (self);
  for (; solved < N_AFTER; solved += orr_search_is_solved (self))
    {
      double seconds = orr_search_clock (options) - start;
      double done = options->steps > 0      ? (double) generation / options->steps
                    : options->seconds > 0 ? seconds / options->seconds
                                           : 1.0;
      if (done >= 1.0)
        break;
      if (!orr_progress_check (progress, self->n_pool == 0 ? error : NULL))
        return self->n_pool > 0;
      orr_progress_report (progress, done, "Searching");
      if (generation == 0 && orr_search_is_free (self->template))
        orr_search_plant_seeds (self);
      if (orr_search_is_free (self->template))
        orr_search_plant_shapes (self, options->n_threads);
      if (orr_search_is_free (self->template) && self->next_sums <= ORR_N_VIEWS)
        orr_search_plant_sums (self);
      if (orr_search_is_free (self->template) && !orr_search_is_solved (self) && generation % VIEW_EVERY == 0)
        orr_search_plant_phases (self, options->n_threads);
      if (orr_search_is_free (self->template) && self->n_pool > 0 && generation % VIEW_EVERY == 1)
        orr_search_plant_rest_phases (self, options->n_threads);
      orr_search_ask_beam_again (self, options, start);
      if (self->context != NULL && orr_search_is_free (self->template) && generation % VIEW_EVERY == 1)
        orr_search_ask_view (self, &self->next_view, ORR_SEARCH_VIEW_BEAM, options->n_threads);
      if (self->context != NULL && orr_search_is_free (self->template) && self->n_pool > 0 && generation % VIEW_EVERY == 3)
        orr_search_ask_rest (self, options->seed, generation, options->n_threads);
      run_generation (self, generation++, options);
      tell (self);
    }
  return TRUE;
}

/**
 * orr_search_prospects:
 *
 * Returns: (transfer full) (element-type OrrProspect): the Pareto front:
 * every one fits better than all simpler ones; the simplest first
 */
GPtrArray *
orr_search_prospects (const OrrSearch *self)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_prospect_free);
  double best = INFINITY;

  for (guint c = 0; c <= ORR_SEARCH_MAX_COMPLEXITY; c++)
    if (self->front[c] != NULL && self->front[c]->candidate.error < best)
      {
        OrrProspect *copy = g_memdup2 (&self->front[c]->candidate, sizeof (OrrProspect));
        copy->expr = orr_expr_ref (copy->expr);
        best = copy->error;
        g_ptr_array_add (candidates, copy);
      }
  return candidates;
}
