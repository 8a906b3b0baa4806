/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

OrrHmm *orr_hmm_layout (const OrrHmm *self);

G_END_DECLS
