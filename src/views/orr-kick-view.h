/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_KICK_VIEW (orr_kick_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrKickView, orr_kick_view, ORR, KICK_VIEW, GtkWidget)

GtkWidget *orr_kick_view_new         (OrrSession  *session);
void       orr_kick_view_set_session (OrrKickView *self,
                                      OrrSession  *session);

G_END_DECLS
