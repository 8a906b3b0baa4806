/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-safetensors.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-json.h"
#include "orr-section.h"

/* Format: https://github.com/huggingface/safetensors#format */
#define LENGTH_BYTES 8
#define MAX_HEADER_LENGTH 100000000
#define METADATA "__metadata__"

/* More values in one file than this is taken for damage. */
#define MAX_OFFSET 0x1p52

static const struct
{
  const char *name;
  OrrArrayType type;
} dtypes[] = {
  { "F64", ORR_ARRAY_FLOAT64 }, { "F32", ORR_ARRAY_FLOAT32 }, { "F16", ORR_ARRAY_FLOAT16 },
  { "BF16", ORR_ARRAY_BFLOAT16 }, { "I64", ORR_ARRAY_INT64 }, { "U64", ORR_ARRAY_UINT64 },
  { "I32", ORR_ARRAY_INT32 },   { "U32", ORR_ARRAY_UINT32 },  { "I16", ORR_ARRAY_INT16 },
  { "U16", ORR_ARRAY_UINT16 },  { "I8", ORR_ARRAY_INT8 },     { "U8", ORR_ARRAY_UINT8 },
  { "BOOL", ORR_ARRAY_BOOL },
};

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, message);
  return FALSE;
}

/* A list of whole numbers that are not negative. */
static gboolean
get_sizes (GVariant *entry, const char *key, gsize *sizes, gsize max, guint *n)
{
  g_autoptr (GVariant) list = orr_section_get_child (entry, key);
  gsize length;

  if (list == NULL || !g_variant_is_of_type (list, G_VARIANT_TYPE ("ad")))
    return FALSE;
  const double *numbers = g_variant_get_fixed_array (list, &length, sizeof (double));
  if (length > max)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (!(numbers[i] >= 0.0 && numbers[i] < MAX_OFFSET && numbers[i] == floor (numbers[i])))
        return FALSE;
      sizes[i] = (gsize) numbers[i];
    }
  *n = (guint) length;
  return TRUE;
}

static gboolean
get_type (GVariant *entry, OrrArrayType *type, GError **error)
{
  g_autofree char *dtype = orr_section_dup_string (entry, "dtype");

  for (guint i = 0; dtype != NULL && i < G_N_ELEMENTS (dtypes); i++)
    if (strcmp (dtype, dtypes[i].name) == 0)
      {
        *type = dtypes[i].type;
        return TRUE;
      }
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "its type \"%s\" is not supported", dtype != NULL ? dtype : "");
  return FALSE;
}

static OrrArray *
parse_tensor (GVariant *entry, const guint8 *data, gsize length, GError **error)
{
  gsize shape[ORR_ARRAY_MAX_DIMS], offsets[2], n;
  guint n_dims, n_offsets;
  OrrArrayType type;

  if (!g_variant_is_of_type (entry, G_VARIANT_TYPE_VARDICT))
    {
      fail (error, "its entry in the header is not an object");
      return NULL;
    }
  if (!get_type (entry, &type, error))
    return NULL;
  if (!get_sizes (entry, "shape", shape, ORR_ARRAY_MAX_DIMS, &n_dims) ||
      !get_sizes (entry, "data_offsets", offsets, 2, &n_offsets) || n_offsets != 2)
    {
      fail (error, "its shape or its place in the file is not given");
      return NULL;
    }
  if (!orr_array_count (n_dims, shape, orr_array_type_size (type), &n) || offsets[1] > length ||
      offsets[0] > offsets[1] || offsets[1] - offsets[0] != n * orr_array_type_size (type))
    {
      fail (error, "its place lies outside the file or does not fit its shape; the file may be cut short");
      return NULL;
    }
  return orr_array_new_gather (type, n_dims, shape, NULL, data + offsets[0], G_BYTE_ORDER == G_BIG_ENDIAN);
}

static void
parse_metadata (GVariant *metadata, OrrArrays *arrays)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (!g_variant_is_of_type (metadata, G_VARIANT_TYPE_VARDICT))
    return;
  g_variant_iter_init (&iter, metadata);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        orr_arrays_set_note (arrays, name, g_variant_get_string (value, NULL));
      g_variant_unref (value);
    }
}

/**
 * orr_safetensors_parse:
 * @bytes: the content of a .safetensors file
 *
 * Returns: (transfer full) (nullable): its tensors; the metadata as notes
 */
OrrArrays *
orr_safetensors_parse (GBytes *bytes, GError **error)
{
  gsize length, used = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint64 header_length = 0;

  for (guint i = 0; i < LENGTH_BYTES && i < length; i++)
    header_length |= (guint64) data[i] << (8 * i);
  if (length < LENGTH_BYTES + 2 || header_length > MAX_HEADER_LENGTH || header_length < 2 ||
      data[LENGTH_BYTES] != '{')
    {
      fail (error, "This is not a safetensors file (it does not begin with a header)");
      return NULL;
    }
  if (header_length > length - LENGTH_BYTES)
    {
      fail (error, "The safetensors file is cut short within its header");
      return NULL;
    }

  g_autoptr (GVariant) header = orr_json_parse ((const char *) data + LENGTH_BYTES, header_length, error);
  if (header == NULL)
    {
      g_prefix_error (error, "Header of the safetensors file: ");
      return NULL;
    }

  g_autoptr (OrrArrays) arrays = orr_arrays_new ();
  const guint8 *values = data + LENGTH_BYTES + header_length;
  gsize n_values = length - LENGTH_BYTES - header_length;
  for (gsize i = 0; i < g_variant_n_children (header); i++)
    {
      const char *name;
      g_autoptr (GVariant) entry = NULL;

      g_variant_get_child (header, i, "{&sv}", &name, &entry);
      if (strcmp (name, METADATA) == 0)
        {
          parse_metadata (entry, arrays);
          continue;
        }
      g_autoptr (OrrArray) array = parse_tensor (entry, values, n_values, error);
      if (array == NULL)
        {
          g_prefix_error (error, "Tensor \"%s\": ", name);
          return NULL;
        }
      /* Tensors lie side by side: sharing bytes would let a small file ask for much memory. */
      used += array->n * orr_array_type_size (array->type);
      if (used > n_values)
        {
          fail (error, "The safetensors file is damaged: its tensors overlap");
          return NULL;
        }
      orr_arrays_add (arrays, name, array);
    }
  return g_steal_pointer (&arrays);
}

static GVariant *
describe_tensor (const OrrArray *array, const char *dtype, gsize offset)
{
  double shape[ORR_ARRAY_MAX_DIMS];
  const double offsets[2] = { offset, offset + array->n * orr_array_type_size (array->type) };
  GVariantBuilder builder;

  for (guint d = 0; d < array->n_dims; d++)
    shape[d] = array->shape[d];
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "dtype", g_variant_new_string (dtype));
  g_variant_builder_add (&builder, "{sv}", "shape", orr_section_new_doubles (shape, array->n_dims));
  g_variant_builder_add (&builder, "{sv}", "data_offsets", orr_section_new_doubles (offsets, 2));
  return g_variant_builder_end (&builder);
}

static GVariant *
describe_notes (OrrArrays *arrays)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (orr_arrays_get_notes (arrays)), (GCompareFunc) strcmp);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  /* What other programs look for: the tensors' layout is PyTorch's. */
  if (orr_arrays_get_note (arrays, "format") == NULL)
    g_variant_builder_add (&builder, "{sv}", "format", g_variant_new_string ("pt"));
  for (GList *l = names; l != NULL; l = l->next)
    g_variant_builder_add (&builder, "{sv}", l->data, g_variant_new_string (orr_arrays_get_note (arrays, l->data)));
  return g_variant_builder_end (&builder);
}

static const char *
dtype_of (const OrrArray *array)
{
  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (dtypes[i].type == array->type)
      return dtypes[i].name;
  return NULL;
}

/**
 * orr_safetensors_print:
 *
 * Returns: (transfer full) (nullable): the content of a .safetensors file; the
 * notes are its metadata
 */
GBytes *
orr_safetensors_print (OrrArrays *arrays, GError **error)
{
  GVariantBuilder builder;
  gsize offset = 0;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", METADATA, describe_notes (arrays));
  for (guint i = 0; i < orr_arrays_get_length (arrays); i++)
    {
      const OrrArray *array = orr_arrays_get (arrays, i);
      const char *dtype = dtype_of (array);

      if (dtype == NULL)
        {
          g_variant_builder_clear (&builder);
          g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "The safetensors format has no place for \"%s\" (%s)",
                       orr_arrays_get_name (arrays, i), orr_array_type_name (array->type));
          return NULL;
        }
      g_variant_builder_add (&builder, "{sv}", orr_arrays_get_name (arrays, i),
                             describe_tensor (array, dtype, offset));
      offset += array->n * orr_array_type_size (array->type);
    }

  g_autoptr (GVariant) header = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_autofree char *json = orr_json_print (header, FALSE);
  g_autoptr (GString) padded = g_string_new (json);
  while ((LENGTH_BYTES + padded->len) % 8 != 0)
    g_string_append_c (padded, ' ');

  GByteArray *out = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE (padded->len);
  g_byte_array_append (out, (const guint8 *) &length, sizeof length);
  g_byte_array_append (out, (const guint8 *) padded->str, padded->len);
  for (guint i = 0; i < orr_arrays_get_length (arrays); i++)
    {
      const OrrArray *array = orr_arrays_get (arrays, i);
      g_byte_array_append (out, array->data, array->n * orr_array_type_size (array->type));
    }
  return g_byte_array_free_to_bytes (out);
}
