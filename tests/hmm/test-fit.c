/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-fit.h"

#include <string.h>

#include "hmm-brute-force.h"
#include "orr-error.h"
#include "orr-hmm-inference.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-sample.h"

static OrrSequences *
sample (const OrrHmm *hmm, gsize n, guint length, guint64 seed)
{
  g_autofree guint16 *symbols = g_new (guint16, n * length);

  orr_hmm_sample (hmm, 0, n, length, seed, symbols, NULL);
  return orr_sequences_new_equal (n, length, symbols);
}

static void
check_never_falls (const OrrHmmFit *fit)
{
  for (guint i = 1; i <= fit->n_iterations; i++)
    g_assert_cmpfloat (fit->history[i], >=, fit->history[i - 1] - 1e-9 * fabs (fit->history[i]));
  g_assert_cmpfloat (fit->history[fit->n_iterations], ==, fit->log_likelihood);
}

/* One iteration from a given model is the update by sums over all paths. */
static void
test_one_update (void)
{
  enum { T = 7, S = 3, K = 2 };
  g_autoptr (OrrHmm) hmm = create_random_hmm (S, K, 0.0, 3);
  static const guint16 symbols[T] = { 0, 1, 1, 0, 1, 0, 0 };
  g_autoptr (OrrSequences) sequences = orr_sequences_new_equal (1, T, symbols);
  BruteForce truth = enumerate_paths (hmm, symbols, T);
  OrrHmmFitOptions options;

  orr_hmm_fit_options_init (&options);
  options.restarts = 1;
  options.max_iterations = 1;
  g_autoptr (OrrHmmFit) fit = orr_hmm_fit (sequences, hmm, &options, NULL, NULL);

  for (guint i = 0; i < S; i++)
    {
      double left = 0.0, visits = 0.0, shown = 0.0;

      for (guint j = 0; j < S; j++)
        left += truth.transitions[i * S + j];
      for (guint t = 0; t < T; t++)
        {
          visits += truth.posterior[t * S + i];
          shown += symbols[t] == 0 ? truth.posterior[t * S + i] : 0.0;
        }
      g_assert_cmpfloat_with_epsilon (fit->model->start[i], truth.posterior[i], 1e-12);
      for (guint j = 0; j < S; j++)
        g_assert_cmpfloat_with_epsilon (fit->model->transition[i * S + j], truth.transitions[i * S + j] / left, 1e-12);
      g_assert_cmpfloat_with_epsilon (fit->model->emission[i * K], shown / visits, 1e-12);
    }
  g_assert_cmpfloat_with_epsilon (fit->history[0], log (truth.likelihood), 1e-12);
}

/* From nothing but the sequences, the planted model comes back up to the order of its states. */
static void
test_recovers_planted (void)
{
  static const double transition[9] = { 0.9, 0.08, 0.02, 0.05, 0.9, 0.05, 0.1, 0.1, 0.8 };
  static const double emission[12] = { 0.7, 0.1, 0.1, 0.1, 0.05, 0.8, 0.1, 0.05, 0.1, 0.1, 0.2, 0.6 };
  g_autoptr (OrrHmm) planted = orr_hmm_new (3, 4);
  OrrHmmFitOptions options;
  g_autoptr (GError) error = NULL;

  memcpy (planted->transition, transition, sizeof transition);
  memcpy (planted->emission, emission, sizeof emission);
  g_autoptr (OrrSequences) sequences = sample (planted, 60, 300, 5);
  orr_hmm_fit_options_init (&options);
  options.n_states = 3;
  options.restarts = 4;
  g_autoptr (OrrHmmFit) fit = orr_hmm_fit (sequences, NULL, &options, NULL, &error);
  g_assert_no_error (error);
  check_never_falls (fit);
  g_assert_true (fit->converged);
  /* The best fit beats the truth on its own data, by about half the free parameters. */
  g_assert_cmpfloat (fit->log_likelihood, >, orr_hmm_score (planted, sequences));
  g_assert_cmpfloat (fit->log_likelihood, <, orr_hmm_score (planted, sequences) + 30.0);

  guint order[3];
  for (guint i = 0; i < 3; i++)
    {
      static const guint mark[3] = { 0, 1, 3 };
      order[i] = 0;
      for (guint j = 1; j < 3; j++)
        if (fit->model->emission[j * 4 + mark[i]] > fit->model->emission[order[i] * 4 + mark[i]])
          order[i] = j;
    }
  for (guint i = 0; i < 3; i++)
    {
      for (guint j = 0; j < 3; j++)
        g_assert_cmpfloat_with_epsilon (fit->model->transition[order[i] * 3 + order[j]], transition[i * 3 + j], 0.03);
      for (guint k = 0; k < 4; k++)
        g_assert_cmpfloat_with_epsilon (fit->model->emission[order[i] * 4 + k], emission[i * 4 + k], 0.03);
    }
}

static void
test_locks_and_zeros (void)
{
  g_autoptr (OrrHmm) truth = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrHmm) initial = orr_hmm_copy (truth);
  g_autoptr (OrrSequences) sequences = sample (truth, 50, 100, 8);
  OrrHmmFitOptions options;
  g_autoptr (GError) error = NULL;
  static const double first_row[3] = { 0.6, 0.4, 0.0 }, second_row[3] = { 0.3, 0.3, 0.4 };

  memcpy (initial->transition, first_row, sizeof first_row);
  memcpy (initial->transition + 3, second_row, sizeof second_row);
  initial->locked[3] = 1; /* held at 0.3, which is not the truth */
  orr_hmm_fit_options_init (&options);
  options.restarts = 5;
  g_autoptr (OrrHmmFit) fit = orr_hmm_fit (sequences, initial, &options, NULL, &error);
  g_assert_no_error (error);
  check_never_falls (fit);
  g_assert_true (orr_hmm_validate (fit->model, &error));
  g_assert_cmpfloat (fit->model->transition[3], ==, 0.3);
  g_assert_cmpfloat (fit->model->transition[2], ==, 0.0);
  g_assert_cmpfloat (fit->model->transition[6], ==, 0.0);
  g_assert_cmpfloat (fit->model->emission[2], ==, 0.0);
  g_assert_cmpfloat (fabs (fit->model->transition[4] - 0.3), >, 0.01);

  /* A row that is locked whole does not move at all. */
  memset (initial->locked, 1, 9);
  g_autoptr (OrrHmmFit) held = orr_hmm_fit (sequences, initial, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (held->model->transition, 9 * sizeof (double), initial->transition, 9 * sizeof (double));
}

/* The same numbers for any number of threads. */
static void
test_threads (void)
{
  g_autoptr (OrrHmm) truth = orr_hmm_preset_create (orr_hmm_preset_find ("cyclic"));
  g_autoptr (OrrSequences) sequences = sample (truth, 20, 40, 8);
  OrrHmmFitOptions options;

  orr_hmm_fit_options_init (&options);
  options.n_states = 4;
  options.max_iterations = 30;
  options.threads = 1;
  g_autoptr (OrrHmmFit) one = orr_hmm_fit (sequences, NULL, &options, NULL, NULL);
  options.threads = 3;
  g_autoptr (OrrHmmFit) three = orr_hmm_fit (sequences, NULL, &options, NULL, NULL);
  g_assert_true (orr_hmm_equal (one->model, three->model));
  g_assert_cmpmem (one->restarts, one->n_restarts * sizeof (double), three->restarts,
                   three->n_restarts * sizeof (double));
}

static void
test_errors (void)
{
  static const guint16 symbols[4] = { 0, 1, 2, 0 };
  g_autoptr (OrrSequences) sequences = orr_sequences_new_equal (1, 4, symbols);
  g_autoptr (OrrHmm) narrow = orr_hmm_new (2, 2);
  g_autoptr (OrrHmm) unable = orr_hmm_new (1, 3);
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);
  OrrHmmFitOptions options;
  g_autoptr (GError) error = NULL;

  orr_hmm_fit_options_init (&options);
  g_assert_null (orr_hmm_fit (sequences, narrow, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);

  unable->emission[0] = unable->emission[1] = 0.5;
  unable->emission[2] = 0.0;
  g_assert_null (orr_hmm_fit (sequences, unable, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "no way"));
  g_clear_error (&error);

  orr_progress_cancel (progress);
  g_assert_null (orr_hmm_fit (sequences, NULL, &options, progress, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm/fit/one-update", test_one_update);
  g_test_add_func ("/hmm/fit/recovers-planted", test_recovers_planted);
  g_test_add_func ("/hmm/fit/locks-and-zeros", test_locks_and_zeros);
  g_test_add_func ("/hmm/fit/threads", test_threads);
  g_test_add_func ("/hmm/fit/errors", test_errors);
  return g_test_run ();
}
