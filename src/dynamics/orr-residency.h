/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"

G_BEGIN_DECLS

/* Zones of state space by residency time (SCIENCE, part 3.4). */
typedef enum
{
  ORR_ZONE_TRANSITION, /* RT < 2 */
  ORR_ZONE_KICK,       /* 2 <= RT <= 8 */
  ORR_ZONE_CLUSTER,    /* RT > 8 and the softmax above 0.8 for one symbol */
  ORR_ZONE_OTHER,      /* RT > 8, no symbol above 0.8 */
  ORR_ZONE_N,
} OrrZone;

#define ORR_RESIDENCY_DRAWS 20
#define ORR_RESIDENCY_CAP 50

const char *orr_zone_name         (OrrZone                   zone);
OrrZone     orr_zone_classify     (double                    residency,
                                   double                    max_softmax);

gboolean    orr_residency_measure (const OrrNetwork         *network,
                                   const OrrMatrix          *states,
                                   const OrrAnalysisOptions *options,
                                   float                    *residency,
                                   float                    *max_softmax,
                                   OrrProgress              *progress,
                                   GError                  **error);
GVariant   *orr_residency_analyze (const OrrNetwork         *network,
                                   const OrrAnalysisOptions *options,
                                   OrrProgress              *progress,
                                   GError                  **error);

G_END_DECLS
