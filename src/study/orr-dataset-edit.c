/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changed copies of a data set: other roles, names, rows. */
#include <math.h>
#include <string.h>

#include "orr-dataset.h"
#include "orr-dataset-filter.h"
#include "orr-error.h"
#include "orr-random.h"

/* Splits ------------------------------------------------------------------------------------------ */

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer keys)
{
  guint32 p = *(const guint32 *) a, q = *(const guint32 *) b;
  double x = ((const double *) keys)[p], y = ((const double *) keys)[q];

  return x < y ? -1 : x > y ? 1 : p < q ? -1 : p > q;
}

/* Holds out the last @n_held of the rows in @order. */
static void
hold_out_last (OrrDataset *self, const guint32 *order, gsize n, gsize n_held)
{
  for (gsize i = n - n_held; i < n; i++)
    self->held_out[order[i]] = 1;
}

/* Marks the rows that the split says; those of no use are not counted where order matters. */
static void
split (OrrDataset *self)
{
  g_autofree guint32 *order = g_new (guint32, MAX (self->n_rows, 1));
  double share = self->split.share;
  gboolean ordered = self->split.kind == ORR_DATASET_SPLIT_LAST || self->split.kind == ORR_DATASET_SPLIT_HIGHEST;
  gsize n = 0;

  for (gsize i = 0; i < self->n_rows; i++)
    if (!ordered || (self->left_out[i] == 0 && orr_dataset_is_complete (self, i)))
      order[n++] = i;
  gsize n_held = (gsize) (share * n + 0.5);
  memset (self->held_out, 0, self->n_rows);
  switch (self->split.kind)
    {
    case ORR_DATASET_SPLIT_RANDOM:
      orr_random_shuffle (order, n, self->split.seed, ORR_RANDOM_STREAM_SHUFFLE);
      for (gsize i = 0; i < n_held; i++)
        self->held_out[order[i]] = 1;
      break;
    case ORR_DATASET_SPLIT_HIGHEST:
      if (self->n_inputs > 0)
        g_qsort_with_data (order, n, sizeof (guint32), compare_keys,
                           (gpointer) orr_dataset_column (self, self->inputs[0]));
      hold_out_last (self, order, n, n_held);
      break;
    case ORR_DATASET_SPLIT_LAST:
      hold_out_last (self, order, n, n_held);
      break;
    default:
      /* The row at which another one is due: every fifth for a share of 0.2. */
      for (gsize i = 0; i < n; i++)
        self->held_out[i] = floor ((i + 1) * share + 1e-9) > floor (i * share + 1e-9);
    }
}

/* Splits that depend on which rows are used follow them. */
static OrrDataset *
resplit (OrrDataset *self)
{
  if (self->split.kind == ORR_DATASET_SPLIT_LAST || self->split.kind == ORR_DATASET_SPLIT_HIGHEST)
    split (self);
  return self;
}

/**
 * orr_dataset_with_split_kind:
 *
 * Returns: (transfer full): the data set with other rows held out
 */
OrrDataset *
orr_dataset_with_split_kind (const OrrDataset *self, const OrrDatasetSplit *how)
{
  g_return_val_if_fail (how->kind < ORR_DATASET_N_SPLITS, NULL);

  OrrDataset *copy = orr_dataset_copy (self);
  copy->split = *how;
  copy->split.share = CLAMP (how->share, 0.0, 0.9);
  split (copy);
  return copy;
}

/**
 * orr_dataset_with_split:
 * @held_out: share of the rows to judge by, 0 to 0.9
 * @seed: which ones, drawn at random
 *
 * Returns: (transfer full): the data set with other rows held out
 */
OrrDataset *
orr_dataset_with_split (const OrrDataset *self, double held_out, guint64 seed)
{
  const OrrDatasetSplit how = { ORR_DATASET_SPLIT_RANDOM, held_out, seed };

  return orr_dataset_with_split_kind (self, &how);
}

/* Columns ----------------------------------------------------------------------------------------- */

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
  return resplit (copy);
}

/* (transfer full): the data set whose column of errors holds weights, or standard errors. */
OrrDataset *
orr_dataset_with_error_kind (const OrrDataset *self, gboolean error_is_weight)
{
  OrrDataset *copy = orr_dataset_copy (self);

  copy->error_is_weight = error_is_weight;
  return copy;
}

/**
 * orr_dataset_with_column:
 * @name: not empty, and no other column's
 * @unit: "" where unknown
 *
 * Returns: (transfer full) (nullable): the data set with the column called that
 */
OrrDataset *
orr_dataset_with_column (const OrrDataset *self, guint column, const char *name, const char *unit, GError **error)
{
  g_return_val_if_fail (column < self->n_columns, NULL);

  g_autofree char *stripped = g_strstrip (g_strdup (name));
  if (*stripped == '\0')
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Column %u needs a name", column + 1);
      return NULL;
    }
  if (strchr (stripped, '`') != NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The name of a column cannot contain `");
      return NULL;
    }
  for (guint c = 0; c < self->n_columns; c++)
    if (c != column && g_str_equal (self->columns[c], stripped))
      {
        g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Column %u is called \"%s\" already", c + 1, stripped);
        return NULL;
      }

  OrrDataset *copy = orr_dataset_copy (self);
  g_free (copy->columns[column]);
  copy->columns[column] = g_steal_pointer (&stripped);
  g_free (copy->units[column]);
  copy->units[column] = g_strstrip (g_strdup (unit));
  return copy;
}

/* Rows -------------------------------------------------------------------------------------------- */

/**
 * orr_dataset_with_rows_left_out:
 * @rows: (array length=n_rows): which
 * @left_out: whether to leave them out, or to use them again
 *
 * Returns: (transfer full): the data set; a filter keeps out what it does anyway
 */
OrrDataset *
orr_dataset_with_rows_left_out (const OrrDataset *self, const guint32 *rows, gsize n_rows, gboolean left_out)
{
  OrrDataset *copy = orr_dataset_copy (self);

  for (gsize i = 0; i < n_rows; i++)
    if (rows[i] < self->n_rows && left_out)
      copy->left_out[rows[i]] |= ORR_DATASET_LEFT_OUT_BY_HAND;
    else if (rows[i] < self->n_rows)
      copy->left_out[rows[i]] &= (guint8) ~ORR_DATASET_LEFT_OUT_BY_HAND;
  return resplit (copy);
}

/**
 * orr_dataset_with_filter:
 * @filter: as orr_dataset_filter_rows() takes it; "" for none
 * @error: (out): what is wrong with it
 *
 * Returns: (transfer full) (nullable): the data set in which only rows that meet
 * the condition are used
 */
OrrDataset *
orr_dataset_with_filter (const OrrDataset *self, const char *filter, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (filter));
  g_autofree guint8 *holds = NULL;

  if (*stripped != '\0')
    {
      holds = orr_dataset_filter_rows (self, stripped, error);
      if (holds == NULL)
        return NULL;
    }
  OrrDataset *copy = orr_dataset_copy (self);
  for (gsize i = 0; i < self->n_rows; i++)
    if (holds != NULL && !holds[i])
      copy->left_out[i] |= ORR_DATASET_LEFT_OUT_BY_FILTER;
    else
      copy->left_out[i] &= (guint8) ~ORR_DATASET_LEFT_OUT_BY_FILTER;
  g_free (copy->filter);
  copy->filter = g_steal_pointer (&stripped);
  return resplit (copy);
}
