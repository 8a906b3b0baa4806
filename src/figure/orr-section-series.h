/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

gboolean orr_section_add_curve (OrrPlot    *plot,
                                GVariant   *section,
                                const char *x,
                                const char *y,
                                const char *name,
                                OrrPaint    paint);
char    *orr_section_symbol_name (char    **names,
                                  guint     n_names,
                                  guint     symbol);

guint   *orr_section_rank        (const double  *values,
                                  gsize          n);

G_END_DECLS
