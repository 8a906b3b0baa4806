/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure-layout.h"

G_BEGIN_DECLS

void orr_figure_draw_heatmap (const OrrFigureLayout *self,
                              const OrrPlotLayout   *plot,
                              cairo_t               *cr);
void orr_figure_draw_series  (const OrrFigureLayout *self,
                              const OrrPlotLayout   *plot,
                              const OrrSeries       *series,
                              cairo_t               *cr);
void orr_figure_draw_swatch  (const OrrFigureLayout *self,
                              const OrrSeries       *series,
                              double                 x,
                              double                 y,
                              double                 width,
                              cairo_t               *cr);
void orr_figure_set_source   (const OrrFigureLayout *self,
                              OrrPaint               paint,
                              double                 alpha,
                              cairo_t               *cr);

G_END_DECLS
