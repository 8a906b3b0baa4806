/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-progress.h"
#include "orr-train-data.h"
#include "orr-train-options.h"

G_BEGIN_DECLS

/**
 * OrrTrainEpoch:
 * @epoch: 1 for the first epoch
 * @train_loss: mean over the epoch's batches of the Sinkhorn divergence
 * @validation_loss: of the validation third, after the epoch's last step
 * @best_validation_loss: that of the best epoch so far
 * @best_epoch: the epoch with the lowest @selection_loss so far (among those
 *   that compare windows, once one does)
 * @gradient_norm: largest norm before clipping among the epoch's steps
 * @seconds: wall time of the epoch
 * @selection_loss: what the best epoch is chosen by: the validation loss (where
 *   windows are compared the divergence of the validation third's windows), plus
 *   the options' @selection_weight times @statistics_distance
 * @statistics_distance: of the sequences that the validation loss is of, from the
 *   model's expectations; see orr_moments_compare()
 * @silent_units: units that were 0 at every step of a validation batch
 * @activity: root mean square of the activities at its last step, NaN when unknown
 * @activity_growth: that over the one at half its length, NaN when unknown
 */
typedef struct
{
  guint  epoch;
  double train_loss;
  double validation_loss;
  double best_validation_loss;
  guint  best_epoch;
  double gradient_norm;
  double seconds;
  double selection_loss;
  double statistics_distance;
  guint  silent_units;
  double activity;
  double activity_growth;
} OrrTrainEpoch;

/**
 * OrrTrainLevels:
 * @baseline: the divergence of the target from fresh sequences of itself
 * @independent: that of sequences with the target's frequencies at every step
 *   but no order in time: where the plateau lies
 *
 * What validation losses are compared with; NaN when unknown.
 */
typedef struct
{
  double baseline;
  double independent;
} OrrTrainLevels;

/**
 * OrrTrainer:
 *
 * A training under way: network, optimiser, data, best network so far, history
 * and snapshots. Used by one thread at a time; everything but a call to
 * orr_trainer_run_epoch() is quick.
 */
typedef struct _OrrTrainer OrrTrainer;

OrrTrainer          *orr_trainer_new             (const OrrHmm          *hmm,
                                                  const OrrTrainOptions *options,
                                                  GError               **error);
OrrTrainer          *orr_trainer_new_with_data   (const OrrHmm          *hmm,
                                                  OrrTrainData          *data,
                                                  const OrrTrainOptions *options,
                                                  GError               **error);
void                 orr_trainer_free            (OrrTrainer            *self);
gboolean             orr_trainer_start_from      (OrrTrainer            *self,
                                                  const OrrNetwork      *network,
                                                  GError               **error);
gboolean             orr_trainer_measure_levels  (const OrrTrainer      *self,
                                                  OrrTrainLevels        *levels,
                                                  OrrProgress           *progress,
                                                  GError               **error);
gboolean             orr_trainer_run_epoch       (OrrTrainer            *self,
                                                  OrrTrainEpoch         *result,
                                                  OrrProgress           *progress,
                                                  GError               **error);
gboolean             orr_trainer_is_done         (const OrrTrainer      *self);
OrrNetwork          *orr_trainer_copy_network    (const OrrTrainer      *self);
OrrNetwork          *orr_trainer_copy_best       (const OrrTrainer      *self);
guint                orr_trainer_get_epoch       (const OrrTrainer      *self);
const OrrTrainOptions *orr_trainer_get_options   (const OrrTrainer      *self);
const OrrTrainData  *orr_trainer_get_data        (const OrrTrainer      *self);
void                 orr_trainer_set_epochs      (OrrTrainer            *self,
                                                  guint                  epochs);
void                 orr_trainer_set_threads     (OrrTrainer            *self,
                                                  guint                  threads);
const OrrTrainEpoch *orr_trainer_get_history     (const OrrTrainer      *self,
                                                  guint                 *n);
guint                orr_trainer_get_n_snapshots (const OrrTrainer      *self);
OrrNetwork          *orr_trainer_get_snapshot    (const OrrTrainer      *self,
                                                  guint                  index,
                                                  guint                 *epoch);
GVariant            *orr_trainer_save            (const OrrTrainer      *self);
OrrTrainer          *orr_trainer_restore         (const OrrHmm          *hmm,
                                                  GVariant              *state,
                                                  GError               **error);
GVariant            *orr_train_history_to_section (const OrrTrainEpoch  *history,
                                                  guint                  n);

double               orr_train_baseline          (const OrrHmm          *hmm,
                                                  const OrrTrainOptions *options,
                                                  OrrProgress           *progress,
                                                  GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrTrainer, orr_trainer_free)

G_END_DECLS
