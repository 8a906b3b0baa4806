/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-presets.h"
#include "orr-network.h"

G_BEGIN_DECLS

/**
 * OrrTrainOptions:
 * @n_hidden: H, hidden units
 * @n_noise: D, noise inputs
 * @length: T, steps of a sequence
 * @sequences: HMM sequences in all; the first third trains, the second
 *   validates, the last is kept for tests
 * @batch: B, sequences of one training step
 * @epochs: passes over the training third
 * @learning_rate: Adam's step
 * @learning_rate_end: the step at the last epoch, reached by half a cosine;
 *   equal to @learning_rate for a constant step
 * @clip: largest norm of the gradient, 0 for no limit
 * @seed: of weights, sequences and noise
 * @threads: 0 for all cores; never changes the numbers
 * @sigma: standard deviation of the noise inputs
 * @tau: temperature of the Gumbel-softmax
 * @blur: of the Sinkhorn divergence, in units of the points
 * @biased: whether the network has biases
 * @activation: of the hidden units
 * @random_initial_state: h_0 ~ N(0, I) instead of 0
 * @initial_gain: factor on the initial W_hh; above 1 the fresh network remembers
 *   longer, so that training finds the temporal structure sooner
 * @window: compare windows of so many steps, cut at a random place of the
 *   sequences in each step; 0 for whole sequences. Short windows are sampled
 *   densely by a batch, so that rare symbols and transitions count; validation
 *   is by whole sequences always
 * @window_from: the epoch from which on windows are compared, whole sequences
 *   before (these find the structure sooner); from then on the best epoch is
 *   chosen by windows too, among those
 * @snapshot_every: keep the weights every so many epochs, 0 for never
 *
 * How to train a network on an HMM (SCIENCE, part 2). A plain value: copy it
 * by assignment. Set it up with one of the init functions, so that fields added
 * later have their defaults.
 */
typedef struct
{
  guint         n_hidden;
  guint         n_noise;
  guint         length;
  guint         sequences;
  guint         batch;
  guint         epochs;
  double        learning_rate;
  double        learning_rate_end;
  double        clip;
  guint64       seed;
  guint         threads;
  double        sigma;
  double        tau;
  double        blur;
  gboolean      biased;
  OrrActivation activation;
  gboolean      random_initial_state;
  double        initial_gain;
  guint         window;
  guint         window_from;
  guint         snapshot_every;
} OrrTrainOptions;

#define ORR_TRAIN_MAX_LENGTH 4096

void      orr_train_options_init_published (OrrTrainOptions       *self,
                                            const OrrHmmPreset    *preset);
void      orr_train_options_init_quick     (OrrTrainOptions       *self,
                                            const OrrHmmPreset    *preset);
gboolean  orr_train_options_validate       (const OrrTrainOptions *self,
                                            const OrrHmm          *hmm,
                                            GError               **error);
GVariant *orr_train_options_to_section     (const OrrTrainOptions *self);
gboolean  orr_train_options_from_section   (OrrTrainOptions       *self,
                                            GVariant              *section,
                                            GError               **error);

G_END_DECLS
