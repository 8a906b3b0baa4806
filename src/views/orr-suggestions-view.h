/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-bench-view.h"

G_BEGIN_DECLS

#define ORR_TYPE_SUGGESTIONS_VIEW (orr_suggestions_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrSuggestionsView, orr_suggestions_view, ORR, SUGGESTIONS_VIEW, OrrBenchView)

GtkWidget *orr_suggestions_view_new (OrrSession *session);

G_END_DECLS
