/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-cli.h"

G_BEGIN_DECLS

/* The parts of `orreryctl hmm`. */
extern const OrrCommand orr_command_hmm_show;
extern const OrrCommand orr_command_hmm_sample;
extern const OrrCommand orr_command_hmm_score;
extern const OrrCommand orr_command_hmm_decode;
extern const OrrCommand orr_command_hmm_fit;

G_END_DECLS
