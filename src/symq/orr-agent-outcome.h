/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-generator.h"
#include "orr-progress.h"

G_BEGIN_DECLS

/**
 * OrrAgentOutcome:
 * @action: that was taken
 * @probability: of the action, as the first head's values say
 * @raw: the second head's value before its map, 0 without one
 * @expected: R2 that orr_agent_expected() predicts
 * @realised: R2 of the best expression the agent completed after the action, constants fitted, clipped to [0, 1]
 *
 * What became of one action in one open place.
 */
typedef struct
{
  guint  action;
  double probability;
  double raw;
  double expected;
  double realised;
} OrrAgentOutcome;

/**
 * OrrCalibration:
 * @n: rollouts
 * @error: expected calibration error: |predicted - realised| of the bins' means, weighted by how full they are
 * @predicted: mean
 * @realised: mean
 * @correlation: of predicted and realised; NaN when one of them is always the same
 * @bins: ten equal ones of the prediction
 *
 * Whether predictions of R2 are true on average.
 */
#define ORR_CALIBRATION_BINS 10
typedef struct
{
  guint  n;
  double error;
  double predicted;
  double realised;
  double correlation;
  struct
  {
    guint  n;
    double predicted;
    double realised;
  } bins[ORR_CALIBRATION_BINS];
} OrrCalibration;

GArray        *orr_agent_outcomes_make    (const OrrAgent *agent,
                                     OrrSplit        split,
                                     guint           n,
                                     guint64         seed,
                                     guint           n_threads,
                                     float          *features,
                                     OrrProgress    *progress,
                                     GError        **error);
OrrCalibration orr_agent_outcomes_measure (const GArray   *rollouts,
                                     gsize           prediction);
void           orr_agent_outcomes_fit_map (const GArray   *rollouts,
                                     double         *factor,
                                     double         *addend);

G_END_DECLS
