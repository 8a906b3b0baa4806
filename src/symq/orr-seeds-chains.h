/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-seeds.h"

G_BEGIN_DECLS

/**
 * OrrSeedChains:
 *
 * All functions of functions of simple arguments, three deep: what a search
 * that climbs by small steps does not come by, for sin(tan(x^4)) is like none
 * of its parts.
 */
typedef struct _OrrSeedChains OrrSeedChains;

OrrSeedChains *orr_seed_chains_new  (const OrrSamples    *samples,
                                     guint64              legal);
void           orr_seed_chains_free (OrrSeedChains       *self);
void           orr_seed_chains_look (const OrrSeedChains *self,
                                     const double        *y,
                                     GArray              *seeds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSeedChains, orr_seed_chains_free)

G_END_DECLS
