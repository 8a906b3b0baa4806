/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-tree-editor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ORR_TYPE_MOVE_CHIP (orr_move_chip_get_type ())
G_DECLARE_FINAL_TYPE (OrrMoveChip, orr_move_chip, ORR, MOVE_CHIP, GtkButton)

GtkWidget     *orr_move_chip_new         (OrrTreeEditor *editor,
                                          const OrrMove *move,
                                          int            index);
OrrExpr       *orr_move_chip_get_expr    (OrrMoveChip   *self);
int            orr_move_chip_get_index   (OrrMoveChip   *self);
void           orr_move_chip_set_state   (OrrMoveChip   *self,
                                          gboolean       current,
                                          gboolean       marked);

G_END_DECLS
