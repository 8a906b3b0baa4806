/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-sequences.h"

G_BEGIN_DECLS

OrrSequences *orr_sequences_load (const char *path,
                                  GError    **error);

G_END_DECLS
