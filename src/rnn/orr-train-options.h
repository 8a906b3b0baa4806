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
 * @decay_from: the epoch from which on learning rate and tau move to their ends
 * @accumulate: batches whose mean gradient makes one step of Adam
 * @weight_decay: L2, lambda: adds lambda / 2 |weights|^2 to the loss
 * @clip: largest norm of the gradient, 0 for no limit
 * @seed: of weights, sequences and noise
 * @threads: 0 for all cores; never changes the numbers
 * @sigma: standard deviation of the noise inputs
 * @tau: temperature of the Gumbel-softmax
 * @tau_end: the temperature at the last epoch, reached by half a cosine; 0 for a
 *   constant one
 * @blur: of the Sinkhorn divergence, in units of the points
 * @biased: whether the network has biases
 * @activation: of the hidden units
 * @random_initial_state: h_0 ~ N(0, I) instead of 0
 * @initial_gain: factor on the initial W_hh; above 1 the fresh network remembers
 *   longer, so that training finds the temporal structure sooner
 * @divergence_weight: of the Sinkhorn divergence in what is trained on; 0 leaves
 *   it out of training (validation is by it always)
 * @moment_weight: of the distance of the batch's statistics (symbol frequencies
 *   and pairs of symbols at several lags) from the model's; see #OrrMoments
 * @moment_lag: the longest lag of those pairs
 * @moment_stages_from: the epoch from which on pairs of neighbours are counted by
 *   stages of the sequence as well, so that its start is compared by itself; 0
 *   for never. Validation counts them so in every epoch then
 * @moment_from: the epoch from which on they are trained on, the divergence alone
 *   before (it shapes the dynamics)
 * @activity_weight: of a penalty on activity above @activity_limit, which keeps
 *   relu units from exploding: the mean over sequences and steps of
 *   sum_u max (h_u - limit, 0)^2 / 2
 * @activity_limit: see @activity_weight
 * @average: a running mean of the weights with this decay a step is what is
 *   validated, kept and returned; 0 for the weights themselves
 * @selection_weight: how much the distance of the statistics counts when the best
 *   epoch is chosen: the epoch with the least validation loss + selection_weight
 *   * statistics distance is the best
 * @patience: stop when the smoothed selection loss has not improved for so many
 *   epochs; 0 for never
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
  guint         decay_from;
  guint         accumulate;
  double        weight_decay;
  double        clip;
  guint64       seed;
  guint         threads;
  double        sigma;
  double        tau;
  double        tau_end;
  double        blur;
  gboolean      biased;
  OrrActivation activation;
  gboolean      random_initial_state;
  double        initial_gain;
  double        divergence_weight;
  double        moment_weight;
  guint         moment_lag;
  guint         moment_stages_from;
  guint         moment_from;
  double        activity_weight;
  double        activity_limit;
  double        average;
  double        selection_weight;
  guint         patience;
  guint         window;
  guint         window_from;
  guint         snapshot_every;
} OrrTrainOptions;

#define ORR_TRAIN_MAX_LENGTH 4096

typedef enum
{
  ORR_TRAIN_OPTION_COUNT,  /* guint */
  ORR_TRAIN_OPTION_NUMBER, /* double */
  ORR_TRAIN_OPTION_SWITCH, /* gboolean */
} OrrTrainOptionKind;

/**
 * OrrTrainOption:
 * @name: the field's name, in sections and specifications
 * @label: what it is, in words that go on with "is 3"
 * @kind: its type
 * @offset: of the field in #OrrTrainOptions
 * @least: smallest value allowed
 * @most: largest value allowed
 *
 * One field of #OrrTrainOptions that is a number or a switch.
 */
typedef struct
{
  const char        *name;
  const char        *label;
  OrrTrainOptionKind kind;
  gsize              offset;
  double             least;
  double             most;
} OrrTrainOption;

const OrrTrainOption *orr_train_options_get_fields (guint *n);
void      orr_train_options_init_published (OrrTrainOptions       *self,
                                            const OrrHmmPreset    *preset);
void      orr_train_options_init_quick     (OrrTrainOptions       *self,
                                            const OrrHmmPreset    *preset);
void      orr_train_options_init_faithful  (OrrTrainOptions       *self,
                                            const OrrHmmPreset    *preset);
gboolean  orr_train_statistics_lead        (const OrrHmmPreset    *preset);
void      orr_train_options_lead_with_statistics (OrrTrainOptions *self);
gboolean  orr_train_options_init_recipe    (OrrTrainOptions       *self,
                                            const char            *name,
                                            const OrrHmmPreset    *preset,
                                            GError               **error);
void      orr_train_options_set_epochs     (OrrTrainOptions       *self,
                                            const OrrTrainOptions *planned,
                                            guint                  epochs);
gboolean  orr_train_options_validate       (const OrrTrainOptions *self,
                                            const OrrHmm          *hmm,
                                            GError               **error);
GVariant *orr_train_options_to_section     (const OrrTrainOptions *self);
gboolean  orr_train_options_from_section   (OrrTrainOptions       *self,
                                            GVariant              *section,
                                            GError               **error);

char    **orr_train_options_dup_departures (const OrrTrainOptions *self,
                                            const OrrHmmPreset    *preset);

G_END_DECLS
