/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expected.h"

#include <math.h>
#include <string.h>

#include "orr-adamw.h"
#include "orr-agent-pass.h"
#include "orr-layers.h"
#include "orr-matrix.h"
#include "orr-random.h"
#include "orr-agent-outcome.h"

/* Gradients are summed over this many shards in a fixed order, whatever the number of threads. */
#define N_SHARDS 4
/* Over the outcomes of actions that the agent followed to their end. */
#define N_EPOCHS 8
#define MINI_BATCH 128
/* Examples of the head are not those the body was trained on. */
#define FIRST_EXAMPLE (G_GUINT64_CONSTANT (1) << 40)

/* The head's own parameters, apart from the body's, so that the optimiser leaves the body alone. */
typedef struct
{
  OrrAgentPass  *pass;
  OrrAgentBatch *batch;
  OrrGenerator  *generator;
  gpointer       scratch;
  float         *gradient; /* in the agent's layout, from the head's first part on */
  float         *work;
  double         loss;
  guint          n;
} Shard;

typedef struct
{
  const OrrExpectedTraining *options;
  OrrAgent                  *agent;
  OrrParams                 *head; /* a view of the agent's last parts, to be stepped */
  OrrAdamW                  *adam;
  Shard                      shards[N_SHARDS];
} Trainer;

void
orr_expected_defaults (OrrExpectedTraining *options)
{
  *options = (OrrExpectedTraining){ .steps = 800, .examples = 32, .n_each = 8, .rollouts = 12000, .learning_rate = 2e-3,
                                    .width = 128, .objective = ORR_OBJECTIVE_CONSERVATIVE, .n_threads = 1 };
}

static gsize
head_offset (const OrrAgent *agent)
{
  return orr_params_part (agent->params, agent->first_part + ORR_AGENT_EXPECTED_W)->offset;
}

static void
shard_init (Shard *self, const OrrAgent *agent, const OrrExpectedTraining *options)
{
  const OrrGeneratorOptions data = { .seed = options->seed, .split = ORR_SPLIT_TRAINING, .min_points = 30,
                                     .max_points = 120, .noise = 0.05, .max_variables = ORR_ACTIONS_VARIABLES };
  guint rows = options->examples / N_SHARDS * options->n_each;

  self->pass = orr_agent_pass_new (agent, rows);
  self->batch = orr_agent_batch_new (agent, rows);
  self->generator = orr_generator_new (&data);
  self->scratch = agent->encoder->scratch_new ();
  self->gradient = orr_aligned_alloc0 (agent->params->size - head_offset (agent), sizeof (float));
  self->work = g_new (float, (gsize) MAX (rows * ORR_ACTIONS_MAX_LENGTH, MINI_BATCH) * (3 * agent->n_expected + ORR_N_ACTIONS));
}

static void
shard_clear (Shard *self, const OrrAgent *agent)
{
  orr_agent_pass_free (self->pass);
  orr_agent_batch_free (self->batch);
  orr_generator_free (self->generator);
  agent->encoder->scratch_free (self->scratch);
  orr_aligned_free (self->gradient);
  g_free (self->work);
}

static void
run_shard (Shard *self, const OrrAgent *agent, const OrrExpectedTraining *options, guint64 first)
{
  guint examples = options->examples / N_SHARDS, v = agent->n_expected, n_right = 0;
  gsize offset = head_offset (agent);
  float *weights = agent->params->values;

  memset (self->gradient, 0, (agent->params->size - offset) * sizeof (float));
  if (options->objective == ORR_OBJECTIVE_CONSERVATIVE)
    orr_agent_batch_fill_episodes (self->batch, agent, self->scratch, self->generator, first, examples, options->n_each);
  else
    orr_agent_batch_fill (self->batch, agent, self->scratch, self->generator, first, examples * options->n_each);
  OrrAgentSteps steps = orr_agent_pass_look (self->pass, agent, self->batch);
  float *before = self->work, *inner = before + (gsize) steps.n * v, *back = inner + (gsize) steps.n * v;
  float *values = back + (gsize) steps.n * v;

  orr_agent_expected_forward (agent, steps.features, steps.n, before, inner, values);
  self->loss = 0.0;
  self->n = steps.n;
  for (guint i = 0; i < steps.n; i++)
    self->loss += orr_objective_step (options->objective, values + (gsize) i * ORR_N_ACTIONS, steps.actions[i], steps.legal[i],
                                      steps.rewards[i], 1.0, &n_right);
#define G(part) (orr_agent_part (agent, self->gradient, ORR_AGENT_EXPECTED_##part) - offset)
  orr_linear_backward (inner, orr_agent_part (agent, weights, ORR_AGENT_EXPECTED_OUT), values, back, FALSE, G (OUT), G (C),
                       steps.n, v, ORR_N_ACTIONS);
  orr_silu_backward (before, back, back, (gsize) steps.n * v);
  orr_linear_backward (steps.features, orr_agent_part (agent, weights, ORR_AGENT_EXPECTED_W), back, NULL, FALSE, G (W), G (B),
                       steps.n, agent->n_head, v);
#undef G
}

/* Returns the mean loss of a step of an episode. */
static double
run_step (Trainer *self, guint step)
{
  const OrrExpectedTraining *options = self->options;
  guint examples = options->examples / N_SHARDS * (options->objective == ORR_OBJECTIVE_CONSERVATIVE ? 1 : options->n_each);
  gsize size = self->agent->params->size - head_offset (self->agent);
  double fraction = (double) step / options->steps, loss = 0.0;
  guint n = 0;

#pragma omp parallel for num_threads(MAX (options->n_threads, 1)) schedule(dynamic)
  for (guint s = 0; s < N_SHARDS; s++)
    run_shard (&self->shards[s], self->agent, options, FIRST_EXAMPLE + ((guint64) step * N_SHARDS + s) * examples);
  for (guint s = 0; s < N_SHARDS; s++)
    {
      n += self->shards[s].n;
      loss += self->shards[s].loss;
    }
  float *sum = self->shards[0].gradient, scale = 1.0f / n;
  for (gsize k = 0; k < size; k++)
    sum[k] = scale * ((sum[k] + self->shards[1].gradient[k]) + (self->shards[2].gradient[k] + self->shards[3].gradient[k]));
  double rate = options->learning_rate * MIN (1.0, (step + 1) / 50.0) * 0.5 * (1.0 + cos (G_PI * fraction));
  orr_adamw_step (self->adam, self->head, sum, rate);
  return loss / n;
}

/* Parts of the head by themselves, on the agent's own memory. */
static OrrParams *
view_head (OrrAgent *agent)
{
  OrrParams *view = orr_params_new ();
  gsize offset = head_offset (agent);

  for (guint i = ORR_AGENT_EXPECTED_W; i < ORR_AGENT_N_ALL_PARTS; i++)
    {
      OrrParamsPart part = *orr_params_part (agent->params, agent->first_part + i);
      part.name = g_strdup (part.name);
      part.offset -= offset;
      g_array_append_val (view->parts, part);
    }
  view->size = agent->params->size - offset;
  view->values = agent->params->values + offset;
  return view;
}

static void
free_view (OrrParams *view)
{
  view->values = NULL;
  orr_params_free (view);
}

/* One pass of the head over outcomes of the agent's own completions, in @order; each counts for the action it took. */
static void
run_epoch (Trainer *self, const GArray *outcomes, const float *features, const guint *order, guint n, double rate)
{
  const OrrAgent *agent = self->agent;
  Shard *shard = &self->shards[0];
  guint w = agent->n_head, v = agent->n_expected;
  gsize offset = head_offset (agent), size = agent->params->size - offset;
  g_autofree float *rows = g_new (float, (gsize) MINI_BATCH * w);
  float *before = shard->work, *inner = before + (gsize) MINI_BATCH * v, *back = inner + (gsize) MINI_BATCH * v;
  float *values = back + (gsize) MINI_BATCH * v, *weights = agent->params->values;

  for (guint first = 0; first < n; first += MINI_BATCH)
    {
      guint b = MIN (MINI_BATCH, n - first);

      for (guint i = 0; i < b; i++)
        memcpy (rows + (gsize) i * w, features + (gsize) order[first + i] * w, w * sizeof (float));
      orr_agent_expected_forward (agent, rows, b, before, inner, values);
      for (guint i = 0; i < b; i++)
        {
          const OrrAgentOutcome *outcome = &g_array_index (outcomes, OrrAgentOutcome, order[first + i]);
          float *row = values + (gsize) i * ORR_N_ACTIONS, q = row[outcome->action];
          memset (row, 0, ORR_N_ACTIONS * sizeof (float));
          row[outcome->action] = (1.0 / (1.0 + exp (-q)) - outcome->realised) / b;
        }
      memset (shard->gradient, 0, size * sizeof (float));
#define G(part) (orr_agent_part (agent, shard->gradient, ORR_AGENT_EXPECTED_##part) - offset)
      orr_linear_backward (inner, orr_agent_part (agent, weights, ORR_AGENT_EXPECTED_OUT), values, back, FALSE, G (OUT), G (C), b,
                           v, ORR_N_ACTIONS);
      orr_silu_backward (before, back, back, (gsize) b * v);
      orr_linear_backward (rows, orr_agent_part (agent, weights, ORR_AGENT_EXPECTED_W), back, NULL, FALSE, G (W), G (B), b, w, v);
#undef G
      orr_adamw_step (self->adam, self->head, shard->gradient, rate);
    }
}

/* The head's raw value of every outcome from @first on. */
static void
reread (const OrrAgent *agent, GArray *outcomes, const float *features, guint first)
{
  guint v = agent->n_expected;
  g_autofree float *work = g_new (float, 2 * v);
  float values[ORR_N_ACTIONS];

  for (guint i = first; i < outcomes->len; i++)
    {
      OrrAgentOutcome *outcome = &g_array_index (outcomes, OrrAgentOutcome, i);
      orr_agent_expected_forward (agent, features + (gsize) i * agent->n_head, 1, work, work + v, values);
      outcome->raw = values[outcome->action];
    }
}

/*
 * What rewards of changed demonstrations cannot tell: how well the agent itself
 * completes a tree. Actions followed to their end, on skeletons of the training
 * deck, refine the head; a quarter of them is kept back for the map that makes
 * its values true on average.
 */
static gboolean
learn_from_outcomes (Trainer *self, OrrProgress *progress, GError **error)
{
  const OrrExpectedTraining *options = self->options;
  guint n = options->rollouts, n_learn = n - n / 4;
  g_autofree float *features = g_new (float, (gsize) n * self->agent->n_head);
  g_autofree guint *order = g_new (guint, n_learn);
  double factor, addend;
  g_autoptr (GArray) outcomes = orr_agent_outcomes_make (self->agent, ORR_SPLIT_TRAINING, n, options->seed + 77,
                                                         options->n_threads, features, progress, error);

  if (outcomes == NULL)
    return FALSE;
  for (guint i = 0; i < n_learn; i++)
    order[i] = i;
  for (guint epoch = 0; epoch < N_EPOCHS; epoch++)
    {
      for (guint i = n_learn - 1; i > 0; i--)
        {
          guint k = orr_random_below (options->seed + epoch, ORR_RANDOM_STREAM_SHUFFLE, i, i + 1), swap = order[i];
          order[i] = order[k];
          order[k] = swap;
        }
      run_epoch (self, outcomes, features, order, n_learn, 0.25 * options->learning_rate * (N_EPOCHS - epoch) / N_EPOCHS);
    }
  reread (self->agent, outcomes, features, n_learn);
  g_array_remove_range (outcomes, 0, n_learn);
  orr_agent_outcomes_fit_map (outcomes, &factor, &addend);
  float *map = orr_agent_part (self->agent, self->agent->params->values, ORR_AGENT_EXPECTED_MAP);
  map[0] = factor;
  map[1] = addend;
  return TRUE;
}

/**
 * orr_expected_train:
 *
 * Trains the head that says what R2 to expect, on the body of @agent, which
 * stays as it is: by conservative Q-learning on rewards (demonstrations and
 * random changes of them, R2 after fitting the constants, each step worth the
 * best end that is known from it), then on actions that the agent itself
 * followed to their end, with a logistic map at last.
 *
 * Returns: (transfer full) (nullable): @agent with such a head; %NULL when cancelled
 */
OrrAgent *
orr_expected_train (const OrrAgent *agent, const OrrExpectedTraining *options, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrAgent) result = orr_agent_with_expected (agent, options->width, options->objective, options->seed);
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.5), second = orr_progress_new_part (progress, 0.5, 1.0);
  Trainer self = { .options = options, .agent = result };
  gboolean ok = TRUE;

  g_return_val_if_fail (options->examples % N_SHARDS == 0 && options->width > 0, NULL);
  self.head = view_head (result);
  self.adam = orr_adamw_new (self.head);
  self.adam->clip = 1.0f;
  for (guint s = 0; s < N_SHARDS; s++)
    shard_init (&self.shards[s], result, options);
  for (guint step = 0; ok && step < options->steps; step++)
    {
      double loss = run_step (&self, step);
      if (step % 10 == 0)
        {
          g_autofree char *text = g_strdup_printf ("loss %.4f", loss);
          orr_progress_report (first, (double) step / options->steps, text);
        }
      ok = orr_progress_check (first, error);
    }
  if (ok && options->objective == ORR_OBJECTIVE_CONSERVATIVE)
    ok = learn_from_outcomes (&self, second, error);
  for (guint s = 0; s < N_SHARDS; s++)
    shard_clear (&self.shards[s], result);
  orr_adamw_free (self.adam);
  free_view (self.head);
  return ok ? g_steal_pointer (&result) : NULL;
}
