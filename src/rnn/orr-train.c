/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-train.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-hmm-sample.h"
#include "orr-parallel.h"
#include "orr-parameters.h"
#include "orr-random.h"
#include "orr-train-private.h"

/* Adam's decays of arXiv:2510.25674. */
#define BETA_1 0.9
#define BETA_2 0.9
/* Epochs that the smoothed selection loss looks back over, about. */
#define SMOOTHING 10.0

static void
clear_snapshot (gpointer item)
{
  OrrTrainSnapshot *snapshot = item;
  orr_network_unref (snapshot->network);
}

/* Sequences @first .. @first + @n - 1 of the model's, as bytes [n x T]. */
static guint8 *
sample_sequences (const OrrHmm *hmm, guint64 seed, gsize first, gsize n, guint length)
{
  g_autofree guint16 *wide = g_new (guint16, n * length);
  guint8 *symbols = g_malloc (n * length);

  orr_hmm_sample (hmm, first, n, length, seed, wide, NULL);
  for (gsize i = 0; i < n * length; i++)
    symbols[i] = (guint8) wide[i];
  return symbols;
}

/* Sequences @first .. @first + @n - 1 of the target, the model's or recorded ones, as bytes [n x T]. */
guint8 *
orr_trainer_sample (const OrrTrainer *self, gsize first, gsize n)
{
  guint length = self->options.length;

  if (self->data == NULL)
    return sample_sequences (self->hmm, self->options.seed, first, n, length);
  return g_memdup2 (self->data->symbols + first * length, n * length);
}

static void
free_targets (gpointer item)
{
  OrrTrainTargets *targets = item;

  orr_sinkhorn_target_free (targets->whole);
  g_ptr_array_unref (targets->windows);
  g_free (targets->symbols);
  g_free (targets);
}

static void
free_window (gpointer item)
{
  if (item != NULL)
    orr_sinkhorn_target_free (item);
}

/* The targets of a third's batches; each Sinkhorn target is made when it is first asked for. */
static GPtrArray *
create_targets (const OrrTrainer *self, gsize first, const GArray *sizes)
{
  const OrrTrainOptions *options = &self->options;
  GPtrArray *all = g_ptr_array_new_with_free_func (free_targets);

  for (guint b = 0; b < sizes->len; b++)
    {
      OrrTrainTargets *targets = g_new0 (OrrTrainTargets, 1);

      targets->n = g_array_index (sizes, guint, b);
      targets->symbols = orr_trainer_sample (self, first, targets->n);
      targets->windows = g_ptr_array_new_with_free_func (free_window);
      g_ptr_array_set_size (targets->windows, options->window > 0 ? options->length - options->window + 1 : 0);
      g_ptr_array_add (all, targets);
      first += targets->n;
    }
  return all;
}

/* Batches of one third: full ones, and what remains. */
static GArray *
split_third (const OrrTrainOptions *options)
{
  GArray *sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  guint left = options->sequences / 3;

  while (left > 0)
    {
      guint size = MIN (left, options->batch);
      g_array_append_val (sizes, size);
      left -= size;
    }
  return sizes;
}

static void
create_workspace (OrrTrainer *self)
{
  const OrrTrainOptions *options = &self->options;
  guint most = MIN (options->batch, options->sequences / 3);
  OrrRolloutOptions rollout = {
    .length = options->length,
    .most = most,
    .backward = TRUE,
    .sigma = options->sigma,
    .tau = options->tau,
    .random_initial_state = options->random_initial_state,
    .activity_weight = options->activity_weight,
    .activity_limit = options->activity_limit,
    .seed = options->seed,
    .threads = options->threads,
  };

  self->rollout = orr_rollout_new (self->network, &rollout);
  self->emission_gradient = orr_aligned_alloc0 ((gsize) most * options->length * self->hmm->n_symbols, sizeof (float));
  if (options->window > 0)
    {
      self->window_gradient = orr_aligned_alloc0 ((gsize) most * options->window * self->hmm->n_symbols, sizeof (float));
      self->window_symbols = g_malloc0 ((gsize) most * options->window);
    }
  self->gradient = g_new0 (float, self->n_parameters);
  self->step_gradient = g_new0 (float, self->n_parameters);
  self->parameters_before = g_new0 (float, self->n_parameters);
  self->adam_before = orr_adam_new (self->n_parameters, BETA_1, BETA_2);
  if (options->average > 0.0)
    {
      self->averaged = g_memdup2 (self->parameters, self->n_parameters * sizeof (float));
      self->averaged_before = g_new0 (float, self->n_parameters);
    }
}

/**
 * orr_trainer_new:
 * @hmm: the model to emulate
 * @options: checked here
 * @error: (out): %ORR_ERROR_INPUT
 *
 * Returns: (transfer full) (nullable): a trainer with a fresh network, before
 * its first epoch
 */
OrrTrainer *
orr_trainer_new (const OrrHmm *hmm, const OrrTrainOptions *options, GError **error)
{
  return orr_trainer_new_with_data (hmm, NULL, options, error);
}

/**
 * orr_trainer_new_with_data:
 * @hmm: a model of the data (fitted, or orr_train_data_create_chain()): with as many symbols
 * @data: (nullable): recorded sequences to emulate instead of the model's; their
 *   number and length replace those of @options
 *
 * Returns: (transfer full) (nullable): as orr_trainer_new()
 */
OrrTrainer *
orr_trainer_new_with_data (const OrrHmm *hmm, OrrTrainData *data, const OrrTrainOptions *options, GError **error)
{
  OrrTrainOptions adjusted = *options;

  if (data != NULL)
    {
      adjusted.sequences = data->n_sequences;
      adjusted.length = data->length;
      adjusted.window = MIN (options->window, data->length);
      options = &adjusted;
    }
  if (!orr_train_options_validate (options, hmm, error))
    return NULL;
  if (data != NULL && data->n_symbols > hmm->n_symbols)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The recorded sequences have %u symbols and the model has %u",
                   data->n_symbols, hmm->n_symbols);
      return NULL;
    }

  OrrTrainer *self = g_new0 (OrrTrainer, 1);
  gsize third = options->sequences / 3;

  self->hmm = orr_hmm_ref ((OrrHmm *) hmm);
  self->data = data != NULL ? orr_train_data_ref (data) : NULL;
  self->options = *options;
  self->network = orr_network_new_random (options->n_hidden, options->n_noise, hmm->n_symbols, options->biased,
                                          options->seed);
  self->network->activation = options->activation;
  for (gsize i = 0; i < (gsize) options->n_hidden * options->n_hidden; i++)
    self->network->weight_hh->data[i] *= (float) options->initial_gain;
  self->best = orr_network_copy (self->network);
  self->best_validation_loss = self->best_selection_loss = INFINITY;
  self->n_parameters = orr_parameters_count (options->n_hidden, options->n_noise, hmm->n_symbols, options->biased);
  self->parameters = g_new0 (float, self->n_parameters);
  orr_parameters_pack (self->network, self->parameters);
  self->adam = orr_adam_new (self->n_parameters, BETA_1, BETA_2);
  self->history = g_array_new (FALSE, FALSE, sizeof (OrrTrainEpoch));
  self->snapshots = g_array_new (FALSE, FALSE, sizeof (OrrTrainSnapshot));
  g_array_set_clear_func (self->snapshots, clear_snapshot);
  self->batch_sizes = split_third (options);
  self->train_targets = create_targets (self, 0, self->batch_sizes);
  self->validation_targets = create_targets (self, third, self->batch_sizes);
  /* Of recorded sequences only what trains: the others are to judge it. */
  self->moments = data != NULL ? orr_moments_new_recorded (data->symbols, third, hmm->n_symbols, options->length,
                                                           options->moment_lag)
                               : orr_moments_new (hmm, options->length, options->moment_lag);
  create_workspace (self);
  return self;
}

void
orr_trainer_free (OrrTrainer *self)
{
  if (self == NULL)
    return;
  orr_hmm_unref (self->hmm);
  orr_train_data_unref (self->data);
  orr_network_unref (self->network);
  orr_network_unref (self->best);
  orr_adam_free (self->adam);
  orr_adam_free (self->adam_before);
  orr_moments_free (self->moments);
  orr_rollout_free (self->rollout);
  orr_aligned_free (self->emission_gradient);
  orr_aligned_free (self->window_gradient);
  g_free (self->window_symbols);
  g_free (self->parameters);
  g_free (self->averaged);
  g_free (self->parameters_before);
  g_free (self->averaged_before);
  g_free (self->gradient);
  g_free (self->step_gradient);
  g_array_unref (self->history);
  g_array_unref (self->snapshots);
  g_array_unref (self->batch_sizes);
  g_ptr_array_unref (self->train_targets);
  g_ptr_array_unref (self->validation_targets);
  g_free (self);
}

/**
 * orr_trainer_start_from:
 * @network: of the trainer's shape
 * @error: (out): %ORR_ERROR_INPUT where it is of another shape
 *
 * Before the first epoch: goes on from these weights instead of fresh ones.
 */
gboolean
orr_trainer_start_from (OrrTrainer *self, const OrrNetwork *network, GError **error)
{
  const OrrNetwork *own = self->network;

  g_return_val_if_fail (self->epoch == 0, FALSE);
  if (network->n_hidden != own->n_hidden || network->n_noise != own->n_noise || network->n_symbols != own->n_symbols
      || network->activation != own->activation || (network->bias_hh != NULL) != (own->bias_hh != NULL))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The network to go on from has %u hidden units, %u noise inputs and %u symbols, where %u, %u and %u "
                   "are asked for",
                   network->n_hidden, network->n_noise, network->n_symbols, own->n_hidden, own->n_noise,
                   own->n_symbols);
      return FALSE;
    }
  orr_parameters_pack (network, self->parameters);
  orr_parameters_unpack (self->network, self->parameters);
  orr_parameters_unpack (self->best, self->parameters);
  return TRUE;
}

/* A number of its own for the noise of every batch of every epoch. */
static guint64
draw_of (guint epoch, gboolean validation, guint batch)
{
  return ((guint64) epoch << 24) | ((guint64) validation << 23) | batch;
}

/* From @start to @end by half a cosine over the epochs from @decay_from on. */
static double
schedule (const OrrTrainOptions *options, guint epoch, double start, double end)
{
  guint first = CLAMP (options->decay_from, 1, options->epochs), now = CLAMP (epoch, first, options->epochs);
  double done = options->epochs > first ? (double) (now - first) / (options->epochs - first) : 0.0;
  return end + (start - end) * 0.5 * (1.0 + cos (G_PI * done));
}

/* @length steps from @first on of sequences of @stride steps. */
static void
cut_windows (const guint8 *symbols, guint n, guint stride, guint first, guint length, guint8 *out)
{
  for (gsize i = 0; i < n; i++)
    memcpy (out + i * length, symbols + i * stride + first, length);
}

static OrrSinkhornTarget *
get_whole (const OrrTrainer *self, OrrTrainTargets *targets)
{
  if (targets->whole == NULL)
    targets->whole = orr_sinkhorn_target_new (targets->symbols, targets->n, self->options.length, self->hmm->n_symbols);
  return targets->whole;
}

static OrrSinkhornTarget *
get_window (const OrrTrainer *self, OrrTrainTargets *targets, guint first)
{
  gpointer *window = &g_ptr_array_index (targets->windows, first);
  guint length = self->options.window;

  if (*window == NULL)
    {
      g_autofree guint8 *cut = g_malloc ((gsize) targets->n * length);
      cut_windows (targets->symbols, targets->n, self->options.length, first, length, cut);
      *window = orr_sinkhorn_target_new (cut, targets->n, length, self->hmm->n_symbols);
    }
  return *window;
}

/* The divergence of the last forward call's sequences of @length steps, cut to the window at @first. */
static gboolean
compare_window (OrrTrainer *self, OrrTrainTargets *targets, guint length, guint first, double *loss, float *gradient,
                OrrProgress *progress, GError **error)
{
  cut_windows (orr_rollout_get_symbols (self->rollout), targets->n, length, first, self->options.window,
               self->window_symbols);
  return orr_sinkhorn_sequences (self->window_symbols, targets->n, get_window (self, targets, first),
                                 self->options.blur, self->options.threads, loss, gradient, progress, error);
}

/* The same of whole sequences. */
static gboolean
compare_whole (OrrTrainer *self, OrrTrainTargets *targets, double *loss, float *gradient, OrrProgress *progress,
               GError **error)
{
  return orr_sinkhorn_sequences (orr_rollout_get_symbols (self->rollout), targets->n, get_whole (self, targets),
                                 self->options.blur, self->options.threads, loss, gradient, progress, error);
}

static void
scale (float *values, gsize n, double factor)
{
  for (gsize i = 0; factor != 1.0 && i < n; i++)
    values[i] *= (float) factor;
}

/* Before the statistics take over, there is nothing else to train on. */
static gboolean
uses_divergence (const OrrTrainOptions *options, guint epoch)
{
  return options->divergence_weight > 0.0 || epoch < options->moment_from;
}

static gboolean
train_whole (OrrTrainer *self, guint epoch, guint64 draw, OrrTrainTargets *targets, double *loss, OrrProgress *progress,
             GError **error)
{
  gsize n = (gsize) targets->n * self->options.length * self->hmm->n_symbols;

  if (!orr_rollout_forward (self->rollout, self->network, targets->n, draw, progress, error))
    return FALSE;
  if (!uses_divergence (&self->options, epoch))
    {
      memset (self->emission_gradient, 0, n * sizeof (float));
      return TRUE;
    }
  if (!compare_whole (self, targets, loss, self->emission_gradient, progress, error))
    return FALSE;
  if (self->options.divergence_weight > 0.0)
    scale (self->emission_gradient, n, self->options.divergence_weight);
  return TRUE;
}

/* One window, at a place drawn for this step; what follows it runs only for the statistics, which are of whole sequences. */
static gboolean
train_window (OrrTrainer *self, guint64 draw, OrrTrainTargets *targets, double *loss, OrrProgress *progress,
              GError **error)
{
  const OrrTrainOptions *options = &self->options;
  guint window = options->window, K = self->hmm->n_symbols, places = options->length - window + 1;
  guint first = (guint) orr_random_below (options->seed, ORR_RANDOM_STREAM_SHUFFLE, draw, places);
  guint length = options->moment_weight > 0.0 ? options->length : first + window;

  orr_rollout_set_length (self->rollout, length);
  if (!orr_rollout_forward (self->rollout, self->network, targets->n, draw, progress, error) ||
      !compare_window (self, targets, length, first, loss, self->window_gradient, progress, error))
    return FALSE;

  memset (self->emission_gradient, 0, (gsize) targets->n * length * K * sizeof (float));
  scale (self->window_gradient, (gsize) targets->n * window * K, options->divergence_weight);
  for (gsize i = 0; i < targets->n; i++)
    memcpy (self->emission_gradient + (i * length + first) * K, self->window_gradient + i * window * K,
            (gsize) window * K * sizeof (float));
  return TRUE;
}

static gboolean
uses_windows (const OrrTrainOptions *options, guint epoch)
{
  return options->window > 0 && epoch >= options->window_from;
}

/* The gradient of one batch into self->gradient; @loss is the divergence, 0 where training leaves it out. */
static gboolean
differentiate_batch (OrrTrainer *self, guint epoch, guint batch, double *loss, OrrProgress *progress, GError **error)
{
  const OrrTrainOptions *options = &self->options;
  OrrTrainTargets *targets = g_ptr_array_index (self->train_targets, batch);
  guint64 draw = draw_of (epoch, FALSE, batch);
  gboolean done;

  *loss = 0.0;
  if (uses_windows (options, epoch) && options->divergence_weight > 0.0)
    done = train_window (self, draw, targets, loss, progress, error);
  else
    done = train_whole (self, epoch, draw, targets, loss, progress, error);
  if (done && options->moment_weight > 0.0 && epoch >= options->moment_from)
    orr_moments_compare (self->moments, orr_rollout_get_symbols (self->rollout), targets->n, options->moment_weight,
                         self->emission_gradient, options->threads);
  done = done && orr_rollout_backward (self->rollout, self->emission_gradient, self->gradient, progress, error);
  orr_rollout_set_length (self->rollout, options->length);
  return done;
}

/* The running mean: short-lived at first, so that the fresh weights are soon forgotten. */
static void
update_average (OrrTrainer *self)
{
  double steps = self->adam->steps, decay = fmin (self->options.average, (1.0 + steps) / (10.0 + steps));

  for (gsize i = 0; self->averaged != NULL && i < self->n_parameters; i++)
    self->averaged[i] += (float) ((1.0 - decay) * (self->parameters[i] - self->averaged[i]));
}

/* One step of Adam by the mean gradient of batches @first .. @first + @n - 1. */
static gboolean
train_step (OrrTrainer *self, guint epoch, guint first, guint n, double *loss, double *norm, OrrProgress *progress,
            GError **error)
{
  const OrrTrainOptions *options = &self->options;
  double batch_loss;

  orr_parameters_unpack (self->network, self->parameters);
  for (gsize i = 0; i < self->n_parameters; i++)
    self->step_gradient[i] = (float) options->weight_decay * self->parameters[i];
  *loss = 0.0;
  for (guint b = first; b < first + n; b++)
    {
      if (!differentiate_batch (self, epoch, b, &batch_loss, progress, error))
        return FALSE;
      *loss += batch_loss / n;
      for (gsize i = 0; i < self->n_parameters; i++)
        self->step_gradient[i] += self->gradient[i] / n;
    }

  *norm = orr_gradient_clip (self->step_gradient, self->n_parameters, options->clip);
  if (!isfinite (*norm) || !isfinite (*loss))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_NUMERIC,
                   "Training diverged in epoch %u: the gradient is no longer finite; a smaller learning rate or "
                   "clip may help", epoch);
      return FALSE;
    }
  orr_adam_step (self->adam, self->parameters, self->step_gradient,
                 schedule (options, epoch, options->learning_rate, options->learning_rate_end));
  update_average (self);
  return TRUE;
}

static void
measure_activity (const OrrTrainer *self, OrrTrainEpoch *result)
{
  OrrRolloutActivity activity;

  orr_rollout_measure (self->rollout, &activity);
  result->silent_units = activity.silent_units;
  result->activity = activity.last;
  result->activity_growth = activity.growth;
}

/* Adds a batch's part to the validation loss, the statistics and what chooses the best epoch. */
static gboolean
validate_batch (OrrTrainer *self, OrrTrainEpoch *result, guint batch, OrrProgress *progress, GError **error)
{
  OrrTrainTargets *targets = g_ptr_array_index (self->validation_targets, batch);
  guint n_batches = self->batch_sizes->len, window = self->options.window, length = self->options.length;
  double loss;

  if (!orr_rollout_forward (self->rollout, self->network, targets->n, draw_of (result->epoch, TRUE, batch), progress,
                            error) ||
      !compare_whole (self, targets, &loss, NULL, progress, error))
    return FALSE;
  if (batch == 0)
    measure_activity (self, result);
  result->validation_loss += loss / n_batches;

  double distance = orr_moments_compare (self->moments, orr_rollout_get_symbols (self->rollout), targets->n, 0.0, NULL,
                                         self->options.threads) / n_batches;
  result->statistics_distance += distance;
  result->selection_loss += self->options.selection_weight * distance;
  if (!uses_windows (&self->options, result->epoch))
    {
      result->selection_loss += loss / n_batches;
      return TRUE;
    }
  /* Windows side by side, as many as fit. */
  guint count = length / window;
  for (guint i = 0; i < count; i++)
    {
      if (!compare_window (self, targets, length, i * window, &loss, NULL, progress, error))
        return FALSE;
      result->selection_loss += loss / count / n_batches;
    }
  return TRUE;
}

/* What is validated and kept: the running mean, or the weights themselves. */
static void
show_network (OrrTrainer *self)
{
  orr_parameters_unpack (self->network, self->averaged != NULL ? self->averaged : self->parameters);
}

static gboolean
run_batches (OrrTrainer *self, OrrTrainEpoch *result, OrrProgress *progress, GError **error)
{
  const OrrTrainOptions *options = &self->options;
  guint n_batches = self->batch_sizes->len;
  double loss, norm, tau_end = options->tau_end > 0.0 ? options->tau_end : options->tau;

  orr_rollout_set_tau (self->rollout, schedule (options, result->epoch, options->tau, tau_end));
  for (guint b = 0, n; b < n_batches; b += n)
    {
      n = MIN (options->accumulate, n_batches - b);
      if (!train_step (self, result->epoch, b, n, &loss, &norm, progress, error))
        return FALSE;
      result->train_loss += loss * n / n_batches;
      result->gradient_norm = MAX (result->gradient_norm, norm);
    }
  show_network (self);
  for (guint b = 0; b < n_batches; b++)
    if (!validate_batch (self, result, b, progress, error))
      return FALSE;
  return TRUE;
}

static void
finish_epoch (OrrTrainer *self, OrrTrainEpoch *result)
{
  gboolean first_of_windows = uses_windows (&self->options, result->epoch) && self->best_epoch > 0 &&
                              !uses_windows (&self->options, self->best_epoch);

  self->epoch = result->epoch;
  if (result->selection_loss < self->best_selection_loss || first_of_windows)
    {
      self->best_selection_loss = result->selection_loss;
      self->best_validation_loss = result->validation_loss;
      self->best_epoch = result->epoch;
      orr_network_unref (self->best);
      self->best = orr_network_copy (self->network);
    }
  result->best_validation_loss = self->best_validation_loss;
  result->best_epoch = self->best_epoch;
  g_array_append_val (self->history, *result);
  if (self->options.snapshot_every > 0 && result->epoch % self->options.snapshot_every == 0)
    {
      OrrTrainSnapshot snapshot = { result->epoch, orr_network_copy (self->network) };
      g_array_append_val (self->snapshots, snapshot);
    }
}

/**
 * orr_trainer_run_epoch:
 * @result: (out) (optional): the epoch's record, also kept in the history
 * @progress: (nullable): asked several times a step, so that cancel and pause
 *   answer within 0.2 s; nothing is reported to it
 * @error: (out): %ORR_ERROR_CANCELLED, or %ORR_ERROR_NUMERIC where the
 *   gradient is no longer finite
 *
 * One pass over the training third, a step for each batch, then the validation
 * loss. On an error the trainer stays at the last finished epoch.
 */
gboolean
orr_trainer_run_epoch (OrrTrainer *self, OrrTrainEpoch *result, OrrProgress *progress, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  OrrTrainEpoch epoch = { .epoch = self->epoch + 1 };

  memcpy (self->parameters_before, self->parameters, self->n_parameters * sizeof (float));
  if (self->averaged != NULL)
    memcpy (self->averaged_before, self->averaged, self->n_parameters * sizeof (float));
  orr_adam_copy_from (self->adam_before, self->adam);
  if (!run_batches (self, &epoch, progress, error))
    {
      memcpy (self->parameters, self->parameters_before, self->n_parameters * sizeof (float));
      if (self->averaged != NULL)
        memcpy (self->averaged, self->averaged_before, self->n_parameters * sizeof (float));
      orr_adam_copy_from (self->adam, self->adam_before);
      show_network (self);
      return FALSE;
    }
  epoch.seconds = (g_get_monotonic_time () - start) * 1e-6;
  finish_epoch (self, &epoch);
  if (result != NULL)
    *result = epoch;
  return TRUE;
}

/**
 * orr_trainer_is_done:
 *
 * Returns: whether the last epoch has run, or the smoothed selection loss has
 * not improved for as long as the options' patience
 */
gboolean
orr_trainer_is_done (const OrrTrainer *self)
{
  const OrrTrainEpoch *history = (const OrrTrainEpoch *) (gpointer) self->history->data;
  double smoothed = 0.0, best = INFINITY;
  guint best_epoch = 0;

  if (self->epoch >= self->options.epochs)
    return TRUE;
  if (self->options.patience == 0)
    return FALSE;
  for (guint i = 0; i < self->history->len; i++)
    {
      smoothed = i == 0 ? history[i].selection_loss : smoothed + (history[i].selection_loss - smoothed) / SMOOTHING;
      if (smoothed < best)
        {
          best = smoothed;
          best_epoch = i + 1;
        }
    }
  return self->epoch >= best_epoch + self->options.patience;
}

/**
 * orr_trainer_copy_network:
 *
 * Returns: (transfer full): the network after the last finished epoch (the running
 * mean of the weights, where the options ask for one)
 */
OrrNetwork *
orr_trainer_copy_network (const OrrTrainer *self)
{
  return orr_network_copy (self->network);
}

/**
 * orr_trainer_copy_best:
 *
 * Returns: (transfer full): the network of the best validation epoch
 */
OrrNetwork *
orr_trainer_copy_best (const OrrTrainer *self)
{
  return orr_network_copy (self->best);
}

guint
orr_trainer_get_epoch (const OrrTrainer *self)
{
  return self->epoch;
}

const OrrTrainOptions *
orr_trainer_get_options (const OrrTrainer *self)
{
  return &self->options;
}

/* (nullable): the recorded sequences that it trains on instead of the model's */
const OrrTrainData *
orr_trainer_get_data (const OrrTrainer *self)
{
  return self->data;
}

/**
 * orr_trainer_set_epochs:
 * @epochs: at least 1
 *
 * Changes how long the training is meant to go on; with a constant learning
 * rate this changes no number.
 */
void
orr_trainer_set_epochs (OrrTrainer *self, guint epochs)
{
  g_return_if_fail (epochs > 0);
  self->options.epochs = epochs;
}

/**
 * orr_trainer_set_threads:
 * @threads: 0 for all cores
 */
void
orr_trainer_set_threads (OrrTrainer *self, guint threads)
{
  self->options.threads = threads;
  orr_rollout_set_threads (self->rollout, threads);
}

/**
 * orr_trainer_get_history:
 * @n: (out): number of finished epochs
 *
 * Returns: (transfer none) (array length=n): valid until the next epoch runs
 */
const OrrTrainEpoch *
orr_trainer_get_history (const OrrTrainer *self, guint *n)
{
  *n = self->history->len;
  return (const OrrTrainEpoch *) (gpointer) self->history->data;
}

guint
orr_trainer_get_n_snapshots (const OrrTrainer *self)
{
  return self->snapshots->len;
}

/**
 * orr_trainer_get_snapshot:
 * @index: below orr_trainer_get_n_snapshots()
 * @epoch: (out) (optional): the epoch it was taken after
 *
 * Returns: (transfer full): the network then
 */
OrrNetwork *
orr_trainer_get_snapshot (const OrrTrainer *self, guint index, guint *epoch)
{
  g_return_val_if_fail (index < self->snapshots->len, NULL);

  OrrTrainSnapshot *snapshot = &g_array_index (self->snapshots, OrrTrainSnapshot, index);
  if (epoch != NULL)
    *epoch = snapshot->epoch;
  return orr_network_ref (snapshot->network);
}
