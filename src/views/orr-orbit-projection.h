/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-latest.h"
#include "orr-session.h"

G_BEGIN_DECLS

/**
 * OrrOrbitProjection:
 * @whole: the motion that was projected
 * @pair: the pair of symbols
 * @motion: (nullable): how it is seen in the pair's subspace
 * @problem: (nullable): why it cannot be
 *
 * What a worker found out.
 */
typedef struct
{
  OrrMotion *whole;
  int        pair;
  OrrMotion *motion;
  char      *problem;
} OrrOrbitProjection;

OrrLatest     *orr_orbit_projections_new     (OrrLatestDone  done,
                                              gpointer       owner);
void           orr_orbit_projections_request (OrrLatest     *latest,
                                              OrrNetwork    *network,
                                              OrrMotion     *whole,
                                              int            pair);
GtkStringList *orr_orbit_projections_list    (OrrSession    *session);

G_END_DECLS
