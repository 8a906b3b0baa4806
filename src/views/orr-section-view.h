/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_SECTION_VIEW (orr_section_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrSectionView, orr_section_view, ORR, SECTION_VIEW, GtkWidget)

GtkWidget *orr_section_view_new         (const char     *section,
                                         OrrSession     *session);
void       orr_section_view_set_section (OrrSectionView *self,
                                         const char     *section);
void       orr_section_view_set_session (OrrSectionView *self,
                                         OrrSession     *session);

G_END_DECLS
