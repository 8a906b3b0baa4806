/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrSequences:
 * @n_sequences: N
 * @offsets: [N + 1] sequence n is symbols offsets[n] .. offsets[n + 1] - 1
 * @symbols: [offsets[N]] symbols from 0
 *
 * Observed symbol sequences, each with its own length (at least 1).
 * Immutable, reference counted.
 */
typedef struct
{
  gsize    n_sequences;
  gsize   *offsets;
  guint16 *symbols;
} OrrSequences;

OrrSequences *orr_sequences_new         (gsize               n_sequences,
                                         const gsize        *lengths,
                                         const guint16      *symbols);
OrrSequences *orr_sequences_new_equal   (gsize               n_sequences,
                                         gsize               length,
                                         const guint16      *symbols);
OrrSequences *orr_sequences_ref         (OrrSequences       *self);
void          orr_sequences_unref       (OrrSequences       *self);
guint         orr_sequences_max_symbol  (const OrrSequences *self);
gboolean      orr_sequences_check       (const OrrSequences *self,
                                         guint               n_symbols,
                                         GError            **error);

static inline gsize
orr_sequences_length (const OrrSequences *self, gsize n)
{
  return self->offsets[n + 1] - self->offsets[n];
}

static inline const guint16 *
orr_sequences_get (const OrrSequences *self, gsize n)
{
  return self->symbols + self->offsets[n];
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSequences, orr_sequences_unref)

G_END_DECLS
