/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"
#include "orr-ensemble.h"

G_BEGIN_DECLS

/**
 * OrrHazard:
 * @n_sets: G, gain sets compared
 * @n_symbols: K
 * @at_risk: [G] steps during which a trajectory still showed its first symbol
 * @exits: [G x K] first changes of the symbol, by the symbol that came
 *
 * How often trajectories leave a symbol, per step at risk, under each gain set.
 */
typedef struct
{
  guint   n_sets;
  guint   n_symbols;
  gint64 *at_risk;
  gint64 *exits;
} OrrHazard;

OrrHazard *orr_hazard_measure  (const OrrEnsemble        *ensemble,
                                const OrrMatrix          *starts,
                                guint                     symbol,
                                guint                     horizon,
                                guint64                   stream,
                                const OrrAnalysisOptions *options,
                                OrrProgress              *progress,
                                GError                  **error);
void       orr_hazard_free     (OrrHazard                *self);
double     orr_hazard_rate     (const OrrHazard          *self,
                                guint                     set,
                                guint                     to);
void       orr_hazard_interval (const OrrHazard          *self,
                                guint                     set,
                                guint                     to,
                                double                    bounds[2]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrHazard, orr_hazard_free)

G_END_DECLS
