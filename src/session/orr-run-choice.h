/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-document.h"
#include "orr-job-queue.h"
#include "orr-motion.h"

G_BEGIN_DECLS

#define ORR_TYPE_RUN_CHOICE (orr_run_choice_get_type ())
G_DECLARE_FINAL_TYPE (OrrRunChoice, orr_run_choice, ORR, RUN_CHOICE, GObject)

/*
 * OrrRunChoice: which networks of a study a person compares, and how they move. Main
 * thread only.
 *
 * Signal "changed": others are chosen, or a motion that was asked for is there.
 */

OrrRunChoice *orr_run_choice_new        (OrrDocument  *document,
                                         OrrJobQueue  *jobs);
gboolean      orr_run_choice_contains   (OrrRunChoice *self,
                                         const char   *run_id);
void          orr_run_choice_set        (OrrRunChoice *self,
                                         const char   *run_id,
                                         gboolean      chosen);
void          orr_run_choice_set_all    (OrrRunChoice *self,
                                         gboolean      chosen);
OrrMotion    *orr_run_choice_get_motion (OrrRunChoice *self,
                                         OrrRun       *run,
                                         gboolean     *failed);

G_END_DECLS
