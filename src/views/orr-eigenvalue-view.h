/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_EIGENVALUE_VIEW (orr_eigenvalue_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrEigenvalueView, orr_eigenvalue_view, ORR, EIGENVALUE_VIEW, GtkWidget)

GtkWidget *orr_eigenvalue_view_new         (OrrSession        *session);
void       orr_eigenvalue_view_set_session (OrrEigenvalueView *self,
                                            OrrSession        *session);

G_END_DECLS
