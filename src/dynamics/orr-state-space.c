/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-state-space.h"

#include <math.h>

#include "orr-pca.h"
#include "orr-section.h"

#define N_COMPONENTS 20
#define N_AXES 3
#define N_POINTS 1000
#define N_RELAXED 100
#define RELAX_STEPS 50

/* W_out in the coordinates of the first components: where each symbol pulls. */
static GVariant *
create_readout_axes (const OrrNetwork *network, const OrrPca *pca)
{
  gsize K = network->n_symbols, H = network->n_hidden, P = MIN (N_AXES, pca->n_components);
  g_autofree double *axes = g_new0 (double, K * P);

  for (gsize k = 0; k < K; k++)
    for (gsize p = 0; p < P; p++)
      for (gsize i = 0; i < H; i++)
        axes[k * P + p] += network->weight_out->data[k * H + i] * pca->components[p * H + i];
  return orr_section_new_table (axes, K, P);
}

static GVariant *
create_table (const OrrMatrix *matrix, gsize cols)
{
  g_autofree double *values = g_new (double, MAX (matrix->rows * cols, 1));

  for (gsize i = 0; i < matrix->rows; i++)
    for (gsize j = 0; j < cols; j++)
      values[i * cols + j] = matrix->data[i * matrix->cols + j];
  return orr_section_new_table (values, matrix->rows, cols);
}

/* (sum of eigenvalues)^2 / sum of their squares: how many directions share the variance. */
static double
compute_participation (const OrrMatrix *states)
{
  g_autoptr (OrrPca) all = orr_pca_new (states, states->cols, NULL);
  double squares = 0.0;

  if (all == NULL)
    return NAN;
  for (guint p = 0; p < all->n_components; p++)
    squares += all->variance_ratio[p] * all->variance_ratio[p];
  return squares > 0.0 ? 1.0 / squares : NAN;
}

/* How far the noise-free map carries visited states towards rest. */
static GVariant *
create_relaxation (const OrrNetwork *network, const OrrMatrix *states, OrrProgress *progress, GError **error)
{
  gsize H = network->n_hidden;
  g_autoptr (OrrMatrix) from = orr_analysis_pick_states (states, N_RELAXED);
  g_autoptr (OrrMatrix) paths = orr_trajectory_relax (network, from, RELAX_STEPS, progress, error);
  double mean[RELAX_STEPS + 1] = { 0 };

  if (paths == NULL)
    return NULL;
  for (gsize n = 0; n < from->rows; n++)
    for (gsize t = 0; t <= RELAX_STEPS; t++)
      {
        const float *h = orr_matrix_row (paths, n * (RELAX_STEPS + 1) + t);
        double norm = 0.0;

        for (gsize i = 0; i < H; i++)
          norm += (double) h[i] * h[i];
        mean[t] += sqrt (norm) / from->rows;
      }
  return orr_section_new_doubles (mean, RELAX_STEPS + 1);
}

static void
add_units (GVariantBuilder *builder, const OrrMatrix *states)
{
  gsize T = states->rows, H = states->cols;
  g_autofree double *mean = g_new0 (double, H);
  g_autofree double *active = g_new0 (double, H);

  for (gsize t = 0; t < T; t++)
    for (gsize i = 0; i < H; i++)
      {
        mean[i] += states->data[t * H + i] / T;
        active[i] += states->data[t * H + i] > 0.0f ? 1.0 / T : 0.0;
      }
  g_variant_builder_add (builder, "{sv}", "mean_activity", orr_section_new_doubles (mean, H));
  g_variant_builder_add (builder, "{sv}", "active_fraction", orr_section_new_doubles (active, H));
}

static void
add_symbols (GVariantBuilder *builder, const OrrTrajectory *run)
{
  g_autofree double *frequencies = g_new0 (double, run->n_symbols);

  for (gsize t = 0; t < run->n_steps; t++)
    frequencies[run->symbols[t]] += 1.0 / run->n_steps;
  g_variant_builder_add (builder, "{sv}", "symbol_frequencies", orr_section_new_doubles (frequencies, run->n_symbols));
}

/* Evenly spaced visited states in the first components, with the symbols emitted there. */
static void
add_points (GVariantBuilder *builder, const OrrTrajectory *run, const OrrPca *pca)
{
  gsize n = MIN (N_POINTS, run->n_steps);
  g_autoptr (OrrMatrix) picked = orr_analysis_pick_states (run->states, n);
  g_autoptr (OrrMatrix) points = orr_pca_project (pca, picked);
  g_autofree double *symbols = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    symbols[i] = run->symbols[(2 * i + 1) * run->n_steps / (2 * n)];
  g_variant_builder_add (builder, "{sv}", "points", create_table (points, MIN (N_AXES, points->cols)));
  g_variant_builder_add (builder, "{sv}", "point_symbols", orr_section_new_doubles (symbols, n));
}

/**
 * orr_state_space_analyze:
 *
 * Where the network's states lie (SCIENCE, part 3.1). Section `state_space`:
 *   `explained_variance_ratio` [up to 20], `total_variance`, `participation_ratio`
 *   (the effective number of dimensions), `mean` [H], `components` [3][H],
 *   `readout_axes` [K][3] (rows of W_out in those components), `mean_activity`
 *   and `active_fraction` [H], `symbol_frequencies` [K] of sampled symbols,
 *   `points` [1000][3] and `point_symbols` (visited states at equal distances in
 *   time), `relaxation` [51] (mean |h| after 0..50 noise-free steps from 100
 *   visited states), and the settings.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_state_space_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                         GError **error)
{
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, options, progress, error);
  if (run == NULL)
    return NULL;
  g_autoptr (OrrPca) pca = orr_pca_new (run->states, N_COMPONENTS, error);
  if (pca == NULL)
    return NULL;
  GVariant *relaxation = create_relaxation (network, run->states, progress, error);
  if (relaxation == NULL)
    return NULL;

  gsize H = network->n_hidden;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  orr_analysis_add_settings (&builder, network, options);
  g_variant_builder_add (&builder, "{sv}", "explained_variance_ratio",
                         orr_section_new_doubles (pca->variance_ratio, pca->n_components));
  g_variant_builder_add (&builder, "{sv}", "total_variance", g_variant_new_double (pca->total_variance));
  g_variant_builder_add (&builder, "{sv}", "participation_ratio",
                         g_variant_new_double (compute_participation (run->states)));
  g_variant_builder_add (&builder, "{sv}", "mean", orr_section_new_doubles (pca->mean, H));
  g_variant_builder_add (&builder, "{sv}", "components",
                         orr_section_new_table (pca->components, MIN (N_AXES, pca->n_components), H));
  g_variant_builder_add (&builder, "{sv}", "readout_axes", create_readout_axes (network, pca));
  add_units (&builder, run->states);
  add_symbols (&builder, run);
  add_points (&builder, run, pca);
  g_variant_builder_add (&builder, "{sv}", "relaxation", relaxation);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
