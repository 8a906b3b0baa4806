/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-npy.h"

#include <string.h>

#include "orr-error.h"
#include "orr-file.h"
#include "orr-format.h"

/* Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
#define MAGIC "\x93NUMPY"
#define MAGIC_LENGTH 6
#define ALIGNMENT 64

/* One .npy file holds at most this many characters in one text. */
#define MAX_TEXT_LENGTH (1 << 20)

typedef struct
{
  char    *descr;
  gboolean fortran_order;
  guint    n_dims;
  gsize    shape[ORR_ARRAY_MAX_DIMS];
} Header;

static void
header_clear (Header *self)
{
  g_free (self->descr);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Header, header_clear)

static gboolean
fail (GError **error, const char *message)
{
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The .npy data %s", message);
  return FALSE;
}

/* The header is the text of a Python dictionary, such as
 * {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), } */
static void
skip_spaces (const char **at)
{
  while (g_ascii_isspace (**at))
    (*at)++;
}

static gboolean
skip_char (const char **at, char c)
{
  skip_spaces (at);
  if (**at != c)
    return FALSE;
  (*at)++;
  return TRUE;
}

static char *
parse_quoted (const char **at)
{
  skip_spaces (at);
  char quote = **at;
  if (quote != '\'' && quote != '"')
    return NULL;

  const char *start = *at + 1;
  const char *end = strchr (start, quote);
  if (end == NULL)
    return NULL;
  *at = end + 1;
  return g_strndup (start, end - start);
}

static gboolean
parse_shape (const char **at, Header *header, GError **error)
{
  if (!skip_char (at, '('))
    return fail (error, "has a header whose shape is not a tuple");

  while (!skip_char (at, ')'))
    {
      char *end;
      guint64 extent;

      if (header->n_dims == ORR_ARRAY_MAX_DIMS)
        return fail (error, "has more than 8 dimensions");
      skip_spaces (at);
      extent = g_ascii_isdigit (**at) ? g_ascii_strtoull (*at, &end, 10) : G_MAXUINT64;
      if (extent >= G_MAXSSIZE)
        return fail (error, "has a header whose shape is not a list of sizes");
      *at = end;
      header->shape[header->n_dims++] = extent;
      /* Python 2 wrote long integers as 3L. */
      if (**at == 'L')
        (*at)++;
      if (!skip_char (at, ','))
        {
          if (!skip_char (at, ')'))
            return fail (error, "has a header whose shape does not end");
          break;
        }
    }
  return TRUE;
}

static gboolean
parse_entry (const char **at, Header *header, guint *seen, GError **error)
{
  g_autofree char *key = parse_quoted (at);

  if (key == NULL || !skip_char (at, ':'))
    return fail (error, "has a header that is not a dictionary");
  skip_spaces (at);

  if (strcmp (key, "descr") == 0)
    {
      if (**at == '[')
        return fail (error, "holds records with named fields, which cannot be read; save each field as an array");
      g_free (header->descr);
      header->descr = parse_quoted (at);
      if (header->descr == NULL)
        return fail (error, "has a header without the type of its elements");
      *seen |= 1;
      return TRUE;
    }
  if (strcmp (key, "fortran_order") == 0)
    {
      header->fortran_order = g_str_has_prefix (*at, "True");
      if (!header->fortran_order && !g_str_has_prefix (*at, "False"))
        return fail (error, "has a header whose fortran_order is neither True nor False");
      *at += header->fortran_order ? 4 : 5;
      *seen |= 2;
      return TRUE;
    }
  if (strcmp (key, "shape") == 0)
    {
      header->n_dims = 0;
      *seen |= 4;
      return parse_shape (at, header, error);
    }
  return fail (error, "has a header with an entry that the format does not have");
}

static gboolean
parse_header (const char *text, Header *header, GError **error)
{
  guint seen = 0;

  if (!skip_char (&text, '{'))
    return fail (error, "has a header that is not a dictionary");
  while (!skip_char (&text, '}'))
    {
      if (!parse_entry (&text, header, &seen, error))
        return FALSE;
      if (!skip_char (&text, ','))
        {
          if (!skip_char (&text, '}'))
            return fail (error, "has a header that does not end");
          break;
        }
    }
  if (seen != 7)
    return fail (error, "has a header that lacks descr, fortran_order or shape");
  return TRUE;
}

static const struct
{
  const char *code;
  OrrArrayType type;
} codes[] = {
  { "b1", ORR_ARRAY_BOOL },    { "i1", ORR_ARRAY_INT8 },    { "u1", ORR_ARRAY_UINT8 },
  { "i2", ORR_ARRAY_INT16 },   { "u2", ORR_ARRAY_UINT16 },  { "i4", ORR_ARRAY_INT32 },
  { "u4", ORR_ARRAY_UINT32 },  { "i8", ORR_ARRAY_INT64 },   { "u8", ORR_ARRAY_UINT64 },
  { "f2", ORR_ARRAY_FLOAT16 }, { "f4", ORR_ARRAY_FLOAT32 }, { "f8", ORR_ARRAY_FLOAT64 },
};

/* @text_size: bytes of one text, for the types U (4 a character) and S (1). */
static gboolean
parse_type (const char *descr, OrrArrayType *type, gboolean *swap, gsize *text_size, GError **error)
{
  char order = descr[0];
  const char *code = descr[0] != '\0' ? descr + 1 : descr;

  *swap = order == (G_BYTE_ORDER == G_LITTLE_ENDIAN ? '>' : '<');
  *text_size = 0;
  if (strchr ("<>|=", order) != NULL)
    {
      for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
        if (strcmp (codes[i].code, code) == 0)
          {
            *type = codes[i].type;
            return TRUE;
          }
      if ((code[0] == 'U' || code[0] == 'S') && g_ascii_isdigit (code[1]))
        {
          guint64 length = g_ascii_strtoull (code + 1, NULL, 10);
          if (length > MAX_TEXT_LENGTH)
            return fail (error, "holds texts that are too long");
          *type = ORR_ARRAY_TEXT;
          *text_size = length * (code[0] == 'U' ? 4 : 1);
          return TRUE;
        }
      if (code[0] == 'O')
        return fail (error, "holds Python objects, which are never read; save the numbers as a plain array");
    }

  g_autofree char *shown = orr_format_excerpt (descr, 40);
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The .npy data holds elements of type \"%s\", which is not supported",
               shown);
  return FALSE;
}

static char *
decode_text (const guint8 *data, gsize size, gboolean wide, gboolean swap)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!wide)
    return g_utf8_make_valid ((const char *) data, strnlen ((const char *) data, size));

  for (gsize i = 0; i + 4 <= size; i += 4)
    {
      guint32 c;

      memcpy (&c, data + i, 4);
      c = swap ? GUINT32_SWAP_LE_BE (c) : c;
      if (c == 0)
        break;
      g_string_append_unichar (text, g_unichar_validate (c) ? c : 0xfffd);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static OrrArray *
decode_texts (const Header *header, const guint8 *data, gsize text_size, gboolean swap)
{
  OrrArray *array = orr_array_new (ORR_ARRAY_TEXT, header->n_dims, header->shape);
  gboolean wide = header->descr[1] == 'U';

  for (gsize i = 0; i < array->n; i++)
    ((char **) array->data)[i] = decode_text (data + i * text_size, text_size, wide, swap);
  return array;
}

static OrrArray *
decode (const Header *header, const guint8 *data, gsize length, GError **error)
{
  OrrArrayType type;
  gboolean swap;
  gsize text_size, n, size, strides[ORR_ARRAY_MAX_DIMS];

  if (!parse_type (header->descr, &type, &swap, &text_size, error))
    return NULL;

  size = type == ORR_ARRAY_TEXT ? text_size : orr_array_type_size (type);
  /* Texts of length zero need no bytes: count pointers, so that a header alone cannot ask for memory. */
  if (!orr_array_count (header->n_dims, header->shape, MAX (size, sizeof (gpointer)), &n) || n * size > length ||
      (size == 0 && n > length))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The .npy data is cut short: its header promises more values than the %" G_GSIZE_FORMAT
                   " bytes after it hold", length);
      return NULL;
    }
  if (type == ORR_ARRAY_TEXT)
    {
      if (header->fortran_order && header->n_dims > 1)
        {
          fail (error, "holds a table of texts in Fortran order, which is not supported");
          return NULL;
        }
      return decode_texts (header, data, text_size, swap);
    }

  strides[0] = 1;
  for (guint d = 1; d < header->n_dims; d++)
    strides[d] = strides[d - 1] * header->shape[d - 1];
  return orr_array_new_gather (type, header->n_dims, header->shape, header->fortran_order ? strides : NULL, data,
                               swap);
}

/**
 * orr_npy_parse:
 * @bytes: the content of a .npy file
 * @error: (out): %ORR_ERROR_INPUT says what is wrong with it
 *
 * Returns: (transfer full) (nullable): the array, row-major
 */
OrrArray *
orr_npy_parse (GBytes *bytes, GError **error)
{
  g_auto (Header) header = { 0 };
  gsize length, start, header_length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (length < 10 || memcmp (data, MAGIC, MAGIC_LENGTH) != 0)
    {
      fail (error, "does not begin like a .npy file");
      return NULL;
    }
  if (data[6] < 1 || data[6] > 3)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The .npy data has format version %u.%u; 1 to 3 can be read",
                   data[6], data[7]);
      return NULL;
    }

  start = data[6] == 1 ? 10 : 12;
  header_length = data[8] | (gsize) data[9] << 8;
  if (data[6] > 1 && length >= 12)
    header_length |= (gsize) data[10] << 16 | (gsize) data[11] << 24;
  if (length < start || header_length > length - start)
    {
      fail (error, "is cut short within its header");
      return NULL;
    }

  g_autofree char *text = g_strndup ((const char *) data + start, header_length);
  if (!parse_header (text, &header, error))
    return NULL;
  return decode (&header, data + start + header_length, length - start - header_length, error);
}

/* Bytes of the longest text as UTF-32, at least one character. */
static gsize
wide_text_size (const OrrArray *array)
{
  glong longest = 1;

  for (gsize i = 0; i < array->n; i++)
    longest = MAX (longest, g_utf8_strlen (orr_array_get_text (array, i), -1));
  return 4 * (gsize) longest;
}

static char *
descr_of (const OrrArray *array, gsize text_size)
{
  char order = G_BYTE_ORDER == G_LITTLE_ENDIAN ? '<' : '>';
  /* NumPy has no bfloat16: every one of its values is a float32. */
  OrrArrayType type = array->type == ORR_ARRAY_BFLOAT16 ? ORR_ARRAY_FLOAT32 : array->type;

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].type == type)
      return g_strdup_printf ("%c%s", orr_array_type_size (type) == 1 ? '|' : order, codes[i].code);
  return g_strdup_printf ("%cU%" G_GSIZE_FORMAT, order, text_size / 4);
}

static void
append_elements (GByteArray *out, const OrrArray *array, gsize text_size)
{
  if (array->type == ORR_ARRAY_BFLOAT16)
    {
      g_autofree float *floats = orr_array_to_floats (array, NULL);
      g_byte_array_append (out, (const guint8 *) floats, array->n * sizeof (float));
    }
  else if (array->type != ORR_ARRAY_TEXT)
    {
      g_byte_array_append (out, array->data, array->n * orr_array_type_size (array->type));
    }
  else
    {
      g_autofree guint8 *wide = g_malloc (text_size);

      for (gsize i = 0; i < array->n; i++)
        {
          glong n;
          g_autofree gunichar *ucs4 = g_utf8_to_ucs4_fast (orr_array_get_text (array, i), -1, &n);

          memset (wide, 0, text_size);
          memcpy (wide, ucs4, n * sizeof (gunichar));
          g_byte_array_append (out, wide, text_size);
        }
    }
}

/**
 * orr_npy_print:
 * @array: at most 2 GiB of numbers
 *
 * Returns: (transfer full): the content of a .npy file, version 1.0
 */
GBytes *
orr_npy_print (const OrrArray *array)
{
  gsize text_size = array->type == ORR_ARRAY_TEXT ? wide_text_size (array) : 0;
  g_autofree char *descr = descr_of (array, text_size);
  g_autoptr (GString) header = g_string_new (NULL);
  GByteArray *out = g_byte_array_new ();

  g_string_printf (header, "{'descr': '%s', 'fortran_order': False, 'shape': (", descr);
  for (guint d = 0; d < array->n_dims; d++)
    g_string_append_printf (header, "%" G_GSIZE_FORMAT ",%s", array->shape[d], d + 1 < array->n_dims ? " " : "");
  g_string_append (header, "), }");
  /* The values begin at a multiple of 64 bytes; the header ends with a newline. */
  while ((MAGIC_LENGTH + 4 + header->len + 1) % ALIGNMENT != 0)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');

  const guint8 version_and_length[4] = { 1, 0, header->len & 0xff, header->len >> 8 };
  g_byte_array_append (out, (const guint8 *) MAGIC, MAGIC_LENGTH);
  g_byte_array_append (out, version_and_length, sizeof version_and_length);
  g_byte_array_append (out, (const guint8 *) header->str, header->len);
  append_elements (out, array, text_size);
  return g_byte_array_free_to_bytes (out);
}

/**
 * orr_npy_load:
 *
 * Returns: (transfer full) (nullable): the array in the file at @path
 */
OrrArray *
orr_npy_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = orr_file_read (path, error);

  if (bytes == NULL)
    return NULL;

  OrrArray *array = orr_npy_parse (bytes, error);
  if (array == NULL)
    orr_file_prefix_error (error, path);
  return array;
}

/**
 * orr_npy_save:
 *
 * Returns: whether the file at @path was replaced by one that holds @array
 */
gboolean
orr_npy_save (const OrrArray *array, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = orr_npy_print (array);

  return orr_file_write (path, bytes, error);
}
