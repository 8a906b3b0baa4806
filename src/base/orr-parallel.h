/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrParallelFunc:
 * @index: which item
 * @worker: below the number of threads; no two items run at once with the same
 *   worker, so it can choose a scratch buffer
 */
typedef void (*OrrParallelFunc) (gsize index, guint worker, gpointer data);

guint orr_parallel_threads (guint           wanted);
void  orr_parallel_for     (gsize           n,
                            guint           threads,
                            OrrParallelFunc func,
                            gpointer        data);

G_END_DECLS
