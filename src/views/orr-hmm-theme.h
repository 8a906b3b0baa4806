/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-hmm-drawing.h"

G_BEGIN_DECLS

void orr_hmm_theme_get   (GtkWidget   *widget,
                          OrrHmmStyle *style);
void orr_hmm_theme_watch (GtkWidget   *widget);

G_END_DECLS
