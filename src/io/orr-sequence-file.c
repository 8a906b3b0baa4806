/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sequence-file.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-file.h"
#include "orr-npy.h"

/* Sequences under construction. */
typedef struct
{
  GArray *lengths; /* of gsize */
  GArray *symbols; /* of guint16 */
} Builder;

static void
builder_clear (Builder *builder)
{
  g_clear_pointer (&builder->lengths, g_array_unref);
  g_clear_pointer (&builder->symbols, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Builder, builder_clear)

static Builder
builder_create (void)
{
  return (Builder) { .lengths = g_array_new (FALSE, FALSE, sizeof (gsize)),
                     .symbols = g_array_new (FALSE, FALSE, sizeof (guint16)) };
}

/* Closes the sequence that began at symbol @first, if it has any. */
static void
builder_close (Builder *builder, gsize first)
{
  gsize length = builder->symbols->len - first;

  if (length > 0)
    g_array_append_val (builder->lengths, length);
}

static OrrSequences *
load_npy (const char *path, GError **error)
{
  g_autoptr (OrrArray) array = orr_npy_load (path, error);
  if (array == NULL)
    return NULL;
  if (array->n_dims < 1 || array->n_dims > 2 || array->type == ORR_ARRAY_TEXT)
    {
      g_autofree char *shape = orr_array_shape_string (array);
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "%s: symbols are a list [T] or a table [N x T] of whole numbers, not %s%s", path,
                   array->type == ORR_ARRAY_TEXT ? "text " : "", shape);
      return NULL;
    }

  g_autofree guint16 *symbols = g_new (guint16, MAX (array->n, 1));
  for (gsize i = 0; i < array->n; i++)
    {
      double value = orr_array_get_double (array, i);

      if (!(value >= 0.0 && value < 65536.0) || value != floor (value))
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s: element %" G_GSIZE_FORMAT " is %g, which is no symbol",
                       path, i + 1, value);
          return NULL;
        }
      symbols[i] = value;
    }
  if (array->n_dims == 1)
    return orr_sequences_new_equal (1, array->n, symbols);
  return orr_sequences_new_equal (array->shape[0], array->shape[1], symbols);
}

static gboolean
parse_symbol (const char *token, guint16 *symbol)
{
  guint64 number;

  /* Tables saved by spreadsheets and NumPy may say 2.0. */
  g_autofree char *whole = g_strdup (token);
  char *point = strchr (whole, '.');
  if (point != NULL && strspn (point + 1, "0") == strlen (point + 1))
    *point = '\0';
  if (!g_ascii_string_to_unsigned (whole, 10, 0, G_MAXUINT16, &number, NULL))
    return FALSE;
  *symbol = number;
  return TRUE;
}

/* Appends the symbols of one line; returns how many, or -1 with @bad set to the first that is none, and its column. */
static int
parse_line (const char *line, GArray *symbols, char **bad, guint *column)
{
  g_auto (GStrv) tokens = g_strsplit_set (line, ",;\t ", -1);
  int count = 0;

  for (guint i = 0; tokens[i] != NULL; i++)
    {
      guint16 symbol;

      g_strstrip (tokens[i]);
      if (tokens[i][0] == '\0')
        continue;
      if (!parse_symbol (tokens[i], &symbol))
        {
          *bad = g_strdup (tokens[i]);
          *column = count + 1;
          return -1;
        }
      g_array_append_val (symbols, symbol);
      count++;
    }
  return count;
}

/* Headings are words; a line with numbers that are no symbols is a mistake. */
static gboolean
is_heading (const char *line)
{
  g_auto (GStrv) tokens = g_strsplit_set (line, ",;\t ", -1);

  for (guint i = 0; tokens[i] != NULL; i++)
    {
      char *end;

      g_strstrip (tokens[i]);
      g_ascii_strtod (tokens[i], &end);
      if (tokens[i][0] != '\0' && *end == '\0')
        return FALSE;
    }
  return TRUE;
}

/* A column of symbols is one sequence, cut by empty lines; otherwise each line is one. */
static gboolean
is_column (char **lines)
{
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = g_strstrip (g_strdup (lines[i]));
      if (line[0] != '#' && strpbrk (line, ",;\t ") != NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_text (char **lines, const char *path, Builder *builder, GError **error)
{
  gboolean column = is_column (lines);
  gsize first = 0;
  gboolean seen = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *bad = NULL;
      guint before = builder->symbols->len, at = 0;

      if (lines[i][0] == '#')
        continue;
      int count = parse_line (lines[i], builder->symbols, &bad, &at);
      if (count < 0 && !seen && is_heading (lines[i]))
        {
          g_array_set_size (builder->symbols, before);
          seen = TRUE;
          continue;
        }
      if (count < 0)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                       "%s, row %u, column %u: \"%s\" is no symbol (symbols are whole numbers from 0)", path, i + 1,
                       at, bad);
          return FALSE;
        }
      seen |= count > 0;
      if (!column || count == 0)
        {
          builder_close (builder, first);
          first = builder->symbols->len;
        }
    }
  builder_close (builder, first);
  return TRUE;
}

static char *
load_text (const char *path, gsize *length, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  char *text = NULL;

  /* What another program pipes in ends when that program does. */
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR)
      && !g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_file_get_contents (path, &text, length, error) ? text : NULL;
  bytes = orr_file_read (path, error);
  if (bytes == NULL)
    return NULL;
  const char *data = g_bytes_get_data (bytes, length);
  return data != NULL ? g_strndup (data, *length) : g_strdup ("");
}

/**
 * orr_sequences_load:
 * @path: `.npy` with whole numbers, [T] (one sequence) or [N x T]; or text: a
 *   line a sequence, its symbols separated by commas, tabs, semicolons or
 *   blanks, or one symbol a line, where an empty line begins a new sequence. A
 *   heading and lines that begin with # are skipped.
 *
 * Returns: (transfer full) (nullable): the sequences, at least one
 */
OrrSequences *
orr_sequences_load (const char *path, GError **error)
{
  if (orr_file_has_extension (path, "npy"))
    return load_npy (path, error);

  gsize length = 0;
  g_autofree char *text = load_text (path, &length, error);
  if (text == NULL)
    return NULL;
  if (!g_utf8_validate (text, length, NULL))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s: this is neither text nor a .npy file", path);
      return NULL;
    }

  /* Some editors begin a file with a mark that is no symbol. */
  g_auto (GStrv) lines = g_strsplit (g_str_has_prefix (text, "\xef\xbb\xbf") ? text + 3 : text, "\n", -1);
  g_auto (Builder) builder = builder_create ();
  if (!parse_text (lines, path, &builder, error))
    return NULL;
  if (builder.lengths->len == 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s: the file holds no symbols", path);
      return NULL;
    }
  return orr_sequences_new (builder.lengths->len, (const gsize *) builder.lengths->data,
                            (const guint16 *) builder.symbols->data);
}
