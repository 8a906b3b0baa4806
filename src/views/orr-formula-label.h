/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-tree-editor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ORR_TYPE_FORMULA_LABEL (orr_formula_label_get_type ())
G_DECLARE_FINAL_TYPE (OrrFormulaLabel, orr_formula_label, ORR, FORMULA_LABEL, GtkWidget)

GtkWidget *orr_formula_label_new (double           size,
                                  int              widest);
void       orr_formula_label_set (OrrFormulaLabel *self,
                                  OrrTreeEditor   *editor,
                                  OrrExpr         *expr);

G_END_DECLS
