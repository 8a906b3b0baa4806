/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void orr_drag_follow_escape (GtkDragSource *source);

G_END_DECLS
