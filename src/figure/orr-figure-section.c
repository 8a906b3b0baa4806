/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-section.h"

#include <glib/gi18n.h>

#include "orr-section.h"

static const OrrFigureSection sections[] = {
  { "resonance", N_("Resonance"), N_("Analyze the network to see how it answers to weaker and stronger noise"),
    orr_figure_fill_resonance },
  { "evolution", N_("Training evolution"),
    N_("Analyze a network that was trained with snapshots to see how its mechanism formed"), orr_figure_fill_evolution },
  { "residency", N_("Residency"), N_("Analyze the network to see how long it stays, and where"),
    orr_figure_fill_residency },
  { "noise_sensitivity", N_("Noise sensitivity"),
    N_("Analyze the network to see how far noise carries it from its clusters and from the kick-zone"),
    orr_figure_fill_sensitivity },
  { "orbit", N_("Orbit"), N_("Analyze the network to see how fast it turns and what it emits along the orbit"),
    orr_figure_fill_orbit },
  { "interventions", N_("Interventions"),
    N_("Analyze the network to see what turning the gain of its kick neurons does"), orr_figure_fill_interventions },
  { "kick_neurons", N_("Kick neurons"), N_("Analyze the network to find the units that make it jump"),
    orr_figure_fill_kick_neurons },
  { "integrating_populations", N_("Connectivity blocks"),
    N_("Analyze the network to see how its kick groups and integrating populations are connected"),
    orr_figure_fill_integrating },
  { "composition", N_("Composition"),
    N_("Analyze the network to see how its motion is put together from pairs of symbols"), orr_figure_fill_composition },
  { "state_space", N_("State space"), N_("Analyze the network to see where its states lie and in how many dimensions"),
    orr_figure_fill_state_space },
  { "fixed_points", N_("Fixed points"), N_("Analyze the network to find the fixed points of its noise-free map"),
    orr_figure_fill_fixed_points },
};

/* All figures of analyses, in the order in which a report shows them. */
const OrrFigureSection *
orr_figure_sections (guint *n)
{
  *n = G_N_ELEMENTS (sections);
  return sections;
}

/**
 * orr_figure_new_section:
 * @name: of the analysis
 * @section: (nullable): its result
 * @hmm: (nullable): gives the symbols their names
 *
 * Returns: (transfer full) (nullable): the result as a figure, one that says what
 * is missing where there is none, or %NULL when there is no such figure
 */
OrrFigure *
orr_figure_new_section (const char *name, GVariant *section, const OrrHmm *hmm)
{
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      if (!g_str_equal (sections[i].section, name))
        continue;
      OrrFigure *figure = orr_figure_new (_(sections[i].title));

      if (section != NULL)
        sections[i].fill (figure, section, hmm);
      if (figure->plots->len == 0)
        {
          /* an analysis that does not apply says why */
          g_autofree char *reason = orr_section_dup_string (section, "reason");
          orr_plot_set_empty_text (orr_figure_add_plot (figure, NULL), reason != NULL ? reason : _(sections[i].empty));
        }
      return figure;
    }
  return NULL;
}
