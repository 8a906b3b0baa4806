/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-scan.h"

#include <glib/gi18n.h>

#include "orr-section.h"

static void
add_measure (OrrFigure *figure, GVariant *section, const char *name, const char *label, guint best, guint chosen,
             OrrPaint paint)
{
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  gsize n, n_values;
  g_autofree double *states = orr_section_dup_doubles (section, "states", &n);
  g_autofree double *values = orr_section_dup_doubles (section, name, &n_values);

  orr_axis_set_label (&plot->x, _("number of states"), NULL);
  orr_axis_set_label (&plot->y, label, NULL);
  plot->x.integers = TRUE;
  plot->legend = FALSE;
  if (n == 0 || n != n_values)
    return;
  orr_plot_add_line (plot, label, states, values, n, paint);
  orr_plot_add_points (plot, NULL, states, values, n, paint);
  for (gsize i = 0; i < n; i++)
    if (states[i] == best)
      {
        OrrSeries *ring = orr_plot_add_points (plot, _("best"), &states[i], &values[i], 1, paint);
        ring->marker = ORR_MARKER_RING;
        ring->width = 11.0;
      }
  if (chosen > 0)
    orr_plot_add_vertical (plot, _("chosen"), chosen, ORR_PAINT_ACCENT);
}

/**
 * orr_figure_new_scan:
 * @section: of orr_hmm_scan_to_section()
 * @chosen: number of states that is marked, 0 for none
 *
 * Returns: (transfer full): BIC and held-out log-likelihood against the number
 * of states, the best of each ringed
 */
OrrFigure *
orr_figure_new_scan (GVariant *section, guint chosen)
{
  OrrFigure *figure = orr_figure_new (_("Models by number of states"));
  guint best_bic = orr_section_get_int (section, "best_bic", 0);
  guint best_held_out = orr_section_get_int (section, "best_held_out", 0);
  g_autofree char *description =
    g_strdup_printf (_("BIC is least with %u states; what was kept back is most likely with %u."), best_bic, best_held_out);

  add_measure (figure, section, "bic", _("BIC (less is better)"), best_bic, chosen, orr_colour_qualitative (3));
  add_measure (figure, section, "held_out", _("held-out log-likelihood a symbol"), best_held_out, chosen,
               orr_colour_qualitative (1));
  orr_figure_set_description (figure, description);
  return figure;
}
