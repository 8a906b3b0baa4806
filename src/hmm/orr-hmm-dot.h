/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

char *orr_hmm_to_dot (const OrrHmm *self);

G_END_DECLS
