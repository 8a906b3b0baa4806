/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-comparison.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-chart.h"
#include "orr-expr-program.h"
#include "orr-formula-label.h"

#define SIZE 17.0
#define WIDEST 250
#define N_CURVE 400

/*
 * Two states of the history beside each other: their formulas, how well they
 * fit, and their curves (over one input) or residuals (over several) in one plot.
 */

static const OrrPaint paints[2] = { ORR_PAINT_ACCENT, ORR_PAINT_WARNING };

static OrrExpr *
get_state (OrrTreeEditor *editor, int index)
{
  GPtrArray *moves = orr_workbench_get_equations (orr_tree_editor_get_workbench (editor))->moves;

  if (index >= 0 && index < (int) moves->len)
    return orr_expr_ref (((const OrrMove *) moves->pdata[index])->expr);
  return orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
}

static void
go_cb (GtkButton *button, OrrTreeEditor *editor)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_POPOVER);
  int index = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "orr-index"));

  gtk_popover_popdown (GTK_POPOVER (popover));
  orr_workbench_go_to_move (orr_tree_editor_get_workbench (editor), index);
}

static void
add_number (GtkGrid *grid, int column, int row, const char *name, const char *value)
{
  GtkWidget *label = gtk_label_new (name), *number = gtk_label_new (value);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_xalign (GTK_LABEL (number), 0.0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (number, "numeric");
  gtk_grid_attach (grid, label, 2 * column, row, 1, 1);
  gtk_grid_attach (grid, number, 2 * column + 1, row, 1, 1);
}

static char *
print_r2 (double r2)
{
  return isnan (r2) ? g_strdup ("–") : g_strdup_printf ("%.6f", r2);
}

static void
add_state (OrrTreeEditor *editor, GtkGrid *grid, int column, int index)
{
  OrrWorkbench *workbench = orr_tree_editor_get_workbench (editor);
  g_autoptr (OrrExpr) expr = get_state (editor, index);
  g_autofree char *title = index < 0 ? g_strdup (_ ("Start")) : g_strdup_printf (_ ("State %d"), index + 1);
  g_autofree char *r2 = print_r2 (orr_workbench_r2_of_expr (workbench, expr, FALSE));
  g_autofree char *held_out = print_r2 (orr_workbench_r2_of_expr (workbench, expr, TRUE));
  g_autofree char *complexity = g_strdup_printf ("%u", orr_expr_complexity (expr));
  GtkWidget *heading = gtk_label_new (title), *formula = orr_formula_label_new (SIZE, WIDEST);
  GtkWidget *button = gtk_button_new_with_label (_ ("Go to this state"));

  gtk_label_set_xalign (GTK_LABEL (heading), 0.0);
  gtk_widget_add_css_class (heading, "heading");
  gtk_widget_add_css_class (heading, column == 0 ? "accent" : "warning");
  gtk_widget_set_size_request (formula, WIDEST, 34);
  orr_formula_label_set (ORR_FORMULA_LABEL (formula), editor, expr);
  gtk_grid_attach (grid, heading, 2 * column, 0, 2, 1);
  gtk_grid_attach (grid, formula, 2 * column, 1, 2, 1);
  add_number (grid, column, 2, _ ("R²"), r2);
  add_number (grid, column, 3, _ ("Held out"), held_out);
  add_number (grid, column, 4, _ ("Complexity"), complexity);
  g_object_set_data (G_OBJECT (button), "orr-index", GINT_TO_POINTER (index));
  g_signal_connect_object (button, "clicked", G_CALLBACK (go_cb), editor, 0);
  gtk_grid_attach (grid, button, 2 * column, 6, 2, 1);
}

/* The curve over the one input's range; FALSE with placeholders. */
static gboolean
add_curve (OrrPlot *plot, const char *name, const OrrExpr *expr, const OrrDatasetRows *rows, OrrPaint paint)
{
  double low = INFINITY, high = -INFINITY, x[N_CURVE], y[N_CURVE];

  for (gsize i = 0; i < rows->n; i++)
    {
      low = fmin (low, rows->x[i]);
      high = fmax (high, rows->x[i]);
    }
  for (guint i = 0; i < N_CURVE; i++)
    x[i] = low + i * (high - low) / (N_CURVE - 1);
  if (!(high > low) || !orr_expr_eval (expr, x, N_CURVE, N_CURVE, y))
    return FALSE;
  orr_plot_add_line (plot, name, x, y, N_CURVE, paint)->width = 2.0;
  return TRUE;
}

static void
add_residuals (OrrPlot *plot, const char *name, const OrrExpr *expr, const OrrDatasetRows *rows, OrrPaint paint)
{
  g_autofree double *residuals = g_new (double, rows->n), *numbers = g_new (double, rows->n);

  if (!orr_expr_eval (expr, rows->x, rows->n, rows->n, residuals))
    return;
  for (gsize i = 0; i < rows->n; i++)
    {
      residuals[i] = rows->y[i] - residuals[i];
      numbers[i] = rows->rows[i] + 1;
    }
  orr_plot_add_points (plot, name, numbers, residuals, rows->n, paint)->width = 4.0;
}

static OrrFigure *
create_figure (OrrTreeEditor *editor, const int *states)
{
  OrrDataset *dataset = orr_workbench_get_dataset (orr_tree_editor_get_workbench (editor));
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (dataset, ORR_DATASET_ALL);
  OrrFigure *figure = orr_figure_new (NULL);
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);

  orr_plot_set_empty_text (plot, _ ("Neither state is a complete equation"));
  if (rows->n == 0)
    return figure;
  if (dataset->n_inputs == 1)
    {
      OrrSeries *points = orr_plot_add_points (plot, NULL, rows->x, rows->y, rows->n, ORR_PAINT_DIM);

      points->width = 4.0;
      orr_axis_set_label (&plot->x, dataset->columns[dataset->inputs[0]], NULL);
      orr_axis_set_label (&plot->y, dataset->columns[dataset->target], NULL);
    }
  else
    {
      orr_axis_set_label (&plot->x, _ ("row"), NULL);
      orr_axis_set_label (&plot->y, _ ("residual"), NULL);
    }
  for (guint k = 0; k < 2; k++)
    {
      g_autoptr (OrrExpr) expr = get_state (editor, states[k]);
      g_autofree char *name = states[k] < 0 ? g_strdup (_ ("Start")) : g_strdup_printf (_ ("State %d"), states[k] + 1);

      if (orr_expr_n_variables (expr) > dataset->n_inputs)
        continue;
      if (dataset->n_inputs == 1)
        add_curve (plot, name, expr, rows, paints[k]);
      else
        add_residuals (plot, name, expr, rows, paints[k]);
    }
  return figure;
}

/**
 * orr_comparison_new:
 * @first: @second: states: moves of the history, -1 for the start
 *
 * Returns: (transfer floating): a popover
 */
GtkWidget *
orr_comparison_new (OrrTreeEditor *editor, int first, int second)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *grid = gtk_grid_new ();
  const int states[2] = { first, second };

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 3);
  for (guint k = 0; k < 2; k++)
    add_state (editor, GTK_GRID (grid), k, states[k]);
  gtk_box_append (GTK_BOX (box), grid);
  if (orr_workbench_get_dataset (orr_tree_editor_get_workbench (editor)) != NULL)
    {
      GtkWidget *chart = orr_chart_new ();
      g_autoptr (OrrFigure) figure = create_figure (editor, states);

      gtk_widget_set_size_request (chart, 2 * WIDEST + 40, 190);
      orr_chart_set_figure (ORR_CHART (chart), figure);
      gtk_box_append (GTK_BOX (box), chart);
    }
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_popover_set_position (GTK_POPOVER (popover), GTK_POS_TOP);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Comparison"), -1);
  return popover;
}
