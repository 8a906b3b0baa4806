/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-inference.h"

#include <string.h>

#include "hmm-brute-force.h"
#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-sample.h"

#define LENGTH 8

/* Every sequence of a random small model, possible or not, against all paths. */
static void
check_model (guint n_states, guint n_symbols, double p_zero, guint64 seed)
{
  g_autoptr (OrrHmm) hmm = create_random_hmm (n_states, n_symbols, p_zero, seed);
  guint S = n_states;

  for (guint trial = 0; trial < 20; trial++)
    {
      guint16 symbols[LENGTH], path[LENGTH];
      double posterior[LENGTH * 4], transitions[16] = { 0 }, log_likelihood, log_best;
      g_autoptr (GError) error = NULL;

      for (guint t = 0; t < LENGTH; t++)
        symbols[t] = orr_random_below (seed + 1, ORR_RANDOM_STREAM_TEST, trial * LENGTH + t, n_symbols);
      BruteForce truth = enumerate_paths (hmm, symbols, LENGTH);
      double score = orr_hmm_log_likelihood (hmm, symbols, LENGTH);

      if (truth.likelihood == 0.0)
        {
          g_assert_cmpfloat (score, ==, -INFINITY);
          g_assert_false (orr_hmm_forward_backward (hmm, symbols, LENGTH, posterior, NULL, NULL, &error));
          g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
          g_clear_error (&error);
          g_assert_false (orr_hmm_viterbi (hmm, symbols, LENGTH, path, NULL, &error));
          g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
          continue;
        }

      g_assert_cmpfloat_with_epsilon (score, log (truth.likelihood), 1e-12);
      g_assert_true (orr_hmm_forward_backward (hmm, symbols, LENGTH, posterior, &log_likelihood, transitions, &error));
      g_assert_cmpfloat_with_epsilon (log_likelihood, score, 1e-12);
      for (guint i = 0; i < LENGTH * S; i++)
        g_assert_cmpfloat_with_epsilon (posterior[i], truth.posterior[i], 1e-12);
      for (guint i = 0; i < S * S; i++)
        g_assert_cmpfloat_with_epsilon (transitions[i], truth.transitions[i], 1e-12);

      g_assert_true (orr_hmm_viterbi (hmm, symbols, LENGTH, path, &log_best, &error));
      g_assert_cmpfloat_with_epsilon (log_best, log (truth.best), 1e-12);
      g_assert_cmpfloat_with_epsilon (path_probability (hmm, path, symbols, LENGTH), truth.best, 1e-12 * truth.best);
    }
}

static void
test_brute_force (void)
{
  for (guint64 seed = 0; seed < 12; seed++)
    {
      check_model (2 + seed % 3, 2 + seed % 2, 0.0, seed);
      check_model (2 + seed % 3, 2 + seed % 2, 0.4, seed + 100);
    }
}

/* A chain whose symbols tell its states: the likelihood is the path's own product. */
static void
test_visible_chain (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_new (2, 2);
  static const double transition[4] = { 0.9, 0.1, 0.3, 0.7 }, emission[4] = { 1, 0, 0, 1 };
  static const guint16 symbols[6] = { 0, 0, 1, 1, 0, 0 };
  guint16 path[6];

  memcpy (hmm->transition, transition, sizeof transition);
  memcpy (hmm->emission, emission, sizeof emission);
  g_assert_cmpfloat_with_epsilon (orr_hmm_log_likelihood (hmm, symbols, 6),
                                  log (0.5 * 0.9 * 0.1 * 0.7 * 0.3 * 0.9), 1e-13);
  g_assert_true (orr_hmm_viterbi (hmm, symbols, 6, path, NULL, NULL));
  g_assert_cmpmem (path, sizeof path, symbols, sizeof symbols);
}

/* Many steps neither underflow nor lose the sum of the posterior. */
static void
test_long_sequence (void)
{
  enum { T = 200000 };
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("five"));
  g_autofree guint16 *symbols = g_new (guint16, T);
  g_autofree double *posterior = g_new (double, T * 5);
  double log_likelihood;

  orr_hmm_sample (hmm, 0, 1, T, 3, symbols, NULL);
  g_assert_true (orr_hmm_forward_backward (hmm, symbols, T, posterior, &log_likelihood, NULL, NULL));
  g_assert_cmpfloat_with_epsilon (log_likelihood, orr_hmm_log_likelihood (hmm, symbols, T), 1e-6);
  g_assert_cmpfloat (log_likelihood / T, <, -0.3);
  g_assert_cmpfloat (log_likelihood / T, >, -1.1);
  for (gsize t = 0; t < T; t += 997)
    {
      double sum = 0.0;
      for (guint i = 0; i < 5; i++)
        sum += posterior[t * 5 + i];
      g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-9);
    }
}

static void
test_sequences (void)
{
  static const gsize lengths[3] = { 2, 1, 3 };
  static const guint16 symbols[6] = { 0, 1, 1, 0, 2, 1 };
  g_autoptr (OrrSequences) sequences = orr_sequences_new (3, lengths, symbols);
  g_autoptr (OrrHmm) hmm = create_random_hmm (3, 3, 0.0, 1);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (orr_sequences_max_symbol (sequences), ==, 2);
  g_assert_true (orr_sequences_check (sequences, 3, &error));
  g_assert_no_error (error);
  g_assert_false (orr_sequences_check (sequences, 2, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "Sequence 3, step 2"));
  g_assert_cmpfloat_with_epsilon (orr_hmm_score (hmm, sequences),
                                  orr_hmm_log_likelihood (hmm, symbols, 2) +
                                      orr_hmm_log_likelihood (hmm, symbols + 2, 1) +
                                      orr_hmm_log_likelihood (hmm, symbols + 3, 3), 1e-12);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm/inference/brute-force", test_brute_force);
  g_test_add_func ("/hmm/inference/visible-chain", test_visible_chain);
  g_test_add_func ("/hmm/inference/long-sequence", test_long_sequence);
  g_test_add_func ("/hmm/inference/sequences", test_sequences);
  return g_test_run ();
}
