/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *orr_info_button_new      (const char *name,
                                     const char *text);
void       orr_info_button_set_text (GtkWidget  *button,
                                     const char *text);

G_END_DECLS
