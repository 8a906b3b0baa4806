/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gain.h"

/**
 * orr_gain_apply:
 * @units: [@n_units] chosen units
 * @recurrent: c_r, factor on W_hh h + b of these units
 * @noise: c_n, factor on W_ih x of these units
 *
 * The intervention h = phi (c_r (W_hh h + b) + c_n (W_ih x)) (SCIENCE, part 3.8) is a
 * network of its own: the gains scale the rows of its weights. Both 0 silence a unit.
 *
 * Returns: (transfer full): that network
 */
OrrNetwork *
orr_gain_apply (const OrrNetwork *network, const guint *units, guint n_units, double recurrent, double noise)
{
  OrrNetwork *gained = orr_network_copy (network);
  gsize H = network->n_hidden, D = network->n_noise;

  for (guint i = 0; i < n_units; i++)
    {
      gsize u = units[i];

      g_return_val_if_fail (u < H, gained);
      for (gsize j = 0; j < H; j++)
        gained->weight_hh->data[u * H + j] *= recurrent;
      for (gsize d = 0; d < D; d++)
        gained->weight_ih->data[u * D + d] *= noise;
      if (gained->bias_ih != NULL)
        gained->bias_ih->data[u] *= recurrent;
      if (gained->bias_hh != NULL)
        gained->bias_hh->data[u] *= recurrent;
    }
  return gained;
}
