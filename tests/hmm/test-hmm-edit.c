/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-edit.h"

#include <math.h>

#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "orr-random.h"

static OrrHmm *
preset (const char *id)
{
  return orr_hmm_preset_create (orr_hmm_preset_find (id));
}

static void
assert_valid (const OrrHmm *hmm)
{
  g_autoptr (GError) error = NULL;

  orr_hmm_validate (hmm, &error);
  g_assert_no_error (error);
}

#define assert_close(a, b) g_assert_cmpfloat_with_epsilon (a, b, 1e-12)
#define A(hmm, i, j) ((hmm)->transition[(i) * (hmm)->n_states + (j)])

static void
test_set_transition (void)
{
  g_autoptr (OrrHmm) hmm = preset ("fully-connected");
  g_autoptr (OrrHmm) before = orr_hmm_copy (hmm);
  g_autoptr (OrrHmm) edited = orr_hmm_set_transition (hmm, 0, 1, 0.2, NULL);

  assert_valid (edited);
  assert_close (A (edited, 0, 1), 0.2);
  /* The rest keeps its proportion, 0.95 to 0.025. */
  assert_close (A (edited, 0, 0), 0.8 * 0.95 / 0.975);
  assert_close (A (edited, 0, 2), 0.8 * 0.025 / 0.975);
  assert_close (A (edited, 1, 0), 0.025);
  g_assert_true (orr_hmm_equal (hmm, before));
}

static void
test_locked_entries_stay (void)
{
  g_autoptr (OrrHmm) hmm = preset ("fully-connected");
  g_autoptr (OrrHmm) locked = orr_hmm_set_locked (hmm, 0, 0, TRUE);
  g_autoptr (OrrHmm) edited = orr_hmm_set_transition (locked, 0, 1, 0.04, NULL);
  g_autoptr (GError) error = NULL;

  assert_valid (edited);
  assert_close (A (edited, 0, 0), 0.95);
  assert_close (A (edited, 0, 2), 0.01);
  assert_close (orr_hmm_transition_limit (locked, 0, 1), 0.05);
  assert_close (orr_hmm_transition_limit (locked, 1, 0), 1.0);

  g_assert_null (orr_hmm_set_transition (locked, 0, 1, 0.2, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "0.05"));
  g_clear_error (&error);

  g_assert_null (orr_hmm_set_transition (locked, 0, 0, 0.2, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "locked"));
  g_clear_error (&error);

  /* With everything else locked there is nowhere for the rest to go. */
  g_autoptr (OrrHmm) both = orr_hmm_set_locked (locked, 0, 2, TRUE);
  g_assert_null (orr_hmm_set_transition (both, 0, 1, 0.01, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_rest_goes_to_staying (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_new (3, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHmm) certain = orr_hmm_set_transition (hmm, 0, 1, 1.0, NULL);

  assert_close (A (certain, 0, 0), 0.0);
  g_autoptr (OrrHmm) removed = orr_hmm_set_transition (certain, 0, 1, 0.0, NULL);
  assert_close (A (removed, 0, 0), 1.0);
  /* A state that only stays has nothing else to take the rest: no arrow appears by itself. */
  g_assert_null (orr_hmm_set_transition (removed, 0, 0, 0.5, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_hmm_set_transition (removed, 0, 0, 1.5, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_add_transition (void)
{
  g_autoptr (OrrHmm) hmm = preset ("three");
  g_autoptr (OrrHmm) added = orr_hmm_add_transition (hmm, 0, 2, NULL);
  g_autoptr (GError) error = NULL;

  assert_valid (added);
  assert_close (A (added, 0, 2), 0.1);
  g_autoptr (OrrHmm) again = orr_hmm_add_transition (added, 0, 2, NULL);
  g_assert_true (orr_hmm_equal (again, added));

  g_autoptr (OrrHmm) stay = orr_hmm_set_locked (hmm, 0, 0, TRUE);
  g_autoptr (OrrHmm) move = orr_hmm_set_locked (stay, 0, 1, TRUE);
  g_assert_null (orr_hmm_add_transition (move, 0, 2, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_states (void)
{
  g_autoptr (OrrHmm) hmm = preset ("three");
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHmm) added = orr_hmm_add_state (hmm, 2.5, -1.0, NULL);

  assert_valid (added);
  g_assert_cmpuint (added->n_states, ==, 4);
  g_assert_cmpstr (added->state_names[3], ==, "S4");
  assert_close (added->start[3], 0.25);
  assert_close (A (added, 3, 3), 1.0);
  assert_close (added->positions[6], 2.5);

  g_autoptr (OrrHmm) back = orr_hmm_remove_state (added, 3, NULL);
  g_assert_cmpuint (back->n_states, ==, 3);
  assert_valid (back);

  /* Taking out the middle of the chain leaves the ends to themselves. */
  g_autoptr (OrrHmm) ends = orr_hmm_remove_state (hmm, 1, NULL);
  assert_valid (ends);
  g_assert_cmpstr (ends->state_names[1], ==, "S3");
  assert_close (A (ends, 0, 0), 1.0);
  assert_close (ends->emission[3 + 2], 0.99);

  g_autoptr (OrrHmm) named = orr_hmm_remove_state (hmm, 0, NULL);
  g_autoptr (OrrHmm) third = orr_hmm_add_state (named, 0, 0, NULL);
  g_assert_cmpstr (third->state_names[2], ==, "S4"); /* S3 is taken */

  g_autoptr (OrrHmm) one = orr_hmm_new (1, 1);
  g_assert_null (orr_hmm_remove_state (one, 0, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);

  g_autoptr (OrrHmm) held = orr_hmm_set_locked (hmm, 0, 0, TRUE);
  g_assert_null (orr_hmm_remove_state (held, 1, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_symbols (void)
{
  g_autoptr (OrrHmm) hmm = preset ("three");
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHmm) added = orr_hmm_add_symbol (hmm, NULL);

  assert_valid (added);
  g_assert_cmpuint (added->n_symbols, ==, 4);
  g_assert_cmpstr (added->symbol_names[3], ==, "4");
  assert_close (added->emission[4 + 2], hmm->emission[3 + 2]);

  g_autoptr (OrrHmm) removed = orr_hmm_remove_symbol (hmm, 0, NULL);
  assert_valid (removed);
  assert_close (removed->emission[0], 1.0); /* of the first state only 0.01 remained */
  g_assert_cmpstr (removed->symbol_names[0], ==, "2");

  g_autoptr (OrrHmm) one = orr_hmm_new (2, 1);
  g_assert_null (orr_hmm_remove_symbol (one, 0, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_emission_and_start (void)
{
  g_autoptr (OrrHmm) hmm = preset ("three");
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHmm) certain = orr_hmm_set_emission (hmm, 0, 0, 1.0, NULL);
  g_autoptr (OrrHmm) half = orr_hmm_set_emission (certain, 0, 0, 0.5, NULL);
  g_autoptr (OrrHmm) start = orr_hmm_set_start (hmm, 0, 0.5, NULL);

  assert_close (certain->emission[1], 0.0);
  assert_close (half->emission[1], 0.25);
  assert_close (half->emission[2], 0.25);
  assert_close (start->start[1], 0.25);
  assert_valid (half);
  assert_valid (start);

  g_autoptr (OrrHmm) one = orr_hmm_new (1, 1);
  g_assert_null (orr_hmm_set_emission (one, 0, 0, 0.5, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_hmm_set_start (one, 0, -0.5, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_names (void)
{
  g_autoptr (OrrHmm) hmm = preset ("three");
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHmm) renamed = orr_hmm_rename_state (hmm, 1, "  burst ", NULL);
  g_autoptr (OrrHmm) same = orr_hmm_rename_state (hmm, 1, "S2", NULL);
  g_autoptr (OrrHmm) symbol = orr_hmm_rename_symbol (hmm, 0, "left", NULL);

  g_assert_cmpstr (renamed->state_names[1], ==, "burst");
  g_assert_true (orr_hmm_equal (same, hmm));
  g_assert_cmpstr (symbol->symbol_names[0], ==, "left");
  g_assert_null (orr_hmm_rename_state (hmm, 1, "S3", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_hmm_rename_symbol (hmm, 1, " ", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

/* However edits follow each other, the model stays a model. */
static void
test_random_edits (void)
{
  g_autoptr (OrrHmm) hmm = preset ("cyclic");
  guint refused = 0;

  for (guint step = 0; step < 4000; step++)
    {
      guint S = hmm->n_states, K = hmm->n_symbols;
      guint kind = orr_random_below (7, ORR_RANDOM_STREAM_TEST, 5 * step, 8);
      guint i = orr_random_below (7, ORR_RANDOM_STREAM_TEST, 5 * step + 1, S);
      guint j = orr_random_below (7, ORR_RANDOM_STREAM_TEST, 5 * step + 2, S);
      guint k = orr_random_below (7, ORR_RANDOM_STREAM_TEST, 5 * step + 3, K);
      double p = orr_random_uniform (7, ORR_RANDOM_STREAM_TEST, 5 * step + 4);
      g_autoptr (GError) error = NULL;
      OrrHmm *next = NULL;

      switch (kind)
        {
        case 0:
          next = S < 9 ? orr_hmm_add_state (hmm, p, p, &error) : orr_hmm_ref (hmm);
          break;
        case 1:
          next = orr_hmm_remove_state (hmm, i, &error);
          break;
        case 2:
          next = K < 5 ? orr_hmm_add_symbol (hmm, &error) : orr_hmm_remove_symbol (hmm, k, &error);
          break;
        case 3:
          next = orr_hmm_set_locked (hmm, i, j, p < 0.3);
          break;
        case 4:
          next = orr_hmm_set_emission (hmm, i, k, p, &error);
          break;
        case 5:
          next = orr_hmm_set_start (hmm, i, p, &error);
          break;
        case 6:
          next = orr_hmm_add_transition (hmm, i, j, &error);
          break;
        default:
          next = orr_hmm_set_transition (hmm, i, j, p < 0.1 ? 0.0 : p, &error);
          break;
        }
      g_assert_true ((next == NULL) == (error != NULL));
      if (next == NULL)
        {
          refused++;
          continue;
        }
      assert_valid (next);
      for (guint e = 0; kind >= 6 && e < S * S; e++)
        if (hmm->locked[e])
          g_assert_cmpfloat (hmm->transition[e], ==, next->transition[e]);
      orr_hmm_unref (hmm);
      hmm = next;
    }
  g_assert_cmpuint (refused, >, 0);
}

static void
test_probability_text (void)
{
  static const struct
  {
    const char *text;
    double value;
  } good[] = { { "0.25", 0.25 }, { " 0,25 ", 0.25 }, { "25 %", 0.25 },
               { "1/4", 0.25 },  { "1", 1.0 },       { "1e-3", 0.001 } };
  static const char *bad[] = { "", "x", "0.2x", "1/", "1/0", "0/0", "1.2", "-0.1", "nan", "120%", "2 / 1" };
  static const struct
  {
    double value;
    const char *text;
  } shown[] = { { 0.0, "0" },         { 1.0, "1" },         { 0.2236, "0.22" }, { 0.025, "0.025" },
                { 0.9996, "0.9996" }, { 0.0004, "0.0004" }, { 0.99, "0.99" } };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      double value = -1;

      g_assert_true (orr_probability_parse (good[i].text, &value, NULL));
      assert_close (value, good[i].value);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      double value = -1;

      g_assert_false (orr_probability_parse (bad[i], &value, &error));
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_assert_cmpfloat (value, ==, -1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autofree char *text = orr_probability_to_string (shown[i].value);

      g_assert_cmpstr (text, ==, shown[i].text);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm-edit/set-transition", test_set_transition);
  g_test_add_func ("/hmm-edit/locked-entries-stay", test_locked_entries_stay);
  g_test_add_func ("/hmm-edit/rest-goes-to-staying", test_rest_goes_to_staying);
  g_test_add_func ("/hmm-edit/add-transition", test_add_transition);
  g_test_add_func ("/hmm-edit/states", test_states);
  g_test_add_func ("/hmm-edit/symbols", test_symbols);
  g_test_add_func ("/hmm-edit/emission-and-start", test_emission_and_start);
  g_test_add_func ("/hmm-edit/names", test_names);
  g_test_add_func ("/hmm-edit/random-edits", test_random_edits);
  g_test_add_func ("/hmm-edit/probability-text", test_probability_text);
  return g_test_run ();
}
