/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-hit.h"

#include <math.h>

static void
test_line (void)
{
  g_autoptr (OrrFigure) figure = orr_figure_new (NULL);
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  const double x[] = { 1, 2, 3, 4, 5 }, training[] = { 10, 9, 5, 4.5, 4.25 }, validation[] = { 11, 10, 6, NAN, 5 };
  OrrFigureHit hit;

  plot->x.integers = TRUE;
  orr_axis_set_label (&plot->x, "epoch", NULL);
  orr_plot_add_line (plot, "training", x, training, 5, ORR_PAINT_ACCENT);
  orr_plot_add_line (plot, "validation", x, validation, 5, ORR_PAINT_DIM);
  g_autoptr (OrrFigureLayout) layout = orr_figure_layout_new (figure, NULL, 500, 300, orr_figure_theme_light ());
  const OrrPlotLayout *placed = orr_figure_layout_get_plot (layout, 0);

  double px = orr_plot_layout_to_x (placed, 3.0), py = orr_plot_layout_to_y (placed, 5.0);
  g_assert_true (orr_figure_layout_hit (layout, px + 6, py - 2, 30, &hit));
  g_assert_cmpint (hit.series, ==, 0);
  g_assert_cmpuint (hit.index, ==, 2);
  g_assert_cmpfloat_with_epsilon (hit.pixel_x, px, 1e-9);
  g_autofree char *text = orr_figure_hit_dup_text (&hit, layout);
  g_assert_cmpstr (text, ==, "epoch 3\ntraining: 5.000\nvalidation: 6.000");

  g_assert_true (orr_figure_layout_hit (layout, orr_plot_layout_to_x (placed, 4.0), py, 30, &hit));
  g_autofree char *gap = orr_figure_hit_dup_text (&hit, layout);
  g_assert_cmpstr (gap, ==, "epoch 4\ntraining: 4.500");
  g_assert_false (orr_figure_layout_hit (layout, 1, 1, 30, &hit));
  g_assert_cmpint (orr_figure_layout_plot_at (layout, 1, 1), ==, -1);
}

static void
test_points_and_bars (void)
{
  g_autoptr (OrrFigure) figure = orr_figure_new (NULL);
  OrrPlot *plot = orr_figure_add_plot (figure, NULL), *bars = orr_figure_add_plot (figure, NULL);
  const double x[] = { 0, 1 }, y[] = { 1, 3 }, e[] = { 0.5, 0.25 };
  const char *const names[] = { "left", "right", NULL };
  OrrFigureHit hit;

  orr_plot_add_points (plot, NULL, x, y, 2, ORR_PAINT_ACCENT);
  orr_axis_set_categories (&bars->x, names);
  orr_series_set_errors (orr_plot_add_bars (bars, "HMM", x, y, 2, 0.8, ORR_PAINT_DIM), e);
  g_autoptr (OrrFigureLayout) layout = orr_figure_layout_new (figure, NULL, 600, 200, orr_figure_theme_light ());
  const OrrPlotLayout *a = orr_figure_layout_get_plot (layout, 0), *b = orr_figure_layout_get_plot (layout, 1);

  double px = orr_plot_layout_to_x (a, 0.0), py = orr_plot_layout_to_y (a, 1.0);
  g_assert_true (orr_figure_layout_hit (layout, px + 3, py - 4, 5.0, &hit));
  g_assert_cmpuint (hit.plot, ==, 0);
  g_assert_false (orr_figure_layout_hit (layout, px + 3, py - 4, 4.9, &hit));

  g_assert_true (orr_figure_layout_hit (layout, orr_plot_layout_to_x (b, 1.39), b->area.y + 2, 5.0, &hit));
  g_assert_cmpuint (hit.plot, ==, 1);
  g_assert_cmpuint (hit.index, ==, 1);
  g_autofree char *text = orr_figure_hit_dup_text (&hit, layout);
  g_assert_cmpstr (text, ==, "right\nHMM: 3.000 ± 0.25");
}

static void
test_cells (void)
{
  g_autoptr (OrrFigure) figure = orr_figure_new (NULL);
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  const float values[] = { 1, 2, 3, 4, 5, -6.5f };
  OrrFigureHit hit;

  orr_plot_set_heatmap (plot, values, 2, 3, ORR_HEATMAP_DIVERGING);
  orr_axis_set_label (&plot->y, "row", NULL);
  orr_axis_set_label (&plot->x, "column", NULL);
  g_autoptr (OrrFigureLayout) layout = orr_figure_layout_new (figure, NULL, 300, 300, orr_figure_theme_light ());
  const OrrPlotLayout *placed = orr_figure_layout_get_plot (layout, 0);

  g_assert_true (orr_figure_layout_hit (layout, placed->area.x + placed->area.width - 1,
                                        placed->area.y + placed->area.height - 1, 0.0, &hit));
  g_assert_cmpint (hit.series, ==, -1);
  g_assert_cmpuint (hit.index, ==, 5);
  g_autofree char *text = orr_figure_hit_dup_text (&hit, layout);
  g_assert_cmpstr (text, ==, "row 1 → column 2\n−6.500");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hit/line", test_line);
  g_test_add_func ("/hit/points-and-bars", test_points_and_bars);
  g_test_add_func ("/hit/cells", test_cells);
  return g_test_run ();
}
