/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-integrating.h"

#include <math.h>

#include "orr-error.h"
#include "orr-section.h"
#include "planted-networks.h"

/* Units 20..25 excite kick 1 and inhibit kick 2, 26..31 the other way, and each half
 * excites itself; they are found, in halves, and nothing else is. */
static void
test_planted_populations (void)
{
  enum { H = PLANTED_HIDDEN };
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (GVariant) kicks = create_planted_section ();
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;
  float *w = network->weight_hh->data;
  gsize n, rows, cols;

  for (guint u = 20; u < 32; u++)
    {
      float sign = u < 26 ? 1.0f : -1.0f;

      w[PLANTED_KICK_01 * H + u] = 0.01f * sign * (1 + u % 3);
      w[PLANTED_KICK_10 * H + u] = -0.01f * sign * (1 + u % 3);
      for (guint v = 20; v < 32; v++)
        if (v != u)
          w[u * H + v] = (u < 26) == (v < 26) ? 0.05f : -0.05f;
    }
  orr_analysis_options_init (&options);
  options.kick_neurons = kicks;
  g_autoptr (GVariant) section = orr_integrating_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);

  g_autoptr (GVariant) pairs = orr_section_get_child (section, "pairs");
  g_assert_cmpuint (g_variant_n_children (pairs), ==, 1);
  g_autoptr (GVariant) pair = g_variant_get_child_value (pairs, 0);
  g_autofree double *units = orr_section_dup_doubles (pair, "units", &n);
  g_assert_cmpuint (n, ==, 12);
  g_assert_cmpint (orr_section_get_int (pair, "driving_1", 0), ==, 6);
  for (gsize i = 0; i < n; i++)
    g_assert_true (i < 6 ? units[i] >= 20 && units[i] < 26 : units[i] >= 26);
  g_autofree double *block = orr_section_dup_table (pair, "integrating_integrating", &rows, &cols);
  g_assert_cmpfloat_with_epsilon (block[0], 0.05, 1e-6);
  g_assert_cmpfloat_with_epsilon (block[1], -0.05, 1e-6);
  g_autofree double *onto = orr_section_dup_table (pair, "kick_integrating", &rows, &cols);
  g_assert_cmpfloat (onto[0], >, 0.0);
  g_assert_cmpfloat (onto[1], <, 0.0);
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (pair, "contrast", 0.0), 0.1, 1e-6);
  g_assert_cmpfloat (orr_section_get_double (pair, "contrast_p_value", 1.0), <, 0.01);
}

/* Without kick groups there is nothing to integrate for. */
static void
test_nothing (void)
{
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (GVariant) empty = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  options.kick_neurons = empty;
  g_assert_null (orr_integrating_analyze (network, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/integrating/planted-populations", test_planted_populations);
  g_test_add_func ("/integrating/nothing", test_nothing);
  return g_test_run ();
}
