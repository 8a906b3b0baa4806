/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-seeds.h"

G_BEGIN_DECLS

/**
 * OrrSeedPhases:
 *
 * Waves whose phase is a sum of two functions of the columns, each with a
 * factor of its own: cos(x_2 + 1.63 sqrt(|x_1|)), or sin(x_1 - 1.03 x_2^3).
 * Nothing that is nearly right fits such a law, so that a search has nothing to
 * climb; but exp(i (a f + b g)) is a product, and one matrix product tries all
 * factors of two functions at once.
 */
typedef struct _OrrSeedPhases OrrSeedPhases;

/* What y is taken for. */
typedef enum
{
  ORR_SEED_PHASES_WAVE,    /* a wave */
  ORR_SEED_PHASES_TANGENT, /* a tangent, turned into a wave of twice its phase */
} OrrSeedPhasesKind;

OrrSeedPhases *orr_seed_phases_new  (const OrrSamples    *samples,
                                     guint64              legal);
void           orr_seed_phases_free (OrrSeedPhases       *self);
void           orr_seed_phases_look (const OrrSeedPhases *self,
                                     const double        *y,
                                     OrrSeedPhasesKind    kind,
                                     gboolean             all_factors,
                                     guint                n_threads,
                                     GArray              *seeds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSeedPhases, orr_seed_phases_free)

G_END_DECLS
