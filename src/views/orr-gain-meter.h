/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

/*
 * OrrGainMeter: measures in the background what the session's gains do, at once while they are turned, and
 * more carefully in steps once they rest. Main thread only.
 */
typedef struct _OrrGainMeter OrrGainMeter;

/**
 * OrrGainMeterFunc:
 * @preview: a section of orr_gain_preview()
 * @final: nothing better will follow
 */
typedef void (*OrrGainMeterFunc) (gpointer owner, GVariant *preview, gboolean final);

OrrGainMeter *orr_gain_meter_new     (OrrGainMeterFunc func,
                                      gpointer         owner);
void          orr_gain_meter_free    (OrrGainMeter    *self);
gboolean      orr_gain_meter_request (OrrGainMeter    *self,
                                      OrrSession      *session);

G_END_DECLS
