/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_LOSS_VIEW (orr_loss_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrLossView, orr_loss_view, ORR, LOSS_VIEW, GtkWidget)

GtkWidget *orr_loss_view_new         (OrrSession  *session);
void       orr_loss_view_set_session (OrrLossView *self,
                                      OrrSession  *session);

G_END_DECLS
