/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-job.h"

G_BEGIN_DECLS

/* For OrrJobQueue alone. */

OrrJob *orr_job_new   (const char     *label,
                       OrrJobFunc      func,
                       gpointer        data,
                       GDestroyNotify  data_free,
                       GDestroyNotify  result_free,
                       GObject        *owner,
                       OrrJobDoneFunc  done);
void    orr_job_start (OrrJob         *self);
void    orr_job_wait  (OrrJob         *self);

G_END_DECLS
