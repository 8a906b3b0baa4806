/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-editor.h"

G_BEGIN_DECLS

GtkWidget *orr_hmm_colours_new (OrrHmmEditor *editor,
                                guint         state);

G_END_DECLS
