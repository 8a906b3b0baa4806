/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-cli.h"

G_BEGIN_DECLS

/* The parts of `orreryctl agent`. */
extern const OrrCommand orr_command_agent_evaluate;
extern const OrrCommand orr_command_agent_train;
extern const OrrCommand orr_command_agent_values;

G_END_DECLS
