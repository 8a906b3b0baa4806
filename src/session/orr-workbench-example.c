/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-random.h"

#define N_ROWS 200
#define NOISE 0.05

/**
 * orr_workbench_open_example:
 *
 * A small table to try the page on: a wave on a slope, with a little noise.
 */
void
orr_workbench_open_example (OrrWorkbench *self)
{
  static const char *const columns[] = { "x", "y", NULL };
  g_autoptr (OrrDataset) dataset = orr_dataset_new (_("A wave on a slope"), _("example"), columns, N_ROWS);

  g_return_if_fail (ORR_IS_WORKBENCH (self));
  for (int i = 0; i < N_ROWS; i++)
    {
      double x = -5.0 + 10.0 * i / (N_ROWS - 1);

      dataset->values[i] = x;
      dataset->values[N_ROWS + i] = 2.5 * sin (1.3 * x) + 0.4 * x + NOISE * orr_random_normal (1, ORR_RANDOM_STREAM_EXPRESSION, i);
    }
  orr_workbench_set_dataset (self, dataset);
}
