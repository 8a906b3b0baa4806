/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-progress.h"

G_BEGIN_DECLS

/**
 * OrrExpectedTraining:
 * @steps: of the optimiser
 * @examples: tables a step
 * @n_each: episodes on each, the demonstration and changes of it
 * @rollouts: actions that the agent follows to their end, to learn how well it completes trees; 100 at least
 * @learning_rate: of Adam, at its highest
 * @width: of the head
 * @objective: conservative, or another to compare with
 * @n_threads: threads
 * @seed: of weights and data
 */
typedef struct
{
  guint        steps;
  guint        examples;
  guint        n_each;
  guint        rollouts;
  double       learning_rate;
  guint        width;
  OrrObjective objective;
  guint        n_threads;
  guint64      seed;
} OrrExpectedTraining;

void      orr_expected_defaults (OrrExpectedTraining       *options);
OrrAgent *orr_expected_train    (const OrrAgent            *agent,
                                 const OrrExpectedTraining *options,
                                 OrrProgress               *progress,
                                 GError                   **error);

G_END_DECLS
