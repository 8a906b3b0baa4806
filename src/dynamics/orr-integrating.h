/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"
#include "orr-kick-neurons.h"

G_BEGIN_DECLS

#define ORR_INTEGRATING_UNITS 70

/**
 * OrrIntegrating:
 * @forward: kick group i -> j
 * @backward: kick group j -> i
 * @n_units: how many integrating units
 * @units: [@n_units] by falling @g1: the first half drives @forward, the second @backward
 * @g1: [@n_units] mean weight onto the units of @forward
 * @g2: [@n_units] mean weight onto the units of @backward
 *
 * The noise-integrating populations of two opposite kick groups.
 */
typedef struct
{
  const OrrKickGroup *forward;
  const OrrKickGroup *backward;
  guint               n_units;
  guint              *units;
  double             *g1;
  double             *g2;
} OrrIntegrating;

GPtrArray *orr_integrating_find    (const OrrNetwork         *network,
                                    GPtrArray                *groups);
void       orr_integrating_free    (OrrIntegrating           *self);
GVariant  *orr_integrating_analyze (const OrrNetwork         *network,
                                    const OrrAnalysisOptions *options,
                                    OrrProgress              *progress,
                                    GError                  **error);

G_END_DECLS
