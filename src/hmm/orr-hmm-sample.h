/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

void orr_hmm_sample (const OrrHmm *self,
                     gsize         first,
                     gsize         n_sequences,
                     guint         length,
                     guint64       seed,
                     guint16      *symbols,
                     guint16      *states);

G_END_DECLS
