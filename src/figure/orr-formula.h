/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "orr-colour.h"
#include "orr-expr.h"

G_BEGIN_DECLS

/**
 * OrrFormulaStyle:
 * @size: of the letters, in pixels
 * @foreground: ink
 * @accent: of placeholders and of the marked part
 * @family: (nullable): %NULL for the system's serif
 * @names: (nullable): [n_names] of the variables, %NULL for x_1, x_2 ...
 * @n_names: how many
 * @marked: position of a part that is written in the accent, or -1
 */
typedef struct
{
  double             size;
  guint32            foreground;
  guint32            accent;
  const char        *family;
  const char *const *names;
  guint              n_names;
  int                marked;
} OrrFormulaStyle;

void  orr_formula_measure (cairo_t               *cr,
                           const OrrExpr         *expr,
                           const OrrFormulaStyle *style,
                           double                *width,
                           double                *ascent,
                           double                *descent);
void  orr_formula_draw    (cairo_t               *cr,
                           const OrrExpr         *expr,
                           const OrrFormulaStyle *style,
                           double                 x,
                           double                 baseline);
void  orr_formula_draw_within (cairo_t               *cr,
                               const OrrExpr         *expr,
                               const OrrFormulaStyle *style,
                               double                 smallest,
                               double                 width,
                               double                 height,
                               double                 align);
char *orr_formula_name_leaf (const OrrExprNode    *node,
                             const char *const    *names,
                             guint                 n_names);

G_END_DECLS
