/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ORR_TYPE_HISTORY_VIEW (orr_history_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrHistoryView, orr_history_view, ORR, HISTORY_VIEW, GtkWidget)

/*
 * Properties: session (OrrSession).
 */

GtkWidget *orr_history_view_new         (OrrSession     *session);
void       orr_history_view_set_session (OrrHistoryView *self,
                                         OrrSession     *session);

G_END_DECLS
