/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

OrrFigure *orr_figure_new_eigenvalues (const double *re,
                                       const double *im,
                                       gsize         n,
                                       const char   *where);

G_END_DECLS
