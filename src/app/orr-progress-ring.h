/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ORR_TYPE_PROGRESS_RING (orr_progress_ring_get_type ())
G_DECLARE_FINAL_TYPE (OrrProgressRing, orr_progress_ring, ORR, PROGRESS_RING, GtkWidget)

GtkWidget *orr_progress_ring_new          (void);
double     orr_progress_ring_get_fraction (OrrProgressRing *self);
void       orr_progress_ring_set_fraction (OrrProgressRing *self,
                                           double           fraction);

G_END_DECLS
