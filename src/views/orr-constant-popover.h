/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-tree-editor.h"

G_BEGIN_DECLS

#define ORR_TYPE_CONSTANT_POPOVER (orr_constant_popover_get_type ())
G_DECLARE_FINAL_TYPE (OrrConstantPopover, orr_constant_popover, ORR, CONSTANT_POPOVER, GtkPopover)

/*
 * OrrConstantPopover: the value of a constant of the tree, the range that it must
 * stay in, and whether it is kept. What is entered is taken with Enter, as one
 * undo step; what cannot be understood is said and changes nothing.
 */

GtkWidget *orr_constant_popover_new  (void);
void       orr_constant_popover_open (OrrConstantPopover *self,
                                      OrrTreeEditor      *editor,
                                      int                 position,
                                      const GdkRectangle *anchor);

G_END_DECLS
