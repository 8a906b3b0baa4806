/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The losses that a training's losses are compared with. */
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-random.h"
#include "orr-train-private.h"

/* Exchanges the symbols of each step among the sequences: every step keeps its frequencies exactly. */
static void
shuffle_steps (guint8 *symbols, guint n, guint length, guint64 seed, guint batch)
{
  g_autofree guint32 *order = g_new (guint32, n);
  g_autofree guint8 *before = g_memdup2 (symbols, (gsize) n * length);

  for (guint t = 0; t < length; t++)
    {
      for (guint i = 0; i < n; i++)
        order[i] = i;
      orr_random_shuffle (order, n, seed, orr_random_substream (ORR_RANDOM_STREAM_SHUFFLE, (guint64) batch * length + t + 1));
      for (guint i = 0; i < n; i++)
        symbols[(gsize) i * length + t] = before[(gsize) order[i] * length + t];
    }
}

static gboolean
measure (const OrrTrainer *self, guint8 *symbols, const OrrTrainTargets *targets, double *sum, OrrProgress *progress,
         GError **error)
{
  g_autoptr (OrrSinkhornTarget) target =
    orr_sinkhorn_target_new (targets->symbols, targets->n, self->options.length, self->hmm->n_symbols);
  double divergence;

  if (!orr_sinkhorn_sequences (symbols, targets->n, target, self->options.blur, self->options.threads, &divergence,
                               NULL, progress, error))
    return FALSE;
  *sum += divergence / self->validation_targets->len;
  return TRUE;
}

/**
 * orr_trainer_measure_levels:
 * @levels: (out caller-allocates): both levels
 * @error: (out): %ORR_ERROR_CANCELLED
 *
 * The divergence of the validation third, batch by batch as in training, from
 * fresh sequences of the target itself (a model's further sequences, the test
 * third of recorded ones), and from those same sequences with the symbols of each
 * step exchanged at random among them. Networks may go below the first by giving
 * up rare events.
 */
gboolean
orr_trainer_measure_levels (const OrrTrainer *self, OrrTrainLevels *levels, OrrProgress *progress, GError **error)
{
  gsize third = self->options.sequences / 3;
  /* A model's: beyond all three thirds, so never seen. */
  gsize first = self->data != NULL ? 2 * third : 3 * (third + 1);
  OrrTrainLevels sums = { 0.0, 0.0 };

  for (guint b = 0; b < self->validation_targets->len; b++)
    {
      const OrrTrainTargets *targets = g_ptr_array_index (self->validation_targets, b);
      g_autofree guint8 *fresh = orr_trainer_sample (self, first, targets->n);

      if (!measure (self, fresh, targets, &sums.baseline, progress, error))
        return FALSE;
      shuffle_steps (fresh, targets->n, self->options.length, self->options.seed, b);
      if (!measure (self, fresh, targets, &sums.independent, progress, error))
        return FALSE;
      first += targets->n;
    }
  *levels = sums;
  return TRUE;
}

/**
 * orr_train_baseline:
 *
 * The divergence of the validation third from fresh sequences of the model
 * itself, as orr_trainer_measure_levels() without a trainer at hand.
 *
 * Returns: the mean over batches, or NaN with @error set
 */
double
orr_train_baseline (const OrrHmm *hmm, const OrrTrainOptions *options, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (hmm, options, error);
  OrrTrainLevels levels;

  if (trainer == NULL || !orr_trainer_measure_levels (trainer, &levels, progress, error))
    return NAN;
  return levels.baseline;
}
