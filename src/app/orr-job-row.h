/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-job-queue.h"

G_BEGIN_DECLS

#define ORR_TYPE_JOB_ROW (orr_job_row_get_type ())
G_DECLARE_FINAL_TYPE (OrrJobRow, orr_job_row, ORR, JOB_ROW, GtkListBoxRow)

GtkWidget *orr_job_row_new       (OrrJobQueue *jobs,
                                  OrrJob      *job);
char      *orr_format_time_left  (double       seconds);

G_END_DECLS
