/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-chart.h"

#include <string.h>

#include "orr-view-test.h"
#include "orr-view.h"

enum { WIDTH = 500, HEIGHT = 300 };

static OrrFigure *
make_figure (void)
{
  OrrFigure *figure = orr_figure_new ("Two lines");
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  double x[101], a[101], b[101];

  for (int i = 0; i <= 100; i++)
    {
      x[i] = i;
      a[i] = 0.01 * i * i;
      b[i] = 100.0 - i;
    }
  orr_axis_set_label (&plot->x, "epoch", NULL);
  plot->x.integers = TRUE;
  orr_plot_add_line (plot, "rising", x, a, 101, 0xff0000)->width = 4.0;
  orr_plot_add_line (plot, "falling", x, b, 101, 0x00ff00);
  orr_figure_set_description (figure, "A rising and a falling line");
  return figure;
}

static OrrChart *
make_chart (GtkWidget **window)
{
  OrrChart *chart = ORR_CHART (orr_chart_new ());
  g_autoptr (OrrFigure) figure = make_figure ();

  orr_chart_set_figure (chart, figure);
  *window = orr_view_test_present (GTK_WIDGET (chart), WIDTH, HEIGHT);
  return chart;
}

static OrrFigureLayout *
layout_of (OrrChart *chart)
{
  OrrFigureTheme theme = *orr_figure_theme_light ();

  theme.titled = FALSE;
  return orr_figure_layout_new (orr_chart_get_figure (chart), NULL, WIDTH, HEIGHT, &theme);
}

static void
test_draws (void)
{
  GtkWidget *window;
  OrrChart *chart = make_chart (&window);
  guint before = orr_view_test_count (GTK_WIDGET (chart), 0xff0000);

  g_assert_cmpuint (before, >, 300);
  orr_chart_set_figure (chart, NULL);
  orr_view_test_settle ();
  g_assert_null (orr_view_create_figure (ORR_VIEW (chart)));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_pointer (void)
{
  GtkWidget *window;
  OrrChart *chart = make_chart (&window);
  g_autoptr (OrrFigureLayout) layout = layout_of (chart);
  const OrrPlotLayout *plot = orr_figure_layout_get_plot (layout, 0);
  OrrFigureHit hit;

  g_assert_false (orr_chart_get_hit (chart, &hit));
  orr_view_test_move (GTK_WIDGET (chart), orr_plot_layout_to_x (plot, 30), orr_plot_layout_to_y (plot, 70));
  g_assert_true (orr_chart_get_hit (chart, &hit));
  g_assert_cmpint (hit.series, ==, 1);
  g_assert_cmpfloat (hit.x, >=, 28);
  g_assert_cmpfloat (hit.x, <=, 32);

  double middle = (orr_chart_get_range (chart, 0)->x_low + orr_chart_get_range (chart, 0)->x_high) / 2;
  g_assert_cmpfloat_with_epsilon (middle, 50, 1);
  orr_view_test_scroll (GTK_WIDGET (chart), orr_plot_layout_to_x (plot, 50), orr_plot_layout_to_y (plot, 50), -3);
  const OrrPlotRange *range = orr_chart_get_range (chart, 0);
  g_assert_cmpfloat (range->x_high - range->x_low, <, 60);
  g_assert_cmpfloat_with_epsilon ((range->x_low + range->x_high) / 2, 50, 2);

  orr_view_test_click (GTK_WIDGET (chart), orr_plot_layout_to_x (plot, 50), orr_plot_layout_to_y (plot, 50), 2);
  g_assert_cmpfloat_with_epsilon (orr_chart_get_range (chart, 0)->x_high, 100, 1e-9);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_drag (void)
{
  GtkWidget *window;
  OrrChart *chart = make_chart (&window);
  g_autoptr (OrrFigureLayout) layout = layout_of (chart);
  const OrrPlotLayout *plot = orr_figure_layout_get_plot (layout, 0);

  orr_view_test_drag (GTK_WIDGET (chart), orr_plot_layout_to_x (plot, 20), orr_plot_layout_to_y (plot, 80),
                      orr_plot_layout_to_x (plot, 60), orr_plot_layout_to_y (plot, 40));
  const OrrPlotRange *range = orr_chart_get_range (chart, 0);
  g_assert_cmpfloat_with_epsilon (range->x_low, 20, 2);
  g_assert_cmpfloat_with_epsilon (range->x_high, 60, 2);
  g_assert_cmpfloat_with_epsilon (range->y_low, 40, 3);
  g_assert_cmpfloat_with_epsilon (range->y_high, 80, 3);

  /* a new figure with as many plots keeps the zoom */
  g_autoptr (OrrFigure) next = make_figure ();
  orr_chart_set_figure (chart, next);
  g_assert_cmpfloat_with_epsilon (orr_chart_get_range (chart, 0)->x_high, 60, 2);
  orr_view_test_key (GTK_WIDGET (chart), "0");
  g_assert_cmpfloat_with_epsilon (orr_chart_get_range (chart, 0)->x_high, 100, 1e-9);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
picked_cb (OrrChart *chart, const OrrFigureHit *hit, OrrFigureHit *out)
{
  *out = *hit;
}

static void
test_keyboard (void)
{
  GtkWidget *window;
  OrrChart *chart = make_chart (&window);
  OrrFigureHit hit, picked = { 0 };

  g_signal_connect (chart, "picked", G_CALLBACK (picked_cb), &picked);
  orr_view_test_move (GTK_WIDGET (chart), 2, 2);
  orr_view_test_key (GTK_WIDGET (chart), "Right");
  orr_view_test_key (GTK_WIDGET (chart), "Right");
  orr_view_test_key (GTK_WIDGET (chart), "ctrl+Right");
  orr_view_test_key (GTK_WIDGET (chart), "Down");
  g_assert_true (orr_chart_get_hit (chart, &hit));
  g_assert_cmpint (hit.series, ==, 1);
  g_assert_cmpuint (hit.index, ==, 11);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "epoch 11\nrising: 1.210\nfalling: 89.00\nA rising and a falling line");
  orr_view_test_key (GTK_WIDGET (chart), "Return");
  g_assert_cmpuint (picked.index, ==, 11);
  orr_view_test_key (GTK_WIDGET (chart), "End");
  g_assert_true (orr_chart_get_hit (chart, &hit));
  g_assert_cmpuint (hit.index, ==, 100);
  orr_view_test_key (GTK_WIDGET (chart), "plus");
  g_assert_cmpfloat (orr_chart_get_range (chart, 0)->x_low, >, 10);
  orr_view_test_key (GTK_WIDGET (chart), "Escape");
  g_assert_false (orr_chart_get_hit (chart, &hit));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_view (void)
{
  g_autoptr (OrrChart) chart = g_object_ref_sink (ORR_CHART (orr_chart_new ()));
  g_autoptr (OrrFigure) figure = make_figure ();

  g_assert_null (orr_view_dup_csv (ORR_VIEW (chart)));
  orr_chart_set_figure (chart, figure);
  g_autofree char *csv = orr_view_dup_csv (ORR_VIEW (chart));
  g_assert_true (g_str_has_prefix (csv, "epoch,rising,falling\n0,0,100\n1,0.01,99\n"));
  g_autoptr (OrrFigure) exported = orr_view_create_figure (ORR_VIEW (chart));
  g_assert_true (exported == figure);
}

/* A figure with more plots than there is room for: a click and keys turn its pages. */
static void
test_pages (void)
{
  OrrChart *chart = ORR_CHART (orr_chart_new ());
  g_autoptr (OrrFigure) figure = orr_figure_new (NULL);
  OrrFigureHit hit;

  for (int p = 0; p < 3; p++)
    {
      const double x[] = { 0, 1, 2 }, y[] = { p, 10 * p, 100 * p };
      orr_plot_add_line (orr_figure_add_plot (figure, NULL), NULL, x, y, 3, ORR_PAINT_ACCENT);
    }
  orr_chart_set_figure (chart, figure);
  GtkWidget *window = orr_view_test_present (GTK_WIDGET (chart), 200, 200);
  g_assert_cmpfloat (orr_chart_get_range (chart, 0)->y_high, <, 2);
  orr_view_test_click (GTK_WIDGET (chart), 150, 194, 1);
  g_assert_cmpfloat (orr_chart_get_range (chart, 0)->y_high, >, 99);
  orr_view_test_key (GTK_WIDGET (chart), "Page_Down");
  orr_view_test_key (GTK_WIDGET (chart), "Page_Down");
  g_assert_cmpfloat (orr_chart_get_range (chart, 0)->y_high, >, 199);
  orr_view_test_key (GTK_WIDGET (chart), "End");
  g_assert_true (orr_chart_get_hit (chart, &hit));
  g_assert_cmpfloat (hit.y, ==, 200);
  orr_view_test_click (GTK_WIDGET (chart), 150, 194, 1);
  g_assert_cmpfloat (orr_chart_get_range (chart, 0)->y_high, <, 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  if (!orr_view_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/chart/draws", test_draws);
  g_test_add_func ("/chart/pointer", test_pointer);
  g_test_add_func ("/chart/drag", test_drag);
  g_test_add_func ("/chart/keyboard", test_keyboard);
  g_test_add_func ("/chart/pages", test_pages);
  g_test_add_func ("/chart/view", test_view);
  return g_test_run ();
}
