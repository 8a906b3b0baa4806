/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_TIME_STRIP (orr_time_strip_get_type ())
G_DECLARE_FINAL_TYPE (OrrTimeStrip, orr_time_strip, ORR, TIME_STRIP, GtkWidget)

GtkWidget  *orr_time_strip_new         (OrrSession   *session);
OrrSession *orr_time_strip_get_session (OrrTimeStrip *self);
void        orr_time_strip_set_session (OrrTimeStrip *self,
                                        OrrSession   *session);
void        orr_time_strip_get_view    (OrrTimeStrip *self,
                                        double       *start,
                                        double       *end);
void        orr_time_strip_set_view    (OrrTimeStrip *self,
                                        double        start,
                                        double        end);

G_END_DECLS
