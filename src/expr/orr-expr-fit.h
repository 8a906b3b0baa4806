/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

/**
 * OrrSamples:
 * @x: variable v's values start at x + v * stride
 * @stride: between variables
 * @n_variables: columns
 * @y: [n] the target, finite
 * @n: rows
 * @weights: (nullable): [n] how much each row counts, above 0
 * @absolute: whether @weights are 1 / variance of @y in its own unit: then they give
 *   the standard errors of constants their scale, rather than the residuals
 *
 * A table to fit; borrowed, not owned.
 */
typedef struct
{
  const double *x;
  gsize         stride;
  guint         n_variables;
  const double *y;
  gsize         n;
  const double *weights;
  gboolean      absolute;
} OrrSamples;

#define ORR_EXPR_FIT_MAX_CONSTANTS 24

/**
 * OrrExprFit:
 * @n_constants: slots
 * @constants: by slot
 * @standard_errors: by slot, from the covariance at the solution; NaN where it has
 *   none: also for a constant at the end of its range, which is held there
 * @sse: sum of (weighted) squared residuals, infinite where the expression is not defined on every row
 * @r2: 1 - sse / (sum of squares about the mean); 0 when that is 0
 * @strain: the largest part that a constant outside sin, cos and tan plays, |c df/dc|, relative to y (root mean squares): far
 *   above 1 where large terms cancel, as in 1e9*cos(1e-4*x) - 1e9 for a parabola; or, when that is
 *   larger, a thousandth of how nearly a constant only does what others do, as in 1e9*sin(1e-9*x)
 */
typedef struct
{
  guint  n_constants;
  double constants[ORR_EXPR_FIT_MAX_CONSTANTS];
  double standard_errors[ORR_EXPR_FIT_MAX_CONSTANTS];
  double sse;
  double r2;
  double strain;
} OrrExprFit;

/**
 * OrrExprFitEffort:
 * @n_starts: points at which nonlinear constants are tried out
 * @n_descents: how many of the best are followed down
 * @n_iterations: of each descent, at most
 */
typedef struct
{
  guint n_starts;
  guint n_descents;
  guint n_iterations;
} OrrExprFitEffort;

/* A strain above this is a limit of something simpler, not a law. */
#define ORR_EXPR_FIT_STRAINED 300.0

extern const OrrExprFitEffort orr_expr_fit_glance;
extern const OrrExprFitEffort orr_expr_fit_quick;
extern const OrrExprFitEffort orr_expr_fit_close;
extern const OrrExprFitEffort orr_expr_fit_thorough;

/**
 * OrrExprFitter:
 *
 * Fits the constants of many expressions to one table; one thread's workspace.
 */
typedef struct _OrrExprFitter OrrExprFitter;

OrrExprFitter *orr_expr_fitter_new   (const OrrSamples       *samples);
void           orr_expr_fitter_free  (OrrExprFitter          *self);
double         orr_expr_fitter_sst   (const OrrExprFitter    *self);
gsize          orr_expr_fitter_n_rows (const OrrExprFitter   *self);
gboolean       orr_expr_fitter_run   (OrrExprFitter          *self,
                                      const OrrExpr          *expr,
                                      const OrrExprFitEffort *effort,
                                      gboolean                from_present,
                                      OrrExprFit             *fit);
OrrExpr       *orr_expr_fitter_tidy  (OrrExprFitter          *self,
                                      const OrrExpr          *expr,
                                      OrrExprFit             *fit);

OrrExpr       *orr_expr_fit          (const OrrExpr          *expr,
                                      const OrrSamples       *samples,
                                      OrrExprFit             *fit,
                                      GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrExprFitter, orr_expr_fitter_free)

G_END_DECLS
