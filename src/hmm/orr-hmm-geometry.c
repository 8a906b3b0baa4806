/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-geometry.h"

#include <math.h>

#include "orr-hmm-arrows.h"
#include "orr-hmm-edit.h"

#define RADIUS ORR_HMM_NODE_RADIUS
/* Emission bars stand in the lower half of a node, so that its middle and its
 * name are free to take hold of. */
#define BAR_BASE (0.64 * RADIUS)
#define BAR_HEIGHT (0.54 * RADIUS)
#define BARS_WIDTH (1.16 * RADIUS)
#define BAR_PITCH (0.37 * RADIUS)
#define BAR_FILL 0.82
/* Share of the radius, inwards from the rim, from which a new arrow is drawn. */
#define RIM_INSIDE 0.16
#define HIT_SAMPLES 24

/**
 * orr_hmm_geometry_new:
 * @char_width: of one digit of a label, in model units at the scale of the drawing
 * @label_height: of a label
 *
 * Returns: (transfer full): the drawing of @hmm
 */
OrrHmmGeometry *
orr_hmm_geometry_new (const OrrHmm *hmm, double char_width, double label_height)
{
  OrrHmmGeometry *self = g_new0 (OrrHmmGeometry, 1);
  gsize S = hmm->n_states;

  self->hmm = orr_hmm_ref ((OrrHmm *) hmm);
  self->label_height = label_height;
  for (gsize i = 0; i < S * S; i++)
    self->n_arrows += hmm->transition[i] > 0.0;
  self->arrows = g_new0 (OrrHmmArrow, self->n_arrows + 1);
  for (gsize i = 0, a = 0; i < S * S; i++)
    if (hmm->transition[i] > 0.0)
      {
        OrrHmmArrow *arrow = self->arrows + a++;
        double p = hmm->transition[i];
        g_autofree char *label = orr_probability_to_string (p);

        arrow->from = i / S;
        arrow->to = i % S;
        arrow->probability = p;
        arrow->width = (1.0 + 5.0 * sqrt (p)) / ORR_HMM_PIXELS_PER_UNIT;
        arrow->head = 10.0 / ORR_HMM_PIXELS_PER_UNIT + 2.2 * arrow->width;
        g_strlcpy (arrow->label, label, sizeof arrow->label);
      }
  orr_hmm_arrows_route (self);
  orr_hmm_labels_place (self, char_width);
  return self;
}

void
orr_hmm_geometry_free (OrrHmmGeometry *self)
{
  if (self == NULL)
    return;
  orr_hmm_unref (self->hmm);
  g_free (self->arrows);
  g_free (self);
}

static void
include (double low[2], double high[2], double x, double y, double half_width, double half_height)
{
  low[0] = fmin (low[0], x - half_width);
  low[1] = fmin (low[1], y - half_height);
  high[0] = fmax (high[0], x + half_width);
  high[1] = fmax (high[1], y + half_height);
}

/**
 * orr_hmm_geometry_bounds:
 *
 * Returns: the box that holds all nodes, curves and labels that fit
 */
OrrHmmBox
orr_hmm_geometry_bounds (const OrrHmmGeometry *self)
{
  double low[2] = { G_MAXDOUBLE, G_MAXDOUBLE }, high[2] = { -G_MAXDOUBLE, -G_MAXDOUBLE };

  for (guint i = 0; i < self->hmm->n_states; i++)
    include (low, high, self->hmm->positions[2 * i], self->hmm->positions[2 * i + 1], RADIUS, RADIUS);
  for (guint a = 0; a < self->n_arrows; a++)
    {
      const OrrHmmArrow *arrow = self->arrows + a;

      for (guint i = 0; i <= HIT_SAMPLES; i++)
        {
          double x, y;

          orr_hmm_arrow_point (arrow, (double) i / HIT_SAMPLES, &x, &y);
          include (low, high, x, y, 0.5 * arrow->width, 0.5 * arrow->width);
        }
      if (arrow->label_fits)
        include (low, high, arrow->label_x, arrow->label_y, 0.5 * arrow->label_width,
                 0.5 * self->label_height);
    }
  return (OrrHmmBox) { low[0], low[1], high[0] - low[0], high[1] - low[1] };
}

/**
 * orr_hmm_geometry_find_arrow:
 *
 * Returns: (nullable) (transfer none): the arrow of a transition above 0
 */
const OrrHmmArrow *
orr_hmm_geometry_find_arrow (const OrrHmmGeometry *self, guint from, guint to)
{
  for (guint a = 0; a < self->n_arrows; a++)
    if (self->arrows[a].from == from && self->arrows[a].to == to)
      return self->arrows + a;

  return NULL;
}

/**
 * orr_hmm_geometry_bar:
 *
 * Returns: the box of an emission bar as high as its probability
 */
OrrHmmBox
orr_hmm_geometry_bar (const OrrHmmGeometry *self, guint state, guint symbol)
{
  const OrrHmm *hmm = self->hmm;
  gsize K = hmm->n_symbols;
  double pitch = fmin (BAR_PITCH, BARS_WIDTH / K);
  double height = BAR_HEIGHT * hmm->emission[state * K + symbol];
  double middle = hmm->positions[2 * state] + pitch * (symbol - 0.5 * (K - 1.0));

  return (OrrHmmBox) { middle - 0.5 * BAR_FILL * pitch, hmm->positions[2 * state + 1] + BAR_BASE - height,
                       BAR_FILL * pitch, height };
}

/**
 * orr_hmm_geometry_bar_value:
 *
 * Returns: the probability of a bar whose top is at @y; outside of 0 to 1 there
 *   can be no such bar
 */
double
orr_hmm_geometry_bar_value (const OrrHmmGeometry *self, guint state, double y)
{
  double base = self->hmm->positions[2 * state + 1] + BAR_BASE;

  return (base - y) / BAR_HEIGHT;
}

/* A bar can be taken anywhere on it and a little above and below. */
static int
hit_bar (const OrrHmmGeometry *self, guint state, double x, double y, double tolerance)
{
  double base = self->hmm->positions[2 * state + 1] + BAR_BASE;

  for (guint k = 0; k < self->hmm->n_symbols; k++)
    {
      OrrHmmBox bar = orr_hmm_geometry_bar (self, state, k);
      double side = 0.5 * (1.0 / BAR_FILL - 1.0) * bar.width;

      if (x >= bar.x - side && x <= bar.x + bar.width + side && y <= base + tolerance &&
          y >= fmin (bar.y, base - tolerance) - tolerance)
        return k;
    }
  return ORR_HMM_NO_INDEX;
}

static double
distance_to_arrow (const OrrHmmArrow *arrow, double x, double y)
{
  double nearest = G_MAXDOUBLE, ax, ay;

  orr_hmm_arrow_point (arrow, 0.0, &ax, &ay);
  for (guint i = 1; i <= HIT_SAMPLES; i++)
    {
      double bx, by, along;

      orr_hmm_arrow_point (arrow, (double) i / HIT_SAMPLES, &bx, &by);
      along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) /
              fmax ((bx - ax) * (bx - ax) + (by - ay) * (by - ay), 1e-18);
      along = CLAMP (along, 0.0, 1.0);
      nearest = fmin (nearest, hypot (x - ax - along * (bx - ax), y - ay - along * (by - ay)));
      ax = bx;
      ay = by;
    }
  return nearest;
}

static const OrrHmmArrow *
hit_arrow (const OrrHmmGeometry *self, double x, double y, double tolerance)
{
  const OrrHmmArrow *hit = NULL;
  double nearest = tolerance;

  for (guint a = 0; a < self->n_arrows; a++)
    {
      const OrrHmmArrow *arrow = self->arrows + a;
      double distance = fmax (distance_to_arrow (arrow, x, y) - 0.5 * arrow->width, 0.0);

      if (arrow->label_fits && fabs (x - arrow->label_x) <= 0.5 * arrow->label_width &&
          fabs (y - arrow->label_y) <= 0.5 * self->label_height)
        return arrow;
      if (distance < nearest)
        {
          nearest = distance;
          hit = arrow;
        }
    }
  return hit;
}

/**
 * orr_hmm_geometry_hit:
 * @tolerance: how far beside a line still counts
 *
 * Returns: what is at a point: nodes are in front of arrows and the last node
 * in front of others
 */
OrrHmmHit
orr_hmm_geometry_hit (const OrrHmmGeometry *self, double x, double y, double tolerance)
{
  OrrHmmHit hit = { ORR_HMM_PART_NONE, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX };
  const OrrHmmArrow *arrow;

  for (int i = self->hmm->n_states - 1; i >= 0; i--)
    {
      double distance = hypot (x - self->hmm->positions[2 * i], y - self->hmm->positions[2 * i + 1]);

      if (distance > RADIUS)
        continue;
      hit.state = i;
      hit.symbol = hit_bar (self, i, x, y, fmin (tolerance, 0.08 * RADIUS));
      hit.part = hit.symbol != ORR_HMM_NO_INDEX         ? ORR_HMM_PART_BAR
                 : distance > RADIUS * (1 - RIM_INSIDE) ? ORR_HMM_PART_RIM
                                                        : ORR_HMM_PART_STATE;
      return hit;
    }
  arrow = hit_arrow (self, x, y, tolerance);
  if (arrow != NULL)
    {
      hit.part = ORR_HMM_PART_TRANSITION;
      hit.state = arrow->from;
      hit.to = arrow->to;
      return hit;
    }
  for (int i = self->hmm->n_states - 1; i >= 0; i--)
    if (hypot (x - self->hmm->positions[2 * i], y - self->hmm->positions[2 * i + 1]) < RADIUS + tolerance)
      {
        hit.state = i;
        hit.part = ORR_HMM_PART_RIM;
        return hit;
      }
  return hit;
}
