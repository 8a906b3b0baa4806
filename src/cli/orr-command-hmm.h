/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-cli.h"

G_BEGIN_DECLS

/* The parts of `orreryctl hmm`. */
extern const OrrCommand orr_command_hmm_show;

G_END_DECLS
