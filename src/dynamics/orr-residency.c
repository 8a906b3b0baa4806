/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-residency.h"

#include <math.h>
#include <string.h>

#include "orr-batch-means.h"
#include "orr-ensemble.h"
#include "orr-jacobian.h"
#include "orr-parallel.h"
#include "orr-pca.h"
#include "orr-section.h"

#define DEFAULT_STATES 2000
#define BLOCK_STATES 48
#define RELAX_STEPS 50
#define RELAX_BLOCK 200
#define N_BATCHES 20
#define N_AXES 3

/**
 * orr_zone_name:
 *
 * Returns: (transfer none): the name in sections
 */
const char *
orr_zone_name (OrrZone zone)
{
  static const char *const names[ORR_ZONE_N] = { "transition", "kick", "cluster", "other" };

  g_return_val_if_fail (zone < ORR_ZONE_N, NULL);
  return names[zone];
}

/**
 * orr_zone_classify:
 * @residency: RT in steps
 * @max_softmax: largest emission probability at the state
 */
OrrZone
orr_zone_classify (double residency, double max_softmax)
{
  if (residency < 2.0)
    return ORR_ZONE_TRANSITION;
  if (residency <= 8.0)
    return ORR_ZONE_KICK;
  return max_softmax > 0.8 ? ORR_ZONE_CLUSTER : ORR_ZONE_OTHER;
}

static float
compute_max_softmax (const float *z, gsize K)
{
  float largest = z[0];
  double sum = 0.0;

  for (gsize k = 1; k < K; k++)
    largest = MAX (largest, z[k]);
  for (gsize k = 0; k < K; k++)
    sum += exp (z[k] - largest);
  return 1.0 / sum;
}

/* One block of states, each run under the same ORR_RESIDENCY_DRAWS noise paths
 * (their errors are correlated within a block, which saves nearly all the
 * noise); a draw leaves the block when its symbol changes. */
static void
measure_block (OrrEnsembleBlock *block, const OrrMatrix *states, gsize first, gsize n, float *residency,
               float *max_softmax, OrrProgress *progress)
{
  gsize draws = ORR_RESIDENCY_DRAWS, pitch = block->ensemble->symbol_pitch;
  g_autofree guint16 *symbol = g_new (guint16, n);
  g_autofree guint8 *keep = g_new (guint8, n * draws);

  orr_ensemble_block_begin (block, n * draws, draws, first * draws);
  for (gsize s = 0; s < n; s++)
    for (gsize d = 0; d < draws; d++)
      orr_ensemble_block_set_state (block, s * draws + d, orr_matrix_row (states, first + s));
  orr_ensemble_block_read_out (block);
  for (gsize s = 0; s < n; s++)
    {
      symbol[s] = block->symbols[s * draws];
      max_softmax[first + s] = compute_max_softmax (block->logits + s * draws * pitch, block->ensemble->network->n_symbols);
      residency[first + s] = 0.0f;
    }

  for (guint t = 1; t <= ORR_RESIDENCY_CAP && block->n_rows > 0 && !orr_progress_is_cancelled (progress); t++)
    {
      orr_ensemble_block_step (block);
      orr_ensemble_block_read_out (block);
      for (gsize r = 0; r < block->n_rows; r++)
        {
          gsize s = block->tag[r] / draws;
          keep[r] = block->symbols[r] == symbol[s] && t < ORR_RESIDENCY_CAP;
          if (!keep[r])
            residency[first + s] += (float) t / draws;
        }
      orr_ensemble_block_keep (block, keep);
    }
}

/**
 * orr_residency_measure:
 * @states: [N x H]
 * @residency: (out) (array): [N] mean over 20 noise draws of the steps until the
 *   argmax symbol changes, cap 50
 * @max_softmax: (out) (array): [N] largest emission probability at each state
 * @error: (out): %ORR_ERROR_CANCELLED
 *
 * The residency time of given states (SCIENCE, part 3.4).
 */
gboolean
orr_residency_measure (const OrrNetwork *network, const OrrMatrix *states, const OrrAnalysisOptions *options,
                       float *residency, float *max_softmax, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, 1);
  gsize N = states->rows, n_blocks = (N + BLOCK_STATES - 1) / BLOCK_STATES, done = 0;

#pragma omp parallel num_threads (orr_parallel_threads (options->threads))
  {
    g_autoptr (OrrEnsembleBlock) block =
        orr_ensemble_block_new (ensemble, BLOCK_STATES * ORR_RESIDENCY_DRAWS, ORR_RESIDENCY_DRAWS);

    block->noise_sd = options->noise_sd;
    block->seed = options->seed;
    block->stream = orr_analysis_stream (ORR_ANALYSIS_STREAM_RESIDENCY, 0);
#pragma omp for schedule (dynamic, 1)
    for (gsize b = 0; b < n_blocks; b++)
      {
        if (orr_progress_is_cancelled (progress))
          continue;
        measure_block (block, states, b * BLOCK_STATES, MIN (BLOCK_STATES, N - b * BLOCK_STATES), residency,
                       max_softmax, progress);
#pragma omp critical (orr_residency_progress)
        orr_progress_report (progress, (double) ++done / n_blocks, "Measuring residency times");
      }
  }
  return orr_progress_check (progress, error);
}

/* What else is told of each state. */
typedef struct
{
  gsize   n;
  float  *residency;
  float  *max_softmax;
  double *sign_changes;
  double *unstable;
} Profile;

static void
profile_clear (Profile *profile)
{
  g_free (profile->residency);
  g_free (profile->max_softmax);
  g_free (profile->sign_changes);
  g_free (profile->unstable);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Profile, profile_clear)

/* Sign changes of the increments of the logit that leads at the state, along the
 * noise-free path from it. */
static guint
count_sign_changes (const OrrNetwork *network, const float *path, guint n_steps)
{
  gsize H = network->n_hidden, K = network->n_symbols, leading = 0;
  g_autofree double *first = g_new0 (double, K);
  double before = 0.0, increment = 0.0;
  guint changes = 0;

  for (gsize k = 0; k < K; k++)
    {
      for (gsize i = 0; i < H; i++)
        first[k] += (double) network->weight_out->data[k * H + i] * path[i];
      first[k] += network->bias_out != NULL ? network->bias_out->data[k] : 0.0;
      leading = first[k] > first[leading] ? k : leading;
    }

  const float *axis = network->weight_out->data + leading * H;
  for (guint t = 0; t <= n_steps; t++)
    {
      double z = 0.0;

      for (gsize i = 0; i < H; i++)
        z += (double) axis[i] * path[t * H + i];
      double step = z - before;
      if (t > 1)
        changes += step * increment < 0.0;
      increment = t > 0 ? step : 0.0;
      before = z;
    }
  return changes;
}

static gboolean
fill_sign_changes (const OrrNetwork *network, const OrrMatrix *states, Profile *profile, OrrProgress *progress,
                   GError **error)
{
  gsize H = network->n_hidden;

  for (gsize first = 0; first < profile->n; first += RELAX_BLOCK)
    {
      gsize n = MIN (RELAX_BLOCK, profile->n - first);
      g_autoptr (OrrMatrix) from = orr_matrix_new (n, H);

      memcpy (from->data, orr_matrix_row (states, first), n * H * sizeof (float));
      g_autoptr (OrrMatrix) paths = orr_trajectory_relax (network, from, RELAX_STEPS, progress, error);
      if (paths == NULL)
        return FALSE;
      for (gsize i = 0; i < n; i++)
        profile->sign_changes[first + i] =
            count_sign_changes (network, orr_matrix_row (paths, i * (RELAX_STEPS + 1)), RELAX_STEPS);
    }
  return TRUE;
}

static gboolean
fill_unstable (const OrrNetwork *network, const OrrMatrix *states, const OrrAnalysisOptions *options,
               Profile *profile, OrrProgress *progress, GError **error)
{
  gsize done = 0;

#pragma omp parallel num_threads (orr_parallel_threads (options->threads))
  {
    g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (network);

#pragma omp for schedule (dynamic, 4)
    for (gsize s = 0; s < profile->n; s++)
      {
        if (orr_progress_is_cancelled (progress))
          continue;
        profile->unstable[s] =
            orr_jacobian_decompose (jacobian, orr_matrix_row (states, s)) ? orr_jacobian_n_unstable (jacobian) : NAN;
#pragma omp critical (orr_residency_progress)
        orr_progress_report (progress, (double) ++done / profile->n, "Counting unstable directions");
      }
  }
  return orr_progress_check (progress, error);
}

static void
add_interval (GVariantBuilder *builder, const char *name, const OrrBatchMeans *means, gsize bin)
{
  g_autofree char *interval = g_strconcat (name, "_ci", NULL);
  double mean, half_width;

  orr_batch_means_get (means, bin, &mean, &half_width);
  const double bounds[2] = { mean - half_width, mean + half_width };
  g_variant_builder_add (builder, "{sv}", name, g_variant_new_double (mean));
  g_variant_builder_add (builder, "{sv}", interval, orr_section_new_doubles (bounds, 2));
}

static GVariant *
create_zones (const Profile *profile)
{
  g_autoptr (OrrBatchMeans) share = orr_batch_means_new (ORR_ZONE_N, N_BATCHES);
  g_autoptr (OrrBatchMeans) residency = orr_batch_means_new (ORR_ZONE_N, N_BATCHES);
  g_autoptr (OrrBatchMeans) unstable = orr_batch_means_new (ORR_ZONE_N, N_BATCHES);
  g_autoptr (OrrBatchMeans) changes = orr_batch_means_new (ORR_ZONE_N, N_BATCHES);
  GVariantBuilder zones;

  for (gsize s = 0; s < profile->n; s++)
    {
      OrrZone zone = orr_zone_classify (profile->residency[s], profile->max_softmax[s]);
      gsize batch = s * N_BATCHES / profile->n;

      for (guint z = 0; z < ORR_ZONE_N; z++)
        orr_batch_means_add (share, batch, z, z == zone);
      orr_batch_means_add (residency, batch, zone, profile->residency[s]);
      orr_batch_means_add (changes, batch, zone, profile->sign_changes[s]);
      if (!isnan (profile->unstable[s]))
        orr_batch_means_add (unstable, batch, zone, profile->unstable[s]);
    }
  g_variant_builder_init (&zones, G_VARIANT_TYPE_VARDICT);
  for (guint z = 0; z < ORR_ZONE_N; z++)
    {
      GVariantBuilder zone;

      g_variant_builder_init (&zone, G_VARIANT_TYPE_VARDICT);
      add_interval (&zone, "fraction", share, z);
      add_interval (&zone, "mean_residency", residency, z);
      add_interval (&zone, "unstable_directions", unstable, z);
      add_interval (&zone, "sign_changes", changes, z);
      g_variant_builder_add (&zones, "{sv}", orr_zone_name (z), g_variant_builder_end (&zone));
    }
  return g_variant_builder_end (&zones);
}

static void
add_states (GVariantBuilder *builder, const Profile *profile, const OrrMatrix *states, const OrrTrajectory *run)
{
  g_autoptr (OrrPca) pca = orr_pca_new (run->states, N_AXES, NULL);
  g_autofree double *zones = g_new (double, profile->n);

  for (gsize s = 0; s < profile->n; s++)
    zones[s] = orr_zone_classify (profile->residency[s], profile->max_softmax[s]);
  if (pca != NULL)
    {
      g_autoptr (OrrMatrix) points = orr_pca_project (pca, states);
      g_autofree double *values = g_new (double, points->rows * points->cols);

      for (gsize i = 0; i < points->rows * points->cols; i++)
        values[i] = points->data[i];
      g_variant_builder_add (builder, "{sv}", "points", orr_section_new_table (values, points->rows, points->cols));
    }
  g_variant_builder_add (builder, "{sv}", "point_residency", orr_section_new_floats (profile->residency, profile->n));
  g_variant_builder_add (builder, "{sv}", "point_softmax", orr_section_new_floats (profile->max_softmax, profile->n));
  g_variant_builder_add (builder, "{sv}", "point_zone", orr_section_new_doubles (zones, profile->n));
  g_variant_builder_add (builder, "{sv}", "point_sign_changes",
                         orr_section_new_doubles (profile->sign_changes, profile->n));
  g_variant_builder_add (builder, "{sv}", "point_unstable_directions",
                         orr_section_new_doubles (profile->unstable, profile->n));
}

/**
 * orr_residency_analyze:
 *
 * How long the network stays (SCIENCE, part 3.4), measured from visited states at
 * equal distances in time (2000, or options->n_states). Section `residency`:
 *   `zones`.{`transition`, `kick`, `cluster`, `other`}.{`fraction`,
 *   `mean_residency` (steps), `unstable_directions` (|z| > 1 of the noise-free
 *   Jacobian at the state), `sign_changes` (of the leading logit's increments along
 *   50 noise-free steps)}, each with `_ci` [2] (95 %, by batch means over 20
 *   stretches of time; NaN where a zone is hardly visited);
 *   `draws`, `cap`, `states`; for each state `points` [n][3] (principal
 *   components), `point_residency`, `point_softmax`, `point_zone` (0 transition, 1
 *   kick, 2 cluster, 3 other), `point_sign_changes`, `point_unstable_directions`;
 *   and the settings.
 * Zones: transition RT < 2, kick 2..8, cluster RT > 8 with max softmax > 0.8; the
 * rest, long stays without a clear symbol, is `other`.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_residency_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                       GError **error)
{
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.1);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.1, 0.5);
  g_autoptr (OrrProgress) third = orr_progress_new_part (progress, 0.5, 1.0);
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, options, first, error);
  if (run == NULL)
    return NULL;

  g_autoptr (OrrMatrix) states =
      orr_analysis_pick_states (run->states, options->n_states > 0 ? options->n_states : DEFAULT_STATES);
  gsize n = states->rows;
  g_auto (Profile) profile = { .n = n, .residency = g_new (float, n), .max_softmax = g_new (float, n),
                               .sign_changes = g_new (double, n), .unstable = g_new (double, n) };
  if (!orr_residency_measure (network, states, options, profile.residency, profile.max_softmax, second, error) ||
      !fill_sign_changes (network, states, &profile, third, error) ||
      !fill_unstable (network, states, options, &profile, third, error))
    return NULL;

  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  orr_analysis_add_settings (&builder, network, options);
  g_variant_builder_add (&builder, "{sv}", "draws", g_variant_new_int32 (ORR_RESIDENCY_DRAWS));
  g_variant_builder_add (&builder, "{sv}", "cap", g_variant_new_int32 (ORR_RESIDENCY_CAP));
  g_variant_builder_add (&builder, "{sv}", "states", g_variant_new_int32 (n));
  g_variant_builder_add (&builder, "{sv}", "zones", create_zones (&profile));
  add_states (&builder, &profile, states, run);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
