/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-composition.h"

#include <math.h>

#include "orr-error.h"
#include "orr-orbit-mean.h"
#include "orr-section.h"
#include "orr-subspace.h"

/* Two kick groups that share one of their units, as an earlier analysis would tell. */
static GVariant *
create_kicks (void)
{
  const double units[2][2] = { { 1, 2 }, { 2, 3 } };
  GVariantBuilder section, groups;

  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  for (guint g = 0; g < 2; g++)
    {
      GVariantBuilder group;

      g_variant_builder_init (&group, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&group, "{sv}", "from", g_variant_new_int32 (g));
      g_variant_builder_add (&group, "{sv}", "to", g_variant_new_int32 (2));
      g_variant_builder_add (&group, "{sv}", "units", orr_section_new_doubles (units[g], 2));
      g_variant_builder_add_value (&groups, g_variant_builder_end (&group));
    }
  g_variant_builder_init (&section, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&section, "{sv}", "groups", g_variant_builder_end (&groups));
  return g_variant_ref_sink (g_variant_builder_end (&section));
}

/* A rotor whose three symbols each rule a third of the circle, in the plane of units 0 and
 * 1; units 2 and 3 follow noise. */
static OrrNetwork *
create_rotor (void)
{
  OrrNetwork *network = orr_network_new (4, 4, 3, FALSE);
  float *w = network->weight_hh->data;
  double angle = 0.06;

  network->activation = ORR_ACTIVATION_TANH;
  w[0] = w[5] = 1.08 * cos (angle);
  w[1] = -1.08 * sin (angle);
  w[4] = 1.08 * sin (angle);
  network->weight_ih->data[0] = network->weight_ih->data[5] = 0.02f;
  network->weight_ih->data[10] = network->weight_ih->data[15] = 0.05f;
  for (guint k = 0; k < 3; k++)
    {
      network->weight_out->data[4 * k] = cos (2.0 * G_PI * k / 3.0);
      network->weight_out->data[4 * k + 1] = sin (2.0 * G_PI * k / 3.0);
    }
  return network;
}

static void
test_rotor (void)
{
  g_autoptr (OrrNetwork) network = create_rotor ();
  g_autoptr (GVariant) kicks = create_kicks ();
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;
  gsize n, rows, cols;

  orr_analysis_options_init (&options);
  options.n_steps = 6000;
  options.kick_neurons = kicks;
  g_autoptr (GVariant) section = orr_composition_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);

  g_autoptr (GVariant) pairs = orr_section_get_child (section, "pairs");
  g_assert_cmpuint (g_variant_n_children (pairs), ==, 3);
  for (guint p = 0; p < 3; p++)
    {
      g_autoptr (GVariant) pair = g_variant_get_child_value (pairs, p);

      g_assert_true (orr_section_get_boolean (pair, "found", FALSE));
      g_assert_cmpfloat (fabs (orr_section_get_double (pair, "circulation_normalised", 0.0)), >, 0.02);
      /* The axes stay orthonormal through both reductions. */
      g_autofree double *axes = orr_section_dup_table (pair, "components", &rows, &cols);
      for (guint a = 0; a < 3; a++)
        for (guint b = 0; b < 3; b++)
          {
            double dot = 0.0;
            for (guint i = 0; i < 4; i++)
              dot += axes[a * 4 + i] * axes[b * 4 + i];
            g_assert_cmpfloat_with_epsilon (dot, a == b ? 1.0 : 0.0, 1e-6);
          }
    }
  g_autofree double *angles = orr_section_dup_doubles (section, "readout_angles", &n);
  g_assert_cmpuint (n, ==, 3);
  for (guint k = 0; k < 3; k++)
    g_assert_cmpfloat (angles[k], <, 5.0);

  g_autofree double *overlap = orr_section_dup_table (section, "kick_overlap", &rows, &cols);
  g_autofree double *p_value = orr_section_dup_table (section, "kick_overlap_p_value", &rows, &cols);
  g_assert_cmpfloat_with_epsilon (overlap[1], 1.0 / 3.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (p_value[1], 5.0 / 6.0, 1e-9);
}

/* Pairs are counted and named in the order of the section. */
static void
test_pairs (void)
{
  for (guint K = 2; K < 9; K++)
    {
      guint pair = 0;

      for (guint a = 0; a < K; a++)
        for (guint b = a + 1; b < K && K >= 3; b++, pair++)
          {
            guint first, second;

            orr_subspace_pair (K, pair, &first, &second);
            g_assert_cmpuint (first, ==, a);
            g_assert_cmpuint (second, ==, b);
          }
      g_assert_cmpuint (pair, ==, orr_subspace_count (K));
    }
}

/* The motion in a pair's subspace has the section's components and points, and its steps inside are those
 * of stretches in which no third symbol leads. */
static void
test_motion (void)
{
  g_autoptr (OrrNetwork) network = create_rotor ();
  g_autoptr (GVariant) kicks = create_kicks ();
  OrrAnalysisOptions options;
  OrrTrajectoryOptions run;
  g_autoptr (GError) error = NULL;
  gsize rows, cols;

  orr_analysis_options_init (&options);
  options.n_steps = 6000;
  options.kick_neurons = kicks;
  orr_trajectory_options_init (&run);
  run.n_steps = 6000;
  g_autoptr (GVariant) section = orr_composition_analyze (network, &options, NULL, &error);
  g_autoptr (OrrMotion) whole = orr_motion_compute (network, NULL, &run, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrMotion) motion = orr_subspace_motion (whole, network, 0, 2, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrTransitions) transitions = orr_transitions_new (whole->trajectory);
  g_autoptr (GVariant) pairs = orr_section_get_child (section, "pairs");
  g_autoptr (GVariant) pair = g_variant_get_child_value (pairs, 1);
  g_autofree double *components = orr_section_dup_table (pair, "components", &rows, &cols);
  guint n_inside = 0;
  double sum[3] = { 0 };

  for (gsize i = 0; i < rows * cols; i++)
    g_assert_cmpfloat_with_epsilon (motion->pca->components[i], components[i], 1e-9);
  for (guint t = 0; t < 6000; t++)
    if (motion->inside[t])
      {
        n_inside++;
        g_assert_cmpuint (transitions->symbols[t], !=, 1);
        for (int p = 0; p < 3; p++)
          sum[p] += orr_matrix_row (motion->projection, t)[p];
      }
  g_assert_cmpint (n_inside, ==, orr_section_get_int (pair, "steps", 0));
  /* The places inside are seen from their mean. */
  for (int p = 0; p < 3; p++)
    g_assert_cmpfloat_with_epsilon (sum[p] / n_inside, 0.0, 1e-4);
  /* Its mean orbit goes through the mean places of the steps inside, bin by bin of the phase. */
  g_autoptr (GVariant) mean = orr_orbit_mean (motion);
  g_autofree double *orbit = orr_section_dup_table (mean, "mean_orbit", &rows, &cols);
  g_autofree double *share = orr_section_dup_doubles (mean, "phase_occupancy", &rows);
  double weighted[3] = { 0 }, total = 0.0;
  for (guint b = 0; b < 36; b++)
    {
      total += share[b];
      for (int p = 0; p < 3 && isfinite (orbit[3 * b]); p++)
        weighted[p] += share[b] * orbit[3 * b + p];
    }
  g_assert_cmpfloat_with_epsilon (total, 1.0, 1e-9);
  for (int p = 0; p < 3; p++)
    g_assert_cmpfloat_with_epsilon (weighted[p], 0.0, 0.02);
  g_assert_true (motion->trajectory == whole->trajectory);
  g_assert_null (whole->inside);
}

static void
test_two_symbols (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (10, 3, 2, FALSE, 1);
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  g_assert_null (orr_composition_analyze (network, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/composition/rotor", test_rotor);
  g_test_add_func ("/composition/pairs", test_pairs);
  g_test_add_func ("/composition/motion", test_motion);
  g_test_add_func ("/composition/two-symbols", test_two_symbols);
  return g_test_run ();
}
