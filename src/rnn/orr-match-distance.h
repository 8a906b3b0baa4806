/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-progress.h"

G_BEGIN_DECLS

gboolean orr_match_distance (const guint8 *x,
                             const guint8 *y,
                             guint         n,
                             guint         length,
                             guint         n_symbols,
                             guint         threads,
                             double       *mean,
                             double       *sd,
                             OrrProgress  *progress,
                             GError      **error);

G_END_DECLS
