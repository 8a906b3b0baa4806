/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analyses.h"
#include "orr-run.h"

G_BEGIN_DECLS

void      orr_run_analysis_options (const OrrRun             *run,
                                    const char               *analysis,
                                    OrrAnalysisOptions       *options);
GVariant *orr_run_analyze          (const OrrRun             *run,
                                    const OrrHmm             *hmm,
                                    const OrrAnalysis        *analysis,
                                    const OrrAnalysisOptions *options,
                                    OrrProgress              *progress,
                                    GError                  **error);
OrrRun   *orr_run_analyze_missing  (const OrrRun             *run,
                                    const OrrHmm             *hmm,
                                    guint                     threads,
                                    OrrProgress              *progress,
                                    GError                  **error);

/**
 * OrrSectionFreshness:
 * @ORR_SECTION_FRESH: what it rests on is as it was
 * @ORR_SECTION_OTHER_NETWORK: it was computed from other weights
 * @ORR_SECTION_OTHER_MODEL: it was compared with another model
 * @ORR_SECTION_OTHER_KICKS: the kick neurons were found anew since
 * @ORR_SECTION_OTHER_SNAPSHOTS: the training has other snapshots by now
 */
typedef enum
{
  ORR_SECTION_FRESH,
  ORR_SECTION_OTHER_NETWORK,
  ORR_SECTION_OTHER_MODEL,
  ORR_SECTION_OTHER_KICKS,
  ORR_SECTION_OTHER_SNAPSHOTS,
} OrrSectionFreshness;

GVariant           *orr_section_new_reason   (const char   *reason);
gint64              orr_section_get_computed (GVariant     *section);
OrrSectionFreshness orr_run_check_section    (const OrrRun *run,
                                              const OrrHmm *hmm,
                                              const char   *name);

G_END_DECLS
