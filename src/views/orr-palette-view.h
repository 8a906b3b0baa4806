/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-bench-view.h"

G_BEGIN_DECLS

#define ORR_TYPE_PALETTE_VIEW (orr_palette_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrPaletteView, orr_palette_view, ORR, PALETTE_VIEW, OrrBenchView)

GtkWidget *orr_palette_view_new (OrrSession *session);

G_END_DECLS
