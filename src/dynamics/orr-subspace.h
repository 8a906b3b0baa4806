/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-motion.h"
#include "orr-transitions.h"

G_BEGIN_DECLS

/* All states are reduced to so many components before those of a pair are looked for. */
#define ORR_SUBSPACE_N_REDUCED 4
/* Steps that a stretch lasts at least, where nobody asks for others. */
#define ORR_SUBSPACE_MIN_STRETCH 10

/**
 * OrrSubspace:
 * @n_stretches: stretches of time in which only the pair's symbols lead
 * @n_times: steps of these
 * @times: [n_times] rising
 * @pca: (nullable): components of the states at these steps; %NULL for fewer than 200 of them
 *
 * Where a network moves while it alternates between two symbols.
 */
typedef struct
{
  guint   n_stretches;
  guint   n_times;
  guint  *times;
  OrrPca *pca;
} OrrSubspace;

OrrSubspace *orr_subspace_find   (const OrrPca         *whole,
                                  const OrrMatrix      *reduced,
                                  const OrrTransitions *transitions,
                                  guint                 a,
                                  guint                 b,
                                  guint                 min_stretch,
                                  GError              **error);
void         orr_subspace_free   (OrrSubspace          *self);
guint        orr_subspace_count  (guint                 n_symbols);
void         orr_subspace_pair   (guint                 n_symbols,
                                  guint                 pair,
                                  guint                *a,
                                  guint                *b);
OrrMotion   *orr_subspace_motion (const OrrMotion      *whole,
                                  const OrrNetwork     *network,
                                  guint                 a,
                                  guint                 b,
                                  OrrProgress          *progress,
                                  GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSubspace, orr_subspace_free)

G_END_DECLS
