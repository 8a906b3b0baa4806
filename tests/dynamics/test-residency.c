/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-residency.h"

#include <math.h>

#include "orr-section.h"

/* One unit counts down by itself and the symbol changes when it has run out:
 * from h the symbol stays for a known number of steps. The other unit keeps the
 * second symbol's logit at 1. */
static OrrNetwork *
create_countdown (double noise)
{
  OrrNetwork *network = orr_network_new (1, 1, 2, TRUE);

  network->weight_hh->data[0] = 1.0f;
  network->bias_hh->data[0] = -1.0f;
  network->weight_ih->data[0] = noise;
  network->weight_out->data[0] = 4.0f;
  network->bias_out->data[1] = 2.0f; /* symbol 1 once h < 0.5 */
  return network;
}

static void
test_planted_times (void)
{
  g_autoptr (OrrNetwork) network = create_countdown (0.0);
  g_autoptr (OrrMatrix) states = orr_matrix_new (70, 1);
  g_autofree float *residency = g_new (float, 70);
  g_autofree float *max_softmax = g_new (float, 70);
  OrrAnalysisOptions options;

  orr_analysis_options_init (&options);
  for (gsize i = 0; i < 70; i++)
    states->data[i] = i;
  g_assert_true (orr_residency_measure (network, states, &options, residency, max_softmax, NULL, NULL));
  for (gsize i = 1; i < 70; i++)
    {
      g_assert_cmpfloat_with_epsilon (residency[i], MIN (i, ORR_RESIDENCY_CAP), 1e-4);
      g_assert_cmpfloat_with_epsilon (max_softmax[i], 1.0 / (1.0 + exp (2.0 - 4.0 * i)), 1e-5);
    }
  /* At rest the second symbol stays for good. */
  g_assert_cmpfloat_with_epsilon (residency[0], ORR_RESIDENCY_CAP, 1e-4);
}

/* Symbols that are nothing but a threshold on fresh noise: the time to the first
 * change is geometric, whatever the state. */
static void
test_geometric (void)
{
  enum { N = 3000 };
  g_autoptr (OrrNetwork) network = orr_network_new (1, 1, 2, TRUE);
  g_autoptr (OrrMatrix) states = orr_matrix_new (N, 1);
  g_autofree float *residency = g_new (float, N);
  g_autofree float *max_softmax = g_new (float, N);
  OrrAnalysisOptions options;
  double mean = 0.0;

  network->weight_ih->data[0] = 1.0f;
  network->weight_out->data[0] = 1.0f;
  network->bias_out->data[1] = 1.0f; /* symbol 0 when the noise is above 1: p = 0.1587 */
  orr_analysis_options_init (&options);
  g_assert_true (orr_residency_measure (network, states, &options, residency, max_softmax, NULL, NULL));
  for (gsize i = 0; i < N; i++)
    mean += residency[i] / N;
  /* The draws are shared by blocks of states, so a sixtieth of the draws is independent. */
  g_assert_cmpfloat_with_epsilon (mean, 1.0 / 0.15866, 0.8);
}

static void
test_zones (void)
{
  g_assert_cmpint (orr_zone_classify (1.9, 0.99), ==, ORR_ZONE_TRANSITION);
  g_assert_cmpint (orr_zone_classify (2.0, 0.5), ==, ORR_ZONE_KICK);
  g_assert_cmpint (orr_zone_classify (8.0, 0.99), ==, ORR_ZONE_KICK);
  g_assert_cmpint (orr_zone_classify (8.1, 0.81), ==, ORR_ZONE_CLUSTER);
  g_assert_cmpint (orr_zone_classify (8.1, 0.79), ==, ORR_ZONE_OTHER);
}

/* Two tanh wells that the noise seldom leaves are clusters; a unit that follows
 * the noise alone has none. */
static void
test_section (void)
{
  g_autoptr (OrrNetwork) wells = orr_network_new (2, 2, 2, FALSE);
  g_autoptr (OrrNetwork) noise = orr_network_new (2, 2, 2, FALSE);
  OrrAnalysisOptions options;

  wells->activation = noise->activation = ORR_ACTIVATION_TANH;
  wells->weight_hh->data[0] = 2.0f;
  wells->weight_hh->data[3] = 1.2f; /* expands at rest: an unstable direction in every well */
  for (guint i = 0; i < 2; i++)
    {
      wells->weight_ih->data[i * 3] = i == 0 ? 0.35f : 0.0f;
      noise->weight_ih->data[i * 3] = 1.0f;
      wells->weight_out->data[i * 2] = noise->weight_out->data[i * 2] = i == 0 ? 3.0f : -3.0f;
    }
  orr_analysis_options_init (&options);
  options.n_steps = 4000;
  options.n_states = 300;
  g_autoptr (GVariant) found = orr_residency_analyze (wells, &options, NULL, NULL);
  g_autoptr (GVariant) zones = orr_section_get_child (found, "zones");
  g_autoptr (GVariant) cluster = orr_section_get_child (zones, "cluster");
  g_assert_cmpfloat (orr_section_get_double (cluster, "fraction", 0.0), >, 0.8);
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (cluster, "unstable_directions", 0.0), 1.0, 1e-6);

  double sum = 0.0;
  for (guint z = 0; z < ORR_ZONE_N; z++)
    {
      g_autoptr (GVariant) zone = orr_section_get_child (zones, orr_zone_name (z));
      sum += orr_section_get_double (zone, "fraction", 0.0);
    }
  g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-9);

  g_autoptr (GVariant) nothing = orr_residency_analyze (noise, &options, NULL, NULL);
  g_autoptr (GVariant) noise_zones = orr_section_get_child (nothing, "zones");
  g_autoptr (GVariant) noise_cluster = orr_section_get_child (noise_zones, "cluster");
  g_assert_cmpfloat (orr_section_get_double (noise_cluster, "fraction", 1.0), <, 0.01);

  options.threads = 1;
  g_autoptr (GVariant) one = orr_residency_analyze (wells, &options, NULL, NULL);
  g_autofree char *text = g_variant_print (found, FALSE);
  g_autofree char *again = g_variant_print (one, FALSE);
  g_assert_cmpstr (text, ==, again);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/residency/planted-times", test_planted_times);
  g_test_add_func ("/residency/geometric", test_geometric);
  g_test_add_func ("/residency/zones", test_zones);
  g_test_add_func ("/residency/section", test_section);
  return g_test_run ();
}
