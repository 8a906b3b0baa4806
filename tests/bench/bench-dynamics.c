/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The heavy parts of the analyses, for H = 150, D = 100, K = 3.
 *   bench-dynamics [NET [threads]]
 * Prints one line of JSON a part: wall seconds and processor seconds of
 *   residency   the residency map of 10 000 states x 20 draws x up to 50 steps
 *   silencing   each of the 150 units silenced over 100 000 matched steps
 *   spectra     eigenvalues of the Jacobian at 500 visited states (one snapshot)
 * Without NET a random network is used, whose residency times are short.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "orr-ensemble.h"
#include "orr-jacobian.h"
#include "orr-network-file.h"
#include "orr-parallel.h"
#include "orr-residency.h"

#define N_STATES 10000
#define N_SPECTRA 500
#define SILENCE_PATHS 250
#define SILENCE_STEPS 400
#define PATHS_A_BLOCK 6

static double
wall_seconds (void)
{
  return g_get_monotonic_time () * 1e-6;
}

static double
processor_seconds (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

static void
print_part (const char *name, double wall, double processor, guint threads)
{
  printf ("{\"part\":\"%s\",\"seconds\":%.3f,\"processor_seconds\":%.3f,\"threads\":%u}\n", name,
          wall_seconds () - wall, processor_seconds () - processor, threads);
  fflush (stdout);
}

static void
bench_residency (const OrrNetwork *network, const OrrMatrix *states, const OrrAnalysisOptions *options)
{
  g_autofree float *residency = g_new (float, states->rows);
  g_autofree float *max_softmax = g_new (float, states->rows);
  double wall = wall_seconds (), processor = processor_seconds ();

  orr_residency_measure (network, states, options, residency, max_softmax, NULL, NULL);
  print_part ("residency", wall, processor, options->threads);
}

static void
bench_silencing (const OrrNetwork *network, const OrrAnalysisOptions *options)
{
  guint H = network->n_hidden, G = H + 1;
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, G);
  double wall = wall_seconds (), processor = processor_seconds ();

  for (guint u = 0; u < H; u++)
    orr_ensemble_set_gain (ensemble, u + 1, u, 0.0, 0.0);
#pragma omp parallel num_threads (options->threads)
  {
    g_autoptr (OrrEnsembleBlock) block = orr_ensemble_block_new (ensemble, PATHS_A_BLOCK * G, PATHS_A_BLOCK);

#pragma omp for schedule (dynamic, 1)
    for (guint first = 0; first < SILENCE_PATHS; first += PATHS_A_BLOCK)
      {
        guint n = MIN (PATHS_A_BLOCK, SILENCE_PATHS - first);

        orr_ensemble_block_begin (block, n * G, n, first);
        for (guint r = 0; r < n * G; r++)
          {
            block->path[r] = r / G;
            block->gain[r] = r % G;
          }
        for (guint t = 0; t < SILENCE_STEPS; t++)
          {
            orr_ensemble_block_step (block);
            orr_ensemble_block_read_out (block);
          }
      }
  }
  print_part ("silencing", wall, processor, options->threads);
}

static void
bench_spectra (const OrrNetwork *network, const OrrMatrix *states, const OrrAnalysisOptions *options)
{
  double wall = wall_seconds (), processor = processor_seconds ();

#pragma omp parallel num_threads (options->threads)
  {
    g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (network);

#pragma omp for schedule (dynamic, 4)
    for (gsize s = 0; s < N_SPECTRA; s++)
      orr_jacobian_decompose (jacobian, orr_matrix_row (states, s * (states->rows / N_SPECTRA)));
  }
  print_part ("spectra", wall, processor, options->threads);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrNetwork) network =
      argc > 1 ? orr_network_load (argv[1], &error) : orr_network_new_random (150, 100, 3, FALSE, 0);
  OrrAnalysisOptions options;

  if (network == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  orr_analysis_options_init (&options);
  options.threads = orr_parallel_threads (argc > 2 ? atoi (argv[2]) : 2);
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, &options, NULL, &error);
  if (run == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
  g_autoptr (OrrMatrix) states = orr_analysis_pick_states (run->states, N_STATES);
  bench_residency (network, states, &options);
  bench_silencing (network, &options);
  bench_spectra (network, states, &options);
  return 0;
}
