/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-analysis-settings.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-section.h"

typedef enum
{
  FIELD_STEPS,
  FIELD_BURN_IN,
  FIELD_NOISE,
  FIELD_SEED,
  FIELD_STATES,
  FIELD_MAX_GROUP,
  FIELD_TARGET,
  FIELD_REPEATS,
  FIELD_STRETCH,
} Field;

static const OrrAnalysisSetting settings[] = {
  { "steps", N_("Steps"), N_("Length of the simulated trajectory that the analysis starts from"), NULL, 500, 1e6, 30000,
    1000, 0 },
  { "burn_in", N_("Burn-in"), N_("Steps before it that are thrown away"), NULL, 0, 10000, 20, 10, 0 },
  { "noise", N_("Noise s.d."), N_("Size of the noise, in units of the training noise"), NULL, 0.0, 10.0, 1.0, 0.1, 2 },
  { "seed", N_("Seed"), N_("Of all random numbers: the same seed gives the same result"), NULL, 0, 999999999, 0, 1, 0 },
  { "states", N_("States"), N_("Visited states that are looked at closely"), "residency", 100, 20000, 2000, 100, 0 },
  { "states", N_("States"), N_("Visited states of each snapshot whose eigenvalues are found"), "evolution", 50, 5000, 500, 50,
    0 },
  { "kick_max_group", N_("Units in a group"), N_("A kick group has no more units than this"), "kick_neurons", 1,
    ORR_ANALYSIS_MAX_GROUP, ORR_ANALYSIS_MAX_GROUP, 1, 0 },
  { "kick_target", N_("Rate left"),
    N_("Share of the transition rate below which a kick group is complete"), "kick_neurons", 0.01, 0.5, 0.1, 0.01, 2 },
  { "kick_repeats", N_("Other seeds"), N_("How often the groups are looked for again, to see whether the same units are found"),
    "kick_neurons", 0, ORR_ANALYSIS_MAX_REPEATS, 2, 1, 0 },
  { "min_stretch", N_("Shortest stretch"), N_("Steps for which only the two symbols of a pair must lead"), "composition", 3,
    200, 10, 1, 0 },
};

/* In the order of the settings. */
static const Field fields[G_N_ELEMENTS (settings)] = {
  FIELD_STEPS,  FIELD_BURN_IN,   FIELD_NOISE,  FIELD_SEED,    FIELD_STATES,
  FIELD_STATES, FIELD_MAX_GROUP, FIELD_TARGET, FIELD_REPEATS, FIELD_STRETCH,
};

/**
 * orr_analysis_settings:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): what a person may change, in the order to show it
 */
const OrrAnalysisSetting *
orr_analysis_settings (guint *n)
{
  *n = G_N_ELEMENTS (settings);
  return settings;
}

/**
 * orr_analysis_setting_applies:
 * @analysis: name of an analysis
 *
 * Returns: whether the analysis has this setting
 */
gboolean
orr_analysis_setting_applies (const OrrAnalysisSetting *self, const char *analysis)
{
  return self->analysis == NULL || g_strcmp0 (self->analysis, analysis) == 0;
}

/**
 * orr_analysis_setting_get:
 *
 * Returns: its value in @options
 */
double
orr_analysis_setting_get (const OrrAnalysisSetting *self, const OrrAnalysisOptions *options)
{
  switch (fields[self - settings])
    {
    case FIELD_STEPS:
      return options->n_steps;
    case FIELD_BURN_IN:
      return options->burn_in;
    case FIELD_NOISE:
      return options->noise_sd;
    case FIELD_SEED:
      return options->seed;
    case FIELD_STATES:
      return options->n_states > 0 ? options->n_states : self->standard;
    case FIELD_MAX_GROUP:
      return options->kick_max_group;
    case FIELD_TARGET:
      return options->kick_target;
    case FIELD_REPEATS:
      return options->kick_repeats;
    default:
      return options->min_stretch;
    }
}

/**
 * orr_analysis_setting_set:
 * @value: its new value; brought into its range
 */
void
orr_analysis_setting_set (const OrrAnalysisSetting *self, OrrAnalysisOptions *options, double value)
{
  double good = isfinite (value) ? CLAMP (value, self->low, self->high) : self->standard;

  switch (fields[self - settings])
    {
    case FIELD_STEPS:
      options->n_steps = good;
      break;
    case FIELD_BURN_IN:
      options->burn_in = good;
      break;
    case FIELD_NOISE:
      options->noise_sd = good;
      break;
    case FIELD_SEED:
      options->seed = good;
      break;
    case FIELD_STATES:
      options->n_states = good;
      break;
    case FIELD_MAX_GROUP:
      options->kick_max_group = good;
      break;
    case FIELD_TARGET:
      options->kick_target = good;
      break;
    case FIELD_REPEATS:
      options->kick_repeats = good;
      break;
    default:
      options->min_stretch = good;
    }
}

/**
 * orr_analysis_options_read:
 * @options: what is not stored stays as it is
 * @analysis: name of the analysis
 * @section: (nullable): its result
 *
 * Takes over the settings that a result was computed with.
 */
void
orr_analysis_options_read (OrrAnalysisOptions *options, const char *analysis, GVariant *section)
{
  for (guint i = 0; section != NULL && i < G_N_ELEMENTS (settings); i++)
    if (orr_analysis_setting_applies (&settings[i], analysis))
      {
        double value = orr_section_get_double (section, settings[i].name, NAN);

        if (!isnan (value))
          orr_analysis_setting_set (&settings[i], options, value);
      }
}
