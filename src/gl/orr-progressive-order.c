/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-progressive-order.h"

/**
 * orr_progressive_order:
 * @n: how many items
 * @run: how many neighbours stay together (1 for points; more for the segments of a line, so that
 *   pieces of it can be recognised)
 *
 * An order of 0 .. @n - 1 of which every beginning is spread evenly over all of them: runs of @run
 * items, in the order of the van der Corput sequence (the run's number with its bits reversed).
 * Drawing the first half of the order shows half of everything.
 *
 * Returns: (transfer full): [@n] a permutation of 0 .. @n - 1; %NULL where @n is 0
 */
guint32 *
orr_progressive_order (gsize n, gsize run)
{
  g_return_val_if_fail (run > 0, NULL);
  g_return_val_if_fail (n < G_MAXUINT32, NULL);
  if (n == 0)
    return NULL;

  guint32 *order = g_new (guint32, n);
  gsize n_runs = (n + run - 1) / run;
  guint bits = g_bit_storage (n_runs - 1);
  gsize filled = 0;

  for (gsize i = 0; i < (gsize) 1 << bits; i++)
    {
      gsize reversed = 0;

      for (guint b = 0; b < bits; b++)
        reversed |= ((i >> b) & 1) << (bits - 1 - b);
      if (reversed >= n_runs)
        continue;
      for (gsize k = reversed * run; k < MIN (n, (reversed + 1) * run); k++)
        order[filled++] = k;
    }
  return order;
}
