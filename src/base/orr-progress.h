/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrProgress:
 *
 * The sink that long computations take: they report how far they are, and ask
 * whether to go on. Thread-safe and reference counted. Every function accepts
 * %NULL as "nobody is watching".
 */
typedef struct _OrrProgress OrrProgress;

/**
 * OrrProgressFunc:
 * @fraction: 0 to 1, or negative when unknown
 * @text: (nullable): what is being done now
 *
 * Called on the computing thread; must not block.
 */
typedef void (*OrrProgressFunc) (double fraction, const char *text, gpointer user_data);

OrrProgress *orr_progress_new        (OrrProgressFunc func,
                                      gpointer        user_data,
                                      GDestroyNotify  destroy);
OrrProgress *orr_progress_new_child  (OrrProgress    *parent,
                                      OrrProgressFunc func,
                                      gpointer        user_data);
OrrProgress *orr_progress_new_part   (OrrProgress    *whole,
                                      double          from,
                                      double          to);
OrrProgress *orr_progress_ref        (OrrProgress *self);
void         orr_progress_unref      (OrrProgress *self);
void         orr_progress_report     (OrrProgress *self,
                                      double       fraction,
                                      const char  *text);
void         orr_progress_cancel     (OrrProgress *self);
gboolean     orr_progress_is_cancelled (OrrProgress *self);
void         orr_progress_set_paused (OrrProgress *self,
                                      gboolean     paused);
gboolean     orr_progress_is_paused  (OrrProgress *self);
gboolean     orr_progress_check      (OrrProgress *self,
                                      GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrProgress, orr_progress_unref)

G_END_DECLS
