/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-transitions.h"

G_BEGIN_DECLS

/**
 * OrrCriticalPairs:
 * @mean: pairs around a transition
 * @sd: over the transitions; NaN for fewer than two
 * @n: how many transitions were looked at
 */
typedef struct
{
  double mean;
  double sd;
  guint  n;
} OrrCriticalPairs;

gboolean orr_critical_pairs_measure (const OrrNetwork    *network,
                                     const OrrTrajectory *run,
                                     guint                max_events,
                                     guint                threads,
                                     OrrCriticalPairs    *pairs,
                                     OrrProgress         *progress,
                                     GError             **error);

G_END_DECLS
