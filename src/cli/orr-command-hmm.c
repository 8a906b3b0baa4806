/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-command-hmm.h"

#include "orr-commands.h"

static const OrrCommand *const commands[] = {
  &orr_command_hmm_show,
  &orr_command_hmm_sample,
  &orr_command_hmm_score,
  &orr_command_hmm_decode,
  &orr_command_hmm_fit,
  NULL
};

const OrrCommand orr_command_hmm = {
  "hmm", "Show, sample, score, decode and fit hidden Markov models", NULL, commands
};
