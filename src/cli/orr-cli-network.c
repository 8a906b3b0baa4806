/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-cli-network.h"

#include "orr-error.h"
#include "orr-network-file.h"
#include "orr-study-file.h"

static OrrRun *
find_run (const OrrStudy *study, const char *name)
{
  for (guint i = 0; i < study->runs->len; i++)
    if (name == NULL || g_str_equal (((const OrrRun *) study->runs->pdata[i])->name, name))
      return study->runs->pdata[i];
  return NULL;
}

/**
 * orr_cli_load_network:
 * @path: a network's file, or a study (.orrery)
 * @name: (nullable): which network of a study; the first one if %NULL
 * @run: (out) (transfer full) (nullable): the run that it belongs to, %NULL where
 *   @path is a network's file
 * @error: (out): %ORR_ERROR_INPUT for an unreadable file, a study without such a
 *   network, or a @name where there is nothing to choose from
 *
 * Returns: (transfer full): the network of an operand
 */
OrrNetwork *
orr_cli_load_network (const char *path, const char *name, OrrRun **run, GError **error)
{
  *run = NULL;
  if (!g_str_has_suffix (path, ".orrery"))
    {
      if (name == NULL)
        return orr_network_load (path, error);
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--run chooses a network of a study, and %s is not a study", path);
      return NULL;
    }

  g_autoptr (OrrStudy) study = orr_study_file_load (path, error);
  if (study == NULL)
    return NULL;
  OrrRun *found = find_run (study, name);
  if (found != NULL)
    {
      *run = orr_run_ref (found);
      return orr_network_ref (found->network);
    }
  if (name != NULL)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s has no network called \"%s\"", path, name);
  else
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s holds no network", path);
  return NULL;
}
