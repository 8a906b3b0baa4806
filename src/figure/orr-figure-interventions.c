/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-section-series.h"
#include "orr-section.h"

/* "kick 1 -> 3", in the names of the symbols; (transfer full). */
static char *
set_title (GVariant *set, const OrrHmm *hmm)
{
  static const struct { const char *name, *title; } kinds[] = {
    { "kick", N_("kick") },
    { "control", N_("control") },
    { "noise_projection", N_("noise onto integrating") },
    { "noise_control", N_("noise onto control") },
  };
  g_autofree char *name = orr_section_dup_string (set, "name");
  gint64 from = orr_section_get_int (set, "from", -1), to = orr_section_get_int (set, "to", -1);
  char **symbols = hmm != NULL ? hmm->symbol_names : NULL;
  guint n_symbols = hmm != NULL ? hmm->n_symbols : 0;
  const char *title = name != NULL ? name : "";

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].name, name) == 0)
      title = _(kinds[i].title);
  if (from < 0 || to < 0)
    return g_strdup (title);
  g_autofree char *left = orr_section_symbol_name (symbols, n_symbols, from);
  g_autofree char *right = orr_section_symbol_name (symbols, n_symbols, to);
  return g_strdup_printf ("%s %s \342\206\222 %s", title, left, right);
}

static void
add_rates (OrrFigure *figure, GVariant *sets, const OrrHmm *hmm)
{
  OrrPlot *plot = orr_figure_add_plot (figure, _("Transitions under changed gain"));

  orr_axis_set_label (&plot->x, _("gain \316\274"), NULL);
  orr_axis_set_label (&plot->y, _("transition rate"), _("per step"));
  orr_axis_set_range (&plot->x, 0.0, 2.0);
  plot->y.include_zero = TRUE;
  plot->weight = 1.5;
  for (gsize i = 0; i < g_variant_n_children (sets); i++)
    {
      g_autoptr (GVariant) set = g_variant_get_child_value (sets, i);
      g_autofree char *name = set_title (set, hmm);

      orr_section_add_curve (plot, set, "gain", "transition_rate", name, orr_colour_qualitative (i));
    }
}

/* Mean and s.d. of the critical pairs of each set at mu = 0, 1, 1.9. */
static void
add_pairs (OrrFigure *figure, GVariant *sets, const OrrHmm *hmm)
{
  OrrPlot *plot = orr_figure_add_plot (figure, _("Critical pairs"));

  orr_axis_set_label (&plot->x, _("gain \316\274"), NULL);
  orr_axis_set_label (&plot->y, _("near a transition"), NULL);
  plot->y.include_zero = TRUE;
  for (gsize i = 0; i < g_variant_n_children (sets); i++)
    {
      g_autoptr (GVariant) set = g_variant_get_child_value (sets, i);
      g_autoptr (GVariant) shown = orr_section_get_child (set, "shown");
      gsize n = shown != NULL ? g_variant_n_children (shown) : 0;
      g_autofree double *x = g_new (double, MAX (n, 1)), *y = g_new (double, MAX (n, 1)), *sd = g_new (double, MAX (n, 1));

      for (gsize k = 0; k < n; k++)
        {
          g_autoptr (GVariant) at = g_variant_get_child_value (shown, k);

          x[k] = orr_section_get_double (at, "gain", NAN) + 0.02 * i;
          y[k] = orr_section_get_double (at, "critical_pairs", NAN);
          sd[k] = orr_section_get_double (at, "critical_pairs_sd", NAN);
        }
      orr_series_set_errors (orr_plot_add_points (plot, NULL, x, y, n, orr_colour_qualitative (i)), sd);
    }
}

/* What turning the gain of each set of units does. */
void
orr_figure_fill_interventions (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) sets = orr_section_get_child (section, "sets");

  if (sets == NULL || g_variant_n_children (sets) == 0)
    return;
  add_rates (figure, sets, hmm);
  add_pairs (figure, sets, hmm);
}
