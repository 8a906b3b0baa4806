/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-tree-drawing.h"
#include "orr-tree-editor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ORR_TYPE_TREE_CANVAS (orr_tree_canvas_get_type ())
G_DECLARE_FINAL_TYPE (OrrTreeCanvas, orr_tree_canvas, ORR, TREE_CANVAS, GtkWidget)

/*
 * OrrTreeCanvas: draws the workbench's tree, lets pieces be dragged within it,
 * out of it and onto it, and follows the keyboard.
 *
 * Signal "say" (text): something to tell the person; "" to take it back.
 */

void       orr_tree_canvas_set_editor   (OrrTreeCanvas *self,
                                         OrrTreeEditor *editor);
void       orr_tree_canvas_update       (OrrTreeCanvas *self);
void       orr_tree_canvas_fit          (OrrTreeCanvas *self);
void       orr_tree_canvas_begin_typing (OrrTreeCanvas *self,
                                         const char    *text);
gboolean   orr_tree_canvas_get_anchor   (OrrTreeCanvas *self,
                                         int            position,
                                         GdkRectangle  *anchor);

/* Shared by what starts drags (orr-tree-drag.c). */
GdkPaintable *orr_tree_drag_create_icon (GtkWidget     *widget,
                                         OrrTreeEditor *editor,
                                         const char    *piece);

G_END_DECLS
