/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

/**
 * OrrExprPrint:
 * @format: for whom
 * @names: (nullable): names of the columns, %NULL for x_1, x_2 ...
 * @n_names: how many
 * @digits: significant digits of numbers, 0 for as many as reading them back needs
 * @skeleton: write free constants as `c` instead of their values
 */
typedef struct
{
  OrrExprFormat      format;
  const char *const *names;
  guint              n_names;
  int                digits;
  gboolean           skeleton;
} OrrExprPrint;

char *orr_expr_print          (const OrrExpr      *self,
                               const OrrExprPrint *how);
char *orr_expr_to_text        (const OrrExpr      *self,
                               const char *const  *names,
                               guint               n_names);
char *orr_expr_to_skeleton    (const OrrExpr      *self,
                               const char *const  *names,
                               guint               n_names);
char *orr_expr_format_number  (double              value,
                               int                 digits);
gboolean orr_expr_format_is_code (OrrExprFormat    format);

G_END_DECLS
