/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-bench-view.h"

G_BEGIN_DECLS

#define ORR_TYPE_HISTORY_VIEW (orr_history_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrHistoryView, orr_history_view, ORR, HISTORY_VIEW, OrrBenchView)

GtkWidget *orr_history_view_new (OrrSession *session);

G_END_DECLS
