/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary of a sweep as a Markdown table, beside the published figures. */
#include "orr-sweep.h"

#include <math.h>

#include "orr-section.h"

/* Best validation losses of arXiv:2510.25674 (lowest and highest of a group of networks). */
static const struct
{
  const char *preset;
  int         hidden;
  double      lowest, highest;
} published[] = {
  { "two", 50, 9.9, 10.1 },  { "two", 150, 9.7, 10.1 }, { "two", 200, 9.6, 10.0 },
  { "three", 50, 4.1, 4.1 }, { "three", 150, 4.0, 4.1 }, { "three", 200, 4.0, 4.1 },
  { "four", 50, 4.6, 4.7 },  { "four", 150, 4.5, 4.7 }, { "four", 200, 4.5, 4.6 },
  { "five", 50, 7.6, 7.9 },  { "five", 150, 7.6, 7.8 }, { "five", 200, 7.6, 7.7 },
  { "fully-connected", 150, 1.8, 1.9 }, { "cyclic", 150, 5.5, 5.5 },
};

/**
 * orr_sweep_published_loss:
 * @lowest: (out): the published range of best validation losses, for networks of
 *   this size with other numbers of noise inputs as well
 * @highest: (out)
 *
 * Returns: whether there is one
 */
gboolean
orr_sweep_published_loss (const char *preset, int hidden, double *lowest, double *highest)
{
  for (guint i = 0; i < G_N_ELEMENTS (published); i++)
    if (g_str_equal (published[i].preset, preset) && published[i].hidden == hidden)
      {
        *lowest = published[i].lowest;
        *highest = published[i].highest;
        return TRUE;
      }
  return FALSE;
}

static void
append_loss_range (GString *text, GVariant *row)
{
  double lowest = orr_section_get_double (row, "published_lowest", NAN);
  double highest = orr_section_get_double (row, "published_highest", NAN);

  if (isnan (lowest))
    g_string_append (text, " | ");
  else if (lowest == highest)
    g_string_append_printf (text, " | %.1f", lowest);
  else
    g_string_append_printf (text, " | %.1f to %.1f", lowest, highest);
}

/* The number, in bold where it misses the criterion. */
static void
append_judged (GString *text, const char *number, gboolean met)
{
  g_string_append_printf (text, met ? " | %s" : " | **%s**", number);
}

static void
append_row (GString *text, GVariant *row)
{
  g_autofree char *preset = orr_section_dup_string (row, "preset"), *recipe = orr_section_dup_string (row, "recipe");
  double transition = orr_section_get_double (row, "transition_error", NAN);
  double frequency = orr_section_get_double (row, "frequency_error", NAN);
  double volatility = orr_section_get_double (row, "volatility_ratio", NAN);
  double distance = orr_section_get_double (row, "distance_ratio", NAN);
  g_autofree char *transition_text = g_strdup_printf ("%.5f", transition);
  g_autofree char *frequency_text = g_strdup_printf ("%.4f", frequency);
  g_autofree char *volatility_text = g_strdup_printf ("%.2f / %.2f", orr_section_get_double (row, "volatility_rnn", NAN),
                                                      orr_section_get_double (row, "volatility_hmm", NAN));
  g_autofree char *distance_text = g_strdup_printf ("%.3f / %.3f",
                                                    orr_section_get_double (row, "distance_hmm_rnn", NAN),
                                                    orr_section_get_double (row, "distance_hmm_hmm", NAN));

  g_string_append_printf (text, "| %s | %s | %" G_GINT64_FORMAT " | %" G_GINT64_FORMAT " | %" G_GINT64_FORMAT " | %.3f",
                          preset, recipe, orr_section_get_int (row, "hidden", 0),
                          orr_section_get_int (row, "noise_dim", 0), orr_section_get_int (row, "seed", 0),
                          orr_section_get_double (row, "best_validation_loss", NAN));
  append_loss_range (text, row);
  g_string_append_printf (text, " | %.3f | %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " | %.0f",
                          orr_section_get_double (row, "baseline", NAN), orr_section_get_int (row, "best_epoch", 0),
                          orr_section_get_int (row, "epochs", 0), orr_section_get_double (row, "seconds", NAN));
  append_judged (text, transition_text, transition < ORR_SWEEP_TRANSITION_ERROR);
  append_judged (text, frequency_text, frequency <= ORR_SWEEP_FREQUENCY_ERROR);
  append_judged (text, volatility_text, fabs (volatility - 1.0) <= ORR_SWEEP_VOLATILITY_ERROR);
  append_judged (text, distance_text, distance <= 1.0 + ORR_SWEEP_DISTANCE_ERROR);
  g_string_append (text, " |\n");
}

/* What each recipe of the table changes against the published one, model by model. */
static void
append_departures (GString *text, GVariant *rows)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      g_autofree char *preset = orr_section_dup_string (row, "preset"), *recipe = orr_section_dup_string (row, "recipe");
      g_autofree char *departures = orr_section_dup_string (row, "departures");
      g_autofree char *line = NULL;

      if (departures == NULL || *departures == '\0')
        continue;
      line = g_strdup_printf ("- `%s`, %s: %s.\n", preset, recipe, departures);
      if (g_hash_table_add (told, g_strdup (line)))
        g_string_append_printf (text, "%s%s", g_hash_table_size (told) == 1
                                                ? "\nDepartures from the published recipe:\n\n" : "", line);
    }
}

/**
 * orr_sweep_print_table:
 * @summary: of orr_sweep_summarise()
 *
 * Returns: (transfer full): Markdown: a row a network, what misses its criterion
 * in bold, and where the recipes depart from the published one
 */
char *
orr_sweep_print_table (GVariant *summary)
{
  g_autoptr (GVariant) rows = orr_section_get_child (summary, "networks");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " networks are finished.\n\n",
                          orr_section_get_int (summary, "finished", 0), orr_section_get_int (summary, "planned", 0));
  g_string_append (text, "| model | recipe | H | D | seed | best loss | published | model itself | best epoch | seconds | "
                         "transitions | frequencies | changes | matched distance |\n"
                         "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      append_row (text, row);
    }
  g_string_append_printf (
    text,
    "\nLosses: debiased Sinkhorn divergence of whole sequences; *published* is the range of best losses in "
    "arXiv:2510.25674,\n*model itself* the divergence of fresh sequences of the model. Statistics are of fresh "
    "sequences (5000 or more): *transitions*, the largest\nsquared difference in a row of the symbols' transition matrix whose symbol "
    "has at least 1 %% (criterion: below %g); *frequencies*, the\nlargest absolute difference (at most %g); *changes* of "
    "symbol in a sequence, network / model (within %g %%); *matched distance*,\nnetwork to model / model to model (at "
    "most %g %% more). Bold: missed.\n",
    ORR_SWEEP_TRANSITION_ERROR, ORR_SWEEP_FREQUENCY_ERROR,
    100 * ORR_SWEEP_VOLATILITY_ERROR, 100 * ORR_SWEEP_DISTANCE_ERROR);
  append_departures (text, rows);
  return g_string_free (text, FALSE);
}
