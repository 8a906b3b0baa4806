/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-findings.h"

#include <math.h>
#include <stdlib.h>

#include "orr-section.h"

/* A number this far outside of the published range counts as another one. */
#define TOLERANCE 0.1

/* Published for the network of one preset (%NULL: for all of them); SCIENCE, parts 2 and 3. */
typedef struct
{
  const char *key;
  const char *preset;
  double      low;
  double      high;
  const char *text;
} Published;

static const Published published[] = {
  { "validation_loss", "two", 9.7, 10.1, "9.7 to 10.1" },
  { "validation_loss", "three", 4.0, 4.1, "4.0 to 4.1" },
  { "validation_loss", "four", 4.5, 4.7, "4.5 to 4.7 (one 6.4)" },
  { "validation_loss", "five", 7.6, 7.8, "7.6 to 7.8" },
  { "validation_loss", "fully-connected", 1.8, 1.9, "1.8 to 1.9" },
  { "validation_loss", "cyclic", 5.5, 5.5, "5.5" },
  { "distance", "two", 4.26 / 4.55, 4.75 / 4.55, "0.94 to 1.04 (4.26 to 4.75 / 4.55)" },
  { "distance", "three", 7.22 / 7.28, 7.44 / 7.28, "0.99 to 1.02 (7.22 to 7.44 / 7.28)" },
  { "fixed_points", NULL, 1.0, 1.0, "one" },
  { "explained_variance", "two", 0.70, 0.70, "PC1 56 %, PC2 14 %" },
  { "kick_groups", "two", 3.0, 3.0, "3 units a direction (6), named by hand" },
  { "kick_groups", "fully-connected", 3.0, 3.0, "3 units a direction (9), named by hand" },
  { "critical_pairs", "two", 8.0, 8.0, "3, 8, 9 at \316\274 = 0, 1, 1.9" },
  { "critical_pairs_control", "two", 7.0, 8.0, "7 to 8, flat" },
  { "bifurcation_epoch", "two", 60.0, 60.0, "about 60" },
  { "training_rate", "two", 0.05, 0.05, "0.6 to 0.05" },
};

/* What makes each quantity differ from a published one, where it does. */
static const struct
{
  const char *key;
  const char *remark;
} remarks[] = {
  { "validation_loss", "the divergence of 4096 sequences depends on the seed and rewards sequences without rare symbols; "
                       "see the match with the model beside it" },
  { "distance", "a distance depends on length and number of the sequences, so the ratio to the model's own is compared" },
  { "fixed_points", "points with a residual above the threshold are not counted, the origin of a network without biases is" },
  { "explained_variance", "the share depends on how large the noise in the other directions is beside the orbit, which "
                          "differs between trainings of the same loss" },
  { "kick_groups", "the published groups were chosen by eye; here a group grows until less than a tenth of the rate is left, "
                   "and units that are not needed leave again" },
  { "critical_pairs", "the pairs are summed over the 31 states around a transition of the leading symbol, up to 20 "
                      "transitions; a network of another training has another number, and what a gain does to it depends on "
                      "the group's own share in the slow pair" },
  { "critical_pairs_control", "see the line above: only the change with the gain compares between networks" },
  { "bifurcation_epoch", "the epoch depends on the seed and is known to the distance of the snapshots only" },
  { "training_rate", "the rate of the last snapshot counts changes of the leading symbol, without those of the emission's own "
                     "noise" },
};

static void
finding_free (gpointer data)
{
  OrrFinding *finding = data;

  g_free (finding->text);
  g_free (finding);
}

/**
 * orr_findings_get_preset:
 * @hmm: (nullable): a model
 *
 * Returns: (transfer none) (nullable): the preset with the same probabilities
 */
const OrrHmmPreset *
orr_findings_get_preset (const OrrHmm *hmm)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint i = 0; hmm != NULL && i < n; i++)
    {
      g_autoptr (OrrHmm) model = orr_hmm_preset_create (&presets[i]);
      double largest = 0.0;

      if (model->n_states != hmm->n_states || model->n_symbols != hmm->n_symbols)
        continue;
      for (gsize j = 0; j < (gsize) hmm->n_states * hmm->n_states; j++)
        largest = MAX (largest, fabs (model->transition[j] - hmm->transition[j]));
      for (gsize j = 0; j < (gsize) hmm->n_states * hmm->n_symbols; j++)
        largest = MAX (largest, fabs (model->emission[j] - hmm->emission[j]));
      if (largest < 1e-6)
        return &presets[i];
    }
  return NULL;
}

/* What a table is filled from. */
typedef struct
{
  const OrrRun *run;
  const OrrHmm *hmm;
  const char   *preset; /* (nullable) */
  GPtrArray    *findings;
} Source;

/* Appends a finding; @text is taken, %NULL for nothing found. */
static OrrFinding *
add (Source *source, const char *key, const char *title, char *text, double value)
{
  OrrFinding *finding = g_new0 (OrrFinding, 1);

  finding->key = key;
  finding->title = title;
  finding->text = text != NULL ? text : g_strdup ("\342\200\223");
  finding->value = value;
  finding->low = finding->high = NAN;
  for (guint i = 0; i < G_N_ELEMENTS (published); i++)
    if (g_str_equal (published[i].key, key)
        && (published[i].preset == NULL || g_strcmp0 (published[i].preset, source->preset) == 0))
      {
        finding->published = published[i].text;
        finding->differs = isfinite (value)
                           && (value < published[i].low - TOLERANCE * published[i].low
                               || value > published[i].high + TOLERANCE * published[i].high);
      }
  for (guint i = 0; finding->differs && i < G_N_ELEMENTS (remarks); i++)
    if (g_str_equal (remarks[i].key, key))
      finding->remark = remarks[i].remark;
  g_ptr_array_add (source->findings, finding);
  return finding;
}

/* The stored result, or %NULL where there is none or it did not apply. */
static GVariant *
get_result (const Source *source, const char *name)
{
  GVariant *section = orr_run_get_section (source->run, name);
  g_autofree char *reason = orr_section_dup_string (section, "reason");

  if (reason != NULL)
    g_clear_pointer (&section, g_variant_unref);
  return section;
}

static char *
dup_symbol (const Source *source, gint64 symbol)
{
  if (source->hmm != NULL && source->hmm->symbol_names != NULL && symbol >= 0 && symbol < source->hmm->n_symbols)
    return g_strdup (source->hmm->symbol_names[symbol]);
  return g_strdup_printf ("%" G_GINT64_FORMAT, symbol + 1);
}

/* "1 -> 3" of a group, a set or a pair. */
static char *
dup_direction (const Source *source, GVariant *item)
{
  g_autofree char *from = dup_symbol (source, orr_section_get_int (item, "from", 0));
  g_autofree char *to = dup_symbol (source, orr_section_get_int (item, "to", 0));

  return g_strdup_printf ("%s \342\206\222 %s", from, to);
}

static void
read_interval (GVariant *section, const char *name, double *low, double *high)
{
  gsize n;
  g_autofree double *bounds = orr_section_dup_doubles (section, name, &n);

  *low = n == 2 ? bounds[0] : NAN;
  *high = n == 2 ? bounds[1] : NAN;
}

static double
nested (GVariant *section, const char *first, const char *second, const char *name)
{
  g_autoptr (GVariant) outer = orr_section_get_child (section, first);
  g_autoptr (GVariant) inner = orr_section_get_child (outer, second);

  return orr_section_get_double (inner, name, NAN);
}

static void
add_training (Source *source)
{
  const OrrMatrix *history = source->run->history;
  double best = NAN;

  for (gsize i = 0; history != NULL && i < history->rows; i++)
    best = fmin (best, orr_matrix_row (history, i)[ORR_HISTORY_VALIDATION_LOSS]);
  if (isnan (best))
    add (source, "validation_loss", "Best validation loss", NULL, NAN);
  else if (isfinite (source->run->baseline))
    add (source, "validation_loss", "Best validation loss",
         g_strdup_printf ("%.3f (model against itself %.3f)", best, source->run->baseline), best);
  else
    add (source, "validation_loss", "Best validation loss", g_strdup_printf ("%.3f", best), best);
}

static void
add_match (Source *source)
{
  g_autoptr (GVariant) match = get_result (source, "match");
  double own = nested (match, "distance", "hmm_hmm", "mean"), ours = nested (match, "distance", "hmm_rnn", "mean");

  add (source, "distance", "Distance of matched sequences, over the model's own",
       match != NULL ? g_strdup_printf ("%.3f (%.2f / %.2f)", ours / own, ours, own) : NULL,
       match != NULL ? ours / own : NAN);
  add (source, "volatility", "Symbol changes a sequence, network / model",
       match != NULL ? g_strdup_printf ("%.2f / %.2f", nested (match, "volatility", "rnn", "mean"),
                                        nested (match, "volatility", "hmm", "mean"))
                     : NULL,
       match != NULL ? nested (match, "volatility", "rnn", "mean") : NAN);
}

static void
add_fixed_points (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "fixed_points");
  g_autoptr (GVariant) points = orr_section_get_child (section, "points");
  gsize n = points != NULL ? g_variant_n_children (points) : 0, stable = 0, origin = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) point = g_variant_get_child_value (points, i);

      stable += orr_section_get_boolean (point, "stable", FALSE);
      origin += orr_section_get_boolean (point, "origin", FALSE);
    }
  add (source, "fixed_points", "Fixed points",
       section == NULL ? NULL
                       : g_strdup_printf ("%" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT " stable%s", n, stable,
                                          origin > 0 ? "; the origin is one" : ""),
       section != NULL ? n : NAN);
}

static void
add_variance (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "state_space");
  gsize n;
  g_autofree double *ratio = orr_section_dup_doubles (section, "explained_variance_ratio", &n);

  add (source, "explained_variance", "Explained variance",
       n >= 2 ? g_strdup_printf ("PC1 %.0f %%, PC2 %.0f %%", 100.0 * ratio[0], 100.0 * ratio[1]) : NULL,
       n >= 2 ? ratio[0] + ratio[1] : NAN);
}

/* A motion to and fro has no net circulation, and then no period. */
static void
add_orbit (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "orbit");
  double p = orr_section_get_double (section, "circulation_p_value", NAN), period = orr_section_get_double (section, "period", NAN);
  gboolean turns = p <= 0.05;

  add (source, "circulation", "Circulation in the PC plane",
       section == NULL ? NULL
       : turns         ? g_strdup_printf ("a turn in %.0f steps, p = %.3f", period, p)
                       : g_strdup_printf ("none, p = %.3f", p),
       turns ? period : NAN);
}

static void
add_zones (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "residency");
  g_autoptr (GVariant) zones = orr_section_get_child (section, "zones");
  g_autoptr (GVariant) kick = orr_section_get_child (zones, "kick");
  OrrFinding *finding;

  finding = add (source, "zones", "Zones: transition, kick, cluster, other",
                 zones == NULL
                   ? NULL
                   : g_strdup_printf ("%.0f, %.0f, %.0f, %.0f %%", 100.0 * nested (section, "zones", "transition", "fraction"),
                                      100.0 * nested (section, "zones", "kick", "fraction"),
                                      100.0 * nested (section, "zones", "cluster", "fraction"),
                                      100.0 * nested (section, "zones", "other", "fraction")),
                 zones != NULL ? nested (section, "zones", "kick", "fraction") : NAN);
  read_interval (kick, "fraction_ci", &finding->low, &finding->high);
}

static void
add_sensitivity (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "noise_sensitivity");
  double ratio = orr_section_get_double (section, "kick_to_cluster_ratio", NAN), low, high;

  read_interval (section, "kick_to_cluster_ratio_ci", &low, &high);
  OrrFinding *finding =
    add (source, "noise_sensitivity", "Spread by noise, kick-zone over cluster",
         section == NULL ? NULL : g_strdup_printf ("%.2f (%.2f to %.2f)", ratio, low, high), ratio);
  finding->low = low;
  finding->high = high;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* The rate that a random group usually leaves: the median, since a few make a network run wild. */
static double
find_random_rate (GVariant *group)
{
  gsize n;
  g_autofree double *rates = orr_section_dup_doubles (group, "control_rates", &n);

  if (n == 0)
    return orr_section_get_double (group, "control_rate", NAN);
  qsort (rates, n, sizeof (double), compare_doubles);
  return 0.5 * (rates[(n - 1) / 2] + rates[n / 2]);
}

/* All groups in one cell; the main number is their mean size. */
static void
add_kick_groups (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "kick_neurons");
  g_autoptr (GVariant) groups = orr_section_get_child (section, "groups");
  g_autoptr (GVariant) directions = orr_section_get_child (section, "directions");
  g_autoptr (GString) text = g_string_new (NULL);
  gsize n = groups != NULL ? g_variant_n_children (groups) : 0, total = 0;

  for (gsize g = 0; g < n; g++)
    {
      g_autoptr (GVariant) group = g_variant_get_child_value (groups, g);
      g_autofree char *direction = dup_direction (source, group);
      gsize n_units;
      g_autofree double *units = orr_section_dup_doubles (group, "units", &n_units);
      double nominal = orr_section_get_double (group, "rate_nominal", NAN);

      total += n_units;
      g_string_append_printf (text, "%s%s: %" G_GSIZE_FORMAT " units leave %.0f %% of the rate (random groups %.0f %%), p = %.3f",
                              g > 0 ? "\n" : "", direction, n_units, 100.0 * orr_section_get_double (group, "rate_ratio", NAN),
                              100.0 * find_random_rate (group) / nominal,
                              orr_section_get_double (group, "p_value", NAN));
    }
  for (gsize d = 0; directions != NULL && d < g_variant_n_children (directions); d++)
    {
      g_autoptr (GVariant) direction = g_variant_get_child_value (directions, d);
      gint64 events = orr_section_get_int (direction, "transitions", 0);
      g_autofree char *name = dup_direction (source, direction);
      g_autofree char *reason = orr_section_dup_string (direction, "reason");

      if (orr_section_get_boolean (direction, "found", FALSE) || events == 0 || g_strcmp0 (reason, "too few transitions") == 0)
        continue;
      g_string_append_printf (text, "%s%s: none (%s)", text->len > 0 ? "\n" : "", name, reason);
    }
  add (source, "kick_groups", "Kick groups",
       section == NULL ? NULL : g_strdup (text->len > 0 ? text->str : "none"), n > 0 ? (double) total / n : NAN);
}

static void
add_integrating (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "integrating_populations");
  g_autoptr (GVariant) pairs = orr_section_get_child (section, "pairs");
  g_autoptr (GString) text = g_string_new (NULL);
  double first = NAN;

  for (gsize p = 0; pairs != NULL && p < g_variant_n_children (pairs); p++)
    {
      g_autoptr (GVariant) pair = g_variant_get_child_value (pairs, p);
      g_autofree char *direction = dup_direction (source, pair);
      double contrast = orr_section_get_double (pair, "contrast", NAN);

      first = isnan (first) ? contrast : first;
      g_string_append_printf (text, "%s%s and back: %+.3f, p = %.3f", p > 0 ? "\n" : "", direction, contrast,
                              orr_section_get_double (pair, "contrast_p_value", NAN));
    }
  add (source, "integrating", "Integrating populations: weight within less between",
       section == NULL ? NULL : g_strdup (text->len > 0 ? text->str : "no pair of opposite kick groups"), first);
}

/* Critical pairs at mu = 0, 1, 1.9 of all sets called @name; the main number is that at 1. */
static void
add_critical (Source *source, GVariant *sets, const char *name, const char *key, const char *title)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double nominal = NAN;

  for (gsize s = 0; sets != NULL && s < g_variant_n_children (sets); s++)
    {
      g_autoptr (GVariant) set = g_variant_get_child_value (sets, s);
      g_autoptr (GVariant) shown = orr_section_get_child (set, "shown");
      g_autofree char *direction = dup_direction (source, set), *kind = orr_section_dup_string (set, "name");

      if (g_strcmp0 (kind, name) != 0 || shown == NULL)
        continue;
      g_string_append_printf (text, "%s%s:", text->len > 0 ? "\n" : "", direction);
      for (gsize i = 0; i < g_variant_n_children (shown); i++)
        {
          g_autoptr (GVariant) at = g_variant_get_child_value (shown, i);
          double pairs = orr_section_get_double (at, "critical_pairs", NAN);

          g_string_append (text, i > 0 ? ", " : " ");
          if (orr_section_get_boolean (at, "grows", FALSE))
            g_string_append (text, "grows");
          else if (isnan (pairs))
            g_string_append (text, "no jumps");
          else
            g_string_append_printf (text, "%.1f \302\261 %.1f", pairs, orr_section_get_double (at, "critical_pairs_sd", NAN));
          if (orr_section_get_double (at, "gain", 0.0) == 1.0 && isnan (nominal))
            nominal = pairs;
        }
    }
  add (source, key, title, text->len > 0 ? g_strdup (text->str) : NULL, nominal);
}

/* The rate of its own direction at mu = 0 and 2 over that at 1, of all sets called @name. */
static void
add_ablation (Source *source, GVariant *sets, const char *name, const char *key, const char *title)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double first = NAN;

  for (gsize s = 0; sets != NULL && s < g_variant_n_children (sets); s++)
    {
      g_autoptr (GVariant) set = g_variant_get_child_value (sets, s);
      g_autofree char *direction = dup_direction (source, set), *kind = orr_section_dup_string (set, "name");
      gsize n, n_gains;
      g_autofree double *rate = orr_section_dup_doubles (set, "direction_rate", &n);
      g_autofree double *gain = orr_section_dup_doubles (set, "gain", &n_gains);

      if (g_strcmp0 (kind, name) != 0 || n < 3 || n != n_gains)
        continue;
      g_string_append_printf (text, "%s%s: %.0f %%, %.0f %%", text->len > 0 ? "\n" : "", direction,
                              100.0 * rate[0] / rate[n / 2], 100.0 * rate[n - 1] / rate[n / 2]);
      first = isnan (first) ? rate[0] / rate[n / 2] : first;
    }
  add (source, key, title, text->len > 0 ? g_strdup (text->str) : NULL, first);
}

static void
add_interventions (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "interventions");
  g_autoptr (GVariant) sets = orr_section_get_child (section, "sets");

  add_ablation (source, sets, "kick", "ablation_kick", "Rate with the kick group at \316\274 = 0 and 2");
  add_ablation (source, sets, "control", "ablation_control", "Rate with as many random units at \316\274 = 0 and 2");
  add_ablation (source, sets, "noise_projection", "ablation_noise",
                "Rate with the noise onto the integrating units at \316\274 = 0 and 2");
  add_critical (source, sets, "kick", "critical_pairs", "Critical pairs, kick group at \316\274 = 0, 1, 1.9");
  add_critical (source, sets, "control", "critical_pairs_control", "Critical pairs, random units at \316\274 = 0, 1, 1.9");
}

/* From the first snapshot whose activity stays bounded to the last: the others have no rate. */
static void
add_training_rate (Source *source, const double *epochs, const double *rates, gsize n)
{
  gsize first = 0;
  g_autofree char *when = NULL;

  while (first < n && !isfinite (rates[first]))
    first++;
  if (n < 2 || first >= n - 1 || !isfinite (rates[n - 1]))
    {
      add (source, "training_rate", "Transition rate over the training", NULL, NAN);
      return;
    }
  if (first > 0)
    when = g_strdup_printf (" (epoch %.0f, the activity grows before)", epochs[first]);
  add (source, "training_rate", "Transition rate over the training",
       g_strdup_printf ("%.2f%s to %.3f", rates[first], when != NULL ? when : "", rates[n - 1]), rates[n - 1]);
}

static void
add_evolution (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "evolution");
  double epoch = orr_section_get_double (section, "bifurcation_epoch", NAN);
  gsize n, n_rates;
  g_autofree double *epochs = orr_section_dup_doubles (section, "epoch", &n);
  g_autofree double *rates = orr_section_dup_doubles (section, "leading_transition_rate", &n_rates);
  double before = 0.0;

  for (gsize i = 0; i < n && epochs[i] < epoch; i++)
    before = epochs[i];
  add (source, "bifurcation_epoch", "Bifurcation epoch",
       section == NULL ? NULL
       : isfinite (epoch) ? g_strdup_printf ("%.0f (after %.0f)", epoch, before) : g_strdup ("none seen"),
       epoch);
  add_training_rate (source, epochs, rates, MIN (n, n_rates));
}

static void
add_resonance (Source *source)
{
  g_autoptr (GVariant) section = get_result (source, "resonance");
  g_autoptr (GVariant) optimum = orr_section_get_child (section, "optimum");
  double sigma = orr_section_get_double (optimum, "sigma", NAN), low = orr_section_get_double (optimum, "low", NAN),
         high = orr_section_get_double (optimum, "high", NAN);

  OrrFinding *finding = add (source, "resonance", "Resonance optimum, noise s.d.",
                             optimum == NULL ? NULL : g_strdup_printf ("%.2f (%.2f to %.2f)", sigma, low, high), sigma);
  finding->low = low;
  finding->high = high;
}

/**
 * orr_findings_new:
 * @run: a network with the sections that it has
 * @hmm: (nullable): the model that it emulates; a preset's decides which published
 *   figures stand beside the results
 *
 * The results of all analyses of one network in one list (SCIENCE, part 3), the same
 * quantities in the same order for every network.
 *
 * Returns: (transfer full) (element-type OrrFinding): them
 */
GPtrArray *
orr_findings_new (const OrrRun *run, const OrrHmm *hmm)
{
  const OrrHmmPreset *preset = orr_findings_get_preset (hmm);
  Source source = { run, hmm, preset != NULL ? preset->id : NULL, g_ptr_array_new_with_free_func (finding_free) };

  add_training (&source);
  add_match (&source);
  add_fixed_points (&source);
  add_variance (&source);
  add_orbit (&source);
  add_zones (&source);
  add_sensitivity (&source);
  add_kick_groups (&source);
  add_integrating (&source);
  add_interventions (&source);
  add_evolution (&source);
  add_resonance (&source);
  return source.findings;
}
