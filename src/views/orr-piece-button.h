/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-tree-editor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *orr_piece_button_new        (OrrTreeEditor *editor,
                                        const char    *label,
                                        const char    *piece,
                                        int            loose);
void       orr_piece_button_load_style (void);

G_END_DECLS
