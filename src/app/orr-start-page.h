/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ORR_TYPE_START_PAGE (orr_start_page_get_type ())
G_DECLARE_FINAL_TYPE (OrrStartPage, orr_start_page, ORR, START_PAGE, AdwBin)

void orr_start_page_set_settings    (OrrStartPage *self,
                                     GSettings    *settings);
void orr_start_page_set_can_go_back (OrrStartPage *self,
                                     gboolean      can_go_back);
void orr_start_page_refresh         (OrrStartPage *self);

G_END_DECLS
