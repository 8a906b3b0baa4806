/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrTableColumn:
 * @name: its heading; x_1, x_2, ... where the table has none
 * @numbers: (nullable): [n_rows], NaN where missing; %NULL for a column of texts
 * @texts: (nullable): [n_rows], "" where missing; %NULL for a column of numbers
 * @n_missing: how many cells are empty or say so (NA, NaN, null, ?)
 */
typedef struct
{
  char   *name;
  double *numbers;
  char  **texts;
  gsize   n_missing;
} OrrTableColumn;

/**
 * OrrTable:
 * @n_rows: rows of data
 * @n_columns: columns
 * @columns: [n_columns]
 * @has_heading: whether the names come from the file
 * @separator: between fields in the file: ',', ';', a tab or a space
 *
 * A table of data by columns. Immutable once shared; reference counted.
 */
typedef struct
{
  gsize           n_rows;
  guint           n_columns;
  OrrTableColumn *columns;
  gboolean        has_heading;
  char            separator;
} OrrTable;

OrrTable *orr_table_new         (gsize             n_rows,
                                 guint             n_columns,
                                 const char *const *names);
OrrTable *orr_table_ref         (OrrTable         *self);
void      orr_table_unref       (OrrTable         *self);
int       orr_table_find_column (const OrrTable   *self,
                                 const char       *name);
gsize     orr_table_get_n_missing (const OrrTable *self);

OrrTable *orr_table_parse       (const char       *text,
                                 gssize            length,
                                 GError          **error);
OrrTable *orr_table_load        (const char       *path,
                                 GError          **error);
char     *orr_table_print       (const OrrTable   *self,
                                 char              separator);
gboolean  orr_table_save        (const OrrTable   *self,
                                 const char       *path,
                                 GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrTable, orr_table_unref)

G_END_DECLS
