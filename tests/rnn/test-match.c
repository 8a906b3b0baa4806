/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-match.h"

#include <math.h>

#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "orr-match-distance.h"
#include "orr-random.h"
#include "orr-section.h"

static double
get (GVariant *section, const char *a, const char *b, const char *c)
{
  g_autoptr (GVariant) first = orr_section_get_child (section, a);
  g_autoptr (GVariant) second = orr_section_get_child (first, b);
  return orr_section_get_double (second, c, NAN);
}

/* Memoryless emissions have closed forms for all that is counted. */
static void
test_memoryless (void)
{
  const double p[3] = { 0.6, 0.3, 0.1 };
  g_autoptr (OrrNetwork) network = orr_network_new (5, 2, 3, TRUE);
  g_autoptr (OrrHmm) hmm = orr_hmm_new (1, 3);
  g_autoptr (GError) error = NULL;
  OrrMatchOptions options;
  gsize n, rows, cols;
  double again = 0.0, twice = 0.0, histogram_mean = 0.0;

  orr_match_options_init (&options);
  options.length = 40;
  options.sequences = 4500;
  for (guint k = 0; k < 3; k++)
    {
      network->bias_out->data[k] = (float) log (p[k]);
      hmm->emission[k] = p[k];
      again += p[k] * p[k];
      twice += p[k] * (1.0 - p[k]) * (1.0 - p[k]);
    }
  g_autoptr (GVariant) section = orr_match_evaluate (network, hmm, &options, NULL, &error);
  g_assert_no_error (error);
  g_variant_ref_sink (section);

  g_autoptr (GVariant) frequencies = orr_section_get_child (section, "frequencies");
  g_autoptr (GVariant) transitions = orr_section_get_child (section, "transition_matrix");
  static const char *const sides[] = { "hmm", "rnn" };
  for (guint s = 0; s < 2; s++)
    {
      g_autofree double *f = orr_section_dup_doubles (frequencies, sides[s], &n);
      g_autofree double *m = orr_section_dup_table (transitions, sides[s], &rows, &cols);

      g_assert_cmpuint (n, ==, 3);
      g_assert_cmpuint (rows, ==, 3);
      g_assert_cmpuint (cols, ==, 3);
      for (guint k = 0; k < 3; k++)
        {
          g_assert_cmpfloat_with_epsilon (f[k], p[k], 0.006);
          for (guint l = 0; l < 3; l++)
            g_assert_cmpfloat_with_epsilon (m[k * 3 + l], p[l], 0.02);
        }
      /* Neighbouring changes share a symbol, hence the covariance. */
      double change = 1.0 - again, covariance = twice - change * change;
      double changes = 39 * change, variance = 39 * change * again + 2 * 38 * covariance;
      g_assert_cmpfloat_with_epsilon (get (section, "volatility", sides[s], "mean"), changes, 0.25);
      g_assert_cmpfloat_with_epsilon (get (section, "volatility", sides[s], "sd"), sqrt (variance), 0.2);
    }

  /* Both sides follow one law, so their distance is that of the model from itself. */
  double own = get (section, "distance", "hmm_hmm", "mean"), other = get (section, "distance", "hmm_rnn", "mean");
  g_assert_cmpfloat (fabs (other / own - 1.0), <, 0.02);

  g_autoptr (GVariant) volatility = orr_section_get_child (section, "volatility");
  g_autoptr (GVariant) rnn = orr_section_get_child (volatility, "rnn");
  g_autofree double *histogram = orr_section_dup_doubles (rnn, "histogram", &n);
  g_assert_cmpuint (n, ==, 40);
  for (guint i = 0; i < n; i++)
    histogram_mean += i * histogram[i];
  g_assert_cmpfloat_with_epsilon (histogram_mean, orr_section_get_double (rnn, "mean", NAN), 1e-9);
}

/* The least total distance over all ways to pair the points, by trying them all. */
static double
best_pairing (const double *distances, guint n, guint row, guint used)
{
  double best = INFINITY;

  if (row == n)
    return 0.0;
  for (guint j = 0; j < n; j++)
    if (!(used & (1u << j)))
      best = MIN (best, distances[row * n + j] + best_pairing (distances, n, row + 1, used | (1u << j)));
  return best;
}

static void
test_distance (void)
{
  enum { N = 7, T = 60 };
  guint8 x[N * T], y[N * T];
  double distances[N * N], mean, sd;

  for (guint trial = 0; trial < 5; trial++)
    {
      /* Pairs of different closeness, in another order. */
      for (guint i = 0; i < N; i++)
        for (guint t = 0; t < T; t++)
          {
            guint64 index = (trial * N + i) * T + t;
            guint other = (3 * i + 1) % N;

            x[i * T + t] = orr_random_below (1, ORR_RANDOM_STREAM_TEST, index, 3);
            y[other * T + t] = t < 6 * i ? orr_random_below (2, ORR_RANDOM_STREAM_TEST, index, 3) : x[i * T + t];
          }
      for (guint i = 0; i < N; i++)
        for (guint j = 0; j < N; j++)
          {
            guint differ = 0;
            for (guint t = 0; t < T; t++)
              differ += x[i * T + t] != y[j * T + t];
            distances[i * N + j] = sqrt (2.0 * differ);
          }
      g_assert_true (orr_match_distance (x, y, N, T, 3, 2, &mean, &sd, NULL, NULL));
      g_assert_cmpfloat (fabs (mean / (best_pairing (distances, N, 0, 0) / N) - 1.0), <, 0.01);
      g_assert_cmpfloat (sd, >, 0.5);
    }
}

static void
test_threads (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (12, 4, 3, FALSE, 1);
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("four"));
  OrrMatchOptions options;

  orr_match_options_init (&options);
  options.length = 20;
  options.sequences = 700;
  options.threads = 1;
  g_autoptr (GVariant) one = g_variant_ref_sink (orr_match_evaluate (network, hmm, &options, NULL, NULL));
  options.threads = 2;
  g_autoptr (GVariant) two = g_variant_ref_sink (orr_match_evaluate (network, hmm, &options, NULL, NULL));
  g_autofree char *text_one = g_variant_print (one, FALSE), *text_two = g_variant_print (two, FALSE);
  g_assert_cmpstr (text_one, ==, text_two);
}

static void
test_errors (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (12, 4, 2, FALSE, 1);
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("four"));
  g_autoptr (GError) error = NULL;
  OrrMatchOptions options;

  orr_match_options_init (&options);
  g_assert_null (orr_match_evaluate (network, hmm, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (g_strstr_len (error->message, -1, "2 symbols"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/match/memoryless", test_memoryless);
  g_test_add_func ("/match/distance", test_distance);
  g_test_add_func ("/match/threads", test_threads);
  g_test_add_func ("/match/errors", test_errors);
  return g_test_run ();
}
