/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-arrows.h"

#include <math.h>

#define RADIUS ORR_HMM_NODE_RADIUS
#define DEGREES (G_PI / 180.0)
/* Curves keep this far from the rims of nodes that they pass. */
#define CLEARANCE 0.07
#define SAMPLES 14
/* More arrows than this are not routed around nodes: nobody could follow them. */
#define MAX_ROUTED 500
#define LOOP_HALF_ANGLE (25.0 * DEGREES)
#define LOOP_REACH 0.42
#define LOOP_DIRECTIONS 24

/**
 * orr_hmm_arrow_point:
 * @t: 0 at the tail to 1 at the tip
 */
void
orr_hmm_arrow_point (const OrrHmmArrow *self, double t, double *x, double *y)
{
  double s = 1.0 - t;
  double b[4] = { s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t };

  *x = b[0] * self->x[0] + b[1] * self->x[1] + b[2] * self->x[2] + b[3] * self->x[3];
  *y = b[0] * self->y[0] + b[1] * self->y[1] + b[2] * self->y[2] + b[3] * self->y[3];
}

/* Leaves @from and reaches @to radially, at @angle to the left of the line
 * between them: so the two arrows of a pair curve apart. */
static void
set_curve (OrrHmmArrow *arrow, const double *from, const double *to, double angle)
{
  double dx = to[0] - from[0], dy = to[1] - from[1];
  double distance = fmax (hypot (dx, dy), 1e-6);
  double ux = dx / distance, uy = dy / distance, nx = uy, ny = -ux;
  double along = cos (angle), aside = sin (angle);
  double gap = fmax (distance - 2.0 * RADIUS * along, 0.1);
  double reach = gap * 0.4 * (1.0 + 0.25 * fabs (aside));
  double out_x = along * ux + aside * nx, out_y = along * uy + aside * ny;
  double in_x = -along * ux + aside * nx, in_y = -along * uy + aside * ny;

  arrow->x[0] = from[0] + RADIUS * out_x;
  arrow->y[0] = from[1] + RADIUS * out_y;
  arrow->x[1] = arrow->x[0] + reach * out_x;
  arrow->y[1] = arrow->y[0] + reach * out_y;
  arrow->x[3] = to[0] + RADIUS * in_x;
  arrow->y[3] = to[1] + RADIUS * in_y;
  arrow->x[2] = arrow->x[3] + reach * in_x;
  arrow->y[2] = arrow->y[3] + reach * in_y;
}

static double
squared_distance (const double *position, double x, double y)
{
  double dx = position[0] - x, dy = position[1] - y;

  return dx * dx + dy * dy;
}

/* How deep the curve runs through nodes that are not its ends, in radii. */
static double
intrusion (const OrrHmm *hmm, const OrrHmmArrow *arrow)
{
  const double keep = RADIUS + CLEARANCE;
  double total = 0.0;

  for (guint i = 1; i < SAMPLES; i++)
    {
      double x, y;

      orr_hmm_arrow_point (arrow, (double) i / SAMPLES, &x, &y);
      for (guint k = 0; k < hmm->n_states; k++)
        {
          double d = squared_distance (hmm->positions + 2 * k, x, y);

          if (k != arrow->from && k != arrow->to && d < keep * keep)
            total += (keep - sqrt (d)) / RADIUS;
        }
    }
  return total;
}

static void
route (const OrrHmmGeometry *self, OrrHmmArrow *arrow)
{
  static const double of_pair[] = { 20, 34, 48, 62, 6, -10 };
  static const double alone[] = { 0, 20, -20, 34, -34, 48, -48, 62, -62 };
  const OrrHmm *hmm = self->hmm;
  const double *from = hmm->positions + 2 * arrow->from, *to = hmm->positions + 2 * arrow->to;
  gboolean paired = hmm->transition[(gsize) arrow->to * hmm->n_states + arrow->from] > 0.0;
  const double *angles = paired ? of_pair : alone;
  guint n = paired ? G_N_ELEMENTS (of_pair) : G_N_ELEMENTS (alone);
  double best = G_MAXDOUBLE, best_angle = angles[0];

  if (self->n_arrows > MAX_ROUTED)
    n = 1;
  for (guint i = 0; i < n && best > 0.0; i++)
    {
      double cost;

      set_curve (arrow, from, to, angles[i] * DEGREES);
      if (n == 1)
        return;
      cost = intrusion (hmm, arrow);
      /* A wider curve must be worth it. */
      if (cost > 0.0)
        cost += 0.05 * i;
      if (cost < best)
        {
          best = cost;
          best_angle = angles[i];
        }
    }
  set_curve (arrow, from, to, best_angle * DEGREES);
}

static double
angle_between (double a, double b)
{
  return fabs (remainder (a - b, 2.0 * G_PI));
}

/* How good it is to draw a self-loop at @angle: far from the arrows and the
 * nodes round it, rather above than below. */
static double
loop_merit (const OrrHmmGeometry *self, guint state, double angle)
{
  const OrrHmm *hmm = self->hmm;
  const double *centre = hmm->positions + 2 * state;
  double free_angle = 100.0 * DEGREES;
  double x = centre[0] + (RADIUS + 0.6 * LOOP_REACH) * cos (angle);
  double y = centre[1] + (RADIUS + 0.6 * LOOP_REACH) * sin (angle);
  double merit = 0.0;

  for (guint a = 0; a < self->n_arrows; a++)
    {
      const OrrHmmArrow *arrow = self->arrows + a;

      if (arrow->from == arrow->to)
        continue;
      if (arrow->from == state)
        free_angle = fmin (free_angle,
                           angle_between (angle, atan2 (arrow->y[0] - centre[1], arrow->x[0] - centre[0])));
      if (arrow->to == state)
        free_angle = fmin (free_angle,
                           angle_between (angle, atan2 (arrow->y[3] - centre[1], arrow->x[3] - centre[0])));
    }
  for (guint k = 0; k < hmm->n_states; k++)
    if (k != state)
      merit -= 4.0 * fmax (0.0, RADIUS + 0.75 * LOOP_REACH -
                                    sqrt (squared_distance (hmm->positions + 2 * k, x, y)));
  return merit + free_angle - 0.12 * sin (angle);
}

static void
set_loop (const OrrHmmGeometry *self, OrrHmmArrow *arrow)
{
  const double *centre = self->hmm->positions + 2 * arrow->from;
  double best = -G_MAXDOUBLE, angle = 0.0;

  for (guint i = 0; i < LOOP_DIRECTIONS; i++)
    {
      /* From straight up to both sides in turn, so that ties go to the top. */
      double trial = -0.5 * G_PI + (i % 2 ? 1.0 : -1.0) * ((i + 1) / 2) * 2.0 * G_PI / LOOP_DIRECTIONS;
      double merit = loop_merit (self, arrow->from, trial);

      if (merit > best + 1e-9)
        {
          best = merit;
          angle = trial;
        }
    }
  for (guint end = 0; end < 2; end++)
    {
      double side = angle + (end ? 1.0 : -1.0) * LOOP_HALF_ANGLE;
      double wide = angle + (end ? 1.0 : -1.0) * 1.45 * LOOP_HALF_ANGLE;
      guint rim = end ? 3 : 0, control = end ? 2 : 1;

      arrow->x[rim] = centre[0] + RADIUS * cos (side);
      arrow->y[rim] = centre[1] + RADIUS * sin (side);
      arrow->x[control] = centre[0] + (RADIUS + LOOP_REACH) * cos (wide);
      arrow->y[control] = centre[1] + (RADIUS + LOOP_REACH) * sin (wide);
    }
}

/* Lays the curves of all arrows; loops last, in the gaps that are left. */
void
orr_hmm_arrows_route (OrrHmmGeometry *self)
{
  for (guint a = 0; a < self->n_arrows; a++)
    if (self->arrows[a].from != self->arrows[a].to)
      route (self, self->arrows + a);
  for (guint a = 0; a < self->n_arrows; a++)
    if (self->arrows[a].from == self->arrows[a].to)
      set_loop (self, self->arrows + a);
}
