/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_GAIN_VIEW (orr_gain_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrGainView, orr_gain_view, ORR, GAIN_VIEW, GtkWidget)

GtkWidget *orr_gain_view_new         (OrrSession  *session);
void       orr_gain_view_set_session (OrrGainView *self,
                                      OrrSession  *session);
GVariant  *orr_gain_view_get_preview (OrrGainView *self);

G_END_DECLS
