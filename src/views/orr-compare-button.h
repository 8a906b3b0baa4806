/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_COMPARE_BUTTON (orr_compare_button_get_type ())
G_DECLARE_FINAL_TYPE (OrrCompareButton, orr_compare_button, ORR, COMPARE_BUTTON, GtkWidget)

GtkWidget *orr_compare_button_new         (void);
void       orr_compare_button_set_session (OrrCompareButton *self,
                                           OrrSession       *session);

G_END_DECLS
