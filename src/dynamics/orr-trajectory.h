/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-matrix.h"
#include "orr-network.h"
#include "orr-progress.h"

G_BEGIN_DECLS

/**
 * OrrTrajectory:
 * @n_steps: T, recorded steps
 * @n_hidden: H
 * @n_symbols: K
 * @noise_sd: sigma of the noise that drove it
 * @seed: the seed it was made with
 * @burn_in: steps that went before the first recorded one
 * @states: [T x H] h_t
 * @logits: [T x K] z_t = W_out h_t + b_out
 * @symbols: [T] symbol emitted at each step
 *
 * One long run of a network under its noise. Immutable, reference counted.
 */
typedef struct
{
  guint      n_steps;
  guint      n_hidden;
  guint      n_symbols;
  double     noise_sd;
  guint64    seed;
  guint      burn_in;
  OrrMatrix *states;
  OrrMatrix *logits;
  guint16   *symbols;
} OrrTrajectory;

/**
 * OrrTrajectoryOptions:
 * @n_steps: steps to record (at least 1)
 * @burn_in: steps to discard before them
 * @noise_sd: sigma, in units of the training noise (0 or more)
 * @seed: of noise, Gumbel noise and initial state
 * @sample: symbols are argmax (z + Gumbel noise), as the network emits them;
 *   otherwise argmax z
 * @random_initial_state: start from N(0, I) instead of 0
 */
typedef struct
{
  guint    n_steps;
  guint    burn_in;
  double   noise_sd;
  guint64  seed;
  gboolean sample;
  gboolean random_initial_state;
} OrrTrajectoryOptions;

void           orr_trajectory_options_init (OrrTrajectoryOptions       *options);

OrrTrajectory *orr_trajectory_simulate     (const OrrNetwork           *network,
                                            const OrrTrajectoryOptions *options,
                                            OrrProgress                *progress,
                                            GError                    **error);
OrrMatrix     *orr_trajectory_relax        (const OrrNetwork           *network,
                                            const OrrMatrix            *from,
                                            guint                       n_steps,
                                            OrrProgress                *progress,
                                            GError                    **error);
OrrTrajectory *orr_trajectory_ref          (OrrTrajectory              *self);
void           orr_trajectory_unref        (OrrTrajectory              *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrTrajectory, orr_trajectory_unref)

G_END_DECLS
