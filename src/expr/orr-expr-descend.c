/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GSL's accessors inline and unchecked: they are called for every row. */
#define HAVE_INLINE
#define GSL_RANGE_CHECK_OFF
#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <string.h>

#include "orr-expr-fit-private.h"

/*
 * Ranges: the descent moves an inner number u, from -inf to inf, and the constant is
 * a smooth function of it that never leaves its range (James and Roos 1975).
 */
static double
to_inner (const OrrExprFitter *self, guint slot, double value)
{
  double low = self->minimum[slot], high = self->maximum[slot];

  if (isfinite (low) && isfinite (high))
    {
      double share = high > low ? 2.0 * (value - low) / (high - low) - 1.0 : 0.0;
      /* At the very end there is no slope to move along. */
      return asin (CLAMP (share, -0.998, 0.998));
    }
  if (isfinite (low) || isfinite (high))
    {
      double distance = fmax (isfinite (low) ? value - low : high - value, 1e-3);
      return sqrt ((distance + 1.0) * (distance + 1.0) - 1.0);
    }
  return value;
}

static double
from_inner (const OrrExprFitter *self, guint slot, double u)
{
  double low = self->minimum[slot], high = self->maximum[slot];

  if (isfinite (low) && isfinite (high))
    return CLAMP (low + 0.5 * (high - low) * (sin (u) + 1.0), low, high);
  if (isfinite (low))
    return low + (hypot (u, 1.0) - 1.0);
  return isfinite (high) ? high - (hypot (u, 1.0) - 1.0) : u;
}

/* The derivative of from_inner(). */
static double
inner_slope (const OrrExprFitter *self, guint slot, double u)
{
  double low = self->minimum[slot], high = self->maximum[slot];

  if (isfinite (low) && isfinite (high))
    return 0.5 * (high - low) * cos (u);
  if (isfinite (low))
    return u / hypot (u, 1.0);
  return isfinite (high) ? -u / hypot (u, 1.0) : 1.0;
}

static void
take_point (OrrExprFitter *self, const gsl_vector *point)
{
  for (guint k = 0; k < self->n_nonlinear; k++)
    self->constants[self->nonlinear[k]] = from_inner (self, self->nonlinear[k], gsl_vector_get (point, k));
}

/*
 * Levenberg-Marquardt asks of a point no more than the length of the residual r, and
 * r'J and J'J of its Jacobian. All rows turned by one rotation have the same, so GSL is
 * shown the rows turned so that r lies along the first axis: f = (|r|, 0, 0 ...), J =
 * (r'J / |r|) over the triangle of what J has beside r. That is one row more than there
 * are constants, however many rows the table has.
 */
static int
residual_cb (const gsl_vector *point, void *user_data, gsl_vector *out)
{
  OrrExprFitter *self = user_data;

  take_point (self, point);
  self->solved_sse = orr_expr_fitter_project (self);
  self->solved = isfinite (self->solved_sse);
  for (guint k = 0; k < self->n_nonlinear; k++)
    self->solved_at[k] = gsl_vector_get (point, k);
  gsl_vector_set_zero (out);
  gsl_vector_set (out, 0, self->solved ? sqrt (self->solved_sse) : self->scale * sqrt (self->samples.n));
  return GSL_SUCCESS;
}

static gboolean
is_solved_at (const OrrExprFitter *self, const gsl_vector *point)
{
  gboolean same = self->solved;

  for (guint k = 0; k < self->n_nonlinear && same; k++)
    same = self->solved_at[k] == gsl_vector_get (point, k);
  return same;
}

/* Makes an orthonormal column of @column, behind @k of them in q; rows without a derivative count as 0. */
static double
add_column (OrrExprFitter *self, guint k, double *column, double *shares)
{
  gsize n = self->samples.n;
  double *q = self->q + k * n, norm = orr_expr_orthonormal (self->q, k, column, q, n, shares);

  if (!isnan (norm))
    return norm;
  for (gsize i = 0; i < n; i++)
    column[i] = isfinite (column[i]) ? column[i] : 0.0;
  norm = orr_expr_orthonormal (self->q, k, column, q, n, shares);
  return isnan (norm) ? 0.0 : norm;
}

/* The derivatives by the nonlinear constants, less what the linear ones can make up for (Kaufman). */
static int
jacobian_cb (const gsl_vector *point, void *user_data, gsl_matrix *out)
{
  OrrExprFitter *self = user_data;
  gsize n = self->samples.n;
  guint first = self->n_linear;
  double shares[2 * MAX_CONSTANTS + 1];

  gsl_matrix_set_zero (out);
  if (!is_solved_at (self, point))
    {
      take_point (self, point);
      self->solved = isfinite (orr_expr_fitter_project (self));
    }
  if (!self->solved)
    return GSL_SUCCESS;
  orr_expr_fitter_evaluate (self, self->nonlinear, self->n_nonlinear);
  orr_expr_orthonormal (self->q, 0, self->residual, self->q + first * n, n, shares);
  for (guint k = 0; k < self->n_nonlinear; k++)
    {
      double slope = inner_slope (self, self->nonlinear[k], gsl_vector_get (point, k));
      double norm = add_column (self, first + 1 + k, self->gradient + self->nonlinear[k] * n, shares);

      for (guint j = 0; j <= k; j++)
        gsl_matrix_set (out, j, k, slope * shares[first + j]);
      gsl_matrix_set (out, k + 1, k, slope * norm);
    }
  return GSL_SUCCESS;
}

static gsl_multifit_nlinear_workspace *
get_workspace (OrrExprFitter *self)
{
  gsl_multifit_nlinear_workspace **workspace = &self->workspaces[self->n_nonlinear];

  if (*workspace == NULL)
    {
      gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters ();
      parameters.trs = gsl_multifit_nlinear_trs_lm;
      parameters.solver = gsl_multifit_nlinear_solver_cholesky;
      parameters.scale = gsl_multifit_nlinear_scale_more;
      *workspace = gsl_multifit_nlinear_alloc (gsl_multifit_nlinear_trust, &parameters, self->n_nonlinear + 1, self->n_nonlinear);
    }
  return *workspace;
}

/* The end of the constant's range that it is all but at, or NaN. */
static double
near_end (const OrrExprFitter *self, guint slot)
{
  double low = self->minimum[slot], high = self->maximum[slot], value = self->constants[slot];
  double reach = 1e-3 * (isfinite (low) && isfinite (high) ? high - low : fmax (fabs (value), 1.0));

  if (isfinite (low) && value - low <= reach)
    return low;
  return isfinite (high) && high - value <= reach ? high : NAN;
}

/* What crept towards the end of its range goes there, where that fits no worse. */
static double
settle (OrrExprFitter *self, double sse)
{
  for (guint k = 0; k < self->n_nonlinear; k++)
    {
      double kept[MAX_CONSTANTS], end = near_end (self, self->nonlinear[k]);

      if (isnan (end) || end == self->constants[self->nonlinear[k]])
        continue;
      memcpy (kept, self->constants, sizeof kept);
      self->constants[self->nonlinear[k]] = end;
      double there = orr_expr_fitter_project (self);
      if (there <= sse)
        sse = there;
      else
        {
          memcpy (self->constants, kept, sizeof kept);
          orr_expr_fitter_project (self);
        }
    }
  return sse;
}

/* Levenberg-Marquardt from constants; leaves the solution there. */
double
orr_expr_fitter_descend (OrrExprFitter *self, guint n_iterations)
{
  gsl_multifit_nlinear_workspace *workspace = get_workspace (self);
  gsl_multifit_nlinear_fdf fdf = { .f = residual_cb, .df = jacobian_cb, .n = self->n_nonlinear + 1, .p = self->n_nonlinear,
                                   .params = self };
  double start[MAX_CONSTANTS];
  gsl_vector_view view = gsl_vector_view_array (start, self->n_nonlinear);
  double last = INFINITY;
  int slow = 0;

  for (guint k = 0; k < self->n_nonlinear; k++)
    start[k] = to_inner (self, self->nonlinear[k], self->constants[self->nonlinear[k]]);
  self->solved = FALSE;
  if (gsl_multifit_nlinear_init (&view.vector, &fdf, workspace) == GSL_SUCCESS)
    for (guint i = 0; i < n_iterations && slow < 2; i++)
      {
        if (gsl_multifit_nlinear_iterate (workspace) != GSL_SUCCESS)
          break;
        double length = gsl_vector_get (gsl_multifit_nlinear_residual (workspace), 0), sse = length * length;
        if (sse <= 1e-26 * self->sst)
          break;
        slow = sse < last * (1.0 - 1e-7) ? 0 : slow + 1;
        last = MIN (sse, last);
      }
  const gsl_vector *position = gsl_multifit_nlinear_position (workspace);
  if (is_solved_at (self, position))
    return settle (self, self->solved_sse);
  take_point (self, position);
  return settle (self, orr_expr_fitter_project (self));
}
