/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-kernels.h"

G_BEGIN_DECLS

OrrExprKernel orr_expr_power_kernel (void);

G_END_DECLS
