/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-command-hmm.h"

#include "orr-cli-model.h"
#include "orr-error.h"
#include "orr-hmm-section.h"

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  if (!orr_cli_parse (cli, "MODEL", "Prints a model.", NULL, &argc, &argv, error))
    return FALSE;
  if (argc != 2)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Give one model: a preset's name or a file");
      return FALSE;
    }
  g_autoptr (OrrHmm) hmm = orr_cli_load_hmm (argv[1], error);
  if (hmm == NULL)
    return FALSE;
  g_autoptr (GVariant) section = orr_hmm_to_section (hmm);
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, section);
  return TRUE;
}

const OrrCommand orr_command_hmm_show = { "show", "Print a model and what follows from it", run };
