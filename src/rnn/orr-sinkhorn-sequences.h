/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-progress.h"

G_BEGIN_DECLS

/**
 * OrrSinkhornTarget:
 *
 * A set of symbol sequences that many others are compared with: the HMM's side
 * of a training batch. Keeps what depends on it alone, its self term included.
 * Used by one thread at a time.
 */
typedef struct _OrrSinkhornTarget OrrSinkhornTarget;

OrrSinkhornTarget *orr_sinkhorn_target_new  (const guint8      *symbols,
                                             guint              n,
                                             guint              length,
                                             guint              n_symbols);
void               orr_sinkhorn_target_free (OrrSinkhornTarget *self);

gboolean           orr_sinkhorn_sequences   (const guint8      *symbols,
                                             guint              n,
                                             OrrSinkhornTarget *target,
                                             double             blur,
                                             guint              threads,
                                             double            *divergence,
                                             float             *gradient,
                                             OrrProgress       *progress,
                                             GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSinkhornTarget, orr_sinkhorn_target_free)

G_END_DECLS
