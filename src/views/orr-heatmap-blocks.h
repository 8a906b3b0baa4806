/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-heatmap-model.h"

G_BEGIN_DECLS

/**
 * OrrHeatmapBlock:
 * @to: (nullable): the group that receives; %NULL for inputs and symbols, which have no groups
 * @from: (nullable): the group that sends
 * @mean: mean weight
 * @sd: s.d. of the weights
 * @n: how many weights
 *
 * The weights from one group onto another.
 */
typedef struct
{
  const OrrHeatmapGroup *to;
  const OrrHeatmapGroup *from;
  double                 mean;
  double                 sd;
  gsize                  n;
} OrrHeatmapBlock;

const OrrHeatmapGroup *orr_heatmap_group_at      (const OrrHeatmapModel *model,
                                                  const OrrHeatmapAxis  *axis,
                                                  guint                  place);
void                   orr_heatmap_block_measure (const OrrHeatmapModel *model,
                                                  const OrrHeatmapGroup *to,
                                                  const OrrHeatmapGroup *from,
                                                  OrrHeatmapBlock       *block);
char                  *orr_heatmap_block_describe (const OrrHeatmapModel *model,
                                                  guint                  row_place,
                                                  guint                  col_place);
GtkBitset             *orr_heatmap_group_dup_units (const OrrHeatmapModel *model,
                                                  const OrrHeatmapGroup *group);

G_END_DECLS
