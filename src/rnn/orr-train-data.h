/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"
#include "orr-sequences.h"

G_BEGIN_DECLS

/**
 * OrrTrainData:
 * @name: what the recording is called
 * @n_sequences: N, a multiple of 3: thirds to train, to validate and to test
 * @length: T
 * @n_symbols: K, the largest symbol + 1
 * @symbols: [N x T]
 *
 * Recorded behaviour as a training's target: windows of equal length. The
 * thirds share no step. Immutable, reference counted.
 */
typedef struct
{
  char   *name;
  guint   n_sequences;
  guint   length;
  guint   n_symbols;
  guint8 *symbols;
} OrrTrainData;

OrrTrainData *orr_train_data_new          (const OrrSequences *sequences,
                                           const char         *name,
                                           guint               length,
                                           guint               most,
                                           guint64             seed,
                                           GError            **error);
OrrTrainData *orr_train_data_ref          (OrrTrainData       *self);
void          orr_train_data_unref        (OrrTrainData       *self);
gboolean      orr_train_data_equal        (const OrrTrainData *a,
                                           const OrrTrainData *b);
guint         orr_sequences_suggest_length (const OrrSequences *sequences,
                                           guint               fallback);
OrrHmm       *orr_sequences_create_chain  (const OrrSequences *sequences);
GVariant     *orr_train_data_to_section   (const OrrTrainData *self);
OrrTrainData *orr_train_data_from_section (GVariant           *section,
                                           GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrTrainData, orr_train_data_unref)

G_END_DECLS
