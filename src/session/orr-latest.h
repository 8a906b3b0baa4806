/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * OrrLatest: small computations that follow what a person does (a cursor that
 * moves, a slider that is dragged) on a thread of their own, one at a time. Of the
 * requests that come meanwhile only the latest is done. Main thread only.
 */
typedef struct _OrrLatest OrrLatest;

/* Runs on the worker; takes the request's data, gives the result. */
typedef gpointer (*OrrLatestFunc) (gpointer data);
/* Runs on the main thread; @result stays the caller's. */
typedef void (*OrrLatestDone) (gpointer owner, gpointer result);

OrrLatest *orr_latest_new     (OrrLatestFunc  func,
                               OrrLatestDone  done,
                               gpointer       owner,
                               GDestroyNotify data_free,
                               GDestroyNotify result_free);
void       orr_latest_request (OrrLatest     *self,
                               gpointer       data);
void       orr_latest_drop    (OrrLatest     *self);
void       orr_latest_free    (OrrLatest     *self);

G_END_DECLS
