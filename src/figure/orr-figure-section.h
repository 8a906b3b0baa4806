/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"
#include "orr-hmm.h"

G_BEGIN_DECLS

/**
 * OrrFigureSection:
 * @section: name of the analysis whose result it shows
 * @title: of the figure (untranslated)
 * @empty: what is said where there is no result yet (untranslated)
 * @fill: adds the plots
 *
 * One figure that is made from the result of an analysis.
 */
typedef struct
{
  const char *section;
  const char *title;
  const char *empty;
  void      (*fill) (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
} OrrFigureSection;

const OrrFigureSection *orr_figure_sections     (guint        *n);
OrrFigure              *orr_figure_new_section  (const char   *name,
                                                 GVariant     *section,
                                                 const OrrHmm *hmm);
void                    orr_figure_add_visited         (OrrFigure    *figure,
                                                        GVariant     *section,
                                                        GVariant     *state_space);
OrrFigure              *orr_figure_new_gain_comparison (GVariant     *set,
                                                        const OrrHmm *hmm);

void orr_figure_fill_state_space   (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_residency     (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_sensitivity   (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_orbit         (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_interventions (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_kick_neurons  (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_integrating   (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_composition   (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_fixed_points  (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_resonance     (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);
void orr_figure_fill_evolution     (OrrFigure *figure, GVariant *section, const OrrHmm *hmm);

G_END_DECLS
