/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

void orr_tree_layout (const OrrExpr *expr,
                      const double  *widths,
                      double         gap,
                      double         level,
                      double        *positions);

G_END_DECLS
