/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-section-series.h"
#include "orr-section.h"

static void
mark_bifurcation (OrrPlot *plot, GVariant *section)
{
  double epoch = orr_section_get_double (section, "bifurcation_epoch", NAN);

  if (!isfinite (epoch))
    return;
  g_autofree char *name = g_strdup_printf (_("bifurcation, epoch %.0f"), epoch);
  orr_plot_add_vertical (plot, name, epoch, orr_colour_qualitative (5));
}

static OrrPlot *
add_plot (OrrFigure *figure, const char *title, const char *label)
{
  OrrPlot *plot = orr_figure_add_plot (figure, title);

  orr_axis_set_label (&plot->x, _("epoch"), NULL);
  orr_axis_set_label (&plot->y, label, NULL);
  plot->x.integers = TRUE;
  return plot;
}

/* How the mechanism formed over the saved epochs. */
void
orr_figure_fill_evolution (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  gsize n;
  g_autofree double *epoch = orr_section_dup_doubles (section, "epoch", &n);
  OrrPlot *rates, *indicators;

  if (epoch == NULL || n == 0)
    return;
  rates = add_plot (figure, _("Transition rate"), _("per step"));
  orr_section_add_curve (rates, section, "epoch", "transition_rate", _("emitted"), orr_colour_qualitative (0));
  orr_section_add_curve (rates, section, "epoch", "leading_transition_rate", _("leading"), orr_colour_qualitative (1));
  mark_bifurcation (rates, section);
  indicators = add_plot (figure, _("States near the edge"), _("share of states"));
  orr_section_add_curve (indicators, section, "epoch", "critical_indicator", _("critical pair"),
                         orr_colour_qualitative (3));
  orr_section_add_curve (indicators, section, "epoch", "unstable_indicator", _("unstable"), orr_colour_qualitative (2));
  mark_bifurcation (indicators, section);
}
