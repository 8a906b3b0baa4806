/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit.h"

#include <math.h>

#include "orr-section.h"

static GVariant *
analyze (const OrrNetwork *network, guint threads)
{
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  options.n_steps = 6000;
  options.threads = threads;
  GVariant *section = orr_orbit_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);
  return section;
}

/* Two units that turn by a known angle and are pushed outwards: a noisy limit cycle. */
static OrrNetwork *
create_rotor (double angle)
{
  OrrNetwork *network = orr_network_new (2, 2, 2, FALSE);
  float *w = network->weight_hh->data;

  network->activation = ORR_ACTIVATION_TANH;
  w[0] = w[3] = 1.08 * cos (angle);
  w[1] = -1.08 * sin (angle);
  w[2] = 1.08 * sin (angle);
  network->weight_ih->data[0] = network->weight_ih->data[3] = 0.05f;
  network->weight_out->data[0] = 5.0f; /* symbol 0 on one side of the orbit, 1 on the other */
  network->weight_out->data[2] = -5.0f;
  return network;
}

static void
test_planted_rotation (void)
{
  g_autoptr (OrrNetwork) network = create_rotor (0.2);
  g_autoptr (GVariant) section = analyze (network, 0);
  double rotations = orr_section_get_double (section, "rotations", 0.0);
  gsize n, rows, cols;

  /* tanh squashes the corners, so the turn is about 0.2 a step. */
  g_assert_cmpfloat_with_epsilon (fabs (rotations), 6000 * 0.2 / (2.0 * G_PI), 0.1 * 191.0);
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (section, "period", 0.0), 2.0 * G_PI / 0.2, 4.0);
  g_assert_cmpfloat_with_epsilon (fabs (orr_section_get_double (section, "circulation_normalised", 0.0)), 0.2, 0.03);
  g_assert_cmpfloat (orr_section_get_double (section, "circulation_p_value", 1.0), ==, 0.001);
  g_assert_true ((rotations > 0.0) == (orr_section_get_double (section, "circulation", 0.0) > 0.0));

  g_autofree double *speed = orr_section_dup_doubles (section, "phase_speed", &n);
  g_autofree double *low = orr_section_dup_doubles (section, "phase_speed_low", &n);
  g_autofree double *high = orr_section_dup_doubles (section, "phase_speed_high", &n);
  g_assert_cmpuint (n, ==, 36);
  for (gsize b = 0; b < n; b++)
    {
      g_assert_cmpfloat_with_epsilon (fabs (speed[b]), 0.2, 0.1);
      g_assert_cmpfloat (low[b], <, speed[b]);
      g_assert_cmpfloat (high[b], >, speed[b]);
      g_assert_cmpfloat (high[b] - low[b], <, 0.05);
    }

  /* Each symbol rules one half of the phases; probabilities sum to 1. */
  g_autofree double *emission = orr_section_dup_table (section, "emission_by_phase", &rows, &cols);
  guint first = 0;
  for (gsize b = 0; b < rows; b++)
    {
      g_assert_cmpfloat_with_epsilon (emission[2 * b] + emission[2 * b + 1], 1.0, 1e-9);
      first += emission[2 * b] > 0.5;
    }
  g_assert_cmpuint (first, >=, 15);
  g_assert_cmpuint (first, <=, 21);
}

/* A cloud of noise, correlated in time, turns nowhere. */
static void
test_noise_cloud (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (4, 4, 2, FALSE);

  network->activation = ORR_ACTIVATION_TANH;
  for (guint i = 0; i < 4; i++)
    {
      network->weight_hh->data[i * 5] = 0.8f;
      network->weight_ih->data[i * 5] = 0.2f * (i + 1);
    }
  g_autoptr (GVariant) section = analyze (network, 0);
  g_assert_cmpfloat (orr_section_get_double (section, "circulation_p_value", 0.0), >, 0.01);
  g_assert_cmpfloat (fabs (orr_section_get_double (section, "circulation_normalised", 1.0)), <, 0.02);
}

static void
test_threads (void)
{
  g_autoptr (OrrNetwork) network = create_rotor (0.5);
  g_autoptr (GVariant) one = analyze (network, 1);
  g_autoptr (GVariant) three = analyze (network, 3);

  g_assert_true (g_variant_equal (one, three));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/orbit/planted-rotation", test_planted_rotation);
  g_test_add_func ("/orbit/noise-cloud", test_noise_cloud);
  g_test_add_func ("/orbit/threads", test_threads);
  return g_test_run ();
}
