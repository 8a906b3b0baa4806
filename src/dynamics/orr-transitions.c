/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-transitions.h"

static guint16
find_leading (const float *z, gsize K)
{
  guint16 best = 0;

  for (gsize k = 1; k < K; k++)
    if (z[k] > z[best])
      best = k;
  return best;
}

/**
 * orr_transitions_new:
 *
 * Returns: (transfer full): the transitions of @run
 */
OrrTransitions *
orr_transitions_new (const OrrTrajectory *run)
{
  OrrTransitions *self = g_new0 (OrrTransitions, 1);
  guint T = run->n_steps;
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (OrrTransition));

  self->n_steps = T;
  self->n_symbols = run->n_symbols;
  self->symbols = g_new (guint16, T);
  self->since = g_new (guint, T);
  self->until = g_new (guint, T);
  for (guint t = 0; t < T; t++)
    {
      self->symbols[t] = find_leading (orr_matrix_row (run->logits, t), run->n_symbols);
      self->since[t] = t > 0 && self->symbols[t] == self->symbols[t - 1] ? self->since[t - 1] + 1 : 0;
      if (t > 0 && self->since[t] == 0)
        {
          OrrTransition item = { t, self->symbols[t - 1], self->symbols[t], self->since[t - 1] + 1 };
          g_array_append_val (items, item);
        }
    }
  for (guint t = T; t-- > 0;)
    self->until[t] = t + 1 == T || self->symbols[t] != self->symbols[t + 1] ? 1 : self->until[t + 1] + 1;
  self->n = items->len;
  self->items = (OrrTransition *) g_array_free (g_steal_pointer (&items), FALSE);
  return self;
}

void
orr_transitions_free (OrrTransitions *self)
{
  if (self == NULL)
    return;
  g_free (self->symbols);
  g_free (self->since);
  g_free (self->until);
  g_free (self->items);
  g_free (self);
}

/**
 * orr_transitions_rate:
 *
 * Returns: changes of the leading symbol per step
 */
double
orr_transitions_rate (const OrrTransitions *self)
{
  return self->n_steps > 1 ? (double) self->n / (self->n_steps - 1) : 0.0;
}

/**
 * orr_transitions_count:
 * @min_dwell: only those after at least so many steps in @from
 *
 * Returns: how many transitions @from -> @to there were
 */
guint
orr_transitions_count (const OrrTransitions *self, guint from, guint to, guint min_dwell)
{
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    n += self->items[i].from == from && self->items[i].to == to && self->items[i].dwell >= min_dwell;
  return n;
}

/**
 * orr_transitions_deep:
 * @margin: steps
 *
 * Returns: (transfer full) (element-type guint): the times at which @symbol has
 * led for at least @margin steps and goes on to lead for more than @margin
 */
GArray *
orr_transitions_deep (const OrrTransitions *self, guint symbol, guint margin)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint t = 0; t < self->n_steps; t++)
    if (self->symbols[t] == symbol && self->since[t] >= margin && self->until[t] > margin)
      g_array_append_val (times, t);
  return times;
}
