/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-paths.h"

/*
 * Where the program finds what came with it. A program that stands in its
 * build folder (BUILD/src/app/orrery) uses the schema compiled there and the
 * examples of the source tree; an installed one uses the installed files.
 */
static char *build_dir; /* (nullable): BUILD when run from there */

/**
 * orr_paths_init:
 *
 * Call first in main(): it may set the environment that GSettings reads.
 */
void
orr_paths_init (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *build = folder != NULL ? g_canonicalize_filename ("../..", folder) : NULL;
  g_autofree char *schemas = build != NULL ? g_build_filename (build, "data", NULL) : NULL;
  g_autofree char *compiled = schemas != NULL ? g_build_filename (schemas, "gschemas.compiled", NULL) : NULL;

  if (compiled == NULL || !g_file_test (compiled, G_FILE_TEST_EXISTS))
    return;
  build_dir = g_steal_pointer (&build);
  g_setenv ("GSETTINGS_SCHEMA_DIR", schemas, FALSE);
}

/**
 * orr_paths_dup_examples:
 *
 * Returns: (transfer full): the folder of the bundled studies; may not exist
 */
char *
orr_paths_dup_examples (void)
{
  if (build_dir != NULL)
    return g_build_filename (ORR_SOURCE_DIR, "data", "examples", NULL);
  return g_build_filename (ORR_PKGDATADIR, "examples", NULL);
}

/**
 * orr_paths_dup_guide:
 *
 * Returns: (transfer full): the users' guide; may not exist
 */
char *
orr_paths_dup_guide (void)
{
  if (build_dir != NULL)
    return g_build_filename (ORR_SOURCE_DIR, "doc", "guide.md", NULL);
  return g_build_filename (ORR_PKGDATADIR, "doc", "guide.md", NULL);
}

/**
 * orr_paths_dup_locale:
 *
 * Returns: (transfer full): the folder of the translations
 */
char *
orr_paths_dup_locale (void)
{
  if (build_dir != NULL)
    return g_build_filename (build_dir, "po", NULL);
  return g_strdup (ORR_LOCALEDIR);
}
