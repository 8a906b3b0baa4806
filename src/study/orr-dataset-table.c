/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dataset-table.h"

#include <string.h>

#include "orr-error.h"

/* "speed [m/s]" and "speed (m/s)" have a unit. Cuts it off the name. */
static char *
take_unit (char *name)
{
  static const char *const brackets[] = { "[]", "()" };
  gsize n = strlen (name);

  for (guint i = 0; i < G_N_ELEMENTS (brackets); i++)
    {
      char *open = strrchr (name, brackets[i][0]);

      if (open != NULL && open > name && name[n - 1] == brackets[i][1])
        {
          char *unit = g_strndup (open + 1, name + n - 1 - (open + 1));

          *open = '\0';
          g_strchomp (name);
          return g_strstrip (unit);
        }
    }
  return g_strdup ("");
}

/**
 * orr_dataset_from_table:
 * @name: of the data set: the file's name
 * @error: (out): %ORR_ERROR_INPUT: fewer than two columns of numbers, or no rows
 *
 * Takes the columns of numbers; the last one is the target, and columns
 * of texts are left out. A unit in brackets behind a heading is taken as such.
 *
 * Returns: (transfer full) (nullable): the data set
 */
OrrDataset *
orr_dataset_from_table (const OrrTable *table, const char *name, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) units = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint c = 0; c < table->n_columns; c++)
    if (table->columns[c].numbers != NULL)
      {
        char *heading = g_strdup (table->columns[c].name);

        g_ptr_array_add (units, take_unit (heading));
        g_ptr_array_add (names, heading);
        g_array_append_val (columns, c);
      }
  if (columns->len < 2 || table->n_rows == 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "%s has %u columns of numbers and %" G_GSIZE_FORMAT " rows; an equation needs a target and an input",
                   name, columns->len, table->n_rows);
      return NULL;
    }

  g_ptr_array_add (names, NULL);
  OrrDataset *self = orr_dataset_new (name, name, (const char *const *) names->pdata, table->n_rows);
  for (guint c = 0; c < columns->len; c++)
    {
      memcpy (self->values + c * table->n_rows, table->columns[g_array_index (columns, guint, c)].numbers,
              table->n_rows * sizeof (double));
      g_free (self->units[c]);
      self->units[c] = g_strdup (units->pdata[c]);
    }
  return self;
}
