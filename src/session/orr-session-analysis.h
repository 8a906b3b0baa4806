/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"
#include "orr-session.h"

G_BEGIN_DECLS

void     orr_session_analyze      (OrrSession        *session,
                                   const char *const *names);
void     orr_session_analyze_with (OrrSession        *session,
                                   const char        *name,
                                   const OrrAnalysisOptions *options);
gboolean orr_session_can_analyze  (OrrSession        *session);

G_END_DECLS
