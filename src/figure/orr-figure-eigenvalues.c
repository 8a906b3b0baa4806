/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-eigenvalues.h"

#include <glib/gi18n.h>
#include <math.h>

#define CIRCLE_POINTS 181
/* |Re w| below this: near the edge of stability (SCIENCE, part 3.8). */
#define CRITICAL_WIDTH 0.1
/* Under the Moebius map z = -1 is at infinity; what is farther out is not shown. */
#define PLANE_LIMIT 4.0

static void
add_circle (OrrPlot *plot)
{
  double x[CIRCLE_POINTS], y[CIRCLE_POINTS];

  for (guint i = 0; i < CIRCLE_POINTS; i++)
    {
      x[i] = cos (2.0 * G_PI * i / (CIRCLE_POINTS - 1));
      y[i] = sin (2.0 * G_PI * i / (CIRCLE_POINTS - 1));
    }
  orr_plot_add_line (plot, NULL, x, y, CIRCLE_POINTS, ORR_PAINT_DIM)->width = 1.0;
}

/* Stable and unstable ones as two series, so that the legend names the colours. */
static void
add_split (OrrPlot *plot, const double *x, const double *y, const double *re, const double *im, gsize n)
{
  for (guint unstable = 0; unstable < 2; unstable++)
    {
      g_autofree double *some_x = g_new (double, MAX (n, 1)), *some_y = g_new (double, MAX (n, 1));
      gsize count = 0;

      for (gsize i = 0; i < n; i++)
        if ((hypot (re[i], im[i]) > 1.0) == unstable)
          {
            some_x[count] = x[i];
            some_y[count++] = y[i];
          }
      orr_plot_add_points (plot, unstable ? _("unstable") : _("stable"), some_x, some_y, count,
                           unstable ? ORR_PAINT_WARNING : ORR_PAINT_ACCENT);
    }
}

static void
add_plane (OrrFigure *figure, const double *re, const double *im, gsize n)
{
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  double reach = 1.1;

  for (gsize i = 0; i < n; i++)
    reach = MAX (reach, 1.05 * MAX (fabs (re[i]), fabs (im[i])));
  orr_axis_set_label (&plot->x, "Re z", NULL);
  orr_axis_set_label (&plot->y, "Im z", NULL);
  orr_axis_set_range (&plot->x, -reach, reach);
  orr_axis_set_range (&plot->y, -reach, reach);
  plot->square = TRUE;
  add_circle (plot);
  add_split (plot, re, im, re, im, n);
}

/* w = (z - 1) / (z + 1): the unit circle becomes the imaginary axis, so that
 * what is near the edge of stability is spread out. */
static void
add_moebius (OrrFigure *figure, const double *re, const double *im, gsize n)
{
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  g_autofree double *u = g_new (double, MAX (n, 1)), *v = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    {
      double below = (re[i] + 1.0) * (re[i] + 1.0) + im[i] * im[i];

      u[i] = below > 0.0 ? (re[i] * re[i] + im[i] * im[i] - 1.0) / below : NAN;
      v[i] = below > 0.0 ? 2.0 * im[i] / below : NAN;
    }
  orr_axis_set_label (&plot->x, "Re w, w = (z \342\210\222 1) / (z + 1)", NULL);
  orr_axis_set_label (&plot->y, "Im w", NULL);
  orr_axis_set_range (&plot->x, -2.0, 0.6);
  orr_axis_set_range (&plot->y, -PLANE_LIMIT / 2, PLANE_LIMIT / 2);
  plot->legend = FALSE;
  orr_plot_add_span (plot, NULL, -CRITICAL_WIDTH, CRITICAL_WIDTH, ORR_PAINT_DIM);
  orr_plot_add_vertical (plot, NULL, 0.0, ORR_PAINT_DIM);
  add_split (plot, u, v, re, im, n);
}

/**
 * orr_figure_new_eigenvalues:
 * @re: (array length=n): real parts of the eigenvalues that are not 0
 * @im: (array length=n): imaginary parts
 * @where: (nullable): at which state, for the description
 *
 * Returns: (transfer full): the eigenvalues of the noise-free Jacobian in the
 * plane with the unit circle, and under the Moebius map, where unstable ones lie
 * right of the middle line
 */
OrrFigure *
orr_figure_new_eigenvalues (const double *re, const double *im, gsize n, const char *where)
{
  OrrFigure *figure = orr_figure_new (_("Eigenvalues"));
  g_autofree char *description = NULL;
  guint unstable = 0;

  if (where == NULL)
    {
      orr_plot_set_empty_text (orr_figure_add_plot (figure, NULL),
                               _("Train or open a network to see its eigenvalues along the orbit"));
      return figure;
    }
  for (gsize i = 0; i < n; i++)
    unstable += hypot (re[i], im[i]) > 1.0;
  add_plane (figure, re, im, n);
  add_moebius (figure, re, im, n);
  description = g_strdup_printf (_("%s: %u eigenvalues that are not 0, %u of them unstable"), where, (guint) n, unstable);
  orr_figure_set_description (figure, description);
  return figure;
}
