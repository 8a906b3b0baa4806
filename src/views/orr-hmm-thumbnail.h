/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-hmm.h"

G_BEGIN_DECLS

#define ORR_TYPE_HMM_THUMBNAIL (orr_hmm_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (OrrHmmThumbnail, orr_hmm_thumbnail, ORR, HMM_THUMBNAIL, GtkWidget)

GtkWidget *orr_hmm_thumbnail_new     (OrrHmm          *hmm);
void       orr_hmm_thumbnail_set_hmm (OrrHmmThumbnail *self,
                                      OrrHmm          *hmm);

G_END_DECLS
