/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-format.h"
#include "orr-table.h"

#define MAX_COLUMNS 10000
#define MAX_SHOWN 40

/* A field of the text, before it is known what its column holds. */
typedef struct
{
  const char *text;
  guint       line;
  gboolean    quoted;
} Field;

typedef struct
{
  const char   *at;
  const char   *end;
  guint         line;
  char          separator;
  gboolean      in_comment; /* where quotation marks mean nothing */
  GStringChunk *texts;   /* of all fields */
  GPtrArray    *rows;    /* of GArray of Field */
  GArray       *comment; /* the fields of the last comment before the data */
} Reader;

static Field *
get_field (GArray *row, guint column)
{
  return &g_array_index (row, Field, column);
}

static void
reader_clear (Reader *self)
{
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->comment, g_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

/* What separates on one line, outside quotation marks; returns where the line
 * ends. A line of nothing but blanks says nothing about them. */
static const char *
look_at_line (const char *at, const char *end, gboolean *tab, gboolean *semicolon, gboolean *comma, gboolean *blank)
{
  gboolean quoted = FALSE, seen = FALSE, inner = FALSE;

  *blank = FALSE;
  for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++)
    {
      if (*at == '"')
        quoted = !quoted;
      seen = seen || *at != ' ';
      if (quoted)
        continue;
      *tab = *tab || *at == '\t';
      *semicolon = *semicolon || *at == ';';
      *comma = *comma || *at == ',';
      *blank = *blank || (inner && *at != ' ');
      inner = seen && *at == ' ';
    }
  *blank = *blank || !seen;
  return at;
}

/* The separator that the text has most reason to have, looking at its first two
 * lines that are no comments: a tab or a semicolon (which may stand beside
 * decimal commas) before a comma, and blanks only where there is nothing else. */
static char
guess_separator (const char *at, const char *end)
{
  gboolean tab = FALSE, semicolon = FALSE, comma = FALSE, blank, blanks = TRUE;

  for (guint n = 0; n < 2 && at < end;)
    {
      if (*at == '#')
        {
          const char *newline = memchr (at, '\n', end - at);
          at = newline != NULL ? newline : end;
        }
      else if (*at != '\n' && *at != '\r')
        {
          at = look_at_line (at, end, &tab, &semicolon, &comma, &blank);
          blanks = blanks && blank;
          n++;
        }
      else
        at++;
    }
  return tab ? '\t' : semicolon ? ';' : comma || !blanks ? ',' : ' ';
}

static gboolean
at_line_end (const Reader *self)
{
  return self->at >= self->end || *self->at == '\n' || *self->at == '\r';
}

static void
skip_line_end (Reader *self)
{
  if (self->at < self->end && *self->at == '\r')
    self->at++;
  if (self->at < self->end && *self->at == '\n')
    self->at++;
  self->line++;
}

static void
skip_blanks (Reader *self)
{
  while (self->at < self->end && *self->at == ' ')
    self->at++;
}

static gboolean
read_quoted (Reader *self, Field *field, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint first = self->line;

  self->at++;
  for (;; self->at++)
    {
      if (self->at >= self->end)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Line %u: a quotation mark is not closed", first);
          return FALSE;
        }
      if (*self->at == '"')
        {
          if (self->at + 1 >= self->end || self->at[1] != '"')
            break;
          self->at++;
        }
      else if (*self->at == '\n')
        self->line++;
      g_string_append_c (text, *self->at);
    }
  self->at++;
  skip_blanks (self);
  if (!at_line_end (self) && *self->at != self->separator && self->separator != ' ')
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Line %u: there is text behind a closing quotation mark",
                   self->line);
      return FALSE;
    }
  field->text = g_string_chunk_insert_len (self->texts, text->str, text->len);
  field->quoted = TRUE;
  return TRUE;
}

static gboolean
read_field (Reader *self, Field *field, GError **error)
{
  skip_blanks (self);
  field->line = self->line;
  field->quoted = FALSE;
  if (self->at < self->end && *self->at == '"' && !self->in_comment)
    return read_quoted (self, field, error);

  const char *start = self->at;
  while (!at_line_end (self) && *self->at != self->separator)
    self->at++;
  gsize n = self->at - start;
  while (n > 0 && g_ascii_isspace (start[n - 1]))
    n--;
  field->text = g_string_chunk_insert_len (self->texts, start, n);
  return TRUE;
}

static GArray *
read_row (Reader *self, GError **error)
{
  g_autoptr (GArray) row = g_array_new (FALSE, FALSE, sizeof (Field));

  for (;;)
    {
      Field field = { 0 };

      if (!read_field (self, &field, error))
        return NULL;
      if (row->len == MAX_COLUMNS)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Line %u has more than %d fields", self->line, MAX_COLUMNS);
          return NULL;
        }
      g_array_append_val (row, field);
      if (self->separator == ' ')
        skip_blanks (self);
      if (at_line_end (self))
        break;
      if (*self->at == self->separator)
        self->at++;
    }
  return g_steal_pointer (&row);
}

/* A comment may hold the headings, as numpy.savetxt writes them. */
static gboolean
read_comment (Reader *self, GError **error)
{
  while (self->at < self->end && (*self->at == '#' || *self->at == ' '))
    self->at++;
  self->in_comment = TRUE;
  GArray *row = read_row (self, error);
  self->in_comment = FALSE;
  if (row == NULL)
    return FALSE;
  if (self->rows->len > 0)
    {
      g_array_unref (row);
      return TRUE;
    }
  g_clear_pointer (&self->comment, g_array_unref);
  self->comment = row;
  return TRUE;
}

static gboolean
read_rows (Reader *self, GError **error)
{
  while (self->at < self->end)
    {
      if (*self->at == '#')
        {
          if (!read_comment (self, error))
            return FALSE;
        }
      else
        {
          skip_blanks (self);
          if (!at_line_end (self))
            {
              GArray *row = read_row (self, error);
              if (row == NULL)
                return FALSE;
              g_ptr_array_add (self->rows, row);
            }
        }
      if (self->at < self->end)
        skip_line_end (self);
    }
  return TRUE;
}

static gboolean
is_missing (const char *text)
{
  static const char *const marks[] = { "", "na", "n/a", "nan", "null", "none", "?", "-", ".", "#n/a" };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_ascii_strcasecmp (text, marks[i]) == 0)
      return TRUE;
  return FALSE;
}

/* A number with a point, or a comma where commas do not separate. */
static gboolean
parse_number (const char *text, char separator, double *number)
{
  char *end;
  g_autofree char *pointed = NULL;

  /* Not 0x1p3, which strtod knows but nobody means. */
  if (strspn (text, "+-0123456789.,eEinftyINFTY") != strlen (text) || *text == '\0')
    return FALSE;
  if (separator != ',' && strchr (text, ',') != NULL)
    {
      pointed = g_strdup (text);
      *strchr (pointed, ',') = '.';
      text = pointed;
    }
  *number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static gboolean
is_number (const Field *field, char separator)
{
  double number;

  return parse_number (field->text, separator, &number);
}

/* Headings are a first row without any number, above rows that have some, or whose numbers are all missing. */
static gboolean
is_heading (Reader *self, GArray *row)
{
  gboolean named = FALSE, below = FALSE, missing = self->rows->len > 1;

  for (guint i = 0; i < row->len; i++)
    {
      /* Years and the like may be headings when they stand in quotation marks. */
      if (is_number (get_field (row, i), self->separator) && !get_field (row, i)->quoted)
        return FALSE;
      named = named || !is_missing (get_field (row, i)->text) || get_field (row, i)->quoted;
    }
  for (guint r = 1; r < self->rows->len && !below; r++)
    {
      GArray *other = self->rows->pdata[r];
      for (guint i = 0; i < other->len; i++)
        {
          below = below || is_number (get_field (other, i), self->separator);
          missing = missing && is_missing (get_field (other, i)->text);
        }
    }
  return named && (below || missing);
}

/* A separator at the end of every line makes a column that nobody meant. */
static void
drop_empty_last_column (Reader *self)
{
  for (guint r = 0; r < self->rows->len; r++)
    {
      GArray *row = self->rows->pdata[r];
      if (row->len < 2 || *get_field (row, row->len - 1)->text != '\0')
        return;
    }
  for (guint r = 0; r < self->rows->len; r++)
    {
      GArray *row = self->rows->pdata[r];
      g_array_set_size (row, row->len - 1);
    }
}

static gboolean
check_widths (Reader *self, GError **error)
{
  guint width = ((GArray *) self->rows->pdata[0])->len;

  for (guint r = 1; r < self->rows->len; r++)
    {
      GArray *row = self->rows->pdata[r];
      if (row->len != width)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Line %u has %u %s where the first row has %u",
                       get_field (row, 0)->line, row->len, row->len == 1 ? "field" : "fields", width);
          return FALSE;
        }
    }
  return TRUE;
}

static void
set_not_a_number (const OrrTableColumn *column, guint index, const Field *field, GError **error)
{
  g_autofree char *start = orr_format_excerpt (field->text, MAX_SHOWN);
  g_autofree char *name = orr_format_excerpt (column->name, MAX_SHOWN);

  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Line %u, column %u (%s): \"%s\" is not a number", field->line,
               index + 1, name, start);
}

/* Numbers; or texts, where a column has no number at all. */
static gboolean
fill_column (Reader *self, guint first, OrrTable *table, guint index, GError **error)
{
  OrrTableColumn *column = &table->columns[index];
  const Field *other = NULL;
  gboolean numeric = FALSE;

  for (gsize r = 0; r < table->n_rows; r++)
    {
      const Field *field = get_field (self->rows->pdata[first + r], index);

      if (is_missing (field->text))
        {
          column->numbers[r] = NAN;
          column->n_missing++;
        }
      else if (parse_number (field->text, self->separator, &column->numbers[r]))
        numeric = TRUE;
      else if (other == NULL)
        other = field;
    }
  if (other == NULL)
    return TRUE;
  if (numeric)
    {
      set_not_a_number (column, index, other, error);
      return FALSE;
    }

  g_clear_pointer (&column->numbers, g_free);
  column->texts = g_new0 (char *, table->n_rows + 1);
  for (gsize r = 0; r < table->n_rows; r++)
    {
      Field *field = get_field (self->rows->pdata[first + r], index);
      column->texts[r] = is_missing (field->text) ? g_strdup ("") : g_strdup (field->text);
    }
  return TRUE;
}

/* Gives every column a name of its own. */
static void
set_names (OrrTable *table, GArray *heading)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < table->n_columns; i++)
    {
      const char *name = get_field (heading, i)->text;
      OrrTableColumn *column = &table->columns[i];

      if (*name != '\0')
        {
          g_free (column->name);
          column->name = g_strdup (name);
        }
      for (guint k = 2; g_hash_table_contains (taken, column->name); k++)
        {
          g_free (column->name);
          column->name = *name != '\0' ? g_strdup_printf ("%s_%u", name, k) : g_strdup_printf ("x_%u_%u", i + 1, k);
        }
      g_hash_table_add (taken, column->name);
    }
}

static OrrTable *
build (Reader *self, GError **error)
{
  if (self->rows->len == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The table has no rows");
      return NULL;
    }
  drop_empty_last_column (self);
  if (!check_widths (self, error))
    return NULL;

  GArray *top = self->rows->pdata[0];
  GArray *heading = is_heading (self, top) ? top : NULL;
  guint first = heading != NULL ? 1 : 0;
  if (heading == NULL && self->comment != NULL && self->comment->len == top->len)
    heading = self->comment;

  g_autoptr (OrrTable) table = orr_table_new (self->rows->len - first, top->len, NULL);
  table->has_heading = heading != NULL;
  table->separator = self->separator;
  if (heading != NULL)
    set_names (table, heading);
  for (guint i = 0; i < table->n_columns; i++)
    if (!fill_column (self, first, table, i, error))
      return NULL;
  return g_steal_pointer (&table);
}

/**
 * orr_table_parse:
 * @text: UTF-8
 * @length: its bytes, or -1 when it ends with a zero byte
 * @error: (out): %ORR_ERROR_INPUT with the line and the column that is wrong
 *
 * Reads a table of text: fields separated by commas, semicolons, tabs or blanks
 * (found out from the first line), in quotation marks where needed; with or
 * without a row of headings; lines that begin with # are comments, the last of
 * which may hold the headings. With semicolons or tabs numbers may have decimal
 * commas. Empty fields, NA, NaN, null and ? are missing. A column without any
 * number is one of texts; elsewhere a text is an error.
 *
 * Returns: (transfer full) (nullable): the table
 */
OrrTable *
orr_table_parse (const char *text, gssize length, GError **error)
{
  g_auto (Reader) reader = { .at = text, .line = 1 };

  reader.end = text + (length >= 0 ? (gsize) length : strlen (text));
  if (!g_utf8_validate (text, reader.end - text, NULL))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "This is not a table: it is not text in UTF-8");
      return NULL;
    }
  if (reader.end - text >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    reader.at += 3;
  reader.texts = g_string_chunk_new (4096);
  reader.rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  reader.separator = guess_separator (reader.at, reader.end);
  return read_rows (&reader, error) ? build (&reader, error) : NULL;
}
