/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "orr-dataset-reduction.h"
#include "orr-planar-field.h"

G_BEGIN_DECLS

typedef struct _OrrSession OrrSession;

#define ORR_TYPE_BRIDGE (orr_bridge_get_type ())
G_DECLARE_FINAL_TYPE (OrrBridge, orr_bridge, ORR, BRIDGE, GObject)

/*
 * OrrBridge: between a network's dynamics and the Equations page of one session. It
 * turns what the views show into data sets, keeps the law that was found for them, lets
 * it run in the network's place, and links rows with moments. Main thread only.
 *
 * Properties (all notify, only on change, read-only):
 *   source   whether the data of the Equations page came from the network that is shown (boolean)
 *   law      OrrDatasetLaw * (pointer, nullable): the complete law for them
 *   stale    boolean: the time range or the motion has changed since the data were taken
 *   flow-r2  double: how well the law's flow agrees with the network's; NaN unless it is a flow
 *   emulating boolean: the law is running in the network's place
 * Signals: "found": a new data set is on the Equations page; "emulated": the law has run
 * in the network's place, the run has the section "match_law".
 */

/**
 * OrrBridgeOffer:
 * @kind: what an equation can be sought for
 * @symbol: of an emission
 * @title: for a menu, translated
 */
typedef struct
{
  OrrReductionKind kind;
  guint            symbol;
  char            *title;
} OrrBridgeOffer;

OrrBridge      *orr_bridge_new            (OrrSession       *session);
GPtrArray      *orr_bridge_list_offers    (OrrBridge        *self,
                                           const char       *section);
void            orr_bridge_find_equation  (OrrBridge        *self,
                                           const char       *section,
                                           OrrReductionKind  kind,
                                           guint             symbol);
gboolean        orr_bridge_has_source     (OrrBridge        *self);
gboolean        orr_bridge_get_stale      (OrrBridge        *self);
char           *orr_bridge_dup_change     (OrrBridge        *self);
void            orr_bridge_use_range      (OrrBridge        *self);
void            orr_bridge_set_target     (OrrBridge        *self,
                                           guint             target);
OrrDatasetLaw  *orr_bridge_get_law        (OrrBridge        *self);
double          orr_bridge_get_flow_r2    (OrrBridge        *self);
OrrPlanarField *orr_bridge_get_flow_error (OrrBridge        *self);
gboolean        orr_bridge_can_emulate    (OrrBridge        *self);
void            orr_bridge_emulate        (OrrBridge        *self);

G_END_DECLS
