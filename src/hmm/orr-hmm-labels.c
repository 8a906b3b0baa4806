/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-arrows.h"

#include <math.h>
#include <string.h>

/* Between a line and its label. */
#define GAP 0.03
#define SAMPLES 12
/* More arrows than this and labels no longer dodge the lines of others. */
#define MAX_DODGING 200
/* Costs of a place: a node or label in the way rules it out. */
#define BLOCKED 100.0
#define CROSSED 3.0
/* With many arrows a label that crosses more lines than this is left out. */
#define MANY_ARROWS 40
#define MAX_CROSSED 4

static gboolean
boxes_overlap (double ax, double ay, double bx, double by, double width, double height)
{
  return fabs (ax - bx) < width && fabs (ay - by) < height;
}

static gboolean
box_touches_node (const double *centre, double x, double y, double half_width, double half_height)
{
  double dx = fmax (fabs (centre[0] - x) - half_width, 0.0);
  double dy = fmax (fabs (centre[1] - y) - half_height, 0.0);

  return hypot (dx, dy) < ORR_HMM_NODE_RADIUS + 0.5 * GAP;
}

static double
place_cost (const OrrHmmGeometry *self, const gboolean *placed, guint index, double x, double y)
{
  const OrrHmmArrow *own = self->arrows + index;
  double half_width = 0.5 * own->label_width, half_height = 0.5 * self->label_height, cost = 0.0;

  for (guint k = 0; k < self->hmm->n_states; k++)
    if (box_touches_node (self->hmm->positions + 2 * k, x, y, half_width, half_height))
      cost += BLOCKED;
  for (guint a = 0; a < self->n_arrows; a++)
    {
      const OrrHmmArrow *other = self->arrows + a;

      if (placed[a] && boxes_overlap (x, y, other->label_x, other->label_y,
                                      half_width + 0.5 * other->label_width, self->label_height))
        cost += BLOCKED;
      if (self->n_arrows > MAX_DODGING || a == index)
        continue;
      for (guint i = 0; i <= SAMPLES; i++)
        {
          double px, py;

          orr_hmm_arrow_point (other, (double) i / SAMPLES, &px, &py);
          if (boxes_overlap (x, y, px, py, half_width + 0.5 * other->width, half_height + 0.5 * other->width))
            cost += CROSSED;
        }
    }
  return cost;
}

/* The place beside the curve at @t, on its left (@side 1) or right (-1). */
static void
beside (const OrrHmmGeometry *self, const OrrHmmArrow *arrow, double t, double side, double *x, double *y)
{
  double x0, y0, x1, y1, length, nx, ny, away;

  orr_hmm_arrow_point (arrow, t - 0.02, &x0, &y0);
  orr_hmm_arrow_point (arrow, t + 0.02, &x1, &y1);
  length = fmax (hypot (x1 - x0, y1 - y0), 1e-9);
  nx = side * (y1 - y0) / length;
  ny = -side * (x1 - x0) / length;
  away = GAP + 0.5 * (arrow->width + fabs (nx) * arrow->label_width + fabs (ny) * self->label_height);
  *x = 0.5 * (x0 + x1) + nx * away;
  *y = 0.5 * (y0 + y1) + ny * away;
}

static double
bulge (const OrrHmmArrow *arrow)
{
  double x, y;

  orr_hmm_arrow_point (arrow, 0.5, &x, &y);
  return (arrow->y[3] - arrow->y[0]) * (x - arrow->x[0]) - (arrow->x[3] - arrow->x[0]) * (y - arrow->y[0]);
}

static void
place_label (OrrHmmGeometry *self, const gboolean *placed, guint index)
{
  static const double along[] = { 0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8 };
  OrrHmmArrow *arrow = self->arrows + index;
  double bend = bulge (arrow), best = G_MAXDOUBLE, best_x = 0.0, best_y = 0.0;
  /* Outside of a curve; above or right of a straight line. */
  gboolean leftwards = arrow->x[3] < arrow->x[0] || (arrow->x[3] == arrow->x[0] && arrow->y[3] > arrow->y[0]);
  double outside = fabs (bend) > 1e-6 ? copysign (1.0, bend) : (leftwards ? -1.0 : 1.0);
  guint n = self->n_arrows > 4 * MAX_DODGING ? 1 : G_N_ELEMENTS (along);

  for (guint i = 0; i < 2 * n && best > 0.5 * i; i++)
    {
      double x, y, cost;

      beside (self, arrow, along[i / 2], i % 2 == 0 ? outside : -outside, &x, &y);
      cost = place_cost (self, placed, index, x, y) + 0.5 * i + (i % 2 ? 1.0 : 0.0);
      if (cost < best)
        {
          best = cost;
          best_x = x;
          best_y = y;
        }
    }
  arrow->label_x = best_x;
  arrow->label_y = best_y;
  arrow->label_fits = best < (self->n_arrows > MANY_ARROWS ? CROSSED * MAX_CROSSED : BLOCKED);
}

/* Chooses a place for every label, likely arrows first; the text and its width
 * must be known (@char_width is for that). */
void
orr_hmm_labels_place (OrrHmmGeometry *self, double char_width)
{
  g_autofree gboolean *placed = g_new0 (gboolean, self->n_arrows + 1);
  g_autofree gboolean *done = g_new0 (gboolean, self->n_arrows + 1);

  for (guint a = 0; a < self->n_arrows; a++)
    {
      OrrHmmArrow *arrow = self->arrows + a;
      gboolean locked = self->hmm->locked[(gsize) arrow->from * self->hmm->n_states + arrow->to];

      /* A locked one shows a small lock behind its number. */
      arrow->label_width = char_width * (strlen (arrow->label) + (locked ? 2.2 : 0.6));
    }
  for (guint round = 0; round < self->n_arrows; round++)
    {
      guint next = 0;
      double largest = -1.0;

      for (guint a = 0; a < self->n_arrows; a++)
        if (!done[a] && self->arrows[a].probability > largest)
          {
            largest = self->arrows[a].probability;
            next = a;
          }
      place_label (self, placed, next);
      done[next] = TRUE;
      placed[next] = self->arrows[next].label_fits;
    }
}
