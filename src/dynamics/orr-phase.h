/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-matrix.h"

G_BEGIN_DECLS

void   orr_phase_find_centre (const OrrMatrix *points,
                              double           centre[2]);
double orr_phase_difference  (double           from,
                              double           to);

/* Phase of a point of the plane of the first two components: in (-pi, pi]. */
static inline double
orr_phase_at (const double centre[2], const float *point)
{
  return __builtin_atan2 (point[1] - centre[1], point[0] - centre[0]);
}

G_END_DECLS
