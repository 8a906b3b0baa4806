/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-resonance.h"

#include <gsl/gsl_fft_real.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-ensemble.h"
#include "orr-error.h"
#include "orr-hmm-statistics.h"
#include "orr-parallel.h"
#include "orr-pca.h"
#include "orr-section.h"

#define N_PATHS 64
#define PATHS_A_BLOCK 16
#define N_BATCHES 16 /* of N_PATHS / N_BATCHES paths each: what intervals rest on */
#define PATH_STEPS 512
#define PATH_BURN_IN 50
#define N_BINS (PATH_STEPS / 2)
#define N_BOOTSTRAP 500
#define N_ANGLES 36
#define N_CONTOURS 5
#define NOISE_BINS 16 /* neighbours of the peak on either side that measure the noise floor */
#define PEAK_HALF_WIDTH 2

static const double sigmas[] = { 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.2, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0 };
#define N_SIGMAS G_N_ELEMENTS (sigmas)
static const double contour_sigmas[N_CONTOURS] = { 0.1, 1.0, 2.0, 3.0, 4.0 };

/* What the paths at one sigma show; sums are kept by batch so that they can be resampled. */
typedef struct
{
  double  transitions[N_BATCHES];
  double  dwells[N_BATCHES];        /* number of whole dwells */
  double  dwell_sum[N_BATCHES];
  double  dwell_squares[N_BATCHES];
  double *moves;                    /* [N_BATCHES x K x K] from symbol to symbol */
  double *spectrum;                 /* [N_BATCHES x N_BINS] of the emitted symbols */
  float  *points;                   /* [N_PATHS x PATH_STEPS x 2] in the plane */
} Sweep;

static void
sweep_clear (Sweep *sweep)
{
  g_free (sweep->moves);
  g_free (sweep->spectrum);
  g_free (sweep->points);
}

/* The symbol that row @r of the block emits: argmax of logits + Gumbel noise. */
static guint16
emit (const OrrEnsembleBlock *block, guint r, gsize place)
{
  gsize K = block->ensemble->network->n_symbols;
  const float *z = block->logits + r * block->ensemble->symbol_pitch;
  float gumbel[ORR_HMM_MAX_SYMBOLS];
  guint16 best = 0;

  orr_random_gumbel_fill (gumbel, K, block->seed, orr_analysis_stream (ORR_ANALYSIS_STREAM_RESONANCE, 2), place * K);
  for (gsize k = 1; k < K; k++)
    if (z[k] + gumbel[k] > z[best] + gumbel[best])
      best = k;
  return best;
}

/* Paths of one block: symbols and places in the plane, step by step. */
static void
run_block (OrrEnsembleBlock *block, const OrrPca *pca, const OrrMatrix *starts, guint first, guint16 *symbols,
           float *points, OrrProgress *progress)
{
  const OrrEnsemble *ensemble = block->ensemble;
  gsize H = ensemble->network->n_hidden;

  orr_ensemble_block_begin (block, PATHS_A_BLOCK, PATHS_A_BLOCK, first);
  for (guint r = 0; r < PATHS_A_BLOCK; r++)
    orr_ensemble_block_set_state (block, r, orr_matrix_row (starts, (first + r) % starts->rows));
  for (guint t = 0; t < PATH_BURN_IN + PATH_STEPS && !orr_progress_is_cancelled (progress); t++)
    {
      orr_ensemble_block_step (block);
      if (t < PATH_BURN_IN)
        continue;
      orr_ensemble_block_read_out (block);
      for (guint r = 0; r < PATHS_A_BLOCK; r++)
        {
          const float *h = block->states + r * ensemble->pitch;
          gsize place = (gsize) (first + r) * PATH_STEPS + t - PATH_BURN_IN;

          symbols[place] = emit (block, r, place);
          for (guint p = 0; p < 2; p++)
            {
              double sum = 0.0;
              for (gsize i = 0; i < H; i++)
                sum += (h[i] - pca->mean[i]) * pca->components[p * H + i];
              points[2 * place + p] = sum;
            }
        }
    }
}

/* Dwells that begin and end within the path, and moves from symbol to symbol. */
static void
count_path (Sweep *sweep, guint batch, const guint16 *symbols, gsize K)
{
  guint begun = 0;
  gboolean whole = FALSE;

  for (guint t = 1; t < PATH_STEPS; t++)
    {
      sweep->moves[(batch * K + symbols[t - 1]) * K + symbols[t]]++;
      if (symbols[t] == symbols[t - 1])
        continue;
      sweep->transitions[batch]++;
      if (whole)
        {
          double dwell = t - begun;
          sweep->dwells[batch]++;
          sweep->dwell_sum[batch] += dwell;
          sweep->dwell_squares[batch] += dwell * dwell;
        }
      begun = t;
      whole = TRUE;
    }
}

/* Periodogram of the emitted symbols, each standing for the number @code gives it, with
 * a Hann window, the mean taken off. */
static void
add_spectrum (Sweep *sweep, guint batch, const guint16 *symbols, const double *code)
{
  double signal[PATH_STEPS], mean = 0.0;

  for (guint t = 0; t < PATH_STEPS; t++)
    mean += code[symbols[t]] / PATH_STEPS;
  for (guint t = 0; t < PATH_STEPS; t++)
    signal[t] = (code[symbols[t]] - mean) * (0.5 - 0.5 * cos (2.0 * G_PI * (t + 0.5) / PATH_STEPS));
  gsl_fft_real_radix2_transform (signal, 1, PATH_STEPS);
  for (guint f = 1; f < N_BINS; f++)
    sweep->spectrum[batch * N_BINS + f] += signal[f] * signal[f] + signal[PATH_STEPS - f] * signal[PATH_STEPS - f];
}

static gboolean
measure (const OrrNetwork *network, const OrrEnsemble *ensemble, const OrrPca *pca, const double *code, const OrrMatrix *visited, double sigma,
         const OrrAnalysisOptions *options, Sweep *sweep, OrrProgress *progress, GError **error)
{
  gsize K = network->n_symbols;
  g_autofree guint16 *symbols = g_new0 (guint16, N_PATHS * PATH_STEPS);
  g_autoptr (OrrMatrix) starts = orr_matrix_copy (visited);

  /* Where sigma only scales the states, the paths can start in the right place. */
  if (orr_analysis_is_homogeneous (network) && options->noise_sd > 0.0)
    for (gsize i = 0; i < starts->rows * starts->cols; i++)
      starts->data[i] *= sigma / options->noise_sd;
  sweep->moves = g_new0 (double, N_BATCHES * K * K);
  sweep->spectrum = g_new0 (double, N_BATCHES * N_BINS);
  sweep->points = g_new0 (float, 2 * N_PATHS * PATH_STEPS);
#pragma omp parallel num_threads (orr_parallel_threads (options->threads))
  {
    g_autoptr (OrrEnsembleBlock) block = orr_ensemble_block_new (ensemble, PATHS_A_BLOCK, PATHS_A_BLOCK);

    block->noise_sd = sigma;
    block->seed = options->seed;
    block->stream = orr_analysis_stream (ORR_ANALYSIS_STREAM_RESONANCE, 0);
#pragma omp for schedule (dynamic, 1)
    for (guint first = 0; first < N_PATHS; first += PATHS_A_BLOCK)
      run_block (block, pca, starts, first, symbols, sweep->points, progress);
  }
  if (!orr_progress_check (progress, error))
    return FALSE;
  for (guint p = 0; p < N_PATHS; p++)
    {
      count_path (sweep, p * N_BATCHES / N_PATHS, symbols + p * PATH_STEPS, K);
      add_spectrum (sweep, p * N_BATCHES / N_PATHS, symbols + p * PATH_STEPS, code);
    }
  return TRUE;
}

/* One number a symbol: the mean first component of the states that emit it. */
static double *
create_code (const OrrTrajectory *run, const OrrPca *pca)
{
  g_autoptr (OrrMatrix) points = orr_pca_project (pca, run->states);
  g_autofree gsize *counts = g_new0 (gsize, run->n_symbols);
  double *code = g_new0 (double, run->n_symbols);

  for (gsize t = 0; t < run->n_steps; t++)
    {
      code[run->symbols[t]] += orr_matrix_row (points, t)[0];
      counts[run->symbols[t]]++;
    }
  for (guint k = 0; k < run->n_symbols; k++)
    code[k] /= MAX (counts[k], 1);
  return code;
}

/* The numbers at one sigma, from batches taken @weight times each. */
typedef struct
{
  double rate;
  double dwell;
  double variation;
  double peak;   /* cycles a step */
  double snr;
  double error;  /* mean absolute difference of the transition matrices */
} Figures;

static double
find_peak (const double *spectrum, double *snr)
{
  guint best = 2;
  double power = 0.0, floor_sum = 0.0;
  guint n_floor = 0;

  for (guint f = 2; f + 1 < N_BINS; f++)
    {
      double smooth = spectrum[f - 1] + spectrum[f] + spectrum[f + 1];
      if (smooth > power)
        {
          power = smooth;
          best = f;
        }
    }
  for (int f = (int) best - NOISE_BINS; f <= (int) best + NOISE_BINS; f++)
    if (f >= 1 && f < N_BINS && ABS (f - (int) best) > PEAK_HALF_WIDTH)
      {
        floor_sum += spectrum[f];
        n_floor++;
      }
  *snr = floor_sum > 0.0 ? power / 3.0 / (floor_sum / n_floor) : NAN;
  return (double) best / PATH_STEPS;
}

static Figures
summarise (const Sweep *sweep, const guint *weight, const double *target, gsize K)
{
  g_autofree double *spectrum = g_new0 (double, N_BINS);
  g_autofree double *moves = g_new0 (double, K * K);
  double transitions = 0.0, dwells = 0.0, sum = 0.0, squares = 0.0, batches = 0.0, error = 0.0;
  Figures figures;
  guint compared = 0;

  for (guint b = 0; b < N_BATCHES; b++)
    {
      batches += weight[b];
      transitions += weight[b] * sweep->transitions[b];
      dwells += weight[b] * sweep->dwells[b];
      sum += weight[b] * sweep->dwell_sum[b];
      squares += weight[b] * sweep->dwell_squares[b];
      for (guint f = 0; f < N_BINS; f++)
        spectrum[f] += weight[b] * sweep->spectrum[b * N_BINS + f];
      for (gsize i = 0; i < K * K; i++)
        moves[i] += weight[b] * sweep->moves[b * K * K + i];
    }
  figures.rate = transitions / (batches * (N_PATHS / N_BATCHES) * (PATH_STEPS - 1));
  figures.dwell = dwells > 0.0 ? sum / dwells : NAN;
  figures.variation = dwells > 1.0 ? sqrt (MAX (squares / dwells - figures.dwell * figures.dwell, 0.0)) / figures.dwell : NAN;
  figures.peak = find_peak (spectrum, &figures.snr);

  for (gsize k = 0; target != NULL && k < K; k++)
    {
      double row = 0.0;
      for (gsize l = 0; l < K; l++)
        row += moves[k * K + l];
      for (gsize l = 0; l < K; l++)
        if (!isnan (target[k * K + l]))
          {
            error += fabs ((row > 0.0 ? moves[k * K + l] / row : 0.0) - target[k * K + l]);
            compared++;
          }
    }
  figures.error = compared > 0 ? error / compared : NAN;
  return figures;
}

/* 95 % contour: in each of the directions from the mean the 95 % quantile of the distance. */
static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;
  return (x > y) - (x < y);
}

static GVariant *
create_contour (const Sweep *sweep, double sigma)
{
  gsize n = N_PATHS * PATH_STEPS;
  double mean[2] = { 0.0, 0.0 }, outline[2 * N_ANGLES];
  GArray *distances[N_ANGLES];
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < n; i++)
    for (guint p = 0; p < 2; p++)
      mean[p] += sweep->points[2 * i + p] / n;
  for (guint a = 0; a < N_ANGLES; a++)
    distances[a] = g_array_new (FALSE, FALSE, sizeof (float));
  for (gsize i = 0; i < n; i++)
    {
      double x = sweep->points[2 * i] - mean[0], y = sweep->points[2 * i + 1] - mean[1];
      float r = hypot (x, y);
      guint a = MIN ((guint) ((atan2 (y, x) + G_PI) / (2.0 * G_PI) * N_ANGLES), N_ANGLES - 1);
      g_array_append_val (distances[a], r);
    }
  for (guint a = 0; a < N_ANGLES; a++)
    {
      double angle = -G_PI + (a + 0.5) * 2.0 * G_PI / N_ANGLES, r = 0.0;

      g_array_sort (distances[a], compare_floats);
      if (distances[a]->len > 0)
        r = g_array_index (distances[a], float, (guint) (0.95 * (distances[a]->len - 1)));
      outline[2 * a] = mean[0] + r * cos (angle);
      outline[2 * a + 1] = mean[1] + r * sin (angle);
    }
  g_variant_builder_add (&builder, "{sv}", "sigma", g_variant_new_double (sigma));
  g_variant_builder_add (&builder, "{sv}", "outline", orr_section_new_table (outline, N_ANGLES, 2));
  for (guint a = 0; a < N_ANGLES; a++)
    g_array_unref (distances[a]);
  return g_variant_builder_end (&builder);
}

/* The sigma of the smallest error (with a model) or the most regular dwells (without),
 * between the grid's values by the parabola through the smallest and its neighbours. */
static double
find_optimum (const double *values)
{
  guint best = N_SIGMAS;

  for (guint s = 0; s < N_SIGMAS; s++)
    if (!isnan (values[s]) && (best == N_SIGMAS || values[s] < values[best]))
      best = s;
  if (best == N_SIGMAS)
    return NAN;
  if (best == 0 || best + 1 == N_SIGMAS || isnan (values[best - 1]) || isnan (values[best + 1]))
    return sigmas[best];

  double x0 = sigmas[best - 1], x1 = sigmas[best], x2 = sigmas[best + 1];
  double d1 = (values[best] - values[best - 1]) / (x1 - x0), d2 = (values[best + 1] - values[best]) / (x2 - x1);
  double curvature = (d2 - d1) / (x2 - x0);
  return curvature > 0.0 ? CLAMP (0.5 * (x0 + x1) - 0.5 * d1 / curvature, x0, x2) : x1;
}

static double
criterion_of (const Figures *figures, gboolean has_target)
{
  return has_target ? figures->error : figures->variation;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Figures of every sigma with bootstrap intervals over the batches of paths. */
static void
add_figures (GVariantBuilder *builder, const Sweep *sweeps, const double *target, gsize K, guint64 seed)
{
  static const char *const names[6] = { "transition_rate", "mean_dwell", "dwell_variation", "spectral_peak",
                                        "signal_to_noise", "transition_matrix_error" };
  g_autofree Figures *drawn = g_new (Figures, N_BOOTSTRAP * N_SIGMAS);
  Figures figures[N_SIGMAS];
  guint weight[N_BATCHES];
  double criterion[N_SIGMAS], optima[N_BOOTSTRAP];

  for (guint b = 0; b < N_BATCHES; b++)
    weight[b] = 1;
  for (guint s = 0; s < N_SIGMAS; s++)
    {
      figures[s] = summarise (&sweeps[s], weight, target, K);
      criterion[s] = criterion_of (&figures[s], target != NULL);
    }
  double optimum = find_optimum (criterion);

  for (guint n = 0; n < N_BOOTSTRAP; n++)
    {
      memset (weight, 0, sizeof weight);
      for (guint b = 0; b < N_BATCHES; b++)
        weight[orr_random_below (seed, orr_analysis_stream (ORR_ANALYSIS_STREAM_RESONANCE, 1), n * N_BATCHES + b, N_BATCHES)]++;
      for (guint s = 0; s < N_SIGMAS; s++)
        {
          drawn[n * N_SIGMAS + s] = summarise (&sweeps[s], weight, target, K);
          criterion[s] = criterion_of (&drawn[n * N_SIGMAS + s], target != NULL);
        }
      optima[n] = find_optimum (criterion);
    }

  g_variant_builder_add (builder, "{sv}", "sigma", orr_section_new_doubles (sigmas, N_SIGMAS));
  for (guint f = 0; f < (target != NULL ? 6 : 5); f++)
    {
      double values[N_SIGMAS], bounds[2 * N_SIGMAS], column[N_BOOTSTRAP];
      g_autofree char *interval = g_strconcat (names[f], "_ci", NULL);

      for (guint s = 0; s < N_SIGMAS; s++)
        {
          /* Figures is a row of doubles in the order of the names. */
          values[s] = ((const double *) &figures[s])[f];
          for (guint n = 0; n < N_BOOTSTRAP; n++)
            column[n] = ((const double *) &drawn[n * N_SIGMAS + s])[f];
          qsort (column, N_BOOTSTRAP, sizeof (double), compare_doubles);
          bounds[2 * s] = column[(guint) (0.025 * N_BOOTSTRAP)];
          bounds[2 * s + 1] = column[(guint) (0.975 * N_BOOTSTRAP)];
        }
      g_variant_builder_add (builder, "{sv}", names[f], orr_section_new_doubles (values, N_SIGMAS));
      g_variant_builder_add (builder, "{sv}", interval, orr_section_new_table (bounds, N_SIGMAS, 2));
    }

  GVariantBuilder best;
  qsort (optima, N_BOOTSTRAP, sizeof (double), compare_doubles);
  g_variant_builder_init (&best, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&best, "{sv}", "sigma", g_variant_new_double (optimum));
  g_variant_builder_add (&best, "{sv}", "low", g_variant_new_double (optima[(guint) (0.025 * N_BOOTSTRAP)]));
  g_variant_builder_add (&best, "{sv}", "high", g_variant_new_double (optima[(guint) (0.975 * N_BOOTSTRAP)]));
  g_variant_builder_add (&best, "{sv}", "criterion",
                         g_variant_new_string (target != NULL ? "smallest transition-matrix error against the model"
                                                              : "smallest coefficient of variation of the dwell times"));
  g_variant_builder_add (builder, "{sv}", "optimum", g_variant_builder_end (&best));
}

/**
 * orr_resonance_analyze:
 *
 * What the noise's size does (SCIENCE, part 3.10): 15 values of sigma from 0.1 to 4, 64
 * paths of 512 steps each (after 50, from visited states), the same random numbers at every sigma. Section
 * `resonance`, lists over `sigma`, each with `_ci` [15][2] (95 %, bootstrap over 16
 * batches of paths):
 *   `transition_rate` (changes of the emitted symbol per step), `mean_dwell` and
 *   `dwell_variation` (coefficient of variation) of the dwells that begin and end within
 *   a path, `spectral_peak` (cycles a step; Hann periodogram of the symbols, each taken
 *   as the mean first component of the states that emit it at options->noise_sd) and `signal_to_noise` (power at the peak over that of its
 *   neighbours), with a model `transition_matrix_error` (mean absolute difference from
 *   the model's symbol transition matrix);
 *   `optimum` {`sigma`, `low`, `high`, `criterion`}; `contours`[] for sigma = 0.1, 1, 2,
 *   3, 4 with `outline` [36][2] (95 % of the visited region in the plane of the first two
 *   components); and the settings. Symbols are emitted ones here (softmax of the logits), unlike in the other analyses:
 * without biases a ReLU network is positively homogeneous, so sigma only scales its
 * states and the leading symbol does not depend on it at all; what sigma changes is how
 * clear the logits stand out of the emission's own noise.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_resonance_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                       GError **error)
{
  gsize K = network->n_symbols;

  if (K > ORR_HMM_MAX_SYMBOLS)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Resonance is measured for at most %d symbols", ORR_HMM_MAX_SYMBOLS);
      return NULL;
    }
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.1);
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, options, first, error);
  if (run == NULL)
    return NULL;
  g_autoptr (OrrPca) pca = orr_pca_new (run->states, 2, error);
  if (pca == NULL)
    return NULL;
  if (pca->n_components < 2)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Resonance needs at least two hidden units");
      return NULL;
    }
  g_autofree double *target = NULL;
  if (options->hmm != NULL && options->hmm->n_symbols == K)
    {
      target = g_new (double, K * K);
      orr_hmm_symbol_transitions (options->hmm, target);
    }

  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, 1);
  g_autofree double *code = create_code (run, pca);
  g_autoptr (OrrMatrix) visited = orr_analysis_pick_states (run->states, N_PATHS);
  g_autofree Sweep *sweeps = g_new0 (Sweep, N_SIGMAS);
  gboolean done = TRUE;
  for (guint s = 0; s < N_SIGMAS && done; s++)
    {
      done = measure (network, ensemble, pca, code, visited, sigmas[s], options, &sweeps[s], progress, error);
      orr_progress_report (progress, 0.1 + 0.9 * (s + 1) / N_SIGMAS, "Sweeping the noise");
    }

  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  if (done)
    {
      GVariantBuilder contours;

      orr_analysis_add_settings (&builder, network, options);
      add_figures (&builder, sweeps, target, K, options->seed);
      g_variant_builder_init (&contours, G_VARIANT_TYPE ("aa{sv}"));
      for (guint c = 0; c < N_CONTOURS; c++)
        for (guint s = 0; s < N_SIGMAS; s++)
          if (sigmas[s] == contour_sigmas[c])
            g_variant_builder_add_value (&contours, create_contour (&sweeps[s], sigmas[s]));
      g_variant_builder_add (&builder, "{sv}", "contours", g_variant_builder_end (&contours));
    }
  for (guint s = 0; s < N_SIGMAS; s++)
    sweep_clear (&sweeps[s]);
  return done ? g_variant_ref_sink (g_variant_builder_end (&builder)) : NULL;
}
