/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-newton.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "orr-parallel.h"

#define MAX_ITERATIONS 60
#define MAX_HALVINGS 12
#define RELATIVE_RESIDUAL 1e-9

struct _OrrNewton
{
  gsize       n;
  gboolean    tanh;
  double     *weight;  /* [n x n] */
  double     *bias;    /* [n] */
  double     *drive;   /* [n] W h + b */
  double     *gap;     /* [n] phi (W h + b) - h */
  double     *step;    /* [n] */
  double     *trial;   /* [n] */
  double     *system;  /* [n x n] */
  lapack_int *pivots;  /* [n] */
};

/**
 * orr_newton_new:
 *
 * Returns: (transfer full): a workspace for @network
 */
OrrNewton *
orr_newton_new (const OrrNetwork *network)
{
  OrrNewton *self = g_new0 (OrrNewton, 1);
  gsize n = network->n_hidden;

  orr_parallel_threads (1); /* LAPACK stays on the caller's thread */
  self->n = n;
  self->tanh = network->activation == ORR_ACTIVATION_TANH;
  self->weight = g_new (double, n * n);
  self->bias = g_new0 (double, n);
  self->drive = g_new (double, n);
  self->gap = g_new (double, n);
  self->step = g_new (double, n);
  self->trial = g_new (double, n);
  self->system = g_new (double, n * n);
  self->pivots = g_new (lapack_int, n);
  for (gsize i = 0; i < n * n; i++)
    self->weight[i] = network->weight_hh->data[i];
  for (gsize i = 0; i < n; i++)
    self->bias[i] = (network->bias_ih != NULL ? (double) network->bias_ih->data[i] : 0.0) +
                    (network->bias_hh != NULL ? (double) network->bias_hh->data[i] : 0.0);
  return self;
}

void
orr_newton_free (OrrNewton *self)
{
  if (self == NULL)
    return;
  g_free (self->weight);
  g_free (self->bias);
  g_free (self->drive);
  g_free (self->gap);
  g_free (self->step);
  g_free (self->trial);
  g_free (self->system);
  g_free (self->pivots);
  g_free (self);
}

/* Fills drive and gap at @h; returns |gap|. */
static double
evaluate (OrrNewton *self, const double *h)
{
  gsize n = self->n;

  memcpy (self->drive, self->bias, n * sizeof (double));
  cblas_dgemv (CblasRowMajor, CblasNoTrans, n, n, 1.0, self->weight, n, h, 1, 1.0, self->drive, 1);
  for (gsize i = 0; i < n; i++)
    self->gap[i] = (self->tanh ? tanh (self->drive[i]) : MAX (self->drive[i], 0.0)) - h[i];
  return cblas_dnrm2 (n, self->gap, 1);
}

/* step = (I - J)^-1 gap, J the slope of the piece that h lies on. */
static gboolean
solve_step (OrrNewton *self)
{
  gsize n = self->n;

  for (gsize i = 0; i < n; i++)
    {
      double slope = self->drive[i] > 0.0 ? 1.0 : 0.0;

      if (self->tanh)
        slope = 1.0 - tanh (self->drive[i]) * tanh (self->drive[i]);
      for (gsize j = 0; j < n; j++)
        self->system[i * n + j] = (i == j ? 1.0 : 0.0) - slope * self->weight[i * n + j];
    }
  memcpy (self->step, self->gap, n * sizeof (double));
  return LAPACKE_dgesv (LAPACK_ROW_MAJOR, n, 1, self->system, n, self->pivots, self->step, 1) == 0;
}

/* Takes the longest of the step, its half, quarter ... that lessens the gap. */
static gboolean
search_line (OrrNewton *self, double *h, double *gap)
{
  gsize n = self->n;
  double length = 1.0;

  for (guint halving = 0; halving < MAX_HALVINGS; halving++, length *= 0.5)
    {
      memcpy (self->trial, h, n * sizeof (double));
      cblas_daxpy (n, length, self->step, 1, self->trial, 1);
      double after = evaluate (self, self->trial);
      if (after < *gap)
        {
          memcpy (h, self->trial, n * sizeof (double));
          *gap = after;
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * orr_newton_solve:
 * @guess: [H] where to start
 * @scale: norm of a typical state: residuals are judged in relation to it
 * @solution: (out) (array): [H] the fixed point
 * @residual: (out): |phi (W h + b) - h| there
 *
 * Damped Newton on h - phi (W_hh h + b); for ReLU on the active set, which ends
 * in one exact solve once the set is right (SCIENCE, part 3.2).
 *
 * Returns: whether it converged to a relative residual of 1e-9
 */
gboolean
orr_newton_solve (OrrNewton *self, const float *guess, double scale, double *solution, double *residual)
{
  for (gsize i = 0; i < self->n; i++)
    {
      if (!isfinite (guess[i]))
        return FALSE;
      solution[i] = guess[i];
    }

  double gap = evaluate (self, solution);
  for (guint iteration = 0; iteration < MAX_ITERATIONS && gap > 1e-3 * RELATIVE_RESIDUAL * scale; iteration++)
    if (!solve_step (self) || !search_line (self, solution, &gap))
      break;
    else
      gap = evaluate (self, solution);
  *residual = gap;
  return gap <= RELATIVE_RESIDUAL * scale;
}
