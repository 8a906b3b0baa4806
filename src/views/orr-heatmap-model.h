/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "orr-figure.h"
#include "orr-network.h"

G_BEGIN_DECLS

typedef enum
{
  ORR_HEATMAP_WEIGHTS_HH,
  ORR_HEATMAP_WEIGHTS_IH,
  ORR_HEATMAP_WEIGHTS_OUT,
} OrrHeatmapWeights;

/* What the rows or columns of a weight matrix stand for. */
typedef enum
{
  ORR_HEATMAP_UNITS,
  ORR_HEATMAP_INPUTS,
  ORR_HEATMAP_SYMBOLS,
} OrrHeatmapItems;

/**
 * OrrHeatmapGroup:
 * @name: of the group
 * @first: the place in the order where it begins
 * @n: how many units
 */
typedef struct
{
  char *name;
  guint first;
  guint n;
} OrrHeatmapGroup;

/**
 * OrrHeatmapOrder:
 * @n_units: H
 * @units: [H] which unit stands at each place
 * @n_inputs: D
 * @inputs: [D] which noise input stands at each place
 * @groups: (element-type OrrHeatmapGroup): stretches of the units' order, possibly none
 *
 * In which order a network's units and inputs are shown. Immutable, reference counted.
 */
typedef struct
{
  guint   n_units;
  guint  *units;
  guint   n_inputs;
  guint  *inputs;
  GArray *groups;
} OrrHeatmapOrder;

OrrHeatmapOrder *orr_heatmap_order_new     (guint                  n_units,
                                            guint                  n_inputs);
OrrHeatmapOrder *orr_heatmap_order_new_groups (guint               n_units,
                                            guint                  n_inputs,
                                            GVariant              *kick_neurons,
                                            GVariant              *integrating);
OrrHeatmapOrder *orr_heatmap_order_ref     (OrrHeatmapOrder       *self);
void             orr_heatmap_order_unref   (OrrHeatmapOrder       *self);
void             orr_heatmap_order_add_group (OrrHeatmapOrder     *self,
                                            const char            *name,
                                            guint                  first,
                                            guint                  n);

/**
 * OrrHeatmapAxis:
 * @items: what stands along it
 * @n: how many
 * @order: [n] which item stands at each place
 * @place: [n] at which place each item stands
 */
typedef struct
{
  OrrHeatmapItems items;
  guint           n;
  guint          *order;
  guint          *place;
} OrrHeatmapAxis;

/**
 * OrrHeatmapModel:
 * @matrix: [rows x cols] the weights, in the network's order
 * @rows: what receives
 * @cols: what sends
 * @limit: weights of this magnitude and beyond have full colour
 * @row_means: [rows] mean weight of each row, in the network's order
 * @col_means: [cols] of each column
 *
 * One weight matrix as it is shown.
 */
typedef struct
{
  OrrNetwork       *network;
  OrrHeatmapOrder  *order;
  OrrHeatmapWeights weights;
  const OrrMatrix  *matrix;
  OrrHeatmapAxis    rows;
  OrrHeatmapAxis    cols;
  double            limit;
  float            *row_means;
  float            *col_means;
} OrrHeatmapModel;

OrrHeatmapModel *orr_heatmap_model_new        (OrrNetwork            *network,
                                               OrrHeatmapWeights      weights,
                                               OrrHeatmapOrder       *order);
void             orr_heatmap_model_free       (OrrHeatmapModel       *self);
float            orr_heatmap_model_get        (const OrrHeatmapModel *self,
                                               guint                  row_place,
                                               guint                  col_place);
char            *orr_heatmap_axis_name        (const OrrHeatmapAxis  *self,
                                               guint                  place,
                                               char                 **symbol_names);
char            *orr_heatmap_model_describe   (const OrrHeatmapModel *self,
                                               guint                  row_place,
                                               guint                  col_place,
                                               char                 **symbol_names);
OrrFigure       *orr_heatmap_model_create_figure (const OrrHeatmapModel *self,
                                               char                 **symbol_names);
char            *orr_heatmap_model_dup_csv    (const OrrHeatmapModel *self,
                                               char                 **symbol_names);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrHeatmapOrder, orr_heatmap_order_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrHeatmapModel, orr_heatmap_model_free)

G_END_DECLS
