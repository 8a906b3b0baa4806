/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-cli-model.h"

#include "orr-error.h"
#include "orr-hmm-file.h"
#include "orr-hmm-presets.h"

static char *
list_presets (void)
{
  g_autoptr (GString) list = g_string_new (NULL);
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", presets[i].id);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/**
 * orr_cli_load_hmm:
 * @name: a preset's name, or a file: JSON as `hmm show --json` prints it,
 *   or .npz with hmmlearn's names
 *
 * Returns: (transfer full) (nullable): the model
 */
OrrHmm *
orr_cli_load_hmm (const char *name, GError **error)
{
  const OrrHmmPreset *preset = orr_hmm_preset_find (name);

  if (preset != NULL)
    return orr_hmm_preset_create (preset);
  if (!g_file_test (name, G_FILE_TEST_EXISTS))
    {
      g_autofree char *presets = list_presets ();
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no preset and no file called \"%s\" (presets: %s)",
                   name, presets);
      return NULL;
    }
  return orr_hmm_load (name, error);
}

/**
 * orr_cli_take_hmm:
 * @option: (nullable): what --hmm said; otherwise the first operand is taken
 * @argc: (inout): number of arguments, the command's name first
 * @argv: (inout): the arguments; the operand that was taken is gone
 *
 * Returns: (transfer full) (nullable): the model
 */
OrrHmm *
orr_cli_take_hmm (const char *option, int *argc, char ***argv, GError **error)
{
  if (option != NULL)
    return orr_cli_load_hmm (option, error);
  if (*argc < 2)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Which model? Give a preset's name or a file");
      return NULL;
    }

  OrrHmm *hmm = orr_cli_load_hmm ((*argv)[1], error);
  (*argv)[1] = (*argv)[0];
  (*argv)++;
  (*argc)--;
  return hmm;
}

/**
 * orr_cli_take_operands:
 * @n: how many operands are left to come
 * @usage: the operands as in the usage line
 *
 * Returns: whether there are exactly @n
 */
gboolean
orr_cli_take_operands (int argc, char **argv, int n, const char *usage, GError **error)
{
  if (argc == n + 1)
    return TRUE;
  if (argc > n + 1)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "\"%s\" is one operand too many (expected: %s)", argv[n + 1], usage);
  else
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "An operand is missing (expected: %s)", usage);
  return FALSE;
}

/**
 * orr_cli_check_folder:
 * @path: a file that will be written when the work is done
 *
 * Returns: whether its folder is there; asked before long work, not after it
 */
gboolean
orr_cli_check_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "\"%s\" is a folder, not the name of a file to write", path);
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no folder \"%s\" to write %s to", folder, path);
  else
    return TRUE;
  return FALSE;
}
