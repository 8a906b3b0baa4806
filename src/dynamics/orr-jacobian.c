/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-jacobian.h"

#include <lapacke.h>
#include <math.h>

#include "orr-parallel.h"

/**
 * orr_jacobian_new:
 *
 * Returns: (transfer full): a workspace for @network
 */
OrrJacobian *
orr_jacobian_new (const OrrNetwork *network)
{
  OrrJacobian *self = g_new0 (OrrJacobian, 1);
  gsize H = network->n_hidden;

  orr_parallel_threads (1); /* LAPACK stays on the caller's thread */
  self->n_hidden = H;
  self->tanh = network->activation == ORR_ACTIVATION_TANH;
  self->re = g_new0 (double, H);
  self->im = g_new0 (double, H);
  self->weight = g_new (double, H * H);
  self->bias = g_new0 (double, H);
  self->drive = g_new (double, H);
  self->block = g_new (double, H * H);
  self->active = g_new (gsize, H);
  for (gsize i = 0; i < H * H; i++)
    self->weight[i] = network->weight_hh->data[i];
  for (gsize i = 0; i < H && network->bias_ih != NULL; i++)
    self->bias[i] += network->bias_ih->data[i];
  for (gsize i = 0; i < H && network->bias_hh != NULL; i++)
    self->bias[i] += network->bias_hh->data[i];
  return self;
}

void
orr_jacobian_free (OrrJacobian *self)
{
  if (self == NULL)
    return;
  g_free (self->re);
  g_free (self->im);
  g_free (self->weight);
  g_free (self->bias);
  g_free (self->drive);
  g_free (self->block);
  g_free (self->active);
  g_free (self);
}

/* The block of active units, rows scaled by phi'; returns its size. */
static gsize
fill_block (OrrJacobian *self, const float *state)
{
  gsize H = self->n_hidden, n = 0;

  for (gsize i = 0; i < H; i++)
    {
      const double *row = self->weight + i * H;
      double a = self->bias[i];

      for (gsize j = 0; j < H; j++)
        a += row[j] * state[j];
      self->drive[i] = a;
      if (self->tanh || a > 0.0)
        self->active[n++] = i;
    }
  for (gsize r = 0; r < n; r++)
    {
      gsize i = self->active[r];
      double slope = self->tanh ? 1.0 - tanh (self->drive[i]) * tanh (self->drive[i]) : 1.0;

      for (gsize c = 0; c < n; c++)
        self->block[r * n + c] = slope * self->weight[i * H + self->active[c]];
    }
  return n;
}

/**
 * orr_jacobian_decompose:
 * @state: [H] h
 *
 * Fills @re, @im and @n_eigenvalues with the eigenvalues of J at @state.
 *
 * Returns: %FALSE where they did not converge or the state is not finite
 * (@n_eigenvalues is 0 then)
 */
gboolean
orr_jacobian_decompose (OrrJacobian *self, const float *state)
{
  self->n_eigenvalues = 0;
  for (gsize i = 0; i < self->n_hidden; i++)
    if (!isfinite (state[i]))
      return FALSE;

  gsize n = fill_block (self, state);
  if (n == 0)
    return TRUE;
  /* The transpose has the same eigenvalues, so column-major saves a copy. */
  if (LAPACKE_dgeev (LAPACK_COL_MAJOR, 'N', 'N', n, self->block, n, self->re, self->im, NULL, 1, NULL, 1) != 0)
    return FALSE;
  self->n_eigenvalues = n;
  return TRUE;
}

/**
 * orr_jacobian_radius:
 *
 * Returns: the largest |z| of the last decomposition, 0 when all are 0
 */
double
orr_jacobian_radius (const OrrJacobian *self)
{
  double radius = 0.0;

  for (gsize i = 0; i < self->n_eigenvalues; i++)
    radius = MAX (radius, hypot (self->re[i], self->im[i]));
  return radius;
}

/**
 * orr_jacobian_n_unstable:
 *
 * Returns: number of eigenvalues with |z| > 1, that is Re w > 0 for
 * w = (z - 1) / (z + 1) (SCIENCE, part 3.4)
 */
guint
orr_jacobian_n_unstable (const OrrJacobian *self)
{
  guint n = 0;

  for (gsize i = 0; i < self->n_eigenvalues; i++)
    n += self->re[i] * self->re[i] + self->im[i] * self->im[i] > 1.0;
  return n;
}

/**
 * orr_jacobian_n_critical:
 * @max_re: bound on |Re w|
 * @min_im: bound on Im w
 *
 * Returns: number of complex pairs with |Re w| < @max_re and Im w > @min_im for
 * w = (z - 1) / (z + 1) (SCIENCE, parts 3.8 and 3.9)
 */
guint
orr_jacobian_n_critical (const OrrJacobian *self, double max_re, double min_im)
{
  guint n = 0;

  for (gsize i = 0; i < self->n_eigenvalues; i++)
    {
      double re = self->re[i], im = self->im[i];
      double scale = (re + 1.0) * (re + 1.0) + im * im;

      if (scale == 0.0)
        continue;
      /* w = (z - 1) conj (z + 1) / |z + 1|^2 */
      n += fabs (re * re + im * im - 1.0) / scale < max_re && 2.0 * im / scale > min_im;
    }
  return n;
}
