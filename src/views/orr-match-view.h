/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_MATCH_VIEW (orr_match_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrMatchView, orr_match_view, ORR, MATCH_VIEW, GtkWidget)

GtkWidget *orr_match_view_new         (OrrSession   *session);
void       orr_match_view_set_session (OrrMatchView *self,
                                       OrrSession   *session);

G_END_DECLS
