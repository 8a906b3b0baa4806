/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "orr-section.h"
#include "orr-study-file.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *directory;

static char *
place (const char *name)
{
  return g_build_filename (directory, name, NULL);
}

/* A section with every kind of value. */
static GVariant *
new_section (void)
{
  const double numbers[70] = { 1.5, NAN, -INFINITY, 0.0 };
  const double table[6] = { 1, 2, 3, 4, 5, 6 };
  const char *texts[] = { "S1", "zwei Zustände", "", NULL };
  GVariant *ragged[2] = { orr_section_new_doubles (numbers, 1), orr_section_new_doubles (table, 3) };
  g_autofree char *long_text = g_strnfill (10000, 'x');
  GVariantBuilder list;
  GVariantDict dict, child;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (int i = 0; i < 12; i++)
    {
      g_variant_dict_init (&child, NULL);
      g_variant_dict_insert (&child, "index", "i", i);
      g_variant_builder_add_value (&list, g_variant_dict_end (&child));
    }

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "flag", "b", TRUE);
  g_variant_dict_insert (&dict, "small", "i", -7);
  g_variant_dict_insert (&dict, "large", "x", G_MAXINT64);
  g_variant_dict_insert (&dict, "number", "d", 0.1);
  g_variant_dict_insert (&dict, "nothing", "d", NAN);
  g_variant_dict_insert (&dict, "text", "s", "θ and “quotes”");
  g_variant_dict_insert (&dict, "long_text", "s", long_text);
  g_variant_dict_insert_value (&dict, "numbers", orr_section_new_doubles (numbers, 70));
  g_variant_dict_insert_value (&dict, "no_numbers", orr_section_new_doubles (numbers, 0));
  g_variant_dict_insert_value (&dict, "table", orr_section_new_table (table, 2, 3));
  g_variant_dict_insert_value (&dict, "ragged", g_variant_new_array (G_VARIANT_TYPE ("ad"), ragged, 2));
  g_variant_dict_insert_value (&dict, "texts", g_variant_new_strv (texts, 3));
  g_variant_dict_insert_value (&dict, "bytes", g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "abc", 3, 1));
  g_variant_dict_insert_value (&dict, "list", g_variant_builder_end (&list));
  return g_variant_dict_end (&dict);
}

static OrrStudy *
new_study (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("cyclic"));
  g_autoptr (OrrNetwork) network = orr_network_new_random (12, 5, 3, FALSE, 3);
  g_autoptr (OrrNetwork) biased = orr_network_new_random (7, 2, 3, TRUE, 4);
  g_autoptr (OrrRun) plain = orr_run_new ("first", network, hmm);
  g_autoptr (OrrRun) imported = orr_run_new ("second", biased, NULL);
  g_autoptr (OrrStudy) study = orr_study_new ("A study", hmm);

  biased->activation = ORR_ACTIVATION_TANH;
  plain->best_epoch = 2;
  plain->baseline = 4.25;
  plain->history = orr_matrix_new (3, ORR_HISTORY_N_COLUMNS);
  for (int i = 0; i < 15; i++)
    plain->history->data[i] = i * 0.5f;
  orr_run_add_snapshot (plain, 1, network);
  orr_run_add_snapshot (plain, 20, network);
  g_autoptr (OrrRun) analysed = orr_run_with_section (plain, "state_space", new_section ());
  g_autoptr (OrrStudy) one = orr_study_with_run (study, analysed);
  g_autoptr (OrrStudy) two = orr_study_with_run (one, imported);
  g_autoptr (OrrStudy) noted = orr_study_with_notes (two, "Ünïcode\nnotes");
  g_autoptr (OrrExpr) expr = orr_expr_new_leaf (ORR_EXPR_OP_CONSTANT, 0, 2.5);
  g_autoptr (OrrEquations) none = orr_equations_new ();
  g_autoptr (OrrEquations) equations = orr_equations_with_expr (none, expr, ORR_MOVER_AGENT, "zwei Zustände", 0.5);
  return orr_study_with_equations (noted, equations);
}

static void
assert_equal_variants (GVariant *a, GVariant *b)
{
  GVariantDict first;
  GVariantIter iter;
  const char *name;
  GVariant *value;
  gsize n = 0;

  /* The order of the fields does not count. */
  g_variant_dict_init (&first, b);
  g_variant_iter_init (&iter, a);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;
      g_autoptr (GVariant) other = g_variant_dict_lookup_value (&first, name, NULL);

      g_assert_nonnull (other);
      g_assert_cmpstr (g_variant_get_type_string (owned), ==, g_variant_get_type_string (other));
      if (g_variant_is_of_type (owned, G_VARIANT_TYPE_VARDICT))
        {
          assert_equal_variants (owned, other);
        }
      else if (!g_variant_equal (owned, other))
        {
          g_autofree char *print_a = g_variant_print (owned, TRUE);
          g_autofree char *print_b = g_variant_print (other, TRUE);
          g_assert_cmpstr (print_a, ==, print_b);
        }
      n++;
    }
  g_assert_cmpuint (n, ==, g_variant_n_children (b));
  g_variant_dict_clear (&first);
}

static void
assert_equal_matrices (const OrrMatrix *a, const OrrMatrix *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;
  g_assert_cmpuint (a->rows, ==, b->rows);
  g_assert_cmpuint (a->cols, ==, b->cols);
  g_assert_cmpmem (a->data, a->rows * a->cols * 4, b->data, b->rows * b->cols * 4);
}

static void
assert_equal_networks (const OrrNetwork *a, const OrrNetwork *b)
{
  g_assert_cmpint (a->activation, ==, b->activation);
  assert_equal_matrices (a->weight_ih, b->weight_ih);
  assert_equal_matrices (a->weight_hh, b->weight_hh);
  assert_equal_matrices (a->weight_out, b->weight_out);
  assert_equal_matrices (a->bias_ih, b->bias_ih);
  assert_equal_matrices (a->bias_hh, b->bias_hh);
  assert_equal_matrices (a->bias_out, b->bias_out);
}

static void
assert_equal_runs (const OrrRun *a, const OrrRun *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpuint (a->best_epoch, ==, b->best_epoch);
  g_assert_true (a->baseline == b->baseline || (isnan (a->baseline) && isnan (b->baseline)));
  g_assert_true ((a->hmm == NULL) == (b->hmm == NULL));
  g_assert_true (a->hmm == NULL || orr_hmm_equal (a->hmm, b->hmm));
  assert_equal_networks (a->network, b->network);
  assert_equal_matrices (a->history, b->history);
  assert_equal_variants (a->sections, b->sections);
  g_assert_cmpuint (a->snapshots->len, ==, b->snapshots->len);
  for (guint i = 0; i < a->snapshots->len; i++)
    {
      const OrrSnapshot *s = a->snapshots->pdata[i], *t = b->snapshots->pdata[i];

      g_assert_cmpuint (s->epoch, ==, t->epoch);
      assert_equal_networks (s->network, t->network);
    }
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrStudy) study = new_study ();
  g_autofree char *path = place ("round.orrery");
  g_autofree char *again = place ("again.orrery");

  g_assert_true (orr_study_file_save (study, path, &error));
  g_assert_no_error (error);
  g_autoptr (OrrStudy) read = orr_study_file_load (path, &error);
  g_assert_no_error (error);

  g_assert_cmpstr (read->title, ==, study->title);
  g_assert_cmpstr (read->notes, ==, study->notes);
  g_assert_true (orr_hmm_equal (read->hmm, study->hmm));
  g_autoptr (GVariant) written_equations = orr_equations_to_section (study->equations);
  g_autoptr (GVariant) read_equations = orr_equations_to_section (read->equations);
  assert_equal_variants (written_equations, read_equations);
  g_assert_cmpuint (read->runs->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    assert_equal_runs (study->runs->pdata[i], read->runs->pdata[i]);

  /* Saving twice gives the same file (in another second too), and replacing one leaves nothing beside it. */
  g_usleep (G_USEC_PER_SEC + G_USEC_PER_SEC / 10);
  g_assert_true (orr_study_file_save (study, again, &error));
  g_assert_true (orr_study_file_save (study, again, &error));
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first, n_second, n_files = 0;
  g_assert_true (g_file_get_contents (path, &first, &n_first, NULL));
  g_assert_true (g_file_get_contents (again, &second, &n_second, NULL));
  g_assert_cmpmem (first, n_first, second, n_second);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n_files++;
  g_assert_cmpuint (n_files, ==, 2);
}

static void
assert_refused (const char *path, const char *what)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (orr_study_file_load (path, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_test_message ("%s", error->message);
  if (what != NULL)
    g_assert_nonnull (strstr (error->message, what));
}

static void
test_bad_files (void)
{
  g_autoptr (OrrStudy) study = new_study ();
  g_autofree char *path = place ("good.orrery");
  g_autofree char *bad = place ("bad.orrery");
  g_autofree char *content = NULL;
  gsize n;

  assert_refused ("/nowhere/at/all.orrery", "no such file");
  g_assert_true (g_file_set_contents (bad, "not a study", -1, NULL));
  assert_refused (bad, "not an HDF5 file");

  g_assert_true (orr_study_file_save (study, path, NULL));
  g_assert_true (g_file_get_contents (path, &content, &n, NULL));
  for (gsize keep = 0; keep < n; keep += MAX (n / 50, 1))
    {
      g_assert_true (g_file_set_contents (bad, content, keep, NULL));
      assert_refused (bad, NULL);
    }
}

static void
test_unwritable (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrStudy) study = new_study ();

  g_assert_false (orr_study_file_save (study, "/nowhere/at/all.orrery", &error));
  g_assert_nonnull (error);
}

/* The file speaks plainly to those who have only h5py. */
static void
test_h5py (void)
{
  static const char *script =
    "import sys, h5py\n"
    "f = h5py.File(sys.argv[1], 'r')\n"
    "assert f.attrs['format'] == 'orrery-study' and f.attrs['title'] == 'A study'\n"
    "assert f['hmm/transition'].shape == (4, 4) and abs(f['hmm/transition'][0].sum() - 1) < 1e-12\n"
    "assert f['runs/0001/network/weight_hh'].shape == (12, 12)\n"
    "assert f['runs/0001/network/weight_hh'].dtype == 'float32'\n"
    "assert f['runs/0001/sections/state_space'].attrs['flag'] == True\n"
    "assert list(f['runs/0001/snapshots']) == ['000001', '000020']\n"
    "assert f['equations/moves/000000'].attrs['label'] == 'zwei Zust\\u00e4nde'\n"
    "assert [t.decode() for t in f['runs/0001/sections/state_space/texts'][:]][1] == 'zwei Zust\\u00e4nde'\n";
  g_autoptr (OrrStudy) study = new_study ();
  g_autofree char *path = place ("python.orrery");
  g_autofree char *complaint = NULL;
  int status;
  const char *probe[] = { "/usr/bin/python3", "-c", "import h5py", NULL };
  const char *check[] = { "/usr/bin/python3", "-c", script, path, NULL };

  if (!g_spawn_sync (NULL, (char **) probe, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL) ||
      status != 0)
    {
      g_test_skip ("Debian's python3-h5py is not installed");
      return;
    }
  g_assert_true (orr_study_file_save (study, path, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) check, NULL, 0, NULL, NULL, NULL, &complaint, &status, NULL));
  g_assert_cmpstr (complaint, ==, "");
  g_assert_cmpint (status, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("orrery-study-XXXXXX", NULL);
  g_test_add_func ("/study-file/round-trip", test_round_trip);
  g_test_add_func ("/study-file/bad-files", test_bad_files);
  g_test_add_func ("/study-file/unwritable", test_unwritable);
  g_test_add_func ("/study-file/h5py", test_h5py);

  int status = g_test_run ();
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = place (name);
      g_unlink (path);
    }
  g_rmdir (directory);
  return status;
}
