/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-moments.h"

#include <math.h>
#include <string.h>

#include "orr-hmm-presets.h"
#include "orr-hmm-sample.h"

/* Two states, three symbols, not stationary at the start. */
static OrrHmm *
create_uneven (void)
{
  static const double start[] = { 0.85, 0.15 }, transition[] = { 0.7, 0.3, 0.1, 0.9 };
  static const double emission[] = { 0.6, 0.3, 0.1, 0.05, 0.2, 0.75 };
  OrrHmm *hmm = orr_hmm_new (2, 3);

  memcpy (hmm->start, start, sizeof start);
  memcpy (hmm->transition, transition, sizeof transition);
  memcpy (hmm->emission, emission, sizeof emission);
  return hmm;
}

static guint8 *
sample (const OrrHmm *hmm, guint64 seed, guint n, guint length)
{
  g_autofree guint16 *wide = g_new (guint16, (gsize) n * length);
  guint8 *symbols = g_malloc ((gsize) n * length);

  orr_hmm_sample (hmm, 0, n, length, seed, wide, NULL);
  for (gsize i = 0; i < (gsize) n * length; i++)
    symbols[i] = (guint8) wide[i];
  return symbols;
}

/* Probability of one sequence of symbols, by the sum over all paths of states. */
static double
probability (const OrrHmm *hmm, const guint8 *symbols, guint length)
{
  guint paths = 1, S = hmm->n_states;
  double sum = 0.0;

  for (guint t = 0; t < length; t++)
    paths *= S;
  for (guint path = 0; path < paths; path++)
    {
      double p = 1.0;
      guint rest = path, before = 0;

      for (guint t = 0; t < length; t++, rest /= S)
        {
          guint state = rest % S;

          p *= t == 0 ? hmm->start[state] : hmm->transition[before * S + state];
          p *= hmm->emission[state * hmm->n_symbols + symbols[t]];
          before = state;
        }
      sum += p;
    }
  return sum;
}

/* Expectations and spreads against the sum over all 3^5 sequences of symbols. */
static void
test_brute_force (void)
{
  g_autoptr (OrrHmm) hmm = create_uneven ();
  g_autoptr (OrrMoments) moments = orr_moments_new (hmm, 5, 3, TRUE);
  guint n_groups, n, K = 3, T = 5;
  const OrrMomentGroup *groups = orr_moments_get_groups (moments, &n_groups);
  const double *expected = orr_moments_get_expected (moments, &n), *spread = orr_moments_get_spread (moments);
  double mean[57] = { 0 }, square[57] = { 0 };

  /* Three lags, and neighbours that end at step 1, at 2, at 3 or 4. */
  g_assert_cmpuint (n_groups, ==, 6);
  g_assert_cmpuint (n, ==, 57);
  for (guint code = 0; code < 243; code++)
    {
      guint8 s[5];
      double value[57] = { 0 };
      guint rest = code;

      for (guint t = 0; t < T; t++, rest /= K)
        s[t] = (guint8) (rest % K);
      for (guint t = 0; t < T; t++)
        value[s[t]] += 1.0 / T;
      for (guint g = 0; g < n_groups; g++)
        for (guint t = groups[g].from; t < groups[g].to; t++)
          value[K + g * K * K + s[t - groups[g].lag] * K + s[t]] += 1.0 / (groups[g].to - groups[g].from);

      double p = probability (hmm, s, T);
      for (guint c = 0; c < n; c++)
        {
          mean[c] += p * value[c];
          square[c] += p * value[c] * value[c];
        }
    }
  for (guint c = 0; c < n; c++)
    {
      const OrrMomentGroup *group = &groups[c < K ? 0 : (c - K) / (K * K)];
      guint steps = c < K ? T : group->to - group->from;
      double variance = fmax (square[c] - mean[c] * mean[c], mean[c] * (1.0 - mean[c]) / steps);

      g_assert_cmpfloat_with_epsilon (expected[c], mean[c], 1e-12);
      /* An estimate from 8192 sequences. */
      g_assert_cmpfloat (fabs (spread[c] / variance - 1.0), <, 0.25);
    }
}

/* Lags up to the longest, or to what the sequence has; stages that cover it once. */
static void
test_groups (void)
{
  static const guint wanted[] = { 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48 };
  g_autoptr (OrrHmm) hmm = create_uneven ();
  g_autoptr (OrrMoments) far = orr_moments_new (hmm, 100, 60, FALSE);
  g_autoptr (OrrMoments) near = orr_moments_new (hmm, 4, 60, FALSE);
  g_autoptr (OrrMoments) staged = orr_moments_new (hmm, 30, 2, TRUE);
  guint n, end = 1;
  const OrrMomentGroup *groups = orr_moments_get_groups (far, &n);

  g_assert_cmpuint (n, ==, G_N_ELEMENTS (wanted));
  for (guint g = 0; g < n; g++)
    {
      g_assert_cmpuint (groups[g].lag, ==, wanted[g]);
      g_assert_cmpuint (groups[g].from, ==, wanted[g]);
      g_assert_cmpuint (groups[g].to, ==, 100);
    }
  orr_moments_get_groups (near, &n);
  g_assert_cmpuint (n, ==, 3);
  groups = orr_moments_get_groups (staged, &n);
  /* 1, 2, 3 to 4, 5 to 8, 9 to 16, 17 to 29 */
  g_assert_cmpuint (n, ==, 2 + 6);
  for (guint g = 2; g < n; g++)
    {
      g_assert_cmpuint (groups[g].from, ==, end);
      g_assert_cmpfloat_with_epsilon (groups[g].share, 1.0 / 6.0, 1e-15);
      end = groups[g].to;
    }
  g_assert_cmpuint (groups[7].from, ==, 17);
  g_assert_cmpuint (end, ==, 30);
}

/* The same distance for points that need not be one-hot, in plain loops. */
static double
relaxed_distance (const OrrMoments *moments, const double *y, guint n, guint T, guint K)
{
  guint n_groups, n_cells;
  const OrrMomentGroup *groups = orr_moments_get_groups (moments, &n_groups);
  const double *expected = orr_moments_get_expected (moments, &n_cells), *spread = orr_moments_get_spread (moments);
  double sum = 0.0;

  for (guint k = 0; k < K; k++)
    {
      double mean = 0.0;

      for (guint i = 0; i < n * T; i++)
        mean += y[i * K + k] / (n * T);
      sum += pow (mean - expected[k], 2) / spread[k];
    }
  for (guint g = 0; g < n_groups; g++)
    for (guint j = 0; j < K; j++)
      for (guint k = 0; k < K; k++)
        {
          guint cell = K + g * K * K + j * K + k;
          double mean = 0.0;

          for (guint i = 0; i < n; i++)
            for (guint t = groups[g].from; t < groups[g].to; t++)
              mean += y[(i * T + t - groups[g].lag) * K + j] * y[(i * T + t) * K + k] /
                      (n * (groups[g].to - groups[g].from));
          sum += pow (mean - expected[cell], 2) / spread[cell] * groups[g].share;
        }
  return sum;
}

/* Value and gradient against the relaxed distance and its central differences. */
static void
test_gradient (void)
{
  enum { N = 7, T = 9, K = 3 };
  g_autoptr (OrrHmm) hmm = create_uneven ();
  g_autoptr (OrrMoments) moments = orr_moments_new (hmm, T, 4, TRUE);
  g_autofree guint8 *symbols = sample (hmm, 3, N, T);
  double y[N * T * K] = { 0 };
  float gradient[N * T * K];
  const double weight = 1.7, step = 1e-4;

  for (guint i = 0; i < N * T; i++)
    y[i * K + symbols[i]] = 1.0;
  for (guint i = 0; i < G_N_ELEMENTS (gradient); i++)
    gradient[i] = 0.25f;
  double distance = orr_moments_compare (moments, symbols, N, weight, gradient, 1);
  g_assert_cmpfloat_with_epsilon (distance, relaxed_distance (moments, y, N, T, K), 1e-9 * distance);
  g_assert_cmpfloat (distance, >, 0.01);

  for (guint i = 0; i < G_N_ELEMENTS (gradient); i++)
    {
      double at = y[i];

      y[i] = at + step;
      double above = relaxed_distance (moments, y, N, T, K);
      y[i] = at - step;
      double slope = (above - relaxed_distance (moments, y, N, T, K)) / (2.0 * step);
      y[i] = at;
      /* It is added to what was there. */
      g_assert_cmpfloat_with_epsilon (gradient[i], 0.25 + weight * slope, 1e-4 * (1.0 + fabs (slope)));
    }
}

/* Any number of threads gives the same bits, over several blocks of sequences. */
static void
test_threads (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrMoments) moments = orr_moments_new (hmm, 30, 8, TRUE);
  g_autofree guint8 *symbols = sample (hmm, 5, 1000, 30);
  g_autofree float *one = g_new0 (float, 1000 * 30 * 3), *three = g_new0 (float, 1000 * 30 * 3);

  g_assert_cmpfloat (orr_moments_compare (moments, symbols, 1000, 1.0, one, 1), ==,
                     orr_moments_compare (moments, symbols, 1000, 1.0, three, 3));
  g_assert_cmpmem (one, 1000 * 30 * 3 * sizeof (float), three, 1000 * 30 * 3 * sizeof (float));
}

/* The model's own sequences are at (K + K^2) / n; its symbols in another order are far away; so are sequences that
 * have lost the rare symbol, which the divergence hardly sees. */
static void
test_tells_apart (void)
{
  enum { N = 4000, T = 30 };
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrMoments) moments = orr_moments_new (hmm, T, 8, FALSE);
  g_autofree guint8 *own = sample (hmm, 11, N, T), *shuffled = g_malloc (N * T), *poor = g_memdup2 (own, N * T);

  for (guint i = 0; i < N * T; i++)
    {
      shuffled[i] = own[(i * 7919u) % (N * T)];
      if (own[i] == 1)
        poor[i] = i % T > 0 ? poor[i - 1] : 0;
    }
  double level = orr_moments_compare (moments, own, N, 0.0, NULL, 0);
  g_assert_cmpfloat (level, <, 3.0 * 12.0 / N);
  g_assert_cmpfloat (orr_moments_compare (moments, shuffled, N, 0.0, NULL, 0), >, 100.0 * level);
  g_assert_cmpfloat (orr_moments_compare (moments, poor, N, 0.0, NULL, 0), >, 100.0 * level);
}

/* A model of very many symbols takes no longer than it has to, and impossible pairs do no harm. */
static void
test_many_symbols (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_new (2, 200);
  guint n;

  hmm->start[0] = hmm->start[1] = 0.5;
  hmm->transition[0] = hmm->transition[3] = 0.9;
  hmm->transition[1] = hmm->transition[2] = 0.1;
  memset (hmm->emission, 0, 2 * 200 * sizeof (double));
  for (guint k = 0; k < 100; k++)
    hmm->emission[k] = hmm->emission[300 + k] = 0.01;
  g_autoptr (OrrMoments) moments = orr_moments_new (hmm, 20, 8, FALSE);
  const double *expected = orr_moments_get_expected (moments, &n), *spread = orr_moments_get_spread (moments);
  double sum = 0.0;
  for (guint c = 0; c < n; c++)
    {
      g_assert_cmpfloat (spread[c], >, 0.0);
      sum += expected[c];
    }
  /* Frequencies, and the pairs of each of six lags, sum to 1. */
  g_assert_cmpfloat_with_epsilon (sum, 7.0, 1e-9);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/moments/brute-force", test_brute_force);
  g_test_add_func ("/moments/groups", test_groups);
  g_test_add_func ("/moments/gradient", test_gradient);
  g_test_add_func ("/moments/threads", test_threads);
  g_test_add_func ("/moments/tells-apart", test_tells_apart);
  g_test_add_func ("/moments/many-symbols", test_many_symbols);
  return g_test_run ();
}
