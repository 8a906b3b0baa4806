/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-section.h"

#include <string.h>

#include "hmm-brute-force.h"
#include "orr-error.h"
#include "orr-hmm-dot.h"
#include "orr-section.h"

static void
test_round_trip (void)
{
  g_autoptr (OrrHmm) hmm = create_random_hmm (4, 3, 0.3, 9);
  g_autoptr (GError) error = NULL;

  hmm->locked[5] = 1;
  hmm->colours[2] = 0x12abef;
  g_free (hmm->state_names[1]);
  hmm->state_names[1] = g_strdup ("résté");
  g_autoptr (GVariant) section = orr_hmm_to_section (hmm);
  g_autoptr (OrrHmm) back = orr_hmm_from_section (section, &error);
  g_assert_no_error (error);
  g_assert_true (orr_hmm_equal (hmm, back));
}

static OrrHmm *
read_tables (const char *transition_name, const double *transition, gsize rows, gsize cols, const double *emission,
             gsize emission_rows, GError **error)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", transition_name, orr_section_new_table (transition, rows, cols));
  g_variant_builder_add (&builder, "{sv}", "emissionprob_", orr_section_new_table (emission, emission_rows, 2));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_builder_end (&builder));
  return orr_hmm_from_section (section, error);
}

/* hmmlearn's names, a start that is not given, and what can be wrong. */
static void
test_foreign (void)
{
  static const double transition[6] = { 0.5, 0.5, 0.25, 0.75, 0.0, 1.0 }, emission[6] = { 1, 0, 0.5, 0.5, 1, 0 };
  g_autoptr (GError) error = NULL;

  g_autoptr (OrrHmm) hmm = read_tables ("transmat_", transition, 2, 2, emission, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (hmm->start[0], ==, 0.5);
  g_assert_cmpfloat (hmm->emission[2], ==, 0.5);

  g_assert_null (read_tables ("transmat_", transition, 3, 2, emission, 3, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "not square"));
  g_clear_error (&error);
  g_assert_null (read_tables ("transmat_", transition, 2, 2, emission, 3, &error));
  g_assert_nonnull (strstr (error->message, "emissionprob_"));
  g_clear_error (&error);
  g_assert_null (read_tables ("matrix", transition, 2, 2, emission, 2, &error));
  g_assert_nonnull (strstr (error->message, "transition"));
  g_clear_error (&error);
  g_assert_null (read_tables ("transition", emission, 2, 2, transition + 1, 2, &error));
  g_assert_nonnull (strstr (error->message, "sum to"));
}

/* Graphviz reads every state and every arrow that is possible, names quoted. */
static void
test_dot (void)
{
  g_autoptr (OrrHmm) hmm = create_random_hmm (3, 2, 0.4, 4);
  guint arrows = 0, expected = 0;

  g_free (hmm->state_names[0]);
  hmm->state_names[0] = g_strdup ("a \"quoted\" name");
  g_autofree char *text = orr_hmm_to_dot (hmm);
  g_assert_true (g_str_has_prefix (text, "digraph hmm {"));
  g_assert_true (g_str_has_suffix (text, "}\n"));
  g_assert_nonnull (strstr (text, "a \\\"quoted\\\" name"));
  for (const char *p = strstr (text, " -> "); p != NULL; p = strstr (p + 1, " -> "))
    arrows++;
  for (guint i = 0; i < 9; i++)
    expected += hmm->transition[i] > 0.0;
  g_assert_cmpuint (arrows, ==, expected);
  g_assert_cmpuint (expected, <, 9);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm/section/round-trip", test_round_trip);
  g_test_add_func ("/hmm/section/foreign", test_foreign);
  g_test_add_func ("/hmm/section/dot", test_dot);
  return g_test_run ();
}
