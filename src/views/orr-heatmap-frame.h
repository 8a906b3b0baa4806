/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-heatmap-canvas.h"

G_BEGIN_DECLS

void  orr_heatmap_frame_draw  (OrrHeatmapCanvas     *canvas,
                               cairo_t              *cr);
void  orr_heatmap_frame_draw_blocks (OrrHeatmapCanvas *canvas,
                               cairo_t              *cr);
const char *orr_heatmap_frame_row_caption (OrrHeatmapItems items);
char *orr_heatmap_frame_label (const OrrHeatmapAxis *axis,
                               guint                 place,
                               char                **symbol_names);

G_END_DECLS
