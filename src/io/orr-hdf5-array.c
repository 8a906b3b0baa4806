/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hdf5-array.h"

#include <string.h>

#include "orr-error.h"
#include "orr-hdf5-private.h"

#define MAX_NAME_LENGTH 1024
#define MAX_NOTE_LENGTH 1024

static OrrArrayType
integer_type (gsize size, gboolean is_signed)
{
  switch (size)
    {
    case 1:
      return is_signed ? ORR_ARRAY_INT8 : ORR_ARRAY_UINT8;
    case 2:
      return is_signed ? ORR_ARRAY_INT16 : ORR_ARRAY_UINT16;
    case 4:
      return is_signed ? ORR_ARRAY_INT32 : ORR_ARRAY_UINT32;
    default:
      return is_signed ? ORR_ARRAY_INT64 : ORR_ARRAY_UINT64;
    }
}

/* What of ours holds the file's type; FALSE when nothing does. */
static gboolean
find_type (hid_t in_file, OrrArrayType *type)
{
  gsize size = H5Tget_size (in_file);

  switch (H5Tget_class (in_file))
    {
    case H5T_INTEGER:
      *type = integer_type (size, H5Tget_sign (in_file) == H5T_SGN_2);
      return size <= 8;
    case H5T_FLOAT:
      *type = size <= 4 ? ORR_ARRAY_FLOAT32 : ORR_ARRAY_FLOAT64;
      return size <= 16;
    case H5T_ENUM:
      *type = ORR_ARRAY_BOOL;
      return size == 1 && H5Tget_nmembers (in_file) == 2;
    case H5T_STRING:
      *type = ORR_ARRAY_TEXT;
      return TRUE;
    default:
      return FALSE;
    }
}

/* The numeric types in memory (where the file's byte order does not count) or in files. */
static hid_t
number_type (OrrArrayType type, gboolean in_file)
{
  switch (type)
    {
    case ORR_ARRAY_BOOL:
    case ORR_ARRAY_UINT8:
      return in_file ? H5T_STD_U8LE : H5T_NATIVE_UINT8;
    case ORR_ARRAY_INT8:
      return in_file ? H5T_STD_I8LE : H5T_NATIVE_INT8;
    case ORR_ARRAY_INT16:
      return in_file ? H5T_STD_I16LE : H5T_NATIVE_INT16;
    case ORR_ARRAY_UINT16:
      return in_file ? H5T_STD_U16LE : H5T_NATIVE_UINT16;
    case ORR_ARRAY_INT32:
      return in_file ? H5T_STD_I32LE : H5T_NATIVE_INT32;
    case ORR_ARRAY_UINT32:
      return in_file ? H5T_STD_U32LE : H5T_NATIVE_UINT32;
    case ORR_ARRAY_INT64:
      return in_file ? H5T_STD_I64LE : H5T_NATIVE_INT64;
    case ORR_ARRAY_UINT64:
      return in_file ? H5T_STD_U64LE : H5T_NATIVE_UINT64;
    case ORR_ARRAY_FLOAT32:
      return in_file ? H5T_IEEE_F32LE : H5T_NATIVE_FLOAT;
    case ORR_ARRAY_FLOAT64:
      return in_file ? H5T_IEEE_F64LE : H5T_NATIVE_DOUBLE;
    case ORR_ARRAY_FLOAT16:
    case ORR_ARRAY_BFLOAT16:
    case ORR_ARRAY_TEXT:
    default:
      return H5I_INVALID_HID;
    }
}

static gboolean
read_extents (hid_t space, guint *n_dims, gsize *shape)
{
  hsize_t extents[H5S_MAX_RANK];
  int n = H5Sget_simple_extent_ndims (space);

  if (n < 0 || n > ORR_ARRAY_MAX_DIMS || H5Sget_simple_extent_type (space) == H5S_NULL ||
      H5Sget_simple_extent_dims (space, extents, NULL) < 0)
    return FALSE;
  for (int d = 0; d < n; d++)
    {
      if (extents[d] > ORR_HDF5_MAX_VALUES)
        return FALSE;
      shape[d] = extents[d];
    }
  *n_dims = n;
  return TRUE;
}

static gboolean
read_texts (hid_t dataset, hid_t type, hid_t space, OrrArray *array)
{
  g_auto (GStrv) texts = orr_hdf5_read_texts (dataset, -1, type, space, array->n);

  if (texts == NULL)
    {
      for (gsize i = 0; i < array->n; i++)
        ((char **) array->data)[i] = g_strdup ("");
      return FALSE;
    }
  memcpy (array->data, texts, array->n * sizeof (char *));
  memset (texts, 0, array->n * sizeof (char *));
  return TRUE;
}

/**
 * orr_hdf5_read_array:
 *
 * Returns: (transfer full) (nullable): the dataset at @place, of up to 8 dimensions
 */
OrrArray *
orr_hdf5_read_array (OrrHdf5 *self, const char *place, GError **error)
{
  g_auto (OrrHid) dataset = orr_hdf5_has (self, place) ? H5Dopen2 (self->file, place, H5P_DEFAULT) : -1;
  g_auto (OrrHid) type = dataset >= 0 ? H5Dget_type (dataset) : -1;
  g_auto (OrrHid) space = dataset >= 0 ? H5Dget_space (dataset) : -1;
  gsize shape[ORR_ARRAY_MAX_DIMS], n;
  OrrArrayType kind;
  guint n_dims;

  if (type < 0 || space < 0)
    {
      orr_hdf5_fail (self, place, "a dataset is missing", error);
      return NULL;
    }
  if (!find_type (type, &kind))
    {
      orr_hdf5_fail (self, place, "a dataset holds values of a type that is not supported", error);
      return NULL;
    }
  if (!read_extents (space, &n_dims, shape) || !orr_array_count (n_dims, shape, sizeof (double), &n) ||
      n > ORR_HDF5_MAX_VALUES || !orr_hdf5_check_storage (self, dataset, n))
    {
      orr_hdf5_fail (self, place, "a dataset has a size or a way of storage that is not supported", error);
      return NULL;
    }

  g_autoptr (OrrArray) array = orr_array_new (kind, n_dims, shape);
  g_auto (OrrHid) memory = kind == ORR_ARRAY_BOOL ? H5Tget_native_type (type, H5T_DIR_ASCEND)
                                                  : H5Tcopy (kind == ORR_ARRAY_TEXT ? type : number_type (kind, FALSE));
  if (kind == ORR_ARRAY_TEXT ? !read_texts (dataset, type, space, array)
                             : n > 0 && H5Dread (dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, array->data) < 0)
    {
      orr_hdf5_fail (self, place, "a dataset is damaged", error);
      return NULL;
    }
  return g_steal_pointer (&array);
}

/* The texts among a group's attributes, as notes. */
static void
collect_notes (OrrHdf5 *self, const char *group, const char *prefix, OrrArrays *arrays)
{
  g_autoptr (GVariant) attributes = orr_hdf5_read_attributes (self, group, NULL);
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (attributes == NULL)
    return;
  g_variant_iter_init (&iter, attributes);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) && g_variant_get_size (value) <= MAX_NOTE_LENGTH)
        {
          g_autofree char *path = g_strconcat (prefix, name, NULL);
          orr_arrays_set_note (arrays, path, g_variant_get_string (value, NULL));
        }
      g_variant_unref (value);
    }
}

static gboolean
collect (OrrHdf5 *self, const char *group, const char *prefix, guint depth, OrrArrays *arrays, GError **error)
{
  g_auto (GStrv) names = orr_hdf5_list (self, group);

  collect_notes (self, group, prefix, arrays);
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *place = g_strconcat (depth > 0 ? group : "", "/", *name, NULL);
      g_autofree char *path = g_strconcat (prefix, *name, NULL);
      g_auto (OrrHid) object = H5Oopen (self->file, place, H5P_DEFAULT);
      H5I_type_t kind = object >= 0 ? H5Iget_type (object) : H5I_BADID;

      if (!g_utf8_validate (path, -1, NULL) || strlen (path) > MAX_NAME_LENGTH || !orr_hdf5_charge (self, 0))
        return orr_hdf5_fail (self, group, "there are too many names, or one that is not a text", error);
      /* A group that is in itself was read already. */
      if (kind == H5I_GROUP && orr_hdf5_descend (self, object, depth + 1))
        {
          g_autofree char *inner = g_strconcat (path, ".", NULL);
          if (!collect (self, place, inner, depth + 1, arrays, error))
            return FALSE;
        }
      else if (kind == H5I_DATASET)
        {
          g_autoptr (OrrArray) array = orr_hdf5_read_array (self, place, error);
          if (array == NULL)
            return FALSE;
          if (array->type == ORR_ARRAY_TEXT && array->n == 1)
            orr_arrays_set_note (arrays, path, orr_array_get_text (array, 0));
          else
            orr_arrays_add (arrays, path, array);
        }
    }
  return TRUE;
}

/**
 * orr_hdf5_read_arrays:
 *
 * Returns: (transfer full) (nullable): every dataset of the file, the names of
 * its groups before its own, joined with dots; single texts as notes
 */
OrrArrays *
orr_hdf5_read_arrays (OrrHdf5 *self, GError **error)
{
  g_autoptr (OrrArrays) arrays = orr_arrays_new ();
  g_auto (OrrHid) root = H5Gopen2 (self->file, "/", H5P_DEFAULT);

  if (root < 0 || !orr_hdf5_descend (self, root, 0))
    {
      orr_hdf5_fail (self, "/", "a group is damaged", error);
      return NULL;
    }
  return collect (self, "/", "", 0, arrays, error) ? g_steal_pointer (&arrays) : NULL;
}

static gboolean
write_array (OrrHdf5 *self, const char *place, const OrrArray *array, GError **error)
{
  hsize_t extents[2] = { 0, 0 };
  hid_t type = number_type (array->type, TRUE);

  if (type < 0 || array->n_dims > 2)
    return orr_hdf5_fail (self, place, "an array has no form", error);
  for (guint d = 0; d < array->n_dims; d++)
    extents[d] = array->shape[d];

  g_auto (OrrHid) dataset = orr_hdf5_new_dataset (self, place, type, array->n_dims, extents, error);
  if (dataset < 0)
    return FALSE;
  return array->n == 0 ||
         H5Dwrite (dataset, number_type (array->type, FALSE), H5S_ALL, H5S_ALL, H5P_DEFAULT, array->data) >= 0 ||
         orr_hdf5_fail (self, place, "a dataset could not be written", error);
}

/**
 * orr_hdf5_write_arrays:
 * @arrays: numbers of up to two dimensions, but no 16-bit floats
 *
 * Writes the arrays as datasets of the root, the notes as its attributes.
 */
gboolean
orr_hdf5_write_arrays (OrrHdf5 *self, OrrArrays *arrays, GError **error)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (orr_arrays_get_notes (arrays)), (GCompareFunc) strcmp);
  g_auto (GVariantBuilder) notes = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < orr_arrays_get_length (arrays); i++)
    {
      g_autofree char *place = g_strconcat ("/", orr_arrays_get_name (arrays, i), NULL);
      if (!write_array (self, place, orr_arrays_get (arrays, i), error))
        return FALSE;
    }
  for (GList *l = names; l != NULL; l = l->next)
    g_variant_builder_add (&notes, "{sv}", l->data, g_variant_new_string (orr_arrays_get_note (arrays, l->data)));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_builder_end (&notes));
  return orr_hdf5_write_section (self, "/", section, error);
}
