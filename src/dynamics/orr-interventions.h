/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"

G_BEGIN_DECLS

/**
 * OrrInterventionSet:
 * @name: what it is, such as "kick"
 * @from: direction that it belongs to, or -1
 * @to: direction that it belongs to, or -1
 * @n_units: how many units
 * @units: [@n_units] which
 * @noise_only: the gain acts on the noise input alone; otherwise on the recurrent
 *   input too
 *
 * A set of units whose gain is turned.
 */
typedef struct
{
  const char  *name;
  int          from;
  int          to;
  guint        n_units;
  const guint *units;
  gboolean     noise_only;
} OrrInterventionSet;

GVariant *orr_interventions_run     (const OrrNetwork         *network,
                                     const OrrInterventionSet *set,
                                     const OrrAnalysisOptions *options,
                                     OrrProgress              *progress,
                                     GError                  **error);
GVariant *orr_interventions_analyze (const OrrNetwork         *network,
                                     const OrrAnalysisOptions *options,
                                     OrrProgress              *progress,
                                     GError                  **error);

G_END_DECLS
