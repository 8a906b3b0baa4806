/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gsl/gsl_multifit_nlinear.h>

#include "orr-expr-column-kernels.h"
#include "orr-expr-fit.h"
#include "orr-expr-program.h"

G_BEGIN_DECLS

#define MAX_CONSTANTS ORR_EXPR_FIT_MAX_CONSTANTS

/*
 * Separable least squares (variable projection; Golub and Pereyra 1973, with
 * Kaufman's Jacobian): with the nonlinear constants given, the linear ones are
 * solved exactly by orthogonalisation (orr-expr-project.c), and
 * Levenberg-Marquardt moves the nonlinear ones alone (orr-expr-descend.c).
 */
struct _OrrExprFitter
{
  OrrSamples samples; /* its own, the rows nearest 0 first, those where y is far out last */
  gsize      n_tame; /* rows before those */
  double    *rows;
  double     sst;
  double     size; /* (weighted) norm of y */
  double     scale; /* residuals where an expression is not defined */
  double    *roots; /* (nullable): [n] square roots of the weights */

  /* For the expression at hand: */
  OrrExprProgram *program;
  gsize           n_bound; /* rows that it is bound to, if any */
  gboolean        is_bound;
  guint           n_constants, n_linear, n_nonlinear;
  guint           linear[MAX_CONSTANTS], nonlinear[MAX_CONSTANTS];
  gboolean        in_wave[MAX_CONSTANTS];
  double          minimum[MAX_CONSTANTS], maximum[MAX_CONSTANTS];
  double          constants[MAX_CONSTANTS];
  double          solved_at[MAX_CONSTANTS];
  double          solved_sse;
  gboolean        solved;

  guint   n_columns;   /* of gradient, and of q less one: as many as an expression so far had constants */
  double *values;      /* [n] */
  double *gradient;    /* [n_columns x n] */
  double *q;           /* [n_columns + 1 x n] orthonormal columns of the linear part, and then of the descent's way */
  double *residual;    /* [n] */
  double  triangle[MAX_CONSTANTS][MAX_CONSTANTS];

  gsl_multifit_nlinear_workspace *workspaces[MAX_CONSTANTS + 1]; /* by number of nonlinear constants */
};

void   orr_expr_fitter_evaluate        (OrrExprFitter       *self,
                                        const guint         *wanted,
                                        guint                n_wanted);
double orr_expr_fitter_project         (OrrExprFitter       *self);
void   orr_expr_fitter_estimate_errors (OrrExprFitter       *self,
                                        double               sse,
                                        OrrExprFit          *fit);
double orr_expr_fitter_descend         (OrrExprFitter       *self,
                                        guint                n_iterations);

G_END_DECLS
