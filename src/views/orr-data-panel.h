/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_DATA_PANEL (orr_data_panel_get_type ())
G_DECLARE_FINAL_TYPE (OrrDataPanel, orr_data_panel, ORR, DATA_PANEL, GtkWidget)

GtkWidget *orr_data_panel_new         (OrrSession   *session);
void       orr_data_panel_set_session (OrrDataPanel *self,
                                       OrrSession   *session);
void       orr_data_panel_open        (OrrDataPanel *self,
                                       GFile        *file);

G_END_DECLS
