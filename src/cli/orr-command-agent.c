/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-command-agent.h"

#include "orr-commands.h"

static const OrrCommand *const parts[] = { &orr_command_agent_train, &orr_command_agent_values, &orr_command_agent_evaluate, NULL };

const OrrCommand orr_command_agent = { "agent", "Train and examine the agent that proposes equations", NULL, parts };
