/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-pca.h"

#include <lapacke.h>
#include <math.h>

#include "orr-error.h"
#include "orr-random.h"

#define N 3000
#define H 7

static OrrMatrix *
create_states (void)
{
  OrrMatrix *states = orr_matrix_new (N, H);
  static const float scale[H] = { 0.3f, 2.0f, 0.1f, 5.0f, 1.0f, 0.7f, 3.0f };

  orr_random_normal_fill (states->data, N * H, 1.0, 3, ORR_RANDOM_STREAM_TEST, 0);
  for (gsize i = 0; i < N; i++)
    {
      float *row = orr_matrix_row (states, i);
      for (gsize j = 0; j < H; j++)
        row[j] = scale[j] * row[j] + 0.5f * (j > 0 ? row[j - 1] : 0.0f) + 3.0f * j;
    }
  return states;
}

/* Against the singular values of the centred states. */
static void
test_singular_values (void)
{
  g_autoptr (OrrMatrix) states = create_states ();
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrPca) pca = orr_pca_new (states, H, &error);
  g_autofree double *centred = g_new (double, N * H);
  double singular[H], right[H * H], superb[H], total = 0.0;

  g_assert_no_error (error);
  for (gsize i = 0; i < N; i++)
    for (gsize j = 0; j < H; j++)
      centred[i * H + j] = states->data[i * H + j] - pca->mean[j];
  LAPACKE_dgesvd (LAPACK_ROW_MAJOR, 'N', 'S', N, H, centred, H, singular, NULL, 1, right, H, superb);

  for (gsize p = 0; p < H; p++)
    total += singular[p] * singular[p] / (N - 1);
  g_assert_cmpfloat_with_epsilon (total, pca->total_variance, 1e-9 * total);
  for (gsize p = 0; p < H; p++)
    {
      double dot = 0.0, largest = 0.0;

      g_assert_cmpfloat_with_epsilon (singular[p] * singular[p] / (N - 1) / total, pca->variance_ratio[p], 1e-9);
      for (gsize j = 0; j < H; j++)
        {
          double loading = pca->components[p * H + j];
          dot += loading * right[p * H + j];
          if (fabs (loading) > fabs (largest))
            largest = loading;
        }
      g_assert_cmpfloat_with_epsilon (fabs (dot), 1.0, 1e-8);
      g_assert_cmpfloat (largest, >, 0.0);
    }
}

static void
test_project (void)
{
  g_autoptr (OrrMatrix) states = create_states ();
  g_autoptr (OrrPca) pca = orr_pca_new (states, 2, NULL);
  g_autoptr (OrrMatrix) points = orr_pca_project (pca, states);
  double variance[2] = { 0.0, 0.0 };

  g_assert_cmpuint (points->rows, ==, N);
  g_assert_cmpuint (points->cols, ==, 2);
  for (gsize i = 0; i < N; i++)
    for (gsize p = 0; p < 2; p++)
      variance[p] += points->data[2 * i + p] * points->data[2 * i + p] / (N - 1);
  for (gsize p = 0; p < 2; p++)
    g_assert_cmpfloat_with_epsilon (variance[p] / pca->total_variance, pca->variance_ratio[p], 1e-5);
}

static void
test_errors (void)
{
  g_autoptr (OrrMatrix) one = orr_matrix_new (1, 3);
  g_autoptr (OrrMatrix) still = orr_matrix_new (5, 3);
  g_autoptr (GError) error = NULL;

  g_assert_null (orr_pca_new (one, 2, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);

  /* States that never move have no variance to explain, which is no error. */
  g_autoptr (OrrPca) pca = orr_pca_new (still, 9, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pca->n_components, ==, 3);
  g_assert_cmpfloat (pca->variance_ratio[0], ==, 0.0);

  still->data[4] = NAN;
  g_assert_null (orr_pca_new (still, 2, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_NUMERIC);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pca/singular-values", test_singular_values);
  g_test_add_func ("/pca/project", test_project);
  g_test_add_func ("/pca/errors", test_errors);
  return g_test_run ();
}
