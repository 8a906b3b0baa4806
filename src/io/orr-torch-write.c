/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-torch.h"

#include <string.h>

#include "orr-error.h"
#include "orr-torch-private.h"
#include "orr-zip.h"

const OrrTorchType orr_torch_types[ORR_TORCH_N_TYPES] = {
  { ORR_ARRAY_FLOAT32, "torch.FloatStorage", "torch.float32" },
  { ORR_ARRAY_FLOAT64, "torch.DoubleStorage", "torch.float64" },
  { ORR_ARRAY_FLOAT16, "torch.HalfStorage", "torch.float16" },
  { ORR_ARRAY_BFLOAT16, "torch.BFloat16Storage", "torch.bfloat16" },
  { ORR_ARRAY_INT64, "torch.LongStorage", "torch.int64" },
  { ORR_ARRAY_INT32, "torch.IntStorage", "torch.int32" },
  { ORR_ARRAY_INT16, "torch.ShortStorage", "torch.int16" },
  { ORR_ARRAY_INT8, "torch.CharStorage", "torch.int8" },
  { ORR_ARRAY_UINT8, "torch.ByteStorage", "torch.uint8" },
  { ORR_ARRAY_BOOL, "torch.BoolStorage", "torch.bool" },
  { ORR_ARRAY_UINT16, "", "torch.uint16" },
  { ORR_ARRAY_UINT32, "", "torch.uint32" },
  { ORR_ARRAY_UINT64, "", "torch.uint64" },
};

/* The pickle of an OrderedDict of tensors, opcode by opcode (protocol 2). */

static void
put_bytes (GByteArray *out, const char *bytes, gsize n)
{
  g_byte_array_append (out, (const guint8 *) bytes, n);
}

static void
put_literal (GByteArray *out, const char *text)
{
  put_bytes (out, text, strlen (text));
}

static void
put_little (GByteArray *out, guint64 number, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 byte = number >> (8 * i);
      g_byte_array_append (out, &byte, 1);
    }
}

static void
put_text (GByteArray *out, const char *text)
{
  put_literal (out, "X");
  put_little (out, strlen (text), 4);
  put_literal (out, text);
}

static void
put_integer (GByteArray *out, gsize number)
{
  if (number <= G_MAXINT32)
    {
      put_literal (out, "J");
      put_little (out, number, 4);
    }
  else
    {
      put_bytes (out, "\x8a\x09", 2);
      put_little (out, number, 8);
      put_little (out, 0, 1);
    }
}

static void
put_global (GByteArray *out, const char *name)
{
  const char *dot = strrchr (name, '.');

  put_literal (out, "c");
  put_bytes (out, name, dot - name);
  put_literal (out, "\n");
  put_literal (out, dot + 1);
  put_literal (out, "\n");
}

static void
put_tensor (GByteArray *out, const OrrArray *array, const char *storage, const char *key)
{
  gsize stride = array->n;

  put_global (out, "torch._utils._rebuild_tensor_v2");
  put_literal (out, "((");
  put_text (out, "storage");
  put_global (out, storage);
  put_text (out, key);
  put_text (out, "cpu");
  put_integer (out, array->n);
  put_literal (out, "tQ");
  put_integer (out, 0);
  put_literal (out, "(");
  for (guint d = 0; d < array->n_dims; d++)
    put_integer (out, array->shape[d]);
  put_literal (out, "t(");
  for (guint d = 0; d < array->n_dims; d++)
    {
      stride = array->shape[d] > 0 ? stride / array->shape[d] : stride;
      put_integer (out, MAX (stride, 1));
    }
  put_literal (out, "t\x89");
  put_global (out, "collections.OrderedDict");
  put_literal (out, ")RtR");
}

static const char *
storage_name (OrrArrayType type)
{
  for (guint i = 0; i < ORR_TORCH_N_TYPES; i++)
    if (orr_torch_types[i].type == type && orr_torch_types[i].storage[0] != '\0')
      return orr_torch_types[i].storage;
  return NULL;
}

static void
add_entry (GPtrArray *entries, const char *name, gconstpointer data, gsize length)
{
  g_autofree char *path = g_strconcat ("archive/", name, NULL);
  g_autoptr (GBytes) content = g_bytes_new (data, length);

  g_ptr_array_add (entries, orr_zip_entry_new (path, content, FALSE));
}

static void
add_notes (GPtrArray *entries, OrrArrays *arrays)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (orr_arrays_get_notes (arrays)), (GCompareFunc) strcmp);

  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *path = g_strconcat (ORR_TORCH_NOTES_FOLDER, l->data, NULL);
      const char *text = orr_arrays_get_note (arrays, l->data);
      add_entry (entries, path, text, strlen (text));
    }
}

/**
 * orr_torch_print:
 * @arrays: numbers of types that PyTorch has
 *
 * Returns: (transfer full) (nullable): the content of a .pth file that torch.load
 * reads as an OrderedDict of tensors, also with weights_only; the notes lie
 * beside the pickle, where PyTorch does not look
 */
GBytes *
orr_torch_print (OrrArrays *arrays, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_zip_entry_free);
  g_autoptr (GByteArray) program = g_byte_array_new ();
  const char *order = G_BYTE_ORDER == G_LITTLE_ENDIAN ? "little" : "big";

  put_bytes (program, "\x80\x02", 2);
  put_global (program, "collections.OrderedDict");
  put_literal (program, ")R(");
  for (guint i = 0; i < orr_arrays_get_length (arrays); i++)
    {
      const OrrArray *array = orr_arrays_get (arrays, i);
      const char *storage = storage_name (array->type);
      g_autofree char *key = g_strdup_printf ("%u", i);

      if (storage == NULL)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "PyTorch's format has no place for \"%s\" (%s)",
                       orr_arrays_get_name (arrays, i), orr_array_type_name (array->type));
          return NULL;
        }
      put_text (program, orr_arrays_get_name (arrays, i));
      put_tensor (program, array, storage, key);
    }
  put_literal (program, "u.");

  add_entry (entries, "data.pkl", program->data, program->len);
  add_entry (entries, "byteorder", order, strlen (order));
  for (guint i = 0; i < orr_arrays_get_length (arrays); i++)
    {
      const OrrArray *array = orr_arrays_get (arrays, i);
      g_autofree char *path = g_strdup_printf ("data/%u", i);
      add_entry (entries, path, array->data, array->n * orr_array_type_size (array->type));
    }
  add_notes (entries, arrays);
  add_entry (entries, "version", "3\n", 2);
  return orr_zip_print (entries, 64, error);
}
