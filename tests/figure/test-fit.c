/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-fit.h"
#include "orr-figure-pareto.h"

#include <math.h>

static OrrFigure *
new_fit (gboolean with_input, gboolean with_equation)
{
  static const double x[5] = { 0, 1, 2, 3, NAN }, y[5] = { 1, 3, 5, 7, 9 }, predicted[5] = { 1, 3, 5, 8, NAN };
  static const guint8 held_out[5] = { 0, 0, 1, 0, 0 };
  static const double curve_x[3] = { -1, 1, 4 }, curve_y[3] = { -1e9, 3, 1e9 };
  OrrFitPlot fit = { .n = 5, .x = with_input ? x : NULL, .y = y, .predicted = with_equation ? predicted : NULL,
                     .held_out = held_out, .x_name = "time", .x_unit = "s", .y_name = "speed", .y_unit = "" };

  if (with_input && with_equation)
    {
      fit.n_curve = 3;
      fit.curve_x = curve_x;
      fit.curve_y = curve_y;
    }
  return orr_figure_new_fit (&fit);
}

static const OrrSeries *
get_series (const OrrFigure *figure, guint plot, guint index)
{
  return orr_figure_get_plot (figure, plot)->series->pdata[index];
}

/* Fitted and held-out rows apart, missing ones left out; a runaway curve does not press the data flat. */
static void
test_one_input (void)
{
  g_autoptr (OrrFigure) figure = new_fit (TRUE, TRUE);
  const OrrPlot *plot = orr_figure_get_plot (figure, 0);

  g_assert_cmpuint (get_series (figure, 0, 0)->n, ==, 3);
  g_assert_cmpuint (get_series (figure, 0, 1)->n, ==, 1);
  g_assert_cmpfloat (get_series (figure, 0, 1)->x[0], ==, 2.0);
  g_assert_cmpstr (plot->x.label, ==, "time");
  g_assert_cmpstr (plot->x.unit, ==, "s");
  g_assert_null (plot->y.unit);
  g_assert_true (plot->y.fixed);
  g_assert_cmpfloat (plot->y.high, <, 20.0);

  /* Both sides beyond the data are shaded. */
  guint n_spans = 0;
  for (guint i = 0; i < plot->series->len; i++)
    n_spans += get_series (figure, 0, i)->kind == ORR_SERIES_SPAN;
  g_assert_cmpuint (n_spans, ==, 2);

  /* Residual = measured - predicted. */
  g_assert_cmpfloat (get_series (figure, 1, 1)->y[2], ==, -1.0);
}

static void
test_several_inputs (void)
{
  g_autoptr (OrrFigure) figure = new_fit (FALSE, TRUE);

  g_assert_cmpint (get_series (figure, 0, 0)->kind, ==, ORR_SERIES_LINE);
  g_assert_cmpfloat (get_series (figure, 0, 1)->x[2], ==, 8.0);
  g_assert_cmpfloat (get_series (figure, 0, 1)->y[2], ==, 7.0);
}

static void
test_without_equation (void)
{
  OrrFitPlot nothing = { 0 };
  g_autoptr (OrrFigure) figure = new_fit (TRUE, FALSE);
  g_autoptr (OrrFigure) empty = orr_figure_new_fit (&nothing);

  g_assert_false (orr_plot_is_empty (orr_figure_get_plot (figure, 0)));
  g_assert_true (orr_plot_is_empty (orr_figure_get_plot (figure, 1)));
  g_assert_true (orr_plot_is_empty (orr_figure_get_plot (empty, 0)));
}

/* Only candidates that no simpler one beats are on the front, and an exact one is on the axis. */
static void
test_pareto (void)
{
  const double complexity[4] = { 9, 3, 5, 7 }, r2[4] = { 1.0, 0.5, 0.9, 0.8 };
  g_autoptr (OrrFigure) figure = orr_figure_new_pareto (complexity, r2, 4, 2);
  const OrrSeries *front = get_series (figure, 0, 0);

  g_assert_cmpuint (front->n, ==, 3);
  g_assert_cmpfloat (front->x[1], ==, 5.0);
  g_assert_cmpfloat (fabs (front->y[1] - 0.1), <, 1e-12);
  g_assert_cmpfloat (front->y[2], >, 0.0);
  g_assert_cmpfloat (get_series (figure, 0, 2)->x[0], ==, 5.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fit/one-input", test_one_input);
  g_test_add_func ("/fit/several-inputs", test_several_inputs);
  g_test_add_func ("/fit/without-equation", test_without_equation);
  g_test_add_func ("/fit/pareto", test_pareto);
  return g_test_run ();
}
