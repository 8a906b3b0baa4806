/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-section.h"

#define MARK 11.0

/* Where the points lie in the plane of the first two components. */
static void
add_places (OrrFigure *figure, GVariant *points)
{
  OrrPlot *plot = orr_figure_add_plot (figure, _("Fixed points"));

  orr_axis_set_label (&plot->x, "PC1", NULL);
  orr_axis_set_label (&plot->y, "PC2", NULL);
  plot->wants_visited = TRUE;
  for (guint stable = 0; stable < 2; stable++)
    {
      gsize n = g_variant_n_children (points), count = 0;
      g_autofree double *x = g_new (double, n), *y = g_new (double, n);

      for (gsize i = 0; i < n; i++)
        {
          g_autoptr (GVariant) point = g_variant_get_child_value (points, i);
          gsize n_components;
          g_autofree double *place = orr_section_dup_doubles (point, "components", &n_components);

          if (n_components < 2 || orr_section_get_boolean (point, "stable", FALSE) != (gboolean) stable)
            continue;
          x[count] = place[0];
          y[count++] = place[1];
        }
      if (count == 0)
        continue;
      OrrSeries *series = orr_plot_add_points (plot, stable ? _("stable") : _("unstable"), x, y, count,
                                               stable ? ORR_PAINT_ACCENT : ORR_PAINT_WARNING);
      series->marker = stable ? ORR_MARKER_CROSS : ORR_MARKER_RING;
      series->width = MARK;
    }
}

/* Eigenvalues of all points that have any, with the unit circle. */
static gboolean
add_eigenvalues (OrrFigure *figure, GVariant *points)
{
  g_autoptr (GArray) re = g_array_new (FALSE, FALSE, sizeof (double)), im = g_array_new (FALSE, FALSE, sizeof (double));
  double reach = 1.1, circle_x[129], circle_y[129];

  for (gsize i = 0; i < g_variant_n_children (points); i++)
    {
      g_autoptr (GVariant) point = g_variant_get_child_value (points, i);
      gsize n, n_im;
      g_autofree double *x = orr_section_dup_doubles (point, "eigenvalues_re", &n);
      g_autofree double *y = orr_section_dup_doubles (point, "eigenvalues_im", &n_im);

      if (n == 0 || n != n_im)
        continue;
      for (gsize k = 0; k < n; k++)
        reach = MAX (reach, 1.05 * MAX (fabs (x[k]), fabs (y[k])));
      g_array_append_vals (re, x, n);
      g_array_append_vals (im, y, n);
    }
  if (re->len == 0)
    return FALSE;
  for (guint i = 0; i <= 128; i++)
    {
      circle_x[i] = cos (2.0 * G_PI * i / 128);
      circle_y[i] = sin (2.0 * G_PI * i / 128);
    }
  OrrPlot *plot = orr_figure_add_plot (figure, _("Eigenvalues"));
  orr_axis_set_label (&plot->x, "Re z", NULL);
  orr_axis_set_label (&plot->y, "Im z", NULL);
  orr_axis_set_range (&plot->x, -reach, reach);
  orr_axis_set_range (&plot->y, -reach, reach);
  plot->square = TRUE;
  orr_plot_add_line (plot, NULL, circle_x, circle_y, 129, ORR_PAINT_DIM);
  orr_plot_add_points (plot, NULL, (const double *) re->data, (const double *) im->data, re->len, ORR_PAINT_ACCENT);
  return TRUE;
}

/* Without eigenvalues at the kink: how far the paths towards the origin shrank. */
static void
add_decay (OrrFigure *figure, GVariant *points)
{
  for (gsize i = 0; i < g_variant_n_children (points); i++)
    {
      g_autoptr (GVariant) point = g_variant_get_child_value (points, i);
      double mean = orr_section_get_double (point, "decay_ratio", NAN), most = orr_section_get_double (point, "decay_ratio_max", NAN);
      gint64 steps = orr_section_get_int (point, "decay_steps", 50);

      if (!orr_section_get_boolean (point, "at_kink", FALSE) || !(mean > 0.0) || !(most > 0.0))
        continue;
      const double x[2] = { 0.0, 1.0 }, y[2] = { -log10 (mean), -log10 (most) };
      const char *const names[] = { _("usual"), _("slowest"), NULL };
      g_autofree char *title = g_strdup_printf (_("Decay towards the origin in %d steps"), (int) steps);
      OrrPlot *plot = orr_figure_add_plot (figure, title);

      orr_axis_set_categories (&plot->x, names);
      orr_axis_set_label (&plot->y, _("powers of ten"), NULL);
      plot->y.include_zero = TRUE;
      orr_plot_add_bars (plot, NULL, x, y, 2, 0.5, ORR_PAINT_ACCENT);
      return;
    }
}

/* Fixed points of the noise-free map and how paths go to them. */
void
orr_figure_fill_fixed_points (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) points = orr_section_get_child (section, "points");

  if (points == NULL || g_variant_n_children (points) == 0)
    {
      if (points != NULL)
        orr_plot_set_empty_text (orr_figure_add_plot (figure, NULL), _("No fixed point was found"));
      return;
    }
  add_places (figure, points);
  add_eigenvalues (figure, points);
  add_decay (figure, points);
}
