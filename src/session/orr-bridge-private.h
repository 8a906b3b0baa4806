/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-bridge.h"
#include "orr-session.h"

G_BEGIN_DECLS

/* Of the law's flow in the orbit viewer. */
#define ORR_BRIDGE_LAW_COLOUR 0xff8fb1u

enum
{
  ORR_BRIDGE_PROP_SOURCE = 1,
  ORR_BRIDGE_PROP_LAW,
  ORR_BRIDGE_PROP_STALE,
  ORR_BRIDGE_PROP_FLOW_R2,
  ORR_BRIDGE_PROP_EMULATING,
  ORR_BRIDGE_N_PROPS,
};

struct _OrrBridge
{
  GObject parent_instance;

  OrrSession         *session; /* (unowned) */
  gboolean            has_source;
  OrrReductionSource  source;
  OrrDatasetLaw      *law; /* (nullable) */
  gboolean            stale;

  OrrJob             *gathering; /* (nullable): the latest request for data */
  OrrJob             *emulating; /* (nullable) */

  OrrMotion          *flow_motion;  /* (nullable): what @network_flow is of */
  OrrPlanarField     *network_flow; /* (nullable) */
  OrrPlanarField     *flow_error;   /* (nullable) */
  OrrJob             *flowing;      /* (nullable) */
  double              flow_r2;

  GtkBitset          *linked_rows; /* (nullable): the rows that the cursor selected */
  gboolean            linking;
};

void          orr_bridge_notify      (OrrBridge       *self,
                                      guint            property);
OrrWorkbench *orr_bridge_get_bench   (OrrBridge       *self);
void          orr_bridge_edit        (OrrBridge       *self,
                                      OrrEquations    *equations,
                                      const char      *label);
void          orr_bridge_update_flow (OrrBridge       *self);
char         *orr_bridge_dup_title   (OrrBridge       *self,
                                      OrrReductionKind kind,
                                      guint            symbol);
gboolean      orr_bridge_same_motion (OrrBridge       *self);

G_END_DECLS
