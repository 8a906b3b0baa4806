/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-heatmap-model.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#include "orr-figure-csv.h"
#include "orr-heatmap-blocks.h"
#include "orr-number.h"
#include "orr-section.h"

/* This share of the weights has its true colour; the few beyond have full colour. */
#define QUANTILE 0.995

static void
group_clear (gpointer data)
{
  g_free (((OrrHeatmapGroup *) data)->name);
}

static guint *
identity (guint n)
{
  guint *order = g_new (guint, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    order[i] = i;
  return order;
}

/* The order of the network itself; fill in another before it is shared. */
OrrHeatmapOrder *
orr_heatmap_order_new (guint n_units, guint n_inputs)
{
  OrrHeatmapOrder *self = g_atomic_rc_box_new0 (OrrHeatmapOrder);

  self->n_units = n_units;
  self->units = identity (n_units);
  self->n_inputs = n_inputs;
  self->inputs = identity (n_inputs);
  self->groups = g_array_new (FALSE, FALSE, sizeof (OrrHeatmapGroup));
  g_array_set_clear_func (self->groups, group_clear);
  return self;
}

OrrHeatmapOrder *
orr_heatmap_order_ref (OrrHeatmapOrder *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
order_clear (gpointer box)
{
  OrrHeatmapOrder *self = box;

  g_free (self->units);
  g_free (self->inputs);
  g_array_unref (self->groups);
}

void
orr_heatmap_order_unref (OrrHeatmapOrder *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, order_clear);
}

void
orr_heatmap_order_add_group (OrrHeatmapOrder *self, const char *name, guint first, guint n)
{
  OrrHeatmapGroup group = { g_strdup (name), first, n };

  if (n > 0)
    g_array_append_val (self->groups, group);
}

/* Places the units of one list that have no place yet; returns the next free place. */
static guint
place_units (OrrHeatmapOrder *self, guint8 *placed, guint next, const double *units, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (units[i] >= 0 && units[i] < self->n_units && !placed[(guint) units[i]])
      {
        placed[(guint) units[i]] = 1;
        self->units[next++] = units[i];
      }
  return next;
}

static guint
place_group (OrrHeatmapOrder *self, guint8 *placed, guint next, GVariant *group, const char *list, const char *name)
{
  gsize n;
  g_autofree double *units = orr_section_dup_doubles (group, list, &n);
  guint after = place_units (self, placed, next, units, n);

  orr_heatmap_order_add_group (self, name, next, after - next);
  return after;
}

static char *
dup_integrating (GVariant *pair, gboolean back)
{
  gint64 from = orr_section_get_int (pair, "from", 0) + 1, to = orr_section_get_int (pair, "to", 0) + 1;

  return g_strdup_printf (_("integr. %d \342\206\222 %d"), (int) (back ? to : from), (int) (back ? from : to));
}

static guint
place_populations (OrrHeatmapOrder *self, guint8 *placed, guint next, GVariant *section)
{
  g_autoptr (GVariant) pairs = orr_section_get_child (section, "pairs");

  for (gsize p = 0; pairs != NULL && p < g_variant_n_children (pairs); p++)
    {
      g_autoptr (GVariant) pair = g_variant_get_child_value (pairs, p);
      gsize n;
      g_autofree double *units = orr_section_dup_doubles (pair, "units", &n);
      gsize first = CLAMP (orr_section_get_int (pair, "driving_1", 0), 0, (gint64) n);
      guint middle = units != NULL ? place_units (self, placed, next, units, first) : next;
      guint end = units != NULL ? place_units (self, placed, middle, units + first, n - first) : next;

      /* each half drives the kick group of one direction */
      g_autofree char *first_name = dup_integrating (pair, FALSE), *second_name = dup_integrating (pair, TRUE);
      orr_heatmap_order_add_group (self, first_name, next, middle - next);
      orr_heatmap_order_add_group (self, second_name, middle, end - middle);
      next = end;
    }
  return next;
}

/**
 * orr_heatmap_order_new_groups:
 * @kick_neurons: (nullable): the section with `groups`, each with `from`, `to`, `units`
 * @integrating: (nullable): the section with `pairs`, each with `units` of which the
 *   first `driving_1` drive one kick group and the rest the other
 *
 * Returns: (transfer full): the kick groups, then the populations that
 * integrate noise, then all others by index
 */
OrrHeatmapOrder *
orr_heatmap_order_new_groups (guint n_units, guint n_inputs, GVariant *kick_neurons, GVariant *integrating)
{
  OrrHeatmapOrder *self = orr_heatmap_order_new (n_units, n_inputs);
  g_autofree guint8 *placed = g_new0 (guint8, MAX (n_units, 1));
  g_autoptr (GVariant) groups = orr_section_get_child (kick_neurons, "groups");
  guint next = 0;

  for (gsize g = 0; groups != NULL && g < g_variant_n_children (groups); g++)
    {
      g_autoptr (GVariant) group = g_variant_get_child_value (groups, g);
      g_autofree char *name =
        g_strdup_printf (_("kick %d \342\206\222 %d"), (int) orr_section_get_int (group, "from", 0) + 1,
                         (int) orr_section_get_int (group, "to", 0) + 1);
      next = place_group (self, placed, next, group, "units", name);
    }
  next = place_populations (self, placed, next, integrating);
  for (guint unit = 0; unit < n_units; unit++)
    if (!placed[unit])
      self->units[next++] = unit;
  return self;
}

static void
axis_init (OrrHeatmapAxis *self, OrrHeatmapItems items, guint n, const guint *order)
{
  self->items = items;
  self->n = n;
  self->order = order != NULL ? g_memdup2 (order, n * sizeof (guint)) : identity (n);
  self->place = g_new (guint, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    self->place[self->order[i]] = i;
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;
  return (x > y) - (x < y);
}

static double
find_limit (const OrrMatrix *matrix)
{
  gsize n = matrix->rows * matrix->cols, stride = MAX (1, n / 100000), count = 0;
  g_autofree float *sizes = g_new (float, n / stride + 1);

  for (gsize i = 0; i < n; i += stride)
    if (isfinite (matrix->data[i]))
      sizes[count++] = fabsf (matrix->data[i]);
  if (count == 0)
    return 1.0;
  qsort (sizes, count, sizeof (float), compare_floats);
  double limit = sizes[MIN ((gsize) (QUANTILE * count), count - 1)];
  return limit > 0.0 ? limit : MAX (sizes[count - 1], 1e-6);
}

static void
find_means (OrrHeatmapModel *self)
{
  gsize rows = self->matrix->rows, cols = self->matrix->cols;

  self->row_means = g_new0 (float, rows);
  self->col_means = g_new0 (float, cols);
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < cols; j++)
      {
        float value = orr_matrix_row (self->matrix, i)[j];
        self->row_means[i] += value / cols;
        self->col_means[j] += value / rows;
      }
}

/**
 * orr_heatmap_model_new:
 * @order: of as many units and inputs as @network has
 *
 * Returns: (transfer full): the matrix @weights of @network in that order
 */
OrrHeatmapModel *
orr_heatmap_model_new (OrrNetwork *network, OrrHeatmapWeights weights, OrrHeatmapOrder *order)
{
  g_return_val_if_fail (order->n_units == network->n_hidden && order->n_inputs == network->n_noise, NULL);
  OrrHeatmapModel *self = g_new0 (OrrHeatmapModel, 1);

  self->network = orr_network_ref (network);
  self->order = orr_heatmap_order_ref (order);
  self->weights = weights;
  switch (weights)
    {
    case ORR_HEATMAP_WEIGHTS_IH:
      self->matrix = network->weight_ih;
      axis_init (&self->rows, ORR_HEATMAP_UNITS, network->n_hidden, order->units);
      axis_init (&self->cols, ORR_HEATMAP_INPUTS, network->n_noise, order->inputs);
      break;
    case ORR_HEATMAP_WEIGHTS_OUT:
      self->matrix = network->weight_out;
      axis_init (&self->rows, ORR_HEATMAP_SYMBOLS, network->n_symbols, NULL);
      axis_init (&self->cols, ORR_HEATMAP_UNITS, network->n_hidden, order->units);
      break;
    default:
      self->matrix = network->weight_hh;
      axis_init (&self->rows, ORR_HEATMAP_UNITS, network->n_hidden, order->units);
      axis_init (&self->cols, ORR_HEATMAP_UNITS, network->n_hidden, order->units);
    }
  self->limit = find_limit (self->matrix);
  find_means (self);
  return self;
}

void
orr_heatmap_model_free (OrrHeatmapModel *self)
{
  if (self == NULL)
    return;
  g_free (self->rows.order);
  g_free (self->rows.place);
  g_free (self->cols.order);
  g_free (self->cols.place);
  g_free (self->row_means);
  g_free (self->col_means);
  orr_heatmap_order_unref (self->order);
  orr_network_unref (self->network);
  g_free (self);
}

float
orr_heatmap_model_get (const OrrHeatmapModel *self, guint row_place, guint col_place)
{
  return orr_matrix_row (self->matrix, self->rows.order[row_place])[self->cols.order[col_place]];
}

/**
 * orr_heatmap_axis_name:
 * @symbol_names: (nullable): names of the symbols
 *
 * Returns: (transfer full): "unit 12", "noise 3", or a symbol's name
 */
char *
orr_heatmap_axis_name (const OrrHeatmapAxis *self, guint place, char **symbol_names)
{
  guint item = self->order[place];

  switch (self->items)
    {
    case ORR_HEATMAP_INPUTS:
      return g_strdup_printf (_("noise %u"), item);
    case ORR_HEATMAP_SYMBOLS:
      return symbol_names != NULL && item < g_strv_length (symbol_names) ? g_strdup_printf (_("symbol %s"), symbol_names[item])
                                                                         : g_strdup_printf (_("symbol %u"), item + 1);
    default:
      return g_strdup_printf (_("unit %u"), item);
    }
}

/* "unit 12 -> unit 3", and the weight below; (transfer full). */
char *
orr_heatmap_model_describe (const OrrHeatmapModel *self, guint row_place, guint col_place, char **symbol_names)
{
  g_autofree char *to = orr_heatmap_axis_name (&self->rows, row_place, symbol_names);
  g_autofree char *from = orr_heatmap_axis_name (&self->cols, col_place, symbol_names);
  g_autofree char *weight = orr_number_format (orr_heatmap_model_get (self, row_place, col_place), 3);

  g_autofree char *block = orr_heatmap_block_describe (self, row_place, col_place);

  return g_strdup_printf ("%s \342\206\222 %s\n%s%s%s", from, to, weight, block != NULL ? "\n" : "",
                          block != NULL ? block : "");
}

static char *
title_of (const OrrHeatmapModel *self)
{
  static const char *const titles[] = { N_("Recurrent weights"), N_("Noise weights"), N_("Readout weights") };
  return g_strdup (_(titles[self->weights]));
}

/* The matrix as a figure to export, in the order shown; (transfer full). */
OrrFigure *
orr_heatmap_model_create_figure (const OrrHeatmapModel *self, char **symbol_names)
{
  static const char *const labels[] = { N_("unit (order shown)"), N_("noise input (order shown)"), N_("symbol") };
  g_autofree char *title = title_of (self);
  OrrFigure *figure = orr_figure_new (title);
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  gsize rows = self->matrix->rows, cols = self->matrix->cols;
  g_autofree float *values = g_new (float, rows * cols);

  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < cols; j++)
      values[i * cols + j] = orr_heatmap_model_get (self, i, j);
  OrrHeatmap *heatmap = orr_plot_set_heatmap (plot, values, rows, cols, ORR_HEATMAP_DIVERGING);
  heatmap->low = -self->limit;
  heatmap->high = self->limit;
  plot->square = self->weights != ORR_HEATMAP_WEIGHTS_OUT;
  orr_axis_set_label (&plot->x, _(labels[self->cols.items]), NULL);
  orr_axis_set_label (&plot->y, _(labels[self->rows.items]), NULL);
  if (self->rows.items == ORR_HEATMAP_SYMBOLS && symbol_names != NULL)
    orr_axis_set_categories (&plot->y, (const char *const *) symbol_names);
  return figure;
}

/* A table with the names of rows and columns, in the order shown; (transfer full). */
char *
orr_heatmap_model_dup_csv (const OrrHeatmapModel *self, char **symbol_names)
{
  GString *csv = g_string_new (_("to \\ from"));

  for (guint j = 0; j < self->cols.n; j++)
    {
      g_autofree char *name = orr_heatmap_axis_name (&self->cols, j, symbol_names);
      g_string_append_c (csv, ',');
      orr_csv_append (csv, name);
    }
  g_string_append_c (csv, '\n');
  for (guint i = 0; i < self->rows.n; i++)
    {
      g_autofree char *name = orr_heatmap_axis_name (&self->rows, i, symbol_names);
      orr_csv_append (csv, name);
      for (guint j = 0; j < self->cols.n; j++)
        {
          g_string_append_c (csv, ',');
          orr_csv_append_number (csv, orr_heatmap_model_get (self, i, j));
        }
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}
