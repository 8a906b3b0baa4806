/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sensitivity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-batch-means.h"
#include "orr-ensemble.h"
#include "orr-error.h"
#include "orr-residency.h"
#include "orr-section.h"
#include "orr-transitions.h"

#define N_STEPS 6
#define N_DRAWS 100
#define N_GAINS 3
#define N_DWELLS 20      /* dwells whose start points are used */
#define MAX_TRIED 60     /* longest dwells in which start points are looked for */
#define LONGEST_LOOK 120 /* steps before a transition in which they are looked for */

static const double gains[N_GAINS] = { 0.0, 0.5, 1.0 };

/* The two kinds of start point. */
enum
{
  KIND_CLUSTER,
  KIND_KICK,
  N_KINDS,
};

static const char *const kind_names[N_KINDS] = { "cluster", "kick" };

typedef struct
{
  guint  time[N_KINDS];
  double residency[N_KINDS];
  guint  symbol;
  guint  dwell;
} Starts;

typedef struct
{
  const OrrNetwork         *network;
  const OrrAnalysisOptions *options;
  const OrrTrajectory      *run;
  OrrEnsemble              *ensemble;
  OrrEnsembleBlock         *block;
} Drive;

static int
compare_dwells (gconstpointer a, gconstpointer b)
{
  const OrrTransition *x = a, *y = b;

  if (x->dwell != y->dwell)
    return x->dwell < y->dwell ? 1 : -1;
  return (x->time > y->time) - (x->time < y->time);
}

/* In the dwell before a transition: the cluster state nearest to the middle of it, and
 * the last kick-zone state that leaves N_STEPS before the end where there is one. */
static gboolean
find_starts (const Drive *drive, const OrrTransition *transition, Starts *starts, OrrProgress *progress,
             GError **error)
{
  guint n = MIN (transition->dwell, LONGEST_LOOK), first = transition->time - n, middle = transition->time - n / 2;
  g_autoptr (OrrMatrix) states = orr_matrix_new (n, drive->network->n_hidden);
  g_autofree float *residency = g_new (float, n);
  g_autofree float *max_softmax = g_new (float, n);
  gboolean found[N_KINDS] = { FALSE, FALSE };

  memcpy (states->data, orr_matrix_row (drive->run->states, first), (gsize) n * states->cols * sizeof (float));
  if (!orr_residency_measure (drive->network, states, drive->options, residency, max_softmax, progress, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      guint t = first + i;
      OrrZone zone = orr_zone_classify (residency[i], max_softmax[i]);
      guint kind = zone == ORR_ZONE_CLUSTER ? KIND_CLUSTER : KIND_KICK;

      if (zone != ORR_ZONE_CLUSTER && zone != ORR_ZONE_KICK)
        continue;
      if (t + N_STEPS >= drive->run->n_steps)
        continue;
      if (kind == KIND_CLUSTER && found[kind] &&
          ABS ((int) t - (int) middle) >= ABS ((int) starts->time[kind] - (int) middle))
        continue;
      found[kind] = TRUE;
      starts->time[kind] = t;
      starts->residency[kind] = residency[i];
    }
  starts->symbol = transition->from;
  starts->dwell = transition->dwell;
  if (!found[KIND_CLUSTER] || !found[KIND_KICK])
    starts->dwell = 0;
  return TRUE;
}

/* Start points in the longest dwells that have both kinds. */
static GArray *
collect_starts (const Drive *drive, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrTransitions) transitions = orr_transitions_new (drive->run);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Starts));
  guint tried = MIN (transitions->n, MAX_TRIED);

  qsort (transitions->items, transitions->n, sizeof (OrrTransition), compare_dwells);
  for (guint i = 0; i < tried && all->len < N_DWELLS; i++)
    {
      g_autoptr (OrrProgress) part = orr_progress_new_part (progress, (double) i / tried, (i + 1.0) / tried);
      Starts starts = { 0 };

      if (!find_starts (drive, &transitions->items[i], &starts, part, error))
        return NULL;
      if (starts.dwell > 0)
        g_array_append_val (all, starts);
      orr_progress_report (progress, (double) i / tried, "Looking for start points");
    }
  if (all->len == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "No dwell passes from a cluster to a kick-zone before a transition, so there are no start "
                           "points for noise sensitivity");
      return NULL;
    }
  return g_steal_pointer (&all);
}

/* Noise of the recorded run at step @t + 1, mixed with fresh noise for each draw. */
static void
mix_noise (const Drive *drive, guint t, guint step, double gain, guint64 number)
{
  gsize D = drive->network->n_noise, pitch = drive->ensemble->noise_pitch;
  g_autofree float *recorded = g_new (float, MAX (D, 1));
  double sd = drive->options->noise_sd;
  guint64 index = (guint64) (drive->options->burn_in + t + 1 + step) * D;

  orr_random_normal_fill (recorded, D, sd, drive->options->seed, ORR_RANDOM_STREAM_NOISE, index);
  for (gsize p = 0; p < N_DRAWS; p++)
    {
      float *x = drive->block->noise + p * pitch;

      orr_random_normal_fill (x, D, sd, drive->options->seed, orr_analysis_stream (ORR_ANALYSIS_STREAM_SENSITIVITY, number),
                              (p * N_STEPS + step) * D);
      for (gsize d = 0; d < D; d++)
        x[d] = (1.0 - gain) * recorded[d] + gain * x[d];
    }
}

/* Trace of the draws' covariance, and their mean distance to the mean state. */
static void
measure_spread (const Drive *drive, double *trace, double *distance)
{
  gsize H = drive->network->n_hidden, pitch = drive->ensemble->pitch;
  g_autofree double *mean = g_new0 (double, H);

  for (gsize p = 0; p < N_DRAWS; p++)
    for (gsize i = 0; i < H; i++)
      mean[i] += drive->block->states[p * pitch + i] / N_DRAWS;
  *trace = *distance = 0.0;
  for (gsize p = 0; p < N_DRAWS; p++)
    {
      double square = 0.0;

      for (gsize i = 0; i < H; i++)
        square += (drive->block->states[p * pitch + i] - mean[i]) * (drive->block->states[p * pitch + i] - mean[i]);
      *trace += square / (N_DRAWS - 1);
      *distance += sqrt (square) / N_DRAWS;
    }
}

/* One start under one gain; traces and distances [N_STEPS + 1]. */
static void
run_start (const Drive *drive, guint t, double gain, guint64 number, double *trace, double *distance)
{
  orr_ensemble_block_begin (drive->block, N_DRAWS, N_DRAWS, 0);
  for (gsize p = 0; p < N_DRAWS; p++)
    orr_ensemble_block_set_state (drive->block, p, orr_matrix_row (drive->run->states, t));
  trace[0] = distance[0] = 0.0;
  for (guint step = 0; step < N_STEPS; step++)
    {
      mix_noise (drive, t, step, gain, number);
      orr_ensemble_block_advance (drive->block);
      measure_spread (drive, &trace[step + 1], &distance[step + 1]);
    }
}

/* One curve over the steps: its mean over the dwells with its confidence interval. */
static void
add_curve (GVariantBuilder *builder, const char *name, const double *values, gsize n_dwells)
{
  g_autofree double *column = g_new (double, n_dwells);
  g_autofree char *interval = g_strconcat (name, "_ci", NULL);
  double mean[N_STEPS + 1], bounds[2 * (N_STEPS + 1)];

  for (guint s = 0; s <= N_STEPS; s++)
    {
      for (gsize d = 0; d < n_dwells; d++)
        column[d] = values[d * (N_STEPS + 1) + s];
      double half_width = orr_interval_half_width (column, n_dwells, &mean[s]);
      bounds[2 * s] = mean[s] - half_width;
      bounds[2 * s + 1] = mean[s] + half_width;
    }
  g_variant_builder_add (builder, "{sv}", name, orr_section_new_doubles (mean, N_STEPS + 1));
  g_variant_builder_add (builder, "{sv}", interval, orr_section_new_table (bounds, N_STEPS + 1, 2));
}

static GVariant *
create_kind (const Drive *drive, const GArray *starts, guint kind, double *last_trace)
{
  gsize n = starts->len, width = N_STEPS + 1;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder curves;
  g_autofree double *trace = g_new (double, n * width);
  g_autofree double *distance = g_new (double, n * width);
  g_autofree double *times = g_new (double, n);
  g_autofree double *residency = g_new (double, n);

  g_variant_builder_init (&curves, G_VARIANT_TYPE ("aa{sv}"));
  for (guint g = 0; g < N_GAINS; g++)
    {
      GVariantBuilder curve;

      for (gsize d = 0; d < n; d++)
        run_start (drive, g_array_index (starts, Starts, d).time[kind], gains[g], d * N_KINDS + kind, trace + d * width,
                   distance + d * width);
      g_variant_builder_init (&curve, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&curve, "{sv}", "gain", g_variant_new_double (gains[g]));
      add_curve (&curve, "trace", trace, n);
      add_curve (&curve, "distance", distance, n);
      g_variant_builder_add (&curve, "{sv}", "trace_longest", orr_section_new_doubles (trace, width));
      g_variant_builder_add_value (&curves, g_variant_builder_end (&curve));
    }
  for (gsize d = 0; d < n; d++)
    {
      times[d] = g_array_index (starts, Starts, d).time[kind];
      residency[d] = g_array_index (starts, Starts, d).residency[kind];
      last_trace[d] = trace[d * width + N_STEPS];
    }
  g_variant_builder_add (&builder, "{sv}", "times", orr_section_new_doubles (times, n));
  g_variant_builder_add (&builder, "{sv}", "residency", orr_section_new_doubles (residency, n));
  g_variant_builder_add (&builder, "{sv}", "gains", g_variant_builder_end (&curves));
  return g_variant_builder_end (&builder);
}

/* How much further noise carries a kick-zone state than a cluster state, in pairs. */
static void
add_ratio (GVariantBuilder *builder, const double *cluster, const double *kick, gsize n)
{
  g_autofree double *logs = g_new (double, n);
  double mean;

  for (gsize d = 0; d < n; d++)
    logs[d] = log (kick[d] / cluster[d]);
  double half_width = orr_interval_half_width (logs, n, &mean);
  const double bounds[2] = { exp (mean - half_width), exp (mean + half_width) };
  g_variant_builder_add (builder, "{sv}", "kick_to_cluster_ratio", g_variant_new_double (exp (mean)));
  g_variant_builder_add (builder, "{sv}", "kick_to_cluster_ratio_ci", orr_section_new_doubles (bounds, 2));
}

/**
 * orr_sensitivity_analyze:
 * @error: (out): %ORR_ERROR_INPUT where the network has no such start points
 *
 * How far noise carries the network from states in the clusters and in the kick-zone
 * (SCIENCE, part 3.5). Start points are found by themselves: in the longest dwells
 * before a transition, the cluster state nearest to the dwell's middle (looking at its
 * last 120 steps) and its last kick-zone state, zones as in `residency`; up to 20
 * dwells that have both. From each, 100 draws of 6 steps are driven by (1 - g) recorded
 * noise + g fresh noise. Section `noise_sensitivity`:
 *   `cluster` and `kick`, each with `times` (steps of the trajectory), `residency` and
 *   `gains`[] with `gain`, `trace` [7] (trace of the draws' covariance after 0..6
 *   steps, mean over the dwells), `distance` [7] (mean distance to the mean state),
 *   each with `_ci` [7][2] (95 %), `trace_longest` [7] (from the longest dwell);
 *   `kick_to_cluster_ratio` with `_ci` (trace after 6 steps of fresh noise, geometric
 *   mean over the dwells), `dwells`, `draws`, and the settings.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_sensitivity_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                         GError **error)
{
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.2);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.2, 0.9);
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, options, first, error);
  if (run == NULL)
    return NULL;
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, 1);
  g_autoptr (OrrEnsembleBlock) block = orr_ensemble_block_new (ensemble, N_DRAWS, N_DRAWS);
  Drive drive = { network, options, run, ensemble, block };
  g_autoptr (GArray) starts = collect_starts (&drive, second, error);
  if (starts == NULL)
    return NULL;

  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  double last[N_KINDS][N_DWELLS];
  orr_analysis_add_settings (&builder, network, options);
  for (guint k = 0; k < N_KINDS; k++)
    g_variant_builder_add (&builder, "{sv}", kind_names[k], create_kind (&drive, starts, k, last[k]));
  add_ratio (&builder, last[KIND_CLUSTER], last[KIND_KICK], starts->len);
  g_variant_builder_add (&builder, "{sv}", "dwells", g_variant_new_int32 (starts->len));
  g_variant_builder_add (&builder, "{sv}", "draws", g_variant_new_int32 (N_DRAWS));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
