/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-table.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-file.h"
#include "orr-format.h"

/**
 * orr_table_new:
 * @names: (nullable): [n_columns] headings; %NULL for x_1, x_2, ...
 *
 * Returns: (transfer full): a table of columns of numbers, all zero
 */
OrrTable *
orr_table_new (gsize n_rows, guint n_columns, const char *const *names)
{
  OrrTable *self = g_atomic_rc_box_new0 (OrrTable);

  self->n_rows = n_rows;
  self->n_columns = n_columns;
  self->columns = g_new0 (OrrTableColumn, MAX (n_columns, 1));
  self->has_heading = names != NULL;
  self->separator = ',';
  for (guint i = 0; i < n_columns; i++)
    {
      self->columns[i].name = names != NULL ? g_strdup (names[i]) : g_strdup_printf ("x_%u", i + 1);
      self->columns[i].numbers = g_new0 (double, MAX (n_rows, 1));
    }
  return self;
}

OrrTable *
orr_table_ref (OrrTable *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrTable *self = box;

  for (guint i = 0; i < self->n_columns; i++)
    {
      g_free (self->columns[i].name);
      g_free (self->columns[i].numbers);
      g_strfreev (self->columns[i].texts);
    }
  g_free (self->columns);
}

void
orr_table_unref (OrrTable *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/**
 * orr_table_find_column:
 *
 * Returns: the column called @name, or -1
 */
int
orr_table_find_column (const OrrTable *self, const char *name)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (strcmp (self->columns[i].name, name) == 0)
      return (int) i;
  return -1;
}

/**
 * orr_table_get_n_missing:
 *
 * Returns: how many cells of the table are missing
 */
gsize
orr_table_get_n_missing (const OrrTable *self)
{
  gsize n = 0;

  for (guint i = 0; i < self->n_columns; i++)
    n += self->columns[i].n_missing;
  return n;
}

/* Quoted where it must be (RFC 4180), and where a reader that looks for the
 * separator could be misled. */
static void
append_text (GString *out, const char *text, char separator, gboolean alone)
{
  /* Blanks separate where nothing else does. */
  gboolean plain = strpbrk (text, alone ? "\"\r\n#,;\t " : "\"\r\n#,;\t") == NULL && strchr (text, separator) == NULL &&
                   !g_ascii_isspace (text[0]) && *text != '\0';

  if (plain)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

static void
append_cell (GString *out, const OrrTableColumn *column, gsize row, char separator, gboolean alone)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (column->texts != NULL)
    append_text (out, column->texts[row], separator, alone);
  else if (isnan (column->numbers[row]))
    g_string_append (out, "NaN");
  else
    g_string_append (out, orr_format_double (text, column->numbers[row]));
}

/**
 * orr_table_print:
 * @separator: ',', ';' or a tab
 *
 * Returns: (transfer full): the table as text, headings first, numbers with as
 * many digits as it takes to read them back
 */
char *
orr_table_print (const OrrTable *self, char separator)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (out, separator);
      append_text (out, self->columns[i].name, separator, self->n_columns == 1);
    }
  g_string_append_c (out, '\n');
  for (gsize row = 0; row < self->n_rows; row++)
    {
      for (guint i = 0; i < self->n_columns; i++)
        {
          if (i > 0)
            g_string_append_c (out, separator);
          append_cell (out, &self->columns[i], row, separator, self->n_columns == 1);
        }
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}

/* As UTF-8: spreadsheets also write UTF-16 with a mark, and old programs Windows-1252. */
static char *
to_utf8 (GBytes *bytes, gsize *length)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);
  const char *charset = "WINDOWS-1252";

  if (n >= 2 && (memcmp (data, "\xff\xfe", 2) == 0 || memcmp (data, "\xfe\xff", 2) == 0))
    charset = "UTF-16";
  else if (data == NULL || g_utf8_validate (data, n, NULL))
    {
      *length = n;
      return g_strndup (data != NULL ? data : "", n);
    }
  return g_convert (data, n, "UTF-8", charset, NULL, length, NULL);
}

/**
 * orr_table_load:
 * @path: a .csv, .tsv or .txt file; see orr_table_parse()
 *
 * Returns: (transfer full) (nullable): the table
 */
OrrTable *
orr_table_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = orr_file_read (path, error);
  gsize length;

  if (bytes == NULL)
    return NULL;
  g_autofree char *text = to_utf8 (bytes, &length);
  OrrTable *table = text != NULL ? orr_table_parse (text, length, error) : NULL;
  if (text == NULL)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "This is not a table of text");
  if (table == NULL)
    orr_file_prefix_error (error, path);
  return table;
}

/**
 * orr_table_save:
 * @path: separated by tabs when it ends in .tsv or .tab, by commas otherwise
 *
 * Returns: whether the file was replaced
 */
gboolean
orr_table_save (const OrrTable *self, const char *path, GError **error)
{
  gboolean tabs = orr_file_has_extension (path, ".tsv") || orr_file_has_extension (path, ".tab");
  char *text = orr_table_print (self, tabs ? '\t' : ',');
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return orr_file_write (path, bytes, error);
}
