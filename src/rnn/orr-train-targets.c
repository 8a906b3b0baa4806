/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "orr-hmm-sample.h"
#include "orr-train-private.h"

/* What a trainer compares its network's sequences with: the target's sequences, batch by batch. */

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
GPtrArray *
orr_trainer_create_targets (const OrrTrainer *self, gsize first, const GArray *sizes)
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
GArray *
orr_train_split_third (const OrrTrainOptions *options)
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

/* @length steps from @first on of sequences of @stride steps. */
void
orr_train_cut_windows (const guint8 *symbols, guint n, guint stride, guint first, guint length, guint8 *out)
{
  for (gsize i = 0; i < n; i++)
    memcpy (out + i * length, symbols + i * stride + first, length);
}

OrrSinkhornTarget *
orr_trainer_get_whole_target (const OrrTrainer *self, OrrTrainTargets *targets)
{
  if (targets->whole == NULL)
    targets->whole = orr_sinkhorn_target_new (targets->symbols, targets->n, self->options.length, self->hmm->n_symbols);
  return targets->whole;
}

OrrSinkhornTarget *
orr_trainer_get_window_target (const OrrTrainer *self, OrrTrainTargets *targets, guint first)
{
  gpointer *window = &g_ptr_array_index (targets->windows, first);
  guint length = self->options.window;

  if (*window == NULL)
    {
      g_autofree guint8 *cut = g_malloc ((gsize) targets->n * length);
      orr_train_cut_windows (targets->symbols, targets->n, self->options.length, first, length, cut);
      *window = orr_sinkhorn_target_new (cut, targets->n, length, self->hmm->n_symbols);
    }
  return *window;
}
