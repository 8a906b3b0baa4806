/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

OrrHmm *orr_cli_load_hmm (const char *name,
                          GError    **error);

G_END_DECLS
