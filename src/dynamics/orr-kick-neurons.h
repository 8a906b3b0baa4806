/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"

G_BEGIN_DECLS

GVariant *orr_kick_neurons_analyze (const OrrNetwork         *network,
                                    const OrrAnalysisOptions *options,
                                    OrrProgress              *progress,
                                    GError                  **error);

/**
 * OrrKickGroup:
 * @from: symbol that is left
 * @to: symbol that comes
 * @n_units: how many units
 * @units: [@n_units] which
 *
 * A kick group as other analyses use it.
 */
typedef struct
{
  guint  from;
  guint  to;
  guint  n_units;
  guint *units;
} OrrKickGroup;

void       orr_kick_group_free   (OrrKickGroup             *self);
GPtrArray *orr_kick_groups_parse (GVariant                 *section);
GPtrArray *orr_kick_groups_find  (const OrrNetwork         *network,
                                  const OrrAnalysisOptions *options,
                                  OrrProgress              *progress,
                                  GError                  **error);

G_END_DECLS
