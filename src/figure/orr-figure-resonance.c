/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-number.h"
#include "orr-section-series.h"
#include "orr-section.h"

/* The noise at which the network does best, and how sure that is. */
static void
add_optimum (OrrPlot *plot, GVariant *section)
{
  g_autoptr (GVariant) optimum = orr_section_get_child (section, "optimum");
  double sigma = orr_section_get_double (optimum, "sigma", NAN);
  double low = orr_section_get_double (optimum, "low", NAN), high = orr_section_get_double (optimum, "high", NAN);

  if (!isfinite (sigma))
    return;
  g_autofree char *value = orr_number_format (sigma, 3);
  g_autofree char *name = g_strdup_printf (_("optimum %s"), value);
  if (isfinite (low) && isfinite (high) && low < high)
    orr_plot_add_span (plot, NULL, low, high, ORR_PAINT_ACCENT);
  orr_plot_add_vertical (plot, name, sigma, ORR_PAINT_ACCENT);
}

static void
add_curve (OrrFigure *figure, GVariant *section, const char *title, const char *name, const char *unit, guint colour)
{
  gsize n;
  g_autofree double *values = orr_section_dup_doubles (section, name, &n);
  OrrPlot *plot;

  if (values == NULL || n == 0)
    return;
  plot = orr_figure_add_plot (figure, title);
  orr_axis_set_label (&plot->x, _("noise s.d."), NULL);
  if (unit != NULL)
    orr_axis_set_label (&plot->y, unit, NULL);
  orr_section_add_curve (plot, section, "sigma", name, NULL, orr_colour_qualitative (colour));
  add_optimum (plot, section);
}

/* The region in which the network is 95 % of the time, for each size of the noise. */
static void
add_contours (OrrFigure *figure, GVariant *section)
{
  g_autoptr (GVariant) contours = orr_section_get_child (section, "contours");
  gsize n = contours != NULL ? g_variant_n_children (contours) : 0;

  if (n == 0)
    return;
  OrrPlot *plot = orr_figure_add_plot (figure, _("95 % contours"));
  orr_axis_set_label (&plot->x, "PC1", NULL);
  orr_axis_set_label (&plot->y, "PC2", NULL);
  for (gsize c = 0; c < n; c++)
    {
      g_autoptr (GVariant) contour = g_variant_get_child_value (contours, c);
      gsize rows, cols;
      g_autofree double *outline = orr_section_dup_table (contour, "outline", &rows, &cols);
      g_autofree double *x = g_new (double, rows + 1), *y = g_new (double, rows + 1);
      g_autofree char *name = g_strdup_printf ("\317\203 = %g", orr_section_get_double (contour, "sigma", NAN));

      if (outline == NULL || rows < 3 || cols != 2)
        continue;
      for (gsize i = 0; i <= rows; i++)
        {
          x[i] = outline[2 * (i % rows)];
          y[i] = outline[2 * (i % rows) + 1];
        }
      orr_plot_add_line (plot, name, x, y, rows + 1, orr_colour_map_lookup (ORR_COLOUR_MAP_SEQUENTIAL, 0.2 + 0.65 * c / MAX (n - 1, 1)));
    }
}

/* How the network answers to weaker and stronger noise. */
void
orr_figure_fill_resonance (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  add_curve (figure, section, _("Error against the HMM"), "transition_matrix_error", _("mean difference"), 3);
  add_curve (figure, section, _("Transition rate"), "transition_rate", _("per step"), 0);
  add_curve (figure, section, _("Variation of dwell times"), "dwell_variation", _("s.d. / mean"), 2);
  add_curve (figure, section, _("Signal to noise"), "signal_to_noise", _("at the spectral peak"), 1);
  add_contours (figure, section);
}
