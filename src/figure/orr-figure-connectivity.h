/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"
#include "orr-hmm.h"
#include "orr-matrix.h"

G_BEGIN_DECLS

OrrFigure *orr_figure_new_connectivity (const OrrMatrix *weight_hh,
                                        GVariant        *kick_neurons,
                                        GVariant        *integrating_populations,
                                        const OrrHmm    *hmm);

G_END_DECLS
