/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure-layout.h"

G_BEGIN_DECLS

void orr_figure_layout_draw (const OrrFigureLayout *self,
                             cairo_t               *cr);
void orr_figure_draw        (OrrFigure             *figure,
                             cairo_t               *cr,
                             double                 width,
                             double                 height,
                             const OrrFigureTheme  *theme);

G_END_DECLS
