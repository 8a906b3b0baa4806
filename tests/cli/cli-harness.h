/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a run of orreryctl left behind. */
typedef struct
{
  int   status; /* exit status, or -1 when a signal ended it */
  char *out;
  char *err;
} CliResult;

CliResult *cli_run         (const char      *first_argument,
                            ...) G_GNUC_NULL_TERMINATED;
void       cli_result_free (CliResult       *result);
GVariant  *cli_run_json    (const char      *first_argument,
                            ...) G_GNUC_NULL_TERMINATED;
void       cli_assert_bad  (const CliResult *result,
                            const char      *says);
char      *cli_temp_file   (const char      *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliResult, cli_result_free)

G_END_DECLS
