/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-transitions.h"

static void
test_bookkeeping (void)
{
  static const guint16 symbols[12] = { 0, 0, 0, 1, 1, 1, 1, 1, 2, 0, 0, 0 };
  g_autoptr (OrrMatrix) logits = orr_matrix_new (12, 3);
  OrrTrajectory run = { .n_steps = 12, .n_symbols = 3, .logits = logits };

  for (gsize t = 0; t < 12; t++)
    orr_matrix_row (logits, t)[symbols[t]] = 1.0f;
  g_autoptr (OrrTransitions) transitions = orr_transitions_new (&run);
  g_assert_cmpuint (transitions->n, ==, 3);
  g_assert_cmpuint (transitions->items[0].time, ==, 3);
  g_assert_cmpuint (transitions->items[0].dwell, ==, 3);
  g_assert_cmpuint (transitions->items[1].from, ==, 1);
  g_assert_cmpuint (transitions->items[1].to, ==, 2);
  g_assert_cmpuint (transitions->items[1].dwell, ==, 5);
  g_assert_cmpuint (transitions->items[2].dwell, ==, 1);
  g_assert_cmpfloat_with_epsilon (orr_transitions_rate (transitions), 3.0 / 11.0, 1e-12);
  g_assert_cmpuint (orr_transitions_count (transitions, 1, 2, 5), ==, 1);
  g_assert_cmpuint (orr_transitions_count (transitions, 1, 2, 6), ==, 0);
  g_assert_cmpuint (transitions->since[5], ==, 2);
  g_assert_cmpuint (transitions->until[5], ==, 3);

  g_autoptr (GArray) deep = orr_transitions_deep (transitions, 1, 2);
  g_assert_cmpuint (deep->len, ==, 1);
  g_assert_cmpuint (g_array_index (deep, guint, 0), ==, 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transitions/bookkeeping", test_bookkeeping);
  return g_test_run ();
}
