/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-evolution.h"

#include <math.h>

#include "orr-error.h"
#include "orr-section.h"

/* Two units around which the state turns by @angle a step (none for 0), one that only
 * rectifies its noise. */
static OrrNetwork *
create_stage (double radius, double angle)
{
  OrrNetwork *network = orr_network_new (3, 3, 2, TRUE);
  float *w = network->weight_hh->data;

  w[0] = w[4] = radius * cos (angle);
  w[1] = -radius * sin (angle);
  w[3] = radius * sin (angle);
  /* Both rest at 30, so that they stay active. */
  network->bias_hh->data[0] = 30.0f * (1.0f - w[0] - w[1]);
  network->bias_hh->data[1] = 30.0f * (1.0f - w[3] - w[4]);
  network->weight_ih->data[8] = 2.0f;
  network->weight_ih->data[0] = 0.5f;
  network->weight_out->data[2] = 1.0f;
  return network;
}

/* The rotation sets in with the third snapshot, and is found there. */
static void
test_planted_bifurcation (void)
{
  g_autoptr (OrrNetwork) before = create_stage (0.3, 0.0);
  g_autoptr (OrrNetwork) after = create_stage (0.97, 0.5);
  const OrrNetwork *snapshots[4] = { before, before, after, after };
  const guint epochs[4] = { 10, 20, 35, 50 };
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;
  gsize n;

  orr_analysis_options_init (&options);
  options.n_steps = 1000;
  options.burn_in = 300;
  options.n_states = 50;
  options.n_snapshots = 4;
  options.snapshots = snapshots;
  options.snapshot_epochs = epochs;
  g_autoptr (GVariant) section = orr_evolution_analyze (after, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (orr_section_get_double (section, "bifurcation_epoch", 0.0), ==, 35.0);
  g_assert_cmpfloat (orr_section_get_double (section, "bifurcation_jump", 0.0), ==, 1.0);
  g_autofree double *critical = orr_section_dup_doubles (section, "critical_indicator", &n);
  g_autofree double *unstable = orr_section_dup_doubles (section, "unstable_indicator", &n);
  g_assert_cmpuint (n, ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpfloat (critical[i], ==, i >= 2 ? 1.0 : 0.0);
      g_assert_cmpfloat (unstable[i], ==, 0.0);
    }

  /* The rectifier gains 2 E[max (x, 0)]; the linear units gain nothing on average. */
  g_autoptr (GVariant) layers = orr_section_get_child (section, "layers");
  g_autoptr (GVariant) first = g_variant_get_child_value (layers, 0);
  g_autofree double *response = orr_section_dup_doubles (first, "second_order_response", &n);
  g_assert_cmpfloat_with_epsilon (response[2], 2.0 / sqrt (2.0 * G_PI), 0.2);
  g_assert_cmpfloat_with_epsilon (response[1], 0.0, 0.2);

  /* Nothing sets in where nothing changes. */
  snapshots[2] = snapshots[3] = before;
  g_autoptr (GVariant) flat = orr_evolution_analyze (before, &options, NULL, &error);
  g_assert_true (isnan (orr_section_get_double (flat, "bifurcation_epoch", 0.0)));

  options.n_snapshots = 1;
  g_assert_null (orr_evolution_analyze (before, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evolution/planted-bifurcation", test_planted_bifurcation);
  return g_test_run ();
}
