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

/* The mean orbit, and its radius more or less a standard deviation, around the centre. */
static void
add_mean_orbit (OrrFigure *figure, GVariant *section)
{
  gsize n, rows, cols, n_radius, n_sd, n_centre;
  g_autofree double *phase = orr_section_dup_doubles (section, "phase", &n);
  g_autofree double *orbit = orr_section_dup_table (section, "mean_orbit", &rows, &cols);
  g_autofree double *radius = orr_section_dup_doubles (section, "radius", &n_radius);
  g_autofree double *sd = orr_section_dup_doubles (section, "radius_sd", &n_sd);
  g_autofree double *centre = orr_section_dup_doubles (section, "centre", &n_centre);
  g_autofree double *x = g_new (double, n + 1), *y = g_new (double, n + 1);

  if (phase == NULL || orbit == NULL || rows != n || cols < 2)
    return;
  OrrPlot *plot = orr_figure_add_plot (figure, _("Mean orbit"));
  orr_axis_set_label (&plot->x, "PC1", NULL);
  orr_axis_set_label (&plot->y, "PC2", NULL);
  plot->wants_visited = TRUE;
  for (int side = -1; side <= 1 && radius != NULL && sd != NULL && n_radius == n && n_sd == n && n_centre >= 2; side += 2)
    {
      for (gsize i = 0; i <= n; i++)
        {
          double r = MAX (radius[i % n] + side * sd[i % n], 0.0);

          x[i] = centre[0] + r * cos (phase[i % n]);
          y[i] = centre[1] + r * sin (phase[i % n]);
        }
      OrrSeries *edge = orr_plot_add_line (plot, side < 0 ? _("\302\261 s.d. of the radius") : NULL, x, y, n + 1, ORR_PAINT_FOREGROUND);
      edge->width = 1.0;
      edge->dashed = TRUE;
    }
  for (gsize i = 0; i <= n; i++)
    {
      x[i] = orbit[(i % n) * cols];
      y[i] = orbit[(i % n) * cols + 1];
    }
  orr_plot_add_line (plot, _("mean orbit"), x, y, n + 1, ORR_PAINT_ACCENT)->width = 2.0;
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
  add_mean_orbit (figure, section);
}
