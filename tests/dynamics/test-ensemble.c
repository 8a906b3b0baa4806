/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-ensemble.h"

#include <math.h>
#include <string.h>

#include "orr-random.h"

enum { H = 21, D = 6, K = 3 };

static void
step_plainly (const OrrNetwork *network, const float *h, const float *x, const double *gain_r, const double *gain_n,
              double *next)
{
  for (gsize i = 0; i < H; i++)
    {
      double recurrent = network->bias_ih != NULL ? network->bias_ih->data[i] + network->bias_hh->data[i] : 0.0;
      double noise = 0.0;

      for (gsize j = 0; j < H; j++)
        recurrent += (double) network->weight_hh->data[i * H + j] * h[j];
      for (gsize d = 0; d < D; d++)
        noise += (double) network->weight_ih->data[i * D + d] * x[d];
      double a = gain_r[i] * recurrent + gain_n[i] * noise;
      next[i] = network->activation == ORR_ACTIVATION_TANH ? tanh (a) : MAX (a, 0.0);
    }
}

/* Each row against the definition, with gains and shared paths. */
static void
check_steps (gboolean biased, OrrActivation activation)
{
  enum { ROWS = 30, PATHS = 10, STEPS = 5 };
  g_autoptr (OrrNetwork) network = orr_network_new_random (H, D, K, biased, 3);
  network->activation = activation;
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, 2);
  double gain_r[2][H], gain_n[2][H];

  for (gsize i = 0; i < H; i++)
    {
      gain_r[0][i] = gain_n[0][i] = 1.0;
      gain_r[1][i] = i % 3;
      gain_n[1][i] = 0.5 * (i % 2);
      orr_ensemble_set_gain (ensemble, 1, i, gain_r[1][i], gain_n[1][i]);
    }
  g_autoptr (OrrEnsembleBlock) block = orr_ensemble_block_new (ensemble, ROWS, PATHS);
  block->noise_sd = 1.3;
  block->seed = 17;
  orr_ensemble_block_begin (block, ROWS, PATHS, 40);
  for (gsize r = 0; r < ROWS; r++)
    {
      float start[H];
      orr_random_normal_fill (start, H, 1.0, 5, ORR_RANDOM_STREAM_TEST, r * H);
      orr_ensemble_block_set_state (block, r, start);
      block->gain[r] = r >= 20;
    }

  for (guint t = 0; t < STEPS; t++)
    {
      g_autofree float *before = g_memdup2 (block->states, ROWS * block->ensemble->pitch * sizeof (float));

      orr_ensemble_block_step (block);
      for (gsize r = 0; r < ROWS; r++)
        {
          float x[D];
          double next[H];
          guint64 first = ((40 + r % PATHS) * (guint64) ORR_ENSEMBLE_MAX_STEPS + t) * ensemble->noise_pitch;

          orr_random_normal_fill (x, D, 1.3, 17, ORR_RANDOM_STREAM_ANALYSIS, first);
          step_plainly (network, before + r * ensemble->pitch, x, gain_r[r >= 20], gain_n[r >= 20], next);
          for (gsize i = 0; i < H; i++)
            g_assert_cmpfloat_with_epsilon (block->states[r * ensemble->pitch + i], next[i], 1e-4);
        }
    }
}

static void
test_steps (void)
{
  check_steps (FALSE, ORR_ACTIVATION_RELU);
  check_steps (TRUE, ORR_ACTIVATION_RELU);
  check_steps (TRUE, ORR_ACTIVATION_TANH);
}

/* How trajectories are cut into blocks does not change a bit of them. */
static void
test_blocks (void)
{
  enum { N = 64 };
  g_autoptr (OrrNetwork) network = orr_network_new_random (H, D, K, FALSE, 3);
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, 1);
  g_autoptr (OrrEnsembleBlock) whole = orr_ensemble_block_new (ensemble, N, N);
  g_autoptr (OrrEnsembleBlock) part = orr_ensemble_block_new (ensemble, N, N);

  orr_ensemble_block_begin (whole, N, N, 0);
  orr_ensemble_block_begin (part, 16, 16, 32);
  for (guint t = 0; t < 20; t++)
    {
      orr_ensemble_block_step (whole);
      orr_ensemble_block_step (part);
    }
  for (gsize i = 0; i < 16 * ensemble->pitch; i++)
    g_assert_cmpfloat_with_epsilon (part->states[i], whole->states[32 * ensemble->pitch + i], 1e-6);
}

static void
test_read_out_and_keep (void)
{
  enum { N = 40 };
  g_autoptr (OrrNetwork) network = orr_network_new_random (H, D, K, TRUE, 9);
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, 1);
  g_autoptr (OrrEnsembleBlock) block = orr_ensemble_block_new (ensemble, N, N);
  guint8 keep[N];
  guint16 symbols[N];

  orr_ensemble_block_begin (block, N, N, 0);
  for (guint t = 0; t < 3; t++)
    orr_ensemble_block_step (block);
  orr_ensemble_block_read_out (block);
  for (gsize r = 0; r < N; r++)
    {
      double z[K];
      for (gsize k = 0; k < K; k++)
        {
          z[k] = network->bias_out->data[k];
          for (gsize i = 0; i < H; i++)
            z[k] += (double) network->weight_out->data[k * H + i] * block->states[r * ensemble->pitch + i];
          g_assert_cmpfloat_with_epsilon (block->logits[r * ensemble->symbol_pitch + k], z[k], 1e-5);
        }
      for (gsize k = 0; k < K; k++)
        g_assert_cmpfloat (z[k], <=, z[block->symbols[r]] + 1e-5);
      symbols[r] = block->symbols[r];
      keep[r] = r % 3 == 1;
    }

  orr_ensemble_block_keep (block, keep);
  orr_ensemble_block_read_out (block);
  g_assert_cmpuint (block->n_rows, ==, 13);
  for (gsize r = 0; r < 13; r++)
    {
      g_assert_cmpuint (block->tag[r], ==, 3 * r + 1);
      g_assert_cmpuint (block->path[r], ==, 3 * r + 1);
      g_assert_cmpuint (block->symbols[r], ==, symbols[3 * r + 1]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ensemble/steps", test_steps);
  g_test_add_func ("/ensemble/blocks", test_blocks);
  g_test_add_func ("/ensemble/read-out-and-keep", test_read_out_and_keep);
  return g_test_run ();
}
