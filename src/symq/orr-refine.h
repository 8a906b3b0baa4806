/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-regress.h"

G_BEGIN_DECLS

/**
 * OrrRefineOptions:
 * @steps: of the optimiser
 * @episodes: expressions the agent tries at every step
 * @learning_rate: of Adam
 */
typedef struct
{
  guint  steps;
  guint  episodes;
  double learning_rate;
} OrrRefineOptions;

/**
 * OrrRefinement:
 * @steps: taken
 * @n_tried: different expressions whose constants were fitted
 * @best_reward: the largest R2 among them, from 0 to 1
 * @first_reward: mean reward of the episodes of the first steps
 * @last_reward: mean reward of the episodes of the last steps
 *
 * What a refinement did. First and last are a tenth of the steps, one at least.
 */
typedef struct
{
  guint  steps;
  guint  n_tried;
  double best_reward;
  double first_reward;
  double last_reward;
} OrrRefinement;

void      orr_refine_defaults (OrrRefineOptions        *options);
OrrAgent *orr_agent_refine    (const OrrAgent          *agent,
                               const OrrSamples        *samples,
                               const OrrRegressOptions *question,
                               const OrrRefineOptions  *options,
                               OrrRefinement           *refinement,
                               OrrProgress             *progress,
                               GError                 **error);

G_END_DECLS
