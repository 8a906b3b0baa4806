/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "orr-progress.h"

G_BEGIN_DECLS

typedef enum
{
  ORR_JOB_WAITING,
  ORR_JOB_RUNNING,
  ORR_JOB_PAUSED,
  ORR_JOB_DONE,
  ORR_JOB_FAILED,
  ORR_JOB_CANCELLED,
} OrrJobState;

#define ORR_TYPE_JOB_STATE (orr_job_state_get_type ())
GType orr_job_state_get_type (void);

#define ORR_TYPE_JOB (orr_job_get_type ())
G_DECLARE_FINAL_TYPE (OrrJob, orr_job, ORR, JOB, GObject)

/**
 * OrrJobFunc:
 * @progress: report to it, and ask it whether to go on
 * @data: the job's own copy of what it needs
 *
 * Runs on a thread of its own. Touches no GObject that a widget may see.
 *
 * Returns: (nullable): the result; %NULL with @error set when it failed. A job
 * without a result returns GINT_TO_POINTER (1).
 */
typedef gpointer (*OrrJobFunc) (OrrProgress *progress, gpointer data, GError **error);

/**
 * OrrJobDoneFunc:
 * @owner: the object that asked for the job, still alive
 * @result: (nullable) (transfer none): what the function returned, %NULL when failed or cancelled
 * @error: (nullable): why it failed
 *
 * Called on the main thread when the job has ended.
 */
typedef void (*OrrJobDoneFunc) (gpointer owner, OrrJob *job, gpointer result, const GError *error);

/*
 * OrrJob: one long computation in the background. Main thread only.
 * Properties (notify, read-only): label, text, fraction (negative: unknown),
 * seconds-left (negative: unknown), state, error-message.
 */

const char  *orr_job_get_label         (OrrJob *self);
const char  *orr_job_get_text          (OrrJob *self);
double       orr_job_get_fraction      (OrrJob *self);
double       orr_job_get_seconds_left  (OrrJob *self);
OrrJobState  orr_job_get_state         (OrrJob *self);
const char  *orr_job_get_error_message (OrrJob *self);
const GError *orr_job_get_error        (OrrJob *self);
gboolean     orr_job_is_active         (OrrJob *self);
void         orr_job_cancel            (OrrJob *self);
void         orr_job_set_paused        (OrrJob *self,
                                        gboolean paused);

G_END_DECLS
