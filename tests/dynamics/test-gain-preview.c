/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gain-preview.h"

#include <math.h>

#include "orr-error.h"
#include "orr-gain.h"
#include "orr-section.h"
#include "orr-transitions.h"
#include "planted-networks.h"

static const OrrGainEffort effort = { .n_paths = 24, .n_steps = 600, .n_controls = 20, .n_events = 0, .length = 30 };

static OrrTrajectory *
simulate (const OrrNetwork *network, guint n_steps)
{
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  options.n_steps = n_steps;
  OrrTrajectory *run = orr_analysis_simulate (network, &options, NULL, &error);
  g_assert_no_error (error);
  return run;
}

static GVariant *
preview (const OrrNetwork *network, const OrrGains *gains, guint threads)
{
  g_autoptr (OrrTrajectory) run = simulate (network, 3000);
  g_autoptr (GError) error = NULL;
  OrrAnalysisOptions options;

  orr_analysis_options_init (&options);
  options.threads = threads;
  GVariant *section = orr_gain_preview (network, gains, run->states, &effort, &options, NULL, &error);
  g_assert_no_error (error);
  return section;
}

/* The read-out called @name of @from -> @to; (transfer full). */
static GVariant *
find (GVariant *section, const char *name, int from, int to)
{
  g_autoptr (GVariant) list = orr_section_get_child (section, "readouts");

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) readout = g_variant_get_child_value (list, i);
      g_autofree char *own = orr_section_dup_string (readout, "name");

      if (g_str_equal (own, name) && orr_section_get_int (readout, "from", -1) == from
          && orr_section_get_int (readout, "to", -1) == to)
        return g_steal_pointer (&readout);
    }
  return NULL;
}

static double
number (GVariant *section, const char *name, int from, int to, const char *field)
{
  g_autoptr (GVariant) readout = find (section, name, from, to);
  return orr_section_get_double (readout, field, NAN);
}

/* Silencing a planted kick ends its jumps and those alone; random groups do not. */
static void
test_planted (void)
{
  static const guint kick[1] = { PLANTED_KICK_01 };
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (OrrGains) gains = orr_gains_new (network->n_hidden);
  orr_gains_turn (gains, kick, 1, 0.0, 0.0);
  g_autoptr (GVariant) section = preview (network, gains, 0);

  g_assert_cmpint (orr_section_get_int (section, "turned", 0), ==, 1);
  g_assert_false (orr_section_get_boolean (section, "grows", TRUE));
  g_assert_cmpfloat (number (section, "hazard", 0, 1, "nominal"), >, 0.005);
  g_assert_cmpfloat (number (section, "hazard", 0, 1, "gained"), ==, 0.0);
  g_assert_cmpfloat (number (section, "hazard", 1, 0, "gained"), >, 0.005);
  g_assert_cmpfloat (number (section, "hazard", 0, 1, "control"), >, 0.005);
  g_assert_cmpfloat (number (section, "hazard", 0, 1, "p_value"), <, 0.2);
  /* held in the first symbol */
  g_assert_cmpfloat (number (section, "frequency", 0, -1, "gained"), >, number (section, "frequency", 0, -1, "nominal"));
  g_assert_cmpfloat (number (section, "transition_rate", -1, -1, "gained"), <,
                     0.5 * number (section, "transition_rate", -1, -1, "nominal"));
  g_assert_cmpfloat (number (section, "residency", -1, -1, "gained"), >, number (section, "residency", -1, -1, "nominal"));
}

/* Gains that touch nothing change nothing at all, since the noise is matched. */
static void
test_idle (void)
{
  static const guint idle[2] = { 11, 12 };
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (OrrGains) gains = orr_gains_new (network->n_hidden);
  orr_gains_turn (gains, idle, 2, 0.0, 0.0);
  g_autoptr (GVariant) section = preview (network, gains, 0);
  g_autoptr (GVariant) list = orr_section_get_child (section, "readouts");
  double sum = 0.0;

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) readout = g_variant_get_child_value (list, i);

      g_assert_cmpfloat (orr_section_get_double (readout, "gained", 0.0), ==,
                         orr_section_get_double (readout, "nominal", 1.0));
      g_assert_cmpfloat (orr_section_get_double (readout, "p_value", 0.0), ==, 1.0);
    }
  for (guint k = 0; k < network->n_symbols; k++)
    sum += number (section, "frequency", k, -1, "nominal");
  g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-9);
}

static gboolean
is_within (double value, GVariant *readout, const char *interval, double times)
{
  gsize n;
  g_autofree double *bounds = orr_section_dup_doubles (readout, interval, &n);
  double middle = 0.5 * (bounds[0] + bounds[1]), half = 0.5 * (bounds[1] - bounds[0]);

  return fabs (value - middle) <= times * half;
}

/* The nominal numbers against a long trajectory counted by itself, with and without a gain. */
static void
test_long_run (void)
{
  static const guint kick[1] = { PLANTED_KICK_01 };
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (OrrNetwork) gained = orr_gain_apply (network, kick, 1, 1.0, 1.3);
  g_autoptr (OrrGains) gains = orr_gains_new (network->n_hidden);
  orr_gains_turn (gains, kick, 1, 1.0, 1.3);
  g_autoptr (GVariant) section = preview (network, gains, 0);

  for (guint side = 0; side < 2; side++)
    {
      const char *interval = side == 0 ? "nominal_ci" : "gained_ci";
      g_autoptr (OrrTrajectory) run = simulate (side == 0 ? network : gained, 100000);
      g_autoptr (OrrTransitions) transitions = orr_transitions_new (run);
      g_autoptr (GVariant) rate = find (section, "transition_rate", -1, -1), volatility = find (section, "volatility", -1, -1);
      g_autoptr (GVariant) residency = find (section, "residency", -1, -1);
      double changes = 0.0, until = 0.0;

      for (guint t = 1; t < run->n_steps; t++)
        changes += run->symbols[t] != run->symbols[t - 1];
      for (guint t = 0; t + 50 < run->n_steps; t++)
        until += MIN (transitions->until[t], 50);
      g_assert_true (is_within (orr_transitions_rate (transitions), rate, interval, 1.6));
      g_assert_true (is_within (29.0 * changes / (run->n_steps - 1), volatility, interval, 1.6));
      g_assert_true (is_within (until / (run->n_steps - 50), residency, interval, 1.6));
    }
}

static void
test_threads (void)
{
  static const guint kick[2] = { PLANTED_KICK_01, PLANTED_KICK_10 };
  g_autoptr (OrrNetwork) network = create_planted_kicks ();
  g_autoptr (OrrGains) gains = orr_gains_new (network->n_hidden);
  orr_gains_turn (gains, kick, 2, 0.5, 0.7);
  g_autoptr (GVariant) one = preview (network, gains, 1), two = preview (network, gains, 2);
  g_autofree char *a = g_variant_print (one, FALSE), *b = g_variant_print (two, FALSE);

  g_assert_cmpstr (a, ==, b);
}

/* Gains of overlapping sets act one after the other; a scattered control has the same gains elsewhere. */
static void
test_gains (void)
{
  static const guint first[3] = { 1, 2, 99 }, second[2] = { 2, 3 }, others[2] = { 5, 7 };
  g_autoptr (OrrGains) gains = orr_gains_new (8), same = orr_gains_new (8);

  orr_gains_turn (gains, first, 3, 0.5, 1.0);
  orr_gains_turn (gains, second, 2, 0.5, 2.0);
  g_assert_cmpfloat (gains->recurrent[2], ==, 0.25);
  g_assert_cmpfloat (gains->noise[2], ==, 2.0);
  g_assert_cmpuint (orr_gains_count (gains), ==, 3);
  g_assert_false (orr_gains_equal (gains, same));

  g_autoptr (OrrGains) control = orr_gains_scatter (gains, others, 2);
  g_assert_cmpuint (orr_gains_count (control), ==, 2);
  g_assert_cmpfloat (control->recurrent[5], ==, 0.5);
  g_assert_cmpfloat (control->recurrent[7], ==, 0.25);
  g_assert_cmpfloat (control->recurrent[2], ==, 1.0);

  g_autoptr (OrrNetwork) network = orr_network_new_random (8, 3, 2, TRUE, 4);
  g_autoptr (OrrNetwork) applied = orr_gains_apply (gains, network);
  g_assert_cmpfloat (applied->weight_hh->data[2 * 8 + 1], ==, 0.25f * network->weight_hh->data[2 * 8 + 1]);
  g_assert_cmpfloat (applied->weight_ih->data[3 * 3 + 1], ==, 2.0f * network->weight_ih->data[3 * 3 + 1]);
  g_assert_cmpfloat (applied->weight_hh->data[4 * 8], ==, network->weight_hh->data[4 * 8]);
}

/* A gain that makes the activity grow without bound is told, with critical pairs that nobody can count. */
static void
test_grows (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (4, 4, 2, FALSE);
  for (guint u = 0; u < 4; u++)
    {
      network->weight_hh->data[5 * u] = 0.9f;
      network->weight_ih->data[5 * u] = 1.0f;
    }
  network->weight_out->data[0] = network->weight_out->data[5] = 1.0f;
  g_autoptr (OrrTrajectory) run = simulate (network, 1000);
  g_autoptr (OrrGains) gains = orr_gains_new (network->n_hidden);
  g_autofree guint *all = g_new (guint, network->n_hidden);
  g_autoptr (GError) error = NULL;
  OrrGainEffort small = effort;
  OrrAnalysisOptions options;

  for (guint u = 0; u < network->n_hidden; u++)
    all[u] = u;
  orr_gains_turn (gains, all, network->n_hidden, 2.0, 1.0);
  orr_analysis_options_init (&options);
  small.n_events = 2;
  small.n_controls = 0;
  g_autoptr (GVariant) section = orr_gain_preview (network, gains, run->states, &small, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (orr_section_get_boolean (section, "grows", FALSE));
  g_assert_true (isnan (orr_section_get_double (section, "critical_pairs_gained", 0.0)));

  g_autoptr (OrrProgress) cancelled = orr_progress_new (NULL, NULL, NULL);
  orr_progress_cancel (cancelled);
  g_assert_null (orr_gain_preview (network, gains, run->states, &small, &options, cancelled, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dynamics/gain-preview/planted", test_planted);
  g_test_add_func ("/dynamics/gain-preview/idle", test_idle);
  g_test_add_func ("/dynamics/gain-preview/long-run", test_long_run);
  g_test_add_func ("/dynamics/gain-preview/threads", test_threads);
  g_test_add_func ("/dynamics/gain-preview/gains", test_gains);
  g_test_add_func ("/dynamics/gain-preview/grows", test_grows);
  return g_test_run ();
}
