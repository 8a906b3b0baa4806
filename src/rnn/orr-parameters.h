/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"

G_BEGIN_DECLS

gsize       orr_parameters_count  (guint             n_hidden,
                                   guint             n_noise,
                                   guint             n_symbols,
                                   gboolean          biased);
void        orr_parameters_pack   (const OrrNetwork *network,
                                   float            *out);
void        orr_parameters_unpack (OrrNetwork       *network,
                                   const float      *parameters);

G_END_DECLS
