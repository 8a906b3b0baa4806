/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

/**
 * OrrExprVerdict:
 * @ORR_EXPR_DIFFERENT: they differ somewhere
 * @ORR_EXPR_EQUAL_VALUES: the same values on fresh points inside and outside the ranges
 * @ORR_EXPR_EQUAL_FORM: the same normal form
 */
typedef enum
{
  ORR_EXPR_DIFFERENT,
  ORR_EXPR_EQUAL_VALUES,
  ORR_EXPR_EQUAL_FORM,
} OrrExprVerdict;

OrrExprVerdict orr_expr_compare (const OrrExpr *a,
                                 const OrrExpr *b,
                                 const double  *low,
                                 const double  *high,
                                 double         tolerance,
                                 guint64        seed);

G_END_DECLS
