/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-interventions.h"

#include <math.h>
#include <string.h>

#include "orr-batch-means.h"
#include "orr-critical-pairs.h"
#include "orr-ensemble.h"
#include "orr-error.h"
#include "orr-gain.h"
#include "orr-integrating.h"
#include "orr-kick-neurons.h"
#include "orr-kick-search.h"
#include "orr-parallel.h"
#include "orr-pca.h"
#include "orr-section.h"

#define N_GAINS 9 /* mu = 0, 0.25 ... 2 */
#define N_PATHS 32
#define PATH_STEPS 400
#define PATH_BURN_IN 20
#define PATHS_A_BLOCK 8
#define N_SHOWN 3 /* gains whose trajectories and spectra are looked at */
#define SHOWN_STEPS 300
#define SPECTRUM_STEPS 3000
#define MAX_EVENTS 20

static const double shown_gains[N_SHOWN] = { 0.0, 1.0, 1.9 };

static double
gain_number (guint g)
{
  return 2.0 * g / (N_GAINS - 1);
}

/* Transitions of every path under every gain. */
typedef struct
{
  double *all;       /* [N_GAINS x N_PATHS] changes of the leading symbol per step */
  double *direction; /* [N_GAINS x N_PATHS] those of the set's own direction */
} Rates;

static void
rates_clear (Rates *rates)
{
  g_free (rates->all);
  g_free (rates->direction);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rates, rates_clear)

/* Some paths under all gains side by side, so that each gain feels the same noise. */
static void
count_block (OrrEnsembleBlock *block, const OrrMatrix *starts, guint first, const OrrInterventionSet *set, Rates *rates,
             OrrProgress *progress)
{
  guint G = block->ensemble->n_gains;
  guint16 before[PATHS_A_BLOCK * N_GAINS];
  guint dwell[PATHS_A_BLOCK * N_GAINS] = { 0 };

  orr_ensemble_block_begin (block, PATHS_A_BLOCK * G, PATHS_A_BLOCK, first);
  for (guint p = 0; p < PATHS_A_BLOCK; p++)
    for (guint g = 0; g < G; g++)
      {
        block->path[p * G + g] = p;
        block->gain[p * G + g] = g;
        orr_ensemble_block_set_state (block, p * G + g, orr_matrix_row (starts, (first + p) % starts->rows));
      }
  for (guint t = 0; t < PATH_BURN_IN + PATH_STEPS && !orr_progress_is_cancelled (progress); t++)
    {
      orr_ensemble_block_step (block);
      orr_ensemble_block_read_out (block);
      for (guint r = 0; r < PATHS_A_BLOCK * G; r++)
        {
          gsize place = block->gain[r] * N_PATHS + first + block->path[r];
          guint16 now = block->symbols[r];

          gboolean changed = t > 0 && now != before[r];
          gboolean held = dwell[r] > ORR_KICK_MARGIN;

          if (t > PATH_BURN_IN && changed)
            {
              rates->all[place] += 1.0 / PATH_STEPS;
              rates->direction[place] +=
                  (held && before[r] == set->from && now == set->to) ? 1.0 / PATH_STEPS : 0.0;
            }
          dwell[r] = changed ? 1 : dwell[r] + 1;
          before[r] = now;
        }
    }
}

static gboolean
measure_rates (const OrrNetwork *network, const OrrMatrix *starts, const OrrInterventionSet *set,
               const OrrAnalysisOptions *options, Rates *rates, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, N_GAINS);

  rates->all = g_new0 (double, N_GAINS * N_PATHS);
  rates->direction = g_new0 (double, N_GAINS * N_PATHS);
  for (guint g = 0; g < N_GAINS; g++)
    for (guint i = 0; i < set->n_units; i++)
      orr_ensemble_set_gain (ensemble, g, set->units[i], set->noise_only ? 1.0 : gain_number (g), gain_number (g));

#pragma omp parallel num_threads (orr_parallel_threads (options->threads))
  {
    g_autoptr (OrrEnsembleBlock) block = orr_ensemble_block_new (ensemble, PATHS_A_BLOCK * N_GAINS, PATHS_A_BLOCK);

    block->noise_sd = options->noise_sd;
    block->seed = options->seed;
    block->stream = orr_analysis_stream (ORR_ANALYSIS_STREAM_INTERVENTIONS, 0);
#pragma omp for schedule (dynamic, 1)
    for (guint first = 0; first < N_PATHS; first += PATHS_A_BLOCK)
      count_block (block, starts, first, set, rates, progress);
  }
  return orr_progress_check (progress, error);
}

/* Once for all rates of a set: a study's file refuses a name that comes twice. */
static void
add_gains (GVariantBuilder *builder)
{
  double gain[N_GAINS];

  for (guint g = 0; g < N_GAINS; g++)
    gain[g] = gain_number (g);
  g_variant_builder_add (builder, "{sv}", "gain", orr_section_new_doubles (gain, N_GAINS));
}

static void
add_rates (GVariantBuilder *builder, const char *name, const double *rates)
{
  double mean[N_GAINS], bounds[2 * N_GAINS];
  g_autofree char *interval = g_strconcat (name, "_ci", NULL);

  for (guint g = 0; g < N_GAINS; g++)
    {
      double half_width = orr_interval_half_width (rates + g * N_PATHS, N_PATHS, &mean[g]);
      bounds[2 * g] = MAX (mean[g] - half_width, 0.0);
      bounds[2 * g + 1] = mean[g] + half_width;
    }
  g_variant_builder_add (builder, "{sv}", name, orr_section_new_doubles (mean, N_GAINS));
  g_variant_builder_add (builder, "{sv}", interval, orr_section_new_table (bounds, N_GAINS, 2));
}

static OrrTrajectory *
simulate_gained (const OrrNetwork *gained, const OrrAnalysisOptions *options, guint n_steps, OrrProgress *progress,
                 GError **error)
{
  OrrAnalysisOptions run = *options;

  run.n_steps = n_steps;
  return orr_analysis_simulate (gained, &run, progress, error);
}

/* A gain under which the activity grows beyond all bounds has nothing to show. */
static GVariant *
create_growing (double gain)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&builder, "{sv}", "gain", g_variant_new_double (gain));
  g_variant_builder_add (&builder, "{sv}", "grows", g_variant_new_boolean (TRUE));
  g_variant_builder_add (&builder, "{sv}", "critical_pairs", g_variant_new_double (NAN));
  g_variant_builder_add (&builder, "{sv}", "critical_pairs_sd", g_variant_new_double (NAN));
  g_variant_builder_add (&builder, "{sv}", "transitions", g_variant_new_int32 (0));
  return g_variant_builder_end (&builder);
}

/* What is shown of one gain: a stretch of trajectory, and the critical pairs around
 * up to MAX_EVENTS transitions. */
static GVariant *
create_shown (const OrrNetwork *network, const OrrInterventionSet *set, double gain, const OrrPca *pca,
              const OrrAnalysisOptions *options, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrNetwork) gained =
      orr_gain_apply (network, set->units, set->n_units, set->noise_only ? 1.0 : gain, gain);
  g_autoptr (GError) local = NULL;
  g_autoptr (OrrTrajectory) run = simulate_gained (gained, options, SPECTRUM_STEPS, progress, &local);
  if (g_error_matches (local, ORR_ERROR, ORR_ERROR_NUMERIC))
    return create_growing (gain);
  if (run == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  OrrCriticalPairs pairs;
  if (!orr_critical_pairs_measure (gained, run, MAX_EVENTS, options->threads, &pairs, progress, error))
    return NULL;

  OrrMatrix first = { MIN (SHOWN_STEPS, run->n_steps), run->n_hidden, run->states->data };
  g_autoptr (OrrMatrix) points = orr_pca_project (pca, &first);
  g_autofree double *values = g_new (double, points->rows * points->cols);
  for (gsize i = 0; i < points->rows * points->cols; i++)
    values[i] = points->data[i];
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "gain", g_variant_new_double (gain));
  g_variant_builder_add (&builder, "{sv}", "grows", g_variant_new_boolean (FALSE));
  g_variant_builder_add (&builder, "{sv}", "critical_pairs", g_variant_new_double (pairs.mean));
  g_variant_builder_add (&builder, "{sv}", "critical_pairs_sd", g_variant_new_double (pairs.sd));
  g_variant_builder_add (&builder, "{sv}", "transitions", g_variant_new_int32 (pairs.n));
  g_variant_builder_add (&builder, "{sv}", "trajectory", orr_section_new_table (values, points->rows, points->cols));
  return g_variant_builder_end (&builder);
}

static GVariant *
run_set (const OrrNetwork *network, const OrrInterventionSet *set, const OrrMatrix *starts, const OrrPca *pca,
         const OrrAnalysisOptions *options, OrrProgress *progress, GError **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree double *units = g_new (double, MAX (set->n_units, 1));
  g_auto (Rates) rates = { 0 };
  GVariantBuilder shown;

  if (!measure_rates (network, starts, set, options, &rates, progress, error))
    return NULL;
  for (guint i = 0; i < set->n_units; i++)
    units[i] = set->units[i];
  g_variant_builder_add (&builder, "{sv}", "name", g_variant_new_string (set->name));
  g_variant_builder_add (&builder, "{sv}", "from", g_variant_new_int32 (set->from));
  g_variant_builder_add (&builder, "{sv}", "to", g_variant_new_int32 (set->to));
  g_variant_builder_add (&builder, "{sv}", "noise_only", g_variant_new_boolean (set->noise_only));
  g_variant_builder_add (&builder, "{sv}", "units", orr_section_new_doubles (units, set->n_units));
  add_gains (&builder);
  add_rates (&builder, "transition_rate", rates.all);
  if (set->from >= 0)
    add_rates (&builder, "direction_rate", rates.direction);

  g_variant_builder_init (&shown, G_VARIANT_TYPE ("aa{sv}"));
  for (guint s = 0; s < N_SHOWN; s++)
    {
      g_autoptr (OrrProgress) part = orr_progress_new_part (progress, (s + 1.0) / (N_SHOWN + 1), (s + 2.0) / (N_SHOWN + 1));
      GVariant *one = create_shown (network, set, shown_gains[s], pca, options, part, error);

      if (one == NULL)
        {
          g_variant_builder_clear (&shown);
          return NULL;
        }
      g_variant_builder_add_value (&shown, one);
    }
  g_variant_builder_add (&builder, "{sv}", "shown", g_variant_builder_end (&shown));
  return g_variant_builder_end (&builder);
}

/* Where paths start and the plane they are shown in: the untouched network's. */
static gboolean
prepare (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrMatrix **starts, OrrPca **pca,
         OrrProgress *progress, GError **error)
{
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, options, progress, error);

  if (run == NULL)
    return FALSE;
  *pca = orr_pca_new (run->states, 3, error);
  if (*pca == NULL)
    return FALSE;
  *starts = orr_analysis_pick_states (run->states, N_PATHS);
  return TRUE;
}

/**
 * orr_interventions_run:
 * @set: the units whose gain is turned
 *
 * What turning one set of units up and down does (SCIENCE, part 3.8): one element of
 * `sets` as orr_interventions_analyze() describes it.
 *
 * Returns: (transfer full) (nullable): a section
 */
GVariant *
orr_interventions_run (const OrrNetwork *network, const OrrInterventionSet *set, const OrrAnalysisOptions *options,
                       OrrProgress *progress, GError **error)
{
  g_autoptr (OrrMatrix) starts = NULL;
  g_autoptr (OrrPca) pca = NULL;
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.1);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.1, 1.0);

  if (!prepare (network, options, &starts, &pca, first, error))
    return NULL;
  GVariant *result = run_set (network, set, starts, pca, options, second, error);
  return result != NULL ? g_variant_ref_sink (result) : NULL;
}

/* @n random units outside @avoid, as a control of the same size. */
static guint *
draw_control (const OrrNetwork *network, const guint *avoid, guint n, guint64 seed, guint64 number)
{
  guint H = network->n_hidden, count = 0;
  guint32 *others = g_new (guint32, H);

  for (guint u = 0; u < H; u++)
    {
      gboolean member = FALSE;
      for (guint i = 0; i < n; i++)
        member |= avoid[i] == u;
      if (!member)
        others[count++] = u;
    }
  orr_random_shuffle (others, count, seed, orr_analysis_stream (ORR_ANALYSIS_STREAM_INTERVENTIONS, 1 + number));
  return others;
}

/* The standard sets: each kick group and each pair's noise projection, with controls. */
static GArray *
collect_sets (const OrrNetwork *network, GPtrArray *groups, GPtrArray *pairs, guint64 seed, GPtrArray *controls)
{
  GArray *sets = g_array_new (FALSE, FALSE, sizeof (OrrInterventionSet));

  for (guint g = 0; g < groups->len; g++)
    {
      const OrrKickGroup *group = groups->pdata[g];
      guint *control = draw_control (network, group->units, group->n_units, seed, controls->len);
      guint n = MIN (group->n_units, network->n_hidden - group->n_units);
      OrrInterventionSet both[2] = {
        { "kick", group->from, group->to, group->n_units, group->units, FALSE },
        { "control", group->from, group->to, n, control, FALSE },
      };

      g_ptr_array_add (controls, control);
      g_array_append_vals (sets, both, 2);
    }
  for (guint p = 0; p < pairs->len; p++)
    {
      const OrrIntegrating *pair = pairs->pdata[p];
      guint *control = draw_control (network, pair->units, pair->n_units, seed, controls->len);
      guint n = MIN (pair->n_units, network->n_hidden - pair->n_units);
      OrrInterventionSet both[2] = {
        { "noise_projection", pair->forward->from, pair->forward->to, pair->n_units, pair->units, TRUE },
        { "noise_control", pair->forward->from, pair->forward->to, n, control, TRUE },
      };

      g_ptr_array_add (controls, control);
      g_array_append_vals (sets, both, 2);
    }
  return sets;
}

/**
 * orr_interventions_analyze:
 * @error: (out): %ORR_ERROR_INPUT where no kick group was found
 *
 * Gain interventions (SCIENCE, part 3.8): h = phi (c_r (W_hh h + b) + c_n (W_ih x)) with
 * the gain mu in [0, 2] on chosen units: each kick group (c_r = c_n = mu), the noise
 * input of each integrating population (c_n = mu), and random units of the same number
 * as controls of both. Section `interventions`:
 *   `sets`[] with `name` ("kick", "control", "noise_projection", "noise_control"), `from`,
 *   `to`, `units`, `noise_only`; `gain` [9] and `transition_rate` [9] (changes of the
 *   leading symbol per step, any direction), `direction_rate` [9] (from -> to per step, after more than
 *   3 steps of the old symbol),
 *   each with `_ci` [9][2] (95 %, 32 paths of 400 steps under matched noise);
 *   `shown`[] for mu = 0, 1, 1.9 with `gain`, `grows` (the activity leaves all bounds:
 *   then there is no trajectory), `critical_pairs` and `_sd` (complex pairs
 *   with |Re w| < 0.1 and Im w > 0.06, summed over the 31 states within 15 steps of a
 *   transition (every third is looked at): mean and s.d. over up to 20 transitions,
 *   whose number is `transitions`; NaN without any) and `trajectory` [300][3] (in the untouched network's principal
 *   components); and the settings.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_interventions_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                           GError **error)
{
  double begin = options->kick_neurons != NULL ? 0.0 : 0.5;
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, begin);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, begin, begin);
  g_autoptr (GPtrArray) groups = orr_kick_groups_find (network, options, first, error);
  if (groups == NULL)
    return NULL;
  if (groups->len == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "No kick group was found whose gain could be turned");
      return NULL;
    }
  g_autoptr (GPtrArray) pairs = orr_integrating_find (network, groups);
  g_autoptr (GPtrArray) controls = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) sets = collect_sets (network, groups, pairs, options->seed, controls);
  g_autoptr (OrrMatrix) starts = NULL;
  g_autoptr (OrrPca) pca = NULL;
  if (!prepare (network, options, &starts, &pca, second, error))
    return NULL;

  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder list;
  orr_analysis_add_settings (&builder, network, options);
  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (guint s = 0; s < sets->len; s++)
    {
      g_autoptr (OrrProgress) part = orr_progress_new_part (progress, begin + (1.0 - begin) * s / sets->len,
                                                            begin + (1.0 - begin) * (s + 1) / sets->len);
      GVariant *one =
          run_set (network, &g_array_index (sets, OrrInterventionSet, s), starts, pca, options, part, error);

      if (one == NULL)
        {
          g_variant_builder_clear (&list);
          return NULL;
        }
      g_variant_builder_add_value (&list, one);
    }
  g_variant_builder_add (&builder, "{sv}", "sets", g_variant_builder_end (&list));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
