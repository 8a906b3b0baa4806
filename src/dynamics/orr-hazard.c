/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hazard.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "orr-parallel.h"

/* Rows of one block: enough for fast products, few enough for the cache. */
#define BLOCK_ROWS 1024

void
orr_hazard_free (OrrHazard *self)
{
  if (self == NULL)
    return;
  g_free (self->at_risk);
  g_free (self->exits);
  g_free (self);
}

/* Some starts, each under every gain set; the sets of one start share its noise. */
static void
measure_block (OrrEnsembleBlock *block, const OrrMatrix *starts, gsize first, gsize n, guint symbol, guint horizon,
               guint8 *keep, OrrHazard *counts, OrrProgress *progress)
{
  guint G = block->ensemble->n_gains, K = block->ensemble->network->n_symbols;

  orr_ensemble_block_begin (block, n * G, n, first);
  for (gsize s = 0; s < n; s++)
    for (guint g = 0; g < G; g++)
      {
        block->path[s * G + g] = s;
        block->gain[s * G + g] = g;
        orr_ensemble_block_set_state (block, s * G + g, orr_matrix_row (starts, first + s));
      }
  for (guint t = 0; t < horizon && block->n_rows > 0 && !orr_progress_is_cancelled (progress); t++)
    {
      orr_ensemble_block_step (block);
      orr_ensemble_block_read_out (block);
      for (gsize r = 0; r < block->n_rows; r++)
        {
          guint16 now = block->symbols[r];

          counts->at_risk[block->gain[r]]++;
          keep[r] = now == symbol;
          if (!keep[r])
            counts->exits[block->gain[r] * K + now]++;
        }
      orr_ensemble_block_keep (block, keep);
    }
}

static OrrHazard *
create_counts (const OrrEnsemble *ensemble)
{
  OrrHazard *self = g_new0 (OrrHazard, 1);

  self->n_sets = ensemble->n_gains;
  self->n_symbols = ensemble->network->n_symbols;
  self->at_risk = g_new0 (gint64, self->n_sets);
  self->exits = g_new0 (gint64, self->n_sets * self->n_symbols);
  return self;
}

/**
 * orr_hazard_measure:
 * @ensemble: the network with the gain sets to compare
 * @starts: [N x H] states whose argmax symbol is @symbol
 * @symbol: the symbol they show
 * @horizon: steps to follow each at most
 * @stream: random stream of the noise; every gain set feels the same
 * @options: noise, seed and threads
 * @error: (out): %ORR_ERROR_CANCELLED
 *
 * Follows every start under every gain set until its argmax symbol changes.
 *
 * Returns: (transfer full) (nullable): the counts
 */
OrrHazard *
orr_hazard_measure (const OrrEnsemble *ensemble, const OrrMatrix *starts, guint symbol, guint horizon, guint64 stream,
                    const OrrAnalysisOptions *options, OrrProgress *progress, GError **error)
{
  gsize G = ensemble->n_gains, N = starts->rows, size = CLAMP (BLOCK_ROWS / G, 1, N);
  gsize n_blocks = (N + size - 1) / size, done = 0;
  g_autoptr (OrrHazard) total = create_counts (ensemble);

#pragma omp parallel num_threads (orr_parallel_threads (options->threads))
  {
    g_autoptr (OrrEnsembleBlock) block = orr_ensemble_block_new (ensemble, size * G, size);
    g_autoptr (OrrHazard) mine = create_counts (ensemble);
    g_autofree guint8 *keep = g_new (guint8, size * G);

    block->noise_sd = options->noise_sd;
    block->seed = options->seed;
    block->stream = stream;
#pragma omp for schedule (dynamic, 1)
    for (gsize b = 0; b < n_blocks; b++)
      if (!orr_progress_is_cancelled (progress))
        {
          measure_block (block, starts, b * size, MIN (size, N - b * size), symbol, horizon, keep, mine, progress);
#pragma omp critical (orr_hazard)
          orr_progress_report (progress, (double) ++done / n_blocks, "Measuring transition rates");
        }
    /* Whole numbers: the order of the threads leaves no trace. */
#pragma omp critical (orr_hazard)
    {
      for (guint g = 0; g < total->n_sets; g++)
        total->at_risk[g] += mine->at_risk[g];
      for (guint i = 0; i < total->n_sets * total->n_symbols; i++)
        total->exits[i] += mine->exits[i];
    }
  }
  return orr_progress_check (progress, error) ? g_steal_pointer (&total) : NULL;
}

/**
 * orr_hazard_rate:
 *
 * Returns: exits to symbol @to per step at risk under gain set @set; NaN without steps
 */
double
orr_hazard_rate (const OrrHazard *self, guint set, guint to)
{
  return (double) self->exits[set * self->n_symbols + to] / self->at_risk[set];
}

/**
 * orr_hazard_interval:
 * @bounds: (out): exact 95 % confidence interval of the rate, exits being Poisson
 */
void
orr_hazard_interval (const OrrHazard *self, guint set, guint to, double bounds[2])
{
  double exits = self->exits[set * self->n_symbols + to], steps = self->at_risk[set];

  bounds[0] = exits > 0.0 ? gsl_cdf_gamma_Pinv (0.025, exits, 1.0) / steps : 0.0;
  bounds[1] = steps > 0.0 ? gsl_cdf_gamma_Pinv (0.975, exits + 1.0, 1.0) / steps : NAN;
}
