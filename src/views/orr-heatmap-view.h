/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-heatmap-canvas.h"
#include "orr-session.h"

G_BEGIN_DECLS

/**
 * OrrHeatmapOrdering:
 * @ORR_HEATMAP_BY_INDEX: as the network has them
 * @ORR_HEATMAP_BY_CLUSTER: units with like weights side by side
 * @ORR_HEATMAP_BY_GROUP: kick groups, then integrating populations, then the rest
 */
typedef enum
{
  ORR_HEATMAP_BY_INDEX,
  ORR_HEATMAP_BY_CLUSTER,
  ORR_HEATMAP_BY_GROUP,
} OrrHeatmapOrdering;

#define ORR_TYPE_HEATMAP_VIEW (orr_heatmap_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrHeatmapView, orr_heatmap_view, ORR, HEATMAP_VIEW, GtkWidget)

GtkWidget        *orr_heatmap_view_new          (OrrSession        *session);
void              orr_heatmap_view_set_session  (OrrHeatmapView    *self,
                                                 OrrSession        *session);
OrrHeatmapCanvas *orr_heatmap_view_get_canvas   (OrrHeatmapView    *self);
void              orr_heatmap_view_set_weights  (OrrHeatmapView    *self,
                                                 OrrHeatmapWeights  weights);
void              orr_heatmap_view_set_ordering (OrrHeatmapView    *self,
                                                 OrrHeatmapOrdering ordering);

G_END_DECLS
