/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"

G_BEGIN_DECLS

/**
 * OrrAnalysisSetting:
 * @name: under which a section stores it
 * @title: for people (untranslated)
 * @why: what it changes, a sentence (untranslated)
 * @analysis: (nullable): the analysis that has it; %NULL for all
 * @low: smallest value that makes sense
 * @high: largest
 * @standard: what it is unless a person says otherwise
 * @step: by which a control moves it
 * @digits: decimals that are shown
 *
 * One option of an analysis that a person may change.
 */
typedef struct
{
  const char *name;
  const char *title;
  const char *why;
  const char *analysis;
  double      low;
  double      high;
  double      standard;
  double      step;
  guint       digits;
} OrrAnalysisSetting;

const OrrAnalysisSetting *orr_analysis_settings       (guint                    *n);
gboolean orr_analysis_setting_applies (const OrrAnalysisSetting *self,
                                       const char               *analysis);
double   orr_analysis_setting_get     (const OrrAnalysisSetting *self,
                                       const OrrAnalysisOptions *options);
void     orr_analysis_setting_set     (const OrrAnalysisSetting *self,
                                       OrrAnalysisOptions       *options,
                                       double                    value);
void     orr_analysis_options_read    (OrrAnalysisOptions       *options,
                                       const char               *analysis,
                                       GVariant                 *section);

G_END_DECLS
