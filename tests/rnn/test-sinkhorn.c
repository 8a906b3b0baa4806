/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sinkhorn.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-random.h"
#include "orr-sinkhorn-sequences.h"
#include "sinkhorn-cases.h"

static float
normal (guint i)
{
  return (float) orr_random_normal (8, ORR_RANDOM_STREAM_TEST, i);
}

/* Relative to the largest entry. */
static double
largest_difference (const float *a, const float *b, gsize n)
{
  double difference = 0.0, scale = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      difference = MAX (difference, fabs (a[i] - b[i]));
      scale = MAX (scale, fabs (b[i]));
    }
  return difference / scale;
}

static void
check_points (const float *x, gsize n, const float *y, gsize m, gsize dimension, double blur, double value,
              const float *expected)
{
  g_autofree float *gradient = g_new (float, n * dimension);
  g_autoptr (GError) error = NULL;
  double divergence;

  g_assert_true (orr_sinkhorn_points (x, n, y, m, dimension, blur, 2, &divergence, gradient, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (fabs (divergence / value - 1.0), <, 1e-7);
  g_assert_cmpfloat (largest_difference (gradient, expected, n * dimension), <, 2e-6);
}

static void
test_points (void)
{
  check_points (points_x_0, 7, points_y_0, 5, 3, 0.2, points_value_0, points_gradient_0);
  check_points (points_x_1, 40, points_y_1, 33, 8, 0.05, points_value_1, points_gradient_1);
  check_points (points_x_2, 1, points_y_2, 1, 2, 0.5, points_value_2, points_gradient_2);
}

static void
check_sequences (const guint8 *x, guint n, const guint8 *y, guint m, guint length, guint n_symbols, double value,
                 const float *expected)
{
  g_autoptr (OrrSinkhornTarget) target = orr_sinkhorn_target_new (y, m, length, n_symbols);
  gsize point = (gsize) length * n_symbols;
  g_autofree float *gradient = g_new (float, n * point);
  double divergence;

  /* Twice, since the target keeps its own term. */
  for (guint repeat = 0; repeat < 2; repeat++)
    {
      g_assert_true (orr_sinkhorn_sequences (x, n, target, 0.2, 2, &divergence, gradient, NULL, NULL));
      g_assert_cmpfloat (fabs (divergence / value - 1.0), <, 2e-6);
    }
  for (guint i = 0; i < n; i += 10)
    g_assert_cmpfloat (largest_difference (gradient + i * point, expected + i / 10 * point, point), <, 1e-5);
}

static void
test_sequences (void)
{
  check_sequences (sequences_x_0, 50, sequences_y_0, 70, 6, 3, sequences_value_0, sequences_gradient_0);
  check_sequences (sequences_x_1, 30, sequences_y_1, 25, 33, 5, sequences_value_1, sequences_gradient_1);
  check_sequences (sequences_x_2, 12, sequences_y_2, 11, 300, 2, sequences_value_2, sequences_gradient_2);
}

/* The envelope theorem's gradient is the derivative of the value, up to how far the loop has converged. */
static void
test_finite_differences (void)
{
  enum { N = 12, M = 10, P = 2 };
  float x[N * P], y[M * P], gradient[N * P];
  double value, above, below;
  const float step = 1e-2f;

  for (guint i = 0; i < N * P; i++)
    x[i] = normal (i);
  for (guint i = 0; i < M * P; i++)
    y[i] = 1.0f + 0.7f * normal (100 + i);
  /* A large blur, where the loop has converged to about 1 %. */
  g_assert_true (orr_sinkhorn_points (x, N, y, M, P, 1.5, 1, &value, gradient, NULL, NULL));
  for (guint c = 0; c < N * P; c += 5)
    {
      float kept = x[c];
      x[c] = kept + step;
      g_assert_true (orr_sinkhorn_points (x, N, y, M, P, 1.5, 1, &above, NULL, NULL, NULL));
      double width = x[c];
      x[c] = kept - step;
      g_assert_true (orr_sinkhorn_points (x, N, y, M, P, 1.5, 1, &below, NULL, NULL, NULL));
      width -= x[c];
      x[c] = kept;
      g_assert_cmpfloat_with_epsilon ((above - below) / width, gradient[c], 1e-2 * fabs (gradient[c]) + 1e-4);
    }
}

/* All assignments of six points, by Heap's algorithm. */
static double
best_assignment (const float *x, const float *y, guint n, guint dimension)
{
  guint order[8], counter[8] = { 0 };
  double best = INFINITY;
  guint i = 0;

  for (guint k = 0; k < n; k++)
    order[k] = k;
  for (;;)
    {
      double cost = 0.0;

      for (guint k = 0; k < n; k++)
        for (guint c = 0; c < dimension; c++)
          cost += 0.5 * pow (x[k * dimension + c] - y[order[k] * dimension + c], 2.0) / n;
      best = MIN (best, cost);
      while (i < n && counter[i] >= i)
        counter[i++] = 0;
      if (i == n)
        return best;
      guint other = i & 1 ? counter[i] : 0, swap = order[other];
      order[other] = order[i];
      order[i] = swap;
      counter[i]++;
      i = 0;
    }
}

/* As blur goes to 0 the divergence becomes the cost of exact optimal transport. */
static void
test_exact_transport (void)
{
  enum { N = 6, P = 3 };
  float x[N * P], y[N * P];
  double value, coarse = 0.0, fine = 0.0;

  for (guint trial = 0; trial < 5; trial++)
    {
      for (guint i = 0; i < N * P; i++)
        {
          x[i] = normal (1000 * trial + i);
          y[i] = 0.5f + normal (1000 * trial + 500 + i);
        }
      double exact = best_assignment (x, y, N, P);
      g_assert_true (orr_sinkhorn_points (x, N, y, N, P, 1.0, 1, &value, NULL, NULL, NULL));
      coarse += fabs (value / exact - 1.0);
      g_assert_true (orr_sinkhorn_points (x, N, y, N, P, 0.01, 1, &value, NULL, NULL, NULL));
      fine += fabs (value / exact - 1.0);
      g_assert_cmpfloat (fabs (value / exact - 1.0), <, 0.05);
    }
  g_assert_cmpfloat (fine, <, 0.5 * coarse);
}

static void
fill_sequences (guint8 *symbols, gsize n, guint n_symbols, guint64 seed)
{
  for (gsize i = 0; i < n; i++)
    symbols[i] = orr_random_below (seed, ORR_RANDOM_STREAM_TEST, i, n_symbols);
}

/* Sets of more than one tile: the fast form agrees with the general one, for 1 and 2 threads bitwise. */
static void
test_forms_agree (void)
{
  enum { N = 1100, M = 1201, T = 9, K = 3, POINT = T * K };
  g_autofree guint8 *x = g_new (guint8, N * T), *y = g_new (guint8, M * T);
  g_autofree float *a = g_new0 (float, N * POINT), *b = g_new0 (float, M * POINT);
  g_autofree float *slow = g_new (float, N * POINT), *fast = g_new (float, N * POINT), *one = g_new (float, N * POINT);
  g_autoptr (OrrSinkhornTarget) target = NULL;
  double slow_value, fast_value, one_value;

  fill_sequences (x, N * T, K, 1);
  fill_sequences (y, M * T, K, 2);
  for (gsize i = 0; i < N * T; i++)
    a[i * K + x[i]] = 1.0f;
  for (gsize i = 0; i < M * T; i++)
    b[i * K + y[i]] = 1.0f;

  target = orr_sinkhorn_target_new (y, M, T, K);
  g_assert_true (orr_sinkhorn_points (a, N, b, M, POINT, 0.2, 2, &slow_value, slow, NULL, NULL));
  g_assert_true (orr_sinkhorn_sequences (x, N, target, 0.2, 2, &fast_value, fast, NULL, NULL));
  g_assert_true (orr_sinkhorn_sequences (x, N, target, 0.2, 1, &one_value, one, NULL, NULL));
  g_assert_cmpfloat (fabs (fast_value / slow_value - 1.0), <, 1e-5);
  g_assert_cmpfloat (largest_difference (fast, slow, N * POINT), <, 2e-5);
  g_assert_cmpfloat (fast_value, ==, one_value);
  g_assert_cmpmem (fast, N * POINT * sizeof (float), one, N * POINT * sizeof (float));
}

/* Far and lonely sequences leave float32's range in the sums, which are then redone. */
static void
test_far_sequences (void)
{
  enum { N = 80, T = 250, K = 2 };
  g_autofree guint8 *x = g_new0 (guint8, N * T), *y = g_new0 (guint8, N * T);
  g_autofree float *a = g_new0 (float, N * T * K), *b = g_new0 (float, N * T * K);
  g_autofree float *slow = g_new (float, N * T * K), *fast = g_new (float, N * T * K);
  g_autoptr (OrrSinkhornTarget) target = NULL;
  double slow_value, fast_value;

  for (guint t = 0; t < T; t++)
    {
      x[3 * T + t] = 1;
      y[5 * T + t] = t > 40;
      y[7 * T + t] = t < 9;
    }
  for (gsize i = 0; i < N * T; i++)
    a[i * K + x[i]] = b[i * K + y[i]] = 1.0f;
  target = orr_sinkhorn_target_new (y, N, T, K);
  g_assert_true (orr_sinkhorn_points (a, N, b, N, T * K, 0.05, 1, &slow_value, slow, NULL, NULL));
  g_assert_true (orr_sinkhorn_sequences (x, N, target, 0.05, 1, &fast_value, fast, NULL, NULL));
  g_assert_cmpfloat (fabs (fast_value / slow_value - 1.0), <, 1e-5);
  g_assert_cmpfloat (largest_difference (fast, slow, N * T * K), <, 2e-5);
}

static void
test_same_sets (void)
{
  guint8 x[20 * 5];
  g_autoptr (OrrSinkhornTarget) target = NULL;
  double value;
  float gradient[20 * 10];

  fill_sequences (x, sizeof x, 2, 3);
  target = orr_sinkhorn_target_new (x, 20, 5, 2);
  g_assert_true (orr_sinkhorn_sequences (x, 20, target, 0.2, 1, &value, gradient, NULL, NULL));
  g_assert_cmpfloat_with_epsilon (value, 0.0, 1e-6);

  /* One point only: no diameter, no divergence, no gradient. */
  orr_sinkhorn_target_free (g_steal_pointer (&target));
  target = orr_sinkhorn_target_new (x, 1, 5, 2);
  g_assert_true (orr_sinkhorn_sequences (x, 1, target, 0.2, 1, &value, gradient, NULL, NULL));
  g_assert_cmpfloat (value, ==, 0.0);
  for (guint c = 0; c < 10; c++)
    g_assert_cmpfloat (gradient[c], ==, 0.0f);
}

static void
test_errors (void)
{
  float x[4] = { 0.0f, 1.0f, NAN, 2.0f }, y[4] = { 0.0f, 1.0f, 2.0f, 3.0f };
  guint8 symbols[100];
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);
  g_autoptr (OrrSinkhornTarget) target = NULL;
  double value;

  g_assert_false (orr_sinkhorn_points (y, 2, x, 2, 2, 0.2, 1, &value, NULL, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "Point 2 of the second set"));
  g_clear_error (&error);

  orr_progress_cancel (progress);
  fill_sequences (symbols, sizeof symbols, 2, 3);
  target = orr_sinkhorn_target_new (symbols, 20, 5, 2);
  g_assert_false (orr_sinkhorn_sequences (symbols + 5, 19, target, 0.2, 1, &value, NULL, progress, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sinkhorn/points", test_points);
  g_test_add_func ("/sinkhorn/sequences", test_sequences);
  g_test_add_func ("/sinkhorn/finite-differences", test_finite_differences);
  g_test_add_func ("/sinkhorn/exact-transport", test_exact_transport);
  g_test_add_func ("/sinkhorn/forms-agree", test_forms_agree);
  g_test_add_func ("/sinkhorn/far-sequences", test_far_sequences);
  g_test_add_func ("/sinkhorn/same-sets", test_same_sets);
  g_test_add_func ("/sinkhorn/errors", test_errors);
  return g_test_run ();
}
