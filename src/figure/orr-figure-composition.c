/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-section-series.h"
#include "orr-section.h"

static char *
dup_symbol (const OrrHmm *hmm, guint symbol)
{
  return orr_section_symbol_name (hmm != NULL ? hmm->symbol_names : NULL, hmm != NULL ? hmm->n_symbols : 0, symbol);
}

/* The orbit of one pair of symbols in its own plane, in the colours of the symbols. */
static void
add_orbit (OrrFigure *figure, GVariant *pair, const OrrHmm *hmm)
{
  gsize n, n_points, cols, n_ratio;
  g_autofree double *symbols = orr_section_dup_doubles (pair, "symbols", &n);
  g_autofree double *points = orr_section_dup_table (pair, "points", &n_points, &cols);
  g_autofree double *leading = orr_section_dup_doubles (pair, "point_symbols", &n);
  g_autofree double *ratio = orr_section_dup_doubles (pair, "explained_variance_ratio", &n_ratio);

  if (symbols == NULL || points == NULL || cols < 2 || n != n_points || n_ratio < 2)
    return;
  g_autofree char *a = dup_symbol (hmm, symbols[0]), *b = dup_symbol (hmm, symbols[1]);
  g_autofree char *title = g_strdup_printf (_("Symbols %s and %s"), a, b);
  OrrPlot *plot = orr_figure_add_plot (figure, title);
  g_autofree char *first = g_strdup_printf (_("own PC1, %.0f %%"), 100.0 * ratio[0]);
  g_autofree char *second = g_strdup_printf (_("own PC2, %.0f %%"), 100.0 * ratio[1]);
  for (guint side = 0; side < 2; side++)
    {
      g_autofree double *x = g_new (double, n), *y = g_new (double, n);
      gsize count = 0;

      for (gsize i = 0; i < n; i++)
        if (leading[i] == symbols[side])
          {
            x[count] = points[i * cols];
            y[count++] = points[i * cols + 1];
          }
      OrrSeries *series = orr_plot_add_points (plot, side == 0 ? a : b, x, y, count, orr_colour_qualitative (symbols[side]));
      series->width = 3.0;
      series->alpha = 0.7;
    }
  orr_axis_set_label (&plot->x, first, NULL);
  orr_axis_set_label (&plot->y, second, NULL);
}

static void
add_table (OrrFigure *figure, const char *title, const double *table, gsize n, const char *const *names)
{
  g_autofree float *values = g_new (float, n * n);
  OrrPlot *plot = orr_figure_add_plot (figure, title);

  for (gsize i = 0; i < n * n; i++)
    values[i] = table[i];
  OrrHeatmap *heatmap = orr_plot_set_heatmap (plot, values, n, n, ORR_HEATMAP_SHARE);
  heatmap->low = 0.0;
  heatmap->high = 1.0;
  heatmap->numbers = TRUE;
  orr_axis_set_categories (&plot->x, names);
  orr_axis_set_categories (&plot->y, names);
}

/* How far the subspaces of the pairs that were found agree. */
static void
add_alignment (OrrFigure *figure, GVariant *section, GVariant *pairs, const OrrHmm *hmm)
{
  gsize rows, cols, n = g_variant_n_children (pairs), count = 0;
  g_autofree double *table = orr_section_dup_table (section, "alignment", &rows, &cols);
  g_autofree double *found = g_new (double, n * n);
  g_autofree gsize *places = g_new (gsize, n);
  g_auto (GStrv) names = g_new0 (char *, n + 1);

  if (table == NULL || rows != n || cols != n)
    return;
  for (gsize p = 0; p < n; p++)
    {
      g_autoptr (GVariant) pair = g_variant_get_child_value (pairs, p);
      gsize n_symbols;
      g_autofree double *symbols = orr_section_dup_doubles (pair, "symbols", &n_symbols);

      if (!orr_section_get_boolean (pair, "found", FALSE) || n_symbols != 2)
        continue;
      g_autofree char *a = dup_symbol (hmm, symbols[0]), *b = dup_symbol (hmm, symbols[1]);
      names[count] = g_strdup_printf ("%s, %s", a, b);
      places[count++] = p;
    }
  for (gsize i = 0; i < count; i++)
    for (gsize j = 0; j < count; j++)
      found[i * count + j] = table[places[i] * n + places[j]];
  if (count > 1)
    add_table (figure, _("Subspaces in common"), found, count, (const char *const *) names);
}

static void
add_angles (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  gsize n;
  g_autofree double *angles = orr_section_dup_doubles (section, "readout_angles", &n);
  g_autofree double *x = g_new (double, MAX (n, 1));
  g_autofree OrrPaint *paints = g_new (OrrPaint, MAX (n, 1));
  g_auto (GStrv) names = g_new0 (char *, n + 1);

  if (n == 0)
    return;
  for (gsize k = 0; k < n; k++)
    {
      x[k] = k;
      paints[k] = orr_colour_qualitative (k);
      names[k] = dup_symbol (hmm, k);
    }
  OrrPlot *plot = orr_figure_add_plot (figure, _("Readout axes to the PC plane"));
  orr_axis_set_categories (&plot->x, (const char *const *) names);
  orr_axis_set_label (&plot->y, _("angle"), "\302\260");
  orr_axis_set_range (&plot->y, 0.0, 90.0);
  orr_series_set_paints (orr_plot_add_bars (plot, NULL, x, angles, n, 0.6, ORR_PAINT_ACCENT), paints);
}

/* Units that the kick groups of two directions share. */
static void
add_overlap (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  gsize rows, cols, n, two;
  g_autofree double *table = orr_section_dup_table (section, "kick_overlap", &rows, &cols);
  g_autofree double *directions = orr_section_dup_table (section, "kick_directions", &n, &two);
  g_auto (GStrv) names = g_new0 (char *, n + 1);

  if (table == NULL || directions == NULL || rows != n || cols != n || two != 2)
    return;
  for (gsize g = 0; g < n; g++)
    {
      g_autofree char *from = dup_symbol (hmm, directions[2 * g]), *to = dup_symbol (hmm, directions[2 * g + 1]);
      names[g] = g_strdup_printf ("%s\342\206\222%s", from, to);
    }
  add_table (figure, _("Kick groups in common"), table, n, (const char *const *) names);
}

/* An orbit for each pair of symbols, and how they are put together. */
void
orr_figure_fill_composition (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) pairs = orr_section_get_child (section, "pairs");

  if (pairs == NULL)
    return;
  for (gsize p = 0; p < g_variant_n_children (pairs); p++)
    {
      g_autoptr (GVariant) pair = g_variant_get_child_value (pairs, p);
      add_orbit (figure, pair, hmm);
    }
  add_alignment (figure, section, pairs, hmm);
  add_angles (figure, section, hmm);
  add_overlap (figure, section, hmm);
}
