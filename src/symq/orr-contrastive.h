/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double orr_contrastive (const float *embeddings,
                        const guint *groups,
                        guint        b,
                        guint        e,
                        double       weight,
                        float       *gradient);

G_END_DECLS
