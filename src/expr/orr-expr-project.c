/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-expr-fit-private.h"

/* Values, and with them derivatives by @n_wanted constants, times the roots of the weights. */
void
orr_expr_fitter_evaluate (OrrExprFitter *self, const guint *wanted, guint n_wanted)
{
  const OrrSamples *s = &self->samples;
  gboolean is_wanted[MAX_CONSTANTS] = { FALSE };

  for (guint k = 0; k < n_wanted; k++)
    is_wanted[wanted[k]] = TRUE;
  double *gradient = n_wanted > 0 ? self->gradient : NULL;

  if (gradient != NULL)
    orr_expr_program_want (self->program, is_wanted);
  if (self->n_bound != s->n)
    {
      self->is_bound = orr_expr_program_bind (self->program, s->x, s->stride, s->n);
      self->n_bound = s->n;
    }
  if (self->is_bound)
    orr_expr_program_eval_bound (self->program, self->constants, self->values, gradient);
  else if (gradient != NULL)
    orr_expr_program_eval_gradient (self->program, self->constants, s->x, s->stride, s->n, self->values, gradient);
  else
    orr_expr_program_eval (self->program, self->constants, s->x, s->stride, s->n, self->values);
  for (guint k = 0; self->roots != NULL && k < n_wanted; k++)
    for (gsize i = 0; i < s->n; i++)
      self->gradient[wanted[k] * s->n + i] *= self->roots[i];
}

/* q: the columns of the linear constants made orthonormal, triangle: how they are made of q. */
static gboolean
orthogonalize (OrrExprFitter *self)
{
  gsize n = self->samples.n;

  for (guint k = 0; k < self->n_linear; k++)
    {
      double shares[MAX_CONSTANTS];
      double norm = orr_expr_orthonormal (self->q, k, self->gradient + self->linear[k] * n, self->q + k * n, n, shares);

      if (isnan (norm))
        return FALSE;
      for (guint j = 0; j < k; j++)
        self->triangle[j][k] = shares[j];
      self->triangle[k][k] = norm;
    }
  return TRUE;
}

/*
 * Solves the linear constants for the nonlinear ones in constants; leaves the
 * residual f - y. Returns the sum of its squares, infinite where f is not defined.
 */
double
orr_expr_fitter_project (OrrExprFitter *self)
{
  gsize n = self->samples.n;
  double shares[MAX_CONSTANTS] = { 0.0 };

  for (guint k = 0; k < self->n_linear; k++)
    self->constants[self->linear[k]] = 0.0;
  orr_expr_fitter_evaluate (self, self->linear, self->n_linear);
  if (self->n_linear > 0 && !orthogonalize (self))
    return INFINITY;
  orr_expr_residual (self->values, self->samples.y, self->roots, self->residual, n);
  double sse = orr_expr_take_out (self->q, self->n_linear, self->residual, n, shares);
  for (guint k = self->n_linear; k-- > 0;)
    {
      double value = -shares[k];
      for (guint j = k + 1; j < self->n_linear; j++)
        value -= self->triangle[k][j] * self->constants[self->linear[j]];
      self->constants[self->linear[k]] = self->triangle[k][k] > 0.0 ? value / self->triangle[k][k] : 0.0;
    }
  return isfinite (sse) ? sse : INFINITY;
}

/* From the full Jacobian at the solution: s^2 (J'J)^-1. */
void
orr_expr_fitter_estimate_errors (OrrExprFitter *self, double sse, OrrExprFit *fit)
{
  gsize n = self->samples.n;
  guint slots[MAX_CONSTANTS], p = 0;
  guint linear[MAX_CONSTANTS], all[MAX_CONSTANTS], n_linear = self->n_linear;

  for (guint k = 0; k < self->n_constants; k++)
    {
      fit->standard_errors[k] = NAN;
      if (fit->constants[k] > self->minimum[k] && fit->constants[k] < self->maximum[k])
        slots[p++] = k;
    }
  if (n <= p || p == 0)
    return;

  /* For a moment all constants count as linear, so that their columns are orthogonalised. */
  memcpy (linear, self->linear, sizeof linear);
  for (guint k = 0; k < self->n_constants; k++)
    all[k] = k;
  orr_expr_fitter_evaluate (self, all, self->n_constants);
  for (guint k = 0; k < self->n_constants && self->size > 0.0; k++)
    {
      const double *column = self->gradient + k * n;
      /* Where a wave's argument is large its value hangs by it, without anything that cancels. */
      if (self->in_wave[k])
        continue;
      fit->strain = MAX (fit->strain, fabs (self->constants[k]) * sqrt (orr_expr_dot (column, column, n)) / self->size);
    }
  self->n_linear = p;
  memcpy (self->linear, slots, sizeof slots);
  if (orthogonalize (self))
    {
      double inverse[MAX_CONSTANTS][MAX_CONSTANTS] = { { 0.0 } };
      double variance = self->samples.absolute ? 1.0 : sse / (n - p);
      gboolean regular = TRUE;

      for (guint k = 0; k < p; k++)
        {
          double whole = 0.0;
          for (guint j = 0; j <= k; j++)
            whole += self->triangle[j][k] * self->triangle[j][k];
          /* How much of what this constant does the ones before it cannot do. */
          double own = whole > 0.0 ? self->triangle[k][k] / sqrt (whole) : 0.0;
          fit->strain = MAX (fit->strain, 1e-3 / MAX (own, 1e-12));
          regular &= self->triangle[k][k] > 0.0;
        }
      for (guint k = p; regular && k-- > 0;)
        for (guint j = k; j < p; j++)
          {
            double sum = j == k ? 1.0 : 0.0;
            for (guint l = k + 1; l <= j; l++)
              sum -= self->triangle[k][l] * inverse[l][j];
            inverse[k][j] = sum / self->triangle[k][k];
          }
      for (guint k = 0; regular && k < p; k++)
        fit->standard_errors[slots[k]] = sqrt (variance * orr_expr_dot (&inverse[k][k], &inverse[k][k], p - k));
    }
  self->n_linear = n_linear;
  memcpy (self->linear, linear, sizeof linear);
}
