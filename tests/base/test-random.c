/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-random.h"

#include <math.h>

#define N 200000

/* Known answers published with Random123 (kat_vectors, philox4x32 10 rounds). */
static void
test_known_answers (void)
{
  guint32 out[4];

  orr_random_block (0, 0, 0, out);
  g_assert_cmphex (out[0], ==, 0x6627e8d5);
  g_assert_cmphex (out[1], ==, 0xe169c58d);
  g_assert_cmphex (out[2], ==, 0xbc57ac4c);
  g_assert_cmphex (out[3], ==, 0x9b00dbd8);

  orr_random_block (G_MAXUINT64, G_MAXUINT64, G_MAXUINT64, out);
  g_assert_cmphex (out[0], ==, 0x408f276d);
  g_assert_cmphex (out[1], ==, 0x41c83b0e);
  g_assert_cmphex (out[2], ==, 0xa20bc7c6);
  g_assert_cmphex (out[3], ==, 0x6d5451fd);
}

static void
check_moments (const float *values, double mean, double variance)
{
  double sum = 0.0, sum_squares = 0.0;

  for (gsize i = 0; i < N; i++)
    sum += values[i];
  sum /= N;
  for (gsize i = 0; i < N; i++)
    sum_squares += (values[i] - sum) * (values[i] - sum);

  /* Five standard errors. */
  g_assert_cmpfloat (fabs (sum - mean), <, 5.0 * sqrt (variance / N));
  g_assert_cmpfloat (fabs (sum_squares / N / variance - 1.0), <, 5.0 * sqrt (2.0 / N));
}

static void
test_fills (void)
{
  g_autofree float *uniform = g_new (float, N);
  g_autofree float *normal = g_new (float, N);
  g_autofree float *part = g_new (float, N);

  orr_random_uniform_fill (uniform, N, 7, 1, 0);
  orr_random_normal_fill (normal, N, 1.0, 7, 2, 0);
  check_moments (uniform, 0.5, 1.0 / 12.0);
  check_moments (normal, 0.0, 1.0);

  for (gsize i = 0; i < N; i++)
    {
      g_assert_cmpfloat (uniform[i], >, 0.0f);
      g_assert_cmpfloat (uniform[i], <, 1.0f);
      g_assert_true (isfinite (normal[i]));
    }

  /* Any part, from any odd place, is the same part of the whole. */
  for (guint first = 1; first < 1000; first += 13)
    {
      orr_random_normal_fill (part, 101, 1.0, 7, 2, first);
      for (gsize i = 0; i < 101; i++)
        g_assert_cmpfloat (part[i], ==, normal[first + i]);
      orr_random_uniform_fill (part, 101, 7, 1, first);
      for (gsize i = 0; i < 101; i++)
        g_assert_cmpfloat (part[i], ==, uniform[first + i]);
    }
}

/* The fills are the words of orr_random_block() in order, by the formulas of their names. */
static void
check_words (guint64 seed, guint64 stream, guint64 first)
{
  enum { COUNT = 4100 };
  float uniform[COUNT], normal[COUNT], gumbel[COUNT];

  orr_random_uniform_fill (uniform, COUNT, seed, stream, first);
  orr_random_normal_fill (normal, COUNT, 2.0, seed, stream, first);
  orr_random_gumbel_fill (gumbel, COUNT, seed, stream, first);
  for (guint i = 0; i < COUNT; i++)
    {
      guint64 index = first + i;
      guint k = index & 1;
      guint32 words[4];
      double u[4];

      orr_random_block (seed, stream, index >> 2, words);
      for (int j = 0; j < 4; j++)
        u[j] = ((words[j] >> 9) + 0.5) / 8388608.0;
      double radius = 2.0 * sqrt (-2.0 * log (u[k]));
      double angle = 2.0 * G_PI * u[k + 2];

      g_assert_cmpfloat (uniform[i], ==, (float) u[index & 3]);
      g_assert_cmpfloat_with_epsilon (normal[i], radius * ((index & 3) < 2 ? cos (angle) : sin (angle)), 5e-6);
      g_assert_cmpfloat_with_epsilon (gumbel[i], -log (-log (u[index & 3])), 5e-6);
    }
}

/* The last blocks' numbers pass 2^32 on the way. */
static void
test_words (void)
{
  check_words (21, 22, 3);
  check_words (G_GUINT64_CONSTANT (0xfedcba9876543210), G_GUINT64_CONSTANT (0x8123456789abcdef),
               (G_GUINT64_CONSTANT (1) << 34) - 2049);
}

/* The normal numbers follow the normal distribution: Kolmogorov-Smirnov at 1e-4. */
static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;
  return (x > y) - (x < y);
}

static void
test_normal_distribution (void)
{
  g_autofree float *normal = g_new (float, N);
  double largest = 0.0;

  orr_random_normal_fill (normal, N, 1.0, 11, 3, 5);
  qsort (normal, N, sizeof (float), compare_floats);
  for (gsize i = 0; i < N; i++)
    {
      double cdf = 0.5 * erfc (-normal[i] * G_SQRT2 / 2.0);
      largest = MAX (largest, fabs (cdf - (i + 0.5) / N));
    }
  g_assert_cmpfloat (largest * sqrt (N), <, 2.23);
}

static void
test_below (void)
{
  int counts[7] = { 0 };

  for (guint i = 0; i < 70000; i++)
    counts[orr_random_below (3, 4, i, 7)]++;
  for (int k = 0; k < 7; k++)
    g_assert_cmpint (ABS (counts[k] - 10000), <, 500);
}

static void
test_shuffle (void)
{
  guint32 items[50];
  guint64 seen = 0;
  gboolean moved = FALSE;

  for (guint i = 0; i < 50; i++)
    items[i] = i;
  orr_random_shuffle (items, 50, 9, 9);
  for (guint i = 0; i < 50; i++)
    {
      seen |= G_GUINT64_CONSTANT (1) << items[i];
      moved |= items[i] != i;
    }
  g_assert_cmphex (seen, ==, (G_GUINT64_CONSTANT (1) << 50) - 1);
  g_assert_true (moved);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random/known-answers", test_known_answers);
  g_test_add_func ("/random/fills", test_fills);
  g_test_add_func ("/random/words", test_words);
  g_test_add_func ("/random/normal-distribution", test_normal_distribution);
  g_test_add_func ("/random/below", test_below);
  g_test_add_func ("/random/shuffle", test_shuffle);
  return g_test_run ();
}
