/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"

G_BEGIN_DECLS

OrrNetwork *orr_gain_apply (const OrrNetwork *network,
                            const guint      *units,
                            guint             n_units,
                            double            recurrent,
                            double            noise);

G_END_DECLS
