/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

OrrFigure *orr_figure_new_scan (GVariant *section,
                                guint     chosen);

G_END_DECLS
