/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-section-series.h"
#include "orr-section.h"

#define MOST_COMPONENTS 10
#define DOT 3.0

/* "PC1, 51 %" */
static void
label_axis (OrrAxis *axis, const double *ratio, gsize n, guint component)
{
  g_autofree char *text = component < n ? g_strdup_printf ("PC%u, %.0f %%", component + 1, 100.0 * ratio[component])
                                        : g_strdup_printf ("PC%u", component + 1);
  orr_axis_set_label (axis, text, NULL);
}

/* Visited states in the plane of the first two components, in the colours of the symbols emitted there. */
static void
add_states (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  gsize n, cols, n_symbols, n_ratio;
  g_autofree double *points = orr_section_dup_table (section, "points", &n, &cols);
  g_autofree double *symbols = orr_section_dup_doubles (section, "point_symbols", &n_symbols);
  g_autofree double *ratio = orr_section_dup_doubles (section, "explained_variance_ratio", &n_ratio);
  g_autofree double *x = g_new (double, MAX (n, 1)), *y = g_new (double, MAX (n, 1));
  guint K = orr_section_get_int (section, "symbols", 0);

  if (points == NULL || cols < 2 || n != n_symbols)
    return;
  OrrPlot *plot = orr_figure_add_plot (figure, _("Visited states"));
  label_axis (&plot->x, ratio, n_ratio, 0);
  label_axis (&plot->y, ratio, n_ratio, 1);
  for (guint k = 0; k < K; k++)
    {
      g_autofree char *name = orr_section_symbol_name (hmm != NULL ? hmm->symbol_names : NULL,
                                                       hmm != NULL ? hmm->n_symbols : 0, k);
      gsize count = 0;

      for (gsize i = 0; i < n; i++)
        if (symbols[i] == k)
          {
            x[count] = points[i * cols];
            y[count++] = points[i * cols + 1];
          }
      if (count == 0)
        continue;
      OrrSeries *series = orr_plot_add_points (plot, name, x, y, count, orr_colour_qualitative (k));
      series->width = DOT;
      series->alpha = 0.7;
    }
}

static void
add_variance (OrrFigure *figure, GVariant *section)
{
  gsize n;
  g_autofree double *ratio = orr_section_dup_doubles (section, "explained_variance_ratio", &n);
  double x[MOST_COMPONENTS], y[MOST_COMPONENTS];

  if (ratio == NULL || n == 0)
    return;
  n = MIN (n, MOST_COMPONENTS);
  for (gsize i = 0; i < n; i++)
    {
      x[i] = i + 1;
      y[i] = 100.0 * ratio[i];
    }
  OrrPlot *plot = orr_figure_add_plot (figure, _("Explained variance"));
  orr_axis_set_label (&plot->x, _("component"), NULL);
  orr_axis_set_label (&plot->y, _("share"), "%");
  plot->x.integers = TRUE;
  plot->y.include_zero = TRUE;
  orr_plot_add_bars (plot, NULL, x, y, n, 0.7, ORR_PAINT_ACCENT);
}

/* Mean |h| of visited states under the noise-free map. */
static void
add_relaxation (OrrFigure *figure, GVariant *section)
{
  gsize n;
  g_autofree double *norm = orr_section_dup_doubles (section, "relaxation", &n);
  g_autofree double *steps = g_new (double, MAX (n, 1));

  if (norm == NULL || n < 2)
    return;
  OrrPlot *plot = orr_figure_add_plot (figure, _("Without noise"));
  orr_axis_set_label (&plot->x, _("step"), NULL);
  orr_axis_set_label (&plot->y, _("mean |h|"), NULL);
  plot->y.scale = ORR_SCALE_LOG;
  for (gsize i = 0; i < n; i++)
    {
      steps[i] = i;
      norm[i] = norm[i] > 0.0 ? norm[i] : NAN;
    }
  orr_plot_add_line (plot, NULL, steps, norm, n, ORR_PAINT_ACCENT);
}

/* Where the states lie, in how many dimensions, and how they come to rest. */
void
orr_figure_fill_state_space (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  add_states (figure, section, hmm);
  add_variance (figure, section);
  add_relaxation (figure, section);
}

/* The components of two results are the same where they saw the same trajectory. */
static gboolean
same_trajectory (GVariant *a, GVariant *b)
{
  static const char *const settings[] = { "steps", "burn_in", "noise", "seed", "hidden" };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (orr_section_get_double (a, settings[i], NAN) != orr_section_get_double (b, settings[i], NAN))
      return FALSE;
  return TRUE;
}

/**
 * orr_figure_add_visited:
 * @figure: of orr_figure_new_section()
 * @section: (nullable): the result that it shows
 * @state_space: (nullable): that of the analysis of the state space
 *
 * Puts the visited states, pale, behind the plots in the plane of the first two components that would lie in an
 * empty plane without them. Does nothing where the two results are of different trajectories.
 */
void
orr_figure_add_visited (OrrFigure *figure, GVariant *section, GVariant *state_space)
{
  gsize n, cols;
  g_autofree double *points = orr_section_dup_table (state_space, "points", &n, &cols);
  g_autofree double *x = g_new (double, MAX (n, 1)), *y = g_new (double, MAX (n, 1));

  if (points == NULL || cols < 2 || section == NULL || !same_trajectory (section, state_space))
    return;
  for (gsize i = 0; i < n; i++)
    {
      x[i] = points[i * cols];
      y[i] = points[i * cols + 1];
    }
  for (guint p = 0; p < figure->plots->len; p++)
    {
      OrrPlot *plot = orr_figure_get_plot (figure, p);

      if (!plot->wants_visited)
        continue;
      OrrSeries *series = orr_plot_add_points (plot, _("visited states"), x, y, n, ORR_PAINT_DIM);
      series->width = DOT;
      series->alpha = 0.35;
      /* behind the others */
      g_ptr_array_insert (plot->series, 0, g_ptr_array_steal_index (plot->series, plot->series->len - 1));
    }
}
