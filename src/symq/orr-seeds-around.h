/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-seeds.h"

G_BEGIN_DECLS

void orr_seeds_around (const OrrSamples *samples,
                       const double     *y,
                       const OrrSeed    *phase,
                       guint64           legal,
                       GArray           *seeds);

G_END_DECLS
