/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-presets.h"
#include "orr-train-options.h"

G_BEGIN_DECLS

/**
 * OrrCliTraining:
 *
 * The options of a command line that say how to train: --recipe and one for
 * each number and switch of #OrrTrainOptions.
 */
typedef struct _OrrCliTraining OrrCliTraining;

OrrCliTraining *orr_cli_training_new         (void);
void            orr_cli_training_free        (OrrCliTraining        *self);
void            orr_cli_training_add_entries (OrrCliTraining        *self,
                                              GArray                *entries);
gboolean        orr_cli_training_take        (const OrrCliTraining  *self,
                                              const OrrHmmPreset    *preset,
                                              OrrTrainOptions       *options,
                                              OrrTrainOptions       *planned,
                                              GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrCliTraining, orr_cli_training_free)

G_END_DECLS
