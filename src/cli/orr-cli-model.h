/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

OrrHmm  *orr_cli_load_hmm      (const char *name,
                                GError    **error);

/* The option --hmm, for commands whose first operand is a model otherwise. */
#define ORR_CLI_HMM_ENTRY(variable) \
  { "hmm", 0, 0, G_OPTION_ARG_STRING, variable, "The model, instead of the operand MODEL", "MODEL" }

OrrHmm  *orr_cli_take_hmm      (const char *option,
                                int        *argc,
                                char     ***argv,
                                GError    **error);
gboolean orr_cli_take_operands (int         argc,
                                char      **argv,
                                int         n,
                                const char *usage,
                                GError    **error);
gboolean orr_cli_check_folder  (const char *path,
                                GError    **error);

G_END_DECLS
