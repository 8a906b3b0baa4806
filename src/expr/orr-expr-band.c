/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-band.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

#include "orr-expr-program.h"

#define MAX_CONSTANTS ORR_EXPR_FIT_MAX_CONSTANTS
#define BLOCK 4096

struct _OrrExprBand
{
  OrrExprProgram *program;
  guint           n;                     /* constants */
  guint           n_estimated;           /* those that are not held at the end of their range */
  guint           estimated[MAX_CONSTANTS]; /* their slots */
  double          root[MAX_CONSTANTS][MAX_CONSTANTS]; /* covariance = root root', rows by estimated */
  double          chi_squared;           /* sum of (weighted) squared residuals */
  guint           freedom;
  gboolean        absolute;
};

/* The inverse of the upper triangle R of J = QR: (J'J)^-1 = R^-1 R^-T. */
static gboolean
invert_triangle (const gsl_matrix *qr, guint p, double scale, double root[MAX_CONSTANTS][MAX_CONSTANTS])
{
  double largest = 0.0;

  for (guint k = 0; k < p; k++)
    largest = fmax (largest, fabs (gsl_matrix_get (qr, k, k)));
  for (guint k = 0; k < p; k++)
    if (!(fabs (gsl_matrix_get (qr, k, k)) > 1e-12 * largest))
      return FALSE;
  for (guint j = 0; j < p; j++)
    for (guint k = p; k-- > 0;)
      {
        double sum = k == j ? 1.0 : 0.0;

        for (guint l = k + 1; l <= j && k <= j; l++)
          sum -= gsl_matrix_get (qr, k, l) * root[l][j];
        root[k][j] = k <= j ? sum / gsl_matrix_get (qr, k, k) : 0.0;
      }
  for (guint k = 0; k < p; k++)
    for (guint j = 0; j < p; j++)
      root[k][j] *= scale;
  return TRUE;
}

/* The (weighted) derivatives by the estimated constants, each column divided by its length. */
static gsl_matrix *
fill_jacobian (OrrExprBand *self, const OrrSamples *samples, double lengths[MAX_CONSTANTS])
{
  gsize n = samples->n;
  guint p = self->n_estimated;
  g_autofree double *values = g_new (double, n), *gradient = g_new (double, MAX (self->n, 1) * n);
  gsl_matrix *jacobian = gsl_matrix_alloc (n, p);

  orr_expr_program_eval_gradient (self->program, NULL, samples->x, samples->stride, n, values, gradient);
  for (gsize i = 0; i < n; i++)
    {
      double w = samples->weights != NULL ? samples->weights[i] : 1.0, residual = samples->y[i] - values[i];

      self->chi_squared += w * residual * residual;
      for (guint k = 0; k < p; k++)
        gsl_matrix_set (jacobian, i, k, sqrt (w) * gradient[self->estimated[k] * n + i]);
    }
  for (guint k = 0; k < p; k++)
    {
      gsl_vector_view column = gsl_matrix_column (jacobian, k);

      lengths[k] = gsl_blas_dnrm2 (&column.vector);
      if (lengths[k] > 0.0 && isfinite (lengths[k]))
        gsl_vector_scale (&column.vector, 1.0 / lengths[k]);
    }
  return jacobian;
}

static gboolean
compute_covariance (OrrExprBand *self, const OrrSamples *samples)
{
  guint p = self->n_estimated;
  double lengths[MAX_CONSTANTS], tau[MAX_CONSTANTS];
  gsl_vector_view tau_view = gsl_vector_view_array (tau, p);
  gsl_matrix *jacobian = fill_jacobian (self, samples, lengths);
  gboolean good = isfinite (self->chi_squared);

  for (guint k = 0; k < p; k++)
    good &= lengths[k] > 0.0 && isfinite (lengths[k]);
  self->freedom = samples->n - p;
  double variance = self->absolute ? 1.0 : self->chi_squared / self->freedom;
  good = good && gsl_linalg_QR_decomp (jacobian, &tau_view.vector) == 0 &&
         invert_triangle (jacobian, p, sqrt (variance), self->root);
  gsl_matrix_free (jacobian);
  for (guint k = 0; good && k < p; k++)
    for (guint j = 0; j < p; j++)
      self->root[k][j] /= lengths[k];
  return good;
}

/**
 * orr_expr_band_new:
 * @expr: without placeholders, its constants where they were fitted to @samples
 *
 * The covariance is s^2 (J'WJ)^-1, s^2 the residual variance, or 1 where the
 * weights are absolute. Constants at the end of their range count as known.
 *
 * Returns: (transfer full) (nullable): the band; %NULL without free constants, with
 * no more rows than constants, or where the rows do not tell the constants apart
 */
OrrExprBand *
orr_expr_band_new (const OrrExpr *expr, const OrrSamples *samples)
{
  g_autofree guint *slots = g_new0 (guint, expr->n_nodes);
  guint n = orr_expr_constant_slots (expr, slots);

  if (n == 0 || n > MAX_CONSTANTS || orr_expr_n_variables (expr) > samples->n_variables ||
      orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER) > 0)
    return NULL;

  g_autoptr (OrrExprBand) self = g_new0 (OrrExprBand, 1);
  gboolean at_end[MAX_CONSTANTS] = { FALSE };

  self->program = orr_expr_program_new (expr);
  self->n = n;
  self->absolute = samples->absolute;
  for (guint i = 0; i < expr->n_nodes; i++)
    if (orr_expr_is_free (&expr->nodes[i]))
      at_end[slots[i]] |=
        !(expr->nodes[i].value > expr->nodes[i].minimum && expr->nodes[i].value < expr->nodes[i].maximum);
  for (guint k = 0; k < n; k++)
    if (!at_end[k])
      self->estimated[self->n_estimated++] = k;
  if (self->n_estimated == 0 || samples->n <= self->n_estimated || !compute_covariance (self, samples))
    return NULL;
  return g_steal_pointer (&self);
}

void
orr_expr_band_free (OrrExprBand *self)
{
  if (self == NULL)
    return;
  orr_expr_program_free (self->program);
  g_free (self);
}

guint
orr_expr_band_n_constants (const OrrExprBand *self)
{
  return self->n;
}

/* Of the constants in slots @a and @b; 0 where one of them is held at the end of its range. */
double
orr_expr_band_covariance (const OrrExprBand *self, guint a, guint b)
{
  double sum = 0.0;

  for (guint k = 0; k < self->n_estimated; k++)
    for (guint l = 0; l < self->n_estimated; l++)
      if (self->estimated[k] == a && self->estimated[l] == b)
        for (guint j = 0; j < self->n_estimated; j++)
          sum += self->root[k][j] * self->root[l][j];
  return sum;
}

/* The sum of squared residuals, weighted where there are weights: chi squared where these are absolute. */
double
orr_expr_band_chi_squared (const OrrExprBand *self)
{
  return self->chi_squared;
}

/* Rows less constants. */
guint
orr_expr_band_freedom (const OrrExprBand *self)
{
  return self->freedom;
}

/* Standard errors in half of an interval that holds the truth with probability @level: by Student's t, or the
 * normal distribution where the variances are known. */
double
orr_expr_band_factor (const OrrExprBand *self, double level)
{
  double p = 0.5 + 0.5 * level;

  return self->absolute ? gsl_cdf_ugaussian_Pinv (p) : gsl_cdf_tdist_Pinv (p, self->freedom);
}

/**
 * orr_expr_band_eval:
 * @x: variable v's values start at x + v * stride
 * @errors: (out) (array): [n] standard errors of the expression's values
 */
void
orr_expr_band_eval (OrrExprBand *self, const double *x, gsize stride, gsize n, double *errors)
{
  g_autofree double *values = g_new (double, BLOCK), *gradient = g_new (double, (gsize) self->n * BLOCK);
  guint p = self->n_estimated;

  for (gsize from = 0; from < n; from += BLOCK)
    {
      gsize m = MIN (n - from, BLOCK);

      orr_expr_program_eval_gradient (self->program, NULL, x + from, stride, m, values, gradient);
      for (gsize i = 0; i < m; i++)
        {
          double sum = 0.0;

          for (guint j = 0; j < p; j++)
            {
              double share = 0.0;

              for (guint k = 0; k <= j; k++)
                share += self->root[k][j] * gradient[self->estimated[k] * m + i];
              sum += share * share;
            }
          errors[from + i] = sqrt (sum);
        }
    }
}
