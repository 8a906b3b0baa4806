/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-stress.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "orr-random.h"

#define ITERATIONS 200
#define STARTS 8
#define MAX_MANY_STARTS 60
/* Nodes never come closer than this share of the spacing. */
#define CLOSEST 0.9

/* Number of links on the shortest way between any two; @n where there is none. */
static double *
hop_distances (const guint8 *adjacent, guint n)
{
  double *hops = g_new (double, n *n);
  g_autofree guint *queue = g_new (guint, n);

  for (guint source = 0; source < n; source++)
    {
      double *row = hops + source * n;
      guint head = 0, tail = 0;

      for (guint i = 0; i < n; i++)
        row[i] = i == source ? 0.0 : n;
      queue[tail++] = source;
      while (head < tail)
        {
          guint here = queue[head++];

          for (guint j = 0; j < n; j++)
            if (adjacent[here * n + j] && row[j] == n && j != source)
              {
                row[j] = row[here] + 1.0;
                queue[tail++] = j;
              }
        }
    }
  return hops;
}

/* Classical scaling: the two leading eigenvectors of the doubly centred squared
 * distances, times the roots of their eigenvalues. */
static void
classical_scaling (const double *distance, guint n, double *positions)
{
  g_autofree double *gram = g_new (double, n *n);
  g_autofree double *mean = g_new0 (double, n);
  g_autofree double *eigenvalues = g_new (double, n);
  g_autofree double *eigenvectors = g_new (double, n * 2);
  g_autofree lapack_int *support = g_new (lapack_int, 2 * n);
  double total = 0.0;
  lapack_int found;

  for (guint i = 0; i < n; i++)
    {
      for (guint j = 0; j < n; j++)
        mean[i] += distance[i * n + j] * distance[i * n + j] / n;
      total += mean[i] / n;
    }
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      gram[i * n + j] = -0.5 * (distance[i * n + j] * distance[i * n + j] - mean[i] - mean[j] + total);
  LAPACKE_dsyevr (LAPACK_ROW_MAJOR, 'V', 'I', 'U', n, gram, n, 0.0, 0.0, n - 1, n, 0.0, &found, eigenvalues,
                  eigenvectors, 2, support);
  for (guint i = 0; i < n; i++)
    for (guint axis = 0; axis < 2; axis++)
      positions[2 * i + axis] = eigenvectors[2 * i + 1 - axis] * sqrt (fmax (eigenvalues[1 - axis], 0.0));
}

static double
separation (const double *positions, guint i, guint j)
{
  return hypot (positions[2 * i] - positions[2 * j], positions[2 * i + 1] - positions[2 * j + 1]);
}

/* Gansner, Koren & North 2004: every node moves to the weighted mean of where
 * the others would have it; weights distance^-2. */
static void
majorise (const double *distance, guint n, double *positions)
{
  for (guint iteration = 0; iteration < ITERATIONS; iteration++)
    for (guint i = 0; i < n; i++)
      {
        double x = 0.0, y = 0.0, weights = 0.0;

        for (guint j = 0; j < n; j++)
          {
            if (j == i)
              continue;

            double d = distance[i * n + j], weight = 1.0 / (d * d);
            double pull = d / fmax (separation (positions, i, j), 1e-9);

            x += weight * (positions[2 * j] + pull * (positions[2 * i] - positions[2 * j]));
            y += weight * (positions[2 * j + 1] + pull * (positions[2 * i + 1] - positions[2 * j + 1]));
            weights += weight;
          }
        positions[2 * i] = x / weights;
        positions[2 * i + 1] = y / weights;
      }
}

static double
cross (const double *p, guint a, guint b, guint c)
{
  return (p[2 * b] - p[2 * a]) * (p[2 * c + 1] - p[2 * a + 1]) -
         (p[2 * b + 1] - p[2 * a + 1]) * (p[2 * c] - p[2 * a]);
}

static gboolean
segments_cross (const double *p, guint a, guint b, guint c, guint d)
{
  if (a == c || a == d || b == c || b == d)
    return FALSE;
  return cross (p, a, b, c) * cross (p, a, b, d) < 0.0 && cross (p, c, d, a) * cross (p, c, d, b) < 0.0;
}

/* What a reader minds: crossings first, then distances that are off. */
static double
badness (const guint8 *adjacent, const double *distance, guint n, const double *positions)
{
  double stress = 0.0;
  guint crossings = 0;

  for (guint a = 0; a < n; a++)
    for (guint b = a + 1; b < n; b++)
      {
        double off = separation (positions, a, b) / distance[a * n + b] - 1.0;

        stress += off * off;
        if (!adjacent[a * n + b])
          continue;
        for (guint c = a; c < n; c++)
          for (guint d = c + 1; d < n; d++)
            if (adjacent[c * n + d] && (c > a || d > b))
              crossings += segments_cross (positions, a, b, c, d);
      }
  return crossings + stress;
}

static void
push_apart (double *positions, guint n, double closest)
{
  for (guint round = 0; round < 100; round++)
    {
      gboolean moved = FALSE;

      for (guint i = 0; i < n; i++)
        for (guint j = i + 1; j < n; j++)
          {
            double dx = positions[2 * j] - positions[2 * i], dy = positions[2 * j + 1] - positions[2 * i + 1];
            double d = hypot (dx, dy);

            if (d >= closest - 1e-9)
              continue;
            if (d < 1e-9)
              {
                dx = cos (i + j);
                dy = sin (i + j);
                d = 1.0;
              }
            double push = 0.5 * (closest - separation (positions, i, j)) / d;
            positions[2 * i] -= push * dx;
            positions[2 * i + 1] -= push * dy;
            positions[2 * j] += push * dx;
            positions[2 * j + 1] += push * dy;
            moved = TRUE;
          }
      if (!moved)
        return;
    }
}

/* Longest direction level, first node to the left and not below the middle. */
static void
orient (double *positions, guint n)
{
  double mean[2] = { 0, 0 }, xx = 0, xy = 0, yy = 0;

  for (guint i = 0; i < 2 * n; i++)
    mean[i % 2] += positions[i] / n;
  for (guint i = 0; i < n; i++)
    {
      double x = positions[2 * i] -= mean[0], y = positions[2 * i + 1] -= mean[1];

      xx += x * x;
      xy += x * y;
      yy += y * y;
    }

  double angle = 0.5 * atan2 (2.0 * xy, xx - yy), c = cos (angle), s = sin (angle);

  for (guint i = 0; i < n; i++)
    {
      double x = positions[2 * i], y = positions[2 * i + 1];

      positions[2 * i] = c * x + s * y;
      positions[2 * i + 1] = -s * x + c * y;
    }
  for (guint axis = 0; axis < 2; axis++)
    if (positions[axis] > 0.0)
      for (guint i = 0; i < n; i++)
        positions[2 * i + axis] *= -1.0;
}

/**
 * orr_hmm_stress_layout:
 * @adjacent: [n x n] symmetric flags of a connected graph
 * @spacing: wished distance of neighbours
 * @positions: (out caller-allocates): [n x 2]
 *
 * Stress majorisation: distances on the page as the number of links between
 * the nodes. It starts from classical scaling and from disturbed copies of it,
 * always the same ones, and keeps the one with the fewest crossings.
 */
void
orr_hmm_stress_layout (const guint8 *adjacent, guint n, double spacing, double *positions)
{
  g_autofree double *distance = hop_distances (adjacent, n);
  g_autofree double *initial = g_new (double, 2 * n);
  g_autofree double *trial = g_new (double, 2 * n);
  guint starts = n <= MAX_MANY_STARTS ? STARTS : 1;
  double best = G_MAXDOUBLE;

  g_return_if_fail (n >= 2);
  for (guint i = 0; i < n * n; i++)
    distance[i] *= spacing;
  classical_scaling (distance, n, initial);
  for (guint start = 0; start < starts; start++)
    {
      double disturbance = spacing * (start == 0 ? 0.02 : 0.5 * start), bad;

      for (guint i = 0; i < 2 * n; i++)
        trial[i] =
            initial[i] + disturbance * (orr_random_uniform (start, ORR_RANDOM_STREAM_SHUFFLE, i) - 0.5);
      majorise (distance, n, trial);
      push_apart (trial, n, CLOSEST * spacing);
      bad = starts > 1 ? badness (adjacent, distance, n, trial) : 0.0;
      if (bad < best)
        {
          best = bad;
          memcpy (positions, trial, 2 * n * sizeof (double));
        }
    }
  orient (positions, n);
}
