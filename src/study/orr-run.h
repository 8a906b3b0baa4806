/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"
#include "orr-network.h"

G_BEGIN_DECLS

/* Columns of a training history. */
typedef enum
{
  ORR_HISTORY_EPOCH,
  ORR_HISTORY_TRAIN_LOSS,
  ORR_HISTORY_VALIDATION_LOSS,
  ORR_HISTORY_GRADIENT_NORM,
  ORR_HISTORY_SECONDS,
  ORR_HISTORY_STATISTICS, /* distance of the statistics from the model's; NaN in studies that have none */
  ORR_HISTORY_N_COLUMNS,
} OrrHistoryColumn;

/**
 * OrrSnapshot:
 * @epoch: the epoch after which it was taken
 * @network: the weights then
 *
 * One moment of a training.
 */
typedef struct
{
  guint       epoch;
  OrrNetwork *network;
} OrrSnapshot;

/**
 * OrrRun:
 * @id: never changes, unique within a study
 * @name: what a person calls it
 * @network: the network (the best epoch's weights when trained here)
 * @hmm: (nullable): the model it was trained on, %NULL when imported
 * @options: (nullable): a{sv}, the training options
 * @history: (nullable): [epochs x ORR_HISTORY_N_COLUMNS]
 * @best_epoch: epoch of the best validation loss, 0 when unknown
 * @baseline: HMM-against-HMM divergence, NaN when unknown
 * @snapshots: (element-type OrrSnapshot): in order of epoch, possibly empty
 * @record: (nullable): a{sv}, how it came about: command, seed, version, seconds, file
 * @sections: a{sv}, results of analyses by section name ("match", "state_space", ...),
 *   each an a{sv} as in orr-section.h
 *
 * One network of a study with its training history and what was found in it. A
 * value: treat as immutable once shared; the orr_run_with_*() functions return
 * changed copies that share all the rest. Reference counted.
 */
typedef struct
{
  char       *id;
  char       *name;
  OrrNetwork *network;
  OrrHmm     *hmm;
  GVariant   *options;
  OrrMatrix  *history;
  guint       best_epoch;
  double      baseline;
  GPtrArray  *snapshots;
  GVariant   *record;
  GVariant   *sections;
} OrrRun;

OrrRun *orr_run_new           (const char   *name,
                               OrrNetwork   *network,
                               OrrHmm       *hmm);
OrrRun *orr_run_copy          (const OrrRun *self);
OrrRun *orr_run_with_name     (const OrrRun *self,
                               const char   *name);
OrrRun *orr_run_with_section  (const OrrRun *self,
                               const char   *name,
                               GVariant     *section);
GVariant *orr_run_get_section (const OrrRun *self,
                               const char   *name);
void    orr_run_add_snapshot  (OrrRun       *self,
                               guint         epoch,
                               OrrNetwork   *network);
OrrRun *orr_run_ref           (OrrRun       *self);
void    orr_run_unref         (OrrRun       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrRun, orr_run_unref)

G_END_DECLS
