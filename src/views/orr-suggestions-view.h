/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ORR_TYPE_SUGGESTIONS_VIEW (orr_suggestions_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrSuggestionsView, orr_suggestions_view, ORR, SUGGESTIONS_VIEW, GtkWidget)

/*
 * Properties: session (OrrSession).
 */

GtkWidget *orr_suggestions_view_new         (OrrSession         *session);
void       orr_suggestions_view_set_session (OrrSuggestionsView *self,
                                             OrrSession         *session);

G_END_DECLS
