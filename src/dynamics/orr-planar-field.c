/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-planar-field.h"

#include <math.h>

/**
 * orr_planar_field_new:
 *
 * Returns: (transfer full): a field that is defined nowhere yet, on the sheet of height 0
 */
OrrPlanarField *
orr_planar_field_new (guint n_x, guint n_y, const double low[2], const double high[2])
{
  g_return_val_if_fail (n_x >= 2 && n_y >= 2, NULL);
  g_return_val_if_fail (high[0] > low[0] && high[1] > low[1], NULL);

  OrrPlanarField *self = g_atomic_rc_box_new0 (OrrPlanarField);
  gsize n = (gsize) n_x * n_y;

  self->n_x = n_x;
  self->n_y = n_y;
  for (int k = 0; k < 2; k++)
    {
      self->low[k] = low[k];
      self->high[k] = high[k];
    }
  self->velocity = g_new (double, 2 * n);
  self->height = g_new0 (double, n);
  for (gsize i = 0; i < 2 * n; i++)
    self->velocity[i] = NAN;
  return self;
}

OrrPlanarField *
orr_planar_field_ref (OrrPlanarField *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrPlanarField *self = box;

  g_free (self->velocity);
  g_free (self->height);
}

void
orr_planar_field_unref (OrrPlanarField *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/**
 * orr_planar_field_node:
 * @position: (out): [2] where the node in column @x and row @y is
 */
void
orr_planar_field_node (const OrrPlanarField *self, guint x, guint y, double position[2])
{
  position[0] = self->low[0] + (self->high[0] - self->low[0]) * x / (self->n_x - 1);
  position[1] = self->low[1] + (self->high[1] - self->low[1]) * y / (self->n_y - 1);
}

/**
 * orr_planar_field_sample:
 * @velocity: (out): [2] change per step at (@x, @y), linear between the four nodes around it
 * @height: (out) (optional): of the sheet there
 *
 * Returns: whether the field is defined there: at all four nodes
 */
gboolean
orr_planar_field_sample (const OrrPlanarField *self, double x, double y, double velocity[2], double *height)
{
  double across = (x - self->low[0]) / (self->high[0] - self->low[0]) * (self->n_x - 1);
  double along = (y - self->low[1]) / (self->high[1] - self->low[1]) * (self->n_y - 1);
  double level = 0.0;

  velocity[0] = velocity[1] = 0.0;
  if (!(across >= 0.0 && along >= 0.0 && across <= self->n_x - 1 && along <= self->n_y - 1))
    return FALSE;

  guint column = MIN ((guint) across, self->n_x - 2), row = MIN ((guint) along, self->n_y - 2);
  double fx = across - column, fy = along - row;
  for (guint corner = 0; corner < 4; corner++)
    {
      gsize node = (gsize) (row + corner / 2) * self->n_x + column + corner % 2;
      double weight = (corner % 2 ? fx : 1.0 - fx) * (corner / 2 ? fy : 1.0 - fy);

      velocity[0] += weight * self->velocity[2 * node];
      velocity[1] += weight * self->velocity[2 * node + 1];
      level += weight * self->height[node];
    }
  if (height != NULL)
    *height = level;
  return isfinite (velocity[0]) && isfinite (velocity[1]);
}

/* The greatest speed at any node, 0 where the field is defined nowhere. */
double
orr_planar_field_top_speed (const OrrPlanarField *self)
{
  double top = 0.0;

  for (gsize i = 0; i < (gsize) self->n_x * self->n_y; i++)
    {
      double speed = hypot (self->velocity[2 * i], self->velocity[2 * i + 1]);
      top = isfinite (speed) ? MAX (top, speed) : top;
    }
  return top;
}
