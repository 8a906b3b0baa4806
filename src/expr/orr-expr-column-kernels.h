/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What least squares does with columns of @n numbers. Sums are taken in an order
 * that depends on @n alone.
 */
double orr_expr_dot              (const double *a,
                                  const double *b,
                                  gsize         n);
void   orr_expr_add_scaled       (double       *a,
                                  double        times,
                                  const double *b,
                                  gsize         n);
void   orr_expr_residual         (const double *values,
                                  const double *y,
                                  const double *roots,
                                  double       *out,
                                  gsize         n);
double orr_expr_take_out         (const double *q,
                                  guint         k,
                                  double       *column,
                                  gsize         n,
                                  double       *shares);
double orr_expr_orthonormal      (const double *q,
                                  guint         k,
                                  const double *from,
                                  double       *column,
                                  gsize         n,
                                  double       *shares);

G_END_DECLS
