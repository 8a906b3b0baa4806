/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "orr-colour.h"

G_BEGIN_DECLS

/**
 * OrrHeatmapWindow:
 * @left: the column at the left edge, in cells from the matrix's edge
 * @top: the row at the upper edge
 * @right: the column at the right edge, beyond @left
 * @bottom: the row at the lower edge, below @top
 *
 * The part of a matrix that fills an image; it may reach outside.
 */
typedef struct
{
  double left;
  double top;
  double right;
  double bottom;
} OrrHeatmapWindow;

cairo_surface_t *orr_heatmap_image (const float            *values,
                                    gsize                   rows,
                                    gsize                   cols,
                                    const guint            *row_order,
                                    const guint            *col_order,
                                    const OrrHeatmapWindow *window,
                                    double                  low,
                                    double                  high,
                                    OrrColourMap            map,
                                    guint                   width,
                                    guint                   height);

G_END_DECLS
