/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_HMM_GRAPH_VIEW (orr_hmm_graph_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrHmmGraphView, orr_hmm_graph_view, ORR, HMM_GRAPH_VIEW, GtkWidget)

/*
 * Properties: session (OrrSession), editable (boolean, TRUE by default).
 */

GtkWidget  *orr_hmm_graph_view_new          (OrrSession      *session);
OrrSession *orr_hmm_graph_view_get_session  (OrrHmmGraphView *self);
void        orr_hmm_graph_view_set_session  (OrrHmmGraphView *self,
                                             OrrSession      *session);
gboolean    orr_hmm_graph_view_get_editable (OrrHmmGraphView *self);
void        orr_hmm_graph_view_set_editable (OrrHmmGraphView *self,
                                             gboolean         editable);

G_END_DECLS
