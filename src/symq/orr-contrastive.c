/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-contrastive.h"

#include <math.h>

#define TEMPERATURE 0.07

/* Unit vectors and lengths. */
static void
normalize (const float *embeddings, guint b, guint e, double *unit, double *lengths)
{
  for (guint i = 0; i < b; i++)
    {
      double squares = 1e-12;
      for (guint k = 0; k < e; k++)
        squares += (double) embeddings[i * e + k] * embeddings[i * e + k];
      lengths[i] = sqrt (squares);
      for (guint k = 0; k < e; k++)
        unit[i * e + k] = embeddings[i * e + k] / lengths[i];
    }
}

/* Loss of anchor @i, and its derivatives by the similarities with all others; 0 when nobody shares its group. */
static double
anchor_loss (const double *unit, const guint *groups, guint b, guint e, guint i, double *slopes)
{
  double largest = -INFINITY, sum = 0.0, loss = 0.0;
  guint n_positive = 0;

  for (guint a = 0; a < b; a++)
    {
      double similarity = 0.0;
      for (guint k = 0; k < e; k++)
        similarity += unit[i * e + k] * unit[a * e + k];
      slopes[a] = similarity / TEMPERATURE;
      if (a != i)
        largest = MAX (largest, slopes[a]);
      n_positive += a != i && groups[a] == groups[i];
    }
  if (n_positive == 0)
    return 0.0;
  for (guint a = 0; a < b; a++)
    sum += a != i ? exp (slopes[a] - largest) : 0.0;
  for (guint a = 0; a < b; a++)
    {
      double positive = a != i && groups[a] == groups[i] ? 1.0 / n_positive : 0.0;
      loss -= positive * (slopes[a] - largest - log (sum));
      slopes[a] = a != i ? exp (slopes[a] - largest) / sum - positive : 0.0;
    }
  return loss;
}

/**
 * orr_contrastive:
 * @embeddings: (array): [b x e]
 * @groups: (array): [b] rows of the same group are to lie together
 * @weight: times the mean over the rows that have company
 * @gradient: (array): [b x e] added to
 *
 * Supervised contrastive loss (Khosla et al., NeurIPS 2020) at temperature
 * 0.07, which draws tables of the same skeleton together whatever its constants (SCIENCE, part 4).
 *
 * Returns: the loss, times @weight
 */
double
orr_contrastive (const float *embeddings, const guint *groups, guint b, guint e, double weight, float *gradient)
{
  g_autofree double *unit = g_new (double, (gsize) b * e), *lengths = g_new (double, b), *slopes = g_new (double, b);
  g_autofree double *du = g_new0 (double, (gsize) b * e);
  double loss = 0.0;
  guint n_anchors = 0;

  normalize (embeddings, b, e, unit, lengths);
  for (guint i = 0; i < b; i++)
    {
      double own = anchor_loss (unit, groups, b, e, i, slopes);
      if (own == 0.0)
        continue;
      loss += own;
      n_anchors++;
      for (guint a = 0; a < b; a++)
        for (guint k = 0; k < e && slopes[a] != 0.0; k++)
          {
            du[i * e + k] += slopes[a] / TEMPERATURE * unit[a * e + k];
            du[a * e + k] += slopes[a] / TEMPERATURE * unit[i * e + k];
          }
    }
  if (n_anchors == 0)
    return 0.0;
  for (guint i = 0; i < b; i++)
    {
      double along = 0.0;
      for (guint k = 0; k < e; k++)
        along += du[i * e + k] * unit[i * e + k];
      for (guint k = 0; k < e; k++)
        gradient[i * e + k] += weight / n_anchors * (du[i * e + k] - along * unit[i * e + k]) / lengths[i];
    }
  return weight * loss / n_anchors;
}
