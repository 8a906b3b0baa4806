/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-workbench.h"

G_BEGIN_DECLS

/*
 * The equation on the canvas as text for other programs and as a picture: entries
 * for a card's menu and their actions (group "view").
 */

GMenuModel   *orr_formula_export_create_menu    (void);
GActionGroup *orr_formula_export_create_actions (GtkWidget    *widget);
void          orr_formula_export_set_workbench  (GActionGroup *actions,
                                                 OrrWorkbench *workbench);

G_END_DECLS
