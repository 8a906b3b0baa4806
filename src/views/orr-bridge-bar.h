/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_BRIDGE_BAR (orr_bridge_bar_get_type ())
G_DECLARE_FINAL_TYPE (OrrBridgeBar, orr_bridge_bar, ORR, BRIDGE_BAR, GtkWidget)

GtkWidget *orr_bridge_bar_new         (OrrSession   *session);
void       orr_bridge_bar_set_session (OrrBridgeBar *self,
                                       OrrSession   *session);

G_END_DECLS
