/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

OrrFigure *orr_figure_new_pareto (const double *complexity,
                                  const double *r2,
                                  gsize         n,
                                  int           shown);

G_END_DECLS
