/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_CANDIDATES_VIEW (orr_candidates_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrCandidatesView, orr_candidates_view, ORR, CANDIDATES_VIEW, GtkWidget)

GtkWidget *orr_candidates_view_new         (OrrSession        *session);
void       orr_candidates_view_set_session (OrrCandidatesView *self,
                                            OrrSession        *session);

G_END_DECLS
