/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sensitivity.h"

#include "orr-error.h"
#include "orr-section.h"
#include "planted-networks.h"

/* The planted kick out of symbol 0 acts through a line of four delays: while it is under
 * way, the state is a few steps from its end, and a gate lets noise through that is
 * shut otherwise. */
static OrrNetwork *
create_delayed_kick (void)
{
  enum { H = PLANTED_HIDDEN, FIRST = 20, N_DELAYS = 4, GATE = 30 };
  OrrNetwork *network = create_planted_kicks ();
  float *w = network->weight_hh->data;

  w[PLANTED_KICK_01] = w[H + PLANTED_KICK_01] = 0.0f;
  for (guint d = 0; d < N_DELAYS; d++)
    {
      guint unit = FIRST + d;

      network->weight_ih->data[unit * H + unit] = 0.0f;
      w[unit * H + unit] = 0.0f;
      w[unit * H + (d == 0 ? PLANTED_KICK_01 : unit - 1)] = d == 0 ? 40.0f : 1.0f;
      w[GATE * H + unit] = 20.0f;
    }
  w[FIRST + N_DELAYS - 1] = -1.0f;
  w[H + FIRST + N_DELAYS - 1] = 1.0f;
  network->weight_ih->data[GATE * H + GATE] = 5.0f;
  network->bias_hh->data[GATE] = -20.0f;
  w[GATE * H + GATE] = 0.0f;
  return network;
}

static void
test_planted (void)
{
  g_autoptr (OrrNetwork) network = create_delayed_kick ();
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;
  gsize n, rows, cols;

  orr_analysis_options_init (&options);
  g_autoptr (GVariant) section = orr_sensitivity_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GVariant) cluster = orr_section_get_child (section, "cluster");
  g_autoptr (GVariant) kick = orr_section_get_child (section, "kick");
  g_autofree double *cluster_residency = orr_section_dup_doubles (cluster, "residency", &n);
  g_autofree double *kick_residency = orr_section_dup_doubles (kick, "residency", &n);
  g_assert_cmpuint (n, >, 5);
  for (gsize d = 0; d < n; d++)
    {
      g_assert_cmpfloat (cluster_residency[d], >, 8.0);
      g_assert_cmpfloat (kick_residency[d], <=, 8.0);
      g_assert_cmpfloat (kick_residency[d], >=, 2.0);
    }

  /* With recorded noise alone all draws are one path; fresh noise passes the gate in
   * the kick-zone only: after one step its variance is the gate's own, 25, beside that
   * of the idle units. */
  g_autoptr (GVariant) kick_gains = orr_section_get_child (kick, "gains");
  g_autoptr (GVariant) cluster_gains = orr_section_get_child (cluster, "gains");
  g_autoptr (GVariant) recorded = g_variant_get_child_value (kick_gains, 0);
  g_autoptr (GVariant) fresh = g_variant_get_child_value (kick_gains, 2);
  g_autoptr (GVariant) fresh_cluster = g_variant_get_child_value (cluster_gains, 2);
  g_autofree double *none = orr_section_dup_doubles (recorded, "trace", &n);
  g_autofree double *full = orr_section_dup_doubles (fresh, "trace", &n);
  g_autofree double *quiet = orr_section_dup_doubles (fresh_cluster, "trace", &n);
  g_assert_cmpuint (n, ==, 7);
  for (gsize s = 0; s < n; s++)
    g_assert_cmpfloat (none[s], <, 1e-9);
  g_assert_cmpfloat_with_epsilon (full[1] - quiet[1], 25.0, 4.0);
  g_autofree double *interval = orr_section_dup_table (fresh, "trace_ci", &rows, &cols);
  g_assert_cmpfloat (interval[2], <, full[1]);
  g_assert_cmpfloat (interval[3], >, full[1]);
}

/* A network that never stays has no start points, and says so. */
static void
test_no_starts (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (20, 10, 3, FALSE, 1);
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  options.n_steps = 2000;
  g_assert_null (orr_sensitivity_analyze (network, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sensitivity/planted", test_planted);
  g_test_add_func ("/sensitivity/no-starts", test_no_starts);
  return g_test_run ();
}
