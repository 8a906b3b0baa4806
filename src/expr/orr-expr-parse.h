/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-names.h"

G_BEGIN_DECLS

OrrExpr *orr_expr_parse (const char         *text,
                         const char *const  *names,
                         guint               n_variables,
                         guint              *column,
                         GError            **error);

G_END_DECLS
