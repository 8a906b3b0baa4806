/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"

G_BEGIN_DECLS

GVariant *orr_composition_analyze (const OrrNetwork         *network,
                                   const OrrAnalysisOptions *options,
                                   OrrProgress              *progress,
                                   GError                  **error);

G_END_DECLS
