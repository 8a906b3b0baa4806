/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-fixed-points.h"

#include <math.h>

#include "orr-section.h"

static GVariant *
analyze (const OrrNetwork *network)
{
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  options.n_steps = 3000;
  GVariant *section = orr_fixed_points_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);
  return section;
}

static guint
count_points (GVariant *section)
{
  g_autoptr (GVariant) points = orr_section_get_child (section, "points");
  return g_variant_n_children (points);
}

/* The point whose first coordinate lies nearest to @x. */
static GVariant *
find_point (GVariant *section, double x)
{
  g_autoptr (GVariant) points = orr_section_get_child (section, "points");
  GVariant *nearest = NULL;
  double best = INFINITY;

  for (gsize i = 0; i < g_variant_n_children (points); i++)
    {
      g_autoptr (GVariant) point = g_variant_get_child_value (points, i);
      gsize n;
      g_autofree double *state = orr_section_dup_doubles (point, "state", &n);

      if (fabs (state[0] - x) < best)
        {
          best = fabs (state[0] - x);
          g_clear_pointer (&nearest, g_variant_unref);
          nearest = g_variant_ref (point);
        }
    }
  g_assert_cmpfloat (best, <, 1e-4);
  return nearest;
}

/* Two tanh units, each with wells at +-x* where x = tanh (2 x): nine points, four
 * stable, whose slopes are known. */
static void
test_wells (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (2, 2, 2, FALSE);
  double well = 0.957504024077;

  network->activation = ORR_ACTIVATION_TANH;
  network->weight_hh->data[0] = network->weight_hh->data[3] = 2.0f;
  network->weight_ih->data[0] = network->weight_ih->data[3] = 0.7f;
  g_autoptr (GVariant) section = analyze (network);
  g_autoptr (GVariant) points = orr_section_get_child (section, "points");
  guint n_stable = 0;
  double basins = 0.0;

  for (gsize i = 0; i < g_variant_n_children (points); i++)
    {
      g_autoptr (GVariant) point = g_variant_get_child_value (points, i);
      gsize n;
      g_autofree double *state = orr_section_dup_doubles (point, "state", &n);
      double slope = 0.0;

      g_assert_cmpfloat (orr_section_get_double (point, "residual", 1.0), <, 1e-9);
      for (guint u = 0; u < 2; u++)
        {
          g_assert_true (fabs (state[u]) < 1e-6 || fabs (fabs (state[u]) - well) < 1e-6);
          slope = MAX (slope, 2.0 * (1.0 - state[u] * state[u]));
        }
      g_assert_cmpfloat_with_epsilon (orr_section_get_double (point, "spectral_radius", 0.0), slope, 1e-5);
      g_assert_cmpint (orr_section_get_boolean (point, "stable", FALSE), ==, slope < 1.0);
      n_stable += slope < 1.0;
      if (slope < 1.0)
        basins += orr_section_get_double (point, "basin_fraction", 0.0);
      else
        g_assert_cmpfloat (orr_section_get_double (point, "basin_fraction", 1.0), ==, 0.0);
    }
  g_assert_cmpuint (n_stable, ==, 4);
  g_assert_cmpfloat_with_epsilon (basins, 1.0, 1e-9);
}

/* ReLU with biases: x' = max (0, 1.5 x - 0.5) has a stable 0 and an unstable 1, and
 * states above 1 grow; a second unit rests at 2 by its bias. */
static void
test_relu_two_points (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (2, 1, 2, TRUE);

  network->weight_hh->data[0] = 1.5f;
  network->bias_hh->data[0] = -0.5f;
  network->weight_hh->data[3] = 0.5f;
  network->bias_ih->data[1] = 1.0f;
  network->weight_ih->data[0] = 0.25f;
  OrrAnalysisOptions options;
  orr_analysis_options_init (&options);
  options.n_steps = 40; /* before the noise carries it over 1 */
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) section = orr_fixed_points_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (count_points (section), <=, 2);
  g_autoptr (GVariant) low = find_point (section, 0.0);
  g_assert_true (orr_section_get_boolean (low, "stable", FALSE));
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (low, "spectral_radius", 0.0), 0.5, 1e-6);
  g_assert_false (orr_section_get_boolean (low, "at_kink", TRUE));
  if (count_points (section) == 2)
    {
      g_autoptr (GVariant) high = find_point (section, 1.0);
      g_assert_false (orr_section_get_boolean (high, "stable", TRUE));
      g_assert_cmpfloat_with_epsilon (orr_section_get_double (high, "spectral_radius", 0.0), 1.5, 1e-6);
    }
}

/* Without biases there is the origin alone; its decay is told, not an eigenvalue
 * at the kink. Here every step multiplies the state by 0.9. */
static void
test_homogeneous_decay (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (3, 3, 2, FALSE);

  for (guint i = 0; i < 3; i++)
    {
      network->weight_hh->data[i * 4] = 0.9f;
      network->weight_ih->data[i * 4] = 1.0f;
    }
  g_autoptr (GVariant) section = analyze (network);
  g_assert_cmpuint (count_points (section), ==, 1);
  g_autoptr (GVariant) origin = find_point (section, 0.0);
  g_assert_true (orr_section_get_boolean (origin, "at_kink", FALSE));
  g_assert_true (orr_section_get_boolean (origin, "stable", FALSE));
  g_assert_true (isnan (orr_section_get_double (origin, "spectral_radius", 0.0)));
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (origin, "decay_ratio", 0.0), pow (0.9, 50), 1e-4);
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (origin, "decay_spectral_radius", 0.0), 0.9, 1e-6);
  g_assert_cmpfloat (orr_section_get_double (origin, "basin_fraction", 0.0), ==, 1.0);
}

/* A rotation that neither grows nor decays reaches no point. */
static void
test_never_settles (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (3, 3, 2, FALSE);

  /* A ring: each unit hands its activity to the next. */
  for (guint i = 0; i < 3; i++)
    {
      network->weight_hh->data[((i + 1) % 3) * 3 + i] = 0.9999f;
      network->weight_ih->data[i * 4] = 0.1f;
    }
  g_autoptr (GVariant) section = analyze (network);
  g_assert_cmpfloat (orr_section_get_double (section, "moving_fraction", 0.0), ==, 1.0);
  g_assert_cmpfloat (orr_section_get_double (section, "growing_fraction", 1.0), ==, 0.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fixed-points/wells", test_wells);
  g_test_add_func ("/fixed-points/relu-two-points", test_relu_two_points);
  g_test_add_func ("/fixed-points/homogeneous-decay", test_homogeneous_decay);
  g_test_add_func ("/fixed-points/never-settles", test_never_settles);
  return g_test_run ();
}
