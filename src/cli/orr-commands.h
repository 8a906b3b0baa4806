/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-cli.h"

G_BEGIN_DECLS

/* Every sub-command, one file each; main.c lists them. */
extern const OrrCommand orr_command_agent;
extern const OrrCommand orr_command_analyze;
extern const OrrCommand orr_command_convert;
extern const OrrCommand orr_command_divergence;
extern const OrrCommand orr_command_evaluate;
extern const OrrCommand orr_command_hmm;
extern const OrrCommand orr_command_reduce;
extern const OrrCommand orr_command_regress;
extern const OrrCommand orr_command_report;
extern const OrrCommand orr_command_sweep;
extern const OrrCommand orr_command_train;

G_END_DECLS
