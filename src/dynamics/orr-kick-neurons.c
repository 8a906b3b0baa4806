/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-kick-neurons.h"

#include <math.h>

#include "orr-batch-means.h"
#include "orr-kick-search.h"
#include "orr-section.h"

/* A group is reported when silencing it leaves less than this share of the rate on
 * held-out states, and no more than 5 % of random groups do as well. */
#define MOST_LEFT 0.5
#define MOST_P 0.05
/* How far back a crossing is looked for, and the kick-zone's depth. */
#define CROSSING_WINDOW 20
#define KICK_ZONE 8
/* From one seed to that of a search again. */
#define OTHER_SEED G_GUINT64_CONSTANT (1000003)

/* One direction of transition and what was found of it. */
typedef struct
{
  const OrrKickData *data;
  OrrKickHalf        choose; /* first half of the trajectory */
  OrrKickHalf        judge;  /* second half */
  guint              from;
  guint              to;
  guint              n_events;
  OrrKickScores      scores; /* of the first half */
  GArray            *group;
  GArray            *other;  /* the group chosen on the second half: is it the same? */
  OrrHazard         *hazard; /* judged: nominal, group, controls */
  double             p_value;
  gboolean           found;
  guint              n_repeats; /* searches with another seed that could look for it */
  double             overlaps[ORR_ANALYSIS_MAX_REPEATS];
  guint              again[ORR_ANALYSIS_MAX_GROUP]; /* of them, how many found each unit */
} Direction;

static void
direction_clear (Direction *direction)
{
  orr_kick_half_clear (&direction->choose);
  orr_kick_half_clear (&direction->judge);
  g_free (direction->scores.auc);
  g_free (direction->scores.timing);
  g_free (direction->scores.effect);
  g_free (direction->scores.eligible);
  g_clear_pointer (&direction->group, g_array_unref);
  g_clear_pointer (&direction->other, g_array_unref);
  g_clear_pointer (&direction->hazard, orr_hazard_free);
}

static void
direction_free (gpointer direction)
{
  direction_clear (direction);
  g_free (direction);
}

static void
fill_effects (const Direction *direction, const OrrHazard *units, double *effect)
{
  double nominal = orr_hazard_rate (units, 0, direction->to);

  for (guint u = 0; u < direction->data->network->n_hidden; u++)
    effect[u] = nominal > 0.0 ? orr_hazard_rate (units, u + 1, direction->to) / nominal - 1.0 : 0.0;
}

/* The group and the random groups on states and noise that did not choose it. */
static gboolean
judge (Direction *direction, guint number, OrrProgress *progress, GError **error)
{
  g_autoptr (GPtrArray) groups =
      orr_kick_draw_controls (direction->data, direction->group, direction->scores.eligible, ORR_KICK_CONTROLS,
                              (guint64) number * ORR_KICK_CONTROLS);
  guint as_low = 0;

  g_ptr_array_insert (groups, 0, g_array_ref (direction->group));
  direction->hazard = orr_kick_measure_groups (direction->data, &direction->judge, groups, progress, error);
  if (direction->hazard == NULL)
    return FALSE;

  double nominal = orr_hazard_rate (direction->hazard, 0, direction->to);
  double silenced = orr_hazard_rate (direction->hazard, 1, direction->to);
  for (guint c = 0; c < ORR_KICK_CONTROLS; c++)
    as_low += orr_hazard_rate (direction->hazard, c + 2, direction->to) <= silenced;
  direction->p_value = (1.0 + as_low) / (1.0 + ORR_KICK_CONTROLS);
  direction->found = silenced < MOST_LEFT * nominal && direction->p_value <= MOST_P;
  return TRUE;
}

/* Chooses once more on the other half, to see how far the group depends on the data. */
static gboolean
choose_again (Direction *direction, OrrProgress *progress, GError **error)
{
  gsize H = direction->data->network->n_hidden;
  g_autofree double *auc = g_new (double, H);
  g_autofree double *timing = g_new (double, H);
  g_autofree double *effect = g_new (double, H);
  const OrrKickScores scores = { auc, timing, effect, direction->scores.eligible };
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.3);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.3, 1.0);
  g_autoptr (OrrHazard) units = orr_kick_measure_units (direction->data, &direction->judge, first, error);

  if (units == NULL)
    return FALSE;
  fill_effects (direction, units, effect);
  orr_kick_separation (direction->data, &direction->judge, direction->to, ORR_KICK_LAG, auc, progress);
  orr_kick_timing (direction->data, &direction->judge, direction->to, timing, progress);
  direction->other =
      orr_kick_choose_group (direction->data, &direction->judge, direction->to, &scores, second, error);
  return direction->other != NULL;
}

/* The group as the first half tells it. */
static gboolean
choose_first (Direction *direction, OrrProgress *progress, GError **error)
{
  orr_kick_separation (direction->data, &direction->choose, direction->to, ORR_KICK_LAG, direction->scores.auc, progress);
  orr_kick_timing (direction->data, &direction->choose, direction->to, direction->scores.timing, progress);
  direction->group = orr_kick_choose_group (direction->data, &direction->choose, direction->to, &direction->scores, progress,
                                            error);
  return direction->group != NULL;
}

static gboolean
search (Direction *direction, guint number, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.35);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.35, 0.55);
  g_autoptr (OrrProgress) third = orr_progress_new_part (progress, 0.55, 1.0);

  if (!choose_first (direction, first, error))
    return FALSE;
  if (direction->group->len == 0)
    return TRUE;
  if (!judge (direction, number, second, error))
    return FALSE;
  return !direction->found || choose_again (direction, third, error);
}

/* Shared units over all units of the two groups. */
static double
compute_overlap (const GArray *a, const GArray *b)
{
  guint shared = 0;

  for (guint i = 0; i < a->len; i++)
    for (guint j = 0; j < b->len; j++)
      shared += g_array_index (a, guint, i) == g_array_index (b, guint, j);
  return (double) shared / MAX (a->len + b->len - shared, 1);
}

/* When one unit wakes before the transitions, and how silent it is deep in the state. */
static void
measure_timing (const Direction *direction, guint unit, double *time, double *share, double *silent)
{
  const OrrTransitions *transitions = direction->data->transitions;
  const OrrMatrix *states = direction->data->run->states;
  g_autoptr (GArray) deep = orr_transitions_deep (transitions, direction->from, ORR_KICK_MARGIN);
  guint events = 0, crossings = 0, in_zone = 0, quiet = 0;
  double sum = 0.0;

  for (guint i = 0; i < transitions->n; i++)
    {
      const OrrTransition *item = &transitions->items[i];

      if (item->from != direction->from || item->to != direction->to || item->dwell <= ORR_KICK_MARGIN)
        continue;
      events++;
      for (guint back = 1; back <= MIN (CROSSING_WINDOW, item->dwell) && back < item->time; back++)
        if (orr_matrix_row (states, item->time - back)[unit] > 0.0f &&
            orr_matrix_row (states, item->time - back - 1)[unit] <= 0.0f)
          {
            crossings++;
            in_zone += back <= KICK_ZONE;
            sum += back;
            break;
          }
    }
  for (guint i = 0; i < deep->len; i++)
    quiet += orr_matrix_row (states, g_array_index (deep, guint, i))[unit] <= 0.0f;
  *time = crossings > 0 ? sum / crossings : NAN;
  *share = events > 0 ? (double) in_zone / events : NAN;
  *silent = deep->len > 0 ? (double) quiet / deep->len : NAN;
}

static void
add_units (GVariantBuilder *builder, const Direction *direction)
{
  const GArray *group = direction->group;
  const char *names[6] = { "units", "unit_effects", "unit_auc", "crossing_time", "crossing_fraction", "silent_fraction" };
  double values[6][ORR_ANALYSIS_MAX_GROUP];

  for (guint i = 0; i < group->len; i++)
    {
      guint unit = g_array_index (group, guint, i);

      values[0][i] = unit;
      values[1][i] = direction->scores.effect[unit];
      values[2][i] = direction->scores.timing[unit];
      measure_timing (direction, unit, &values[3][i], &values[4][i], &values[5][i]);
    }
  for (guint f = 0; f < 6; f++)
    g_variant_builder_add (builder, "{sv}", names[f], orr_section_new_doubles (values[f], group->len));
}

static void
add_rates (GVariantBuilder *builder, const Direction *direction)
{
  const OrrHazard *hazard = direction->hazard;
  double controls[ORR_KICK_CONTROLS], mean, bounds[2], squares = 0.0;

  for (guint c = 0; c < ORR_KICK_CONTROLS; c++)
    controls[c] = orr_hazard_rate (hazard, c + 2, direction->to);
  orr_interval_half_width (controls, ORR_KICK_CONTROLS, &mean);
  for (guint c = 0; c < ORR_KICK_CONTROLS; c++)
    squares += (controls[c] - mean) * (controls[c] - mean);

  g_variant_builder_add (builder, "{sv}", "rate_nominal", g_variant_new_double (orr_hazard_rate (hazard, 0, direction->to)));
  orr_hazard_interval (hazard, 0, direction->to, bounds);
  g_variant_builder_add (builder, "{sv}", "rate_nominal_ci", orr_section_new_doubles (bounds, 2));
  g_variant_builder_add (builder, "{sv}", "rate_silenced", g_variant_new_double (orr_hazard_rate (hazard, 1, direction->to)));
  orr_hazard_interval (hazard, 1, direction->to, bounds);
  g_variant_builder_add (builder, "{sv}", "rate_silenced_ci", orr_section_new_doubles (bounds, 2));
  g_variant_builder_add (builder, "{sv}", "control_rate", g_variant_new_double (mean));
  g_variant_builder_add (builder, "{sv}", "control_rate_sd", g_variant_new_double (sqrt (squares / (ORR_KICK_CONTROLS - 1))));
  g_variant_builder_add (builder, "{sv}", "control_rates", orr_section_new_doubles (controls, ORR_KICK_CONTROLS));
  g_variant_builder_add (builder, "{sv}", "p_value", g_variant_new_double (direction->p_value));
}

/* How far the same units are found with other noise; nothing where it was not looked for again. */
static void
add_stability (GVariantBuilder *builder, const Direction *direction)
{
  double share[ORR_ANALYSIS_MAX_GROUP];

  if (direction->n_repeats == 0)
    return;
  for (guint i = 0; i < direction->group->len; i++)
    share[i] = (double) direction->again[i] / direction->n_repeats;
  g_variant_builder_add (builder, "{sv}", "overlap_seeds",
                         orr_section_new_doubles (direction->overlaps, direction->n_repeats));
  g_variant_builder_add (builder, "{sv}", "unit_stability", orr_section_new_doubles (share, direction->group->len));
}

static GVariant *
create_group (const Direction *direction)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  double left = orr_hazard_rate (direction->hazard, 1, direction->to) /
                orr_hazard_rate (direction->hazard, 0, direction->to);

  g_variant_builder_add (&builder, "{sv}", "from", g_variant_new_int32 (direction->from));
  g_variant_builder_add (&builder, "{sv}", "to", g_variant_new_int32 (direction->to));
  add_units (&builder, direction);
  add_rates (&builder, direction);
  g_variant_builder_add (&builder, "{sv}", "rate_ratio", g_variant_new_double (left));
  g_variant_builder_add (&builder, "{sv}", "complete", g_variant_new_boolean (left < direction->data->options->kick_target));
  g_variant_builder_add (&builder, "{sv}", "transitions", g_variant_new_int32 (direction->n_events));
  g_variant_builder_add (&builder, "{sv}", "overlap_other_half",
                         g_variant_new_double (compute_overlap (direction->group, direction->other)));
  add_stability (&builder, direction);
  return g_variant_builder_end (&builder);
}

static const char *
explain (const Direction *direction)
{
  if (direction->found)
    return "found";
  if (direction->choose.starts == NULL)
    return "too few transitions";
  if (direction->scores.auc == NULL)
    return "the symbol is hardly ever held";
  if (direction->group == NULL || direction->group->len == 0)
    return "no unit lowers the rate";
  if (direction->p_value > MOST_P)
    return "random groups do as well";
  return "the rate stays above half of nominal";
}

static GVariant *
create_direction (const Direction *direction)
{
  gsize H = direction->data->network->n_hidden;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&builder, "{sv}", "from", g_variant_new_int32 (direction->from));
  g_variant_builder_add (&builder, "{sv}", "to", g_variant_new_int32 (direction->to));
  g_variant_builder_add (&builder, "{sv}", "transitions", g_variant_new_int32 (direction->n_events));
  g_variant_builder_add (&builder, "{sv}", "found", g_variant_new_boolean (direction->found));
  g_variant_builder_add (&builder, "{sv}", "reason", g_variant_new_string (explain (direction)));
  if (direction->group != NULL)
    {
      g_variant_builder_add (&builder, "{sv}", "auc", orr_section_new_doubles (direction->scores.timing, H));
      g_variant_builder_add (&builder, "{sv}", "effect", orr_section_new_doubles (direction->scores.effect, H));
    }
  return g_variant_builder_end (&builder);
}

/* Looks for the group of one direction, where there are transitions and states enough. */
static gboolean
search_direction (Direction *direction, OrrHazard *const *units, OrrProgress *progress, GError **error)
{
  const OrrKickData *data = direction->data;
  guint H = data->network->n_hidden, T = data->run->n_steps, from = direction->from, to = direction->to;
  guint number = from * data->network->n_symbols + to;

  direction->n_events = orr_transitions_count (data->transitions, from, to, ORR_KICK_MARGIN + 1);
  if (direction->n_events < ORR_KICK_MIN_EVENTS)
    return TRUE;
  orr_kick_half_init (&direction->choose, data, from, 0, T / 2,
                      orr_analysis_stream (ORR_ANALYSIS_STREAM_KICK_SELECT, number));
  orr_kick_half_init (&direction->judge, data, from, T / 2, T,
                      orr_analysis_stream (ORR_ANALYSIS_STREAM_KICK_TEST, number));
  if (units[from] == NULL || direction->judge.starts->rows < ORR_KICK_MIN_EVENTS)
    return TRUE;
  direction->scores = (OrrKickScores) { g_new0 (double, H), g_new0 (double, H), g_new0 (double, H),
                                        g_new0 (gboolean, H) };
  fill_effects (direction, units[from], direction->scores.effect);
  orr_kick_find_eligible (units[from], units[to], direction->scores.eligible);
  return search (direction, number, progress, error);
}

static gboolean
search_all (const OrrKickData *data, OrrHazard *const *units, GPtrArray *directions, OrrProgress *progress,
            GError **error)
{
  guint K = data->network->n_symbols, n = K * (K - 1);

  for (guint from = 0; from < K; from++)
    for (guint to = 0; to < K; to++)
      {
        if (to == from)
          continue;
        guint done = directions->len;
        Direction *direction = g_new0 (Direction, 1);
        g_autoptr (OrrProgress) part = orr_progress_new_part (progress, (double) done / n, (done + 1.0) / n);

        *direction = (Direction) { .data = data, .from = from, .to = to, .p_value = NAN };
        g_ptr_array_add (directions, direction);
        if (!search_direction (direction, units, part, error))
          return FALSE;
      }
  return TRUE;
}

/* How fast each symbol is left with every unit silenced on its own; %NULL for
 * symbols that are hardly ever held. */
static gboolean
measure_units (const OrrKickData *data, OrrHazard **units, OrrProgress *progress, GError **error)
{
  guint K = data->network->n_symbols;

  for (guint k = 0; k < K; k++)
    {
      g_auto (OrrKickHalf) half = { 0 };
      g_autoptr (OrrProgress) part = orr_progress_new_part (progress, (double) k / K, (k + 1.0) / K);

      orr_kick_half_init (&half, data, k, 0, data->run->n_steps / 2,
                          orr_analysis_stream (ORR_ANALYSIS_STREAM_KICK_SELECT, k * (K + 1)));
      if (half.starts->rows < ORR_KICK_MIN_EVENTS)
        continue;
      units[k] = orr_kick_measure_units (data, &half, part, error);
      if (units[k] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Units that are active in at least a thousandth of the steps. */
static void
find_alive (OrrKickData *data)
{
  gsize H = data->network->n_hidden, T = data->run->n_steps;
  g_autofree guint *steps = g_new0 (guint, H);

  for (gsize t = 0; t < T; t++)
    for (gsize u = 0; u < H; u++)
      steps[u] += orr_matrix_row (data->run->states, t)[u] > 0.0f;
  data->alive = g_new (guint, H);
  for (gsize u = 0; u < H; u++)
    if (steps[u] * 1000.0 >= T)
      data->alive[data->n_alive++] = u;
}

static void
compare_again (Direction *direction, const GArray *group)
{
  direction->overlaps[direction->n_repeats++] = compute_overlap (direction->group, group);
  for (guint i = 0; i < direction->group->len; i++)
    for (guint k = 0; k < group->len; k++)
      direction->again[i] += g_array_index (direction->group, guint, i) == g_array_index (group, guint, k);
}

/* Chooses the groups that were found once more, on a trajectory and noise of another seed. */
static gboolean
repeat (const OrrNetwork *network, const OrrAnalysisOptions *given, guint number, GPtrArray *directions,
        OrrProgress *progress, GError **error)
{
  OrrAnalysisOptions options = *given;
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.1);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.1, 0.4);
  g_autofree OrrHazard **units = g_new0 (OrrHazard *, network->n_symbols);
  guint H = network->n_hidden;
  gboolean done;

  options.seed = given->seed + number * OTHER_SEED;
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, &options, first, error);
  if (run == NULL)
    return FALSE;
  g_autoptr (OrrTransitions) transitions = orr_transitions_new (run);
  OrrKickData data = { .network = network, .options = &options, .run = run, .transitions = transitions };
  find_alive (&data);
  done = measure_units (&data, units, second, error);
  for (guint d = 0; d < directions->len && done; d++)
    {
      Direction *direction = directions->pdata[d];
      Direction again = { .data = &data, .from = direction->from, .to = direction->to };
      g_autoptr (OrrProgress) part = orr_progress_new_part (progress, 0.4 + 0.6 * d / directions->len,
                                                            0.4 + 0.6 * (d + 1.0) / directions->len);

      if (!direction->found || units[again.from] == NULL
          || orr_transitions_count (transitions, again.from, again.to, ORR_KICK_MARGIN + 1) < ORR_KICK_MIN_EVENTS)
        continue;
      orr_kick_half_init (&again.choose, &data, again.from, 0, run->n_steps / 2,
                          orr_analysis_stream (ORR_ANALYSIS_STREAM_KICK_SELECT, again.from * network->n_symbols + again.to));
      again.scores = (OrrKickScores) { g_new0 (double, H), g_new0 (double, H), g_new0 (double, H), g_new0 (gboolean, H) };
      fill_effects (&again, units[again.from], again.scores.effect);
      orr_kick_find_eligible (units[again.from], units[again.to], again.scores.eligible);
      done = choose_first (&again, part, error);
      if (done)
        compare_again (direction, again.group);
      direction_clear (&again);
    }
  for (guint k = 0; k < network->n_symbols; k++)
    orr_hazard_free (units[k]);
  g_free (data.alive);
  return done;
}

/**
 * orr_kick_neurons_analyze:
 *
 * The few units whose activity makes the network jump from one symbol to another
 * (SCIENCE, part 3.6). A transition i -> j is a change of the leading symbol
 * (argmax of the logits) after a dwell of more than 3 steps. Per direction:
 * (1) units are ranked by how well their activity 2 steps before the transitions
 * separates from that deep in the state (AUC; deep: at least 3 steps from both ends
 * of a dwell); units whose silencing alone makes one of the two states collapse (left
 * five times as fast, and more than once in four steps) are left out: they hold up a
 * state; so are units whose activity in the last 3 steps never separates with an AUC of
 * 0.65: they do not wake before the jump; (2) among the best 20 a group is chosen greedily: the unit whose
 * silencing (gain 0 on recurrent and noise input) lowers the rate most, until it is
 * below a tenth (options->kick_target) of nominal, at most 10 (options->kick_max_group); units that are not needed leave again (where
 * that falls short, once more with the 6 others whose silencing alone lowers the rate
 * most); (3) the
 * group is judged on the other half of the trajectory with other noise, beside 199
 * random groups of the same size drawn from the other active units. Rates are first
 * exits i -> j per step at risk from up to 400 deep states followed for 40 steps under
 * matched noise. A group is reported when it leaves less than half of the rate and at
 * most 5 % of random groups do as well.
 *
 * Section `kick_neurons`:
 *   `groups`[] with `from`, `to`, `units`; per unit `unit_effects` (relative change of
 *   the rate when silenced alone), `unit_auc` (best of the last 3
 *   steps), `crossing_time` (mean steps before the
 *   transition at which its pre-activation crosses zero upwards), `crossing_fraction`
 *   (share of transitions with such a crossing in the last 8 steps),
 *   `silent_fraction` (share of deep states in which it is silent); `rate_nominal`,
 *   `rate_silenced` with `_ci` (95 %, Poisson), `rate_ratio`, `complete` (ratio below a
 *   tenth), `control_rate` (mean) with `_sd`, `control_rates`, `p_value` (share of
 *   random groups that lower the rate as far), `transitions`, `overlap_other_half`
 *   (Jaccard overlap with the group chosen on the other half), `overlap_seeds` [R] (with those
 *   chosen with R = options->kick_repeats other seeds, where they met the direction often
 *   enough) and `unit_stability` (share of them that found the unit);
 *   `directions`[] with `from`, `to`, `transitions`, `found`, `reason`, and where it was
 *   looked for `auc` and `effect` [H]; and the settings.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_kick_neurons_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                          GError **error)
{
  g_autoptr (OrrProgress) part = orr_progress_new_part (progress, 0.0, 0.05);
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, options, part, error);
  if (run == NULL)
    return NULL;
  g_autoptr (OrrTransitions) transitions = orr_transitions_new (run);
  OrrKickData data = { .network = network, .options = options, .run = run, .transitions = transitions };
  GVariantBuilder groups, directions;
  guint K = network->n_symbols;

  find_alive (&data);
  g_autofree guint *alive = data.alive;
  guint repeats = MIN (options->kick_repeats, ORR_ANALYSIS_MAX_REPEATS);
  double once = 1.0 / (1.0 + 0.5 * repeats);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.05, 0.05 + 0.2 * once);
  g_autoptr (OrrProgress) third = orr_progress_new_part (progress, 0.05 + 0.2 * once, 0.05 + 0.95 * once);
  g_autofree OrrHazard **units = g_new0 (OrrHazard *, K);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (direction_free);
  gboolean done = measure_units (&data, units, second, error) && search_all (&data, units, found, third, error);
  for (guint k = 0; k < K; k++)
    orr_hazard_free (units[k]);
  for (guint r = 0; r < repeats && done; r++)
    {
      double begin = 0.05 + 0.95 * once, step = (1.0 - begin) / repeats;
      g_autoptr (OrrProgress) fourth = orr_progress_new_part (progress, begin + r * step, begin + (r + 1) * step);

      done = repeat (network, options, r + 1, found, fourth, error);
    }
  if (!done)
    return NULL;
  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_init (&directions, G_VARIANT_TYPE ("aa{sv}"));
  for (guint d = 0; d < found->len; d++)
    {
      const Direction *direction = found->pdata[d];

      if (direction->found)
        g_variant_builder_add_value (&groups, create_group (direction));
      g_variant_builder_add_value (&directions, create_direction (direction));
    }

  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  orr_analysis_add_settings (&builder, network, options);
  g_variant_builder_add (&builder, "{sv}", "kick_max_group", g_variant_new_int32 (options->kick_max_group));
  g_variant_builder_add (&builder, "{sv}", "kick_target", g_variant_new_double (options->kick_target));
  g_variant_builder_add (&builder, "{sv}", "kick_repeats", g_variant_new_int32 (options->kick_repeats));
  g_variant_builder_add (&builder, "{sv}", "groups", g_variant_builder_end (&groups));
  g_variant_builder_add (&builder, "{sv}", "directions", g_variant_builder_end (&directions));
  g_variant_builder_add (&builder, "{sv}", "transition_rate", g_variant_new_double (orr_transitions_rate (transitions)));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

void
orr_kick_group_free (OrrKickGroup *self)
{
  if (self == NULL)
    return;
  g_free (self->units);
  g_free (self);
}

/**
 * orr_kick_groups_parse:
 * @section: a `kick_neurons` section
 *
 * Returns: (transfer full) (element-type OrrKickGroup): its groups
 */
GPtrArray *
orr_kick_groups_parse (GVariant *section)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_kick_group_free);
  g_autoptr (GVariant) list = orr_section_get_child (section, "groups");

  if (list == NULL || !g_variant_is_of_type (list, G_VARIANT_TYPE ("aa{sv}")))
    return groups;
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (list, i);
      gsize n;
      g_autofree double *units = orr_section_dup_doubles (item, "units", &n);
      OrrKickGroup *group = g_new0 (OrrKickGroup, 1);

      group->from = orr_section_get_int (item, "from", 0);
      group->to = orr_section_get_int (item, "to", 0);
      group->n_units = n;
      group->units = g_new (guint, MAX (n, 1));
      for (gsize u = 0; u < n; u++)
        group->units[u] = units[u];
      g_ptr_array_add (groups, group);
    }
  return groups;
}

/**
 * orr_kick_groups_find:
 *
 * Returns: (transfer full) (nullable) (element-type OrrKickGroup): the groups of
 * options->kick_neurons, or found anew where that is missing
 */
GPtrArray *
orr_kick_groups_find (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                      GError **error)
{
  if (options->kick_neurons != NULL)
    return orr_kick_groups_parse (options->kick_neurons);

  OrrAnalysisOptions once = *options;
  once.kick_repeats = 0;
  g_autoptr (GVariant) section = orr_kick_neurons_analyze (network, &once, progress, error);
  return section != NULL ? orr_kick_groups_parse (section) : NULL;
}
