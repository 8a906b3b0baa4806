/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-tree-editor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ORR_TYPE_SUGGESTION_ROW (orr_suggestion_row_get_type ())
G_DECLARE_FINAL_TYPE (OrrSuggestionRow, orr_suggestion_row, ORR, SUGGESTION_ROW, GtkListBoxRow)

GtkWidget *orr_suggestion_row_new    (OrrTreeEditor    *editor,
                                      guint             index);
void       orr_suggestion_row_update (OrrSuggestionRow *self);

G_END_DECLS
