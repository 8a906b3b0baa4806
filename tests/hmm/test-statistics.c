/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-statistics.h"

#include <lapacke.h>
#include <string.h>

#include "hmm-brute-force.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-sample.h"

/* Against the left eigenvector that LAPACK finds. */
static void
check_stationary (const OrrHmm *hmm)
{
  gsize S = hmm->n_states;
  g_autofree double *matrix = g_memdup2 (hmm->transition, S * S * sizeof (double));
  g_autofree double *re = g_new (double, S), *im = g_new (double, S);
  g_autofree double *left = g_new (double, S * S);
  g_autofree double *stationary = g_new (double, S);
  double sum = 0.0;
  gsize one = 0;

  LAPACKE_dgeev (LAPACK_ROW_MAJOR, 'V', 'N', S, matrix, S, re, im, left, S, NULL, S);
  for (gsize i = 1; i < S; i++)
    if (hypot (re[i] - 1.0, im[i]) < hypot (re[one] - 1.0, im[one]))
      one = i;
  for (gsize i = 0; i < S; i++)
    sum += left[i * S + one];

  g_assert_true (orr_hmm_stationary (hmm, stationary));
  for (gsize i = 0; i < S; i++)
    g_assert_cmpfloat_with_epsilon (stationary[i], left[i * S + one] / sum, 1e-10);
}

static void
test_stationary (void)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (&presets[i]);
      check_stationary (hmm);
    }
  for (guint64 seed = 0; seed < 10; seed++)
    {
      g_autoptr (OrrHmm) hmm = create_random_hmm (2 + seed, 3, 0.0, seed);
      check_stationary (hmm);
    }
}

static OrrHmm *
create_two (double leave_first, double leave_second)
{
  OrrHmm *hmm = orr_hmm_new (2, 2);
  const double transition[4] = { 1 - leave_first, leave_first, leave_second, 1 - leave_second };
  const double emission[4] = { 0.8, 0.2, 0.1, 0.9 };

  memcpy (hmm->transition, transition, sizeof transition);
  memcpy (hmm->emission, emission, sizeof emission);
  return hmm;
}

/* Chains with a period, that hardly ever move, or that fall apart. */
static void
test_hard_chains (void)
{
  double stationary[2];
  g_autoptr (OrrHmm) periodic = create_two (1.0, 1.0);
  g_assert_true (orr_hmm_stationary (periodic, stationary));
  g_assert_cmpfloat_with_epsilon (stationary[0], 0.5, 1e-12);

  g_autoptr (OrrHmm) slow = create_two (1e-9, 3e-9);
  g_assert_true (orr_hmm_stationary (slow, stationary));
  g_assert_cmpfloat_with_epsilon (stationary[0], 0.75, 1e-6);

  g_autoptr (OrrHmm) absorbing = create_two (0.2, 0.0);
  g_assert_true (orr_hmm_stationary (absorbing, stationary));
  g_assert_cmpfloat_with_epsilon (stationary[1], 1.0, 1e-12);

  g_autoptr (OrrHmm) apart = create_two (0.0, 0.0);
  apart->start[0] = 0.3;
  apart->start[1] = 0.7;
  g_assert_false (orr_hmm_stationary (apart, stationary));
  g_assert_cmpfloat_with_epsilon (stationary[0], 0.3, 1e-12);
}

static void
test_closed_forms (void)
{
  g_autoptr (OrrHmm) hmm = create_two (0.1, 0.3);
  double dwell[2], frequencies[2], transitions[4];
  double first = -(0.9 * log2 (0.9) + 0.1 * log2 (0.1)), second = -(0.7 * log2 (0.7) + 0.3 * log2 (0.3));

  orr_hmm_dwell_times (hmm, dwell);
  g_assert_cmpfloat_with_epsilon (dwell[0], 10.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (dwell[1], 1.0 / 0.3, 1e-12);
  g_assert_cmpfloat_with_epsilon (orr_hmm_entropy_rate (hmm), 0.75 * first + 0.25 * second, 1e-12);
  orr_hmm_symbol_frequencies (hmm, frequencies);
  g_assert_cmpfloat_with_epsilon (frequencies[0], 0.75 * 0.8 + 0.25 * 0.1, 1e-12);

  orr_hmm_symbol_transitions (hmm, transitions);
  double both = 0.75 * 0.8 * (0.9 * 0.8 + 0.1 * 0.1) + 0.25 * 0.1 * (0.3 * 0.8 + 0.7 * 0.1);
  g_assert_cmpfloat_with_epsilon (transitions[0], both / (0.75 * 0.8 + 0.25 * 0.1), 1e-12);
  g_assert_cmpfloat_with_epsilon (transitions[2] + transitions[3], 1.0, 1e-12);

  g_autoptr (OrrHmm) still = orr_hmm_new (2, 2);
  orr_hmm_dwell_times (still, dwell);
  g_assert_cmpfloat (dwell[0], ==, INFINITY);
  g_assert_cmpfloat (orr_hmm_entropy_rate (still), ==, 0.0);
}

/* The symbols' transition matrix against one long sample. */
static void
test_symbol_transitions (void)
{
  enum { T = 400000 };
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("cyclic"));
  g_autofree guint16 *symbols = g_new (guint16, T);
  double transitions[9], counts[9] = { 0 };

  orr_hmm_symbol_transitions (hmm, transitions);
  orr_hmm_sample (hmm, 0, 1, T, 2, symbols, NULL);
  for (gsize t = 1; t < T; t++)
    counts[symbols[t - 1] * 3 + symbols[t]]++;
  for (guint k = 0; k < 3; k++)
    for (guint l = 0; l < 3; l++)
      g_assert_cmpfloat_with_epsilon (counts[k * 3 + l] / (counts[k * 3] + counts[k * 3 + 1] + counts[k * 3 + 2]),
                                      transitions[k * 3 + l], 0.01);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm/statistics/stationary", test_stationary);
  g_test_add_func ("/hmm/statistics/hard-chains", test_hard_chains);
  g_test_add_func ("/hmm/statistics/closed-forms", test_closed_forms);
  g_test_add_func ("/hmm/statistics/symbol-transitions", test_symbol_transitions);
  return g_test_run ();
}
