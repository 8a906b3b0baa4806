/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-section-series.h"
#include "orr-section.h"

#define BAR_WIDTH 0.36
#define BAR_OFFSET 0.2

/* "1 -> 3", in the names of the symbols; (transfer full). */
static char *
dup_direction (GVariant *item, const OrrHmm *hmm)
{
  char **names = hmm != NULL ? hmm->symbol_names : NULL;
  guint n = hmm != NULL ? hmm->n_symbols : 0;
  g_autofree char *from = orr_section_symbol_name (names, n, orr_section_get_int (item, "from", 0));
  g_autofree char *to = orr_section_symbol_name (names, n, orr_section_get_int (item, "to", 0));

  return g_strdup_printf ("%s \342\206\222 %s", from, to);
}

/* What is left of each direction's rate, beside what random groups leave. */
static void
add_left (OrrFigure *figure, GVariant *groups, const OrrHmm *hmm)
{
  gsize n = g_variant_n_children (groups);
  g_autofree double *left = g_new (double, n), *right = g_new (double, n), *group = g_new (double, n),
                    *group_error = g_new (double, n), *random = g_new (double, n), *random_sd = g_new (double, n);
  g_auto (GStrv) names = g_new0 (char *, n + 1);
  OrrPlot *plot = orr_figure_add_plot (figure, _("Rate with the group silenced"));

  for (gsize g = 0; g < n; g++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (groups, g);
      double nominal = orr_section_get_double (item, "rate_nominal", NAN);
      gsize n_bounds;
      g_autofree double *bounds = orr_section_dup_doubles (item, "rate_silenced_ci", &n_bounds);

      names[g] = dup_direction (item, hmm);
      left[g] = g - BAR_OFFSET;
      right[g] = g + BAR_OFFSET;
      group[g] = 100.0 * orr_section_get_double (item, "rate_silenced", NAN) / nominal;
      group_error[g] = n_bounds == 2 ? 50.0 * (bounds[1] - bounds[0]) / nominal : NAN;
      random[g] = 100.0 * orr_section_get_double (item, "control_rate", NAN) / nominal;
      random_sd[g] = 100.0 * orr_section_get_double (item, "control_rate_sd", NAN) / nominal;
    }
  orr_axis_set_categories (&plot->x, (const char *const *) names);
  orr_axis_set_label (&plot->y, _("rate left"), "%");
  plot->y.include_zero = TRUE;
  orr_series_set_errors (orr_plot_add_bars (plot, _("kick group"), left, group, n, BAR_WIDTH, ORR_PAINT_WARNING), group_error);
  orr_series_set_errors (orr_plot_add_bars (plot, _("random groups (s.d.)"), right, random, n, BAR_WIDTH, ORR_PAINT_DIM),
                         random_sd);
}

/* Each unit: how long before the jump it wakes, and what it does alone. */
static void
add_units (OrrFigure *figure, GVariant *groups, const OrrHmm *hmm)
{
  OrrPlot *plot = orr_figure_add_plot (figure, _("Each kick neuron"));

  orr_axis_set_label (&plot->x, _("wakes before the jump"), _("steps"));
  orr_axis_set_label (&plot->y, _("rate when silenced alone"), "%");
  for (gsize g = 0; g < g_variant_n_children (groups); g++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (groups, g);
      g_autofree char *name = dup_direction (item, hmm);
      gsize n, n_times;
      g_autofree double *effects = orr_section_dup_doubles (item, "unit_effects", &n);
      g_autofree double *times = orr_section_dup_doubles (item, "crossing_time", &n_times);

      if (n == 0 || n != n_times)
        continue;
      for (gsize i = 0; i < n; i++)
        effects[i] *= 100.0;
      orr_plot_add_points (plot, name, times, effects, n, orr_colour_qualitative (g))->width = 7.0;
    }
  orr_plot_add_horizontal (plot, NULL, 0.0, ORR_PAINT_DIM);
}

/* The kick groups: how much they matter beside random groups, and their units. */
void
orr_figure_fill_kick_neurons (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) groups = orr_section_get_child (section, "groups");

  if (groups == NULL || g_variant_n_children (groups) == 0)
    {
      if (groups != NULL)
        orr_plot_set_empty_text (orr_figure_add_plot (figure, NULL),
                                 _("No group of units was found that makes the network jump"));
      return;
    }
  add_left (figure, groups, hmm);
  add_units (figure, groups, hmm);
}

static void
add_block (OrrFigure *figure, GVariant *pair, const char *name, const char *title, const char *const *directions)
{
  gsize rows, cols;
  g_autofree double *table = orr_section_dup_table (pair, name, &rows, &cols);
  g_autofree float *values = g_new (float, MAX (rows * cols, 1));

  if (table == NULL)
    return;
  for (gsize i = 0; i < rows * cols; i++)
    values[i] = table[i];
  OrrPlot *plot = orr_figure_add_plot (figure, title);
  OrrHeatmap *heatmap = orr_plot_set_heatmap (plot, values, rows, cols, ORR_HEATMAP_DIVERGING);
  heatmap->numbers = TRUE;
  orr_axis_set_categories (&plot->x, directions);
  orr_axis_set_categories (&plot->y, directions);
  orr_axis_set_label (&plot->x, _("from"), NULL);
  orr_axis_set_label (&plot->y, _("onto"), NULL);
}

/* The mean weights of the blocks between the two kick groups and the two halves that integrate noise. */
void
orr_figure_fill_integrating (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) pairs = orr_section_get_child (section, "pairs");

  if (pairs != NULL && g_variant_n_children (pairs) == 0)
    orr_plot_set_empty_text (orr_figure_add_plot (figure, NULL), _("No two kick groups of opposite directions were found"));
  for (gsize p = 0; pairs != NULL && p < g_variant_n_children (pairs); p++)
    {
      g_autoptr (GVariant) pair = g_variant_get_child_value (pairs, p);
      char **symbols = hmm != NULL ? hmm->symbol_names : NULL;
      guint n_symbols = hmm != NULL ? hmm->n_symbols : 0;
      g_autofree char *a = orr_section_symbol_name (symbols, n_symbols, orr_section_get_int (pair, "from", 0));
      g_autofree char *b = orr_section_symbol_name (symbols, n_symbols, orr_section_get_int (pair, "to", 0));
      g_autofree char *forward = g_strdup_printf ("%s\342\206\222%s", a, b), *back = g_strdup_printf ("%s\342\206\222%s", b, a);
      const char *const directions[] = { forward, back, NULL };

      add_block (figure, pair, "kick_kick", _("Kick onto kick"), directions);
      add_block (figure, pair, "kick_integrating", _("Integrating onto kick"), directions);
      add_block (figure, pair, "integrating_kick", _("Kick onto integrating"), directions);
      add_block (figure, pair, "integrating_integrating", _("Integrating onto integrating"), directions);
    }
}
