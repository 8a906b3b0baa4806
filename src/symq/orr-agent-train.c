/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-agent-train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "orr-adamw.h"
#include "orr-agent-pass.h"
#include "orr-error.h"
#include "orr-matrix.h"
#include "orr-ranks.h"

/* Gradients are summed over this many shards in a fixed order, whatever the number of threads. */
#define N_SHARDS 4
/* Learning from rewards: the demonstration and three changes of it on every table. */
#define N_EACH 4
#define WARM_UP 500
#define CHECKPOINT_SECONDS 240.0
#define N_VALIDATION 2048

typedef struct
{
  OrrAgentPass  *pass;
  OrrAgentBatch *batch;
  OrrGenerator  *generator;
  gpointer       scratch;
  float         *gradient;
  double         loss;
  guint          n_steps;
  guint          n_right;
} Shard;

typedef struct
{
  const OrrAgentTraining *options;
  OrrAgent               *agent;
  OrrAdamW               *adam;
  Shard                   shards[N_SHARDS];
  guint64                 step;
  guint64                 seed;
  double                  seconds; /* of earlier runs */
  double                  loss, weight, right; /* running sums since the last report */
} Trainer;

static const OrrGeneratorOptions training_data = {
  .split = ORR_SPLIT_TRAINING, .min_points = 20, .max_points = 144, .noise = 0.05, .max_variables = ORR_ACTIONS_VARIABLES,
};

void
orr_agent_training_defaults (OrrAgentTraining *options)
{
  *options = (OrrAgentTraining){ .hours = 1.0, .n_threads = 1, .batch = 256, .learning_rate = 1e-3,
                                 .encoder = "dictionary", .n_embedding = 256, .n_hidden = 256, .n_head = 256 };
}

static void
shard_init (Shard *self, const OrrAgent *agent, guint rows, const OrrGeneratorOptions *data)
{
  self->pass = orr_agent_pass_new (agent, rows);
  self->batch = orr_agent_batch_new (agent, rows);
  self->generator = orr_generator_new (data);
  self->scratch = agent->encoder->scratch_new ();
  self->gradient = orr_aligned_alloc0 (agent->params->size, sizeof (float));
}

static void
shard_clear (Shard *self, const OrrAgent *agent)
{
  orr_agent_pass_free (self->pass);
  orr_agent_batch_free (self->batch);
  orr_generator_free (self->generator);
  agent->encoder->scratch_free (self->scratch);
  orr_aligned_free (self->gradient);
}

static void
run_shard (Shard *self, const OrrAgent *agent, double contrastive, guint64 first, guint rows)
{
  guint each = MIN (N_EACH, rows);

  memset (self->gradient, 0, agent->params->size * sizeof (float));
  self->n_steps = self->n_right = 0;
  self->batch->contrastive = contrastive;
  if (agent->objective == ORR_OBJECTIVE_CONSERVATIVE)
    orr_agent_batch_fill_episodes (self->batch, agent, self->scratch, self->generator, first, rows / each, each);
  else if (contrastive > 0.0)
    orr_agent_batch_fill_pairs (self->batch, agent, self->scratch, self->generator, first, rows);
  else
    orr_agent_batch_fill (self->batch, agent, self->scratch, self->generator, first, rows);
  self->loss = orr_agent_pass_run (self->pass, agent, self->batch, 1.0, self->gradient, &self->n_steps, &self->n_right);
}

/* Each rank computes its share of the shards, and all take the same step. */
static guint
shards_each (void)
{
  return N_SHARDS / orr_ranks_count ();
}

static guint
first_shard (void)
{
  return orr_ranks_index () * shards_each ();
}

/* Own shards in pairs, then over the ranks: (0 + 1) + (2 + 3), on one rank and on two to the last bit. */
static void
add_gradients (Trainer *self)
{
  gsize size = self->agent->params->size;
  guint first = first_shard (), n = shards_each ();
  double sums[3] = { 0.0 };
  float *sum = self->shards[first].gradient;

  for (guint s = first; s < first + n; s++)
    {
      sums[0] += self->shards[s].n_steps;
      sums[1] += self->shards[s].loss;
      sums[2] += self->shards[s].n_right;
    }
  if (n == N_SHARDS)
    for (gsize k = 0; k < size; k++)
      sum[k] = (sum[k] + self->shards[1].gradient[k]) + (self->shards[2].gradient[k] + self->shards[3].gradient[k]);
  else if (n == 2)
    for (gsize k = 0; k < size; k++)
      sum[k] += self->shards[first + 1].gradient[k];
  orr_ranks_add (sum, size);
  orr_ranks_add_doubles (sums, 3);

  float scale = 1.0f / (guint) sums[0];
  for (gsize k = 0; k < size; k++)
    sum[k] *= scale;
  self->loss += sums[1];
  self->right += sums[2];
  self->weight += sums[0];
}

/* A step that is interrupted is not taken, unless other processes wait for this one's share of it. */
static void
run_step (Trainer *self, double learning_rate, OrrProgress *progress)
{
  guint rows = self->options->batch / N_SHARDS, own = first_shard (), n = shards_each ();
  guint64 first = self->step * self->options->batch;
  gboolean alone = orr_ranks_count () == 1;

#pragma omp parallel for num_threads(self->options->n_threads) schedule(dynamic)
  for (guint s = own; s < own + n; s++)
    if (!alone || !orr_progress_is_cancelled (progress))
      run_shard (&self->shards[s], self->agent, self->options->contrastive, first + s * rows, rows);
  if (alone && orr_progress_is_cancelled (progress))
    return;
  add_gradients (self);
  orr_adamw_step (self->adam, self->agent->params, self->shards[own].gradient, learning_rate);
  self->step++;
}

/**
 * orr_agent_score:
 * @n: examples
 * @wide_only: points in [-10, 10] only
 *
 * Returns: how well @agent predicts the actions of skeletons it was never trained on
 */
OrrAgentScore
orr_agent_score (const OrrAgent *agent, guint n, gboolean wide_only, guint64 seed)
{
  OrrGeneratorOptions data = training_data;
  Shard shard = { NULL };
  double loss = 0.0;
  guint n_steps = 0, n_right = 0;

  data.split = ORR_SPLIT_HELD_OUT;
  data.noise = 0.0;
  data.seed = seed;
  data.wide_only = wide_only;
  shard_init (&shard, agent, 64, &data);
  for (guint first = 0; first < n; first += 64)
    {
      orr_agent_batch_fill (shard.batch, agent, shard.scratch, shard.generator, first, MIN (64, n - first));
      loss += orr_agent_pass_run (shard.pass, agent, shard.batch, 1.0, NULL, &n_steps, &n_right);
    }
  shard_clear (&shard, agent);
  return (OrrAgentScore){ loss / n_steps, (double) n_right / n_steps };
}

/* --- State between runs: the weights as parts, then the moments, as one more set of weights. --- */

static char *
state_path (const OrrAgentTraining *options, const char *what)
{
  return g_strdup_printf ("%s.%s", options->path, what);
}

static gboolean
read_header (const char *path, guint64 *step, double *seconds, guint64 *seed, GError **error)
{
  g_autofree char *header = orr_params_read_header (path, error);

  if (header == NULL)
    return FALSE;
  if (sscanf (header, "training step=%" G_GUINT64_FORMAT " seconds=%lf seed=%" G_GUINT64_FORMAT, step, seconds, seed) == 3)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s does not hold the state of a training", path);
  return FALSE;
}

/**
 * orr_agent_training_read_seed:
 * @path: where the weights of a training go
 * @seed: (out): the one it was begun with
 */
gboolean
orr_agent_training_read_seed (const char *path, guint64 *seed, GError **error)
{
  g_autofree char *state = g_strdup_printf ("%s.state", path);
  guint64 step;
  double seconds;

  return read_header (state, &step, &seconds, seed, error);
}

static OrrParams *
moments (Trainer *self)
{
  OrrParams *params = orr_params_new ();

  orr_params_add (params, "m", 1, self->adam->size);
  orr_params_add (params, "v", 1, self->adam->size);
  orr_params_allocate (params);
  return params;
}

static gboolean
save (Trainer *self, double seconds, GError **error)
{
  g_autofree char *weights = state_path (self->options, "weights"), *state = state_path (self->options, "state");
  g_autofree char *header = g_strdup_printf ("training step=%" G_GUINT64_FORMAT " seconds=%.3f seed=%" G_GUINT64_FORMAT,
                                             self->step, seconds, self->seed);
  g_autoptr (OrrParams) both = moments (self);

  memcpy (orr_params_at (both, both->values, 0), self->adam->m, self->adam->size * sizeof (float));
  memcpy (orr_params_at (both, both->values, 1), self->adam->v, self->adam->size * sizeof (float));
  return orr_agent_save (self->agent, weights, FALSE, error) && orr_params_save (both, state, header, FALSE, error)
         && orr_agent_save (self->agent, self->options->path, TRUE, error);
}

static gboolean
load (Trainer *self, GError **error)
{
  g_autofree char *weights = state_path (self->options, "weights"), *state = state_path (self->options, "state");

  if (!read_header (state, &self->step, &self->seconds, &self->seed, error))
    return FALSE;
  self->agent = orr_agent_load (weights, error);
  if (self->agent == NULL)
    return FALSE;
  self->adam = orr_adamw_new (self->agent->params);
  g_autoptr (OrrParams) both = moments (self);
  if (!orr_params_load (both, state, error))
    return FALSE;
  memcpy (self->adam->m, orr_params_at (both, both->values, 0), self->adam->size * sizeof (float));
  memcpy (self->adam->v, orr_params_at (both, both->values, 1), self->adam->size * sizeof (float));
  self->adam->step = self->step;
  return TRUE;
}

static void
report (Trainer *self, double seconds, double learning_rate, OrrAgentScore *validation)
{
  g_autofree char *path = state_path (self->options, "curve");
  FILE *file = fopen (path, "a");

  *validation = orr_agent_score (self->agent, N_VALIDATION, FALSE, 1);
  OrrAgentScore wide = orr_agent_score (self->agent, N_VALIDATION, TRUE, 2);
  if (file != NULL)
    {
      fprintf (file,
               "{\"step\": %" G_GUINT64_FORMAT ", \"examples\": %" G_GUINT64_FORMAT ", \"seconds\": %.1f, "
               "\"learning_rate\": %.3g, \"training_cross_entropy\": %.4f, \"training_accuracy\": %.4f, "
               "\"validation_cross_entropy\": %.4f, \"validation_accuracy\": %.4f, \"wide_accuracy\": %.4f}\n",
               self->step, self->step * self->options->batch, seconds, learning_rate, self->loss / self->weight,
               self->right / self->weight, validation->cross_entropy, validation->accuracy, wide.accuracy);
      fclose (file);
    }
  self->loss = self->weight = self->right = 0.0;
}

static double
fraction_done (const Trainer *self, double seconds)
{
  const OrrAgentTraining *options = self->options;
  return options->steps > 0 ? (double) self->step / options->steps : seconds / (3600.0 * options->hours);
}

static double
rate_at (const Trainer *self, double fraction)
{
  double warm = MIN (1.0, (self->step + 1.0) / WARM_UP);
  double cosine = 0.5 * (1.0 + cos (G_PI * MIN (fraction, 1.0)));
  return self->options->learning_rate * warm * (0.02 + 0.98 * cosine);
}

static gboolean
loop (Trainer *self, OrrAgentTrained *result, OrrProgress *progress, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  double checkpoint = 0.0;
  gboolean ok = TRUE, stopped = FALSE;

  while (ok)
    {
      double run = (g_get_monotonic_time () - start) * 1e-6, seconds = self->seconds + run;
      double agreed[2] = { fraction_done (self, seconds), stopped };

      orr_ranks_agree (agreed, 2);
      double fraction = agreed[0], learning_rate = rate_at (self, fraction);
      gboolean done = fraction >= 1.0 || agreed[1] > 0.0;

      if (orr_ranks_index () == 0 && agreed[1] > 0.0)
        /* Who interrupts waits: no look at the held-out skeletons now. */
        ok = save (self, seconds, error);
      else if (orr_ranks_index () == 0 && self->weight > 0.0 && (done || run - checkpoint > CHECKPOINT_SECONDS))
        {
          report (self, seconds, learning_rate, &result->validation);
          g_autofree char *text = g_strdup_printf ("step %" G_GUINT64_FORMAT ", validation accuracy %.4f", self->step,
                                                   result->validation.accuracy);
          orr_progress_report (progress, MIN (fraction, 1.0), text);
          ok = save (self, seconds, error);
          checkpoint = (g_get_monotonic_time () - start) * 1e-6;
        }
      *result = (OrrAgentTrained){ self->step, self->step * self->options->batch, seconds, result->validation };
      if (done)
        break;
      run_step (self, learning_rate, progress);
      /* A person who stops the training keeps what it has learned. */
      stopped = !orr_progress_check (progress, NULL);
      if (self->step % 20 == 0)
        orr_progress_report (progress, MIN (fraction, 1.0), NULL);
    }
  return ok;
}

/**
 * orr_agent_train:
 *
 * Trains an agent on demonstrations (for the conservative objective on rewards,
 * too), with data made fresh all the time. Cancelling it saves the state, so that
 * @options->resume goes on from there. Under mpirun two or four processes share
 * the work of every step; rank 0 writes the files.
 *
 * Returns: %FALSE when a file could not be read or written
 */
gboolean
orr_agent_train (const OrrAgentTraining *options, OrrAgentTrained *result, OrrProgress *progress, GError **error)
{
  Trainer self = { .options = options, .seed = options->seed };
  OrrGeneratorOptions data = training_data;
  gboolean ok = TRUE;

  g_return_val_if_fail (options->batch % N_SHARDS == 0 && options->batch > 0, FALSE);
  *result = (OrrAgentTrained){ 0 };
  if (N_SHARDS % orr_ranks_count () != 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "An agent is trained by one, two or four processes, not by %u", orr_ranks_count ());
      return FALSE;
    }
  if (options->resume)
    ok = load (&self, error);
  else
    {
      self.agent = orr_agent_new (options->encoder, options->n_embedding, options->n_hidden, options->n_head, options->seed);
      if (self.agent == NULL)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no set encoder called %s", options->encoder);
          return FALSE;
        }
      self.agent->objective = options->objective;
      self.adam = orr_adamw_new (self.agent->params);
    }
  if (ok)
    {
      self.adam->clip = 1.0f;
      self.adam->weight_decay = 0.01f;
      data.seed = self.seed;
      for (guint s = 0; s < N_SHARDS; s++)
        shard_init (&self.shards[s], self.agent, options->batch / N_SHARDS, &data);
      ok = loop (&self, result, progress, error);
      for (guint s = 0; s < N_SHARDS; s++)
        shard_clear (&self.shards[s], self.agent);
    }
  orr_adamw_free (self.adam);
  orr_agent_unref (self.agent);
  return ok;
}
