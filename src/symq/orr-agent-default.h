/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"

G_BEGIN_DECLS

char     *orr_agent_dup_default_path (void);
OrrAgent *orr_agent_load_default     (GError **error);

G_END_DECLS
