/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-figure-theme.h"

G_BEGIN_DECLS

void orr_bubble_snapshot (GtkSnapshot          *snapshot,
                          PangoLayout          *words,
                          const OrrFigureTheme *theme,
                          double                x,
                          double                y,
                          double                width,
                          double                height);

G_END_DECLS
