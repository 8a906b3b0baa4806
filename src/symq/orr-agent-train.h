/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-generator.h"
#include "orr-progress.h"

G_BEGIN_DECLS

/**
 * OrrAgentTraining:
 * @path: where the weights go; beside it PATH.state (weights in float32 and the
 *   optimiser's moments) and PATH.curve (one line of JSON an evaluation)
 * @hours: how long, all runs together; the learning rate follows a cosine over it
 * @steps: stop after so many steps in all, 0 for no such limit; the cosine
 *   then follows the steps, and the numbers do not depend on the machine's speed
 * @n_threads: threads
 * @seed: of weights and examples; a training that is resumed keeps its own
 * @batch: examples a step
 * @learning_rate: at its highest
 * @resume: go on from PATH.state
 * @encoder: set encoder of a new agent
 * @objective: of a new agent
 * @contrastive: weight of the contrastive term, 0 for none; half of the examples are then new tables of the other half's skeletons
 * @n_embedding: see OrrAgent
 * @n_hidden: see OrrAgent
 * @n_head: see OrrAgent
 */
typedef struct
{
  const char *path;
  double      hours;
  guint64     steps;
  guint       n_threads;
  guint64     seed;
  guint       batch;
  double      learning_rate;
  gboolean    resume;
  const char *encoder;
  OrrObjective objective;
  double      contrastive;
  guint       n_embedding;
  guint       n_hidden;
  guint       n_head;
} OrrAgentTraining;

/**
 * OrrAgentScore:
 * @cross_entropy: mean loss of a step, in nats (of the agent's own objective, where that is another one)
 * @accuracy: share of steps whose demonstrated action had the highest value
 */
typedef struct
{
  double cross_entropy;
  double accuracy;
} OrrAgentScore;

/**
 * OrrAgentTrained:
 * @steps: optimiser steps in all
 * @examples: expressions seen in all
 * @seconds: spent in all
 * @validation: on skeletons never trained on
 */
typedef struct
{
  guint64       steps;
  guint64       examples;
  double        seconds;
  OrrAgentScore validation;
} OrrAgentTrained;

void          orr_agent_training_defaults (OrrAgentTraining       *options);
gboolean      orr_agent_train             (const OrrAgentTraining *options,
                                           OrrAgentTrained        *result,
                                           OrrProgress            *progress,
                                           GError                **error);
gboolean      orr_agent_training_read_seed (const char          *path,
                                            guint64             *seed,
                                            GError             **error);
OrrAgentScore orr_agent_score             (const OrrAgent         *agent,
                                           guint                   n,
                                           gboolean                wide_only,
                                           guint64                 seed);

G_END_DECLS
