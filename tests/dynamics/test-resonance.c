/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-resonance.h"

#include <math.h>
#include <string.h>

#include "orr-section.h"
#include "planted-networks.h"

static GVariant *
analyze (const OrrNetwork *network, const OrrHmm *hmm, guint threads)
{
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  options.n_steps = 5000;
  options.hmm = hmm;
  options.threads = threads;
  GVariant *section = orr_resonance_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);
  return section;
}

/* Kicks that need their noise above a threshold: jumps grow with sigma, and agree best
 * with a model whose rate is the one at sigma 1. */
static void
test_planted_kicks (void)
{
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (OrrHmm) hmm = orr_hmm_new (2, 2);
  const double q = 0.0165, emission[4] = { 0.997, 0.003, 0.003, 0.997 };
  const double transition[4] = { 1.0 - q, q, q, 1.0 - q };
  gsize n;

  memcpy (hmm->transition, transition, sizeof transition);
  memcpy (hmm->emission, emission, sizeof emission);
  g_autoptr (GVariant) section = analyze (network, hmm, 0);
  g_autofree double *sigma = orr_section_dup_doubles (section, "sigma", &n);
  g_autofree double *rate = orr_section_dup_doubles (section, "transition_rate", &n);
  g_assert_cmpuint (n, >=, 12);
  g_assert_cmpfloat (rate[0], <, 0.1);
  for (gsize s = 1; s < n; s++)
    if (sigma[s] > 1.0)
      g_assert_cmpfloat (rate[s], >, rate[s - 1]);

  g_autoptr (GVariant) optimum = orr_section_get_child (section, "optimum");
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (optimum, "sigma", 0.0), 1.0, 0.25);
  g_assert_cmpfloat (orr_section_get_double (optimum, "low", 9.0), <=, orr_section_get_double (optimum, "sigma", 0.0));
  g_assert_cmpfloat (orr_section_get_double (optimum, "high", 0.0), >=, orr_section_get_double (optimum, "sigma", 9.0));
  g_assert_cmpfloat (orr_section_get_double (optimum, "high", 0.0), <, 1.6);
}

/* Without biases sigma only scales the states: contours grow in proportion. And a
 * clock that no noise can hurry has its spectral peak at its own frequency. */
static void
test_homogeneous (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (8, 2, 2, FALSE);
  gsize rows, cols;

  for (guint u = 0; u < 8; u++)
    network->weight_hh->data[((u + 1) % 8) * 8 + u] = 0.97f; /* a ring that passes activity on */
  network->weight_ih->data[0] = 1.0f;
  network->weight_ih->data[3] = 0.3f;
  network->weight_out->data[0] = 1.0f;
  network->weight_out->data[12] = 1.0f;
  g_autoptr (GVariant) section = analyze (network, NULL, 1);
  g_autoptr (GVariant) contours = orr_section_get_child (section, "contours");
  g_assert_cmpuint (g_variant_n_children (contours), ==, 5);
  g_autoptr (GVariant) one = g_variant_get_child_value (contours, 1);
  g_autoptr (GVariant) four = g_variant_get_child_value (contours, 4);
  g_autofree double *a = orr_section_dup_table (one, "outline", &rows, &cols);
  g_autofree double *b = orr_section_dup_table (four, "outline", &rows, &cols);
  double width_a = 0.0, width_b = 0.0;
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < rows; j++)
      {
        width_a = MAX (width_a, hypot (a[2 * i] - a[2 * j], a[2 * i + 1] - a[2 * j + 1]));
        width_b = MAX (width_b, hypot (b[2 * i] - b[2 * j], b[2 * i + 1] - b[2 * j + 1]));
      }
  g_assert_cmpfloat_with_epsilon (width_b / width_a, 4.0, 0.05);

  gsize n;
  g_autofree double *peak = orr_section_dup_doubles (section, "spectral_peak", &n);
  /* ... or at a multiple of it, since each of the eight holds an activity of its own. */
  g_assert_cmpfloat_with_epsilon (remainder (peak[n - 1], 1.0 / 8.0), 0.0, 0.02);

  g_autoptr (GVariant) again = analyze (network, NULL, 3);
  g_autofree char *first = g_variant_print (section, FALSE);
  g_autofree char *second = g_variant_print (again, FALSE);
  g_assert_cmpstr (first, ==, second);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resonance/planted-kicks", test_planted_kicks);
  g_test_add_func ("/resonance/homogeneous", test_homogeneous);
  return g_test_run ();
}
