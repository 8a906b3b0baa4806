/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where the time of one training step goes, for the shapes of arXiv:2510.25674.
 *   bench-train [B T H D [threads]]
 * Prints one line of JSON a shape: seconds of each part (the fastest of several
 * steps), what limits it and how much of that is reached, and the process's peak
 * memory. The network's limit is floating-point throughput: its products' GFLOP/s
 * stand beside what independent multiply-adds reach here (peak_gflops) and what one
 * large product of OpenBLAS does. The divergence's limit is exponentials, one a pair
 * and pass: their number a second stands beside what a loop over them alone reaches.
 * Without arguments: both published shapes, then larger and larger batches.
 */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "orr-adam.h"
#include "orr-fast-math.h"
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

/* What follows is compiled for the widest vectors of the processor that it runs on. */
#if defined __x86_64__ && defined __GNUC__ && !defined __clang__
#define WIDEST __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDEST
#endif
#define ROUNDS 1000000
#define LANES 16

typedef float Lanes __attribute__ ((vector_size (4 * LANES)));

/* Six multiply-adds that do not wait for each other. */
WIDEST static float
multiply_add (float by, float more)
{
  Lanes a = { 0.0f }, b = a, c = a, d = a, e = a, f = a;

  for (guint round = 0; round < ROUNDS; round++)
    {
      a = a * by + more;
      b = b * by + more;
      c = c * by + more;
      d = d * by + more;
      e = e * by + more;
      f = f * by + more;
    }
  a += b + c + d + e + f;
  return a[0] + a[LANES - 1];
}

WIDEST static float
sum_exponentials (const float *terms, guint n)
{
  float sum = 0.0f;

#pragma omp simd reduction(+ : sum)
  for (guint i = 0; i < n; i++)
    sum += orr_fast_exp2 (terms[i]);
  return sum;
}

static float kept; /* so that nothing is left out as unused */

static void
work_hard (gsize index, guint worker, gpointer data)
{
  float sum = multiply_add (0.5f + 1e-3f * index, 1.0f);

  if (sum < 0.0f)
    kept = sum;
}

static double
peak_gflops (guint threads)
{
  double best = 0.0;

  for (guint repeat = 0; repeat < 8; repeat++)
    {
      double start = seconds ();
      orr_parallel_for (threads, threads, work_hard, NULL);
      best = MAX (best, threads * 2.0 * 6 * LANES * ROUNDS / (seconds () - start) * 1e-9);
    }
  return best;
}

#define TERMS 1024
#define EXP_ROUNDS 10000

static void
exponentiate (gsize index, guint worker, gpointer data)
{
  float terms[TERMS];

  for (guint i = 0; i < TERMS; i++)
    terms[i] = -1e-2f * i;
  for (guint round = 0; round < EXP_ROUNDS; round++)
    {
      terms[round % TERMS] -= 1e-3f;
      if (sum_exponentials (terms, TERMS) < 0.0f)
        kept = terms[0];
    }
}

/* Exponentials a second, in thousands of millions. */
static double
exp_giga (guint threads)
{
  double best = 0.0;

  for (guint repeat = 0; repeat < 8; repeat++)
    {
      double start = seconds ();
      orr_parallel_for (threads, threads, exponentiate, NULL);
      best = MAX (best, threads * (double) TERMS * EXP_ROUNDS / (seconds () - start) * 1e-9);
    }
  return best;
}

/* One a pair in each pass: as many passes as there are eps from the diameter sqrt(3 T) down to the blur, one before
 * them and one after; all pairs of network and model, half of those of the network with itself. */
static double
count_exponentials (guint B, guint T, double blur)
{
  double passes = 4.0 + ceil (log2 (sqrt (3.0 * T) / blur));

  return passes * 1.5 * B * B;
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
          "\"peak_gflops\": %.0f, \"divergence_gexp\": %.2f, \"peak_gexp\": %.2f, \"loss\": %.6f, \"peak_mb\": %.0f}\n",
          B, T, H, D, threads, total, best[FORWARD], best[DIVERGENCE], best[BACKWARD], best[UPDATE],
          noise_seconds ((gsize) B * T * D, threads), products / products_seconds * 1e-9, blas_gflops (threads),
          peak_gflops (threads), count_exponentials (B, T, 0.2) / best[DIVERGENCE] * 1e-9, exp_giga (threads), divergence,
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
  /* The network's cost grows as B, the divergence's as B^2, and memory stays in bounds. */
  for (guint B = 1024; B <= 16384; B *= 2)
    run (B, 30, 150, 100, 2, B > 4096 ? 1 : 3);
  return 0;
}
