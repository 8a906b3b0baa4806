/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"
#include "orr-pca.h"
#include "orr-trajectory.h"

G_BEGIN_DECLS

#define ORR_MOTION_N_COMPONENTS 3
#define ORR_MOTION_NO_STATE G_MAXUINT16

/**
 * OrrMotion:
 * @trajectory: a run under noise, T steps
 * @pca: principal components of its states
 * @projection: [T x 3] its states in the first three components
 * @path: (nullable): [T] most likely HMM state at each step, given all symbols
 * @path_posterior: (nullable): [T] posterior probability of that state at that step, given all symbols
 * @n_relaxations: N, noise-free paths that start from visited states
 * @n_relaxation_steps: R, steps of each
 * @relaxations: [N (R + 1) x 3] the paths, one after the other
 * @readout: [K x 3] each symbol's readout weights in the components (directions,
 *   not positions)
 * @inside: (nullable): [T] which steps the components were made of; %NULL for all
 * @origin: [3] the origin of state space in the components
 * @centre: [2] what phases turn around in the plane of the first two components,
 *   see orr_phase_find_centre()
 *
 * How a network moves, as the views show it. Immutable, reference counted, a
 * boxed type where GObject is used.
 */
typedef struct
{
  OrrTrajectory *trajectory;
  OrrPca        *pca;
  OrrMatrix     *projection;
  guint16       *path;
  float         *path_posterior;
  guint          n_relaxations;
  guint          n_relaxation_steps;
  OrrMatrix     *relaxations;
  OrrMatrix     *readout;
  guint8        *inside;
  float          origin[3];
  double         centre[2];
} OrrMotion;

OrrMotion *orr_motion_compute (const OrrNetwork           *network,
                               const OrrHmm               *hmm,
                               const OrrTrajectoryOptions *options,
                               OrrProgress                *progress,
                               GError                    **error);
OrrMotion *orr_motion_compute_in (const OrrNetwork        *network,
                               const OrrHmm               *hmm,
                               OrrPca                     *pca,
                               const OrrTrajectoryOptions *options,
                               OrrProgress                *progress,
                               GError                    **error);
OrrMotion *orr_motion_with_axes (const OrrMotion            *self,
                               const OrrNetwork           *network,
                               OrrPca                     *pca,
                               const guint8               *inside,
                               OrrProgress                *progress,
                               GError                    **error);
OrrMotion *orr_motion_ref     (OrrMotion                  *self);
void       orr_motion_unref   (OrrMotion                  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrMotion, orr_motion_unref)

G_END_DECLS
