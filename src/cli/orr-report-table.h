/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-cli.h"

G_BEGIN_DECLS

/**
 * OrrReportTableOptions:
 * @directory: (nullable): where table.md, table.csv and table.json go
 * @hmm: (nullable): the model of networks that come without one
 * @analyze: run the analyses that are missing
 * @keep: write the analysed studies into @directory
 */
typedef struct
{
  const char *directory;
  const char *hmm;
  gboolean    analyze;
  gboolean    keep;
} OrrReportTableOptions;

gboolean orr_report_table (OrrCli                      *cli,
                           char                       **inputs,
                           guint                        n_inputs,
                           const OrrReportTableOptions *options,
                           GError                     **error);

G_END_DECLS
