/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-analyses.h"

#include "orr-composition.h"
#include "orr-evolution.h"
#include "orr-fixed-points.h"
#include "orr-integrating.h"
#include "orr-interventions.h"
#include "orr-kick-neurons.h"
#include "orr-orbit.h"
#include "orr-residency.h"
#include "orr-resonance.h"
#include "orr-sensitivity.h"
#include "orr-state-space.h"

static const OrrAnalysis analyses[] = {
  { "state_space", "State space", orr_state_space_analyze },
  { "fixed_points", "Fixed points", orr_fixed_points_analyze },
  { "orbit", "Orbit", orr_orbit_analyze },
  { "residency", "Residency", orr_residency_analyze },
  { "kick_neurons", "Kick neurons", orr_kick_neurons_analyze },
  { "integrating_populations", "Integrating populations", orr_integrating_analyze },
  { "noise_sensitivity", "Noise sensitivity", orr_sensitivity_analyze },
  { "interventions", "Interventions", orr_interventions_analyze },
  { "resonance", "Resonance", orr_resonance_analyze },
  { "evolution", "Training evolution", orr_evolution_analyze },
  { "composition", "Composition", orr_composition_analyze },
};

/**
 * orr_analyses:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): all analyses, in a sensible order to run them
 */
const OrrAnalysis *
orr_analyses (guint *n)
{
  *n = G_N_ELEMENTS (analyses);
  return analyses;
}

/**
 * orr_analysis_find:
 *
 * Returns: (transfer none) (nullable): the analysis whose section is called @name
 */
const OrrAnalysis *
orr_analysis_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (analyses); i++)
    if (g_str_equal (analyses[i].name, name))
      return &analyses[i];

  return NULL;
}
