/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-run.h"

G_BEGIN_DECLS

OrrNetwork *orr_cli_load_network (const char *path,
                                  const char *name,
                                  OrrRun    **run,
                                  GError    **error);

/* The option --run, for commands whose operand may be a study of several networks. */
#define ORR_CLI_RUN_ENTRY(variable) \
  { "run", 0, 0, G_OPTION_ARG_STRING, variable, "Which network of a study (the first)", "NAME" }

G_END_DECLS
