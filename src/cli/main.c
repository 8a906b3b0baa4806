/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdio.h>

#include "orr-commands.h"

static const OrrCommand *const commands[] = {
  &orr_command_analyze,
  &orr_command_hmm,
  &orr_command_train,
  &orr_command_evaluate,
  &orr_command_divergence,
  &orr_command_reduce,
  &orr_command_regress,
  &orr_command_agent,
  &orr_command_convert,
  &orr_command_sweep,
  &orr_command_report,
  NULL
};

static const OrrCommand orreryctl = {
  "orreryctl", "See how recurrent networks compute: Orrery's engine for scripts and clusters", NULL, commands
};

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  /* Numbers on standard output are for programs: a point, whatever the language. */
  setlocale (LC_NUMERIC, "C");
  if (argc == 2 && g_str_equal (argv[1], "--version"))
    {
      puts ("orreryctl " ORR_VERSION);
      return fflush (stdout) == 0 ? 0 : 1;
    }

  g_autoptr (OrrCli) cli = orr_cli_new ();
  if (!orr_cli_dispatch (cli, &orreryctl, argc, argv, &error) || !orr_cli_finish (cli, &error))
    {
      /* One sentence on one line, whatever the names in it hold. */
      g_strdelimit (error->message, "\r\n\t", ' ');
      orr_cli_message (cli, "orreryctl: %s", error->message);
      return orr_cli_exit_status (error);
    }
  return 0;
}
