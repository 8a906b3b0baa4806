/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-kick-search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-random.h"

/**
 * orr_kick_half_init:
 * @self: (out): to be cleared with orr_kick_half_clear()
 * @symbol: the symbol that is left
 * @begin: first step of this half
 * @end: step after its last
 * @stream: random stream for noise from its starts
 */
void
orr_kick_half_init (OrrKickHalf *self, const OrrKickData *data, guint symbol, guint begin, guint end, guint64 stream)
{
  g_autoptr (GArray) all = orr_transitions_deep (data->transitions, symbol, ORR_KICK_MARGIN);
  gsize H = data->network->n_hidden;

  *self = (OrrKickHalf) { .begin = begin, .end = end, .symbol = symbol, .stream = stream };
  self->deep = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < all->len; i++)
    {
      guint t = g_array_index (all, guint, i);
      if (t >= begin && t < end)
        g_array_append_val (self->deep, t);
    }

  guint n = MIN (self->deep->len, ORR_KICK_STARTS);
  self->starts = orr_matrix_new (n, H);
  for (guint i = 0; i < n; i++)
    {
      guint t = g_array_index (self->deep, guint, (gsize) i * self->deep->len / n);
      memcpy (orr_matrix_row (self->starts, i), orr_matrix_row (data->run->states, t), H * sizeof (float));
    }
}

void
orr_kick_half_clear (OrrKickHalf *self)
{
  g_clear_pointer (&self->deep, g_array_unref);
  g_clear_pointer (&self->starts, orr_matrix_unref);
}

typedef struct
{
  float    value;
  gboolean event;
} Sample;

static int
compare_samples (gconstpointer a, gconstpointer b)
{
  float x = ((const Sample *) a)->value, y = ((const Sample *) b)->value;
  return (x > y) - (x < y);
}

/* Area under the ROC curve: P(event > deep) + P(equal) / 2, by ranks with ties shared. */
static double
compute_auc (Sample *samples, gsize n)
{
  double events = 0.0, ranks = 0.0;

  qsort (samples, n, sizeof (Sample), compare_samples);
  for (gsize i = 0; i < n;)
    {
      gsize j = i;
      double in_tie = 0.0;

      for (; j < n && samples[j].value == samples[i].value; j++)
        in_tie += samples[j].event;
      events += in_tie;
      ranks += in_tie * (0.5 * (i + j - 1) + 1.0);
      i = j;
    }
  double others = n - events;
  return events > 0.0 && others > 0.0 ? (ranks - events * (events + 1.0) / 2.0) / (events * others) : 0.5;
}

/**
 * orr_kick_separation:
 * @to: the symbol that comes
 * @lag: steps before the transition
 * @auc: (out) (array): [H] how well each unit's activity @lag steps before the
 *   transitions of this half separates from its activity in deep states:
 *   probability that the former is larger, 0.5 for no separation
 *
 * Left unfinished when cancelled.
 */
void
orr_kick_separation (const OrrKickData *data, const OrrKickHalf *half, guint to, guint lag, double *auc,
                     OrrProgress *progress)
{
  const OrrTransitions *transitions = data->transitions;
  gsize H = data->network->n_hidden, n = 0;
  g_autofree guint *times = g_new (guint, transitions->n + half->deep->len);
  g_autofree Sample *samples = g_new (Sample, transitions->n + half->deep->len);
  gsize n_events = 0;

  for (guint i = 0; i < transitions->n; i++)
    {
      const OrrTransition *item = &transitions->items[i];

      if (item->from == half->symbol && item->to == to && item->dwell > ORR_KICK_MARGIN &&
          item->time >= half->begin + lag && item->time < half->end)
        times[n_events++] = item->time - lag;
    }
  n = n_events;
  for (guint i = 0; i < half->deep->len; i++)
    times[n++] = g_array_index (half->deep, guint, i);

  for (gsize u = 0; u < H && !orr_progress_is_cancelled (progress); u++)
    {
      for (gsize i = 0; i < n; i++)
        samples[i] = (Sample) { orr_matrix_row (data->run->states, times[i])[u], i < n_events };
      auc[u] = compute_auc (samples, n);
    }
}

/**
 * orr_kick_measure_groups:
 * @groups: (element-type GArray): each the units (guint) silenced together
 *
 * Returns: (transfer full) (nullable): rates nominal (set 0) and with each group
 * silenced (set 1 + its index), from the starts of @half under matched noise
 */
OrrHazard *
orr_kick_measure_groups (const OrrKickData *data, const OrrKickHalf *half, GPtrArray *groups, OrrProgress *progress,
                         GError **error)
{
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (data->network, groups->len + 1);

  for (guint g = 0; g < groups->len; g++)
    {
      const GArray *group = groups->pdata[g];
      for (guint i = 0; i < group->len; i++)
        orr_ensemble_set_gain (ensemble, g + 1, g_array_index (group, guint, i), 0.0, 0.0);
    }
  return orr_hazard_measure (ensemble, half->starts, half->symbol, ORR_KICK_HORIZON, half->stream, data->options,
                             progress, error);
}

static GArray *
group_with (const GArray *group, guint unit)
{
  GArray *more = g_array_new (FALSE, FALSE, sizeof (guint));

  if (group != NULL && group->len > 0)
    g_array_append_vals (more, group->data, group->len);
  g_array_append_val (more, unit);
  return more;
}

static GPtrArray *
create_groups (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
}

/**
 * orr_kick_measure_units:
 *
 * Returns: (transfer full) (nullable): rates nominal (set 0) and with unit u alone
 * silenced (set 1 + u)
 */
OrrHazard *
orr_kick_measure_units (const OrrKickData *data, const OrrKickHalf *half, OrrProgress *progress, GError **error)
{
  g_autoptr (GPtrArray) groups = create_groups ();

  for (guint u = 0; u < data->network->n_hidden; u++)
    g_ptr_array_add (groups, group_with (NULL, u));
  return orr_kick_measure_groups (data, half, groups, progress, error);
}

/**
 * orr_kick_timing:
 * @timing: (out) (array): [H] the best separation of each unit at 1 to
 *   ORR_KICK_LAGS steps before the transitions
 *
 * Left unfinished when cancelled.
 */
void
orr_kick_timing (const OrrKickData *data, const OrrKickHalf *half, guint to, double *timing, OrrProgress *progress)
{
  gsize H = data->network->n_hidden;
  g_autofree double *auc = g_new0 (double, H);

  for (gsize u = 0; u < H; u++)
    timing[u] = 0.0;
  for (guint lag = 1; lag <= ORR_KICK_LAGS; lag++)
    {
      orr_kick_separation (data, half, to, lag, auc, progress);
      for (gsize u = 0; u < H; u++)
        timing[u] = MAX (timing[u], auc[u]);
    }
}

/* Whether the symbol is left much faster when the unit is silenced. */
static gboolean
holds_symbol (const OrrHazard *units, guint unit)
{
  double nominal = 0.0, silenced = 0.0;

  if (units == NULL)
    return FALSE;
  for (guint k = 0; k < units->n_symbols; k++)
    {
      nominal += orr_hazard_rate (units, 0, k);
      silenced += orr_hazard_rate (units, unit + 1, k);
    }
  return silenced > ORR_KICK_HOLDS * nominal && silenced > ORR_KICK_COLLAPSE;
}

/**
 * orr_kick_find_eligible:
 * @units_from: rates of orr_kick_measure_units() from the symbol that is left
 * @units_to: (nullable): those from the symbol that comes
 * @eligible: (out) (array): [H] whether both states still stand when the unit is
 *   silenced: left neither ORR_KICK_HOLDS times as fast nor within a few steps. To silence a unit that
 *   holds up one of the states abolishes that state, not the jump.
 */
void
orr_kick_find_eligible (const OrrHazard *units_from, const OrrHazard *units_to, gboolean *eligible)
{
  for (guint u = 0; u + 1 < units_from->n_sets; u++)
    eligible[u] = !holds_symbol (units_from, u) && !holds_symbol (units_to, u);
}

/* Appends up to @n units of largest @score above @least that were not taken yet. */
static void
take_best (GArray *chosen, gboolean *taken, const double *score, guint H, guint n, double least)
{
  for (; n > 0; n--)
    {
      guint best = H;

      for (guint u = 0; u < H; u++)
        if (!taken[u] && score[u] > least && (best == H || score[u] > score[best]))
          best = u;
      if (best == H)
        return;
      taken[best] = TRUE;
      g_array_append_val (chosen, best);
    }
}

/* The units that separate best, then @extra that lower the rate most by themselves. */
static GArray *
choose_candidates (const OrrKickScores *scores, guint H, guint extra)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree gboolean *taken = g_new (gboolean, H);
  g_autofree double *fall = g_new (double, H);

  for (guint u = 0; u < H; u++)
    {
      taken[u] = !scores->eligible[u] || scores->timing[u] < ORR_KICK_TIMING; /* out from the start */
      fall[u] = -scores->effect[u];
    }
  take_best (chosen, taken, scores->auc, H, ORR_KICK_CANDIDATES, 0.5);
  take_best (chosen, taken, fall, H, extra, 0.0);
  return chosen;
}

/* Index of the set with the lowest rate to @to, the nominal set left out. */
static guint
find_lowest (const OrrHazard *hazard, guint to)
{
  guint best = 1;

  for (guint s = 2; s < hazard->n_sets; s++)
    if (orr_hazard_rate (hazard, s, to) < orr_hazard_rate (hazard, best, to))
      best = s;
  return best;
}

/* Takes the candidate that lowers the rate most into the group; %FALSE at the end. */
static gboolean
grow (const OrrKickData *data, const OrrKickHalf *half, guint to, GArray *candidates, GArray **group, double *rate,
      double *nominal, OrrProgress *progress, GError **error)
{
  g_autoptr (GPtrArray) trials = create_groups ();

  if (candidates->len == 0)
    return FALSE;
  for (guint c = 0; c < candidates->len; c++)
    g_ptr_array_add (trials, group_with (*group, g_array_index (candidates, guint, c)));
  g_autoptr (OrrHazard) hazard = orr_kick_measure_groups (data, half, trials, progress, error);
  if (hazard == NULL)
    return FALSE;

  guint best = find_lowest (hazard, to);
  double lowest = orr_hazard_rate (hazard, best, to);
  *nominal = orr_hazard_rate (hazard, 0, to);
  if (!(lowest < MIN (*rate, *nominal)))
    return FALSE;
  g_array_unref (*group);
  *group = g_array_ref (trials->pdata[best - 1]);
  g_array_remove_index (candidates, best - 1);
  *rate = lowest;
  return TRUE;
}

/* Drops units that the group can do without: the first that were taken may have
 * become needless. */
static gboolean
prune (const OrrKickData *data, const OrrKickHalf *half, guint to, GArray *group, double limit, OrrProgress *progress,
       GError **error)
{
  while (group->len > 1)
    {
      g_autoptr (GPtrArray) trials = create_groups ();

      for (guint i = 0; i < group->len; i++)
        {
          GArray *less = g_array_copy (group);
          g_array_remove_index (less, i);
          g_ptr_array_add (trials, less);
        }
      g_autoptr (OrrHazard) hazard = orr_kick_measure_groups (data, half, trials, progress, error);
      if (hazard == NULL)
        return FALSE;
      guint best = find_lowest (hazard, to);
      if (!(orr_hazard_rate (hazard, best, to) <= limit))
        return TRUE;
      g_array_remove_index (group, best - 1);
    }
  return TRUE;
}

/* A group under construction. */
typedef struct
{
  GArray *units;
  double  rate;
  double  nominal;
} Group;

static void
group_clear (Group *group)
{
  g_clear_pointer (&group->units, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Group, group_clear)

static gboolean
is_complete (const OrrKickData *data, const Group *group)
{
  return group->rate < data->options->kick_target * group->nominal;
}

/* Greedy choice among the candidates until the group is complete, then pruning. */
static gboolean
build (const OrrKickData *data, const OrrKickHalf *half, guint to, GArray *candidates, Group *group,
       OrrProgress *progress, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (OrrProgress) end = orr_progress_new_part (progress, 1.0, 1.0);
  guint most = CLAMP (data->options->kick_max_group, 1, ORR_ANALYSIS_MAX_GROUP);

  *group = (Group) { g_array_new (FALSE, FALSE, sizeof (guint)), INFINITY, NAN };
  while (group->units->len < most && !is_complete (data, group))
    {
      g_autoptr (OrrProgress) part =
          orr_progress_new_part (progress, (double) group->units->len / most,
                                 (group->units->len + 1.0) / most);
      if (!grow (data, half, to, candidates, &group->units, &group->rate, &group->nominal, part, &local))
        break;
    }
  if (local == NULL)
    prune (data, half, to, group->units, MAX (data->options->kick_target * group->nominal, group->rate), end, &local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * orr_kick_choose_group:
 * @to: the symbol that comes
 * @scores: of every unit, from the same half
 *
 * Greedy choice among the eligible units that wake before the transitions at all and
 * separate best: each time the one whose silencing lowers the rate most, until it is
 * below options->kick_target of nominal; then units that are not needed for that leave
 * again. Where that is not reached, once more with those units besides that lower
 * the rate most by themselves; the better of the two groups counts.
 *
 * Returns: (transfer full) (nullable) (element-type guint): the group, possibly
 * empty; %NULL on error
 */
GArray *
orr_kick_choose_group (const OrrKickData *data, const OrrKickHalf *half, guint to, const OrrKickScores *scores,
                       OrrProgress *progress, GError **error)
{
  g_autoptr (GArray) few = choose_candidates (scores, data->network->n_hidden, 0);
  g_autoptr (GArray) more = choose_candidates (scores, data->network->n_hidden, ORR_KICK_EXTRA);
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.5);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.5, 1.0);
  g_auto (Group) group = { 0 };
  g_auto (Group) other = { 0 };

  if (!build (data, half, to, few, &group, first, error))
    return NULL;
  if (is_complete (data, &group) || more->len == 0)
    return g_steal_pointer (&group.units);
  if (!build (data, half, to, more, &other, second, error))
    return NULL;
  return other.rate < group.rate ? g_steal_pointer (&other.units) : g_steal_pointer (&group.units);
}

/**
 * orr_kick_draw_controls:
 * @group: the group to compare with
 * @eligible: [H] of orr_kick_find_eligible()
 * @n: how many to draw
 * @first: number of the first draw in the random stream
 *
 * Returns: (transfer full) (element-type GArray): random groups of the same size
 * from the other eligible units that are active at all
 */
GPtrArray *
orr_kick_draw_controls (const OrrKickData *data, const GArray *group, const gboolean *eligible, guint n,
                        guint64 first)
{
  GPtrArray *controls = create_groups ();
  g_autofree guint32 *others = g_new (guint32, data->n_alive);

  for (guint c = 0; c < n; c++)
    {
      GArray *control = g_array_new (FALSE, FALSE, sizeof (guint));
      guint n_others = 0;

      for (guint i = 0; i < data->n_alive; i++)
        {
          gboolean member = !eligible[data->alive[i]];
          for (guint g = 0; g < group->len; g++)
            member |= g_array_index (group, guint, g) == data->alive[i];
          if (!member)
            others[n_others++] = data->alive[i];
        }
      orr_random_shuffle (others, n_others, data->options->seed,
                          orr_analysis_stream (ORR_ANALYSIS_STREAM_KICK_CONTROLS, first + c));
      g_array_append_vals (control, others, MIN (group->len, n_others));
      g_ptr_array_add (controls, control);
    }
  return controls;
}
