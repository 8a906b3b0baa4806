/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-autosave.h"
#include "orr-hmm-presets.h"
#include "orr-study-file.h"

#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

static OrrDocument *
new_document (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("two"));
  g_autoptr (OrrStudy) study = orr_study_new ("precious", hmm);
  return orr_document_new (study);
}

static void
edit (OrrDocument *document, double start)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_copy (orr_document_get_hmm (document));

  hmm->start[0] = start;
  hmm->start[1] = 1.0 - start;
  orr_document_edit_hmm (document, hmm, "Edit", NULL);
}

static guint
count_copies (void)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "orrery", "recovery", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, ".ini");
  return n;
}

static void
wait_for_copies (guint n)
{
  while (count_copies () != n)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  /* The task's own end is delivered, too. */
  for (int i = 0; i < 20; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
test_tidy (void)
{
  g_autoptr (OrrDocument) document = new_document ();
  g_autoptr (OrrAutosave) autosave = orr_autosave_new (document, 60);

  orr_autosave_flush (autosave);
  g_assert_cmpuint (count_copies (), ==, 0);
  edit (document, 0.25);
  orr_autosave_flush (autosave);
  wait_for_copies (1);

  /* Ours while we live. */
  g_autoptr (GPtrArray) found = orr_recovery_find ();
  g_assert_cmpuint (found->len, ==, 0);

  orr_document_set_saved (document, orr_document_get_study (document));
  g_assert_cmpuint (count_copies (), ==, 0);

  edit (document, 0.5);
  orr_autosave_flush (autosave);
  wait_for_copies (1);
  g_clear_object (&autosave);
  g_assert_cmpuint (count_copies (), ==, 0);
}

/* Edits, waits for the copy and dies. */
static void
crash (void)
{
  OrrDocument *document = new_document ();
  OrrAutosave *autosave = orr_autosave_new (document, 60);
  g_autoptr (GFile) file = g_file_new_for_path ("/somewhere/mine.orrery");

  orr_document_set_file (document, file);
  edit (document, 0.125);
  orr_autosave_flush (autosave);
  wait_for_copies (1);
  _exit (9);
}

static void
test_crash (void)
{
  if (g_test_subprocess ())
    {
      crash ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_failed ();

  g_autoptr (GPtrArray) found = orr_recovery_find ();
  g_assert_cmpuint (found->len, ==, 1);
  const OrrRecovery *recovery = found->pdata[0];
  g_autofree char *path = g_file_get_path (recovery->study_file);
  g_autofree char *original = g_file_get_path (recovery->original);
  g_autoptr (OrrStudy) study = orr_study_file_load (path, NULL);
  g_assert_cmpstr (recovery->title, ==, "precious");
  g_assert_cmpstr (original, ==, "/somewhere/mine.orrery");
  g_assert_cmpfloat (study->hmm->start[0], ==, 0.125);

  orr_recovery_discard (recovery);
  g_assert_cmpuint (count_copies (), ==, 0);
}

int
main (int argc, char *argv[])
{
  /* The subprocess must use its parent's folder. */
  if (g_getenv ("ORR_TEST_CACHE") == NULL)
    {
      g_autofree char *cache = g_dir_make_tmp ("orrery-cache-XXXXXX", NULL);
      g_setenv ("ORR_TEST_CACHE", cache, TRUE);
      g_setenv ("XDG_CACHE_HOME", cache, TRUE);
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/autosave/tidy", test_tidy);
  g_test_add_func ("/autosave/crash", test_crash);
  return g_test_run ();
}
