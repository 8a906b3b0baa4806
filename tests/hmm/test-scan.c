/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-scan.h"

#include <math.h>

#include "orr-error.h"
#include "orr-hmm-inference.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-sample.h"
#include "orr-section.h"

static OrrSequences *
record (const char *preset, gsize n, gsize length)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find (preset));
  g_autofree guint16 *symbols = g_new (guint16, n * length);

  orr_hmm_sample (hmm, 0, n, length, 3, symbols, NULL);
  return orr_sequences_new_equal (n, length, symbols);
}

static OrrHmmFitOptions
quick_options (void)
{
  OrrHmmFitOptions options;

  orr_hmm_fit_options_init (&options);
  options.restarts = 4;
  options.max_iterations = 200;
  options.tolerance = 1e-6;
  options.threads = 2;
  return options;
}

/* What wrote the sequences is found: two states. */
static void
test_finds_states (void)
{
  OrrHmmFitOptions options = quick_options ();
  g_autoptr (OrrSequences) rows = record ("two", 60, 100);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHmmScan) scan = orr_hmm_scan (rows, 1, 4, &options, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (scan->n_entries, ==, 4);
  g_assert_cmpuint (scan->entries[scan->best_bic].n_states, ==, 2);
  g_assert_cmpuint (scan->entries[scan->best_held_out].n_states, >=, 2);
  for (guint i = 0; i < 4; i++)
    {
      const OrrHmmScanEntry *e = &scan->entries[i];
      double sum = 0.0;

      for (gsize n = 0; n < 60; n++)
        sum += orr_hmm_log_likelihood (e->fit->model, orr_sequences_get (rows, n), 100);
      g_assert_cmpfloat_with_epsilon (sum, e->fit->log_likelihood, 1e-6 * fabs (sum));
      g_assert_cmpuint (e->n_parameters, ==, (i + 1) * (i + 1) - 1 + (i + 1) * 2);
      g_assert_cmpfloat_with_epsilon (e->bic, -2.0 * sum + e->n_parameters * log (6000.0), 1e-5 * fabs (sum));
    }
  /* One state is the frequencies: what is held out has their entropy, up to sampling. */
  g_assert_cmpfloat (scan->entries[0].held_out, <, scan->entries[1].held_out - 0.1);

  g_autoptr (GVariant) section = g_variant_ref_sink (orr_hmm_scan_to_section (scan));
  g_assert_cmpint (orr_section_get_int (section, "best_bic", 0), ==, 2);
}

/* One long session is cut by itself. */
static void
test_session (void)
{
  OrrHmmFitOptions options = quick_options ();
  g_autoptr (OrrSequences) session = record ("two", 1, 3000);
  g_autoptr (OrrHmmScan) scan = orr_hmm_scan (session, 1, 3, &options, NULL, NULL);
  g_autoptr (OrrHmmScan) again = orr_hmm_scan (session, 1, 3, &options, NULL, NULL);

  g_assert_cmpuint (scan->entries[scan->best_bic].n_states, ==, 2);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat (scan->entries[i].held_out, ==, again->entries[i].held_out);
}

static void
test_bad (void)
{
  OrrHmmFitOptions options = quick_options ();
  const guint16 few[4] = { 0, 1, 1, 0 };
  g_autoptr (OrrSequences) tiny = orr_sequences_new_equal (1, 4, few);
  g_autoptr (GError) error = NULL;

  g_assert_null (orr_hmm_scan (tiny, 3, 2, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_hmm_scan (tiny, 1, 2, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm-scan/finds-states", test_finds_states);
  g_test_add_func ("/hmm-scan/session", test_session);
  g_test_add_func ("/hmm-scan/bad", test_bad);
  return g_test_run ();
}
