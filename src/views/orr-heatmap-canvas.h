/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-heatmap-model.h"

G_BEGIN_DECLS

#define ORR_TYPE_HEATMAP_CANVAS (orr_heatmap_canvas_get_type ())
G_DECLARE_FINAL_TYPE (OrrHeatmapCanvas, orr_heatmap_canvas, ORR, HEATMAP_CANVAS, GtkWidget)

/*
 * OrrHeatmapCanvas: a weight matrix with crisp cells, its means along the edges
 * and a colour bar. Scrolling, pinching and + - zoom; Shift and Ctrl with the
 * wheel, the middle button and Ctrl with the arrows pan; a double click and 0 show
 * everything. A click selects the row's and the column's unit, dragging all units
 * of a rectangle, the labels at the edges rows or columns alone; Shift extends and
 * Ctrl toggles. Arrows move a cursor, Space selects at it.
 *
 * Signals:
 *   units-selected (GtkBitset *): a person selected hidden units
 *   unit-hovered (int): the unit in whose row the pointer is, -1 for none
 *   symbol-selected (int)
 */

GtkWidget              *orr_heatmap_canvas_new              (void);
void                    orr_heatmap_canvas_set_model        (OrrHeatmapCanvas   *self,
                                                             OrrHeatmapModel    *model);
const OrrHeatmapModel  *orr_heatmap_canvas_get_model        (OrrHeatmapCanvas   *self);
void                    orr_heatmap_canvas_set_symbol_names (OrrHeatmapCanvas   *self,
                                                             char              **names);
char                  **orr_heatmap_canvas_get_symbol_names (OrrHeatmapCanvas   *self);
void                    orr_heatmap_canvas_set_empty_text   (OrrHeatmapCanvas   *self,
                                                             const char         *text);
void                    orr_heatmap_canvas_set_units        (OrrHeatmapCanvas   *self,
                                                             GtkBitset          *units);
void                    orr_heatmap_canvas_set_hovered_unit (OrrHeatmapCanvas   *self,
                                                             int                 unit);
void                    orr_heatmap_canvas_fit              (OrrHeatmapCanvas   *self);
gboolean                orr_heatmap_canvas_cell_at          (OrrHeatmapCanvas   *self,
                                                             double              x,
                                                             double              y,
                                                             guint              *row_place,
                                                             guint              *col_place);
void                    orr_heatmap_canvas_get_cell_rect    (OrrHeatmapCanvas   *self,
                                                             guint               row_place,
                                                             guint               col_place,
                                                             graphene_rect_t    *rect);

G_END_DECLS
