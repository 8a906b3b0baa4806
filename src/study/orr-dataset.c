/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dataset.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-random.h"
#include "orr-section.h"

/**
 * orr_dataset_new:
 * @columns: (array zero-terminated=1): at least one name
 *
 * Returns: (transfer full): a table of missing values; the last column is the
 * target and the others are the inputs, every fifth row is held out
 */
OrrDataset *
orr_dataset_new (const char *name, const char *origin, const char *const *columns, gsize n_rows)
{
  OrrDataset *self = g_atomic_rc_box_new0 (OrrDataset);
  guint C = g_strv_length ((char **) columns);

  g_return_val_if_fail (C >= 1, NULL);
  self->name = g_strdup (name);
  self->origin = g_strdup (origin);
  self->n_rows = n_rows;
  self->n_columns = C;
  self->columns = g_strdupv ((char **) columns);
  self->units = g_new0 (char *, C + 1);
  self->values = g_new (double, MAX (C * n_rows, 1));
  self->target = C - 1;
  self->n_inputs = C - 1;
  self->inputs = g_new (guint, C);
  self->error = -1;
  self->held_out = g_new0 (guint8, MAX (n_rows, 1));
  for (gsize i = 4; i < n_rows; i += 5)
    self->held_out[i] = 1;
  for (guint c = 0; c < C; c++)
    {
      self->units[c] = g_strdup ("");
      self->inputs[c] = c;
    }
  for (gsize i = 0; i < C * n_rows; i++)
    self->values[i] = NAN;
  return self;
}

OrrDataset *
orr_dataset_copy (const OrrDataset *self)
{
  OrrDataset *copy = orr_dataset_new (self->name, self->origin, (const char *const *) self->columns, self->n_rows);
  gsize N = self->n_rows;

  memcpy (copy->values, self->values, self->n_columns * N * sizeof (double));
  memcpy (copy->inputs, self->inputs, self->n_inputs * sizeof (guint));
  memcpy (copy->held_out, self->held_out, N);
  copy->target = self->target;
  copy->n_inputs = self->n_inputs;
  copy->error = self->error;
  copy->steps = self->steps != NULL ? g_memdup2 (self->steps, N * sizeof (guint32)) : NULL;
  g_strfreev (copy->units);
  copy->units = g_strdupv (self->units);
  return copy;
}

static gboolean
check_column (const OrrDataset *self, guint column, const char *role, GError **error)
{
  if (column < self->n_columns)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The %s is column %u, but the table has %u columns", role, column + 1,
               self->n_columns);
  return FALSE;
}

/**
 * orr_dataset_with_roles:
 * @inputs: (array length=n_inputs): different columns, none of them the target
 * @error_column: of the target's standard errors, -1 for none
 *
 * Returns: (transfer full) (nullable): the data set with these roles
 */
OrrDataset *
orr_dataset_with_roles (const OrrDataset *self, guint target, const guint *inputs, guint n_inputs, int error_column,
                        GError **error)
{
  if (!check_column (self, target, "target", error) ||
      (error_column >= 0 && !check_column (self, error_column, "error column", error)))
    return NULL;
  for (guint i = 0; i < n_inputs; i++)
    {
      gboolean twice = inputs[i] == target;

      if (!check_column (self, inputs[i], "input", error))
        return NULL;
      for (guint j = 0; j < i; j++)
        twice |= inputs[i] == inputs[j];
      if (twice)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Column \"%s\" has two roles", self->columns[inputs[i]]);
          return NULL;
        }
    }

  OrrDataset *copy = orr_dataset_copy (self);
  copy->target = target;
  copy->n_inputs = n_inputs;
  copy->error = error_column;
  memcpy (copy->inputs, inputs, n_inputs * sizeof (guint));
  return copy;
}

/**
 * orr_dataset_with_split:
 * @held_out: share of the rows to judge by, 0 to 0.9
 * @seed: which ones
 *
 * Returns: (transfer full): the data set with other rows held out
 */
OrrDataset *
orr_dataset_with_split (const OrrDataset *self, double held_out, guint64 seed)
{
  OrrDataset *copy = orr_dataset_copy (self);
  g_autofree guint32 *order = g_new (guint32, MAX (self->n_rows, 1));
  gsize n_held = (gsize) (CLAMP (held_out, 0.0, 0.9) * self->n_rows + 0.5);

  for (gsize i = 0; i < self->n_rows; i++)
    order[i] = i;
  orr_random_shuffle (order, self->n_rows, seed, ORR_RANDOM_STREAM_SHUFFLE);
  memset (copy->held_out, 0, self->n_rows);
  for (gsize i = 0; i < n_held; i++)
    copy->held_out[order[i]] = 1;
  return copy;
}

gsize
orr_dataset_n_missing (const OrrDataset *self, guint column)
{
  const double *values = orr_dataset_column (self, column);
  gsize n = 0;

  for (gsize i = 0; i < self->n_rows; i++)
    n += !isfinite (values[i]);
  return n;
}

static gboolean
is_usable (const OrrDataset *self, gsize row)
{
  gboolean usable = isfinite (orr_dataset_column (self, self->target)[row]);

  for (guint i = 0; i < self->n_inputs; i++)
    usable &= isfinite (orr_dataset_column (self, self->inputs[i])[row]) != 0;
  if (self->error >= 0)
    usable &= orr_dataset_column (self, self->error)[row] > 0.0;
  return usable;
}

/**
 * orr_dataset_extract:
 *
 * Returns: (transfer full): the rows of @part in which target, inputs and error
 * are there (and the error is positive)
 */
OrrDatasetRows *
orr_dataset_extract (const OrrDataset *self, OrrDatasetPart part)
{
  OrrDatasetRows *rows = g_new0 (OrrDatasetRows, 1);

  rows->rows = g_new (guint32, MAX (self->n_rows, 1));
  for (gsize i = 0; i < self->n_rows; i++)
    if ((part == ORR_DATASET_ALL || (part == ORR_DATASET_HELD_OUT) == self->held_out[i]) && is_usable (self, i))
      rows->rows[rows->n++] = i;

  rows->x = g_new (double, MAX (rows->n * self->n_inputs, 1));
  rows->y = g_new (double, MAX (rows->n, 1));
  rows->weights = self->error >= 0 ? g_new (double, MAX (rows->n, 1)) : NULL;
  for (gsize i = 0; i < rows->n; i++)
    {
      rows->y[i] = orr_dataset_column (self, self->target)[rows->rows[i]];
      for (guint v = 0; v < self->n_inputs; v++)
        rows->x[v * rows->n + i] = orr_dataset_column (self, self->inputs[v])[rows->rows[i]];
      if (rows->weights != NULL)
        rows->weights[i] = 1.0 / pow (orr_dataset_column (self, self->error)[rows->rows[i]], 2);
    }
  return rows;
}

void
orr_dataset_rows_free (OrrDatasetRows *rows)
{
  if (rows == NULL)
    return;
  g_free (rows->rows);
  g_free (rows->x);
  g_free (rows->y);
  g_free (rows->weights);
  g_free (rows);
}

/**
 * orr_dataset_input_names:
 *
 * Returns: (transfer full): [n_inputs] names of the inputs, for printing equations
 */
char **
orr_dataset_input_names (const OrrDataset *self)
{
  char **names = g_new0 (char *, self->n_inputs + 1);

  for (guint i = 0; i < self->n_inputs; i++)
    names[i] = g_strdup (self->columns[self->inputs[i]]);
  return names;
}

/**
 * orr_dataset_to_section:
 *
 * Returns: (transfer full): `name`, `origin`, `columns`, `units`, `values` [C][N],
 * `target`, `inputs`, `error`, `held_out` [N] of 0 and 1, and `steps` [N] where known
 */
GVariant *
orr_dataset_to_section (const OrrDataset *self)
{
  g_autofree double *held_out = g_new (double, MAX (self->n_rows, 1));
  g_autofree double *inputs = g_new (double, MAX (self->n_inputs, 1));
  g_autofree double *steps = g_new (double, MAX (self->n_rows, 1));
  GVariantDict dict;

  for (gsize i = 0; i < self->n_rows; i++)
    {
      held_out[i] = self->held_out[i];
      steps[i] = self->steps != NULL ? self->steps[i] : 0;
    }
  for (guint i = 0; i < self->n_inputs; i++)
    inputs[i] = self->inputs[i];

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "name", "s", self->name);
  g_variant_dict_insert (&dict, "origin", "s", self->origin);
  g_variant_dict_insert_value (&dict, "columns",
                               g_variant_new_strv ((const char *const *) self->columns, self->n_columns));
  g_variant_dict_insert_value (&dict, "units",
                               g_variant_new_strv ((const char *const *) self->units, self->n_columns));
  g_variant_dict_insert_value (&dict, "values",
                               orr_section_new_table (self->values, self->n_columns, self->n_rows));
  g_variant_dict_insert (&dict, "target", "i", (int) self->target);
  g_variant_dict_insert_value (&dict, "inputs", orr_section_new_doubles (inputs, self->n_inputs));
  g_variant_dict_insert (&dict, "error", "i", self->error);
  g_variant_dict_insert_value (&dict, "held_out", orr_section_new_doubles (held_out, self->n_rows));
  if (self->steps != NULL)
    g_variant_dict_insert_value (&dict, "steps", orr_section_new_doubles (steps, self->n_rows));
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
read_strings (GVariant *section, const char *name, char **texts, guint n)
{
  g_autoptr (GVariant) value = orr_section_get_child (section, name);

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY) || g_variant_n_children (value) != n)
    return;
  for (guint i = 0; i < n; i++)
    {
      g_free (texts[i]);
      g_variant_get_child (value, i, "s", &texts[i]);
    }
}

static void
read_row_marks (OrrDataset *self, GVariant *section)
{
  gsize n_held, n_steps;
  g_autofree double *held_out = orr_section_dup_doubles (section, "held_out", &n_held);
  g_autofree double *steps = orr_section_dup_doubles (section, "steps", &n_steps);

  if (held_out != NULL && n_held == self->n_rows)
    for (gsize i = 0; i < self->n_rows; i++)
      self->held_out[i] = held_out[i] > 0.0;
  if (steps != NULL && n_steps == self->n_rows)
    {
      self->steps = g_new (guint32, MAX (n_steps, 1));
      for (gsize i = 0; i < n_steps; i++)
        self->steps[i] = steps[i] >= 0.0 && steps[i] < G_MAXUINT32 ? (guint32) steps[i] : 0;
    }
}

/**
 * orr_dataset_from_section:
 *
 * Returns: (transfer full) (nullable): the data set that orr_dataset_to_section() wrote
 */
OrrDataset *
orr_dataset_from_section (GVariant *section, GError **error)
{
  g_autofree char *name = orr_section_dup_string (section, "name");
  g_autofree char *origin = orr_section_dup_string (section, "origin");
  g_autoptr (GVariant) columns = orr_section_get_child (section, "columns");
  gsize rows, cols, n_inputs;
  g_autofree double *values = orr_section_dup_table (section, "values", &rows, &cols);
  g_autofree double *input_list = orr_section_dup_doubles (section, "inputs", &n_inputs);

  if (values == NULL || rows == 0 || columns == NULL || !g_variant_is_of_type (columns, G_VARIANT_TYPE_STRING_ARRAY) ||
      g_variant_n_children (columns) != rows)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "A data set's columns do not fit its values");
      return NULL;
    }

  g_autofree const char **names = g_variant_get_strv (columns, NULL);
  g_autoptr (OrrDataset) self = orr_dataset_new (name != NULL ? name : "", origin != NULL ? origin : "", names, cols);
  memcpy (self->values, values, rows * cols * sizeof (double));
  read_strings (section, "units", self->units, rows);
  read_row_marks (self, section);

  g_autofree guint *inputs = g_new (guint, MAX (n_inputs, 1));
  for (gsize i = 0; i < n_inputs; i++)
    inputs[i] = input_list[i] >= 0.0 && input_list[i] < rows ? (guint) input_list[i] : G_MAXUINT16;
  return orr_dataset_with_roles (self, (guint) orr_section_get_int (section, "target", G_MAXUINT16), inputs, n_inputs,
                                 orr_section_get_int (section, "error", -1), error);
}

OrrDataset *
orr_dataset_ref (OrrDataset *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrDataset *self = box;

  g_free (self->name);
  g_free (self->origin);
  g_strfreev (self->columns);
  g_strfreev (self->units);
  g_free (self->values);
  g_free (self->inputs);
  g_free (self->held_out);
  g_free (self->steps);
}

void
orr_dataset_unref (OrrDataset *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}
