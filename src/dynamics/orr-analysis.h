/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"
#include "orr-network.h"
#include "orr-progress.h"
#include "orr-random.h"
#include "orr-trajectory.h"

G_BEGIN_DECLS

/* Each analysis draws its noise from a substream of its own. */
typedef enum
{
  ORR_ANALYSIS_STREAM_RESIDENCY,
  ORR_ANALYSIS_STREAM_KICK_SELECT,
  ORR_ANALYSIS_STREAM_KICK_TEST,
  ORR_ANALYSIS_STREAM_KICK_CONTROLS,
  ORR_ANALYSIS_STREAM_SENSITIVITY,
  ORR_ANALYSIS_STREAM_INTERVENTIONS,
  ORR_ANALYSIS_STREAM_RESONANCE,
  ORR_ANALYSIS_STREAM_EVOLUTION,
  ORR_ANALYSIS_STREAM_INTEGRATING,
  ORR_ANALYSIS_STREAM_REDUCTION,
} OrrAnalysisStream;

#define ORR_ANALYSIS_MAX_GROUP 10
#define ORR_ANALYSIS_MAX_REPEATS 10

/* Random stream number @count of an analysis. */
static inline guint64
orr_analysis_stream (OrrAnalysisStream purpose, guint64 count)
{
  return orr_random_substream (ORR_RANDOM_STREAM_ANALYSIS, (guint64) purpose | (count << 8));
}

/**
 * OrrAnalysisOptions:
 * @n_steps: T, steps of the visited trajectory that an analysis starts from
 * @burn_in: steps before it
 * @noise_sd: sigma, in units of the training noise
 * @seed: of all random numbers
 * @n_states: visited states that an analysis looks at closely; 0 for its own default
 * @kick_max_group: units in a kick group at most, 1 to %ORR_ANALYSIS_MAX_GROUP
 * @kick_target: share of the nominal rate at which a kick group is complete
 * @kick_repeats: how often kick groups are looked for again with another seed, to see
 *   whether the same units are found; at most %ORR_ANALYSIS_MAX_REPEATS
 * @min_stretch: steps that a stretch of two symbols lasts at least to be looked at
 * @threads: 0 for all cores; never changes the numbers
 * @hmm: (nullable): the model that the network emulates, for what compares with it
 * @n_snapshots: saved moments of the training, for its evolution
 * @snapshot_epochs: [@n_snapshots] their epochs, rising
 * @snapshots: [@n_snapshots] the networks then
 * @kick_neurons: (nullable): section of an earlier kick-neuron analysis of this
 *   network, for what builds on its groups; found anew where missing
 *
 * What all analyses of SCIENCE, part 3 share.
 */
typedef struct
{
  guint   n_steps;
  guint   burn_in;
  double  noise_sd;
  guint64 seed;
  guint   n_states;
  guint   kick_max_group;
  double  kick_target;
  guint   kick_repeats;
  guint   min_stretch;
  guint   threads;

  const OrrHmm            *hmm;
  guint                    n_snapshots;
  const guint             *snapshot_epochs;
  const OrrNetwork *const *snapshots;
  GVariant                *kick_neurons;
} OrrAnalysisOptions;

void           orr_analysis_options_init  (OrrAnalysisOptions       *options);
OrrTrajectory *orr_analysis_simulate      (const OrrNetwork         *network,
                                           const OrrAnalysisOptions *options,
                                           OrrProgress              *progress,
                                           GError                  **error);
void           orr_analysis_add_settings  (GVariantBuilder          *builder,
                                           const OrrNetwork         *network,
                                           const OrrAnalysisOptions *options);
OrrMatrix     *orr_analysis_pick_states   (const OrrMatrix          *states,
                                           guint                     n);
gboolean       orr_analysis_is_homogeneous (const OrrNetwork        *network);

G_END_DECLS
