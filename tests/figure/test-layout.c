/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-layout.h"

#include <math.h>

static OrrFigure *
make_figure (guint n_plots)
{
  OrrFigure *figure = orr_figure_new ("A figure");
  const double x[] = { 1.0, 2.0, 4.0 }, y[] = { 0.25, 8.0, 0.5 };

  for (guint i = 0; i < n_plots; i++)
    {
      OrrPlot *plot = orr_figure_add_plot (figure, "A plot");
      orr_axis_set_label (&plot->x, "sigma", NULL);
      orr_axis_set_label (&plot->y, "rate", "1/step");
      orr_plot_add_line (plot, "line", x, y, 3, ORR_PAINT_ACCENT);
    }
  return figure;
}

static void
test_round_trip (void)
{
  g_autoptr (OrrFigure) figure = make_figure (1);
  OrrPlot *plot = orr_figure_get_plot (figure, 0);

  for (guint variant = 0; variant < 4; variant++)
    {
      plot->x.scale = variant & 1 ? ORR_SCALE_LOG : ORR_SCALE_LINEAR;
      plot->y.reversed = variant & 2;
      g_autoptr (OrrFigureLayout) layout = orr_figure_layout_new (figure, NULL, 400, 300, orr_figure_theme_light ());
      const OrrPlotLayout *placed = orr_figure_layout_get_plot (layout, 0);

      for (double value = 1.0; value < 4.0; value += 0.37)
        {
          double x = orr_plot_layout_to_x (placed, value), y = orr_plot_layout_to_y (placed, value);

          g_assert_cmpfloat_with_epsilon (orr_plot_layout_from_x (placed, x), value, 1e-9);
          g_assert_cmpfloat_with_epsilon (orr_plot_layout_from_y (placed, y), value, 1e-9);
        }
      g_assert_cmpfloat_with_epsilon (orr_plot_layout_to_x (placed, 1.0), placed->area.x, 1e-9);
      if (variant & 2)
        g_assert_cmpfloat (orr_plot_layout_to_y (placed, 8.0), >, orr_plot_layout_to_y (placed, 0.25));
      else
        g_assert_cmpfloat (orr_plot_layout_to_y (placed, 8.0), <, orr_plot_layout_to_y (placed, 0.25));
    }
}

/* Plots stay on the page, do not touch, and stand in line. */
static void
test_grid (void)
{
  for (guint n = 1; n <= 7; n++)
    {
      g_autoptr (OrrFigure) figure = make_figure (n);
      g_autoptr (OrrFigureLayout) layout = orr_figure_layout_new (figure, NULL, 900, 500, orr_figure_theme_dark ());

      for (guint i = 0; i < n; i++)
        {
          const OrrPlotLayout *a = orr_figure_layout_get_plot (layout, i);

          g_assert_cmpfloat (a->area.x, >, a->cell.x);
          g_assert_cmpfloat (a->area.width, >, 60);
          g_assert_cmpfloat (a->area.height, >, 40);
          g_assert_cmpfloat (a->cell.x + a->cell.width, <=, 900);
          g_assert_cmpfloat (a->cell.y + a->cell.height, <=, 500);
          for (guint j = 0; j < i; j++)
            {
              const OrrPlotLayout *b = orr_figure_layout_get_plot (layout, j);

              g_assert_true (a->cell.x >= b->cell.x + b->cell.width || a->cell.y >= b->cell.y + b->cell.height);
              if (a->cell.y == b->cell.y)
                g_assert_cmpfloat (a->area.y, ==, b->area.y);
            }
        }
    }
}

static void
test_columns (void)
{
  g_autoptr (OrrFigure) figure = make_figure (4);
  g_autoptr (OrrFigureLayout) wide = orr_figure_layout_new (figure, NULL, 1600, 200, orr_figure_theme_light ());
  g_autoptr (OrrFigureLayout) tall = orr_figure_layout_new (figure, NULL, 300, 1200, orr_figure_theme_light ());

  g_assert_cmpfloat (orr_figure_layout_get_plot (wide, 3)->cell.y, ==, orr_figure_layout_get_plot (wide, 0)->cell.y);
  g_assert_cmpfloat (orr_figure_layout_get_plot (tall, 3)->cell.x, ==, orr_figure_layout_get_plot (tall, 0)->cell.x);
  figure->columns = 2;
  g_autoptr (OrrFigureLayout) two = orr_figure_layout_new (figure, NULL, 1600, 200, orr_figure_theme_light ());
  g_assert_cmpfloat (orr_figure_layout_get_plot (two, 2)->cell.x, ==, orr_figure_layout_get_plot (two, 0)->cell.x);
}

static void
test_square (void)
{
  g_autoptr (OrrFigure) figure = make_figure (2);
  const float values[12] = { 0 };
  OrrPlot *circle = orr_figure_get_plot (figure, 0), *map = orr_figure_get_plot (figure, 1);

  circle->square = TRUE;
  orr_plot_set_heatmap (map, values, 3, 4, ORR_HEATMAP_DIVERGING);
  g_autoptr (OrrFigureLayout) layout = orr_figure_layout_new (figure, NULL, 900, 300, orr_figure_theme_light ());
  for (guint i = 0; i < 2; i++)
    {
      const OrrPlotLayout *placed = orr_figure_layout_get_plot (layout, i);
      double across = orr_plot_layout_to_x (placed, 2.0) - orr_plot_layout_to_x (placed, 1.0);
      double down = orr_plot_layout_to_y (placed, 2.0) - orr_plot_layout_to_y (placed, 1.0);

      g_assert_cmpfloat_with_epsilon (across, fabs (down), 1e-6);
    }
}

static void
test_ranges (void)
{
  g_autoptr (OrrFigure) figure = orr_figure_new (NULL);
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  const double x[] = { 1.0, 2.0, 3.0, 4.0 }, y[] = { 5.0, NAN, INFINITY, 5.0 }, e[] = { 1.0, NAN, 0.0, 0.0 };
  OrrPlotRange range = orr_plot_find_range (plot);

  g_assert_cmpfloat (range.x_low, <, range.x_high);
  OrrSeries *points = orr_plot_add_points (plot, NULL, x, y, 4, ORR_PAINT_ACCENT);
  range = orr_plot_find_range (plot);
  g_assert_cmpfloat (range.y_low, <, 5.0);
  g_assert_cmpfloat (range.y_high, >, 5.0);
  g_assert_cmpfloat (range.x_low, <, 1.0);
  orr_series_set_errors (points, e);
  range = orr_plot_find_range (plot);
  g_assert_cmpfloat (range.y_low, <, 4.0);
  g_assert_cmpfloat (range.y_high, >, 6.0);
  orr_plot_add_horizontal (plot, "level", 9.0, ORR_PAINT_DIM);
  g_assert_cmpfloat (orr_plot_find_range (plot).y_high, >, 9.0);
  orr_axis_set_range (&plot->y, -1.0, 1.0);
  g_assert_cmpfloat (orr_plot_find_range (plot).y_high, ==, 1.0);
}

/* A zoomed plot shows what it was told, and nonsense is ignored. */
static void
test_zoom (void)
{
  g_autoptr (OrrFigure) figure = make_figure (1);
  OrrPlotRange range = { TRUE, 1.5, 2.5, 0.0, 1.0 };
  g_autoptr (OrrFigureLayout) zoomed = orr_figure_layout_new (figure, &range, 400, 300, orr_figure_theme_light ());

  g_assert_cmpfloat (orr_figure_layout_get_plot (zoomed, 0)->range.x_high, ==, 2.5);
  range.x_high = NAN;
  g_autoptr (OrrFigureLayout) whole = orr_figure_layout_new (figure, &range, 400, 300, orr_figure_theme_light ());
  g_assert_cmpfloat (orr_figure_layout_get_plot (whole, 0)->range.x_high, ==, 4.0);
}

static void
test_tiny (void)
{
  g_autoptr (OrrFigure) figure = make_figure (6);
  g_autoptr (OrrFigureLayout) layout = orr_figure_layout_new (figure, NULL, 3, 2, orr_figure_theme_light ());

  for (guint i = 0; i < 6; i++)
    g_assert_cmpfloat (orr_figure_layout_get_plot (layout, i)->area.height, >, 0.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/round-trip", test_round_trip);
  g_test_add_func ("/layout/grid", test_grid);
  g_test_add_func ("/layout/columns", test_columns);
  g_test_add_func ("/layout/square", test_square);
  g_test_add_func ("/layout/ranges", test_ranges);
  g_test_add_func ("/layout/zoom", test_zoom);
  g_test_add_func ("/layout/tiny", test_tiny);
  return g_test_run ();
}
