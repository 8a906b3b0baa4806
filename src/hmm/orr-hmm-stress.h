/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void orr_hmm_stress_layout (const guint8 *adjacent,
                            guint         n,
                            double        spacing,
                            double       *positions);

G_END_DECLS
