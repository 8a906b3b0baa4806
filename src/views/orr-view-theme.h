/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-figure-theme.h"

G_BEGIN_DECLS

void orr_view_theme_init    (OrrFigureTheme *theme,
                             GtkWidget      *widget);
void orr_view_theme_watch   (GtkWidget      *widget,
                             GCallback       changed_cb);
void orr_rgb_to_rgba        (guint32         rgb,
                             double          alpha,
                             GdkRGBA        *rgba);

G_END_DECLS
