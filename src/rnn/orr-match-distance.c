/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-match-distance.h"

#include <math.h>
#include <string.h>

#include "orr-matrix.h"
#include "orr-match-kernels.h"
#include "orr-parallel.h"

#define ROWS 64
#define EPS 0.1
#define TOLERANCE 1e-4
#define MOST_PASSES 500

typedef struct
{
  guint        n;
  guint        threads;
  gsize        n_blocks;
  guint16     *costs;   /* [n x n] differing positions */
  float       *f, *g;   /* potentials */
  float       *partial; /* [n_blocks x n] column sums of a block of rows */
  double      *row_sums, *col_sums;
  double      *firsts, *seconds; /* [n] moments of each row's distances */
  double       eps;     /* of the present pass */
  const guint8 *x, *y;  /* [n x T] */
  guint        length;
  OrrProgress *progress;
} Problem;

static void
fill_costs_row (gsize i, guint worker, gpointer data)
{
  Problem *self = data;

  for (gsize j = 0; j < self->n && !orr_progress_is_cancelled (self->progress); j++)
    {
      const guint8 *a = self->x + i * self->length, *b = self->y + j * self->length;
      guint differ = 0;

      for (guint t = 0; t < self->length; t++)
        differ += a[t] != b[t];
      self->costs[i * self->n + j] = (guint16) differ;
    }
}

static void
pass_block (gsize block, guint worker, gpointer data)
{
  Problem *self = data;
  gsize n = self->n;
  float *col_sums = self->partial + block * n;

  memset (col_sums, 0, n * sizeof (float));
  for (gsize i = block * ROWS; i < MIN (n, (block + 1) * ROWS); i++)
    {
      float moments[2];

      self->row_sums[i] = ORR_VECTOR_PICK (orr_match_row_kernel) (self->costs + i * n, n, self->f[i], self->g,
                                                                  (float) (1.0 / self->eps), col_sums, moments);
      self->firsts[i] = moments[0];
      self->seconds[i] = moments[1];
    }
}

/* Row and column sums of the plan at the present potentials. */
static gboolean
pass (Problem *self, double eps, GError **error)
{
  gsize n = self->n;

  if (!orr_progress_check (self->progress, error))
    return FALSE;
  self->eps = eps;
  orr_parallel_for (self->n_blocks, self->threads, pass_block, self);
  for (gsize j = 0; j < n; j++)
    self->col_sums[j] = 0.0;
  for (gsize b = 0; b < self->n_blocks; b++)
    for (gsize j = 0; j < n; j++)
      self->col_sums[j] += self->partial[b * n + j];
  return TRUE;
}

/* Half a step of either potential; returns how far the plan's sums were from uniform. */
static double
update (float *potential, const double *sums, gsize n, double eps)
{
  double error = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      /* A row out of float32's range only needs a push in its direction. */
      double share = CLAMP (sums[i] / n, 1e-30, 1e30);
      potential[i] -= (float) (0.5 * eps * log (share));
      error += fabs (share - 1.0) / n;
    }
  return error;
}

static gboolean
solve (Problem *self, double diameter, GError **error)
{
  gboolean last = FALSE;

  for (double eps = diameter; !last; eps *= 0.5)
    {
      eps = MAX (eps, EPS);
      last = eps <= EPS;
      for (guint k = 0; k < (last ? MOST_PASSES : 3); k++)
        {
          if (!pass (self, eps, error))
            return FALSE;
          double off = update (self->f, self->row_sums, self->n, eps);
          off = MAX (off, update (self->g, self->col_sums, self->n, eps));
          if (off < TOLERANCE)
            break;
        }
    }
  return pass (self, EPS, error);
}

/**
 * orr_match_distance:
 * @x: [n x T] symbols
 * @y: [n x T] symbols
 * @threads: 0 for all cores; never changes the numbers
 * @mean: (out): mean Euclidean distance of the matched one-hot points
 * @sd: (out): standard deviation over matched pairs
 * @error: (out): %ORR_ERROR_CANCELLED
 *
 * Matches two sets of sequences by entropic optimal transport on unsquared
 * distances, eps 0.1 (arXiv:2510.25674; SCIENCE, part 2), annealed from the
 * diameter and solved until the plan's sums are uniform within 1e-4.
 */
gboolean
orr_match_distance (const guint8 *x, const guint8 *y, guint n, guint length, guint n_symbols, guint threads,
                    double *mean, double *sd, OrrProgress *progress, GError **error)
{
  Problem self = { .n = n, .threads = orr_parallel_threads (threads), .n_blocks = (n + ROWS - 1) / ROWS,
                   .x = x, .y = y, .length = length, .progress = progress };
  double first = 0.0, second = 0.0;

  self.costs = orr_aligned_alloc0 ((gsize) n * n, sizeof (guint16));
  self.f = orr_aligned_alloc0 (n, sizeof (float));
  self.g = orr_aligned_alloc0 (n, sizeof (float));
  self.partial = orr_aligned_alloc0 (self.n_blocks * n, sizeof (float));
  self.row_sums = g_new (double, n);
  self.col_sums = g_new (double, n);
  self.firsts = g_new (double, n);
  self.seconds = g_new (double, n);

  orr_parallel_for (n, self.threads, fill_costs_row, &self);
  gboolean done = solve (&self, sqrt (2.0 * length), error);
  for (gsize i = 0; done && i < n; i++)
    {
      first += self.firsts[i] / self.row_sums[i] / n;
      second += self.seconds[i] / self.row_sums[i] / n;
    }
  if (done)
    {
      *mean = first;
      *sd = sqrt (MAX (second - first * first, 0.0));
    }

  orr_aligned_free (self.costs);
  orr_aligned_free (self.f);
  orr_aligned_free (self.g);
  orr_aligned_free (self.partial);
  g_free (self.row_sums);
  g_free (self.col_sums);
  g_free (self.firsts);
  g_free (self.seconds);
  return done;
}
