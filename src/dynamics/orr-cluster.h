/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-matrix.h"
#include "orr-network.h"
#include "orr-progress.h"

G_BEGIN_DECLS

/**
 * OrrClusterMerge:
 * @left: a leaf (below n) or n plus the index of an earlier merge
 * @right: as @left
 * @height: average distance between the members of the two
 *
 * One joint of a dendrogram.
 */
typedef struct
{
  guint  left;
  guint  right;
  double height;
} OrrClusterMerge;

OrrClusterMerge *orr_cluster_average       (const OrrMatrix        *rows,
                                            OrrProgress            *progress,
                                            GError                **error);
guint           *orr_cluster_order         (const OrrMatrix        *rows,
                                            OrrProgress            *progress,
                                            GError                **error);
guint           *orr_cluster_order_units   (const OrrNetwork       *network,
                                            OrrProgress            *progress,
                                            GError                **error);
guint           *orr_cluster_order_inputs  (const OrrNetwork       *network,
                                            OrrProgress            *progress,
                                            GError                **error);

G_END_DECLS
