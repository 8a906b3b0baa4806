/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-application.h"
#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_WINDOW (orr_window_get_type ())
G_DECLARE_FINAL_TYPE (OrrWindow, orr_window, ORR, WINDOW, AdwApplicationWindow)

/**
 * OrrWindowFunc:
 *
 * What a window does once its present study may go.
 */
typedef void (*OrrWindowFunc) (OrrWindow *self, gpointer data);

OrrWindow   *orr_window_new            (OrrApplication *application,
                                        GSettings      *settings);
OrrDocument *orr_window_get_document   (OrrWindow      *self);
void         orr_window_set_document   (OrrWindow      *self,
                                        OrrDocument    *document);
OrrJobQueue *orr_window_get_jobs       (OrrWindow      *self);
OrrSession  *orr_window_get_session    (OrrWindow      *self);
GSettings   *orr_window_get_settings   (OrrWindow      *self);
gboolean     orr_window_is_occupied    (OrrWindow      *self);
gboolean     orr_window_shows_file     (OrrWindow      *self,
                                        GFile          *file);
void         orr_window_open           (OrrWindow      *self,
                                        GFile          *file);
void         orr_window_offer_recovery (OrrWindow      *self);
void         orr_window_leave_study    (OrrWindow      *self,
                                        OrrWindowFunc   then,
                                        gpointer        data,
                                        GDestroyNotify  data_free);
void         orr_window_show_page      (OrrWindow      *self,
                                        const char     *name);
void         orr_window_show_message   (OrrWindow      *self,
                                        const char     *text);
void         orr_window_show_error     (OrrWindow      *self,
                                        const char     *what,
                                        const char     *details);

G_END_DECLS
