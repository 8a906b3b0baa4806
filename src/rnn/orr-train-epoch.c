/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-parameters.h"
#include "orr-random.h"
#include "orr-train-private.h"

/* The numbers of one epoch: a step for each batch of the training third, then the validation third. */

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

/* The divergence of the last forward call's sequences of @length steps, cut to the window at @first. */
static gboolean
compare_window (OrrTrainer *self, OrrTrainTargets *targets, guint length, guint first, double *loss, float *gradient,
                OrrProgress *progress, GError **error)
{
  orr_train_cut_windows (orr_rollout_get_symbols (self->rollout), targets->n, length, first, self->options.window,
               self->window_symbols);
  return orr_sinkhorn_sequences (self->window_symbols, targets->n, orr_trainer_get_window_target (self, targets, first),
                                 self->options.blur, self->options.threads, loss, gradient, progress, error);
}

/* The same of whole sequences. */
static gboolean
compare_whole (OrrTrainer *self, OrrTrainTargets *targets, double *loss, float *gradient, OrrProgress *progress,
               GError **error)
{
  return orr_sinkhorn_sequences (orr_rollout_get_symbols (self->rollout), targets->n,
                                 orr_trainer_get_whole_target (self, targets), self->options.blur,
                                 self->options.threads, loss, gradient, progress, error);
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

gboolean
orr_train_uses_windows (const OrrTrainOptions *options, guint epoch)
{
  return options->window > 0 && epoch >= options->window_from;
}

static const OrrMoments *
pick_moments (const OrrTrainer *self, guint epoch)
{
  gboolean by_stages = self->staged_moments != NULL && epoch >= self->options.moment_stages_from;
  return by_stages ? self->staged_moments : self->moments;
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
  orr_rollout_set_keeps (self->rollout, TRUE);
  if (orr_train_uses_windows (options, epoch) && options->divergence_weight > 0.0)
    done = train_window (self, draw, targets, loss, progress, error);
  else
    done = train_whole (self, epoch, draw, targets, loss, progress, error);
  if (done && options->moment_weight > 0.0 && epoch >= options->moment_from)
    orr_moments_compare (pick_moments (self, epoch), orr_rollout_get_symbols (self->rollout), targets->n, options->moment_weight,
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

  /* The first batch's states say how the units are. */
  orr_rollout_set_keeps (self->rollout, batch == 0);
  if (!orr_rollout_forward (self->rollout, self->network, targets->n, draw_of (result->epoch, TRUE, batch), progress,
                            error) ||
      !compare_whole (self, targets, &loss, NULL, progress, error))
    return FALSE;
  if (batch == 0)
    measure_activity (self, result);
  result->validation_loss += loss / n_batches;

  const OrrMoments *moments = self->staged_moments != NULL ? self->staged_moments : self->moments;
  double distance = orr_moments_compare (moments, orr_rollout_get_symbols (self->rollout), targets->n, 0.0, NULL,
                                         self->options.threads) / n_batches;
  result->statistics_distance += distance;
  result->selection_loss += self->options.selection_weight * distance;
  if (!orr_train_uses_windows (&self->options, result->epoch))
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
void
orr_trainer_show_network (OrrTrainer *self)
{
  orr_parameters_unpack (self->network, self->averaged != NULL ? self->averaged : self->parameters);
}

gboolean
orr_trainer_run_batches (OrrTrainer *self, OrrTrainEpoch *result, OrrProgress *progress, GError **error)
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
  orr_trainer_show_network (self);
  for (guint b = 0; b < n_batches; b++)
    if (!validate_batch (self, result, b, progress, error))
      return FALSE;
  return TRUE;
}
