/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-csv.h"

#include <math.h>

static void
test_shared_positions (void)
{
  g_autoptr (OrrFigure) figure = orr_figure_new (NULL);
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  const double x[] = { 1, 2 }, a[] = { 0.1, NAN }, b[] = { 1.0 / 3.0, 1e-20 }, c[] = { 1, 2 };

  orr_axis_set_label (&plot->x, "epoch", NULL);
  orr_plot_add_line (plot, "training", x, a, 2, ORR_PAINT_ACCENT);
  orr_plot_add_band (plot, "a, \"b\"", x, b, c, 2, ORR_PAINT_ACCENT);
  orr_plot_add_horizontal (plot, "level", 3.0, ORR_PAINT_DIM);
  g_autofree char *csv = orr_figure_to_csv (figure);
  g_assert_cmpstr (csv, ==,
                   "epoch,training,\"a, \"\"b\"\" lower\",\"a, \"\"b\"\" upper\"\n"
                   "1,0.1,0.33333333333333331,1\n"
                   "2,,1e-20,2\n");
}

static void
test_mixed (void)
{
  g_autoptr (OrrFigure) figure = orr_figure_new (NULL);
  OrrPlot *plot = orr_figure_add_plot (figure, "Counts"), *map = orr_figure_add_plot (figure, "T");
  const double edges[] = { 0, 1, 3 }, counts[] = { 4, 5 };
  const float values[] = { 0.5f, 0.25f, -1.0f, 0.0f };
  const char *const names[] = { "A", "B", NULL };

  orr_plot_add_histogram (plot, "steps", edges, counts, 2, ORR_PAINT_ACCENT);
  orr_plot_add_vertical (plot, "median", 1.5, ORR_PAINT_DIM);
  orr_plot_set_heatmap (map, values, 2, 2, ORR_HEATMAP_SHARE);
  orr_axis_set_categories (&map->x, names);
  orr_axis_set_categories (&map->y, names);
  g_autofree char *csv = orr_figure_to_csv (figure);
  g_assert_cmpstr (csv, ==,
                   "plot,series,x,x_end,y,y2\n"
                   "Counts,steps,0,1,4,\n"
                   "Counts,steps,1,3,5,\n"
                   "Counts,median,1.5,,,\n"
                   "T,A,A,,0.5,\n"
                   "T,A,B,,0.25,\n"
                   "T,B,A,,-1,\n"
                   "T,B,B,,0,\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/shared", test_shared_positions);
  g_test_add_func ("/csv/mixed", test_mixed);
  return g_test_run ();
}
