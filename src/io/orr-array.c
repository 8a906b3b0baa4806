/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-array.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"

static const struct
{
  const char *name;
  gsize size;
} types[] = {
  [ORR_ARRAY_BOOL] = { "bool", 1 },         [ORR_ARRAY_INT8] = { "int8", 1 },
  [ORR_ARRAY_UINT8] = { "uint8", 1 },       [ORR_ARRAY_INT16] = { "int16", 2 },
  [ORR_ARRAY_UINT16] = { "uint16", 2 },     [ORR_ARRAY_INT32] = { "int32", 4 },
  [ORR_ARRAY_UINT32] = { "uint32", 4 },     [ORR_ARRAY_INT64] = { "int64", 8 },
  [ORR_ARRAY_UINT64] = { "uint64", 8 },     [ORR_ARRAY_FLOAT16] = { "float16", 2 },
  [ORR_ARRAY_BFLOAT16] = { "bfloat16", 2 }, [ORR_ARRAY_FLOAT32] = { "float32", 4 },
  [ORR_ARRAY_FLOAT64] = { "float64", 8 },   [ORR_ARRAY_TEXT] = { "text", sizeof (char *) },
};

/**
 * orr_array_type_size:
 *
 * Returns: bytes of one element
 */
gsize
orr_array_type_size (OrrArrayType type)
{
  return types[type].size;
}

/**
 * orr_array_type_name:
 *
 * Returns: the name NumPy gives the type, such as "float32"
 */
const char *
orr_array_type_name (OrrArrayType type)
{
  return types[type].name;
}

/**
 * orr_array_count:
 * @size: bytes of one element
 * @n: (out): the product of the extents
 *
 * Returns: whether the product and its size in bytes can be represented; files
 * are asked this before anything is allocated for them
 */
gboolean
orr_array_count (guint n_dims, const gsize *shape, gsize size, gsize *n)
{
  gsize count = 1, bytes;
  gboolean empty = FALSE;

  /* With an extent of zero the others may still not overflow. */
  for (guint i = 0; i < n_dims; i++)
    {
      if (shape[i] == 0)
        empty = TRUE;
      else if (!g_size_checked_mul (&count, count, shape[i]))
        return FALSE;
    }
  if (!g_size_checked_mul (&bytes, count, MAX (size, 1)) || bytes > G_MAXSSIZE)
    return FALSE;

  *n = empty ? 0 : count;
  return TRUE;
}

/**
 * orr_array_new:
 * @shape: [n_dims] extents, whose product fits (see orr_array_count())
 *
 * Returns: (transfer full): an array of zeros; texts are %NULL
 */
OrrArray *
orr_array_new (OrrArrayType type, guint n_dims, const gsize *shape)
{
  gsize n;

  g_return_val_if_fail (n_dims <= ORR_ARRAY_MAX_DIMS, NULL);
  g_return_val_if_fail (orr_array_count (n_dims, shape, types[type].size, &n), NULL);

  OrrArray *self = g_atomic_rc_box_new0 (OrrArray);
  self->type = type;
  self->n_dims = n_dims;
  for (guint i = 0; i < n_dims; i++)
    self->shape[i] = shape[i];
  self->n = n;
  self->data = g_malloc0 (MAX (n, 1) * types[type].size);
  return self;
}

static void
swap_elements (guint8 *data, gsize n, gsize size)
{
  for (gsize i = 0; i < n; i++, data += size)
    for (gsize low = 0, high = size - 1; low < high; low++, high--)
      {
        guint8 byte = data[low];
        data[low] = data[high];
        data[high] = byte;
      }
}

/**
 * orr_array_new_gather:
 * @shape: [n_dims] extents
 * @strides: (nullable): [n_dims] elements between neighbours along each
 *   dimension; %NULL for row-major without gaps
 * @source: the element at index 0, 0, ...; every element that shape and strides
 *   reach must be readable
 * @swap: whether the source has the other byte order
 *
 * Returns: (transfer full): a row-major copy
 */
OrrArray *
orr_array_new_gather (OrrArrayType type, guint n_dims, const gsize *shape, const gsize *strides,
                      gconstpointer source, gboolean swap)
{
  OrrArray *self = orr_array_new (type, n_dims, shape);
  gsize size = types[type].size;
  guint8 *to = self->data;

  g_return_val_if_fail (type != ORR_ARRAY_TEXT, self);

  if (strides == NULL)
    {
      if (self->n > 0)
        memcpy (to, source, self->n * size);
    }
  else
    {
      gsize index[ORR_ARRAY_MAX_DIMS] = { 0 };

      for (gsize i = 0; i < self->n; i++)
        {
          gsize offset = 0;

          for (guint d = 0; d < n_dims; d++)
            offset += index[d] * strides[d];
          memcpy (to + i * size, (const guint8 *) source + offset * size, size);
          for (guint d = n_dims; d-- > 0 && ++index[d] == shape[d];)
            index[d] = 0;
        }
    }

  if (swap && size > 1)
    swap_elements (to, self->n, size);
  return self;
}

/**
 * orr_array_new_vector:
 * @values: n elements of the type, copied
 */
OrrArray *
orr_array_new_vector (OrrArrayType type, gsize n, gconstpointer values)
{
  return orr_array_new_gather (type, 1, &n, NULL, values, FALSE);
}

/**
 * orr_array_new_table:
 * @values: rows x cols elements of the type, row-major, copied
 */
OrrArray *
orr_array_new_table (OrrArrayType type, gsize rows, gsize cols, gconstpointer values)
{
  const gsize shape[2] = { rows, cols };
  return orr_array_new_gather (type, 2, shape, NULL, values, FALSE);
}

/**
 * orr_array_new_texts:
 *
 * Returns: (transfer full): a vector of @n texts
 */
OrrArray *
orr_array_new_texts (const char *const *texts, gsize n)
{
  OrrArray *self = orr_array_new (ORR_ARRAY_TEXT, 1, &n);
  char **to = self->data;

  for (gsize i = 0; i < n; i++)
    to[i] = g_strdup (texts[i]);
  return self;
}

/**
 * orr_array_new_text:
 *
 * Returns: (transfer full): an array without dimensions that holds one text
 */
OrrArray *
orr_array_new_text (const char *text)
{
  OrrArray *self = orr_array_new (ORR_ARRAY_TEXT, 0, NULL);

  ((char **) self->data)[0] = g_strdup (text);
  return self;
}

/**
 * orr_array_new_matrix:
 *
 * Returns: (transfer full): float32; a matrix of one row stays two-dimensional
 */
OrrArray *
orr_array_new_matrix (const OrrMatrix *matrix)
{
  return orr_array_new_table (ORR_ARRAY_FLOAT32, matrix->rows, matrix->cols, matrix->data);
}

OrrArray *
orr_array_ref (OrrArray *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrArray *self = box;

  if (self->type == ORR_ARRAY_TEXT)
    for (gsize i = 0; i < self->n; i++)
      g_free (((char **) self->data)[i]);
  g_free (self->data);
}

void
orr_array_unref (OrrArray *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/**
 * orr_array_shape_string:
 *
 * Returns: (transfer full): such as "3 x 150", or "one value"
 */
char *
orr_array_shape_string (const OrrArray *self)
{
  g_autoptr (GString) text = g_string_new (self->n_dims == 0 ? "one value" : "");

  for (guint i = 0; i < self->n_dims; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i > 0 ? " x " : "", self->shape[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static float
half_to_float (guint16 half)
{
  int exponent = (half >> 10) & 0x1f;
  int fraction = half & 0x3ff;
  float value;

  if (exponent == 0x1f)
    value = fraction != 0 ? NAN : INFINITY;
  else if (exponent == 0)
    value = ldexpf (fraction, -24);
  else
    value = ldexpf (fraction | 0x400, exponent - 25);
  return (half & 0x8000) != 0 ? -value : value;
}

/* bfloat16 is the upper half of a float32. */
static float
brain_to_float (guint16 brain)
{
  guint32 bits = (guint32) brain << 16;
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/**
 * orr_array_get_double:
 * @index: which element, counted row-major
 *
 * Returns: the element as a number; NaN for a text
 */
double
orr_array_get_double (const OrrArray *self, gsize index)
{
  gconstpointer data = self->data;

  g_return_val_if_fail (index < self->n, NAN);

  switch (self->type)
    {
    case ORR_ARRAY_BOOL:
      return ((const guint8 *) data)[index] != 0;
    case ORR_ARRAY_INT8:
      return ((const gint8 *) data)[index];
    case ORR_ARRAY_UINT8:
      return ((const guint8 *) data)[index];
    case ORR_ARRAY_INT16:
      return ((const gint16 *) data)[index];
    case ORR_ARRAY_UINT16:
      return ((const guint16 *) data)[index];
    case ORR_ARRAY_INT32:
      return ((const gint32 *) data)[index];
    case ORR_ARRAY_UINT32:
      return ((const guint32 *) data)[index];
    case ORR_ARRAY_INT64:
      return ((const gint64 *) data)[index];
    case ORR_ARRAY_UINT64:
      return ((const guint64 *) data)[index];
    case ORR_ARRAY_FLOAT16:
      return half_to_float (((const guint16 *) data)[index]);
    case ORR_ARRAY_BFLOAT16:
      return brain_to_float (((const guint16 *) data)[index]);
    case ORR_ARRAY_FLOAT32:
      return ((const float *) data)[index];
    case ORR_ARRAY_FLOAT64:
      return ((const double *) data)[index];
    case ORR_ARRAY_TEXT:
    default:
      return NAN;
    }
}

static gboolean
check_numbers (const OrrArray *self, GError **error)
{
  if (self->type != ORR_ARRAY_TEXT)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The array holds text where numbers are needed");
  return FALSE;
}

/**
 * orr_array_to_doubles:
 *
 * Returns: (transfer full) (nullable): n numbers, or %NULL where it holds text
 */
double *
orr_array_to_doubles (const OrrArray *self, GError **error)
{
  if (!check_numbers (self, error))
    return NULL;

  double *values = g_new (double, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    values[i] = orr_array_get_double (self, i);
  return values;
}

/**
 * orr_array_to_floats:
 *
 * Returns: (transfer full) (nullable): n numbers, or %NULL where it holds text
 */
float *
orr_array_to_floats (const OrrArray *self, GError **error)
{
  if (!check_numbers (self, error))
    return NULL;

  float *values = g_new (float, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    values[i] = (float) orr_array_get_double (self, i);
  return values;
}

/**
 * orr_array_to_matrix:
 *
 * Returns: (transfer full) (nullable): the table; a vector becomes one row, a
 * single value 1 x 1. %NULL with %ORR_ERROR_INPUT for text and for more dimensions
 */
OrrMatrix *
orr_array_to_matrix (const OrrArray *self, GError **error)
{
  if (!check_numbers (self, error))
    return NULL;
  if (self->n_dims > 2)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The array has %u dimensions where a table is needed",
                   self->n_dims);
      return NULL;
    }

  gsize rows = self->n_dims == 2 ? self->shape[0] : 1;
  gsize cols = self->n_dims > 0 ? self->shape[self->n_dims - 1] : 1;
  OrrMatrix *matrix = orr_matrix_new (rows, cols);
  for (gsize i = 0; i < self->n; i++)
    matrix->data[i] = (float) orr_array_get_double (self, i);
  return matrix;
}

/**
 * orr_array_get_text:
 *
 * Returns: (nullable): the text, or %NULL where the array holds numbers or is shorter
 */
const char *
orr_array_get_text (const OrrArray *self, gsize index)
{
  return self->type == ORR_ARRAY_TEXT && index < self->n ? ((char **) self->data)[index] : NULL;
}
