/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "orr-adamw.h"
#include "orr-error.h"
#include "orr-matrix.h"
#include "orr-params.h"

static OrrParams *
make (void)
{
  OrrParams *params = orr_params_new ();

  g_assert_cmpuint (orr_params_add (params, "w", 3, 5), ==, 0);
  g_assert_cmpuint (orr_params_add (params, "b", 1, 3), ==, 1);
  orr_params_allocate (params);
  orr_params_fill_uniform (params, 0, 0.5f, 7);
  orr_params_fill (params, 1, 0.25f);
  return params;
}

static void
test_files (void)
{
  g_autofree char *directory = g_dir_make_tmp ("orrery-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "w", NULL);
  g_autoptr (OrrParams) saved = make (), loaded = make (), other = orr_params_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  for (int half = 0; half < 2; half++)
    {
      g_assert_true (orr_params_save (saved, path, "test of files", half, &error));
      g_autofree char *header = orr_params_read_header (path, &error);
      g_assert_cmpstr (header, ==, "test of files");
      memset (loaded->values, 0, loaded->size * sizeof (float));
      g_assert_true (orr_params_load (loaded, path, &error));
      for (gsize i = 0; i < saved->size; i++)
        g_assert_cmpfloat (fabsf (saved->values[i] - loaded->values[i]), <=, half ? 3e-4f : 0.0f);
    }

  /* Every truncation is refused. */
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  for (gsize n = 0; n < length; n += 3)
    {
      g_autoptr (GError) refused = NULL;
      g_assert_true (g_file_set_contents (path, contents, n, NULL));
      g_assert_false (orr_params_load (loaded, path, &refused));
      g_assert_error (refused, ORR_ERROR, ORR_ERROR_INPUT);
    }

  /* So is another layout. */
  orr_params_add (other, "w", 5, 3);
  orr_params_add (other, "b", 1, 3);
  orr_params_allocate (other);
  g_assert_true (orr_params_save (saved, path, "x", TRUE, NULL));
  g_assert_false (orr_params_load (other, path, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_unlink (path);
  g_rmdir (directory);
}

/* Two steps against the formulas of the paper, in double. */
static void
test_adamw (void)
{
  g_autoptr (OrrParams) params = make ();
  g_autoptr (OrrAdamW) adam = orr_adamw_new (params);
  float *gradient = orr_aligned_alloc0 (params->size, sizeof (float));
  double w = params->values[2], b = params->values[orr_params_part (params, 1)->offset], m = 0, v = 0, mb = 0, vb = 0;

  adam->weight_decay = 0.1f;
  adam->clip = 0.5f;
  for (int t = 1; t <= 2; t++)
    {
      gradient[2] = 0.6f * t;
      gradient[orr_params_part (params, 1)->offset] = -0.8f * t;
      double norm = orr_adamw_step (adam, params, gradient, 0.01);
      g_assert_cmpfloat (fabs (norm - t), <, 1e-6);
      double g = 0.6 * t * 0.5 / t, gb = -0.8 * t * 0.5 / t;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      mb = 0.9 * mb + 0.1 * gb;
      vb = 0.999 * vb + 0.001 * gb * gb;
      double c1 = 1 - pow (0.9, t), c2 = 1 - pow (0.999, t);
      w = w * (1 - 0.01 * 0.1) - 0.01 * (m / c1) / (sqrt (v / c2) + 1e-8);
      b = b - 0.01 * (mb / c1) / (sqrt (vb / c2) + 1e-8);
    }
  g_assert_cmpfloat (fabs (params->values[2] - w), <, 1e-6);
  g_assert_cmpfloat (fabs (params->values[orr_params_part (params, 1)->offset] - b), <, 1e-6);

  /* A gradient that is not finite changes nothing. */
  float before = params->values[2];
  gradient[5] = NAN;
  orr_adamw_step (adam, params, gradient, 0.01);
  g_assert_cmpfloat (params->values[2], ==, before);
  orr_aligned_free (gradient);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/params/files", test_files);
  g_test_add_func ("/params/adamw", test_adamw);
  return g_test_run ();
}
