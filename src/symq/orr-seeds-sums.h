/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-seeds.h"

G_BEGIN_DECLS

typedef struct _OrrSeedSums OrrSeedSums;

OrrSeedSums *orr_seed_sums_new  (const OrrSamples *samples,
                                 guint64           legal);
void         orr_seed_sums_free (OrrSeedSums      *self);
void         orr_seed_sums_look (OrrSeedSums      *self,
                                 const double     *y,
                                 gboolean          with_quotients,
                                 GArray           *seeds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSeedSums, orr_seed_sums_free)

G_END_DECLS
