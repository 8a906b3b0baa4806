/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-composition.h"

#include <math.h>

#include "orr-error.h"
#include "orr-section.h"

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
  g_test_add_func ("/composition/two-symbols", test_two_symbols);
  return g_test_run ();
}
