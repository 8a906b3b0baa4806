/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Processes that train together, started by mpirun. Where the build has no
 * MPI, or the program runs by itself, there is one, and nothing here costs
 * anything. All ranks must call each function in the same order.
 */
guint    orr_ranks_count (void);
guint    orr_ranks_index (void);
void     orr_ranks_add   (float  *values,
                          gsize   n);
void     orr_ranks_add_doubles (double *values,
                                gsize   n);
void     orr_ranks_agree (double *values,
                          gsize   n);

G_END_DECLS
