/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure-layout.h"

G_BEGIN_DECLS

/**
 * OrrFigureHit:
 * @plot: index of the plot
 * @series: index of the series, or -1 for a heatmap's cell
 * @index: of the point, bar or bin; of a cell, row * columns + column
 * @x: its position in data units
 * @y: its value
 * @pixel_x: where it is drawn
 * @pixel_y: as @pixel_x
 *
 * What is under the pointer.
 */
typedef struct
{
  guint  plot;
  int    series;
  gsize  index;
  double x;
  double y;
  double pixel_x;
  double pixel_y;
} OrrFigureHit;

int      orr_figure_layout_plot_at (const OrrFigureLayout *self,
                                    double                 x,
                                    double                 y);
gboolean orr_figure_layout_hit     (const OrrFigureLayout *self,
                                    double                 x,
                                    double                 y,
                                    double                 reach,
                                    OrrFigureHit          *hit);
char    *orr_figure_hit_dup_text   (const OrrFigureHit    *self,
                                    const OrrFigureLayout *layout);

G_END_DECLS
