/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-ensemble.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-ensemble-kernels.h"
#include "orr-parallel.h"
#include "orr-random.h"
#include "orr-vector.h"

/* OpenBLAS's sgemm is three times as fast on dimensions that fill its tiles. */
static gsize
pad (gsize n)
{
  return (n + 15) & ~(gsize) 15;
}

/* [cols x pitch] transpose of a [rows x cols] weight. */
static float *
transpose (const OrrMatrix *weight, gsize padded_cols, gsize pitch)
{
  float *padded = orr_aligned_alloc0 (padded_cols * pitch, sizeof (float));

  for (gsize i = 0; i < weight->rows; i++)
    for (gsize j = 0; j < weight->cols; j++)
      padded[j * pitch + i] = weight->data[i * weight->cols + j];
  return padded;
}

/**
 * orr_ensemble_new:
 * @n_gains: G, at least 1; every gain is 1 at first
 *
 * Returns: (transfer full): the network made ready
 */
OrrEnsemble *
orr_ensemble_new (const OrrNetwork *network, guint n_gains)
{
  g_return_val_if_fail (n_gains >= 1, NULL);

  OrrEnsemble *self = g_new0 (OrrEnsemble, 1);
  gsize H = network->n_hidden;

  orr_parallel_threads (1); /* before any product: BLAS stays on the caller's thread */
  self->network = orr_network_ref ((OrrNetwork *) network);
  self->pitch = pad (H);
  self->noise_pitch = pad (MAX (network->n_noise, 1));
  self->symbol_pitch = pad (network->n_symbols);
  self->n_gains = n_gains;
  self->gain_recurrent = orr_aligned_alloc0 (n_gains * self->pitch, sizeof (float));
  self->gain_noise = orr_aligned_alloc0 (n_gains * self->pitch, sizeof (float));
  for (gsize g = 0; g < n_gains; g++)
    for (gsize i = 0; i < H; i++)
      self->gain_recurrent[g * self->pitch + i] = self->gain_noise[g * self->pitch + i] = 1.0f;

  self->weight_hh = transpose (network->weight_hh, self->pitch, self->pitch);
  self->weight_ih = transpose (network->weight_ih, self->noise_pitch, self->pitch);
  self->weight_out = transpose (network->weight_out, self->pitch, self->symbol_pitch);
  self->bias = orr_aligned_alloc0 (self->pitch, sizeof (float));
  for (gsize i = 0; i < H; i++)
    self->bias[i] = (network->bias_ih != NULL ? network->bias_ih->data[i] : 0.0f) +
                    (network->bias_hh != NULL ? network->bias_hh->data[i] : 0.0f);
  return self;
}

void
orr_ensemble_free (OrrEnsemble *self)
{
  if (self == NULL)
    return;
  orr_network_unref (self->network);
  orr_aligned_free (self->gain_recurrent);
  orr_aligned_free (self->gain_noise);
  orr_aligned_free (self->weight_hh);
  orr_aligned_free (self->weight_ih);
  orr_aligned_free (self->weight_out);
  orr_aligned_free (self->bias);
  g_free (self);
}

/**
 * orr_ensemble_set_gain:
 * @set: which set of gains
 * @recurrent: c_r of the unit: 0 and @noise 0 silence it
 * @noise: c_n of the unit
 */
void
orr_ensemble_set_gain (OrrEnsemble *self, guint set, guint unit, double recurrent, double noise)
{
  g_return_if_fail (set < self->n_gains && unit < self->network->n_hidden);

  self->gain_recurrent[set * self->pitch + unit] = recurrent;
  self->gain_noise[set * self->pitch + unit] = noise;
}

/**
 * orr_ensemble_block_new:
 * @max_rows: trajectories it can hold
 * @max_paths: noise paths it can hold
 *
 * Returns: (transfer full): an empty block, sigma 1, seed 0, on the analyses' stream
 */
OrrEnsembleBlock *
orr_ensemble_block_new (const OrrEnsemble *ensemble, gsize max_rows, gsize max_paths)
{
  OrrEnsembleBlock *self = g_new0 (OrrEnsembleBlock, 1);

  self->ensemble = ensemble;
  self->max_rows = max_rows;
  self->max_paths = max_paths;
  self->noise_sd = 1.0;
  self->stream = ORR_RANDOM_STREAM_ANALYSIS;
  self->states = orr_aligned_alloc0 (max_rows * ensemble->pitch, sizeof (float));
  self->next = orr_aligned_alloc0 (max_rows * ensemble->pitch, sizeof (float));
  self->logits = orr_aligned_alloc0 (max_rows * ensemble->symbol_pitch, sizeof (float));
  self->symbols = g_new0 (guint16, max_rows);
  self->path = g_new0 (guint32, max_rows);
  self->gain = g_new0 (guint32, max_rows);
  self->tag = g_new0 (guint32, max_rows);
  self->noise = orr_aligned_alloc0 (max_paths * ensemble->noise_pitch, sizeof (float));
  self->drive = orr_aligned_alloc0 (max_paths * ensemble->pitch, sizeof (float));
  return self;
}

void
orr_ensemble_block_free (OrrEnsembleBlock *self)
{
  if (self == NULL)
    return;
  orr_aligned_free (self->states);
  orr_aligned_free (self->next);
  orr_aligned_free (self->logits);
  orr_aligned_free (self->noise);
  orr_aligned_free (self->drive);
  g_free (self->symbols);
  g_free (self->path);
  g_free (self->gain);
  g_free (self->tag);
  g_free (self);
}

/**
 * orr_ensemble_block_begin:
 * @n_rows: trajectories; row r starts from 0 on path r mod @n_paths, gain set 0, tag r
 * @n_paths: noise paths
 * @first_path: number of the first of them in the stream
 */
void
orr_ensemble_block_begin (OrrEnsembleBlock *self, gsize n_rows, gsize n_paths, guint64 first_path)
{
  g_return_if_fail (n_rows <= self->max_rows && n_paths <= self->max_paths && n_paths > 0);

  self->n_rows = n_rows;
  self->n_paths = n_paths;
  self->first_path = first_path;
  self->step = 0;
  memset (self->states, 0, n_rows * self->ensemble->pitch * sizeof (float));
  for (gsize r = 0; r < n_rows; r++)
    {
      self->path[r] = r % n_paths;
      self->gain[r] = 0;
      self->tag[r] = r;
    }
}

/**
 * orr_ensemble_block_set_state:
 * @state: [H]
 */
void
orr_ensemble_block_set_state (OrrEnsembleBlock *self, gsize row, const float *state)
{
  memcpy (self->states + row * self->ensemble->pitch, state, self->ensemble->network->n_hidden * sizeof (float));
}

static void
fill_noise (OrrEnsembleBlock *self)
{
  gsize pitch = self->ensemble->noise_pitch, D = self->ensemble->network->n_noise;

  for (gsize p = 0; p < self->n_paths; p++)
    {
      guint64 first = ((self->first_path + p) * ORR_ENSEMBLE_MAX_STEPS + self->step) * pitch;
      orr_random_normal_fill (self->noise + p * pitch, D, self->noise_sd, self->seed, self->stream, first);
    }
}

/* next = phi (c_r (next + b) + c_n drive) of one row. */
static inline void
combine_row (const OrrEnsembleBlock *self, gsize row)
{
  const OrrEnsemble *ensemble = self->ensemble;
  gsize pitch = ensemble->pitch;
  float *h = self->next + row * pitch;
  const float *drive = self->drive + self->path[row] * pitch;
  const float *recurrent = ensemble->gain_recurrent + self->gain[row] * pitch;
  const float *noise = ensemble->gain_noise + self->gain[row] * pitch;
  const float *bias = ensemble->bias;

  if (ensemble->network->activation == ORR_ACTIVATION_RELU)
    {
      ORR_VECTOR_PICK (orr_ensemble_combine) (pitch, h, bias, drive, recurrent, noise);
      return;
    }
  for (gsize i = 0; i < pitch; i++)
    h[i] = tanhf (recurrent[i] * (h[i] + bias[i]) + noise[i] * drive[i]);
}

/**
 * orr_ensemble_block_advance:
 *
 * One step of every row under the noise that stands in @noise: for drives of
 * the caller's own making. orr_ensemble_block_step() draws it first.
 */
void
orr_ensemble_block_advance (OrrEnsembleBlock *self)
{
  const OrrEnsemble *ensemble = self->ensemble;
  gsize pitch = ensemble->pitch;

  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, self->n_paths, pitch, ensemble->noise_pitch, 1.0f,
               self->noise, ensemble->noise_pitch, ensemble->weight_ih, pitch, 0.0f, self->drive, pitch);
  if (self->n_rows > 0)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, self->n_rows, pitch, pitch, 1.0f, self->states, pitch,
                 ensemble->weight_hh, pitch, 0.0f, self->next, pitch);
  for (gsize r = 0; r < self->n_rows; r++)
    combine_row (self, r);

  float *swap = self->states;
  self->states = self->next;
  self->next = swap;
  self->step++;
}

/**
 * orr_ensemble_block_step:
 *
 * One step of every row, each under its path's noise and its gains.
 */
void
orr_ensemble_block_step (OrrEnsembleBlock *self)
{
  fill_noise (self);
  orr_ensemble_block_advance (self);
}

/**
 * orr_ensemble_block_read_out:
 *
 * Fills @logits (z = W_out h + b_out) and @symbols (argmax z) from the states.
 */
void
orr_ensemble_block_read_out (OrrEnsembleBlock *self)
{
  const OrrEnsemble *ensemble = self->ensemble;
  gsize pitch = ensemble->symbol_pitch, K = ensemble->network->n_symbols;
  const OrrMatrix *bias = ensemble->network->bias_out;

  if (self->n_rows == 0)
    return;
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, self->n_rows, pitch, ensemble->pitch, 1.0f, self->states,
               ensemble->pitch, ensemble->weight_out, pitch, 0.0f, self->logits, pitch);
  for (gsize r = 0; r < self->n_rows; r++)
    {
      float *z = self->logits + r * pitch;
      guint16 best = 0;

      for (gsize k = 0; k < K; k++)
        {
          z[k] += bias != NULL ? bias->data[k] : 0.0f;
          if (z[k] > z[best])
            best = k;
        }
      self->symbols[r] = best;
    }
}

/**
 * orr_ensemble_block_keep:
 * @keep: [n_rows] 0 for each row to drop
 *
 * Drops rows and closes the gaps; the order stays. Call orr_ensemble_block_read_out()
 * again before logits and symbols are used.
 */
void
orr_ensemble_block_keep (OrrEnsembleBlock *self, const guint8 *keep)
{
  gsize pitch = self->ensemble->pitch, kept = 0;

  for (gsize r = 0; r < self->n_rows; r++)
    {
      if (!keep[r])
        continue;
      if (kept != r)
        {
          memcpy (self->states + kept * pitch, self->states + r * pitch, pitch * sizeof (float));
          self->path[kept] = self->path[r];
          self->gain[kept] = self->gain[r];
          self->tag[kept] = self->tag[r];
        }
      kept++;
    }
  self->n_rows = kept;
}
