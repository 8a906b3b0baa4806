/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-progress.h"

G_BEGIN_DECLS

GArray  *orr_sinkhorn_schedule (double       squared_diameter,
                                double       blur);
gboolean orr_sinkhorn_points   (const float *x,
                                gsize        n,
                                const float *y,
                                gsize        m,
                                gsize        dimension,
                                double       blur,
                                guint        threads,
                                double      *divergence,
                                float       *gradient,
                                OrrProgress *progress,
                                GError     **error);

G_END_DECLS
