/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_SECTION_STATUS (orr_section_status_get_type ())
G_DECLARE_FINAL_TYPE (OrrSectionStatus, orr_section_status, ORR, SECTION_STATUS, GtkWidget)

GtkWidget *orr_section_status_new         (void);
GtkWidget *orr_section_status_get_buttons (OrrSectionStatus *self);
void       orr_section_status_set         (OrrSectionStatus *self,
                                           OrrSession       *session,
                                           const char       *section);
void       orr_section_status_set_details (OrrSectionStatus *self,
                                           const char       *details);

char      *orr_section_status_dup_age     (gint64            seconds);

G_END_DECLS
