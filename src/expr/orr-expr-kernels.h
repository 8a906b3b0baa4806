/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-ops.h"

G_BEGIN_DECLS

/* Points evaluated at a time: a tree of ten nodes then works inside the first-level cache. A multiple of a vector's
 * length. */
#define ORR_EXPR_BLOCK 256

/* out = op (a, b) over n points; one-operand operators ignore b. */
typedef void (*OrrExprKernel) (const double *restrict a, const double *restrict b, double *restrict out, int n);

/* da = g * d op / d a, and db likewise; v is the value, g the derivative of the result by it. */
typedef void (*OrrExprKernelBack) (const double *restrict a, const double *restrict b, const double *restrict v,
                                   const double *restrict g, double *restrict da, double *restrict db, int n);

extern const OrrExprKernel orr_expr_kernels[ORR_EXPR_N_OPS];
extern const OrrExprKernelBack orr_expr_kernels_back[ORR_EXPR_N_OPS];

void orr_expr_kernel_power      (const double *restrict a,
                                 int                    halves,
                                 double *restrict       out,
                                 int                    n);
void orr_expr_kernel_power_back (const double *restrict a,
                                 int                    halves,
                                 const double *restrict g,
                                 double *restrict       da,
                                 int                    n);
void orr_expr_kernel_fill       (double                 value,
                                 double *restrict       out,
                                 int                    n);
void orr_expr_kernel_copy       (const double *restrict a,
                                 double *restrict       out,
                                 int                    n);
void orr_expr_kernel_add        (const double *restrict a,
                                 double *restrict       sum,
                                 int                    n);
void orr_expr_kernel_finite     (const double *restrict a,
                                 double *restrict       out,
                                 int                    n);

G_END_DECLS
