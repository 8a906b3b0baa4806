/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-seeds-private.h"

static void
put (OrrSeedWriter *self, int action)
{
  OrrFilling *filling = &self->seed.filling;

  if (action < 0 || (self->legal >> action & 1) == 0 || filling->n[0] == ORR_ACTIONS_MAX_LENGTH)
    self->failed = TRUE;
  else
    filling->actions[0][filling->n[0]++] = action;
}

void
orr_seed_writer_put (OrrSeedWriter *self, const char *action)
{
  put (self, orr_action_from_name (action));
}

/* A small whole number as one, any other as a constant with this value. */
void
orr_seed_writer_number (OrrSeedWriter *self, double value)
{
  const OrrExprNode node = orr_expr_node (ORR_EXPR_OP_NUMBER, 0, rint (value));
  int action = fabs (value - rint (value)) <= 1e-6 * fabs (value) ? orr_action_from_node (&node) : -1;

  if (action >= 0 && (self->legal >> action & 1) != 0)
    {
      put (self, action);
      return;
    }
  orr_seed_writer_put (self, "c");
  if (!self->failed)
    self->seed.constants[self->seed.n_constants++] = value;
}

void
orr_seed_writer_variable (OrrSeedWriter *self, guint variable)
{
  put (self, ORR_ACTIONS_FIRST_VARIABLE + variable);
}

void
orr_seed_writer_power (OrrSeedWriter *self, guint variable, guint power)
{
  if (power > 1)
    orr_seed_writer_put (self, "pow");
  orr_seed_writer_variable (self, variable);
  if (power > 1)
    orr_seed_writer_number (self, power);
}

void
orr_seed_writer_finish (OrrSeedWriter *self, GArray *seeds)
{
  if (!self->failed)
    g_array_append_val (seeds, self->seed);
}

/**
 * orr_seeds_make:
 * @samples: up to a few hundred rows
 * @legal: bit k: action k may be used
 *
 * Candidates of common shapes whose constants are not found by descent from
 * usual values: quotients of polynomials by total least squares, waves and
 * products of waves from grids of frequencies.
 *
 * Returns: (transfer full): of OrrSeed
 */
GArray *
orr_seeds_make (const OrrSamples *samples, guint64 legal)
{
  GArray *seeds = g_array_new (FALSE, TRUE, sizeof (OrrSeed));

  orr_seeds_rational (samples, legal, seeds);
  orr_seeds_waves (samples, legal, seeds);
  return seeds;
}
