/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hazard.h"

#include <math.h>

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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hazard/known-rate", test_known_rate);
  g_test_add_func ("/hazard/threads", test_threads);
  return g_test_run ();
}
