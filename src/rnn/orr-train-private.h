/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-adam.h"
#include "orr-moments.h"
#include "orr-rollout.h"
#include "orr-sinkhorn-sequences.h"
#include "orr-train.h"

G_BEGIN_DECLS

typedef struct
{
  guint       epoch;
  OrrNetwork *network;
} OrrTrainSnapshot;

/* The model's side of a batch, whole and cut into windows. */
typedef struct
{
  guint              n;
  guint8            *symbols; /* [n x T] */
  OrrSinkhornTarget *whole;   /* (nullable) until it is asked for */
  GPtrArray         *windows; /* of (nullable) OrrSinkhornTarget, by the window's first step */
} OrrTrainTargets;

struct _OrrTrainer
{
  OrrHmm         *hmm;
  OrrTrainData   *data; /* (nullable): recorded sequences to train on instead */
  OrrTrainOptions options;

  /* What an epoch changes. */
  guint           epoch; /* finished */
  float          *parameters;
  float          *averaged; /* (nullable): running mean of the parameters */
  OrrAdam        *adam;
  OrrNetwork     *best;
  guint           best_epoch;
  double          best_validation_loss;
  double          best_selection_loss;
  GArray         *history;   /* of OrrTrainEpoch */
  GArray         *snapshots; /* of OrrTrainSnapshot */

  /* What the options and the model settle. */
  gsize           n_parameters;
  GPtrArray      *train_targets; /* of OrrTrainTargets, one a batch */
  GPtrArray      *validation_targets; /* the same */
  GArray         *batch_sizes; /* of guint, the same for both thirds */
  OrrMoments     *moments;
  OrrMoments     *staged_moments; /* (nullable): with stages, where these are asked for */
  OrrRollout     *rollout;
  OrrNetwork     *network; /* workspace */
  float          *emission_gradient; /* [most x T x K] */
  float          *window_gradient;   /* (nullable): [most x window x K] */
  guint8         *window_symbols;    /* (nullable): [most x window] */
  float          *gradient;
  float          *step_gradient; /* mean over the batches of a step */
  float          *parameters_before; /* of the epoch, to return to */
  float          *averaged_before;   /* (nullable) */
  OrrAdam        *adam_before;
};

/* For the trainer's own files: targets, */
guint8            *orr_trainer_sample            (const OrrTrainer      *self,
                                                  gsize                  first,
                                                  gsize                  n);
GArray            *orr_train_split_third         (const OrrTrainOptions *options);
GPtrArray         *orr_trainer_create_targets    (const OrrTrainer      *self,
                                                  gsize                  first,
                                                  const GArray          *sizes);
OrrSinkhornTarget *orr_trainer_get_whole_target  (const OrrTrainer      *self,
                                                  OrrTrainTargets       *targets);
OrrSinkhornTarget *orr_trainer_get_window_target (const OrrTrainer      *self,
                                                  OrrTrainTargets       *targets,
                                                  guint                  first);
void               orr_train_cut_windows         (const guint8          *symbols,
                                                  guint                  n,
                                                  guint                  stride,
                                                  guint                  first,
                                                  guint                  length,
                                                  guint8                *out);

/* and one epoch. */
gboolean           orr_train_uses_windows        (const OrrTrainOptions *options,
                                                  guint                  epoch);
void               orr_trainer_show_network      (OrrTrainer            *self);
gboolean           orr_trainer_run_batches       (OrrTrainer            *self,
                                                  OrrTrainEpoch         *result,
                                                  OrrProgress           *progress,
                                                  GError               **error);

G_END_DECLS
