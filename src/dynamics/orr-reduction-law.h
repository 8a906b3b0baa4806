/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-reduction.h"

G_BEGIN_DECLS

/**
 * OrrReducedField:
 * @x: [dimension x n] phases, or first and then second components
 * @out: [dimension x n] what the law says there: the change in a step for phase speed
 *   and flow, the next place for a map; NaN where it is not defined
 *
 * A law for the reduced motion.
 */
typedef void (*OrrReducedField) (const double *x, gsize n, double *out, gpointer data);

/**
 * OrrReducedLaw:
 * @kind: phase speed, flow or map
 * @dimension: 1 for the phase, 2 for the plane
 * @one_step_r2: [2] share of the variance of single steps (displacements) that the law explains
 * @covariance: [dimension x dimension] of what it leaves of single steps
 * @memory: [2] correlation of that rest with the rest a step later: 0 for the white
 *   noise that the simulation puts in its place
 * @undefined: share of the visited steps at which the law is not defined
 *
 * A law made ready to move in the network's place: the noise and the readout that go
 * with it, measured on the network's own motion. Immutable. Free with
 * orr_reduced_law_free().
 */
typedef struct
{
  OrrReductionKind kind;
  guint            dimension;
  double           one_step_r2[2];
  double           covariance[4];
  double           memory[2];
  double           undefined;

  guint   n_symbols;
  double  low[2];
  double  high[2];
  double *factors;  /* Cholesky factor of the rest's covariance in each coarse cell: l11, l21, l22 */
  double *emission; /* [.. x K] cumulative probabilities of symbols in each fine cell */
  gsize   n_visited;
  double *visited;  /* [dimension x n_visited] where it may start */
} OrrReducedLaw;

/**
 * OrrReducedRun:
 * @sequences: N
 * @length: T
 * @seed: of everything random
 */
typedef struct
{
  guint   sequences;
  guint   length;
  guint64 seed;
} OrrReducedRun;

OrrReducedLaw *orr_reduced_law_new      (const OrrMotion     *motion,
                                         OrrReductionKind     kind,
                                         OrrReducedField      field,
                                         gpointer             data,
                                         GError             **error);
void           orr_reduced_law_free     (OrrReducedLaw       *self);
guint8        *orr_reduced_law_simulate (const OrrReducedLaw *self,
                                         OrrReducedField      field,
                                         gpointer             data,
                                         const OrrReducedRun *run,
                                         double              *held,
                                         OrrProgress         *progress,
                                         GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrReducedLaw, orr_reduced_law_free)

G_END_DECLS
