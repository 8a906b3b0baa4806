/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-matrix.h"

#include <cblas.h>
#include <math.h>

static void
test_life (void)
{
  g_autoptr (OrrMatrix) a = orr_matrix_new (3, 5);

  g_assert_cmpuint ((gsize) a->data % 64, ==, 0);
  for (gsize i = 0; i < 15; i++)
    {
      g_assert_cmpfloat (a->data[i], ==, 0.0f);
      a->data[i] = i;
    }

  g_autoptr (OrrMatrix) b = orr_matrix_copy (a);
  a->data[14] = NAN;
  g_assert_false (orr_matrix_is_finite (a));
  g_assert_true (orr_matrix_is_finite (b));
  g_assert_cmpfloat (orr_matrix_row (b, 2)[4], ==, 14.0f);

  g_autoptr (OrrMatrix) c = orr_matrix_ref (b);
  g_assert_true (c == b);
}

/* The fast BLAS must be the one that is bound (GSL brings a slow one of the same names). */
static void
test_blas_is_openblas (void)
{
  const char *config = openblas_get_config ();

  g_assert_nonnull (config);
  g_test_message ("%s", config);
  g_assert_true (g_str_has_prefix (config, "OpenBLAS"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matrix/life", test_life);
  g_test_add_func ("/matrix/blas", test_blas_is_openblas);
  return g_test_run ();
}
