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
  g_autofree char *name = g_strdup_printf (_("bifurcation: %.0f"), epoch);
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

/* E [dh_2] of every unit at every epoch, units in the order of their last one. */
static void
add_response (OrrFigure *figure, GVariant *section)
{
  g_autoptr (GVariant) layers = orr_section_get_child (section, "layers");
  gsize rows = layers != NULL ? g_variant_n_children (layers) : 0, cols = 0;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree float *values = NULL;
  g_autofree guint *order = NULL;

  for (gsize r = rows; r-- > 0;)
    {
      g_autoptr (GVariant) layer = g_variant_get_child_value (layers, r);
      gsize n;
      g_autofree double *response = orr_section_dup_doubles (layer, "second_order_response", &n);

      if (response == NULL || n == 0 || (cols > 0 && n != cols))
        return;
      if (cols == 0)
        {
          cols = n;
          values = g_new (float, rows * cols);
          order = orr_section_rank (response, n);
        }
      for (gsize c = 0; c < cols; c++)
        values[r * cols + c] = response[order[c]];
      g_ptr_array_insert (names, 0, g_strdup_printf ("%d", (int) orr_section_get_int (layer, "epoch", 0)));
    }
  if (cols == 0)
    return;
  g_ptr_array_add (names, NULL);
  OrrPlot *plot = orr_figure_add_plot (figure, _("Second-order response"));
  OrrHeatmap *heatmap = orr_plot_set_heatmap (plot, values, rows, cols, ORR_HEATMAP_DIVERGING);
  plot->square = FALSE;
  /* activity may explode early in a training: the colours are those of its later half */
  float largest = 0.0f;
  for (gsize i = rows / 2 * cols; i < rows * cols; i++)
    largest = isfinite (values[i]) ? MAX (largest, fabsf (values[i])) : largest;
  if (largest > 0.0f)
    {
      heatmap->high = largest;
      heatmap->low = -largest;
    }
  orr_axis_set_categories (&plot->y, (const char *const *) names->pdata);
  orr_axis_set_label (&plot->x, _("units, by their last response"), NULL);
  orr_axis_set_label (&plot->y, _("epoch; E[\316\264h\342\202\202]"), NULL);
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
  add_response (figure, section);
}
