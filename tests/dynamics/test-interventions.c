/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-interventions.h"

#include <math.h>

#include "orr-gain.h"
#include "orr-section.h"
#include "orr-transitions.h"
#include "planted-networks.h"

static GVariant *
run_set (const OrrNetwork *network, const OrrInterventionSet *set)
{
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  options.n_steps = 5000;
  GVariant *section = orr_interventions_run (network, set, &options, NULL, &error);
  g_assert_no_error (error);
  return section;
}

/* A study's file has one place for each name. */
static void
assert_names_once (GVariant *section)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GVariantIter iter;
  char *name;

  g_variant_iter_init (&iter, section);
  while (g_variant_iter_next (&iter, "{sv}", &name, NULL))
    g_assert_true (g_hash_table_add (seen, name));
}

/* Silencing both planted kicks ends all jumps; turning their noise up makes more; a
 * unit that touches nothing changes nothing at all, since the noise is matched. */
static void
test_planted (void)
{
  static const guint kicks[2] = { PLANTED_KICK_01, PLANTED_KICK_10 }, idle[2] = { 11, 12 };
  const OrrInterventionSet kick = { "kick", 0, 1, 2, kicks, FALSE }, control = { "control", 0, 1, 2, idle, FALSE };
  const OrrInterventionSet noise = { "noise", 0, 1, 2, kicks, TRUE };
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (GVariant) kicked = run_set (network, &kick);
  g_autoptr (GVariant) controlled = run_set (network, &control);
  g_autoptr (GVariant) noisy = run_set (network, &noise);
  gsize n;
  g_autofree double *gain = orr_section_dup_doubles (kicked, "gain", &n);
  g_autofree double *rate = orr_section_dup_doubles (kicked, "transition_rate", &n);
  g_autofree double *flat = orr_section_dup_doubles (controlled, "transition_rate", &n);
  g_autofree double *rising = orr_section_dup_doubles (noisy, "direction_rate", &n);

  assert_names_once (kicked);
  g_assert_cmpuint (n, ==, 9);
  g_assert_cmpfloat (gain[4], ==, 1.0);
  g_assert_cmpfloat (rate[0], ==, 0.0);
  g_assert_cmpfloat (rate[4], >, 0.01);
  for (gsize g = 0; g < n; g++)
    g_assert_cmpfloat (flat[g], ==, rate[4]);
  g_assert_cmpfloat (rising[0], ==, 0.0);
  g_assert_cmpfloat (rising[8], >, 2.0 * rising[4]);

  g_autoptr (GVariant) shown = orr_section_get_child (kicked, "shown");
  g_assert_cmpuint (g_variant_n_children (shown), ==, 3);
  g_autoptr (GVariant) silenced = g_variant_get_child_value (shown, 0);
  g_assert_cmpint (orr_section_get_int (silenced, "transitions", -1), ==, 0);
  g_assert_true (isnan (orr_section_get_double (silenced, "critical_pairs", 0.0)));
}

/* A pair of units that turns critically in every state is counted in each of the 31. */
static void
test_critical_pairs (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (4, 4, 2, FALSE);
  const double radius = 0.98, angle = 0.4;
  const guint unit = 2;
  const OrrInterventionSet set = { "set", -1, -1, 1, &unit, TRUE };
  float *w = network->weight_hh->data;

  network->activation = ORR_ACTIVATION_TANH;
  w[0] = w[5] = radius * cos (angle);
  w[1] = -radius * sin (angle);
  w[4] = radius * sin (angle);
  network->weight_ih->data[10] = 1.0f; /* unit 2 follows noise and sets the symbol */
  network->weight_out->data[2] = 1.0f;
  network->weight_out->data[6] = -1.0f;
  g_autoptr (GVariant) section = run_set (network, &set);
  g_autoptr (GVariant) shown = orr_section_get_child (section, "shown");
  g_autoptr (GVariant) nominal = g_variant_get_child_value (shown, 1);
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (nominal, "critical_pairs", 0.0), 31.0, 1e-9);
  g_assert_cmpint (orr_section_get_int (nominal, "transitions", 0), ==, 20);
}

/* A unit that doubles itself at gain 1.9 is told as growing; the rest of the result stands. */
static void
test_growing (void)
{
  static const guint unit = 11;
  const OrrInterventionSet set = { "set", -1, -1, 1, &unit, FALSE };
  g_autoptr (OrrNetwork) network = create_planted_kicks ();

  network->weight_hh->data[unit * PLANTED_HIDDEN + unit] = 0.9f;
  g_autoptr (GVariant) section = run_set (network, &set);
  g_autoptr (GVariant) shown = orr_section_get_child (section, "shown");
  g_autoptr (GVariant) nominal = g_variant_get_child_value (shown, 1);
  g_autoptr (GVariant) raised = g_variant_get_child_value (shown, 2);
  g_assert_false (orr_section_get_boolean (nominal, "grows", TRUE));
  g_assert_true (orr_section_get_boolean (raised, "grows", FALSE));
}

/* A gained network is the formula: one step by hand. */
static void
test_gain (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (5, 3, 2, TRUE, 2);
  const guint units[2] = { 1, 4 };
  g_autoptr (OrrNetwork) gained = orr_gain_apply (network, units, 2, 0.5, 3.0);

  for (guint u = 0; u < 5; u++)
    {
      gboolean chosen = u == 1 || u == 4;
      g_assert_cmpfloat (gained->weight_hh->data[u * 5 + 2], ==, network->weight_hh->data[u * 5 + 2] * (chosen ? 0.5f : 1.0f));
      g_assert_cmpfloat (gained->weight_ih->data[u * 3 + 1], ==, network->weight_ih->data[u * 3 + 1] * (chosen ? 3.0f : 1.0f));
      g_assert_cmpfloat (gained->bias_hh->data[u], ==, network->bias_hh->data[u] * (chosen ? 0.5f : 1.0f));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/interventions/planted", test_planted);
  g_test_add_func ("/interventions/critical-pairs", test_critical_pairs);
  g_test_add_func ("/interventions/growing", test_growing);
  g_test_add_func ("/interventions/gain", test_gain);
  return g_test_run ();
}
