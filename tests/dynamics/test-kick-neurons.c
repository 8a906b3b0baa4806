/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-kick-neurons.h"

#include <math.h>

#include "orr-section.h"
#include "planted-networks.h"

static GVariant *
analyze (const OrrNetwork *network, guint64 seed)
{
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  options.seed = seed;
  GVariant *section = orr_kick_neurons_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);
  return section;
}

static void
check_group (GVariant *list, guint index, guint from, guint to, guint unit)
{
  g_autoptr (GVariant) group = g_variant_get_child_value (list, index);
  gsize n;
  g_autofree double *units = orr_section_dup_doubles (group, "units", &n);

  g_assert_cmpint (orr_section_get_int (group, "from", -1), ==, from);
  g_assert_cmpint (orr_section_get_int (group, "to", -1), ==, to);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpfloat (units[0], ==, unit);
  g_assert_cmpfloat (orr_section_get_double (group, "rate_nominal", 0.0), >, 0.005);
  g_assert_cmpfloat (orr_section_get_double (group, "rate_silenced", 1.0), ==, 0.0);
  g_assert_cmpfloat (orr_section_get_double (group, "p_value", 1.0), <, 0.01);
  g_assert_cmpfloat_with_epsilon (orr_section_get_double (group, "control_rate", 0.0),
                                  orr_section_get_double (group, "rate_nominal", 1.0), 0.1);
  g_assert_cmpfloat (orr_section_get_double (group, "overlap_other_half", 0.0), ==, 1.0);

  /* Other seeds find it as well. */
  g_autofree double *overlaps = orr_section_dup_doubles (group, "overlap_seeds", &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (overlaps[0] + overlaps[1], ==, 2.0);
  g_autofree double *stability = orr_section_dup_doubles (group, "unit_stability", &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpfloat (stability[0], ==, 1.0);

  /* It wakes right before the jump, each time, and is silent otherwise. */
  g_autofree double *crossing = orr_section_dup_doubles (group, "crossing_time", &n);
  g_autofree double *share = orr_section_dup_doubles (group, "crossing_fraction", &n);
  g_autofree double *silent = orr_section_dup_doubles (group, "silent_fraction", &n);
  g_assert_cmpfloat (crossing[0], <, 2.0);
  g_assert_cmpfloat (share[0], >, 0.95);
  g_assert_cmpfloat (silent[0], >, 0.97);
}

static void
test_planted (void)
{
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (GVariant) section = analyze (network, 1);
  g_autoptr (GVariant) groups = orr_section_get_child (section, "groups");

  g_assert_cmpuint (g_variant_n_children (groups), ==, 2);
  check_group (groups, 0, 0, 1, PLANTED_KICK_01);
  check_group (groups, 1, 1, 0, PLANTED_KICK_10);

  g_autoptr (GPtrArray) parsed = orr_kick_groups_parse (section);
  g_assert_cmpuint (parsed->len, ==, 2);
  const OrrKickGroup *second = parsed->pdata[1];
  g_assert_cmpuint (second->from, ==, 1);
  g_assert_cmpuint (second->units[0], ==, PLANTED_KICK_10);
}

/* Three wells in a ring, and for each a unit that kicks from it to the next one alone: a unit that is held
 * down while another well is up. All other units follow noise of their own and touch nothing. */
static OrrNetwork *
create_ring (const guint kicks[3])
{
  enum { H = 40 };
  OrrNetwork *network = orr_network_new (H, H, 3, TRUE);
  float *w = network->weight_hh->data;

  for (guint u = 3; u < H; u++)
    {
      network->weight_ih->data[u * H + u] = 1.0f;
      w[u * H + u] = 0.3f;
    }
  for (guint s = 0; s < 3; s++)
    {
      guint next = (s + 1) % 3, last = (s + 2) % 3, kick = kicks[s];

      w[s * H + s] = 0.5f;
      w[s * H + next] = w[s * H + last] = -2.0f;
      network->bias_hh->data[s] = 1.0f;
      network->bias_hh->data[kick] = -2.1f;
      w[kick * H + next] = w[kick * H + last] = -10.0f;
      w[s * H + kick] = -200.0f;
      w[next * H + kick] = 200.0f;
      network->weight_out->data[s * H + s] = 3.0f;
    }
  return network;
}

static void
test_ring (void)
{
  const guint kicks[3] = { 31, 8, 22 };
  g_autoptr (OrrNetwork) network = create_ring (kicks);
  g_autoptr (GVariant) section = analyze (network, 3);
  g_autoptr (GPtrArray) groups = orr_kick_groups_parse (section);
  guint found = 0;

  g_assert_cmpuint (groups->len, ==, 3);
  for (guint g = 0; g < 3; g++)
    {
      const OrrKickGroup *group = groups->pdata[g];

      g_assert_cmpuint (group->to, ==, (group->from + 1) % 3);
      g_assert_cmpuint (group->n_units, ==, 1);
      g_assert_cmpuint (group->units[0], ==, kicks[group->from]);
      found |= 1 << group->from;
    }
  g_assert_cmpuint (found, ==, 7);
}

/* Untrained networks have no kick neurons. */
static void
test_untrained (void)
{
  for (guint64 seed = 0; seed < 3; seed++)
    {
      g_autoptr (OrrNetwork) network = orr_network_new_random (60, 20, 3, FALSE, seed);
      g_autoptr (GVariant) section = analyze (network, seed);
      g_autoptr (GVariant) groups = orr_section_get_child (section, "groups");

      g_assert_cmpuint (g_variant_n_children (groups), ==, 0);
    }
}

/* Where all units share the work of a jump, no few are named: one symbol follows the
 * sum of many units' noise. */
static void
test_diffuse (void)
{
  enum { H = 60 };
  g_autoptr (OrrNetwork) network = orr_network_new (H, H, 2, FALSE);

  for (guint u = 0; u < H; u++)
    {
      network->weight_ih->data[u * H + u] = 1.0f;
      network->weight_hh->data[u * H + u] = 0.9f;
      network->weight_out->data[u < H / 2 ? u : H + u] = 1.0f;
    }
  g_autoptr (GVariant) section = analyze (network, 4);
  g_autoptr (GVariant) groups = orr_section_get_child (section, "groups");
  for (gsize g = 0; g < g_variant_n_children (groups); g++)
    {
      g_autoptr (GVariant) group = g_variant_get_child_value (groups, g);
      g_assert_false (orr_section_get_boolean (group, "complete", TRUE));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kick-neurons/planted", test_planted);
  g_test_add_func ("/kick-neurons/ring", test_ring);
  g_test_add_func ("/kick-neurons/untrained", test_untrained);
  g_test_add_func ("/kick-neurons/diffuse", test_diffuse);
  return g_test_run ();
}
