/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"

G_BEGIN_DECLS

typedef GVariant *(*OrrAnalysisFunc) (const OrrNetwork         *network,
                                      const OrrAnalysisOptions *options,
                                      OrrProgress              *progress,
                                      GError                  **error);

/**
 * OrrAnalysis:
 * @name: of the section, as in SCIENCE, part 3 and on the command line
 * @title: for people (untranslated)
 * @definition: what its numbers mean, where published definitions leave room: a
 *   sentence or two to stand beside the result (untranslated)
 * @run: does it; errors of %ORR_ERROR_INPUT say that it does not apply to the
 *   network or lacks something that it needs
 *
 * One analysis of the list.
 */
typedef struct
{
  const char     *name;
  const char     *title;
  const char     *definition;
  OrrAnalysisFunc run;
} OrrAnalysis;

const OrrAnalysis *orr_analyses      (guint      *n);
const OrrAnalysis *orr_analysis_find (const char *name);

G_END_DECLS
