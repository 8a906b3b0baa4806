/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Studies that other programs changed or broke, by h5py: what must still open, and what is said of the rest. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "orr-study-file.h"

#define PYTHON "/usr/bin/python3"

static char *folder;
static char *path;

static gboolean
run_python (const char *script)
{
  g_autofree char *complaint = NULL;
  const char *argv[] = { PYTHON, "-c", script, path, NULL };
  int status = 1;

  gboolean done = g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &complaint, &status, NULL) &&
                  g_spawn_check_wait_status (status, NULL);
  if (!done)
    g_test_message ("%s", complaint);
  return done;
}

static void
save_study (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("two"));
  g_autoptr (OrrNetwork) network = orr_network_new_random (5, 2, 3, FALSE, 1);
  g_autoptr (OrrStudy) empty = orr_study_new ("Changed", hmm);
  g_autoptr (OrrRun) run = orr_run_new ("first", network, hmm);
  g_autoptr (OrrStudy) study = NULL;

  run->history = orr_matrix_new (3, ORR_HISTORY_N_COLUMNS);
  orr_run_add_snapshot (run, 4, network);
  study = orr_study_with_run (empty, run);
  g_assert_true (orr_study_file_save (study, path, NULL));
}

/* Runs Python statements on the open file f of a fresh study. */
static void
change_study (const char *statements)
{
  g_autofree char *script = g_strconcat ("import sys, h5py, numpy as np\nf = h5py.File(sys.argv[1], 'r+')\n", statements,
                                         "\nf.close()\n", NULL);

  save_study ();
  g_assert_true (run_python (script));
}

static void
test_accepted (void)
{
  static const char *const changes[] = {
    "f['future/thing'] = np.arange(10); f['future'].attrs['x'] = 'y'",
    "f['hmm'].attrs['remark'] = 'by another program'; f['runs/0001/extra'] = np.zeros((2, 2, 2))",
    "f.attrs['list'] = np.arange(4); f['runs/0001'].attrs['author'] = b'bytes'",
    "del f['equations']",
    "del f['runs/0001/snapshots']; del f['runs/0001/history']; del f['runs/0001/hmm']",
    "w = f['runs/0001/network/weight_hh'][()]; del f['runs/0001/network/weight_hh']\n"
    "f['runs/0001/network/weight_hh'] = w.astype('>f8')",
    "t = f['hmm/transition'][()]; del f['hmm/transition']; f['hmm/transition'] = t.astype('f4')",
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GError) error = NULL;

      change_study (changes[i]);
      g_test_message ("%s", changes[i]);
      g_autoptr (OrrStudy) study = orr_study_file_load (path, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (study->title, ==, "Changed");
      g_assert_cmpuint (study->runs->len, ==, 1);
      g_assert_cmpuint (((OrrRun *) study->runs->pdata[0])->network->n_hidden, ==, 5);
    }
}

/* Before training told of statistics, histories had five columns. */
static void
test_narrow_history (void)
{
  g_autoptr (GError) error = NULL;

  change_study ("del f['runs/0001/history']; f['runs/0001/history'] = np.arange(15, dtype='f4').reshape(3, 5)");
  g_autoptr (OrrStudy) study = orr_study_file_load (path, &error);
  g_assert_no_error (error);
  const OrrMatrix *history = ((OrrRun *) study->runs->pdata[0])->history;
  g_assert_cmpuint (history->rows, ==, 3);
  g_assert_cmpuint (history->cols, ==, ORR_HISTORY_N_COLUMNS);
  g_assert_cmpfloat (orr_matrix_row (history, 2)[ORR_HISTORY_SECONDS], ==, 14.0f);
  g_assert_true (isnan (orr_matrix_row (history, 2)[ORR_HISTORY_STATISTICS]));
}

static void
test_refused (void)
{
  static const struct { const char *change; const char *says; } changes[] = {
    { "f.attrs['version'] = 99", "newer Orrery" },
    { "del f.attrs['format']", "not an Orrery study" },
    { "f.attrs['format'] = 'something'", "not an Orrery study" },
    { "del f['hmm']", "/hmm" },
    { "f['hmm/transition'][0, 0] = 7", "not a probability" },
    { "del f['hmm/emission']", "emission" },
    { "f['hmm/transition'][0] = np.nan", "not a probability" },
    { "del f['runs/0001/network']", "/runs/0001/network" },
    { "del f['runs/0001/network/weight_ih']", "/runs/0001/network/weight_ih" },
    { "del f['runs/0001/network/weight_hh']; f['runs/0001/network/weight_hh'] = np.zeros((4, 5))", "weight_hh" },
    { "del f['runs/0001/network/weight_hh']; f['runs/0001/network/weight_hh'] = ['a', 'b']", "weight_hh" },
    { "f['runs/0001/network/weight_out'][0, 0] = np.inf", "/runs/0001/network: The network's readout weight holds values that are not finite" },
    { "del f['runs/0001/history']; f['runs/0001/history'] = np.zeros((3, 2))", "history" },
    { "f['runs/0002/nothing'] = 1", "/runs/0002" },
    { "f['runs/0001/sections/a/b'] = f['runs/0001/sections']", "circle" },
    { "del f['runs']; f['runs'] = h5py.ExternalLink('/etc/other.h5', '/runs')", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GError) error = NULL;

      change_study (changes[i].change);
      g_autoptr (OrrStudy) study = orr_study_file_load (path, &error);
      g_test_message ("%s -> %s", changes[i].change, error != NULL ? error->message : "opened");
      if (changes[i].says == NULL)
        {
          /* What another file holds is not there. */
          g_assert_no_error (error);
          g_assert_cmpuint (study->runs->len, ==, 0);
          continue;
        }
      g_assert_null (study);
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_assert_nonnull (strstr (error->message, changes[i].says));
      g_assert_true (g_str_has_prefix (error->message, "study.orrery: "));
    }
}

/* A flipped byte is noticed or harmless, whichever it is: never a crash, never an error without a sentence. */
static void
test_flipped_bytes (void)
{
  g_autofree char *content = NULL;
  gsize length;

  save_study ();
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  for (gsize i = 0; i < length; i += 1 + i / 64)
    {
      g_autoptr (GError) error = NULL;

      content[i] ^= 0x20;
      g_assert_true (g_file_set_contents (path, content, length, NULL));
      g_autoptr (OrrStudy) study = orr_study_file_load (path, &error);
      g_assert_true ((study != NULL) == (error == NULL));
      g_assert_true (error == NULL || (error->domain == ORR_ERROR && *error->message != '\0'));
      content[i] ^= 0x20;
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("orrery-study-XXXXXX", NULL);
  path = g_build_filename (folder, "study.orrery", NULL);

  g_test_add_func ("/foreign-studies/flipped-bytes", test_flipped_bytes);
  if (g_file_test (PYTHON, G_FILE_TEST_IS_EXECUTABLE) && run_python ("import h5py"))
    {
      g_test_add_func ("/foreign-studies/accepted", test_accepted);
      g_test_add_func ("/foreign-studies/narrow-history", test_narrow_history);
      g_test_add_func ("/foreign-studies/refused", test_refused);
    }

  int status = g_test_run ();
  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
  return status;
}
