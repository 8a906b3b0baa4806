/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "orr-figure-section.h"
#include "orr-section-series.h"
#include "orr-section.h"

/* A section without the positions of its lists: they are 0, 1, 2 ... */
static GVariant *
with_steps (GVariant *gain, const char *name)
{
  GVariantDict dict;
  gsize n;
  g_autofree double *values = orr_section_dup_doubles (gain, name, &n);

  g_variant_dict_init (&dict, gain);
  for (gsize i = 0; i < n; i++)
    values[i] = i;
  if (values != NULL)
    g_variant_dict_insert_value (&dict, "step", orr_section_new_doubles (values, n));
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
add_start (OrrFigure *figure, GVariant *section, const char *start, const char *title, const char *quantity,
           const char *label)
{
  static const guint paints[] = { 6, 1, 3 };
  g_autoptr (GVariant) from = orr_section_get_child (section, start);
  g_autoptr (GVariant) gains = from != NULL ? orr_section_get_child (from, "gains") : NULL;
  OrrPlot *plot;

  if (gains == NULL)
    return;
  plot = orr_figure_add_plot (figure, title);
  orr_axis_set_label (&plot->x, _("step"), NULL);
  orr_axis_set_label (&plot->y, label, NULL);
  plot->x.integers = TRUE;
  for (gsize g = 0; g < g_variant_n_children (gains); g++)
    {
      g_autoptr (GVariant) gain = g_variant_get_child_value (gains, g);
      g_autoptr (GVariant) stepped = with_steps (gain, quantity);
      g_autofree char *name = g_strdup_printf (_("%.0f %% fresh"), 100.0 * orr_section_get_double (gain, "gain", 0.0));

      orr_section_add_curve (plot, stepped, "step", quantity, name,
                             orr_colour_qualitative (paints[g % G_N_ELEMENTS (paints)]));
    }
}

/* How far noise carries the network from its clusters and from the kick-zone. */
void
orr_figure_fill_sensitivity (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  add_start (figure, section, "cluster", _("From a cluster"), "trace", _("trace of the covariance"));
  add_start (figure, section, "kick", _("From the kick-zone"), "trace", _("trace of the covariance"));
  add_start (figure, section, "cluster", _("From a cluster"), "distance", _("distance to the mean"));
  add_start (figure, section, "kick", _("From the kick-zone"), "distance", _("distance to the mean"));
}
