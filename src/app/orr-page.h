/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_PAGE (orr_page_get_type ())
G_DECLARE_FINAL_TYPE (OrrPage, orr_page, ORR, PAGE, AdwBin)

gboolean   orr_page_exists          (const char *name);
GtkWidget *orr_page_new             (const char *name,
                                     GSettings  *settings);
void       orr_page_set_session     (OrrPage    *self,
                                     OrrSession *session);
gboolean   orr_page_toggle_maximise (OrrPage    *self,
                                     GtkWidget  *focus);
gboolean   orr_page_restore         (OrrPage    *self);

G_END_DECLS
