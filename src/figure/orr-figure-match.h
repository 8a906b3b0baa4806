/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"
#include "orr-hmm.h"

G_BEGIN_DECLS

OrrFigure *orr_figure_new_match (GVariant     *section,
                                 GVariant     *law,
                                 const OrrHmm *hmm);

G_END_DECLS
