/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-agent-default.h"

#define FILE_NAME "agent.weights"

static char *
existing (char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return path;
  g_free (path);
  return NULL;
}

/**
 * orr_agent_dup_default_path:
 *
 * Where the agent's weights are: the file named by ORRERY_AGENT, those of the
 * source tree for a program that runs from its build folder, the installed ones.
 *
 * Returns: (transfer full) (nullable): the path, %NULL when there are none
 */
char *
orr_agent_dup_default_path (void)
{
  const char *named = g_getenv ("ORRERY_AGENT");
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  if (named != NULL)
    return existing (g_strdup (named));
  if (program != NULL && g_str_has_prefix (program, ORR_BUILD_DIR G_DIR_SEPARATOR_S))
    return existing (g_build_filename (ORR_SOURCE_DIR, "data", "agent", FILE_NAME, NULL));
  return existing (g_build_filename (ORR_PKGDATADIR, "agent", FILE_NAME, NULL));
}

/* (transfer full) (nullable): the agent that comes with the program; %NULL without @error set when there is none. */
OrrAgent *
orr_agent_load_default (GError **error)
{
  g_autofree char *path = orr_agent_dup_default_path ();

  return path != NULL ? orr_agent_load (path, error) : NULL;
}
