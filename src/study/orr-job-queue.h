/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "orr-job.h"

G_BEGIN_DECLS

#define ORR_TYPE_JOB_QUEUE (orr_job_queue_get_type ())
G_DECLARE_FINAL_TYPE (OrrJobQueue, orr_job_queue, ORR, JOB_QUEUE, GObject)

/**
 * OrrJobLane:
 * @ORR_JOB_LANE_NOW: starts at once, beside whatever runs (simulations, reading a file)
 * @ORR_JOB_LANE_ANALYSIS: one at a time, in order
 * @ORR_JOB_LANE_TRAINING: one at a time, in order
 */
typedef enum
{
  ORR_JOB_LANE_NOW,
  ORR_JOB_LANE_ANALYSIS,
  ORR_JOB_LANE_TRAINING,
  ORR_JOB_N_LANES,
} OrrJobLane;

/*
 * OrrJobQueue: what runs in the background for one window. A GListModel of the
 * OrrJob that are active or ended in failure and were not dismissed. Signal
 * "job-failed" (OrrJob *) for the toast. Main thread only.
 * Property n-active (notify).
 */

OrrJobQueue *orr_job_queue_new          (void);
OrrJob      *orr_job_queue_run          (OrrJobQueue    *self,
                                         OrrJobLane      lane,
                                         const char     *label,
                                         OrrJobFunc      func,
                                         gpointer        data,
                                         GDestroyNotify  data_free,
                                         GDestroyNotify  result_free,
                                         GObject        *owner,
                                         OrrJobDoneFunc  done);
guint        orr_job_queue_get_n_active (OrrJobQueue    *self);
gboolean     orr_job_queue_move         (OrrJobQueue    *self,
                                         OrrJob         *job,
                                         int             by);
void         orr_job_queue_dismiss      (OrrJobQueue    *self,
                                         OrrJob         *job);
void         orr_job_queue_cancel_all   (OrrJobQueue    *self);
void         orr_job_queue_stop         (OrrJobQueue    *self);

G_END_DECLS
