/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "orr-job-queue.h"

G_BEGIN_DECLS

#define ORR_TYPE_JOBS_BUTTON (orr_jobs_button_get_type ())
G_DECLARE_FINAL_TYPE (OrrJobsButton, orr_jobs_button, ORR, JOBS_BUTTON, AdwBin)

void orr_jobs_button_set_jobs (OrrJobsButton *self,
                               OrrJobQueue   *jobs);
void orr_jobs_button_popup    (OrrJobsButton *self);

G_END_DECLS
