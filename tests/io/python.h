/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

/*
 * Python with NumPy, h5py or PyTorch as the independent writer and reader of
 * real files. Tests skip what is not installed.
 */

#define PYTHON "/usr/bin/python3"

/* Runs @script with the arguments after it; its assertions are the test. */
static inline gboolean
run_python (const char *script, const char *const *arguments, char **output)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *errors = NULL;
  g_autofree char *printed = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_ptr_array_add (argv, (gpointer) PYTHON);
  g_ptr_array_add (argv, (gpointer) "-c");
  g_ptr_array_add (argv, (gpointer) script);
  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);

  if (!g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &printed, &errors, &status, &error))
    return FALSE;
  if (output != NULL)
    *output = g_steal_pointer (&printed);
  if (g_spawn_check_wait_status (status, NULL))
    return TRUE;
  g_test_message ("%s", errors);
  return FALSE;
}

/* Whether Python can import @modules ("numpy, h5py"); marks the test skipped when not. */
static inline gboolean
have_python (const char *modules)
{
  g_autofree char *script = g_strconcat ("import ", modules, NULL);

  if (g_file_test (PYTHON, G_FILE_TEST_IS_EXECUTABLE) && run_python (script, NULL, NULL))
    return TRUE;
  g_autofree char *why = g_strdup_printf ("%s with %s is not installed", PYTHON, modules);
  g_test_skip (why);
  return FALSE;
}

/* A folder for one test's files; remove it with remove_folder(). */
static inline char *
make_folder (void)
{
  char *folder = g_dir_make_tmp ("orrery-test-XXXXXX", NULL);
  g_assert_nonnull (folder);
  return folder;
}

static inline void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}
