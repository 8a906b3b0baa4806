/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dataset.h"

#include <math.h>
#include <string.h>


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
  self->values = g_atomic_rc_box_alloc (MAX (C * n_rows, 1) * sizeof (double));
  self->target = C - 1;
  self->n_inputs = C - 1;
  self->inputs = g_new (guint, C);
  self->error = -1;
  self->held_out = g_new0 (guint8, MAX (n_rows, 1));
  self->left_out = g_new0 (guint8, MAX (n_rows, 1));
  self->filter = g_strdup ("");
  self->split = (OrrDatasetSplit){ ORR_DATASET_SPLIT_SPREAD, ORR_DATASET_DEFAULT_HELD_OUT, 0 };
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

/* (transfer full): a copy to change: all but the values, which both share. */
OrrDataset *
orr_dataset_copy (const OrrDataset *self)
{
  OrrDataset *copy = g_atomic_rc_box_new0 (OrrDataset);
  gsize N = self->n_rows;

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->origin = g_strdup (self->origin);
  copy->columns = g_strdupv (self->columns);
  copy->units = g_strdupv (self->units);
  copy->values = g_atomic_rc_box_acquire (self->values);
  copy->inputs = g_new (guint, self->n_columns);
  memcpy (copy->inputs, self->inputs, self->n_inputs * sizeof (guint));
  copy->held_out = g_memdup2 (self->held_out, MAX (N, 1));
  copy->left_out = g_memdup2 (self->left_out, MAX (N, 1));
  copy->filter = g_strdup (self->filter);
  copy->steps = self->steps != NULL ? g_memdup2 (self->steps, MAX (N, 1) * sizeof (guint32)) : NULL;
  copy->targets = NULL;
  copy->target_errors = NULL;
  orr_dataset_set_system (copy, self->targets, self->target_errors, self->n_targets);
  copy->source = self->source != NULL ? g_variant_ref (self->source) : NULL;
  return copy;
}

/**
 * orr_dataset_set_system:
 * @targets: (array length=n_targets): columns that an equation each is sought for
 * @errors: (array length=n_targets): of their standard errors, -1 for none
 *
 * Makes a data set that nobody else has yet a system of equations.
 */
void
orr_dataset_set_system (OrrDataset *self, const guint *targets, const int *errors, guint n_targets)
{
  g_free (self->targets);
  g_free (self->target_errors);
  self->n_targets = n_targets;
  self->targets = n_targets > 0 ? g_memdup2 (targets, n_targets * sizeof (guint)) : NULL;
  self->target_errors = n_targets > 0 ? g_memdup2 (errors, n_targets * sizeof (int)) : NULL;
}

/**
 * orr_dataset_with_target:
 * @target: one of a system's targets
 *
 * Returns: (transfer full): the data set that shows this equation of the system
 */
OrrDataset *
orr_dataset_with_target (const OrrDataset *self, guint target)
{
  OrrDataset *copy = orr_dataset_copy (self);

  for (guint i = 0; i < self->n_targets; i++)
    if (self->targets[i] == target)
      {
        copy->target = target;
        copy->error = self->target_errors[i];
      }
  return copy;
}

/* Whether both are systems of the same equations. */
gboolean
orr_dataset_same_system (const OrrDataset *self, const OrrDataset *other)
{
  gboolean same = self != NULL && other != NULL && self->n_targets > 1 && self->n_targets == other->n_targets &&
                  g_strv_equal ((const char *const *) self->columns, (const char *const *) other->columns);

  for (guint i = 0; same && i < self->n_targets; i++)
    same = self->targets[i] == other->targets[i];
  return same;
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

/* Whether target, inputs and error of @row are there (and the error is positive). */
gboolean
orr_dataset_is_complete (const OrrDataset *self, gsize row)
{
  gboolean usable = isfinite (orr_dataset_column (self, self->target)[row]) != 0;

  for (guint i = 0; i < self->n_inputs; i++)
    usable &= isfinite (orr_dataset_column (self, self->inputs[i])[row]) != 0;
  if (self->error >= 0)
    usable &= orr_dataset_column (self, self->error)[row] > 0.0 &&
              isfinite (orr_dataset_column (self, self->error)[row]);
  return usable;
}

/* Whether both are views of one table: only roles, names or rows may differ. */
gboolean
orr_dataset_is_same_table (const OrrDataset *self, const OrrDataset *other)
{
  return self->values == other->values;
}

/* Whether x_1, x_2 ... and y mean the same columns in both. */
gboolean
orr_dataset_has_same_inputs (const OrrDataset *self, const OrrDataset *other)
{
  return orr_dataset_is_same_table (self, other) && self->target == other->target &&
         self->n_inputs == other->n_inputs &&
         memcmp (self->inputs, other->inputs, self->n_inputs * sizeof (guint)) == 0;
}

/**
 * orr_dataset_extract:
 *
 * Returns: (transfer full): the rows of @part that are not left out and in which
 * target, inputs and error are there (and the error is positive)
 */
OrrDatasetRows *
orr_dataset_extract (const OrrDataset *self, OrrDatasetPart part)
{
  OrrDatasetRows *rows = g_new0 (OrrDatasetRows, 1);

  rows->rows = g_new (guint32, MAX (self->n_rows, 1));
  for (gsize i = 0; i < self->n_rows; i++)
    if ((part == ORR_DATASET_ALL || (part == ORR_DATASET_HELD_OUT) == self->held_out[i]) &&
        self->left_out[i] == 0 && orr_dataset_is_complete (self, i))
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
        {
          double error = orr_dataset_column (self, self->error)[rows->rows[i]];
          rows->weights[i] = self->error_is_weight ? error : 1.0 / (error * error);
        }
    }
  return rows;
}

/* @rows as a table to fit; borrows from them. */
OrrSamples
orr_dataset_get_samples (const OrrDataset *self, const OrrDatasetRows *rows)
{
  return (OrrSamples){ rows->x, rows->n, self->n_inputs, rows->y, rows->n, rows->weights,
                       rows->weights != NULL && !self->error_is_weight };
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
  g_atomic_rc_box_release (self->values);
  g_free (self->inputs);
  g_free (self->held_out);
  g_free (self->left_out);
  g_free (self->filter);
  g_free (self->steps);
  g_free (self->targets);
  g_free (self->target_errors);
  g_clear_pointer (&self->source, g_variant_unref);
}

void
orr_dataset_unref (OrrDataset *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}
