/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-analyses.h"

#include <glib/gi18n.h>

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
  { "state_space", N_("State space"),
    N_("Principal components of the states visited under noise; relaxation is the mean norm along "
    "noise-free paths from 100 of them."),
    orr_state_space_analyze },
  { "fixed_points", N_("Fixed points"),
    N_("Points of the noise-free map, found from 100 visited states. Without biases the origin is "
    "always one: every unit is on its kink there, so the decay towards it is told instead of an "
    "eigenvalue."),
    orr_fixed_points_analyze },
  { "orbit", N_("Orbit"),
    N_("Phase around the middle of the visited region in the plane of the first two components; "
    "circulation is compared with the same states in random order; bands are 95 % confidence."),
    orr_orbit_analyze },
  { "residency", N_("Residency"),
    N_("Mean steps until the leading symbol (argmax of the logits) changes, over 20 noise draws, at "
    "most 50. Transition: below 2; kick: 2 to 8; cluster: above 8 with a symbol of probability "
    "above 0.8."),
    orr_residency_analyze },
  { "kick_neurons", N_("Kick neurons"),
    N_("A transition is a change of the leading symbol after more than 3 steps of the old one, so that "
    "rarely emitted symbols do not count. Rates are first exits per step from deep states under "
    "matched noise; p is the share of 199 random groups that lower the rate as far."),
    orr_kick_neurons_analyze },
  { "integrating_populations", N_("Integrating populations"),
    N_("The units whose mean weights onto two opposite kick groups have the most negative product; the "
    "first half drives one group, the second the other."),
    orr_integrating_analyze },
  { "noise_sensitivity", N_("Noise sensitivity"),
    N_("Spread of 100 draws from a cluster state and from the last kick-zone state of the same dwell, "
    "over up to 20 dwells, for recorded noise mixed with fresh noise."),
    orr_sensitivity_analyze },
  { "interventions", N_("Interventions"),
    N_("Gains from 0 to 2 on the inputs of a set of units, under matched noise. Critical pairs are "
    "complex pairs with |Re w| < 0.1 and Im w > 0.06, w = (z - 1)/(z + 1), summed over the 31 "
    "states around a transition."),
    orr_interventions_analyze },
  { "resonance", N_("Resonance"),
    N_("Emitted symbols over fifteen sizes of the noise. Without biases the size only scales the "
    "states of a ReLU network, so that it acts through the emission alone."),
    orr_resonance_analyze },
  { "evolution", N_("Training evolution"),
    N_("Snapshots of the training; the bifurcation is the first whose share of states with a "
    "near-critical pair (|Re w| < 0.1, Im w > 0.05) lies more than 0.02 and three standard errors "
    "above that of the one before."),
    orr_evolution_analyze },
  { "composition", N_("Composition"),
    N_("For each pair of symbols the stretches of at least 10 steps in which only these two lead, in "
    "three components of the first four."),
    orr_composition_analyze },
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
