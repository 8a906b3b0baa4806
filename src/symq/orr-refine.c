/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-refine.h"

#include <math.h>
#include <string.h>

#include "orr-adamw.h"
#include "orr-agent-pass.h"
#include "orr-beam.h"
#include "orr-matrix.h"
#include "orr-random.h"

/* Of the best reward: an episode that does worse teaches nothing (SCIENCE, part 4). */
#define THRESHOLD 0.6
/* The best expressions so far are shown again at every step. */
#define N_MEMORY 16
#define N_BENCHES 8
/* What the agent takes an offered number for. */
#define CONSTANT 0

typedef struct
{
  OrrFilling filling;
  guint64    hash;
  double     reward;
} Episode;

typedef struct
{
  const OrrRefineOptions *options;
  const OrrProblem       *problem;
  const OrrTemplate      *template;
  OrrAgent               *agent;
  OrrAgentPass           *pass;
  OrrAgentBatch          *batch;
  OrrAdamW               *adam;
  float                  *gradient;
  float                  *features;
  OrrExprFitter          *fitters[N_BENCHES];
  GHashTable             *rewards; /* of what has been tried, by hash */
  Episode                 memory[N_MEMORY];
  guint                   n_memory;
  double                  best;
} Refiner;

void
orr_refine_defaults (OrrRefineOptions *options)
{
  *options = (OrrRefineOptions){ .steps = 60, .episodes = 48, .learning_rate = 1e-4 };
}

static void
look_at_data (Refiner *self)
{
  const OrrSamples *rows = &self->problem->fitted;
  const OrrEncoder *encoder = self->agent->encoder;
  gpointer scratch = encoder->scratch_new ();

  encoder->features (scratch, rows->x, rows->stride, MIN (rows->n_variables, ORR_ACTIONS_VARIABLES), rows->y, rows->n,
                     self->features);
  encoder->scratch_free (scratch);
}

static void
refiner_init (Refiner *self, const OrrAgent *agent, const OrrProblem *problem, const OrrTemplate *template,
              const OrrRefineOptions *options)
{
  guint rows = options->episodes + N_MEMORY;

  *self = (Refiner){ .options = options, .problem = problem, .template = template };
  self->agent = orr_agent_copy (agent);
  self->pass = orr_agent_pass_new (self->agent, rows);
  self->batch = orr_agent_batch_new (self->agent, rows);
  self->batch->weights = g_new0 (float, rows * ORR_ACTIONS_MAX_LENGTH);
  self->adam = orr_adamw_new (self->agent->params);
  self->adam->clip = 1.0f;
  self->gradient = orr_aligned_alloc0 (self->agent->params->size, sizeof (float));
  self->features = g_new0 (float, self->agent->encoder->n_features);
  for (guint k = 0; k < N_BENCHES; k++)
    self->fitters[k] = orr_expr_fitter_new (&problem->fitted);
  self->rewards = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  look_at_data (self);
}

static void
refiner_clear (Refiner *self)
{
  orr_agent_unref (self->agent);
  orr_agent_pass_free (self->pass);
  orr_agent_batch_free (self->batch);
  orr_adamw_free (self->adam);
  orr_aligned_free (self->gradient);
  g_free (self->features);
  for (guint k = 0; k < N_BENCHES; k++)
    orr_expr_fitter_free (self->fitters[k]);
  g_hash_table_unref (self->rewards);
}

/* R2 after fitting the constants, clipped to [0, 1]; nothing for what leaves out a required variable. */
static double
reward_of (const Refiner *self, OrrExprFitter *fitter, const OrrFilling *filling)
{
  g_autoptr (OrrExpr) expr = orr_template_fill (self->template, filling);
  OrrExprFit fit;

  if (expr == NULL || !orr_template_accepts (self->template, expr)
      || !orr_expr_fitter_run (fitter, expr, &orr_expr_fit_quick, FALSE, &fit))
    return 0.0;
  return CLAMP (fit.r2, 0.0, 1.0);
}

/* Rewards of @n episodes; what was tried before is not fitted again. */
static void
judge (Refiner *self, Episode *episodes, guint n, guint n_threads)
{
  for (guint i = 0; i < n; i++)
    {
      const double *known = g_hash_table_lookup (self->rewards, &episodes[i].hash);
      episodes[i].reward = known != NULL ? *known : NAN;
    }
#pragma omp parallel for num_threads(n_threads) schedule(dynamic)
  for (guint k = 0; k < N_BENCHES; k++)
    for (guint i = k; i < n; i += N_BENCHES)
      if (isnan (episodes[i].reward))
        episodes[i].reward = reward_of (self, self->fitters[k], &episodes[i].filling);
  for (guint i = 0; i < n; i++)
    {
      self->best = MAX (self->best, episodes[i].reward);
      if (!g_hash_table_contains (self->rewards, &episodes[i].hash))
        g_hash_table_insert (self->rewards, g_memdup2 (&episodes[i].hash, sizeof (guint64)),
                             g_memdup2 (&episodes[i].reward, sizeof (double)));
    }
}

static void
remember (Refiner *self, const Episode *episode)
{
  guint at = self->n_memory;

  for (guint i = 0; i < self->n_memory; i++)
    if (self->memory[i].hash == episode->hash)
      return;
  while (at > 0 && self->memory[at - 1].reward < episode->reward)
    at--;
  if (at == N_MEMORY)
    return;
  self->n_memory = MIN (self->n_memory + 1, N_MEMORY);
  memmove (self->memory + at + 1, self->memory + at, (self->n_memory - at - 1) * sizeof (Episode));
  self->memory[at] = *episode;
}

/* The whole tree's actions; those that were given count nothing, for there was no choice. */
static guint
write_actions (const Refiner *self, const Episode *episode, float weight, guint8 *actions, float *weights)
{
  const OrrTemplate *template = self->template;
  guint n = 0, hole = 0;

  for (guint i = 0; i < template->n_actions && n < ORR_ACTIONS_MAX_LENGTH; i++)
    {
      if (template->actions[i] != ORR_ACTION_HOLE)
        {
          actions[n] = template->actions[i];
          weights[n++] = 0.0f;
          continue;
        }
      for (guint k = 0; k < episode->filling.n[hole] && n < ORR_ACTIONS_MAX_LENGTH; k++)
        {
          OrrAction action = episode->filling.actions[hole][k];
          actions[n] = action >= ORR_ACTIONS_FIRST_OFFERED ? CONSTANT : action;
          weights[n++] = weight;
        }
      hole++;
    }
  return n;
}

/* Episodes that beat the threshold, each weighted by how far, as a batch sorted by length. Returns the sum of the weights. */
static double
fill_batch (Refiner *self, const Episode *episodes, guint n)
{
  OrrAgentBatch *batch = self->batch;
  guint8 actions[ORR_ACTIONS_MAX_LENGTH];
  float weights[ORR_ACTIONS_MAX_LENGTH];
  double total = 0.0;

  batch->b = 0;
  for (guint i = 0; i < n + self->n_memory; i++)
    {
      const Episode *episode = i < n ? &episodes[i] : &self->memory[i - n];
      double weight = episode->reward - THRESHOLD * self->best;
      if (!(weight > 0.0))
        continue;
      guint length = write_actions (self, episode, weight, actions, weights), row = batch->b++;
      for (; row > 0 && batch->lengths[row - 1] < length; row--)
        {
          batch->lengths[row] = batch->lengths[row - 1];
          memcpy (batch->actions + row * ORR_ACTIONS_MAX_LENGTH, batch->actions + (row - 1) * ORR_ACTIONS_MAX_LENGTH,
                  ORR_ACTIONS_MAX_LENGTH);
          memcpy (batch->weights + row * ORR_ACTIONS_MAX_LENGTH, batch->weights + (row - 1) * ORR_ACTIONS_MAX_LENGTH,
                  sizeof weights);
        }
      batch->lengths[row] = length;
      memcpy (batch->actions + row * ORR_ACTIONS_MAX_LENGTH, actions, length);
      memcpy (batch->weights + row * ORR_ACTIONS_MAX_LENGTH, weights, length * sizeof (float));
      for (guint t = 0; t < length; t++)
        total += weights[t];
    }
  for (guint row = 0; row < batch->b; row++)
    {
      batch->legal[row] = self->template->legal | (self->template->n_offered > 0 ? 1 << CONSTANT : 0);
      memcpy (batch->features + (gsize) row * self->agent->encoder->n_features, self->features,
              self->agent->encoder->n_features * sizeof (float));
    }
  return total;
}

/* The agent tries, its constants are fitted, and it is made more likely to do again what went well. Returns the mean reward. */
static double
run_step (Refiner *self, guint step, const OrrRegressOptions *question)
{
  g_autoptr (OrrAgentContext) context = orr_problem_look (self->problem, self->agent);
  guint64 stream = orr_random_substream (ORR_RANDOM_STREAM_SEARCH, step);
  g_autoptr (GArray) proposals = orr_beam_sample (context, self->template, self->options->episodes, 1.0, question->seed, stream);
  g_autofree Episode *episodes = g_new0 (Episode, proposals->len);
  guint n = proposals->len, n_steps = 0, n_right = 0;
  double mean = 0.0;

  for (guint i = 0; i < n; i++)
    {
      episodes[i].filling = g_array_index (proposals, OrrProposal, i).filling;
      episodes[i].hash = orr_filling_hash (&episodes[i].filling, self->template->n_holes);
    }
  judge (self, episodes, n, MAX (question->n_threads, 1));
  for (guint i = 0; i < n; i++)
    mean += episodes[i].reward / n;
  double total = fill_batch (self, episodes, n);
  for (guint i = 0; i < n; i++)
    if (episodes[i].reward > 0.0)
      remember (self, &episodes[i]);
  if (total > 0.0)
    {
      memset (self->gradient, 0, self->agent->params->size * sizeof (float));
      orr_agent_pass_run (self->pass, self->agent, self->batch, 1.0 / total, self->gradient, &n_steps, &n_right);
      orr_adamw_step (self->adam, self->agent->params, self->gradient, self->options->learning_rate);
    }
  return mean;
}

/**
 * orr_agent_refine:
 * @question: as for orr_regress(); its beam, seconds and steps do not matter here
 * @refinement: (out) (optional): what it did
 *
 * Few-shot refinement on one problem (SCIENCE, part 4): the agent tries
 * expressions, sees their R2, and every step of an episode is made more likely
 * with the weight max (0, reward - 0.6 best reward). What a person locked,
 * forbade or required holds here too. The answer depends on the seed, not on
 * the number of threads.
 *
 * Returns: (transfer full) (nullable): an agent that knows this problem better
 * than @agent, which stays as it is; %NULL when cancelled or when there is nothing to refine for
 */
OrrAgent *
orr_agent_refine (const OrrAgent *agent, const OrrSamples *samples, const OrrRegressOptions *question,
                  const OrrRefineOptions *options, OrrRefinement *refinement, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrProblem) problem = NULL;
  g_autoptr (OrrTemplate) template = NULL;
  guint share = MAX (options->steps / 10, 1);
  OrrRefinement own = { 0 };
  Refiner self;
  OrrAgent *result = NULL;

  g_return_val_if_fail (options->steps > 0 && options->episodes > 0, NULL);
  if (refinement != NULL)
    *refinement = own;
  if (!orr_regress_prepare (samples, question, &problem, &template, error))
    return NULL;
  if (template->n_holes == 0)
    return orr_agent_copy (agent);
  refiner_init (&self, agent, problem, template, options);
  while (own.steps < options->steps && orr_progress_check (progress, error))
    {
      double reward = run_step (&self, own.steps, question);

      if (own.steps < share)
        own.first_reward += reward / share;
      if (own.steps >= options->steps - share)
        own.last_reward += reward / share;
      own.steps++;
      g_autofree char *text = g_strdup_printf ("mean R2 of what it tries %.3f, best %.6f", reward, self.best);
      orr_progress_report (progress, (double) own.steps / options->steps, text);
    }
  own.n_tried = g_hash_table_size (self.rewards);
  own.best_reward = self.best;
  if (own.steps == options->steps)
    result = orr_agent_ref (self.agent);
  refiner_clear (&self);
  if (refinement != NULL)
    *refinement = own;
  return result;
}
