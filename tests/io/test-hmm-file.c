/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-file.h"

#include <string.h>

#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "python.h"

static OrrHmm *
make_model (void)
{
  OrrHmm *hmm = orr_hmm_preset_create (orr_hmm_preset_find ("cyclic"));

  g_free (hmm->state_names[1]);
  hmm->state_names[1] = g_strdup ("Zustand \"\xc3\xa4\"");
  hmm->locked[2] = 1;
  hmm->colours[3] = 0x336699;
  return hmm;
}

static void
test_round_trips (void)
{
  static const char *const extensions[] = { "json", "JSON", "npz" };
  g_autofree char *folder = make_folder ();
  g_autoptr (OrrHmm) hmm = make_model ();

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/model.%s", folder, extensions[i]);
      g_autoptr (GError) error = NULL;

      g_assert_true (orr_hmm_save (hmm, path, &error));
      g_autoptr (OrrHmm) back = orr_hmm_load (path, &error);
      g_assert_no_error (error);
      /* hmmlearn's arrays have no place for colours. */
      if (i == 2)
        back->colours[3] = hmm->colours[3];
      g_assert_true (orr_hmm_equal (hmm, back));
    }
  remove_folder (folder);
}

/* As a person writes one. */
static void
test_by_hand (void)
{
  static const char text[] =
    "{\n"
    "  \"states\": [\"quiet\", \"loud\"],\n"
    "  \"symbols\": [\"a\", \"b\", \"c\"],\n"
    "  \"transition\": [[0.9, 0.1], [0.5, 0.5]],\n"
    "  \"emission\": [[1, 0, 0], [0, 0.25, 0.75]],\n"
    "  \"locked\": [[0, 1], [0, 0]]\n"
    "}\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHmm) hmm = orr_hmm_parse_json (text, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hmm->n_states, ==, 2);
  g_assert_cmpuint (hmm->n_symbols, ==, 3);
  g_assert_cmpstr (hmm->state_names[1], ==, "loud");
  g_assert_cmpstr (hmm->symbol_names[2], ==, "c");
  g_assert_cmpfloat (hmm->start[0], ==, 0.5);
  g_assert_cmpfloat (hmm->emission[5], ==, 0.75);
  g_assert_true (hmm->locked[1]);
}

static void
test_refusals (void)
{
  static const struct { const char *text; const char *says; } cases[] = {
    { "", "" },
    { "[1, 2]", "not an object" },
    { "{\n\"start\": [0.5 0.5]\n}", "Line 2" },
    { "{\"emission\": [[1]]}", "transition" },
    { "{\"transition\": [[0.5, 0.4], [0, 1]], \"emission\": [[1], [1]]}", "sum to 0.9" },
    { "{\"transition\": [[1, 0], [0]], \"emission\": [[1], [1]]}", "transition" },
    { "{\"transition\": [[1]], \"emission\": [[0.5, 0.5]], \"start\": [0.5, 0.5]}", "start" },
    { "{\"transition\": [[1]], \"emission\": [[0.5, 0.5]], \"states\": [\"a\", \"b\"]}", "state_names" },
    { "{\"transition\": [[2, -1], [0, 1]], \"emission\": [[1], [1]]}", "not a probability" },
  };
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "bad.json", NULL);
  g_autofree char *other = g_build_filename (folder, "model.xml", NULL);
  g_autoptr (OrrHmm) hmm = make_model ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, cases[i].text, -1, NULL));
      g_assert_null (orr_hmm_load (path, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_assert_true (g_str_has_prefix (error->message, "bad.json: "));
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }

  g_autoptr (GError) error = NULL;
  g_assert_false (orr_hmm_save (hmm, other, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, ".json, .npz or .dot"));
  remove_folder (folder);
}

static void
test_numpy (void)
{
  static const char script[] =
    "import sys, numpy as np\n"
    "d = sys.argv[1]\n"
    "z = np.load(d + '/model.npz')\n"
    "assert z['startprob_'].shape == (4,) and z['transmat_'].shape == (4, 4) and z['emissionprob_'].shape == (4, 3)\n"
    "assert abs(z['transmat_'].sum(1) - 1).max() < 1e-12 and z['state_names'][1] == 'Zustand \"\\u00e4\"'\n"
    "np.savez_compressed(d + '/plain.npz', startprob=[0.25, 0.75], transmat=np.eye(2, dtype='f4'),\n"
    "                    emissionprob=np.array([[1, 0, 0], [0, 0.5, 0.5]], order='F'), n_iter=7)\n"
    "np.savez(d + '/gauss.npz', startprob_=[1.0], transmat_=[[1.0]], means_=[[0.0]])\n"
    "np.savez(d + '/network.npz', weight_hh_l0=np.eye(2), weight_ih_l0=np.eye(2))\n";
  g_autoptr (OrrHmm) hmm = make_model ();
  g_autoptr (GError) error = NULL;

  if (!have_python ("numpy"))
    return;
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "model.npz", NULL);
  g_autofree char *plain = g_build_filename (folder, "plain.npz", NULL);
  g_autofree char *gauss = g_build_filename (folder, "gauss.npz", NULL);
  g_autofree char *network = g_build_filename (folder, "network.npz", NULL);
  const char *arguments[] = { folder, NULL };
  g_assert_true (orr_hmm_save (hmm, path, &error));
  g_assert_true (run_python (script, arguments, NULL));

  /* A model, even one that is not understood; no network. */
  g_assert_true (orr_hmm_is_archive (path));
  g_assert_true (orr_hmm_is_archive (plain));
  g_assert_true (orr_hmm_is_archive (gauss));
  g_assert_false (orr_hmm_is_archive (network));
  g_assert_false (orr_hmm_is_archive (folder));

  g_autoptr (OrrHmm) read = orr_hmm_load (plain, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (read->start[1], ==, 0.75);
  g_assert_cmpfloat (read->transition[3], ==, 1.0);
  g_assert_cmpfloat (read->emission[4], ==, 0.5);
  g_assert_cmpfloat (read->emission[3], ==, 0.0);

  g_assert_null (orr_hmm_load (gauss, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "emission"));
  remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm-file/round-trips", test_round_trips);
  g_test_add_func ("/hmm-file/by-hand", test_by_hand);
  g_test_add_func ("/hmm-file/refusals", test_refusals);
  g_test_add_func ("/hmm-file/numpy", test_numpy);
  return g_test_run ();
}
