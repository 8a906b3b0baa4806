/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_FIT_VIEW (orr_fit_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrFitView, orr_fit_view, ORR, FIT_VIEW, GtkWidget)

GtkWidget *orr_fit_view_new         (OrrSession *session);
void       orr_fit_view_set_session (OrrFitView *self,
                                     OrrSession *session);

G_END_DECLS
