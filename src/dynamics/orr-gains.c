/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gains.h"

#include "orr-gain.h"

/* All gains 1; turn some before it is shared. */
OrrGains *
orr_gains_new (guint n_units)
{
  OrrGains *self = g_atomic_rc_box_new0 (OrrGains);

  self->n_units = n_units;
  self->recurrent = g_new (double, MAX (n_units, 1));
  self->noise = g_new (double, MAX (n_units, 1));
  for (guint u = 0; u < n_units; u++)
    self->recurrent[u] = self->noise[u] = 1.0;
  return self;
}

OrrGains *
orr_gains_ref (OrrGains *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrGains *self = box;

  g_free (self->recurrent);
  g_free (self->noise);
}

void
orr_gains_unref (OrrGains *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/**
 * orr_gains_turn:
 * @units: [@n_units] which; those that the network does not have are passed over
 * @recurrent: factor on their recurrent input
 * @noise: factor on their noise input
 *
 * Multiplies the gains of some units: sets that overlap act one after the other.
 */
void
orr_gains_turn (OrrGains *self, const guint *units, guint n_units, double recurrent, double noise)
{
  for (guint i = 0; i < n_units; i++)
    if (units[i] < self->n_units)
      {
        self->recurrent[units[i]] *= recurrent;
        self->noise[units[i]] *= noise;
      }
}

static gboolean
is_turned (const OrrGains *self, guint unit)
{
  return self->recurrent[unit] != 1.0 || self->noise[unit] != 1.0;
}

/* How many units have a gain other than 1. */
guint
orr_gains_count (const OrrGains *self)
{
  guint n = 0;

  for (guint u = 0; u < self->n_units; u++)
    n += is_turned (self, u);
  return n;
}

gboolean
orr_gains_equal (const OrrGains *a, const OrrGains *b)
{
  if (a == NULL || b == NULL || a == b)
    return a == b;
  if (a->n_units != b->n_units)
    return FALSE;
  for (guint u = 0; u < a->n_units; u++)
    if (a->recurrent[u] != b->recurrent[u] || a->noise[u] != b->noise[u])
      return FALSE;
  return TRUE;
}

/**
 * orr_gains_apply:
 *
 * Returns: (transfer full): the network with its inputs scaled, as orr_gain_apply() does it
 */
OrrNetwork *
orr_gains_apply (const OrrGains *self, const OrrNetwork *network)
{
  OrrNetwork *gained = orr_network_copy (network);

  g_return_val_if_fail (self->n_units == network->n_hidden, gained);
  for (guint u = 0; u < self->n_units; u++)
    if (is_turned (self, u))
      {
        OrrNetwork *next = orr_gain_apply (gained, &u, 1, self->recurrent[u], self->noise[u]);
        orr_network_unref (gained);
        gained = next;
      }
  return gained;
}

/**
 * orr_gains_scatter:
 * @others: [@n_others] units that may stand in, in the order to take them
 *
 * Returns: (transfer full): the same gains on other units, one for each that is turned
 *   (as far as there are others): a control of the same size and strength
 */
OrrGains *
orr_gains_scatter (const OrrGains *self, const guint *others, guint n_others)
{
  OrrGains *scattered = orr_gains_new (self->n_units);
  guint next = 0;

  for (guint u = 0; u < self->n_units && next < n_others; u++)
    if (is_turned (self, u))
      orr_gains_turn (scattered, &others[next++], 1, self->recurrent[u], self->noise[u]);
  return scattered;
}
