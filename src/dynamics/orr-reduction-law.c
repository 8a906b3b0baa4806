/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-reduction-law.h"

#include <math.h>
#include <string.h>

#include "orr-analysis.h"
#include "orr-error.h"
#include "orr-phase.h"
#include "orr-random.h"

/* Bins of phase, and cells along each axis of the plane: coarse ones for the noise, fine ones for the readout. */
#define NOISE_PHASES 36
#define NOISE_CELLS 20
#define READOUT_PHASES 180
#define READOUT_CELLS 64
/* A cell with fewer visits takes the noise of the whole. */
#define FEWEST_FOR_NOISE 20

enum
{
  STREAM_NOISE,
  STREAM_SYMBOL,
  STREAM_START,
};

void
orr_reduced_law_free (OrrReducedLaw *self)
{
  if (self == NULL)
    return;
  g_free (self->factors);
  g_free (self->emission);
  g_free (self->visited);
  g_free (self);
}

static guint
noise_cells (const OrrReducedLaw *self)
{
  return self->dimension == 1 ? NOISE_PHASES : NOISE_CELLS;
}

static guint
readout_cells (const OrrReducedLaw *self)
{
  return self->dimension == 1 ? READOUT_PHASES : READOUT_CELLS;
}

static gsize
count_cells (const OrrReducedLaw *self, guint per_axis)
{
  return self->dimension == 1 ? per_axis : (gsize) per_axis * per_axis;
}

static gsize
find_cell (const OrrReducedLaw *self, guint per_axis, const double *x)
{
  gsize cell = 0;

  for (guint a = self->dimension; a-- > 0;)
    {
      double share = self->high[a] > self->low[a] ? (x[a] - self->low[a]) / (self->high[a] - self->low[a]) : 0.0;
      cell = cell * per_axis + (gsize) CLAMP ((int) (share * per_axis), 0, (int) per_axis - 1);
    }
  return cell;
}

/* [dimension x n]: the motion's own phases or places. */
static double *
create_places (const OrrMotion *motion, guint dimension)
{
  gsize n = motion->trajectory->n_steps;
  double *x = g_new (double, dimension * n);

  for (gsize t = 0; t < n; t++)
    {
      const float *point = orr_matrix_row (motion->projection, t);

      if (dimension == 1)
        x[t] = orr_phase_at (motion->centre, point);
      for (guint a = 0; dimension == 2 && a < 2; a++)
        x[a * n + t] = point[a];
    }
  return x;
}

static double
step_of (const OrrReducedLaw *self, const double *x, gsize n, guint axis, gsize t)
{
  const double *values = x + axis * n;
  return self->dimension == 1 ? orr_phase_difference (values[t], values[t + 1]) : values[t + 1] - values[t];
}

/* What the law says of a step, as a displacement. */
static double
told_of (const OrrReducedLaw *self, const double *x, const double *told, gsize n, guint axis, gsize t)
{
  return told[axis * n + t] - (self->kind == ORR_REDUCTION_MAP ? x[axis * n + t] : 0.0);
}

typedef struct
{
  double n;
  double products[3]; /* r1 r1, r1 r2, r2 r2 */
} Rest;

static void
add_rest (Rest *rest, const double r[2])
{
  rest->n++;
  rest->products[0] += r[0] * r[0];
  rest->products[1] += r[0] * r[1];
  rest->products[2] += r[1] * r[1];
}

static void
factorise (const double products[3], double n, double factor[3])
{
  double a = products[0] / n, b = products[1] / n, c = products[2] / n;

  factor[0] = sqrt (a);
  factor[1] = factor[0] > 0.0 ? b / factor[0] : 0.0;
  factor[2] = sqrt (MAX (c - factor[1] * factor[1], 0.0));
}

/* Noise: the covariance of what the law leaves of single steps, cell by cell about zero; a bias that the law
 * has in a cell counts as noise there. */
static gboolean
measure_noise (OrrReducedLaw *self, const double *x, const double *told, gsize n, GError **error)
{
  gsize n_cells = count_cells (self, noise_cells (self));
  g_autofree Rest *cells = g_new0 (Rest, n_cells);
  Rest whole = { 0 };
  double mean[2] = { 0 }, square[2] = { 0 }, lagged[2] = { 0 }, before[2] = { NAN, NAN };

  for (gsize t = 0; t + 1 < n; t++)
    {
      double r[2] = { 0 }, place[2] = { 0 };

      for (guint a = 0; a < self->dimension; a++)
        {
          place[a] = x[a * n + t];
          r[a] = step_of (self, x, n, a, t) - told_of (self, x, told, n, a, t);
        }
      if (!isfinite (r[0]) || !isfinite (r[1]))
        {
          self->undefined += 1.0 / (n - 1);
          before[0] = before[1] = NAN;
          continue;
        }
      for (guint a = 0; a < self->dimension; a++)
        {
          double step = step_of (self, x, n, a, t);

          mean[a] += step;
          square[a] += step * step;
          if (isfinite (before[a]))
            lagged[a] += before[a] * r[a];
          before[a] = r[a];
        }
      add_rest (&whole, r);
      add_rest (&cells[find_cell (self, noise_cells (self), place)], r);
    }
  if (whole.n < 2)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The law is defined nowhere on the network's orbit");
      return FALSE;
    }
  for (guint a = 0; a < self->dimension; a++)
    {
      double rest = whole.products[2 * a], all = square[a] - mean[a] * mean[a] / whole.n;

      self->one_step_r2[a] = all > 0.0 ? 1.0 - rest / all : NAN;
      self->memory[a] = rest > 0.0 ? lagged[a] / rest : 0.0;
    }
  self->covariance[0] = whole.products[0] / whole.n;
  if (self->dimension == 2)
    {
      self->covariance[1] = self->covariance[2] = whole.products[1] / whole.n;
      self->covariance[3] = whole.products[2] / whole.n;
    }
  self->factors = g_new (double, 3 * n_cells);
  for (gsize c = 0; c < n_cells; c++)
    {
      const Rest *rest = cells[c].n >= FEWEST_FOR_NOISE ? &cells[c] : &whole;
      factorise (rest->products, rest->n, self->factors + 3 * c);
    }
  return TRUE;
}

/* Where nothing was visited, the nearest cell that was speaks. */
static void
fill_empty_cells (OrrReducedLaw *self, const double *counts)
{
  gsize per_axis = readout_cells (self), n_cells = count_cells (self, per_axis);

  for (gsize c = 0; c < n_cells; c++)
    {
      double nearest = INFINITY;
      gsize from = c;

      for (gsize d = 0; counts[c] == 0.0 && d < n_cells; d++)
        {
          double dx = fabs ((double) (c % per_axis) - (double) (d % per_axis));
          double dy = (double) (c / per_axis) - (double) (d / per_axis);

          if (self->dimension == 1)
            dx = MIN (dx, per_axis - dx);
          if (counts[d] > 0.0 && dx * dx + dy * dy < nearest)
            {
              nearest = dx * dx + dy * dy;
              from = d;
            }
        }
      if (from != c)
        memcpy (self->emission + c * self->n_symbols, self->emission + from * self->n_symbols,
                self->n_symbols * sizeof (double));
    }
}

/* Readout: the mean emission probabilities of the network where it was. */
static void
measure_emission (OrrReducedLaw *self, const OrrTrajectory *run, const double *x, gsize n)
{
  guint K = self->n_symbols;
  gsize n_cells = count_cells (self, readout_cells (self));
  g_autofree double *counts = g_new0 (double, n_cells);
  g_autofree double *p = g_new (double, K);

  self->emission = g_new0 (double, n_cells * K);
  for (gsize t = 0; t < n; t++)
    {
      const float *z = orr_matrix_row (run->logits, t);
      const double place[2] = { x[t], self->dimension == 2 ? x[n + t] : 0.0 };
      gsize cell = find_cell (self, readout_cells (self), place);
      double largest = z[0], sum = 0.0;

      for (guint k = 1; k < K; k++)
        largest = MAX (largest, z[k]);
      for (guint k = 0; k < K; k++)
        sum += p[k] = exp (z[k] - largest);
      for (guint k = 0; k < K; k++)
        self->emission[cell * K + k] += p[k] / sum;
      counts[cell]++;
    }
  for (gsize c = 0; c < n_cells; c++)
    for (guint k = 0; counts[c] > 0.0 && k < K; k++)
      self->emission[c * K + k] =
        self->emission[c * K + k] / counts[c] + (k > 0 ? self->emission[c * K + k - 1] : 0.0);
  fill_empty_cells (self, counts);
}

static void
set_bounds (OrrReducedLaw *self, const double *x, gsize n)
{
  for (guint a = 0; a < 2; a++)
    {
      self->low[a] = -G_PI;
      self->high[a] = G_PI;
    }
  for (guint a = 0; self->dimension == 2 && a < 2; a++)
    {
      self->low[a] = INFINITY;
      self->high[a] = -INFINITY;
      for (gsize t = 0; t < n; t++)
        {
          self->low[a] = fmin (self->low[a], x[a * n + t]);
          self->high[a] = fmax (self->high[a], x[a * n + t]);
        }
    }
}

/**
 * orr_reduced_law_new:
 * @kind: phase speed, flow or map
 * @error: (out): %ORR_ERROR_INPUT where the law is defined nowhere on the orbit
 *
 * Measures on the network's motion what a law needs to take its place: the covariance
 * of what it leaves of single steps, in 36 bins of phase or 20 x 20 cells of the visited
 * rectangle (a cell with fewer than 20 visits takes that of the whole), and the mean
 * emission probabilities in 180 bins or 64 x 64 cells (one without visits takes those of
 * the nearest).
 *
 * Returns: (transfer full) (nullable): the law, ready to run
 */
OrrReducedLaw *
orr_reduced_law_new (const OrrMotion *motion, OrrReductionKind kind, OrrReducedField field, gpointer data, GError **error)
{
  g_return_val_if_fail (kind <= ORR_REDUCTION_MAP, NULL);
  g_return_val_if_fail (motion->trajectory->n_steps >= 2, NULL);
  g_autoptr (OrrReducedLaw) self = g_new0 (OrrReducedLaw, 1);
  gsize n = motion->trajectory->n_steps;

  self->kind = kind;
  self->dimension = kind == ORR_REDUCTION_PHASE_SPEED ? 1 : 2;
  self->n_symbols = motion->trajectory->n_symbols;
  self->n_visited = n;
  self->visited = create_places (motion, self->dimension);
  set_bounds (self, self->visited, n);

  g_autofree double *told = g_new (double, self->dimension * n);
  field (self->visited, n, told, data);
  if (!measure_noise (self, self->visited, told, n, error))
    return NULL;
  measure_emission (self, motion->trajectory, self->visited, n);
  return g_steal_pointer (&self);
}

/* One step of one sequence; whether it had to be held at the edge of what the network visited. */
static gboolean
advance (const OrrReducedLaw *self, double *x, const double *told, const double noise[2])
{
  const double *factor = self->factors + 3 * find_cell (self, noise_cells (self), x);
  const double kick[2] = { factor[0] * noise[0], factor[1] * noise[0] + factor[2] * noise[1] };
  gboolean held = FALSE;

  for (guint a = 0; a < self->dimension; a++)
    {
      double from = self->kind == ORR_REDUCTION_MAP ? 0.0 : x[a], next = from + told[a] + kick[a];

      if (!isfinite (next))
        {
          held = TRUE;
          next = x[a] + kick[a];
        }
      if (self->dimension == 1)
        next = orr_phase_difference (0.0, next);
      held |= next < self->low[a] || next > self->high[a];
      x[a] = CLAMP (next, self->low[a], self->high[a]);
    }
  return held;
}

static guint8
emit (const OrrReducedLaw *self, const double *x, double u)
{
  const double *p = self->emission + find_cell (self, readout_cells (self), x) * self->n_symbols;
  guint k = 0;

  while (k + 1 < self->n_symbols && u >= p[k])
    k++;
  return (guint8) k;
}

/**
 * orr_reduced_law_simulate:
 * @held: (out): share of steps that left what the network visited, or the law's domain,
 *   and were held at the edge
 * @error: (out): %ORR_ERROR_CANCELLED
 *
 * Runs the law with its noise: every sequence starts where the network was at a random
 * moment; each step adds the law's displacement and Gaussian noise with the covariance
 * of the cell it starts from, independent of all that went before; the symbol is drawn
 * from the network's mean emission probabilities in the cell that is reached.
 *
 * Returns: (transfer full) (nullable): [N x T] symbols
 */
guint8 *
orr_reduced_law_simulate (const OrrReducedLaw *self, OrrReducedField field, gpointer data, const OrrReducedRun *run,
                          double *held, OrrProgress *progress, GError **error)
{
  gsize N = run->sequences, T = run->length, n_held = 0;
  guint dim = self->dimension;
  guint64 streams[3];
  g_autofree double *x = g_new (double, dim * N);
  g_autofree double *told = g_new (double, dim * N);
  g_autofree guint8 *symbols = g_malloc (MAX (N * T, 1));

  for (guint s = 0; s < 3; s++)
    streams[s] = orr_analysis_stream (ORR_ANALYSIS_STREAM_REDUCTION, s);
  for (gsize i = 0; i < N; i++)
    {
      guint64 start = orr_random_below (run->seed, streams[STREAM_START], i, self->n_visited);

      for (guint a = 0; a < dim; a++)
        x[a * N + i] = self->visited[a * self->n_visited + start];
    }
  for (gsize t = 0; t < T; t++)
    {
      if (!orr_progress_check (progress, error))
        return NULL;
      orr_progress_report (progress, (double) t / T, "Running the law");
      field (x, N, told, data);
      for (gsize i = 0; i < N; i++)
        {
          guint64 index = t * N + i;
          double place[2] = { 0 }, law[2] = { 0 };
          const double noise[2] = { orr_random_normal (run->seed, streams[STREAM_NOISE], 2 * index),
                                    orr_random_normal (run->seed, streams[STREAM_NOISE], 2 * index + 1) };

          for (guint a = 0; a < dim; a++)
            {
              place[a] = x[a * N + i];
              law[a] = told[a * N + i];
            }
          n_held += advance (self, place, law, noise);
          for (guint a = 0; a < dim; a++)
            x[a * N + i] = place[a];
          symbols[i * T + t] = emit (self, place, orr_random_uniform (run->seed, streams[STREAM_SYMBOL], index));
        }
    }
  *held = N * T > 0 ? (double) n_held / (N * T) : 0.0;
  return g_steal_pointer (&symbols);
}
