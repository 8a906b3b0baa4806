/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-train.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-parallel.h"
#include "orr-parameters.h"
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

/* Of recorded sequences only what trains: the others are to judge it. */
static OrrMoments *
create_moments (const OrrTrainer *self, gboolean stages)
{
  const OrrTrainOptions *options = &self->options;

  return self->data != NULL
             ? orr_moments_new_recorded (self->data->symbols, options->sequences / 3, self->hmm->n_symbols,
                                         options->length, options->moment_lag, stages)
             : orr_moments_new (self->hmm, options->length, options->moment_lag, stages);
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
  self->batch_sizes = orr_train_split_third (options);
  self->train_targets = orr_trainer_create_targets (self, 0, self->batch_sizes);
  self->validation_targets = orr_trainer_create_targets (self, third, self->batch_sizes);
  self->moments = create_moments (self, FALSE);
  if (options->moment_stages_from > 0)
    self->staged_moments = create_moments (self, TRUE);
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
  orr_moments_free (self->staged_moments);
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

static void
finish_epoch (OrrTrainer *self, OrrTrainEpoch *result)
{
  gboolean first_of_windows = orr_train_uses_windows (&self->options, result->epoch) && self->best_epoch > 0 &&
                              !orr_train_uses_windows (&self->options, self->best_epoch);

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
  if (!orr_trainer_run_batches (self, &epoch, progress, error))
    {
      memcpy (self->parameters, self->parameters_before, self->n_parameters * sizeof (float));
      if (self->averaged != NULL)
        memcpy (self->averaged, self->averaged_before, self->n_parameters * sizeof (float));
      orr_adam_copy_from (self->adam, self->adam_before);
      orr_trainer_show_network (self);
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
