/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-subspace.h"

#include <string.h>

#include "orr-error.h"

#define N_AXES 3
#define MIN_STEPS 200

/* Steps of the stretches during which only symbols @a and @b lead, long enough and with a
 * change between the two. */
static GArray *
collect_stretches (const OrrTransitions *transitions, guint a, guint b, guint shortest, guint *n_stretches)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (guint));
  guint begin = 0;

  *n_stretches = 0;
  for (guint t = 0; t <= transitions->n_steps; t++)
    {
      gboolean inside =
          t < transitions->n_steps && (transitions->symbols[t] == a || transitions->symbols[t] == b);
      gboolean both = FALSE;

      if (inside)
        continue;
      for (guint s = begin + 1; s < t; s++)
        both |= transitions->symbols[s] != transitions->symbols[s - 1];
      if (t - begin >= shortest && both)
        {
          (*n_stretches)++;
          for (guint s = begin; s < t; s++)
            g_array_append_val (times, s);
        }
      begin = t + 1;
    }
  return times;
}

/**
 * orr_subspace_find:
 * @whole: components of all states, %ORR_SUBSPACE_N_REDUCED of them
 * @reduced: [T x P] all states in these
 * @transitions: of the same run
 * @a: a symbol
 * @b: another one
 * @min_stretch: steps that a stretch lasts at least
 *
 * The subspace of a pair of symbols (SCIENCE, part 3.11): the stretches of at least @min_stretch steps in
 * which only the two lead, and change, are reduced to 3 components within @whole.
 *
 * Returns: (transfer full) (nullable): the subspace
 */
OrrSubspace *
orr_subspace_find (const OrrPca *whole, const OrrMatrix *reduced, const OrrTransitions *transitions, guint a,
                   guint b, guint min_stretch, GError **error)
{
  g_autoptr (OrrSubspace) self = g_new0 (OrrSubspace, 1);
  GArray *times = collect_stretches (transitions, a, b, min_stretch, &self->n_stretches);

  self->n_times = times->len;
  self->times = (guint *) g_array_free (times, FALSE);
  if (self->n_times < MIN_STEPS)
    return g_steal_pointer (&self);

  g_autoptr (OrrMatrix) inside = orr_matrix_new (self->n_times, reduced->cols);
  for (guint i = 0; i < self->n_times; i++)
    memcpy (orr_matrix_row (inside, i), orr_matrix_row (reduced, self->times[i]), reduced->cols * sizeof (float));
  g_autoptr (OrrPca) inner = orr_pca_new (inside, N_AXES, error);
  if (inner == NULL)
    return NULL;
  self->pca = orr_pca_compose (whole, inner);
  return g_steal_pointer (&self);
}

void
orr_subspace_free (OrrSubspace *self)
{
  if (self == NULL)
    return;
  g_free (self->times);
  orr_pca_unref (self->pca);
  g_free (self);
}

/* How many pairs of symbols have a subspace of their own: none for fewer than three symbols. */
guint
orr_subspace_count (guint n_symbols)
{
  return n_symbols >= 3 ? n_symbols * (n_symbols - 1) / 2 : 0;
}

/**
 * orr_subspace_pair:
 * @pair: below orr_subspace_count()
 * @a: (out): the pair's first symbol
 * @b: (out): the second one
 *
 * Pairs in their order: 0 and 1, 0 and 2, ..., 1 and 2, ...
 */
void
orr_subspace_pair (guint n_symbols, guint pair, guint *a, guint *b)
{
  *a = 0;
  while (*a + 2 < n_symbols && pair >= n_symbols - 1 - *a)
    pair -= n_symbols - 1 - (*a)++;
  *b = *a + 1 + pair;
}

/**
 * orr_subspace_motion:
 * @whole: a motion of @network
 * @error: (out): %ORR_ERROR_INPUT where the network hardly ever alternates between the two, or has fewer
 *   than four units
 *
 * The motion as it is seen in the subspace of a pair of symbols; its steps in the pair's stretches are
 * told by `inside`.
 *
 * Returns: (transfer full) (nullable): the motion
 */
OrrMotion *
orr_subspace_motion (const OrrMotion *whole, const OrrNetwork *network, guint a, guint b, OrrProgress *progress,
                     GError **error)
{
  const OrrTrajectory *run = whole->trajectory;

  if (run->n_hidden < ORR_SUBSPACE_N_REDUCED)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "A subspace of two symbols needs four hidden units");
      return NULL;
    }
  g_autoptr (OrrPca) pca = orr_pca_new (run->states, ORR_SUBSPACE_N_REDUCED, error);
  if (pca == NULL)
    return NULL;
  g_autoptr (OrrMatrix) reduced = orr_pca_project (pca, run->states);
  g_autoptr (OrrTransitions) transitions = orr_transitions_new (run);
  g_autoptr (OrrSubspace) subspace = orr_subspace_find (pca, reduced, transitions, a, b,
                                                      ORR_SUBSPACE_MIN_STRETCH, error);
  if (subspace == NULL)
    return NULL;
  if (subspace->pca == NULL)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "Only %u steps alternate between these two symbols, too few for a subspace", subspace->n_times);
      return NULL;
    }

  g_autofree guint8 *inside = g_new0 (guint8, run->n_steps);
  for (guint i = 0; i < subspace->n_times; i++)
    inside[subspace->times[i]] = TRUE;
  return orr_motion_with_axes (whole, network, subspace->pca, inside, progress, error);
}
