/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-fit.h"

G_BEGIN_DECLS

/**
 * OrrExprBand:
 *
 * How sure a fitted expression is of its values: the covariance of its free
 * constants at the values they hold, carried to the values by first derivatives
 * (the delta method).
 */
typedef struct _OrrExprBand OrrExprBand;

OrrExprBand *orr_expr_band_new         (const OrrExpr     *expr,
                                        const OrrSamples  *samples);
void         orr_expr_band_free        (OrrExprBand       *self);
guint        orr_expr_band_n_constants (const OrrExprBand *self);
double       orr_expr_band_covariance  (const OrrExprBand *self,
                                        guint              a,
                                        guint              b);
double       orr_expr_band_chi_squared (const OrrExprBand *self);
guint        orr_expr_band_freedom     (const OrrExprBand *self);
double       orr_expr_band_factor      (const OrrExprBand *self,
                                        double             level);
void         orr_expr_band_eval        (OrrExprBand       *self,
                                        const double      *x,
                                        gsize              stride,
                                        gsize              n,
                                        double            *errors);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrExprBand, orr_expr_band_free)

G_END_DECLS
