/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-pca.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>

#include "orr-error.h"
#include "orr-parallel.h"

#define BLOCK_ROWS 1024

static void
clear (gpointer box)
{
  OrrPca *self = box;

  g_free (self->mean);
  g_free (self->components);
  g_free (self->variance_ratio);
}

OrrPca *
orr_pca_ref (OrrPca *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
orr_pca_unref (OrrPca *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

static void
compute_mean (const OrrMatrix *states, double *mean)
{
  for (gsize i = 0; i < states->rows; i++)
    for (gsize j = 0; j < states->cols; j++)
      mean[j] += states->data[i * states->cols + j];
  for (gsize j = 0; j < states->cols; j++)
    mean[j] /= states->rows;
}

/* covariance [H x H], upper triangle. */
static double *
compute_covariance (const OrrMatrix *states, const double *mean)
{
  gsize N = states->rows, H = states->cols;
  double *covariance = g_new0 (double, H * H);
  g_autofree double *centred = g_new (double, BLOCK_ROWS * H);

  for (gsize first = 0; first < N; first += BLOCK_ROWS)
    {
      gsize n = MIN (BLOCK_ROWS, N - first);

      for (gsize i = 0; i < n; i++)
        for (gsize j = 0; j < H; j++)
          centred[i * H + j] = states->data[(first + i) * H + j] - mean[j];
      cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, H, n, 1.0 / (N - 1), centred, H, 1.0, covariance, H);
    }
  return covariance;
}

static void
fix_sign (double *component, gsize H)
{
  gsize largest = cblas_idamax (H, component, 1);

  if (component[largest] < 0.0)
    cblas_dscal (H, -1.0, component, 1);
}

/**
 * orr_pca_new:
 * @states: [N x H], N at least 2
 * @n_components: how many components at most; never more than H are kept
 * @error: (out): %ORR_ERROR_INPUT for fewer than two states,
 *   %ORR_ERROR_NUMERIC for values that are not finite
 *
 * Returns: (transfer full) (nullable): the principal components
 */
OrrPca *
orr_pca_new (const OrrMatrix *states, guint n_components, GError **error)
{
  gsize H = states->cols;
  guint P = MIN (n_components, H);

  g_return_val_if_fail (P >= 1, NULL);
  orr_parallel_threads (1); /* before any product: BLAS stays on the caller's thread */

  if (states->rows < 2)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Principal components need at least two states");
      return NULL;
    }
  if (!orr_matrix_is_finite (states))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_NUMERIC,
                           "Principal components cannot be taken of states that are not finite");
      return NULL;
    }

  g_autofree double *mean = g_new0 (double, H);
  compute_mean (states, mean);
  g_autofree double *vectors = compute_covariance (states, mean);
  g_autofree double *values = g_new (double, H);
  double total = 0.0;

  for (gsize j = 0; j < H; j++)
    total += vectors[j * H + j];
  if (LAPACKE_dsyevd (LAPACK_ROW_MAJOR, 'V', 'U', H, vectors, H, values) != 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_NUMERIC,
                           "The eigenvalues of the states' covariance did not converge");
      return NULL;
    }

  OrrPca *self = g_atomic_rc_box_new0 (OrrPca);
  self->n_components = P;
  self->n_hidden = H;
  self->total_variance = total;
  self->mean = g_steal_pointer (&mean);
  self->components = g_new (double, P * H);
  self->variance_ratio = g_new0 (double, P);
  for (guint p = 0; p < P; p++)
    {
      /* LAPACK orders by rising eigenvalue and keeps vectors in columns. */
      gsize column = H - 1 - p;

      cblas_dcopy (H, vectors + column, H, self->components + p * H, 1);
      fix_sign (self->components + p * H, H);
      if (total > 0.0)
        self->variance_ratio[p] = MAX (values[column], 0.0) / total;
    }
  return self;
}

/**
 * orr_pca_project:
 * @states: [N x H]
 *
 * Returns: (transfer full): [N x P] coordinates (h - mean) . component
 */
OrrMatrix *
orr_pca_project (const OrrPca *self, const OrrMatrix *states)
{
  g_return_val_if_fail (states->cols == self->n_hidden, NULL);

  gsize N = states->rows, H = self->n_hidden, P = self->n_components;
  OrrMatrix *projected = orr_matrix_new (N, P);
  g_autofree double *centred = g_new (double, BLOCK_ROWS * H);
  g_autofree double *block = g_new (double, BLOCK_ROWS * P);

  for (gsize first = 0; first < N; first += BLOCK_ROWS)
    {
      gsize n = MIN (BLOCK_ROWS, N - first);

      for (gsize i = 0; i < n; i++)
        for (gsize j = 0; j < H; j++)
          centred[i * H + j] = states->data[(first + i) * H + j] - self->mean[j];
      cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, P, H, 1.0, centred, H, self->components, H, 0.0,
                   block, P);
      for (gsize i = 0; i < n * P; i++)
        projected->data[first * P + i] = block[i];
    }
  return projected;
}

/**
 * orr_pca_compose:
 * @outer: P components of states
 * @inner: components of points in the coordinates of @outer
 *
 * Returns: (transfer full): one step from states to the coordinates of @inner, with the shares of variance
 *   that it has within @outer
 */
OrrPca *
orr_pca_compose (const OrrPca *outer, const OrrPca *inner)
{
  g_return_val_if_fail (inner->n_hidden == outer->n_components, NULL);

  gsize H = outer->n_hidden, R = outer->n_components, P = inner->n_components;
  OrrPca *self = g_atomic_rc_box_new0 (OrrPca);

  self->n_components = P;
  self->n_hidden = H;
  self->total_variance = inner->total_variance;
  self->mean = g_memdup2 (outer->mean, H * sizeof (double));
  self->components = g_new (double, P * H);
  self->variance_ratio = g_memdup2 (inner->variance_ratio, P * sizeof (double));
  cblas_dgemv (CblasRowMajor, CblasTrans, R, H, 1.0, outer->components, H, inner->mean, 1, 1.0, self->mean, 1);
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, P, H, R, 1.0, inner->components, R, outer->components, H,
               0.0, self->components, H);
  return self;
}
