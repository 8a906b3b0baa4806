/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"
#include "orr-progress.h"

G_BEGIN_DECLS

/**
 * OrrRolloutOptions:
 * @length: T, steps of a sequence (the most, with orr_rollout_set_length())
 * @most: the largest number of sequences in one call
 * @backward: whether orr_rollout_backward() will be called (keeps all states:
 *   4 H T bytes a sequence)
 * @sigma: standard deviation of the noise inputs
 * @tau: temperature of the Gumbel-softmax
 * @random_initial_state: h_0 ~ N(0, I) instead of 0
 * @activity_weight: of the penalty on activity (see #OrrTrainOptions) whose
 *   gradient orr_rollout_backward() adds; 0 for none
 * @activity_limit: activity up to which it is free
 * @seed: of all noise
 * @threads: 0 for all cores; never changes the numbers
 */
typedef struct
{
  guint    length;
  guint    most;
  gboolean backward;
  double   sigma;
  double   tau;
  gboolean random_initial_state;
  double   activity_weight;
  double   activity_limit;
  guint64  seed;
  guint    threads;
} OrrRolloutOptions;

/**
 * OrrRolloutActivity:
 * @silent_units: units that are 0 at every step of every sequence
 * @last: root mean square of the activities at the last step
 * @growth: that of the last step over that of the middle one, 1 where both are 0
 *
 * What the states of a forward call tell about the health of a network.
 */
typedef struct
{
  guint  silent_units;
  double last;
  double growth;
} OrrRolloutActivity;

/**
 * OrrRollout:
 *
 * Runs a network forward on many noise sequences at once, and the gradient of
 * what it emitted back to its weights (back-propagation through time). A
 * workspace: used by one thread at a time, again and again.
 */
typedef struct _OrrRollout OrrRollout;

OrrRollout   *orr_rollout_new         (const OrrNetwork        *shape,
                                       const OrrRolloutOptions *options);
void          orr_rollout_free        (OrrRollout              *self);
void          orr_rollout_set_threads (OrrRollout              *self,
                                       guint                    threads);
void          orr_rollout_set_length  (OrrRollout              *self,
                                       guint                    length);
void          orr_rollout_set_keeps   (OrrRollout              *self,
                                       gboolean                 keeps);
void          orr_rollout_set_tau     (OrrRollout              *self,
                                       double                   tau);
gboolean      orr_rollout_forward     (OrrRollout              *self,
                                       const OrrNetwork        *network,
                                       guint                    n,
                                       guint64                  draw,
                                       OrrProgress             *progress,
                                       GError                 **error);
const guint8 *orr_rollout_get_symbols (const OrrRollout        *self);
const float  *orr_rollout_get_softmax (const OrrRollout        *self);
void          orr_rollout_measure     (const OrrRollout        *self,
                                       OrrRolloutActivity      *activity);
gboolean      orr_rollout_backward    (OrrRollout              *self,
                                       const float             *emission_gradient,
                                       float                   *weight_gradient,
                                       OrrProgress             *progress,
                                       GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrRollout, orr_rollout_free)

G_END_DECLS
