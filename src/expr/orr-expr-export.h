/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-print.h"

G_BEGIN_DECLS

const char *orr_expr_format_extension (OrrExprFormat       format);
char       *orr_expr_export           (const OrrExpr      *self,
                                       const OrrExprPrint *how,
                                       const char         *target);

G_END_DECLS
