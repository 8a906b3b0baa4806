/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-editor.h"

G_BEGIN_DECLS

#define ORR_TYPE_HMM_POPOVER (orr_hmm_popover_get_type ())
G_DECLARE_FINAL_TYPE (OrrHmmPopover, orr_hmm_popover, ORR, HMM_POPOVER, GtkPopover)

GtkWidget *orr_hmm_popover_new            (void);
void       orr_hmm_popover_edit_state      (OrrHmmPopover      *self,
                                            OrrHmmEditor       *editor,
                                            guint               state,
                                            const GdkRectangle *anchor);
void       orr_hmm_popover_edit_transition (OrrHmmPopover      *self,
                                            OrrHmmEditor       *editor,
                                            guint               from,
                                            guint               to,
                                            const GdkRectangle *anchor);

G_END_DECLS
