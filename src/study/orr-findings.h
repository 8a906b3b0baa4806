/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-presets.h"
#include "orr-run.h"

G_BEGIN_DECLS

/**
 * OrrFinding:
 * @key: short name, as in files
 * @title: of the quantity (untranslated)
 * @text: the result for a person, lines divided by "\n"; "-" where there is none
 * @value: its main number, NaN where it has none
 * @low: lower end of its 95 % interval, or NaN
 * @high: upper end, or NaN
 * @published: (nullable): the published figure
 * @differs: whether the main number lies more than a tenth outside the published range
 * @remark: (nullable): why that can be (untranslated)
 *
 * One line of what was found in a network, beside what was published.
 */
typedef struct
{
  const char *key;
  const char *title;
  char       *text;
  double      value;
  double      low;
  double      high;
  const char *published;
  gboolean    differs;
  const char *remark;
} OrrFinding;

const OrrHmmPreset *orr_findings_get_preset (const OrrHmm *hmm);
GPtrArray          *orr_findings_new        (const OrrRun *run,
                                             const OrrHmm *hmm);

char     *orr_findings_to_markdown (GPtrArray         *names,
                                    GPtrArray         *findings);
char     *orr_findings_to_csv      (GPtrArray         *names,
                                    GPtrArray         *findings);
GVariant *orr_findings_to_section  (GPtrArray         *names,
                                    GPtrArray         *findings);

G_END_DECLS
