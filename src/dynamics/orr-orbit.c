/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "orr-batch-means.h"
#include "orr-error.h"
#include "orr-parallel.h"
#include "orr-pca.h"
#include "orr-phase.h"
#include "orr-random.h"
#include "orr-section.h"

#define N_BINS 36
#define N_BATCHES 20
#define N_SHUFFLES 999
#define N_AXES 3

/* The trajectory in the plane of the first two components, around the orbit's centre. */
typedef struct
{
  const OrrTrajectory *run;
  gsize                n;      /* steps */
  OrrMatrix           *points; /* [n x axes] */
  double               centre[2];
  double              *x;      /* [n] from the centre */
  double              *y;
  double              *theta;  /* [n] in (-pi, pi] */
  double              *turn;   /* [n - 1] theta's change at each step, in (-pi, pi] */
  double               circulation;
  double               null_mean;
  double               null_sd;
  double               p_value;
} Orbit;

static void
orbit_clear (Orbit *orbit)
{
  g_clear_pointer (&orbit->points, orr_matrix_unref);
  g_free (orbit->x);
  g_free (orbit->y);
  g_free (orbit->theta);
  g_free (orbit->turn);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Orbit, orbit_clear)

static void
fill_phase (Orbit *orbit)
{
  gsize n = orbit->n, axes = orbit->points->cols;
  double *coordinates[2];

  orbit->x = g_new (double, n);
  orbit->y = g_new (double, n);
  orbit->theta = g_new (double, n);
  orbit->turn = g_new (double, n - 1);
  orr_phase_find_centre (orbit->points, orbit->centre);
  coordinates[0] = orbit->x;
  coordinates[1] = orbit->y;
  for (guint a = 0; a < 2; a++)
    {
      for (gsize t = 0; t < n; t++)
        coordinates[a][t] = orbit->points->data[t * axes + a] - orbit->centre[a];
    }
  for (gsize t = 0; t < n; t++)
    orbit->theta[t] = atan2 (orbit->y[t], orbit->x[t]);
  for (gsize t = 0; t + 1 < n; t++)
    orbit->turn[t] = orr_phase_difference (orbit->theta[t], orbit->theta[t + 1]);
}

/* Signed area swept per step, for the steps in the order of @order (%NULL: as they came). */
static double
sweep_area (const Orbit *orbit, const guint32 *order)
{
  double area = 0.0;

  for (gsize t = 0; t + 1 < orbit->n; t++)
    {
      gsize a = order != NULL ? order[t] : t, b = order != NULL ? order[t + 1] : t + 1;
      area += orbit->x[a] * orbit->y[b] - orbit->x[b] * orbit->y[a];
    }
  return 0.5 * area / (orbit->n - 1);
}

/* The same states in random order, many times. */
static gboolean
compare_with_shuffled (Orbit *orbit, const OrrAnalysisOptions *options, OrrProgress *progress, GError **error)
{
  g_autofree double *null = g_new0 (double, N_SHUFFLES);
  gsize extreme = 0;

  orbit->circulation = sweep_area (orbit, NULL);
#pragma omp parallel num_threads (orr_parallel_threads (options->threads))
  {
    g_autofree guint32 *order = g_new (guint32, orbit->n);

#pragma omp for schedule (dynamic, 8)
    for (guint s = 0; s < N_SHUFFLES; s++)
      {
        if (orr_progress_is_cancelled (progress))
          continue;
        for (gsize t = 0; t < orbit->n; t++)
          order[t] = t;
        orr_random_shuffle (order, orbit->n, options->seed, orr_random_substream (ORR_RANDOM_STREAM_SHUFFLE, s));
        null[s] = sweep_area (orbit, order);
        orr_progress_report (progress, 0.4 + 0.6 * s / N_SHUFFLES, "Comparing with shuffled time");
      }
  }
  if (!orr_progress_check (progress, error))
    return FALSE;

  for (guint s = 0; s < N_SHUFFLES; s++)
    extreme += fabs (null[s]) >= fabs (orbit->circulation);
  orbit->p_value = (1.0 + extreme) / (1.0 + N_SHUFFLES);
  orbit->null_mean = gsl_stats_mean (null, 1, N_SHUFFLES);
  orbit->null_sd = gsl_stats_sd (null, 1, N_SHUFFLES);
  return TRUE;
}

static gsize
find_bin (double theta)
{
  return MIN ((gsize) ((theta + G_PI) / (2.0 * G_PI) * N_BINS), N_BINS - 1);
}

static void
add_means (GVariantBuilder *builder, const char *name, const OrrBatchMeans *means, gsize per_bin)
{
  g_autofree double *mean = g_new (double, means->n_bins);
  g_autofree double *low = g_new (double, means->n_bins);
  g_autofree double *high = g_new (double, means->n_bins);
  g_autofree char *low_name = g_strconcat (name, "_low", NULL);
  g_autofree char *high_name = g_strconcat (name, "_high", NULL);
  const struct { const char *name; const double *values; } fields[3] = {
    { name, mean }, { low_name, low }, { high_name, high },
  };

  for (gsize i = 0; i < means->n_bins; i++)
    {
      double half_width;
      orr_batch_means_get (means, i, &mean[i], &half_width);
      low[i] = mean[i] - half_width;
      high[i] = mean[i] + half_width;
    }
  for (guint f = 0; f < 3; f++)
    g_variant_builder_add (builder, "{sv}", fields[f].name,
                           per_bin == 1 ? orr_section_new_doubles (fields[f].values, N_BINS)
                                        : orr_section_new_table (fields[f].values, N_BINS, per_bin));
}

/* Mean softmax of the logits by phase: p_k (theta). */
static void
add_emission (GVariantBuilder *builder, const Orbit *orbit)
{
  gsize K = orbit->run->n_symbols;
  g_autoptr (OrrBatchMeans) emission = orr_batch_means_new (N_BINS * K, N_BATCHES);

  for (gsize t = 0; t < orbit->n; t++)
    {
      const float *z = orr_matrix_row (orbit->run->logits, t);
      gsize bin = find_bin (orbit->theta[t]), batch = t * N_BATCHES / orbit->n;
      double largest = z[0], sum = 0.0;

      for (gsize k = 1; k < K; k++)
        largest = MAX (largest, z[k]);
      for (gsize k = 0; k < K; k++)
        sum += exp (z[k] - largest);
      for (gsize k = 0; k < K; k++)
        orr_batch_means_add (emission, batch, bin * K + k, exp (z[k] - largest) / sum);
    }
  add_means (builder, "emission_by_phase", emission, K);
}

/* Speed, radius and mean place by phase. */
static void
add_by_phase (GVariantBuilder *builder, const Orbit *orbit)
{
  gsize axes = orbit->points->cols;
  g_autoptr (OrrBatchMeans) speed = orr_batch_means_new (N_BINS, N_BATCHES);
  g_autoptr (OrrBatchMeans) radius = orr_batch_means_new (N_BINS, N_BATCHES);
  g_autoptr (OrrBatchMeans) place = orr_batch_means_new (N_BINS * axes, N_BATCHES);
  double phase[N_BINS], occupancy[N_BINS] = { 0 }, tube[N_BINS], squares[N_BINS] = { 0 };

  for (gsize t = 0; t < orbit->n; t++)
    {
      gsize bin = find_bin (orbit->theta[t]), batch = t * N_BATCHES / orbit->n;
      double r = hypot (orbit->x[t], orbit->y[t]);

      if (t + 1 < orbit->n)
        orr_batch_means_add (speed, batch, bin, orbit->turn[t]);
      orr_batch_means_add (radius, batch, bin, r);
      for (gsize a = 0; a < axes; a++)
        orr_batch_means_add (place, batch, bin * axes + a, orbit->points->data[t * axes + a]);
      occupancy[bin] += 1.0 / orbit->n;
      squares[bin] += r * r / orbit->n;
    }
  for (gsize b = 0; b < N_BINS; b++)
    {
      double mean, half_width;

      orr_batch_means_get (radius, b, &mean, &half_width);
      phase[b] = -G_PI + (b + 0.5) * 2.0 * G_PI / N_BINS;
      tube[b] = occupancy[b] > 0.0 ? sqrt (MAX (squares[b] / occupancy[b] - mean * mean, 0.0)) : NAN;
    }
  g_variant_builder_add (builder, "{sv}", "phase", orr_section_new_doubles (phase, N_BINS));
  g_variant_builder_add (builder, "{sv}", "phase_occupancy", orr_section_new_doubles (occupancy, N_BINS));
  add_means (builder, "phase_speed", speed, 1);
  add_means (builder, "radius", radius, 1);
  g_variant_builder_add (builder, "{sv}", "radius_sd", orr_section_new_doubles (tube, N_BINS));
  add_means (builder, "mean_orbit", place, axes);
}

static void
add_rotation (GVariantBuilder *builder, const Orbit *orbit)
{
  double turned = 0.0, square = 0.0;

  for (gsize t = 0; t + 1 < orbit->n; t++)
    turned += orbit->turn[t];
  for (gsize t = 0; t < orbit->n; t++)
    square += (orbit->x[t] * orbit->x[t] + orbit->y[t] * orbit->y[t]) / orbit->n;
  g_variant_builder_add (builder, "{sv}", "rotations", g_variant_new_double (turned / (2.0 * G_PI)));
  g_variant_builder_add (builder, "{sv}", "period",
                         g_variant_new_double (turned != 0.0 ? 2.0 * G_PI * orbit->n / fabs (turned) : INFINITY));
  /* A rigid rotation by w radians a step has 1/2 <r^2> sin w: so this is about w. */
  g_variant_builder_add (builder, "{sv}", "circulation_normalised",
                         g_variant_new_double (square > 0.0 ? 2.0 * orbit->circulation / square : 0.0));
}

/**
 * orr_orbit_analyze:
 *
 * The orbit in the plane of the first two principal components (SCIENCE, part
 * 3.3). Section `orbit`:
 *   `centre` [2] (middle between the 0.5 % and 99.5 % quantiles of each
 *   component), `circulation` (signed area per step around it),
 *   `circulation_normalised` (the same over half the mean squared radius: radians
 *   a step of a rigid rotation), `circulation_p_value` (two-sided, against 999
 *   shuffles of time), `circulation_null` {`mean`, `sd`}, `rotations` (net turns of
 *   the phase), `period` (steps a turn);
 *   in 36 bins of phase: `phase` (radians, bin centres), `phase_occupancy`,
 *   `phase_speed` (radians a step), `radius`, `mean_orbit` [36][3], and
 *   `emission_by_phase` [36][K] (mean softmax of the logits), each with `_low` and
 *   `_high` (95 % confidence by batch means over 20 stretches of time, NaN where a
 *   bin has too few visits); `radius_sd` (the tube); and the settings.
 * The sign of phase and circulation depends on the signs of the components, which
 * are fixed by the rule of #OrrPca.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_orbit_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                   GError **error)
{
  if (network->n_hidden < 2)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "An orbit needs at least two hidden units");
      return NULL;
    }
  g_autoptr (OrrProgress) part = orr_progress_new_part (progress, 0.0, 0.4);
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, options, part, error);
  if (run == NULL)
    return NULL;
  g_autoptr (OrrPca) pca = orr_pca_new (run->states, N_AXES, error);
  if (pca == NULL)
    return NULL;

  g_auto (Orbit) orbit = { .run = run, .n = run->n_steps };
  orbit.points = orr_pca_project (pca, run->states);
  fill_phase (&orbit);
  if (!compare_with_shuffled (&orbit, options, progress, error))
    return NULL;

  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder null;
  orr_analysis_add_settings (&builder, network, options);
  g_variant_builder_add (&builder, "{sv}", "centre", orr_section_new_doubles (orbit.centre, 2));
  g_variant_builder_add (&builder, "{sv}", "circulation", g_variant_new_double (orbit.circulation));
  g_variant_builder_add (&builder, "{sv}", "circulation_p_value", g_variant_new_double (orbit.p_value));
  g_variant_builder_init (&null, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&null, "{sv}", "mean", g_variant_new_double (orbit.null_mean));
  g_variant_builder_add (&null, "{sv}", "sd", g_variant_new_double (orbit.null_sd));
  g_variant_builder_add (&builder, "{sv}", "circulation_null", g_variant_builder_end (&null));
  add_rotation (&builder, &orbit);
  add_by_phase (&builder, &orbit);
  add_emission (&builder, &orbit);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
