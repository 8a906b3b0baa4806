/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ORR_TYPE_CARD (orr_card_get_type ())
G_DECLARE_FINAL_TYPE (OrrCard, orr_card, ORR, CARD, GtkWidget)

GtkWidget  *orr_card_new           (const char *title,
                                    GtkWidget  *child);
const char *orr_card_get_title     (OrrCard    *self);
void        orr_card_set_title     (OrrCard    *self,
                                    const char *title);
GtkWidget  *orr_card_get_child     (OrrCard    *self);
void        orr_card_set_child     (OrrCard    *self,
                                    GtkWidget  *child);
gboolean    orr_card_get_maximised (OrrCard    *self);
void        orr_card_set_maximised (OrrCard    *self,
                                    gboolean    maximised);

G_END_DECLS
