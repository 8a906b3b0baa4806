/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-trajectory.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-parallel.h"
#include "orr-random.h"

/* Steps whose noise enters through one matrix product. */
#define BLOCK_STEPS 256
#define RELAX_ROWS 256

/**
 * orr_trajectory_options_init:
 *
 * 30 000 steps after a burn-in of 20, sigma 1, seed 0, sampled symbols, from h = 0.
 */
void
orr_trajectory_options_init (OrrTrajectoryOptions *options)
{
  *options = (OrrTrajectoryOptions) { .n_steps = 30000, .burn_in = 20, .noise_sd = 1.0, .sample = TRUE };
}

static void
clear (gpointer box)
{
  OrrTrajectory *self = box;

  orr_matrix_unref (self->states);
  orr_matrix_unref (self->logits);
  g_free (self->symbols);
}

OrrTrajectory *
orr_trajectory_ref (OrrTrajectory *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
orr_trajectory_unref (OrrTrajectory *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

static void
activate (float *values, gsize n, OrrActivation activation)
{
  if (activation == ORR_ACTIVATION_TANH)
    for (gsize i = 0; i < n; i++)
      values[i] = tanhf (values[i]);
  else
    for (gsize i = 0; i < n; i++)
      values[i] = values[i] < 0.0f ? 0.0f : values[i]; /* keeps NaN, which must not pass for rest */
}

/* The input that does not depend on h: rows [n x H] of b_ih + b_hh. */
static void
fill_bias (const OrrNetwork *network, float *drive, gsize n)
{
  gsize H = network->n_hidden;

  for (gsize i = 0; i < H; i++)
    drive[i] = (network->bias_ih != NULL ? network->bias_ih->data[i] : 0.0f) +
               (network->bias_hh != NULL ? network->bias_hh->data[i] : 0.0f);
  for (gsize t = 1; t < n; t++)
    memcpy (drive + t * H, drive, H * sizeof (float));
}

/* drive [n x H] = b + W_ih x for steps @first .. @first + @n - 1; noise is scratch [n x D]. */
static void
fill_drive (const OrrNetwork *network, double sd, guint64 seed, guint64 first, gsize n, float *noise,
            float *drive)
{
  gsize H = network->n_hidden, D = network->n_noise;

  fill_bias (network, drive, n);
  if (sd == 0.0 || D == 0)
    return;
  orr_random_normal_fill (noise, n * D, sd, seed, ORR_RANDOM_STREAM_NOISE, first * D);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, H, D, 1.0f, noise, D, network->weight_ih->data, D,
               1.0f, drive, H);
}

/* logits [T x K] of states [T x H]. */
static OrrMatrix *
read_out (const OrrNetwork *network, const OrrMatrix *states)
{
  gsize T = states->rows, H = network->n_hidden, K = network->n_symbols;
  OrrMatrix *logits = orr_matrix_new (T, K);

  if (network->bias_out != NULL)
    for (gsize t = 0; t < T; t++)
      memcpy (orr_matrix_row (logits, t), network->bias_out->data, K * sizeof (float));
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, T, K, H, 1.0f, states->data, H,
               network->weight_out->data, H, 1.0f, logits->data, K);
  return logits;
}

static guint16 *
emit (const OrrMatrix *logits, gboolean sample, guint64 seed)
{
  gsize K = logits->cols;
  guint16 *symbols = g_new (guint16, MAX (logits->rows, 1));
  g_autofree float *uniform = g_new0 (float, K);

  for (gsize t = 0; t < logits->rows; t++)
    {
      const float *z = orr_matrix_row (logits, t);
      double best = -INFINITY;

      symbols[t] = 0;
      if (sample)
        orr_random_uniform_fill (uniform, K, seed, ORR_RANDOM_STREAM_GUMBEL, t * K);
      for (gsize k = 0; k < K; k++)
        {
          double score = sample ? z[k] - log (-log (uniform[k])) : z[k];
          if (score > best)
            {
              best = score;
              symbols[t] = k;
            }
        }
    }
  return symbols;
}

static gboolean
check_finite (const float *h, gsize n, guint64 step, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (h[i]))
      {
        g_set_error (error, ORR_ERROR, ORR_ERROR_NUMERIC,
                     "The network's activity grows beyond all bounds within %" G_GUINT64_FORMAT " steps", step);
        return FALSE;
      }
  return TRUE;
}

/* Runs burn-in and recorded steps; states receives the recorded ones. */
static gboolean
run (const OrrNetwork *network, const OrrTrajectoryOptions *options, OrrMatrix *states, OrrProgress *progress,
     GError **error)
{
  gsize H = network->n_hidden, D = network->n_noise;
  guint64 total = (guint64) options->burn_in + options->n_steps;
  g_autofree float *h = g_new0 (float, H);
  g_autofree float *noise = g_new (float, BLOCK_STEPS * MAX (D, 1));
  g_autofree float *drive = g_new (float, BLOCK_STEPS * H);

  if (options->random_initial_state)
    orr_random_normal_fill (h, H, 1.0, options->seed, ORR_RANDOM_STREAM_INITIAL_STATE, 0);

  for (guint64 first = 0; first < total; first += BLOCK_STEPS)
    {
      gsize n = MIN (BLOCK_STEPS, total - first);

      if (!orr_progress_check (progress, error))
        return FALSE;
      orr_progress_report (progress, (double) first / total, "Simulating");
      fill_drive (network, options->noise_sd, options->seed, first, n, noise, drive);
      for (gsize t = 0; t < n; t++)
        {
          float *next = drive + t * H;

          cblas_sgemv (CblasRowMajor, CblasNoTrans, H, H, 1.0f, network->weight_hh->data, H, h, 1, 1.0f, next, 1);
          activate (next, H, network->activation);
          memcpy (h, next, H * sizeof (float));
          if (first + t >= options->burn_in)
            memcpy (orr_matrix_row (states, first + t - options->burn_in), h, H * sizeof (float));
        }
      if (!check_finite (h, H, first + n, error))
        return FALSE;
    }
  orr_progress_report (progress, 1.0, "Simulating");
  return TRUE;
}

/**
 * orr_trajectory_simulate:
 * @network: the network
 * @options: what to run
 * @error: (out): %ORR_ERROR_NUMERIC if the activity grows beyond float32,
 *   %ORR_ERROR_CANCELLED
 *
 * Runs one trajectory h_t = phi (W_hh h_{t-1} + W_ih x_t + b) (SCIENCE, parts 2
 * and 3.1). Noise input d of step t (burn-in included) is number t D + d of the
 * seed's noise stream.
 *
 * Returns: (transfer full) (nullable): the trajectory
 */
OrrTrajectory *
orr_trajectory_simulate (const OrrNetwork *network, const OrrTrajectoryOptions *options, OrrProgress *progress,
                         GError **error)
{
  g_return_val_if_fail (network != NULL && options != NULL && options->n_steps > 0, NULL);
  g_return_val_if_fail (options->noise_sd >= 0.0, NULL);
  orr_parallel_threads (1); /* before any product: BLAS stays on the caller's thread */

  g_autoptr (OrrMatrix) states = orr_matrix_new (options->n_steps, network->n_hidden);

  if (!run (network, options, states, progress, error))
    return NULL;

  OrrTrajectory *self = g_atomic_rc_box_new0 (OrrTrajectory);
  self->n_steps = options->n_steps;
  self->n_hidden = network->n_hidden;
  self->n_symbols = network->n_symbols;
  self->noise_sd = options->noise_sd;
  self->seed = options->seed;
  self->burn_in = options->burn_in;
  self->logits = read_out (network, states);
  self->symbols = emit (self->logits, options->sample, options->seed);
  self->states = g_steal_pointer (&states);
  return self;
}

/**
 * orr_trajectory_relax:
 * @from: [N x H] states to start from
 * @n_steps: steps without noise
 * @error: (out): %ORR_ERROR_CANCELLED
 *
 * Follows each state through the noise-free map. Activity that grows without
 * bound ends in infinities, which the caller may look for.
 *
 * Returns: (transfer full) (nullable): [N (n_steps + 1) x H]; row
 * n (n_steps + 1) + t is path n after t steps
 */
OrrMatrix *
orr_trajectory_relax (const OrrNetwork *network, const OrrMatrix *from, guint n_steps, OrrProgress *progress,
                      GError **error)
{
  g_return_val_if_fail (network != NULL && from != NULL && from->cols == network->n_hidden, NULL);
  orr_parallel_threads (1); /* before any product: BLAS stays on the caller's thread */

  gsize H = network->n_hidden, N = from->rows, stride = (n_steps + 1) * H;
  g_autoptr (OrrMatrix) paths = orr_matrix_new (N * (n_steps + 1), H);
  g_autofree float *bias = g_new (float, H);

  fill_bias (network, bias, 1);
  for (gsize n = 0; n < N; n++)
    memcpy (paths->data + n * stride, orr_matrix_row (from, n), H * sizeof (float));

  for (gsize first = 0; first < N; first += RELAX_ROWS)
    for (guint t = 0; t < n_steps; t++)
      {
        gsize rows = MIN (RELAX_ROWS, N - first);
        float *now = paths->data + first * stride + t * H;

        if (!orr_progress_check (progress, error))
          return NULL;
        for (gsize n = 0; n < rows; n++)
          memcpy (now + n * stride + H, bias, H * sizeof (float));
        /* One path's steps lie H apart, so neighbours at one time lie stride apart. */
        cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, rows, H, H, 1.0f, now, stride,
                     network->weight_hh->data, H, 1.0f, now + H, stride);
        for (gsize n = 0; n < rows; n++)
          activate (now + n * stride + H, H, network->activation);
      }
  return g_steal_pointer (&paths);
}
