/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sinkhorn.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-matrix.h"
#include "orr-parallel.h"
#include "orr-sinkhorn-kernels.h"

#define ROWS 64
/* Costs of more pairs than this are computed anew in each pass. */
#define STORED_PAIRS ((gsize) 1 << 25)
#define SCALING 0.5

/**
 * orr_sinkhorn_schedule:
 * @squared_diameter: squared diagonal of the points' bounding box, positive
 * @blur: square root of the final eps
 *
 * The annealing of eps: the squared diameter twice, then a quarter of the last
 * while above blur^2, and blur^2 itself (Feydy's thesis, 2020, section 3.3.3).
 *
 * Returns: (transfer full): an array of doubles
 */
GArray *
orr_sinkhorn_schedule (double squared_diameter, double blur)
{
  GArray *schedule = g_array_new (FALSE, FALSE, sizeof (double));
  double start = log (squared_diameter), end = 2.0 * log (blur), step = 2.0 * log (SCALING);
  double last = blur * blur;
  int n = (int) ceil ((end - start) / step);

  g_array_append_val (schedule, squared_diameter);
  for (int k = 0; k < n; k++)
    {
      double eps = exp (start + k * step);
      g_array_append_val (schedule, eps);
    }
  g_array_append_val (schedule, last);
  return schedule;
}

/* A worker's buffers. */
typedef struct
{
  double *costs; /* (nullable): [ROWS x m] where they are not stored */
  double *terms; /* [m], or [ROWS x m] when the plan's means are wanted */
  double *means; /* [ROWS x P] */
} Scratch;

/* One transport problem: row i of x against all of y. */
typedef struct
{
  const double *x, *y;         /* [n x P], [m x P], centred */
  const double *x_half, *y_half; /* |x|^2 / 2, |y|^2 / 2 */
  gsize         n, m, dimension;
  double       *costs;         /* (nullable): [n x m] */
  guint         threads;
  /* The present update. */
  double        eps;
  const double *g;
  double       *f_next;
  double       *gradient;      /* (nullable): [n x P], for the last update */
  double        weight;        /* of the plan's means in it */
  Scratch      *scratch;       /* [threads] */
  OrrProgress  *progress;
} Problem;

/* Costs of @rows rows from @row on: |x - y|^2 / 2 = |x|^2 / 2 + |y|^2 / 2 - x.y */
static void
compute_costs (const Problem *self, gsize row, gsize rows, double *out)
{
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, rows, self->m, self->dimension, -1.0,
               self->x + row * self->dimension, self->dimension, self->y, self->dimension, 0.0, out, self->m);
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < self->m; j++)
      out[i * self->m + j] = MAX (out[i * self->m + j] + self->x_half[row + i] + self->y_half[j], 0.0);
}

static void
fill_costs_block (gsize block, guint worker, gpointer data)
{
  Problem *self = data;
  gsize row = block * ROWS;

  if (!orr_progress_is_cancelled (self->progress))
    compute_costs (self, row, MIN (self->n - row, ROWS), self->costs + row * self->m);
}

static void
problem_init (Problem *self, const double *x, const double *x_half, gsize n, const double *y,
              const double *y_half, gsize m, gsize dimension, gboolean plan, guint threads, OrrProgress *progress)
{
  *self = (Problem){ .x = x, .y = y, .x_half = x_half, .y_half = y_half, .n = n, .m = m,
                     .dimension = dimension, .threads = threads, .progress = progress };
  self->scratch = g_new0 (Scratch, threads);
  if (n * m <= STORED_PAIRS)
    {
      self->costs = orr_aligned_alloc0 (n * m, sizeof (double));
      orr_parallel_for ((n + ROWS - 1) / ROWS, threads, fill_costs_block, self);
    }
  for (guint i = 0; i < threads; i++)
    {
      if (self->costs == NULL)
        self->scratch[i].costs = orr_aligned_alloc0 (ROWS * m, sizeof (double));
      self->scratch[i].terms = orr_aligned_alloc0 ((plan ? ROWS : 1) * m, sizeof (double));
      self->scratch[i].means = orr_aligned_alloc0 (ROWS * dimension, sizeof (double));
    }
}

static void
problem_clear (Problem *self)
{
  for (guint i = 0; i < self->threads; i++)
    {
      orr_aligned_free (self->scratch[i].costs);
      orr_aligned_free (self->scratch[i].terms);
      orr_aligned_free (self->scratch[i].means);
    }
  g_free (self->scratch);
  orr_aligned_free (self->costs);
}

/* -eps log mean_j exp ((g_j - C_ij) / eps); leaves the row's exponentials in @terms. */
static double
softmin_row (const double *costs, const double *g, gsize m, double eps, double *terms, double *sum)
{
  double largest = -INFINITY;

  for (gsize j = 0; j < m; j++)
    {
      double term = g[j] - costs[j];
      largest = term > largest ? term : largest;
    }
  for (gsize j = 0; j < m; j++)
    terms[j] = (g[j] - costs[j] - largest) / eps;
  *sum = ORR_VECTOR_PICK (orr_sinkhorn_exp_sum_double_kernel) (terms, m);
  return -largest - eps * log (*sum / m);
}

/* mean_x [rows x P] = P y, the targets' mean under each row's plan. */
static void
plan_means (const Problem *self, double *terms, const double *sums, gsize rows, double *means)
{
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < self->m; j++)
      terms[i * self->m + j] /= sums[i];
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, self->dimension, self->m, 1.0, terms, self->m,
               self->y, self->dimension, 0.0, means, self->dimension);
}

static void
softmin_block (gsize block, guint worker, gpointer data)
{
  Problem *self = data;
  Scratch *scratch = &self->scratch[worker];
  gsize row = block * ROWS, rows = MIN (self->n - row, ROWS), m = self->m, dimension = self->dimension;
  const double *costs = self->costs != NULL ? self->costs + row * m : scratch->costs;
  double sums[ROWS];

  if (orr_progress_is_cancelled (self->progress))
    return;
  if (self->costs == NULL)
    compute_costs (self, row, rows, scratch->costs);
  for (gsize i = 0; i < rows; i++)
    {
      double *terms = scratch->terms + (self->gradient != NULL ? i * m : 0);
      self->f_next[row + i] = softmin_row (costs + i * m, self->g, m, self->eps, terms, sums + i);
    }
  if (self->gradient == NULL)
    return;
  plan_means (self, scratch->terms, sums, rows, scratch->means);
  for (gsize c = 0; c < rows * dimension; c++)
    self->gradient[row * dimension + c] += self->weight * scratch->means[c];
}

/* @f_next [n] from @g [m]; with @gradient also @weight x the plan's means onto it. */
static gboolean
softmin (Problem *self, double eps, const double *g, double *f_next, double *gradient, double weight, GError **error)
{
  if (!orr_progress_check (self->progress, error))
    return FALSE;
  self->eps = eps;
  self->g = g;
  self->f_next = f_next;
  self->gradient = gradient;
  self->weight = weight;
  orr_parallel_for ((self->n + ROWS - 1) / ROWS, self->threads, softmin_block, self);
  return orr_progress_check (self->progress, error);
}

/* Potentials f [n] and g [m] of a problem and its transpose (the same one for a self term). */
static gboolean
solve (Problem *forth, Problem *back, const GArray *schedule, double *value, double *gradient,
       double weight, GError **error)
{
  gboolean symmetric = forth == back, done;
  gsize n = forth->n, m = forth->m;
  g_autofree double *f = g_new0 (double, n), *f_next = g_new0 (double, n);
  g_autofree double *g_own = g_new0 (double, m), *g_next_own = g_new0 (double, m);
  double *g = symmetric ? f : g_own, *g_next = symmetric ? f_next : g_next_own;
  double eps = g_array_index (schedule, double, 0);

  done = softmin (forth, eps, g, f_next, NULL, 0.0, error) &&
         (symmetric || softmin (back, eps, f, g_next, NULL, 0.0, error));
  memcpy (f, f_next, n * sizeof (double));
  if (!symmetric)
    memcpy (g, g_next, m * sizeof (double));

  for (guint k = 0; done && k < schedule->len; k++)
    {
      eps = g_array_index (schedule, double, k);
      done = softmin (forth, eps, g, f_next, NULL, 0.0, error) &&
             (symmetric || softmin (back, eps, f, g_next, NULL, 0.0, error));
      for (gsize i = 0; i < n; i++)
        f[i] = 0.5 * (f[i] + f_next[i]);
      for (gsize j = 0; !symmetric && j < m; j++)
        g[j] = 0.5 * (g[j] + g_next[j]);
    }

  /* The last update is full, and both halves start from the same potentials. */
  if (!done || !softmin (forth, eps, g, f_next, gradient, weight, error) ||
      (!symmetric && !softmin (back, eps, f, g_next, NULL, 0.0, error)))
    return FALSE;

  double sum_f = 0.0, sum_g = 0.0;
  for (gsize i = 0; i < n; i++)
    sum_f += f_next[i];
  for (gsize j = 0; j < m; j++)
    sum_g += g_next[j];
  *value = sum_f / n + sum_g / m;
  return TRUE;
}

static double
bounding_box (const float *x, gsize n, const float *y, gsize m, gsize dimension, double *centre)
{
  double squared = 0.0;

  for (gsize c = 0; c < dimension; c++)
    {
      double low = x[c], high = x[c];

      for (gsize i = 0; i < n; i++)
        {
          low = MIN (low, x[i * dimension + c]);
          high = MAX (high, x[i * dimension + c]);
        }
      for (gsize j = 0; j < m; j++)
        {
          low = MIN (low, y[j * dimension + c]);
          high = MAX (high, y[j * dimension + c]);
        }
      centre[c] = 0.5 * (low + high);
      squared += (high - low) * (high - low);
    }
  return squared;
}

/* Doubles about the centre, where |x|^2 - 2 x.y + |y|^2 cancels least. */
static double *
centred (const float *points, gsize n, gsize dimension, const double *centre, double **half)
{
  double *out = orr_aligned_alloc0 (n * dimension, sizeof (double));

  *half = g_new0 (double, n);
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < dimension; c++)
      {
        double value = points[i * dimension + c] - centre[c];
        out[i * dimension + c] = value;
        (*half)[i] += 0.5 * value * value;
      }
  return out;
}

static gboolean
validate (const float *points, gsize n, gsize dimension, const char *name, GError **error)
{
  for (gsize i = 0; i < n * dimension; i++)
    if (!isfinite (points[i]))
      {
        g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                     "Point %" G_GSIZE_FORMAT " of the %s set has a coordinate that is not finite",
                     i / dimension + 1, name);
        return FALSE;
      }
  return TRUE;
}

/* d divergence / d x_i = (mean of x under the self plan - mean of y under the plan) / n */
static gboolean
compute (const double *x, const double *x_half, gsize n, const double *y, const double *y_half, gsize m,
         gsize dimension, const GArray *schedule, guint threads, double *divergence, double *gradient,
         OrrProgress *progress, GError **error)
{
  Problem xy, yx, xx, yy;
  double cross, self_x, self_y;
  gboolean done;

  problem_init (&xy, x, x_half, n, y, y_half, m, dimension, gradient != NULL, threads, progress);
  problem_init (&yx, y, y_half, m, x, x_half, n, dimension, FALSE, threads, progress);
  done = solve (&xy, &yx, schedule, &cross, gradient, -1.0 / n, error);
  problem_clear (&xy);
  problem_clear (&yx);
  if (!done)
    return FALSE;

  problem_init (&xx, x, x_half, n, x, x_half, n, dimension, gradient != NULL, threads, progress);
  done = solve (&xx, &xx, schedule, &self_x, gradient, 1.0 / n, error);
  problem_clear (&xx);
  if (!done)
    return FALSE;

  problem_init (&yy, y, y_half, m, y, y_half, m, dimension, FALSE, threads, progress);
  done = solve (&yy, &yy, schedule, &self_y, NULL, 0.0, error);
  problem_clear (&yy);
  if (done)
    *divergence = cross - 0.5 * (self_x + self_y);
  return done;
}

/**
 * orr_sinkhorn_points:
 * @x: [n x P] points
 * @y: [m x P] points
 * @blur: square root of the final eps, in the points' units
 * @threads: 0 for all cores; never changes the numbers
 * @divergence: (out): the debiased Sinkhorn divergence
 * @gradient: (nullable): [n x P], receives d divergence / d x
 * @error: (out): %ORR_ERROR_INPUT for points that are not finite,
 *   %ORR_ERROR_CANCELLED
 *
 * The debiased Sinkhorn divergence with cost |x - y|^2 / 2 and uniform weights,
 * S(x, y) = OT(x, y) - OT(x, x) / 2 - OT(y, y) / 2, after annealing by
 * orr_sinkhorn_schedule() with symmetric averaged updates and one last full
 * update, through which alone the gradient flows (Feydy et al., AISTATS 2019;
 * geomloss's SamplesLoss ("sinkhorn", p = 2, blur, scaling = 0.5)).
 */
gboolean
orr_sinkhorn_points (const float *x, gsize n, const float *y, gsize m, gsize dimension, double blur,
                     guint threads, double *divergence, float *gradient, OrrProgress *progress, GError **error)
{
  g_return_val_if_fail (n > 0 && m > 0 && dimension > 0 && blur > 0.0, FALSE);

  if (!validate (x, n, dimension, "first", error) || !validate (y, m, dimension, "second", error))
    return FALSE;
  threads = orr_parallel_threads (threads);

  g_autofree double *centre = g_new (double, dimension);
  double squared_diameter = bounding_box (x, n, y, m, dimension, centre);
  if (squared_diameter == 0.0)
    {
      *divergence = 0.0;
      if (gradient != NULL)
        memset (gradient, 0, n * dimension * sizeof (float));
      return TRUE;
    }

  g_autoptr (GArray) schedule = orr_sinkhorn_schedule (squared_diameter, blur);
  g_autofree double *x_half = NULL, *y_half = NULL;
  double *x_centred = centred (x, n, dimension, centre, &x_half);
  double *y_centred = centred (y, m, dimension, centre, &y_half);
  g_autofree double *sums = gradient != NULL ? g_new0 (double, n * dimension) : NULL;
  gboolean done = compute (x_centred, x_half, n, y_centred, y_half, m, dimension, schedule, threads, divergence,
                           sums, progress, error);
  for (gsize c = 0; done && gradient != NULL && c < n * dimension; c++)
    gradient[c] = (float) sums[c];
  orr_aligned_free (x_centred);
  orr_aligned_free (y_centred);
  return done;
}
