/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-document.h"
#include "orr-job-queue.h"
#include "orr-train-watch.h"

G_BEGIN_DECLS

#define ORR_TYPE_TRAINING (orr_training_get_type ())
G_DECLARE_FINAL_TYPE (OrrTraining, orr_training, ORR, TRAINING, GObject)

/*
 * OrrTraining: one training in the background and what it has reached. It adds
 * its run to the document when it ends: finished or stopped, whatever was
 * trained is kept (the best epoch's weights). Main thread only.
 *
 * orr_training_get_job() is its OrrJob: pause and resume through it.
 * Signal "advanced": new epochs have come in (at most 20 a second).
 * Signal "ended" (OrrRun *run, nullable): no more epochs will come.
 */

/**
 * OrrTrainingRequest:
 * @name: of the run to be
 * @options: how to train
 * @recording: (nullable): recorded sequences to train on, %NULL for the document's model
 * @start: (nullable): weights to go on from, %NULL for fresh ones
 *
 * What a person asks for.
 */
typedef struct
{
  const char            *name;
  const OrrTrainOptions *options;
  OrrRecording          *recording;
  OrrNetwork            *start;
} OrrTrainingRequest;

OrrTraining         *orr_training_start         (OrrDocument           *document,
                                                 OrrJobQueue           *jobs,
                                                 const OrrTrainingRequest *request,
                                                 GError               **error);
OrrTraining         *orr_training_resume        (OrrDocument           *document,
                                                 OrrJobQueue           *jobs,
                                                 GFile                 *checkpoint,
                                                 GError               **error);
OrrJob              *orr_training_get_job       (OrrTraining           *self);
const char          *orr_training_get_name      (OrrTraining           *self);
const char          *orr_training_get_run_id    (OrrTraining           *self);
OrrHmm              *orr_training_get_hmm       (OrrTraining           *self);
OrrRecording        *orr_training_get_recording (OrrTraining           *self);
const OrrTrainOptions *orr_training_get_options (OrrTraining           *self);
const OrrTrainEpoch *orr_training_get_history   (OrrTraining           *self,
                                                 guint                 *n);
const OrrTrainLevels *orr_training_get_levels   (OrrTraining           *self);
GArray              *orr_training_watch         (OrrTraining           *self);
OrrNetwork          *orr_training_get_network   (OrrTraining           *self);
gboolean             orr_training_is_active     (OrrTraining           *self);
void                 orr_training_stop          (OrrTraining           *self);

G_END_DECLS
