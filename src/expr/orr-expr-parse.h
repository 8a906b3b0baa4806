/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

#define ORR_EXPR_MAX_VARIABLES 64

OrrExpr *orr_expr_parse (const char         *text,
                         const char *const  *names,
                         guint               n_variables,
                         guint              *column,
                         GError            **error);
char    *orr_expr_explain_name (const char *const *names,
                                guint              n,
                                guint              index);

G_END_DECLS
