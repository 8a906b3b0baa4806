/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"
#include "orr-critical-pairs.h"
#include "orr-gains.h"

G_BEGIN_DECLS

/**
 * OrrGainEffort:
 * @n_paths: simulated from visited states
 * @n_steps: of each path, after a burn-in of 20; more than 50
 * @n_controls: random groups that are turned instead
 * @n_events: transitions around which critical pairs are counted, 0 for none
 * @length: steps of a sequence, for the volatility
 * @known_pairs: (nullable): the critical pairs of the network as it is, where they were measured before
 *
 * How carefully the effect of gains is measured.
 */
typedef struct
{
  guint n_paths;
  guint n_steps;
  guint n_controls;
  guint n_events;
  guint length;

  const OrrCriticalPairs *known_pairs;
} OrrGainEffort;

GVariant *orr_gain_preview (const OrrNetwork         *network,
                            const OrrGains           *gains,
                            const OrrMatrix          *visited,
                            const OrrGainEffort      *effort,
                            const OrrAnalysisOptions *options,
                            OrrProgress              *progress,
                            GError                  **error);

G_END_DECLS
