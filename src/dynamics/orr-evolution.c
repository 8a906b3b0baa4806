/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-evolution.h"

#include <math.h>

#include "orr-ensemble.h"
#include "orr-error.h"
#include "orr-jacobian.h"
#include "orr-parallel.h"
#include "orr-pca.h"
#include "orr-section.h"
#include "orr-transitions.h"

#define MAX_STEPS 6000
#define DEFAULT_STATES 500
#define RESPONSE_STATES 32
#define RESPONSE_DRAWS 32
#define N_POINTS 200
#define N_AXES 3
#define CRITICAL_RE 0.1
#define CRITICAL_IM 0.05
#define JUMP 0.02
#define JUMP_SIGNIFICANCE 3.0 /* standard errors */

/* What is told of each snapshot, a list over epochs each. */
enum
{
  EPOCH,
  TRANSITION_RATE,
  LEADING_RATE,
  CRITICAL,
  CRITICAL_PAIRS,
  UNSTABLE,
  UNSTABLE_DIRECTIONS,
  N_LISTS,
};

static const char *const list_names[N_LISTS] = {
  "epoch", "transition_rate", "leading_transition_rate", "critical_indicator", "critical_pairs", "unstable_indicator",
  "unstable_directions",
};

static double
compute_emitted_rate (const OrrTrajectory *run)
{
  gsize changes = 0;

  for (gsize t = 1; t < run->n_steps; t++)
    changes += run->symbols[t] != run->symbols[t - 1];
  return (double) changes / MAX (run->n_steps - 1, 1);
}

/* Spectra at visited states: how many have a near-critical pair, how many expand. */
static gboolean
measure_spectra (const OrrNetwork *network, const OrrMatrix *states, const OrrAnalysisOptions *options, double *row,
                 OrrProgress *progress, GError **error)
{
  gsize n = states->rows, defined = 0;
  g_autofree int *pairs = g_new (int, n);
  g_autofree int *unstable = g_new (int, n);

#pragma omp parallel num_threads (orr_parallel_threads (options->threads))
  {
    g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (network);

#pragma omp for schedule (dynamic, 4)
    for (gsize s = 0; s < n; s++)
      {
        pairs[s] = -1;
        if (orr_progress_is_cancelled (progress) || !orr_jacobian_decompose (jacobian, orr_matrix_row (states, s)))
          continue;
        pairs[s] = orr_jacobian_n_critical (jacobian, CRITICAL_RE, CRITICAL_IM);
        unstable[s] = orr_jacobian_n_unstable (jacobian);
      }
  }
  if (!orr_progress_check (progress, error))
    return FALSE;

  row[CRITICAL] = row[CRITICAL_PAIRS] = row[UNSTABLE] = row[UNSTABLE_DIRECTIONS] = 0.0;
  for (gsize s = 0; s < n; s++)
    {
      if (pairs[s] < 0)
        continue;
      defined++;
      row[CRITICAL] += pairs[s] > 0;
      row[CRITICAL_PAIRS] += pairs[s];
      row[UNSTABLE] += unstable[s] > 0;
      row[UNSTABLE_DIRECTIONS] += unstable[s];
    }
  for (guint f = CRITICAL; f <= UNSTABLE_DIRECTIONS; f++)
    row[f] = defined > 0 ? row[f] / defined : NAN;
  return TRUE;
}

/* E [dh_2]: mean activity after two steps of noise less that after two steps without. */
static void
measure_response (const OrrNetwork *network, const OrrMatrix *states, const OrrAnalysisOptions *options, double *response)
{
  gsize H = network->n_hidden;
  g_autoptr (OrrMatrix) picked = orr_analysis_pick_states (states, RESPONSE_STATES);
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, 2);
  g_autoptr (OrrEnsembleBlock) block = orr_ensemble_block_new (ensemble, 2 * RESPONSE_DRAWS, RESPONSE_DRAWS);

  /* Gain set 1 hears no noise. */
  for (guint u = 0; u < H; u++)
    orr_ensemble_set_gain (ensemble, 1, u, 1.0, 0.0);
  block->noise_sd = options->noise_sd;
  block->seed = options->seed;
  block->stream = orr_analysis_stream (ORR_ANALYSIS_STREAM_EVOLUTION, 0);
  for (gsize i = 0; i < H; i++)
    response[i] = 0.0;
  for (gsize s = 0; s < picked->rows; s++)
    {
      orr_ensemble_block_begin (block, 2 * RESPONSE_DRAWS, RESPONSE_DRAWS, s * RESPONSE_DRAWS);
      for (gsize r = 0; r < 2 * RESPONSE_DRAWS; r++)
        {
          block->gain[r] = r >= RESPONSE_DRAWS;
          orr_ensemble_block_set_state (block, r, orr_matrix_row (picked, s));
        }
      orr_ensemble_block_step (block);
      orr_ensemble_block_step (block);
      for (gsize r = 0; r < 2 * RESPONSE_DRAWS; r++)
        for (gsize i = 0; i < H; i++)
          response[i] += (r < RESPONSE_DRAWS ? 1.0 : -1.0) * block->states[r * ensemble->pitch + i] /
                         (RESPONSE_DRAWS * picked->rows);
    }
}

/* The snapshot's own plane: a layer of the stacked orbits. */
static GVariant *
create_layer (const OrrTrajectory *run, guint epoch, const double *response, GError **error)
{
  g_autoptr (OrrPca) pca = orr_pca_new (run->states, N_AXES, error);
  if (pca == NULL)
    return NULL;
  g_autoptr (OrrMatrix) picked = orr_analysis_pick_states (run->states, N_POINTS);
  g_autoptr (OrrMatrix) points = orr_pca_project (pca, picked);
  g_autofree double *values = g_new (double, points->rows * points->cols);
  g_autofree double *symbols = g_new (double, points->rows);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < points->rows * points->cols; i++)
    values[i] = points->data[i];
  for (gsize i = 0; i < points->rows; i++)
    symbols[i] = run->symbols[(2 * i + 1) * run->n_steps / (2 * points->rows)];
  g_variant_builder_add (&builder, "{sv}", "epoch", g_variant_new_int64 (epoch));
  g_variant_builder_add (&builder, "{sv}", "explained_variance_ratio",
                         orr_section_new_doubles (pca->variance_ratio, pca->n_components));
  g_variant_builder_add (&builder, "{sv}", "points", orr_section_new_table (values, points->rows, points->cols));
  g_variant_builder_add (&builder, "{sv}", "point_symbols", orr_section_new_doubles (symbols, points->rows));
  g_variant_builder_add (&builder, "{sv}", "second_order_response", orr_section_new_doubles (response, run->n_hidden));
  return g_variant_builder_end (&builder);
}

/* One snapshot: fills column @index of the lists and returns its layer. */
static GVariant *
measure_snapshot (const OrrAnalysisOptions *options, guint index, guint n_states, double *lists, OrrProgress *progress,
                  GError **error)
{
  const OrrNetwork *network = options->snapshots[index];
  OrrAnalysisOptions run_options = *options;
  double row[N_LISTS] = { options->snapshot_epochs[index] };
  g_autofree double *response = g_new (double, network->n_hidden);

  run_options.n_steps = MIN (options->n_steps, MAX_STEPS);
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, &run_options, progress, error);
  if (run == NULL)
    return NULL;
  g_autoptr (OrrTransitions) transitions = orr_transitions_new (run);
  g_autoptr (OrrMatrix) states = orr_analysis_pick_states (run->states, n_states);
  row[TRANSITION_RATE] = compute_emitted_rate (run);
  row[LEADING_RATE] = orr_transitions_rate (transitions);
  if (!measure_spectra (network, states, options, row, progress, error))
    return NULL;
  measure_response (network, run->states, options, response);
  for (guint f = 0; f < N_LISTS; f++)
    lists[f * options->n_snapshots + index] = row[f];
  return create_layer (run, options->snapshot_epochs[index], response, error);
}

/* A snapshot whose activity grew beyond all bounds: known by its epoch alone. */
static void
fill_undefined (const OrrAnalysisOptions *options, guint index, double *lists)
{
  for (guint f = 0; f < N_LISTS; f++)
    lists[f * options->n_snapshots + index] = f == EPOCH ? options->snapshot_epochs[index] : NAN;
}

/* The first jump of the indicator that is larger than JUMP and than its own error. */
static void
add_bifurcation (GVariantBuilder *builder, const double *epochs, const double *indicator, guint n, guint n_states)
{
  double epoch = NAN, jump = NAN;

  for (guint i = 1; i < n && isnan (epoch); i++)
    {
      double p = 0.5 * (indicator[i] + indicator[i - 1]);
      double standard_error = sqrt (2.0 * p * (1.0 - p) / n_states);
      double rise = indicator[i] - indicator[i - 1];

      if (rise > JUMP && rise > JUMP_SIGNIFICANCE * standard_error)
        {
          epoch = epochs[i];
          jump = rise;
        }
    }
  g_variant_builder_add (builder, "{sv}", "bifurcation_epoch", g_variant_new_double (epoch));
  g_variant_builder_add (builder, "{sv}", "bifurcation_jump", g_variant_new_double (jump));
}

/**
 * orr_evolution_analyze:
 * @network: the trained network (the snapshots are what is looked at)
 * @error: (out): %ORR_ERROR_INPUT with fewer than two snapshots
 *
 * How the dynamics came about over training (SCIENCE, part 3.9). Section `evolution`,
 * lists over the snapshots:
 *   `epoch`, `transition_rate` (changes of the emitted symbol per step),
 *   `leading_transition_rate` (of the argmax), `critical_indicator` (share of 500 visited
 *   states, or options->n_states, whose Jacobian has a complex pair with |Re w| < 0.1 and
 *   Im w > 0.05), `critical_pairs` (their mean number), `unstable_indicator` (share of
 *   states with some |z| > 1), `unstable_directions` (mean number); NaN, and no layer, for
 *   a snapshot whose activity grows beyond all bounds;
 *   `layers`[] with `epoch`, `explained_variance_ratio` [3], `points` [200][3] and
 *   `point_symbols` (in the snapshot's own components), `second_order_response` [H]
 *   (E[dh_2]: mean activity after two steps of noise less that after two without it, over
 *   32 visited states);
 *   `bifurcation_epoch` and `bifurcation_jump`: the first snapshot whose critical indicator
 *   lies more than 0.02, and more than three standard errors, above that of the snapshot
 *   before (NaN when none does); `states`; and the settings.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_evolution_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                       GError **error)
{
  guint n = options->n_snapshots, n_states = options->n_states > 0 ? options->n_states : DEFAULT_STATES;

  if (n < 2)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "The evolution over training needs at least two snapshots of it");
      return NULL;
    }

  g_autofree double *lists = g_new0 (double, N_LISTS * n);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder layers;
  g_variant_builder_init (&layers, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrProgress) part = orr_progress_new_part (progress, (double) i / n, (i + 1.0) / n);
      g_autoptr (GError) local = NULL;
      GVariant *layer = measure_snapshot (options, i, n_states, lists, part, &local);

      if (layer != NULL)
        g_variant_builder_add_value (&layers, layer);
      else if (g_error_matches (local, ORR_ERROR, ORR_ERROR_NUMERIC))
        fill_undefined (options, i, lists);
      else
        {
          g_variant_builder_clear (&layers);
          g_propagate_prefixed_error (error, g_steal_pointer (&local), "Epoch %u: ", options->snapshot_epochs[i]);
          return NULL;
        }
    }
  orr_analysis_add_settings (&builder, network, options);
  for (guint f = 0; f < N_LISTS; f++)
    g_variant_builder_add (&builder, "{sv}", list_names[f], orr_section_new_doubles (lists + f * n, n));
  add_bifurcation (&builder, lists, lists + CRITICAL * n, n, n_states);
  g_variant_builder_add (&builder, "{sv}", "states", g_variant_new_int32 (n_states));
  g_variant_builder_add (&builder, "{sv}", "layers", g_variant_builder_end (&layers));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
