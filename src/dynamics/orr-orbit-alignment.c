/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-alignment.h"

#include <math.h>

#include "orr-phase.h"

/* Two fits closer than this share are one: the readout axes lie on a line, or nearly so. */
#define SAME_FIT 0.05

/* The orthogonal map that lays one set of axes on another, of one handedness, in closed form. */
typedef struct
{
  double cosine; /* of the angle of the rotation */
  double sine;
  double fit; /* cosine between the sets afterwards */
} Fit;

/* [K x 2]: readout directions in the plane less their mean, which changes no symbol's odds; of
 * unit length as a whole. Returns %FALSE where there is nothing in the plane. */
static gboolean
get_axes (const OrrMotion *motion, double *axes)
{
  gsize K = motion->readout->rows;
  double mean[2] = { 0.0, 0.0 }, sum = 0.0;

  for (gsize k = 0; k < K; k++)
    for (int d = 0; d < 2; d++)
      mean[d] += orr_matrix_row (motion->readout, k)[d] / K;
  for (gsize k = 0; k < K; k++)
    for (int d = 0; d < 2; d++)
      {
        axes[2 * k + d] = orr_matrix_row (motion->readout, k)[d] - mean[d];
        sum += axes[2 * k + d] * axes[2 * k + d];
      }
  for (gsize i = 0; sum > 0.0 && i < 2 * K; i++)
    axes[i] /= sqrt (sum);
  return sum > 0.0;
}

/* Orthogonal Procrustes in the plane; @sign -1 reflects the second coordinate first. */
static Fit
fit_axes (const double *axes, const double *target, gsize n, double sign)
{
  double dot = 0.0, cross = 0.0;

  for (gsize k = 0; k < n; k++)
    {
      double x = axes[2 * k], y = sign * axes[2 * k + 1];

      dot += x * target[2 * k] + y * target[2 * k + 1];
      cross += x * target[2 * k + 1] - y * target[2 * k];
    }
  double length = hypot (dot, cross);
  return length > 0.0 ? (Fit){ dot / length, cross / length, length } : (Fit){ 1.0, 0.0, 0.0 };
}

static double
find_scale (const OrrMotion *motion)
{
  gsize n = motion->projection->rows;
  double mean[2] = { 0.0, 0.0 }, square = 0.0;

  for (gsize t = 0; t < n; t++)
    for (int d = 0; d < 2; d++)
      mean[d] += orr_matrix_row (motion->projection, t)[d] / n;
  for (gsize t = 0; t < n; t++)
    for (int d = 0; d < 2; d++)
      {
        double from_mean = orr_matrix_row (motion->projection, t)[d] - mean[d];
        square += from_mean * from_mean / n;
      }
  return square > 0.0 ? 1.0 / sqrt (square) : 1.0;
}

/**
 * orr_orbit_turns:
 *
 * Returns: how often a motion turns around its centre in the plane of the first two
 *   components, counter-clockwise turns less clockwise ones
 */
double
orr_orbit_turns (const OrrMotion *motion)
{
  double sum = 0.0;

  for (gsize t = 0; t + 1 < motion->projection->rows; t++)
    sum += orr_phase_difference (orr_phase_at (motion->centre, orr_matrix_row (motion->projection, t)),
                                 orr_phase_at (motion->centre, orr_matrix_row (motion->projection, t + 1)));
  return sum / (2.0 * G_PI);
}

static void
set_rotation (OrrOrbitAlignment *self, const Fit *fit, gboolean mirrored)
{
  double sign = mirrored ? -1.0 : 1.0;

  self->rotation[0] = fit->cosine;
  self->rotation[1] = -sign * fit->sine;
  self->rotation[2] = fit->sine;
  self->rotation[3] = sign * fit->cosine;
  self->mirrored = mirrored;
}

/**
 * orr_orbit_align:
 * @motion: a network's, in its own components
 * @reference: another network's, in its own
 * @result: (out caller-allocates): how to draw the first one over the second
 *
 * Different networks have no state space in common, and the size, the order of units and
 * the signs of the components carry no meaning: what can be compared is the shape of the
 * motion and how it lies to the symbols. So each plane is scaled to unit spread, and rotated
 * or reflected so that its readout axes (less their mean) come as near as they can to those
 * of the reference, by orthogonal Procrustes. Where the axes lie on one line, so that they
 * leave the reflection open, the two are made to turn in the same sense. With other numbers
 * of symbols only the scale is set.
 */
void
orr_orbit_align (const OrrMotion *motion, const OrrMotion *reference, OrrOrbitAlignment *result)
{
  gsize K = motion->readout->rows;
  g_autofree double *axes = g_new0 (double, 2 * K), *target = g_new0 (double, 2 * reference->readout->rows);

  *result = (OrrOrbitAlignment){ find_scale (motion), { 1.0, 0.0, 0.0, 1.0 }, FALSE, FALSE, NAN };
  if (reference->readout->rows != K || !get_axes (motion, axes) || !get_axes (reference, target))
    return;

  Fit straight = fit_axes (axes, target, K, 1.0), reflected = fit_axes (axes, target, K, -1.0);
  result->by_readout = fabs (straight.fit - reflected.fit) > SAME_FIT * MAX (straight.fit, reflected.fit);
  gboolean mirrored = result->by_readout ? reflected.fit > straight.fit
                                         : orr_orbit_turns (motion) * orr_orbit_turns (reference) < 0.0;
  set_rotation (result, mirrored ? &reflected : &straight, mirrored);
  result->agreement = MIN (mirrored ? reflected.fit : straight.fit, 1.0);
}

/**
 * orr_orbit_alignment_apply:
 * @point: in the plane of the network's first two components, from their mean
 * @result: (out): where it is drawn
 */
void
orr_orbit_alignment_apply (const OrrOrbitAlignment *self, const double point[2], double result[2])
{
  double x = point[0] * self->scale, y = point[1] * self->scale;

  result[0] = self->rotation[0] * x + self->rotation[1] * y;
  result[1] = self->rotation[2] * x + self->rotation[3] * y;
}

/**
 * orr_orbit_alignment_apply_to_readout:
 * @axes: (out caller-allocates): [K x 2] the motion's readout axes less their mean, of unit
 *   length as a whole, as they then lie; 0 where there are none in the plane
 */
void
orr_orbit_alignment_apply_to_readout (const OrrOrbitAlignment *self, const OrrMotion *motion, double *axes)
{
  const double *r = self->rotation;

  get_axes (motion, axes);
  for (gsize k = 0; k < motion->readout->rows; k++)
    {
      double x = axes[2 * k], y = axes[2 * k + 1];

      axes[2 * k] = r[0] * x + r[1] * y;
      axes[2 * k + 1] = r[2] * x + r[3] * y;
    }
}
