/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_TREE_VIEW (orr_tree_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrTreeView, orr_tree_view, ORR, TREE_VIEW, GtkWidget)

/*
 * Properties: session (OrrSession).
 */

GtkWidget  *orr_tree_view_new         (OrrSession  *session);
OrrSession *orr_tree_view_get_session (OrrTreeView *self);
void        orr_tree_view_set_session (OrrTreeView *self,
                                       OrrSession  *session);

G_END_DECLS
