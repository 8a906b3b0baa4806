/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the seeds from which the fuzzers start: make-seeds FOLDER NETWORKS. A
 * folder a target, a few small files in each, made by our own writers; NETWORKS
 * are PyTorch's own files, whose pickles are taken out.
 */
#include <glib/gstdio.h>
#include <math.h>

#include "orr-hmm-file.h"
#include "orr-hmm-presets.h"
#include "orr-network-file.h"
#include "orr-npy.h"
#include "orr-section.h"
#include "orr-study-file.h"
#include "orr-zip.h"

static const char *folder;

static char *
place (const char *target, const char *name)
{
  g_autofree char *inner = g_build_filename (folder, target, NULL);

  g_assert_cmpint (g_mkdir_with_parents (inner, 0755), ==, 0);
  return g_build_filename (inner, name, NULL);
}

static void
write_text (const char *target, const char *name, const char *text)
{
  g_autofree char *path = place (target, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
write_networks (void)
{
  static const struct { const char *target; const char *extension; } kinds[] = {
    { "torch", "pth" }, { "safetensors", "safetensors" }, { "npz", "npz" }, { "hdf5", "h5" },
  };

  for (guint biased = 0; biased < 2; biased++)
    {
      g_autoptr (OrrNetwork) network = orr_network_new_random (3, 2, 2, biased, 1);

      for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        {
          g_autofree char *name = g_strdup_printf ("network-%u.%s", biased, kinds[i].extension);
          g_autofree char *path = place (kinds[i].target, name);
          g_assert_true (orr_network_save (network, path, NULL));
        }
    }
}

/* The pickle within a PyTorch file. */
static void
write_pickle (const char *path, const char *name)
{
  g_autofree char *out = place ("pickle", name);
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_autoptr (GBytes) bytes = g_bytes_new (content, length);
  g_autoptr (OrrZip) zip = orr_zip_open (bytes, NULL);
  for (guint i = 0; zip != NULL && i < orr_zip_get_length (zip); i++)
    if (g_str_has_suffix (orr_zip_get_name (zip, i), "/data.pkl"))
      {
        g_autoptr (GBytes) pickle = orr_zip_read (zip, i, NULL);
        g_assert_true (g_file_set_contents (out, g_bytes_get_data (pickle, NULL), g_bytes_get_size (pickle), NULL));
      }
}

/* Of the files that PyTorch itself wrote, good and bad. */
static void
write_pickles (const char *networks)
{
  g_autoptr (GDir) dir = g_dir_open (networks, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (networks, name, NULL);
      write_pickle (path, name);
    }
}

static void
write_arrays (void)
{
  const double numbers[] = { 1.0, NAN, -2.5, 1e300 };
  const guint8 bytes[] = { 1, 2, 3, 4, 5, 6 };
  const char *const texts[] = { "a", "\xc3\xa4\xc3\xb6", "" };
  OrrArray *arrays[] = {
    orr_array_new_vector (ORR_ARRAY_FLOAT64, 4, numbers),
    orr_array_new_table (ORR_ARRAY_UINT8, 2, 3, bytes),
    orr_array_new_texts (texts, 3),
    orr_array_new_text ("relu"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    {
      g_autofree char *name = g_strdup_printf ("array-%u.npy", i);
      g_autofree char *path = place ("npy", name);
      g_assert_true (orr_npy_save (arrays[i], path, NULL));
      orr_array_unref (arrays[i]);
    }
}

static void
write_models (void)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (&presets[i]);
      g_autofree char *text = orr_hmm_print_json (hmm);
      g_autofree char *name = g_strconcat (presets[i].id, ".json", NULL);
      g_autofree char *npz_name = g_strconcat (presets[i].id, ".npz", NULL);
      g_autofree char *npz = place ("npz", npz_name);

      write_text ("hmm", name, text);
      write_text ("json", name, text);
      g_assert_true (orr_hmm_save (hmm, npz, NULL));
    }
  write_text ("hmm", "by-hand.json", "{\"states\": [\"a\", \"b\"], \"transition\": [[0.9, 0.1], [0.5, 0.5]],\n"
                                     " \"emission\": [[1, 0], [0, 1]], \"locked\": [[0, 1], [0, 0]]}\n");
}

static void
write_tables (void)
{
  write_text ("table", "plain.csv", "t,mass,y\n1,2.5,-3e2\n4,NA,6\n");
  write_text ("table", "semicolon.csv", "t;mass;y\r\n1;2,5;-3e2\r\n4;;6");
  write_text ("table", "quoted.csv", "\"planet, name\",x\n\"the \"\"red\"\"\none\",1\nVenus,2\n");
  write_text ("table", "blank.txt", "# x y\n  1 2\n 3   4\n");
}

static void
write_expressions (void)
{
  write_text ("expression", "law.txt", "2*sin(x_1)^2 + c*`body mass` - 1.5e-3");
  write_text ("expression", "python.txt", "-np.exp(-x_2**2)/(2*pi)");
  write_text ("expression", "typed.txt", "3dose(1 + ?)\xc2\xb2 \xe2\x88\x92 log10(pow(x_3, c_1))");
}

/* A study with every kind of content, small. */
static void
write_study (void)
{
  const double table[] = { 1, 2, 3, 4 };
  const char *const texts[] = { "a", "b", NULL };
  GVariant *ragged[] = { orr_section_new_doubles (table, 1), orr_section_new_doubles (table, 3) };
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("two"));
  g_autoptr (OrrNetwork) network = orr_network_new_random (3, 2, 3, TRUE, 1);
  g_autoptr (OrrStudy) empty = orr_study_new ("Empty", hmm);
  g_autoptr (OrrRun) run = orr_run_new ("run", network, hmm);
  GVariantDict dict;

  run->history = orr_matrix_new (2, ORR_HISTORY_N_COLUMNS);
  orr_run_add_snapshot (run, 1, network);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "flag", "b", TRUE);
  g_variant_dict_insert (&dict, "count", "i", 3);
  g_variant_dict_insert (&dict, "text", "s", "text");
  g_variant_dict_insert_value (&dict, "table", orr_section_new_table (table, 2, 2));
  g_variant_dict_insert_value (&dict, "ragged", g_variant_new_array (G_VARIANT_TYPE ("ad"), ragged, 2));
  g_variant_dict_insert_value (&dict, "texts", g_variant_new_strv (texts, 2));
  g_autoptr (OrrRun) analysed = orr_run_with_section (run, "state_space", g_variant_dict_end (&dict));
  g_autoptr (OrrStudy) study = orr_study_with_run (empty, analysed);

  g_autofree char *small = place ("study", "empty.orrery");
  g_autofree char *large = place ("study", "full.orrery");
  g_autofree char *plain = place ("hdf5", "study.h5");
  g_assert_true (orr_study_file_save (empty, small, NULL));
  g_assert_true (orr_study_file_save (study, large, NULL));
  g_assert_true (orr_study_file_save (study, plain, NULL));
}

int
main (int argc, char *argv[])
{
  if (argc != 3)
    {
      g_printerr ("usage: make-seeds FOLDER NETWORKS\n");
      return 2;
    }
  folder = argv[1];
  write_networks ();
  write_pickles (argv[2]);
  write_arrays ();
  write_models ();
  write_tables ();
  write_expressions ();
  write_study ();
  return 0;
}
