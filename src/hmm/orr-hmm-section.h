/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

GVariant *orr_hmm_to_section   (const OrrHmm *self);
OrrHmm   *orr_hmm_from_section (GVariant     *section,
                                GError      **error);

G_END_DECLS
