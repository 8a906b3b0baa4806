/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-motion.h"

G_BEGIN_DECLS

/**
 * OrrOrbitAlignment:
 * @scale: 1 over the r.m.s. distance of the visited states from their mean in the plane of
 *   the first two components
 * @rotation: [2 x 2] orthogonal, row by row: a rotation, or one after a reflection
 * @mirrored: whether it reflects
 * @by_readout: whether the readout axes settled the reflection; otherwise the sense in
 *   which the two turn did
 * @agreement: cosine between the two sets of readout axes once laid on each other: 1 where
 *   they coincide, NaN where there are none to compare
 *
 * How the plane of one network is laid beside that of another.
 */
typedef struct
{
  double   scale;
  double   rotation[4];
  gboolean mirrored;
  gboolean by_readout;
  double   agreement;
} OrrOrbitAlignment;

void   orr_orbit_align           (const OrrMotion         *motion,
                                  const OrrMotion         *reference,
                                  OrrOrbitAlignment       *result);
void   orr_orbit_alignment_apply (const OrrOrbitAlignment *self,
                                  const double             point[2],
                                  double                   result[2]);
void   orr_orbit_alignment_apply_to_readout (const OrrOrbitAlignment *self,
                                             const OrrMotion         *motion,
                                             double                  *axes);
double orr_orbit_turns           (const OrrMotion         *motion);

G_END_DECLS
