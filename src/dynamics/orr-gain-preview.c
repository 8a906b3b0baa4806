/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gain-preview.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "orr-batch-means.h"
#include "orr-critical-pairs.h"
#include "orr-ensemble.h"
#include "orr-error.h"
#include "orr-kick-search.h"
#include "orr-parallel.h"
#include "orr-section.h"

#define BURN_IN 20
#define PATHS_A_BLOCK 8
#define RESIDENCY_CAP 50
#define SPECTRUM_STEPS 3000
#define LOOKED_AT 2000
/* States this many times larger than visited ones are on their way to infinity. */
#define GROWS 1000.0
/* Gain sets: the network as it is, the gains, then the controls. */
#define NOMINAL 0
#define GAINED 1
#define FIRST_CONTROL 2

/* What was counted on one path under one set of gains. */
typedef struct
{
  double  changes;     /* of the leading symbol, per step */
  double  emitted;     /* expected changes of the emitted symbol, per step */
  double  residency;   /* mean steps until the leading symbol changes, at most 50 */
  double *frequency;   /* [K] mean probability of each symbol */
  guint  *at_risk;     /* [K] steps with the symbol leading for more than 3 steps */
  guint  *exits;       /* [K x K] those that were its last */
} Tally;

typedef struct
{
  const OrrNetwork    *network;
  const OrrEnsemble   *ensemble;
  const OrrMatrix     *starts;
  const OrrGainEffort *effort;
  guint                n_sets;
  float                bound;   /* largest activity that is no escape */
  Tally               *tallies; /* [n_sets x n_paths] */
  gboolean            *grows;   /* [n_sets x n_paths] */
} Preview;

static void
preview_clear (Preview *preview)
{
  for (guint i = 0; i < preview->n_sets * preview->effort->n_paths; i++)
    {
      g_free (preview->tallies[i].frequency);
      g_free (preview->tallies[i].at_risk);
      g_free (preview->tallies[i].exits);
    }
  g_free (preview->tallies);
  g_free (preview->grows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Preview, preview_clear)

/* Softmax of the first K logits. */
static void
fill_softmax (const float *logits, gsize K, double *p)
{
  double most = logits[0], sum = 0.0;

  for (gsize k = 1; k < K; k++)
    most = MAX (most, logits[k]);
  for (gsize k = 0; k < K; k++)
    sum += p[k] = exp (logits[k] - most);
  for (gsize k = 0; k < K; k++)
    p[k] /= sum;
}

/* Counts of one path from the symbols that led. */
static void
count_symbols (Tally *tally, const guint16 *symbols, guint T, guint K)
{
  guint since = 0, until = RESIDENCY_CAP, n = 0, changes = 0;
  double residency = 0.0;

  for (guint t = 0; t + 1 < T; t++)
    {
      gboolean last = symbols[t + 1] != symbols[t];

      since++;
      changes += last;
      if (since > ORR_KICK_MARGIN)
        {
          tally->at_risk[symbols[t]]++;
          if (last)
            tally->exits[symbols[t] * K + symbols[t + 1]]++;
        }
      if (last)
        since = 0;
    }
  for (guint t = T - 1; t-- > 0;)
    {
      until = symbols[t + 1] != symbols[t] ? 1 : MIN (until + 1, RESIDENCY_CAP);
      if (t + RESIDENCY_CAP < T)
        {
          residency += until;
          n++;
        }
    }
  tally->changes = (double) changes / (T - 1);
  tally->residency = residency / n;
}

/* Some paths under all gains side by side, so that each feels the same noise. What a cancelled block has
 * counted is worth nothing. */
static void
run_block (Preview *preview, OrrEnsembleBlock *block, guint first, OrrProgress *progress)
{
  guint G = preview->n_sets, P = MIN (PATHS_A_BLOCK, preview->effort->n_paths - first), T = preview->effort->n_steps;
  gsize K = preview->network->n_symbols, H = preview->network->n_hidden;
  g_autofree guint16 *symbols = g_new (guint16, (gsize) P * G * T);
  g_autofree double *before = g_new0 (double, (gsize) P * G * K), *now = g_new (double, K);

  orr_ensemble_block_begin (block, (gsize) P * G, P, first);
  for (guint r = 0; r < P * G; r++)
    {
      block->path[r] = r / G;
      block->gain[r] = r % G;
      orr_ensemble_block_set_state (block, r, orr_matrix_row (preview->starts, first + r / G));
    }
  for (guint t = 0; t < BURN_IN + T; t++)
    {
      if (orr_progress_is_cancelled (progress))
        return;
      orr_ensemble_block_step (block);
      if (t < BURN_IN)
        continue;
      orr_ensemble_block_read_out (block);
      for (guint r = 0; r < P * G; r++)
        {
          Tally *tally = &preview->tallies[(gsize) block->gain[r] * preview->effort->n_paths + first + block->path[r]];
          double same = 0.0;

          symbols[(gsize) r * T + t - BURN_IN] = block->symbols[r];
          fill_softmax (block->logits + r * block->ensemble->symbol_pitch, K, now);
          for (gsize k = 0; k < K; k++)
            {
              same += now[k] * before[r * K + k];
              tally->frequency[k] += now[k] / T;
              before[r * K + k] = now[k];
            }
          tally->emitted += t > BURN_IN ? (1.0 - same) / (T - 1) : 0.0;
        }
    }
  for (guint r = 0; r < P * G; r++)
    {
      gsize place = (gsize) block->gain[r] * preview->effort->n_paths + first + block->path[r];
      const float *state = block->states + r * block->ensemble->pitch;

      count_symbols (&preview->tallies[place], symbols + (gsize) r * T, T, K);
      for (gsize u = 0; u < H; u++)
        preview->grows[place] |= !(fabsf (state[u]) <= preview->bound);
    }
}

static gboolean
run_paths (Preview *preview, const OrrAnalysisOptions *options, OrrProgress *progress, GError **error)
{
  guint n = preview->effort->n_paths;

#pragma omp parallel num_threads (orr_parallel_threads (options->threads))
  {
    g_autoptr (OrrEnsembleBlock) block =
        orr_ensemble_block_new (preview->ensemble, (gsize) PATHS_A_BLOCK * preview->n_sets, PATHS_A_BLOCK);

    block->noise_sd = options->noise_sd;
    block->seed = options->seed;
    block->stream = orr_analysis_stream (ORR_ANALYSIS_STREAM_INTERVENTIONS, 0);
#pragma omp for schedule (dynamic, 1)
    for (guint first = 0; first < n; first += PATHS_A_BLOCK)
      if (!orr_progress_is_cancelled (progress))
        run_block (preview, block, first, progress);
  }
  return orr_progress_check (progress, error);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* One read-out under every set of gains, as numbers of a section. */
typedef struct
{
  double  nominal, gained;
  double  nominal_bounds[2], gained_bounds[2];
  double *controls; /* [n_controls] */
} Readout;

static void
add_readout (GVariantBuilder *list, const Preview *preview, const char *name, int from, int to, const Readout *readout)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  guint all = preview->n_sets - FIRST_CONTROL, n = 0, as_far = 0;
  double mean;

  /* a group under which there is nothing to measure counts as having changed it as far */
  for (guint c = 0; c < all; c++)
    {
      as_far += !(fabs (readout->controls[c] - readout->nominal) < fabs (readout->gained - readout->nominal));
      if (!isnan (readout->controls[c]))
        readout->controls[n++] = readout->controls[c];
    }
  orr_interval_half_width (readout->controls, n, &mean);
  g_variant_builder_add (&builder, "{sv}", "name", g_variant_new_string (name));
  g_variant_builder_add (&builder, "{sv}", "from", g_variant_new_int32 (from));
  g_variant_builder_add (&builder, "{sv}", "to", g_variant_new_int32 (to));
  g_variant_builder_add (&builder, "{sv}", "nominal", g_variant_new_double (readout->nominal));
  g_variant_builder_add (&builder, "{sv}", "nominal_ci", orr_section_new_doubles (readout->nominal_bounds, 2));
  g_variant_builder_add (&builder, "{sv}", "gained", g_variant_new_double (readout->gained));
  g_variant_builder_add (&builder, "{sv}", "gained_ci", orr_section_new_doubles (readout->gained_bounds, 2));
  g_variant_builder_add (&builder, "{sv}", "control", g_variant_new_double (mean));
  if (all > 0)
    g_variant_builder_add (&builder, "{sv}", "p_value", g_variant_new_double ((1.0 + as_far) / (1.0 + all)));
  if (n > 0)
    {
      qsort (readout->controls, n, sizeof (double), compare_doubles);
      const double range[2] = { readout->controls[(guint) (0.025 * n)], readout->controls[MIN ((guint) (0.975 * n), n - 1)] };
      g_variant_builder_add (&builder, "{sv}", "control_range", orr_section_new_doubles (range, 2));
    }
  g_variant_builder_add_value (list, g_variant_builder_end (&builder));
}

/* Which number of a tally a read-out is. */
typedef double (*Measure) (const Tally *tally, guint which);

static double
get_changes (const Tally *tally, guint which)
{
  return tally->changes;
}

static double
get_emitted (const Tally *tally, guint which)
{
  return tally->emitted;
}

static double
get_residency (const Tally *tally, guint which)
{
  return tally->residency;
}

static double
get_frequency (const Tally *tally, guint which)
{
  return tally->frequency[which];
}

/* The mean over the paths of one set, and its interval. */
static double
average (const Preview *preview, guint set, Measure measure, guint which, double scale, double bounds[2])
{
  guint n = preview->effort->n_paths;
  g_autofree double *values = g_new (double, n);
  double mean;

  for (guint p = 0; p < n; p++)
    values[p] = scale * measure (&preview->tallies[(gsize) set * n + p], which);
  double half_width = orr_interval_half_width (values, n, &mean);
  bounds[0] = MAX (mean - half_width, 0.0);
  bounds[1] = mean + half_width;
  return mean;
}

static void
add_average (GVariantBuilder *list, const Preview *preview, const char *name, int symbol, Measure measure, double scale)
{
  guint n = preview->n_sets - FIRST_CONTROL;
  g_autofree double *controls = g_new (double, MAX (n, 1));
  Readout readout = { .controls = controls };
  double ignored[2];

  readout.nominal = average (preview, NOMINAL, measure, MAX (symbol, 0), scale, readout.nominal_bounds);
  readout.gained = average (preview, GAINED, measure, MAX (symbol, 0), scale, readout.gained_bounds);
  for (guint c = 0; c < n; c++)
    controls[c] = average (preview, FIRST_CONTROL + c, measure, MAX (symbol, 0), scale, ignored);
  add_readout (list, preview, name, symbol, -1, &readout);
}

/* Exits to @to per step in @from, and their exact interval, exits being Poisson. */
static double
find_hazard (const Preview *preview, guint set, guint from, guint to, double bounds[2])
{
  guint n = preview->effort->n_paths;
  gsize K = preview->network->n_symbols;
  double exits = 0.0, steps = 0.0;

  for (guint p = 0; p < n; p++)
    {
      const Tally *tally = &preview->tallies[(gsize) set * n + p];

      exits += tally->exits[from * K + to];
      steps += tally->at_risk[from];
    }
  bounds[0] = exits > 0.0 ? gsl_cdf_gamma_Pinv (0.025, exits, 1.0) / steps : 0.0;
  bounds[1] = steps > 0.0 ? gsl_cdf_gamma_Pinv (0.975, exits + 1.0, 1.0) / steps : NAN;
  return steps > 0.0 ? exits / steps : NAN;
}

/* Directions that the network never takes are left out. */
static void
add_hazards (GVariantBuilder *list, const Preview *preview)
{
  guint K = preview->network->n_symbols, n = preview->n_sets - FIRST_CONTROL;
  g_autofree double *controls = g_new (double, MAX (n, 1));

  for (guint from = 0; from < K; from++)
    for (guint to = 0; to < K; to++)
      {
        Readout readout = { .controls = controls };
        double ignored[2];

        readout.nominal = find_hazard (preview, NOMINAL, from, to, readout.nominal_bounds);
        readout.gained = find_hazard (preview, GAINED, from, to, readout.gained_bounds);
        if (from == to || (!(readout.nominal > 0.0) && !(readout.gained > 0.0)))
          continue;
        for (guint c = 0; c < n; c++)
          controls[c] = find_hazard (preview, FIRST_CONTROL + c, from, to, ignored);
        add_readout (list, preview, "hazard", from, to, &readout);
      }
}

/* How often each unit is not silent in up to LOOKED_AT visited states, and the largest activity of all there;
 * returns how many states that were. */
static gsize
count_active (const OrrMatrix *visited, guint32 *active, float *largest)
{
  gsize H = visited->cols, step = MAX (visited->rows / LOOKED_AT, 1), n = 0;
  g_autofree float *peak = g_new0 (float, MAX (H, 1));

  for (gsize t = 0; t < visited->rows; t += step, n++)
    {
      const float *h = orr_matrix_row (visited, t);

      for (gsize u = 0; u < H; u++)
        {
          active[u] += h[u] != 0.0f;
          peak[u] = fabsf (h[u]) > peak[u] ? fabsf (h[u]) : peak[u];
        }
    }
  *largest = 0.0f;
  for (gsize u = 0; u < H; u++)
    *largest = MAX (*largest, peak[u]);
  return n;
}

/* Units to draw controls from: those active at 0.1 % of the states whose gain is not turned, in random order. */
static guint
draw_others (const OrrGains *gains, const guint32 *active, gsize n_visited, guint32 *others, guint64 seed, guint number)
{
  guint n = 0;

  for (guint u = 0; u < gains->n_units; u++)
    if (gains->recurrent[u] == 1.0 && gains->noise[u] == 1.0 && active[u] * (gsize) 1000 >= n_visited)
      others[n++] = u;
  orr_random_shuffle (others, n, seed, orr_analysis_stream (ORR_ANALYSIS_STREAM_INTERVENTIONS, 1000 + number));
  return n;
}

static void
set_gains (OrrEnsemble *ensemble, guint set, const OrrGains *gains)
{
  for (guint u = 0; u < gains->n_units; u++)
    if (gains->recurrent[u] != 1.0 || gains->noise[u] != 1.0)
      orr_ensemble_set_gain (ensemble, set, u, gains->recurrent[u], gains->noise[u]);
}

static void
prepare (Preview *preview, OrrEnsemble *ensemble, const OrrGains *gains, const OrrMatrix *visited, guint64 seed)
{
  g_autofree guint32 *others = g_new (guint32, MAX (gains->n_units, 1));
  g_autofree guint32 *active = g_new0 (guint32, MAX (gains->n_units, 1));
  gsize K = preview->network->n_symbols, n = (gsize) preview->n_sets * preview->effort->n_paths;

  float largest;
  gsize n_looked_at = count_active (visited, active, &largest);

  preview->bound = GROWS * MAX (largest, 1.0f);
  set_gains (ensemble, GAINED, gains);
  for (guint c = 0; c < preview->effort->n_controls; c++)
    {
      guint n_others = draw_others (gains, active, n_looked_at, others, seed, c);
      g_autoptr (OrrGains) control = orr_gains_scatter (gains, others, n_others);

      set_gains (ensemble, FIRST_CONTROL + c, control);
    }
  preview->tallies = g_new0 (Tally, n);
  preview->grows = g_new0 (gboolean, n);
  for (gsize i = 0; i < n; i++)
    {
      preview->tallies[i].frequency = g_new0 (double, K);
      preview->tallies[i].at_risk = g_new0 (guint, K);
      preview->tallies[i].exits = g_new0 (guint, K * K);
    }
}

static gboolean
has_escaped (const Preview *preview, guint set)
{
  gboolean grows = FALSE;

  for (guint p = 0; p < preview->effort->n_paths; p++)
    grows |= preview->grows[(gsize) set * preview->effort->n_paths + p];
  return grows;
}

/* Critical pairs of one network; one that grows without bound has none to show. */
static gboolean
measure_pairs (const OrrNetwork *network, guint n_events, OrrCriticalPairs *pairs, const OrrAnalysisOptions *options,
               OrrProgress *progress, GError **error)
{
  OrrAnalysisOptions run_options = *options;
  g_autoptr (GError) local = NULL;

  *pairs = (OrrCriticalPairs) { NAN, NAN, 0 };

  run_options.n_steps = SPECTRUM_STEPS;
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, &run_options, progress, &local);
  if (run == NULL && !g_error_matches (local, ORR_ERROR, ORR_ERROR_NUMERIC))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return run == NULL || orr_critical_pairs_measure (network, run, n_events, options->threads, pairs, progress, error);
}

static void
add_pairs (GVariantBuilder *builder, const char *name, const OrrCriticalPairs *pairs)
{
  g_autofree char *sd = g_strconcat (name, "_sd", NULL);
  g_autofree char *events = g_strconcat (name, "_events", NULL);

  g_variant_builder_add (builder, "{sv}", name, g_variant_new_double (pairs->mean));
  g_variant_builder_add (builder, "{sv}", sd, g_variant_new_double (pairs->sd));
  g_variant_builder_add (builder, "{sv}", events, g_variant_new_int32 (pairs->n));
}

/**
 * orr_gain_preview:
 * @gains: of all units
 * @visited: [n x H] states that the untouched network visits; paths start from some
 * @options: noise, seed and threads
 *
 * What turning the gains of any units does, quickly enough to follow a hand (SCIENCE,
 * part 3.8): paths under the gains beside the same paths, under the same noise, without
 * them and with the same gains on other active units drawn at random. Section:
 *   `readouts`[] with `name`, `from`, `to`, `nominal`, `gained` with `_ci` [2] (95 %, over
 *   the paths), `control` (mean over the random groups), `control_range` [2] (95 % of
 *   them) and `p_value` (share of random groups that change it as far):
 *   "transition_rate" (changes of the leading symbol per step), "hazard" (exits `from` ->
 *   `to` per step in `from`, steps after the third; Poisson interval), "volatility"
 *   (expected changes of the emitted symbol in a sequence of effort->length steps),
 *   "residency" (steps until the leading symbol changes, at most 50, over all moments),
 *   "frequency" (mean probability of the symbol `from`);
 *   `grows` (the activity leaves all bounds), `turned` (units with a gain other than 1),
 *   `paths`, `steps`, `controls`; with effort->n_events `critical_pairs_nominal` and
 *   `critical_pairs_gained` with `_sd`, as in `interventions`, and `_events` (over how many transitions).
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_gain_preview (const OrrNetwork *network, const OrrGains *gains, const OrrMatrix *visited, const OrrGainEffort *effort,
                  const OrrAnalysisOptions *options, OrrProgress *progress, GError **error)
{
  g_return_val_if_fail (gains->n_units == network->n_hidden && visited->cols == network->n_hidden, NULL);
  g_return_val_if_fail (effort->n_paths > 0 && effort->n_steps > RESIDENCY_CAP && visited->rows > 0, NULL);
  guint n_sets = FIRST_CONTROL + effort->n_controls;
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, n_sets);
  g_autoptr (OrrMatrix) picked = orr_analysis_pick_states (visited, effort->n_paths);
  OrrGainEffort possible = *effort;
  g_auto (Preview) preview = { network, ensemble, picked, &possible, n_sets, 0.0f, NULL, NULL };
  GVariantBuilder list;

  possible.n_paths = picked->rows;
  prepare (&preview, ensemble, gains, visited, options->seed);
  if (!run_paths (&preview, options, progress, error))
    return NULL;

  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  add_average (&list, &preview, "transition_rate", -1, get_changes, 1.0);
  add_hazards (&list, &preview);
  add_average (&list, &preview, "volatility", -1, get_emitted, MAX (effort->length, 2) - 1.0);
  add_average (&list, &preview, "residency", -1, get_residency, 1.0);
  for (guint k = 0; k < network->n_symbols; k++)
    add_average (&list, &preview, "frequency", k, get_frequency, 1.0);
  g_variant_builder_add (&builder, "{sv}", "readouts", g_variant_builder_end (&list));
  g_variant_builder_add (&builder, "{sv}", "grows", g_variant_new_boolean (has_escaped (&preview, GAINED)));
  g_variant_builder_add (&builder, "{sv}", "turned", g_variant_new_int32 (orr_gains_count (gains)));
  g_variant_builder_add (&builder, "{sv}", "paths", g_variant_new_int32 (possible.n_paths));
  g_variant_builder_add (&builder, "{sv}", "steps", g_variant_new_int32 (effort->n_steps));
  g_variant_builder_add (&builder, "{sv}", "controls", g_variant_new_int32 (effort->n_controls));
  if (effort->n_events > 0)
    {
      g_autoptr (OrrNetwork) gained = orr_gains_apply (gains, network);
      OrrCriticalPairs nominal, with_gains;

      if (effort->known_pairs != NULL)
        nominal = *effort->known_pairs;
      else if (!measure_pairs (network, effort->n_events, &nominal, options, progress, error))
        return NULL;
      if (!measure_pairs (gained, effort->n_events, &with_gains, options, progress, error))
        return NULL;
      add_pairs (&builder, "critical_pairs_nominal", &nominal);
      add_pairs (&builder, "critical_pairs_gained", &with_gains);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
