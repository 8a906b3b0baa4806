/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

#define ORR_EXPR_MAX_VARIABLES 64

/* What the names that people use in expressions mean; @names may be NULL. */
gboolean  orr_expr_name_variable (const char *const *names,
                                  guint              n_variables,
                                  const char        *name,
                                  guint             *index);
gboolean  orr_expr_name_number   (const char        *name,
                                  double            *value);
gboolean  orr_expr_name_constant (const char        *name,
                                  guint             *label);
OrrExprOp orr_expr_name_function (const char        *name,
                                  gboolean          *reciprocal);
double    orr_expr_name_base     (const char        *name);

char     *orr_expr_explain_name  (const char *const *names,
                                  guint              n,
                                  guint              index);

G_END_DECLS
