/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-run.h"
#include "orr-train-watch.h"

G_BEGIN_DECLS

/**
 * OrrTrainingPlan:
 * @hmm: the model that is trained on
 * @name: of the run to be
 * @run_id: (nullable): of the run to be, %NULL for a new one
 * @checkpoint: (nullable): path of the checkpoint, %NULL for none
 * @levels: what the losses are compared with; NaN when unknown
 * @failed_epoch: the epoch in which the gradient was no longer finite, 0 for none
 *
 * What a trainer does not know about the run it works for.
 */
typedef struct
{
  const OrrHmm *hmm;
  const char   *name;
  const char   *run_id;
  const char   *checkpoint;
  OrrTrainLevels levels;
  guint         failed_epoch;
} OrrTrainingPlan;

/**
 * OrrTrainingEpochFunc:
 *
 * Called after each epoch, on the thread that trains.
 */
typedef void (*OrrTrainingEpochFunc) (OrrTrainer *trainer, const OrrTrainEpoch *epoch, gpointer user_data);

gboolean orr_training_run       (OrrTrainer            *trainer,
                                 const OrrTrainingPlan *plan,
                                 OrrTrainingEpochFunc   func,
                                 gpointer               user_data,
                                 OrrProgress           *progress,
                                 GError               **error);
GArray  *orr_training_list_events (const OrrTrainer    *trainer,
                                 const OrrTrainingPlan *plan);
OrrRun  *orr_training_build_run (OrrTrainer            *trainer,
                                 const OrrTrainingPlan *plan);

G_END_DECLS
