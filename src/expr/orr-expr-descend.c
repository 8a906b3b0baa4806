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

static int
residual_cb (const gsl_vector *point, void *user_data, gsl_vector *out)
{
  OrrExprFitter *self = user_data;
  gboolean defined;

  take_point (self, point);
  defined = isfinite (orr_expr_fitter_project (self));
  for (gsize i = 0; i < self->samples.n; i++)
    gsl_vector_set (out, i, defined ? self->residual[i] : self->scale);
  for (guint k = 0; k < self->n_nonlinear; k++)
    self->solved_at[k] = gsl_vector_get (point, k);
  self->solved = defined;
  return GSL_SUCCESS;
}

/* The derivatives by the nonlinear constants, less what the linear ones can make up for (Kaufman). */
static int
jacobian_cb (const gsl_vector *point, void *user_data, gsl_matrix *out)
{
  OrrExprFitter *self = user_data;
  gsize n = self->samples.n;
  gboolean same = self->solved;

  for (guint k = 0; k < self->n_nonlinear && same; k++)
    same = self->solved_at[k] == gsl_vector_get (point, k);
  if (!same)
    {
      take_point (self, point);
      self->solved = isfinite (orr_expr_fitter_project (self));
    }
  orr_expr_fitter_evaluate (self, self->nonlinear, self->n_nonlinear);
  for (guint k = 0; k < self->n_nonlinear; k++)
    {
      double *column = self->gradient + self->nonlinear[k] * n;
      for (guint j = 0; j < self->n_linear; j++)
        orr_expr_add_scaled (column, -orr_expr_dot (self->q + j * n, column, n), self->q + j * n, n);
      double slope = inner_slope (self, self->nonlinear[k], gsl_vector_get (point, k));
      for (gsize i = 0; i < n; i++)
        gsl_matrix_set (out, i, k, isfinite (column[i]) ? slope * column[i] : 0.0);
    }
  return GSL_SUCCESS;
}

static gsl_multifit_nlinear_workspace *
get_workspace (OrrExprFitter *self)
{
  gsize n = self->samples.n;
  guint size = n == self->samples.stride ? 0 : n == self->n_tame ? 1 : 2;
  gsl_multifit_nlinear_workspace **workspace = &self->workspaces[size][self->n_nonlinear];

  /* Few rows are not always equally few. */
  if (*workspace != NULL && gsl_multifit_nlinear_residual (*workspace)->size != n)
    g_clear_pointer (workspace, gsl_multifit_nlinear_free);
  if (*workspace == NULL)
    {
      gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters ();
      parameters.trs = gsl_multifit_nlinear_trs_lm;
      parameters.solver = gsl_multifit_nlinear_solver_cholesky;
      parameters.scale = gsl_multifit_nlinear_scale_more;
      *workspace = gsl_multifit_nlinear_alloc (gsl_multifit_nlinear_trust, &parameters, self->samples.n, self->n_nonlinear);
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
  gsl_multifit_nlinear_fdf fdf = { .f = residual_cb, .df = jacobian_cb, .n = self->samples.n, .p = self->n_nonlinear,
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
        const gsl_vector *f = gsl_multifit_nlinear_residual (workspace);
        double sse = 0.0;
        for (gsize r = 0; r < f->size; r++)
          sse += gsl_vector_get (f, r) * gsl_vector_get (f, r);
        if (sse <= 1e-26 * self->sst)
          break;
        slow = sse < last * (1.0 - 1e-7) ? 0 : slow + 1;
        last = MIN (sse, last);
      }
  take_point (self, gsl_multifit_nlinear_position (workspace));
  return settle (self, orr_expr_fitter_project (self));
}
