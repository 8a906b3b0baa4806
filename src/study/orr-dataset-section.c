/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A data set as a section, for the study's file, and back. */
#include <string.h>

#include "orr-dataset.h"
#include "orr-error.h"
#include "orr-section.h"

static const char *const split_names[ORR_DATASET_N_SPLITS] = { "spread", "random", "last", "highest" };

/**
 * orr_dataset_to_section:
 *
 * Returns: (transfer full): `name`, `origin`, `columns`, `units`, `values` [C][N],
 * `target`, `inputs`, `error`, `error_is_weight`, `held_out` [N] of 0 and 1,
 * `split_kind`, `split_share`, `split_seed`, `left_out` [N], `filter`, `steps` [N] where known,
 * `targets` and `target_errors` of a system, and `source` of what came from a network
 */
GVariant *
orr_dataset_to_section (const OrrDataset *self)
{
  g_autofree double *held_out = g_new (double, MAX (self->n_rows, 1));
  g_autofree double *left_out = g_new (double, MAX (self->n_rows, 1));
  g_autofree double *inputs = g_new (double, MAX (self->n_inputs, 1));
  g_autofree double *steps = g_new (double, MAX (self->n_rows, 1));
  GVariantDict dict;

  for (gsize i = 0; i < self->n_rows; i++)
    {
      held_out[i] = self->held_out[i];
      left_out[i] = self->left_out[i];
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
  g_variant_dict_insert (&dict, "error_is_weight", "b", self->error_is_weight);
  g_variant_dict_insert (&dict, "split_kind", "s", split_names[self->split.kind]);
  g_variant_dict_insert (&dict, "split_share", "d", self->split.share);
  g_variant_dict_insert (&dict, "split_seed", "x", (gint64) self->split.seed);
  g_variant_dict_insert_value (&dict, "left_out", orr_section_new_doubles (left_out, self->n_rows));
  g_variant_dict_insert (&dict, "filter", "s", self->filter);
  if (self->steps != NULL)
    g_variant_dict_insert_value (&dict, "steps", orr_section_new_doubles (steps, self->n_rows));
  if (self->n_targets > 1)
    {
      g_variant_dict_insert_value (&dict, "targets", orr_section_new_ints ((const int *) self->targets, self->n_targets));
      g_variant_dict_insert_value (&dict, "target_errors", orr_section_new_ints (self->target_errors, self->n_targets));
    }
  if (self->source != NULL)
    g_variant_dict_insert_value (&dict, "source", self->source);
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
read_split (OrrDataset *self, GVariant *section)
{
  g_autofree char *kind = orr_section_dup_string (section, "split_kind");

  for (guint i = 0; i < G_N_ELEMENTS (split_names); i++)
    if (g_strcmp0 (kind, split_names[i]) == 0)
      self->split.kind = i;
  self->split.share = CLAMP (orr_section_get_double (section, "split_share", self->split.share), 0.0, 0.9);
  self->split.seed = orr_section_get_int (section, "split_seed", 0);
}

static void
read_row_marks (OrrDataset *self, GVariant *section)
{
  gsize n_held, n_steps, n_left_out;
  g_autofree double *left_out = orr_section_dup_doubles (section, "left_out", &n_left_out);
  g_autofree char *filter = orr_section_dup_string (section, "filter");
  g_autofree double *held_out = orr_section_dup_doubles (section, "held_out", &n_held);
  g_autofree double *steps = orr_section_dup_doubles (section, "steps", &n_steps);

  if (held_out != NULL && n_held == self->n_rows)
    for (gsize i = 0; i < self->n_rows; i++)
      self->held_out[i] = held_out[i] > 0.0;
  if (left_out != NULL && n_left_out == self->n_rows)
    for (gsize i = 0; i < self->n_rows; i++)
      self->left_out[i] = left_out[i] > 0.0 && left_out[i] < 4.0 ? (guint8) left_out[i] : 0;
  if (filter != NULL && g_utf8_validate (filter, -1, NULL))
    {
      g_free (self->filter);
      self->filter = g_strdup (filter);
    }
  self->error_is_weight = orr_section_get_boolean (section, "error_is_weight", FALSE);
  read_split (self, section);
  if (steps != NULL && n_steps == self->n_rows)
    {
      self->steps = g_new (guint32, MAX (n_steps, 1));
      for (gsize i = 0; i < n_steps; i++)
        self->steps[i] = steps[i] >= 0.0 && steps[i] < G_MAXUINT32 ? (guint32) steps[i] : 0;
    }
}

/* A system whose columns are not there is an ordinary table. */
static void
read_system (OrrDataset *self, GVariant *section)
{
  gsize n, n_errors;
  g_autofree double *list = orr_section_dup_doubles (section, "targets", &n);
  g_autofree double *errors = orr_section_dup_doubles (section, "target_errors", &n_errors);
  g_autofree guint *targets = g_new (guint, MAX (n, 1));
  g_autofree int *columns = g_new (int, MAX (n, 1));
  gboolean good = list != NULL && errors != NULL && n > 1 && n == n_errors;

  for (gsize i = 0; good && i < n; i++)
    {
      good = list[i] >= 0.0 && list[i] < self->n_columns && errors[i] >= -1.0 && errors[i] < self->n_columns;
      targets[i] = good ? (guint) list[i] : 0;
      columns[i] = good ? (int) errors[i] : -1;
    }
  if (good)
    orr_dataset_set_system (self, targets, columns, n);
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
  read_system (self, section);
  g_autoptr (GVariant) source = orr_section_get_child (section, "source");
  if (source != NULL && g_variant_is_of_type (source, G_VARIANT_TYPE_VARDICT))
    self->source = g_variant_ref (source);

  g_autofree guint *inputs = g_new (guint, MAX (n_inputs, 1));
  for (gsize i = 0; i < n_inputs; i++)
    inputs[i] = input_list[i] >= 0.0 && input_list[i] < rows ? (guint) input_list[i] : G_MAXUINT16;
  return orr_dataset_with_roles (self, (guint) orr_section_get_int (section, "target", G_MAXUINT16), inputs, n_inputs,
                                 orr_section_get_int (section, "error", -1), error);
}
