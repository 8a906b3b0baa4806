/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean orr_decimate_is_rising (const double *x,
                                 gsize         n);
GArray  *orr_decimate_line      (const double *x,
                                 const double *y,
                                 gsize         n,
                                 double        low,
                                 double        high,
                                 guint         columns);

G_END_DECLS
