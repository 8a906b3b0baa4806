/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-fit-content.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-expr-band.h"
#include "orr-expr-program.h"
#include "orr-table.h"

/* Points of a curve, and how far it reaches beyond the data. */
#define N_CURVE 600
#define REACH 0.15
#define LEVEL 0.95
#define MAX_SLICES 6
#define N_QUANTILES 4

struct _OrrFitContent
{
  OrrFitPlot  plot;
  OrrDataset *dataset; /* (nullable) */
  double     *predicted;
  double     *errors;
  double     *residuals;
  guint8     *outliers;
  guint8     *selected;
  guint8     *slice_of;
  double     *curve_x; /* [N_CURVE] */
  double     *curve_y; /* [MAX_SLICES x N_CURVE] */
  double     *curve_error;
  char       *title;
  char       *names[MAX_SLICES];
  OrrFitSlice slices[MAX_SLICES];
};

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Sorted finite values of a column; (transfer full). */
static double *
sort_column (const OrrDataset *dataset, guint column, gsize *n)
{
  const double *values = orr_dataset_column (dataset, column);
  double *sorted = g_new (double, MAX (dataset->n_rows, 1));

  *n = 0;
  for (gsize i = 0; i < dataset->n_rows; i++)
    if (isfinite (values[i]) && dataset->left_out[i] == 0)
      sorted[(*n)++] = values[i];
  qsort (sorted, *n, sizeof (double), compare_doubles);
  return sorted;
}

/* Error bars: the column of errors, or 1 / sqrt (weight) where that has a unit. */
static double *
dup_errors (const OrrDataset *dataset)
{
  if (dataset->error < 0 || dataset->error_is_weight)
    return NULL;

  const double *values = orr_dataset_column (dataset, dataset->error);
  double *errors = g_new (double, MAX (dataset->n_rows, 1));
  for (gsize i = 0; i < dataset->n_rows; i++)
    errors[i] = values[i] > 0.0 && isfinite (values[i]) ? values[i] : 0.0;
  return errors;
}

static guint8 *
dup_selected (OrrWorkbench *bench, gsize n)
{
  GtkBitset *rows = orr_workbench_get_rows (bench);
  GtkBitsetIter iter;
  guint row;

  if (gtk_bitset_is_empty (rows))
    return NULL;
  guint8 *selected = g_new0 (guint8, MAX (n, 1));
  for (gboolean more = gtk_bitset_iter_init_first (&iter, rows, &row); more; more = gtk_bitset_iter_next (&iter, &row))
    if (row < n)
      selected[row] = 1;
  return selected;
}

/* Curves ------------------------------------------------------------------------------------------ */

/* The input's range and a little beyond; %FALSE where there is none. */
static gboolean
fill_curve_x (OrrFitContent *self, const double *x)
{
  double low = INFINITY, high = -INFINITY;

  for (gsize i = 0; i < self->dataset->n_rows; i++)
    if (isfinite (x[i]))
      {
        low = fmin (low, x[i]);
        high = fmax (high, x[i]);
      }
  if (!(high > low))
    return FALSE;
  self->curve_x = g_new (double, N_CURVE);
  self->curve_y = g_new (double, MAX_SLICES * N_CURVE);
  double start = low - REACH * (high - low), step = (1.0 + 2.0 * REACH) * (high - low) / (N_CURVE - 1);
  for (guint i = 0; i < N_CURVE; i++)
    self->curve_x[i] = start + i * step;
  return TRUE;
}

/* Half the width of the confidence band, where the constants come from a fit. */
static void
add_band (OrrFitContent *self, const OrrExpr *expr)
{
  gboolean fitted = FALSE;

  for (guint i = 0; i < expr->n_nodes; i++)
    fitted |= orr_expr_is_free (&expr->nodes[i]) && isfinite (expr->nodes[i].standard_error);
  if (!fitted)
    return;

  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (self->dataset, ORR_DATASET_TRAINING);
  OrrSamples samples = orr_dataset_get_samples (self->dataset, rows);
  g_autoptr (OrrExprBand) band = orr_expr_band_new (expr, &samples);
  if (band == NULL)
    return;
  self->curve_error = g_new (double, N_CURVE);
  orr_expr_band_eval (band, self->curve_x, N_CURVE, N_CURVE, self->curve_error);
  for (guint i = 0; i < N_CURVE; i++)
    self->curve_error[i] *= orr_expr_band_factor (band, LEVEL);
  self->plot.curve_error = self->curve_error;
}

static void
add_curve (OrrFitContent *self, const OrrExpr *expr)
{
  if (!fill_curve_x (self, self->plot.x) || !orr_expr_eval (expr, self->curve_x, N_CURVE, N_CURVE, self->curve_y))
    return;
  self->plot.n_curve = N_CURVE;
  self->plot.curve_x = self->curve_x;
  self->plot.curve_y = self->curve_y;
  add_band (self, expr);
}

/* The values that the sliced input is held at: as typed, or else its few values, or quantiles. */
static guint
choose_values (const OrrDataset *dataset, guint input, const char *at, double values[MAX_SLICES])
{
  g_auto (GStrv) words = g_strsplit_set (at != NULL ? at : "", " ,;", -1);
  guint n = 0;
  gsize n_sorted;

  for (char **word = words; *word != NULL && n < MAX_SLICES; word++)
    {
      char *end;
      double value = g_ascii_strtod (*word, &end);

      if (**word != '\0' && *end == '\0' && isfinite (value))
        values[n++] = value;
    }
  if (n > 0)
    return n;

  g_autofree double *sorted = sort_column (dataset, dataset->inputs[input], &n_sorted);
  if (n_sorted == 0)
    return 0;
  for (gsize i = 0; i < n_sorted && n <= MAX_SLICES; i++)
    if (i == 0 || sorted[i] != sorted[i - 1])
      {
        if (n < MAX_SLICES)
          values[n] = sorted[i];
        n++;
      }
  if (n <= MAX_SLICES)
    return n;
  for (n = 0; n < N_QUANTILES; n++)
    values[n] = sorted[(gsize) ((n + 0.5) / N_QUANTILES * (n_sorted - 1))];
  return n;
}

/* The rows that are nearest to each slice. */
static void
assign_rows (OrrFitContent *self, const double *column, const double *values, guint n)
{
  self->slice_of = g_new0 (guint8, MAX (self->dataset->n_rows, 1));
  for (gsize i = 0; i < self->dataset->n_rows; i++)
    for (guint s = 1; s < n; s++)
      if (fabs (column[i] - values[s]) < fabs (column[i] - values[self->slice_of[i]]))
        self->slice_of[i] = s;
  self->plot.slice_of = self->slice_of;
}

/* The equation along one input at values of the next; further ones stay at their median. */
static void
add_slices (OrrFitContent *self, const OrrExpr *expr, guint along, const char *at)
{
  const OrrDataset *dataset = self->dataset;
  guint sliced = along == 0 ? 1 : 0, V = dataset->n_inputs;
  g_autofree double *x = g_new (double, V * N_CURVE);
  double values[MAX_SLICES];
  guint n = choose_values (dataset, sliced, at, values);

  if (n == 0 || !fill_curve_x (self, self->plot.x))
    return;
  for (guint v = 0; v < V; v++)
    {
      gsize n_sorted;
      g_autofree double *sorted = sort_column (dataset, dataset->inputs[v], &n_sorted);

      for (guint i = 0; i < N_CURVE; i++)
        x[v * N_CURVE + i] = v == along ? self->curve_x[i] : n_sorted > 0 ? sorted[n_sorted / 2] : NAN;
    }
  for (guint s = 0; s < n; s++)
    {
      double *y = self->curve_y + s * N_CURVE;

      for (guint i = 0; i < N_CURVE; i++)
        x[sliced * N_CURVE + i] = values[s];
      self->names[s] = g_strdup_printf ("%s = %.3g", dataset->columns[dataset->inputs[sliced]], values[s]);
      gboolean complete = orr_expr_n_variables (expr) <= V && orr_expr_eval (expr, x, N_CURVE, N_CURVE, y);
      self->slices[s] = (OrrFitSlice){ self->names[s], complete ? N_CURVE : 0, self->curve_x, y };
    }
  self->plot.n_slices = n;
  self->plot.slices = self->slices;
  assign_rows (self, orr_dataset_column (dataset, dataset->inputs[sliced]), values, n);
}

/* The whole --------------------------------------------------------------------------------------- */

static char *
dup_title (OrrWorkbench *bench, const OrrExpr *expr, gsize n_outliers)
{
  OrrDataset *dataset = orr_workbench_get_dataset (bench);
  gboolean own = expr == orr_workbench_get_expr (bench);
  double r2 = own ? orr_workbench_get_r2 (bench) : orr_workbench_compute_r2 (expr, dataset, ORR_DATASET_TRAINING);
  double held_out =
    own ? orr_workbench_get_r2_held_out (bench) : orr_workbench_compute_r2 (expr, dataset, ORR_DATASET_HELD_OUT);
  g_autoptr (GString) title = g_string_new (NULL);

  if (!own)
    g_string_append (title, _("Preview: "));
  if (isfinite (r2))
    g_string_append_printf (title, _("R² %.5g"), r2);
  if (isfinite (held_out))
    g_string_append_printf (title, _(", held out %.5g"), held_out);
  if (isfinite (r2) && dataset->error >= 0 && !dataset->error_is_weight)
    {
      g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (dataset, ORR_DATASET_TRAINING);
      g_autofree double *values = g_new (double, MAX (rows->n, 1));
      guint n_constants = orr_expr_constant_slots (expr, NULL);
      double chi_squared = 0.0;

      orr_expr_eval (expr, rows->x, rows->n, rows->n, values);
      for (gsize i = 0; i < rows->n; i++)
        chi_squared += rows->weights[i] * (rows->y[i] - values[i]) * (rows->y[i] - values[i]);
      if (rows->n > n_constants)
        g_string_append_printf (title, _(", χ²/ν %.3g"), chi_squared / (rows->n - n_constants));
    }
  if (n_outliers > 0)
    g_string_append_printf (title, g_dngettext (NULL, "%s%" G_GSIZE_FORMAT " outlier", "%s%" G_GSIZE_FORMAT " outliers",
                                                n_outliers),
                            title->len > 0 ? ", " : "", n_outliers);
  return title->len > 0 ? g_strdup (title->str) : NULL;
}

static void
add_rows (OrrFitContent *self, OrrWorkbench *bench)
{
  OrrDataset *dataset = self->dataset;
  gsize n, n_outliers;
  OrrFitPlot *plot = &self->plot;

  self->predicted = orr_workbench_predict (bench, &n);
  self->errors = dup_errors (dataset);
  self->selected = dup_selected (bench, dataset->n_rows);
  self->outliers = orr_workbench_find_outliers (bench, &n_outliers);
  self->title = dup_title (bench, orr_workbench_get_shown (bench), n_outliers);

  plot->n = dataset->n_rows;
  plot->y = orr_dataset_column (dataset, dataset->target);
  plot->y_name = dataset->columns[dataset->target];
  plot->y_unit = dataset->units[dataset->target];
  plot->held_out = dataset->held_out;
  plot->left_out = dataset->left_out;
  plot->errors = self->errors;
  plot->predicted = self->predicted;
  plot->selected = self->selected;
  plot->outliers = self->outliers;
  plot->title = self->title;
}

static void
add_input (OrrFitContent *self, guint input)
{
  guint column = self->dataset->inputs[input];

  self->plot.x = orr_dataset_column (self->dataset, column);
  self->plot.x_name = self->dataset->columns[column];
  self->plot.x_unit = self->dataset->units[column];
}

static void
add_map (OrrFitContent *self)
{
  const OrrDataset *dataset = self->dataset;

  self->plot.map_x = orr_dataset_column (dataset, dataset->inputs[0]);
  self->plot.map_y = orr_dataset_column (dataset, dataset->inputs[1]);
  self->plot.map_x_name = dataset->columns[dataset->inputs[0]];
  self->plot.map_y_name = dataset->columns[dataset->inputs[1]];
}

/**
 * orr_fit_content_new:
 * @along: the input on the x axis of several, or %ORR_FIT_PREDICTED
 * @at: (nullable): where it is sliced: values of the next input; "" for a choice of them
 *
 * Returns: (transfer full): what the fit of the workbench's shown equation looks like now
 */
OrrFitContent *
orr_fit_content_new (OrrWorkbench *bench, int along, const char *at)
{
  OrrFitContent *self = g_new0 (OrrFitContent, 1);
  OrrDataset *dataset = orr_workbench_get_dataset (bench);
  OrrExpr *expr = orr_workbench_get_shown (bench);

  if (dataset == NULL)
    return self;
  self->dataset = orr_dataset_ref (dataset);
  add_rows (self, bench);
  if (dataset->n_inputs == 1)
    {
      add_input (self, 0);
      if (self->predicted != NULL)
        add_curve (self, expr);
    }
  else if (along >= 0 && along < (int) dataset->n_inputs)
    {
      add_input (self, along);
      add_slices (self, expr, along, at);
    }
  if (dataset->n_inputs == 2)
    add_map (self);
  return self;
}

void
orr_fit_content_free (OrrFitContent *self)
{
  if (self == NULL)
    return;
  orr_dataset_unref (self->dataset);
  g_free (self->predicted);
  g_free (self->errors);
  g_free (self->residuals);
  g_free (self->outliers);
  g_free (self->selected);
  g_free (self->slice_of);
  g_free (self->curve_x);
  g_free (self->curve_y);
  g_free (self->curve_error);
  g_free (self->title);
  for (guint s = 0; s < MAX_SLICES; s++)
    g_free (self->names[s]);
  g_free (self);
}

OrrFigure *
orr_fit_content_create_figure (const OrrFitContent *self)
{
  return orr_figure_new_fit (&self->plot);
}

/* (nullable) (array): [n_rows] where the rows are drawn in a plot of the figure: 0 the data, 1 the residuals. */
const double *
orr_fit_content_get_x (const OrrFitContent *self, guint plot)
{
  if (plot == 1 && self->plot.map_x != NULL)
    return self->plot.map_x;
  if (self->plot.x != NULL && (plot == 0 || self->plot.n_slices == 0))
    return self->plot.x;
  return self->predicted;
}

const double *
orr_fit_content_get_y (const OrrFitContent *self, guint plot)
{
  if (plot == 0)
    return self->plot.y;
  if (self->plot.map_y != NULL)
    return self->plot.map_y;
  if (self->predicted == NULL)
    return NULL;
  if (self->residuals == NULL)
    {
      /* Made when first asked for. */
      double *residuals = g_new (double, MAX (self->plot.n, 1));
      for (gsize i = 0; i < self->plot.n; i++)
        residuals[i] = self->plot.y[i] - self->predicted[i];
      ((OrrFitContent *) self)->residuals = residuals;
    }
  return self->residuals;
}

/* (nullable) (array): [n_rows] 1 for a row far from the others. */
const guint8 *
orr_fit_content_get_outliers (const OrrFitContent *self)
{
  return self->outliers;
}

/* Predictions as a table ---------------------------------------------------------------------------- */

static void
fill_texts (OrrTableColumn *column, const OrrDataset *dataset)
{
  g_clear_pointer (&column->numbers, g_free);
  column->texts = g_new0 (char *, dataset->n_rows + 1);
  for (gsize i = 0; i < dataset->n_rows; i++)
    column->texts[i] = g_strdup (dataset->left_out[i] != 0   ? "left out"
                                 : dataset->held_out[i] != 0 ? "held out"
                                                             : "fitted");
}

/* The 95 % band of the equation's value in every row; NaN where it has none. */
static void
fill_band (double *low, double *high, const OrrDataset *dataset, const OrrExpr *expr, const double *x,
           const double *predicted)
{
  gsize N = dataset->n_rows;
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (dataset, ORR_DATASET_TRAINING);
  OrrSamples samples = orr_dataset_get_samples (dataset, rows);
  g_autoptr (OrrExprBand) band = orr_expr_band_new (expr, &samples);
  g_autofree double *errors = g_new (double, MAX (N, 1));

  if (band != NULL)
    orr_expr_band_eval (band, x, N, N, errors);
  for (gsize i = 0; i < N; i++)
    {
      double half = band != NULL ? errors[i] * orr_expr_band_factor (band, LEVEL) : NAN;

      low[i] = predicted[i] - half;
      high[i] = predicted[i] + half;
    }
}

/**
 * orr_fit_content_dup_csv:
 *
 * Returns: (transfer full) (nullable): every row's inputs, target and error, and of
 * the shown equation the prediction, the residual and the 95 % band; and
 * whether the row was fitted, held out or left out. %NULL without data
 */
char *
orr_fit_content_dup_csv (OrrWorkbench *bench)
{
  OrrDataset *dataset = orr_workbench_get_dataset (bench);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gsize N = dataset != NULL ? dataset->n_rows : 0, n;
  guint c = 0;

  if (dataset == NULL)
    return NULL;
  g_autofree double *predicted = orr_workbench_predict (bench, &n);
  for (guint v = 0; v < dataset->n_inputs; v++)
    g_ptr_array_add (names, dataset->columns[dataset->inputs[v]]);
  g_ptr_array_add (names, dataset->columns[dataset->target]);
  if (dataset->error >= 0)
    g_ptr_array_add (names, dataset->columns[dataset->error]);
  g_ptr_array_add (names, "split");
  for (guint k = 0; predicted != NULL && k < 4; k++)
    g_ptr_array_add (names, (gpointer) ((const char *const[]){ "prediction", "residual", "band_low", "band_high" })[k]);

  g_autoptr (OrrTable) table = orr_table_new (N, names->len, (const char *const *) names->pdata);
  for (; c < dataset->n_inputs; c++)
    memcpy (table->columns[c].numbers, orr_dataset_column (dataset, dataset->inputs[c]), N * sizeof (double));
  memcpy (table->columns[c++].numbers, orr_dataset_column (dataset, dataset->target), N * sizeof (double));
  if (dataset->error >= 0)
    memcpy (table->columns[c++].numbers, orr_dataset_column (dataset, dataset->error), N * sizeof (double));
  fill_texts (&table->columns[c++], dataset);
  if (predicted != NULL)
    {
      g_autofree double *x = g_new (double, MAX (N * dataset->n_inputs, 1));

      for (guint v = 0; v < dataset->n_inputs; v++)
        memcpy (x + v * N, orr_dataset_column (dataset, dataset->inputs[v]), N * sizeof (double));
      memcpy (table->columns[c].numbers, predicted, N * sizeof (double));
      for (gsize i = 0; i < N; i++)
        table->columns[c + 1].numbers[i] = orr_dataset_column (dataset, dataset->target)[i] - predicted[i];
      fill_band (table->columns[c + 2].numbers, table->columns[c + 3].numbers, dataset,
                 orr_workbench_get_shown (bench), x, predicted);
    }
  return orr_table_print (table, ',');
}
