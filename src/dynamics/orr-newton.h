/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"

G_BEGIN_DECLS

/**
 * OrrNewton:
 *
 * Workspace for solving h = phi (W_hh h + b) by Newton's method, for one thread.
 */
typedef struct _OrrNewton OrrNewton;

OrrNewton *orr_newton_new   (const OrrNetwork *network);
void       orr_newton_free  (OrrNewton        *self);
gboolean   orr_newton_solve (OrrNewton        *self,
                             const float      *guess,
                             double            scale,
                             double           *solution,
                             double           *residual);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrNewton, orr_newton_free)

G_END_DECLS
