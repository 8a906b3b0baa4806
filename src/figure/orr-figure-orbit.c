/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-section-series.h"
#include "orr-section.h"

static void
set_phase_axis (OrrPlot *plot)
{
  orr_axis_set_label (&plot->x, _("phase"), "rad");
}

static void
add_emissions (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  gsize n, rows, cols;
  g_autofree double *phase = orr_section_dup_doubles (section, "phase", &n);
  g_autofree double *emission = orr_section_dup_table (section, "emission_by_phase", &rows, &cols);
  OrrPlot *plot;

  if (phase == NULL || emission == NULL || rows != n)
    return;
  plot = orr_figure_add_plot (figure, _("Emission along the orbit"));
  set_phase_axis (plot);
  orr_axis_set_label (&plot->y, _("probability"), NULL);
  orr_axis_set_range (&plot->y, 0.0, 1.0);
  for (gsize k = 0; k < cols; k++)
    {
      g_autofree double *values = g_new (double, n);
      g_autofree char *name = orr_section_symbol_name (hmm != NULL ? hmm->symbol_names : NULL,
                                                       hmm != NULL ? hmm->n_symbols : 0, k);

      for (gsize i = 0; i < n; i++)
        values[i] = emission[i * cols + k];
      orr_plot_add_line (plot, name, phase, values, n, orr_colour_qualitative (k));
    }
}

static void
add_curve (OrrFigure *figure, GVariant *section, const char *title, const char *name, const char *label,
           const char *unit, OrrPaint paint)
{
  OrrPlot *plot = orr_figure_add_plot (figure, title);

  set_phase_axis (plot);
  orr_axis_set_label (&plot->y, label, unit);
  orr_section_add_curve (plot, section, "phase", name, NULL, paint);
}

/* Speed, time spent and emission by phase. */
void
orr_figure_fill_orbit (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  add_curve (figure, section, _("Phase speed"), "phase_speed", _("d\316\270/dt"), _("rad per step"),
             orr_colour_qualitative (3));
  add_curve (figure, section, _("Where it stays"), "phase_occupancy", _("share of the time"), NULL,
             orr_colour_qualitative (0));
  add_emissions (figure, section, hmm);
}
