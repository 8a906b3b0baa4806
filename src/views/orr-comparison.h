/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-tree-editor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *orr_comparison_new (OrrTreeEditor *editor,
                               int            first,
                               int            second);

G_END_DECLS
