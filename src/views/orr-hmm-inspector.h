/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-editor.h"

G_BEGIN_DECLS

#define ORR_TYPE_HMM_INSPECTOR (orr_hmm_inspector_get_type ())
G_DECLARE_FINAL_TYPE (OrrHmmInspector, orr_hmm_inspector, ORR, HMM_INSPECTOR, GtkWidget)

void orr_hmm_inspector_set_editor       (OrrHmmInspector *self,
                                         OrrHmmEditor    *editor);
void orr_hmm_inspector_update           (OrrHmmInspector *self);
void orr_hmm_inspector_update_selection (OrrHmmInspector *self);

G_END_DECLS
