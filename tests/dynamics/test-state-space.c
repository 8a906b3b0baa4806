/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-state-space.h"

#include <math.h>

#include "orr-error.h"
#include "orr-section.h"

/* Units that only copy their own noise: the variance of a half-normal each, so
 * the shares of explained variance follow from the input weights. */
static void
test_known_variance (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (4, 4, 2, FALSE);
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;
  static const float gains[4] = { 1.0f, 3.0f, 2.0f, 0.5f };
  static const double sorted[4] = { 9.0, 4.0, 1.0, 0.25 };
  gsize n, rows, cols;

  for (guint i = 0; i < 4; i++)
    network->weight_ih->data[i * 5] = gains[i];
  network->weight_out->data[1] = 1.0f; /* symbol 0 reads unit 1, which is the first component */
  orr_analysis_options_init (&options);
  options.n_steps = 100000;
  g_autoptr (GVariant) section = orr_state_space_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);

  g_autofree double *ratio = orr_section_dup_doubles (section, "explained_variance_ratio", &n);
  g_assert_cmpuint (n, ==, 4);
  for (guint p = 0; p < 4; p++)
    g_assert_cmpfloat_with_epsilon (ratio[p], sorted[p] / 14.25, 0.01);
  double half_normal = 0.5 - 0.5 / G_PI; /* variance of max (x, 0) */
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (section, "total_variance", 0.0), 14.25 * half_normal, 0.1);
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (section, "participation_ratio", 0.0),
                                  14.25 * 14.25 / (81.0 + 16.0 + 1.0 + 0.0625), 0.05);

  g_autofree double *axes = orr_section_dup_table (section, "readout_axes", &rows, &cols);
  g_assert_cmpuint (rows, ==, 2);
  g_assert_cmpfloat_with_epsilon (axes[0], 1.0, 1e-3);
  g_autofree double *active = orr_section_dup_doubles (section, "active_fraction", &n);
  g_assert_cmpfloat_with_epsilon (active[2], 0.5, 0.01);
  g_autofree double *relaxation = orr_section_dup_doubles (section, "relaxation", &n);
  g_assert_cmpuint (n, ==, 51);
  g_assert_cmpfloat (relaxation[0], >, 1.0);
  g_assert_cmpfloat (relaxation[1], ==, 0.0);
}

static void
test_cancel (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (20, 4, 2, FALSE, 1);
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  orr_progress_cancel (progress);
  g_assert_null (orr_state_space_analyze (network, &options, progress, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/state-space/known-variance", test_known_variance);
  g_test_add_func ("/state-space/cancel", test_cancel);
  return g_test_run ();
}
