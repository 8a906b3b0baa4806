/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where the time of one training step goes, for the shapes of arXiv:2510.25674.
 *   bench-train [B T H D [threads]]
 * Prints one line of JSON a shape: seconds of each part (the fastest of several
 * steps), the products' GFLOP/s beside what one large product reaches here on
 * as many threads, and the process's peak memory.
 */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "orr-adam.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-sample.h"
#include "orr-parallel.h"
#include "orr-parameters.h"
#include "orr-random.h"
#include "orr-rollout.h"
#include "orr-sinkhorn-sequences.h"

enum { FORWARD, DIVERGENCE, BACKWARD, UPDATE, N_PARTS };

static double
seconds (void)
{
  return g_get_monotonic_time () * 1e-6;
}

static void
multiply (gsize index, guint worker, gpointer data)
{
  enum { M = 1024, N = 160, P = 256 };
  float *a = orr_aligned_alloc0 (M * P, sizeof (float)), *b = orr_aligned_alloc0 (N * P, sizeof (float));
  float *c = orr_aligned_alloc0 (M * N, sizeof (float));

  for (guint i = 0; i < 40; i++)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, M, N, P, 1.0f, a, P, b, P, 0.0f, c, N);
  orr_aligned_free (a);
  orr_aligned_free (b);
  orr_aligned_free (c);
}

/* GFLOP/s of OpenBLAS's products of the step's kind, one a thread. */
static double
blas_gflops (guint threads)
{
  double best = 0.0;

  for (guint repeat = 0; repeat < 5; repeat++)
    {
      double start = seconds ();
      orr_parallel_for (threads, threads, multiply, NULL);
      best = MAX (best, threads * 40 * 2.0 * 1024 * 160 * 256 / (seconds () - start) * 1e-9);
    }
  return best;
}

static void
draw (gsize index, guint worker, gpointer data)
{
  float *block = orr_aligned_alloc0 (25600, sizeof (float));
  orr_random_normal_fill (block, 25600, 1.0, 1, 2, index * 25600);
  orr_aligned_free (block);
}

static double
noise_seconds (gsize n, guint threads)
{
  double start = seconds ();
  orr_parallel_for (n / 25600, threads, draw, NULL);
  return seconds () - start;
}

/* Peak resident memory in MB, where the system tells it. */
static double
peak_memory (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL) || (line = strstr (status, "VmHWM:")) == NULL)
    return NAN;
  return g_ascii_strtod (line + 6, NULL) / 1024.0;
}

static void
run (guint B, guint T, guint H, guint D, guint threads, guint steps)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("two"));
  g_autoptr (OrrNetwork) network = orr_network_new_random (H, D, 3, FALSE, 0);
  gsize n = orr_parameters_count (H, D, 3, FALSE);
  g_autofree float *parameters = g_new (float, n), *gradient = g_new (float, n);
  float *emission = orr_aligned_alloc0 ((gsize) B * T * 3, sizeof (float));
  g_autofree guint16 *wide = g_new (guint16, (gsize) B * T);
  g_autofree guint8 *symbols = g_malloc ((gsize) B * T);
  g_autoptr (OrrAdam) adam = orr_adam_new (n, 0.9, 0.9);
  double best[N_PARTS], total = INFINITY, divergence;

  threads = orr_parallel_threads (threads);
  OrrRolloutOptions options = { .length = T, .most = B, .backward = TRUE, .sigma = 1.0, .tau = 1.0, .threads = threads };
  g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &options);

  orr_hmm_sample (hmm, 0, B, T, 0, wide, NULL);
  for (gsize i = 0; i < (gsize) B * T; i++)
    symbols[i] = (guint8) wide[i];
  g_autoptr (OrrSinkhornTarget) target = orr_sinkhorn_target_new (symbols, B, T, 3);
  orr_parameters_pack (network, parameters);
  for (guint p = 0; p < N_PARTS; p++)
    best[p] = INFINITY;

  /* The first step also prepares the target's own term, as the first epoch does. */
  for (guint step = 0; step <= steps; step++)
    {
      double at[N_PARTS + 1];

      at[0] = seconds ();
      orr_rollout_forward (rollout, network, B, step, NULL, NULL);
      at[1] = seconds ();
      orr_sinkhorn_sequences (orr_rollout_get_symbols (rollout), B, target, 0.2, threads, &divergence, emission,
                              NULL, NULL);
      at[2] = seconds ();
      orr_rollout_backward (rollout, emission, gradient, NULL, NULL);
      at[3] = seconds ();
      orr_gradient_clip (gradient, n, 0.9);
      orr_adam_step (adam, parameters, gradient, 1e-3);
      orr_parameters_unpack (network, parameters);
      at[4] = seconds ();
      if (step == 0)
        continue;
      for (guint p = 0; p < N_PARTS; p++)
        best[p] = MIN (best[p], at[p + 1] - at[p]);
      total = MIN (total, at[4] - at[0]);
    }

  double products = 2.0 * B * (T + 1.0) * (H + 3.0) * (2.0 * (H + D) + H);
  double products_seconds = best[FORWARD] + best[BACKWARD];
  printf ("{\"shape\": [%u, %u, %u, %u], \"threads\": %u, \"step\": %.4f, \"forward\": %.4f, \"divergence\": %.4f, "
          "\"backward\": %.4f, \"update\": %.4f, \"noise\": %.4f, \"network_gflops\": %.0f, \"blas_gflops\": %.0f, "
          "\"loss\": %.6f, \"peak_mb\": %.0f}\n",
          B, T, H, D, threads, total, best[FORWARD], best[DIVERGENCE], best[BACKWARD], best[UPDATE],
          noise_seconds ((gsize) B * T * D, threads), products / products_seconds * 1e-9, blas_gflops (threads), divergence,
          peak_memory ());
  fflush (stdout);
  orr_aligned_free (emission);
}

int
main (int argc, char *argv[])
{
  if (argc >= 5)
    {
      run (atoi (argv[1]), atoi (argv[2]), atoi (argv[3]), atoi (argv[4]), argc > 5 ? atoi (argv[5]) : 0, 5);
      return 0;
    }
  run (4096, 30, 150, 100, 2, 5);
  run (4096, 100, 150, 100, 2, 3);
  return 0;
}
