/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hazard.h"

#include <math.h>

#include "orr-random.h"
#include "planted-networks.h"

/* Symbols that are a threshold on fresh noise: the rate is the normal tail, and the
 * gain on the noise moves it in a known way. */
static OrrHazard *
measure (guint threads, double gain)
{
  g_autoptr (OrrNetwork) network = orr_network_new (1, 1, 2, TRUE);
  g_autoptr (OrrMatrix) starts = orr_matrix_new (3000, 1);
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  network->weight_ih->data[0] = 1.0f;
  network->weight_out->data[0] = 1.0f;
  network->bias_out->data[1] = 1.5f; /* symbol 0 when the noise is above 1.5 */
  orr_analysis_options_init (&options);
  options.threads = threads;
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, 3);
  orr_ensemble_set_gain (ensemble, 1, 0, 1.0, gain);
  orr_ensemble_set_gain (ensemble, 2, 0, 0.0, 0.0);
  OrrHazard *hazard = orr_hazard_measure (ensemble, starts, 1, 30, 99, &options, NULL, &error);
  g_assert_no_error (error);
  return hazard;
}

static void
test_known_rate (void)
{
  g_autoptr (OrrHazard) hazard = measure (0, 1.5);
  const double expected[3] = { 0.066807, 0.158655, 0.0 };

  for (guint s = 0; s < 3; s++)
    {
      double bounds[2], rate = orr_hazard_rate (hazard, s, 0);

      orr_hazard_interval (hazard, s, 0, bounds);
      g_assert_cmpfloat_with_epsilon (rate, expected[s], 5.0 * sqrt (expected[s] / hazard->at_risk[s]) + 1e-12);
      g_assert_cmpfloat (bounds[0], <=, rate);
      g_assert_cmpfloat (bounds[1], >, rate);
    }
  /* The silenced unit never leaves: all steps are at risk. */
  g_assert_cmpint (hazard->at_risk[2], ==, 3000 * 30);
  g_assert_cmpint (hazard->exits[2 * 2 + 1], ==, 0);
}

static void
test_threads (void)
{
  g_autoptr (OrrHazard) one = measure (1, 0.7);
  g_autoptr (OrrHazard) three = measure (3, 0.7);

  for (guint s = 0; s < 3; s++)
    {
      g_assert_cmpint (one->at_risk[s], ==, three->at_risk[s]);
      g_assert_cmpint (one->exits[s * 2], ==, three->exits[s * 2]);
    }
}

/* One step of the network in plain loops and double precision. */
static void
step (const OrrNetwork *network, double *h, const float *noise)
{
  guint H = network->n_hidden;
  double next[PLANTED_HIDDEN];

  for (guint i = 0; i < H; i++)
    {
      next[i] = network->bias_hh->data[i] + network->bias_ih->data[i];
      for (guint j = 0; j < H; j++)
        next[i] += network->weight_hh->data[i * H + j] * h[j] + network->weight_ih->data[i * H + j] * noise[j];
    }
  for (guint i = 0; i < H; i++)
    h[i] = MAX (next[i], 0.0);
}

static guint
leading (const OrrNetwork *network, const double *h)
{
  double z[2] = { 0 };

  for (guint k = 0; k < 2; k++)
    for (guint i = 0; i < network->n_hidden; i++)
      z[k] += network->weight_out->data[k * network->n_hidden + i] * h[i];
  return z[1] > z[0];
}

/* The rate at which the two wells are left, against counting in one long simulation. */
static void
test_long_simulation (void)
{
  enum { T = 150000, N = 3000, H = PLANTED_HIDDEN };
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (OrrMatrix) starts = orr_matrix_new (N, H);
  g_autoptr (OrrEnsemble) ensemble = orr_ensemble_new (network, 1);
  g_autoptr (GError) error = NULL;
  OrrAnalysisOptions options;
  double h[H] = { 2.0 };
  guint n_starts = 0, at_risk = 0, exits = 0;

  for (guint t = 0; t < T; t++)
    {
      float noise[H];
      guint before = leading (network, h);

      /* Starts come from all over the run, so that the wells have been rested in as usual. */
      if (before == 0 && t % 17 == 0 && n_starts < N)
        {
          for (guint i = 0; i < H; i++)
            orr_matrix_row (starts, n_starts)[i] = h[i];
          n_starts++;
        }
      orr_random_normal_fill (noise, H, 1.0, 20, ORR_RANDOM_STREAM_TEST, (guint64) t * H);
      step (network, h, noise);
      at_risk += before == 0;
      exits += before == 0 && leading (network, h) == 1;
    }
  g_assert_cmpuint (n_starts, ==, N);
  g_assert_cmpuint (exits, >, 300);

  orr_analysis_options_init (&options);
  g_autoptr (OrrHazard) hazard = orr_hazard_measure (ensemble, starts, 0, 25, 98, &options, NULL, &error);
  g_assert_no_error (error);
  double expected = exits / (double) at_risk, rate = orr_hazard_rate (hazard, 0, 1);
  double spread = expected * sqrt (1.0 / exits + 1.0 / hazard->exits[1]);
  g_assert_cmpfloat_with_epsilon (rate, expected, 5.0 * spread);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hazard/known-rate", test_known_rate);
  g_test_add_func ("/hazard/threads", test_threads);
  g_test_add_func ("/hazard/long-simulation", test_long_simulation);
  return g_test_run ();
}
