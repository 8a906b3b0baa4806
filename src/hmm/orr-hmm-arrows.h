/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-geometry.h"

G_BEGIN_DECLS

/* The two halves of orr_hmm_geometry_new(): curves first, then their labels. */
void orr_hmm_arrows_route  (OrrHmmGeometry *self);
void orr_hmm_labels_place  (OrrHmmGeometry *self,
                            double          char_width);

G_END_DECLS
