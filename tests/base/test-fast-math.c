/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-fast-math.h"

#include "orr-random.h"

#define N 100000

static double
uniform (guint i)
{
  return orr_random_uniform (5, ORR_RANDOM_STREAM_TEST, i);
}

static void
test_exp (void)
{
  double largest = 0.0;

  for (guint i = 0; i < N; i++)
    {
      float x = (float) (-87.0 + 175.0 * uniform (i));
      largest = MAX (largest, fabs (orr_fast_exp (x) / exp (x) - 1.0));
    }
  g_assert_cmpfloat (largest, <, 2e-7);
  largest = 0.0;
  for (guint i = 0; i < N; i++)
    {
      double x = -708.0 + 1416.0 * uniform (i);
      largest = MAX (largest, fabs (orr_fast_exp_double (x) / exp (x) - 1.0));
    }
  g_assert_cmpfloat (largest, <, 2e-14);
  g_assert_cmpfloat (orr_fast_exp_double (-709.0), ==, 0.0);
  g_assert_cmpfloat (orr_fast_exp (0.0f), ==, 1.0f);
  g_assert_cmpfloat (orr_fast_exp (-87.5f), ==, 0.0f);
  g_assert_cmpfloat (orr_fast_exp (-1e30f), ==, 0.0f);
  g_assert_true (isfinite (orr_fast_exp (1e30f)));
}

static void
test_exp2 (void)
{
  double largest = 0.0;

  for (guint i = 0; i < N; i++)
    {
      float x = (float) (-126.0 + 252.0 * uniform (i));
      largest = MAX (largest, fabs (orr_fast_exp2 (x) / exp2 (x) - 1.0));
    }
  g_assert_cmpfloat (largest, <, 3e-7);
  for (int x = -126; x <= 126; x++)
    g_assert_cmpfloat (fabs (orr_fast_exp2 ((float) x) / exp2 (x) - 1.0), <, 3e-7);
  g_assert_cmpfloat (orr_fast_exp2 (-127.0f), ==, 0.0f);
  g_assert_cmpfloat (orr_fast_exp2 (-1e30f), ==, 0.0f);
  g_assert_true (isfinite (orr_fast_exp2 (1e30f)));
}

static void
test_log (void)
{
  double largest = 0.0;

  for (guint i = 0; i < N; i++)
    {
      /* All magnitudes, and close to 1 from both sides. */
      float x = (float) exp (-80.0 + 160.0 * uniform (i));
      float y = (float) (1.0 + 0.01 * (uniform (i + N) - 0.5));
      double log_y = log (y);

      largest = MAX (largest, fabs (orr_fast_log (x) - log (x)) / MAX (fabs (log (x)), 0.5));
      if (log_y != 0.0)
        largest = MAX (largest, fabs (orr_fast_log (y) / log_y - 1.0));
    }
  g_assert_cmpfloat (largest, <, 2e-7);
}

static void
test_sincos (void)
{
  double largest = 0.0;

  for (guint i = 0; i <= N; i++)
    {
      float u = (float) i / N, sine, cosine;

      orr_fast_sincos_turn (u, &sine, &cosine);
      largest = MAX (largest, fabs (sine - sin (2.0 * G_PI * u)));
      largest = MAX (largest, fabs (cosine - cos (2.0 * G_PI * u)));
    }
  g_assert_cmpfloat (largest, <, 3e-7);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fast-math/exp", test_exp);
  g_test_add_func ("/fast-math/exp2", test_exp2);
  g_test_add_func ("/fast-math/log", test_log);
  g_test_add_func ("/fast-math/sincos", test_sincos);
  return g_test_run ();
}
