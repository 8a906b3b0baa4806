/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections (see orr-section.h) as HDF5 groups and back. */
#include <string.h>

#include "orr-error.h"
#include "orr-hdf5-private.h"
#include "orr-section.h"

#define KIND "_kind"
#define KIND_LIST "list"
#define KIND_RAGGED "ragged"

/* Attributes live in the object's header, which is small: long texts become datasets. */
#define MAX_ATTRIBUTE_TEXT 4096

static gboolean write_value (OrrHdf5 *self, const char *group, const char *name, GVariant *value, GError **error);
static GVariant *read_group (OrrHdf5 *self, const char *place, guint depth, GError **error);

/* Writing ----------------------------------------------------------------------------------------- */

static char *
join (const char *group, const char *name)
{
  return g_str_has_suffix (group, "/") ? g_strconcat (group, name, NULL) : g_strconcat (group, "/", name, NULL);
}

static gboolean
write_attribute (OrrHdf5 *self, const char *place, const char *name, hid_t file_type, hid_t memory_type,
                 const void *value, GError **error)
{
  g_auto (OrrHid) object = H5Oopen (self->file, place, H5P_DEFAULT);
  g_auto (OrrHid) space = H5Screate (H5S_SCALAR);
  g_auto (OrrHid) attribute = H5Acreate2 (object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);

  return (attribute >= 0 && H5Awrite (attribute, memory_type, value) >= 0) ||
         orr_hdf5_fail (self, place, "an attribute could not be written", error);
}

static gboolean
write_text_attribute (OrrHdf5 *self, const char *place, const char *name, const char *text, GError **error)
{
  g_auto (OrrHid) type = orr_hdf5_string_type ();
  return write_attribute (self, place, name, type, type, &text, error);
}

/* As h5py stores a bool, so that it reads one. */
static hid_t
boolean_type (void)
{
  hid_t type = H5Tenum_create (H5T_NATIVE_INT8);
  gint8 value = 0;

  H5Tenum_insert (type, "FALSE", &value);
  value = 1;
  H5Tenum_insert (type, "TRUE", &value);
  return type;
}

static gboolean
write_boolean (OrrHdf5 *self, const char *group, const char *name, gboolean flag, GError **error)
{
  g_auto (OrrHid) type = boolean_type ();
  gint8 value = flag;

  return write_attribute (self, group, name, type, type, &value, error);
}

static gboolean
write_dataset (OrrHdf5 *self, const char *place, hid_t file_type, hid_t memory_type, int n_dims,
               const hsize_t *dims, const void *values, GError **error)
{
  g_auto (OrrHid) dataset = orr_hdf5_new_dataset (self, place, file_type, n_dims, dims, error);

  if (dataset < 0)
    return FALSE;
  if (n_dims > 0 && (dims[0] == 0 || (n_dims > 1 && dims[1] == 0)))
    return TRUE;
  return H5Dwrite (dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0 ||
         orr_hdf5_fail (self, place, "a dataset could not be written", error);
}

static gboolean
write_text (OrrHdf5 *self, const char *group, const char *name, const char *text, GError **error)
{
  if (strlen (text) <= MAX_ATTRIBUTE_TEXT)
    return write_text_attribute (self, group, name, text, error);

  g_auto (OrrHid) type = orr_hdf5_string_type ();
  g_autofree char *place = join (group, name);
  return write_dataset (self, place, type, type, 0, NULL, &text, error);
}

static gboolean
write_children (OrrHdf5 *self, const char *place, const char *kind, GVariant *list, GError **error)
{
  if (!orr_hdf5_write_group (self, place, error) || !write_text_attribute (self, place, KIND, kind, error))
    return FALSE;

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (list, i);
      g_autofree char *name = g_strdup_printf ("%06" G_GSIZE_FORMAT, i);

      if (!write_value (self, place, name, child, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_ragged (GVariant *table)
{
  gsize n = g_variant_n_children (table), length = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (table, i);

      if (i > 0 && g_variant_n_children (row) != length)
        return TRUE;
      length = g_variant_n_children (row);
    }
  return FALSE;
}

static gboolean
write_table (OrrHdf5 *self, const char *place, GVariant *table, GError **error)
{
  if (is_ragged (table))
    return write_children (self, place, KIND_RAGGED, table, error);

  g_autoptr (GVariant) section = NULL;
  GVariantDict dict;
  gsize rows, cols;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "table", table);
  section = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_autofree double *values = orr_section_dup_table (section, "table", &rows, &cols);
  hsize_t dims[2] = { rows, cols };
  return write_dataset (self, place, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, dims, values, error);
}

static gboolean
write_array (OrrHdf5 *self, const char *place, GVariant *value, GError **error)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("ad")))
    {
      gsize n;
      const double *numbers = g_variant_get_fixed_array (value, &n, sizeof (double));
      hsize_t dims[1] = { n };
      return write_dataset (self, place, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, dims, numbers, error);
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    {
      gsize n;
      const guint8 *bytes = g_variant_get_fixed_array (value, &n, 1);
      hsize_t dims[1] = { n };
      return write_dataset (self, place, H5T_STD_U8LE, H5T_NATIVE_UINT8, 1, dims, bytes, error);
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      gsize n;
      g_autofree const char **texts = g_variant_get_strv (value, &n);
      g_auto (OrrHid) type = orr_hdf5_string_type ();
      hsize_t dims[1] = { n };
      return write_dataset (self, place, type, type, 1, dims, texts, error);
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("aad")))
    return write_table (self, place, value, error);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return orr_hdf5_write_section (self, place, value, error);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("aa{sv}")))
    return write_children (self, place, KIND_LIST, value, error);

  g_autofree char *what = g_strdup_printf ("a value of type %s has no form", g_variant_get_type_string (value));
  return orr_hdf5_fail (self, place, what, error);
}

static gboolean
write_value (OrrHdf5 *self, const char *group, const char *name, GVariant *value, GError **error)
{
  if (strchr (name, '/') != NULL || *name == '\0' || g_str_equal (name, ".") || g_str_equal (name, KIND))
    {
      g_autofree char *what = g_strdup_printf ("\"%s\" cannot be a name", name);
      return orr_hdf5_fail (self, group, what, error);
    }

  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      return write_boolean (self, group, name, g_variant_get_boolean (value), error);
    case G_VARIANT_CLASS_INT32:
      {
        gint32 number = g_variant_get_int32 (value);
        return write_attribute (self, group, name, H5T_STD_I32LE, H5T_NATIVE_INT32, &number, error);
      }
    case G_VARIANT_CLASS_INT64:
      {
        gint64 number = g_variant_get_int64 (value);
        return write_attribute (self, group, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &number, error);
      }
    case G_VARIANT_CLASS_DOUBLE:
      {
        double number = g_variant_get_double (value);
        return write_attribute (self, group, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &number, error);
      }
    case G_VARIANT_CLASS_STRING:
      return write_text (self, group, name, g_variant_get_string (value, NULL), error);
    default:
      {
        g_autofree char *place = join (group, name);
        return write_array (self, place, value, error);
      }
    }
}

/**
 * orr_hdf5_write_section:
 * @place: of the group, which may exist
 * @section: a{sv} of the value types of orr-section.h, and "ay"
 */
gboolean
orr_hdf5_write_section (OrrHdf5 *self, const char *place, GVariant *section, GError **error)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (!orr_hdf5_write_group (self, place, error))
    return FALSE;

  g_variant_iter_init (&iter, section);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;

      if (!write_value (self, place, name, owned, error))
        return FALSE;
    }
  return TRUE;
}

/* Reading ----------------------------------------------------------------------------------------- */

/* One text, of fixed or variable length; %NULL when it is damaged or not UTF-8. */
static char *
text_from_buffer (const char *text, gsize size)
{
  gsize length = text != NULL ? strnlen (text, size) : 0;

  return text == NULL ? g_strdup ("") : g_utf8_validate (text, length, NULL) ? g_strndup (text, length) : NULL;
}

/* @n texts of a dataset, or (dataset < 0) of an attribute. Returns %NULL when damaged. */
char **
orr_hdf5_read_texts (hid_t dataset, hid_t attribute, hid_t type, hid_t space, hsize_t n)
{
  gboolean variable = H5Tis_variable_str (type) > 0;
  gsize size = variable ? sizeof (char *) : H5Tget_size (type);

  if (size == 0 || size > ORR_HDF5_MAX_VALUES / MAX (n, 1))
    return NULL;

  g_autofree char *buffer = g_malloc0 (MAX (n * size, 1));
  g_auto (OrrHid) memory = variable ? orr_hdf5_string_type () : H5Tcopy (type);
  if (variable)
    H5Tset_cset (memory, H5Tget_cset (type));
  herr_t status = n == 0 ? 0
                  : dataset >= 0 ? H5Dread (dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer)
                                 : H5Aread (attribute, memory, buffer);
  if (status < 0)
    return NULL;

  char **texts = g_new0 (char *, n + 1);
  gboolean good = TRUE;
  for (hsize_t i = 0; i < n && good; i++)
    {
      texts[i] = variable ? text_from_buffer (((char **) buffer)[i], G_MAXSIZE / 2)
                          : text_from_buffer (buffer + i * size, size);
      good = texts[i] != NULL;
    }
  if (variable && n > 0)
    H5Dvlen_reclaim (memory, space, H5P_DEFAULT, buffer);
  if (!good)
    g_clear_pointer (&texts, g_strfreev);
  return texts;
}

static gboolean
is_boolean_type (hid_t type)
{
  return H5Tget_class (type) == H5T_ENUM && H5Tget_nmembers (type) == 2;
}

/* (transfer floating) (nullable): %NULL where the kind of attribute is none of ours. */
static GVariant *
read_attribute (hid_t attribute)
{
  g_auto (OrrHid) type = H5Aget_type (attribute);
  g_auto (OrrHid) space = H5Aget_space (attribute);
  H5T_class_t class = H5Tget_class (type);

  if (H5Sget_simple_extent_npoints (space) != 1)
    return NULL;

  /* A type kept elsewhere would escape the look that was had at its references. */
  if (class == H5T_STRING && H5Tcommitted (type) == 0)
    {
      g_auto (GStrv) texts = orr_hdf5_read_texts (-1, attribute, type, space, 1);
      return texts != NULL ? g_variant_new_string (texts[0]) : NULL;
    }
  if (class == H5T_FLOAT)
    {
      double number;
      return H5Aread (attribute, H5T_NATIVE_DOUBLE, &number) >= 0 ? g_variant_new_double (number) : NULL;
    }
  if (is_boolean_type (type))
    {
      gint8 flag = 0;
      g_auto (OrrHid) memory = boolean_type ();
      return H5Aread (attribute, memory, &flag) >= 0 ? g_variant_new_boolean (flag != 0) : NULL;
    }
  if (class == H5T_INTEGER)
    {
      gint64 number;
      gboolean small = H5Tget_size (type) <= 4 && H5Tget_sign (type) == H5T_SGN_2;

      if (H5Aread (attribute, H5T_NATIVE_INT64, &number) < 0)
        return NULL;
      return small ? g_variant_new_int32 (number) : g_variant_new_int64 (number);
    }
  return NULL;
}

static char *
read_kind (hid_t group)
{
  if (H5Aexists (group, KIND) <= 0)
    return NULL;

  g_auto (OrrHid) attribute = H5Aopen (group, KIND, H5P_DEFAULT);
  g_autoptr (GVariant) value = attribute >= 0 ? read_attribute (attribute) : NULL;
  if (value == NULL)
    return NULL;
  g_variant_ref_sink (value);
  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (value, NULL) : NULL;
}

/* (transfer floating) (nullable) */
static GVariant *
read_numbers (hid_t dataset, int n_dims, const hsize_t dims[2], hsize_t n_values)
{
  g_autofree double *values = g_new0 (double, MAX (n_values, 1));

  if (n_values > 0 && H5Dread (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
    return NULL;
  if (n_dims == 0)
    return g_variant_new_double (values[0]);
  return n_dims == 2 ? orr_section_new_table (values, dims[0], dims[1]) : orr_section_new_doubles (values, n_values);
}

/* (transfer floating) (nullable) */
static GVariant *
read_bytes (hid_t dataset, hsize_t n)
{
  g_autofree guint8 *bytes = g_malloc0 (MAX (n, 1));

  if (n > 0 && H5Dread (dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) < 0)
    return NULL;
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, n, 1);
}

static gboolean
is_byte_type (hid_t type)
{
  return H5Tget_class (type) == H5T_INTEGER && H5Tget_size (type) == 1 && H5Tget_sign (type) == H5T_SGN_NONE;
}

/* (transfer floating) (nullable): with @error set. */
static GVariant *
read_dataset (OrrHdf5 *self, const char *place, GError **error)
{
  g_auto (OrrHid) dataset = H5Dopen2 (self->file, place, H5P_DEFAULT);
  g_auto (OrrHid) type = dataset >= 0 ? H5Dget_type (dataset) : -1;
  g_auto (OrrHid) space = dataset >= 0 ? H5Dget_space (dataset) : -1;
  hsize_t dims[2] = { 0, 0 }, n = 0;
  int n_dims = space >= 0 ? orr_hdf5_get_dims (space, dims, &n) : -1;
  GVariant *value = NULL;

  if (n_dims >= 0 && !orr_hdf5_check_storage (self, dataset, n))
    n_dims = -1;
  if (n_dims >= 0 && H5Tget_class (type) == H5T_STRING && n_dims < 2)
    {
      g_auto (GStrv) texts = orr_hdf5_read_texts (dataset, -1, type, space, n);
      if (texts != NULL)
        value = n_dims == 0 ? g_variant_new_string (texts[0])
                            : g_variant_new_strv ((const char *const *) texts, n);
    }
  else if (n_dims == 1 && is_byte_type (type))
    value = read_bytes (dataset, n);
  else if (n_dims >= 0 && (H5Tget_class (type) == H5T_FLOAT || H5Tget_class (type) == H5T_INTEGER))
    value = read_numbers (dataset, n_dims, dims, n);

  if (value == NULL)
    orr_hdf5_fail (self, place, "a dataset is damaged or of an unknown kind", error);
  return value;
}

/* (transfer floating) (nullable): %NULL where there is no dataset of one text. */
static GVariant *
read_long_text (OrrHdf5 *self, const char *place)
{
  g_auto (OrrHid) object = H5Oopen (self->file, place, H5P_DEFAULT);
  if (object < 0 || H5Iget_type (object) != H5I_DATASET)
    return NULL;

  g_auto (OrrHid) type = H5Dget_type (object);
  g_auto (OrrHid) space = H5Dget_space (object);
  if (H5Tget_class (type) != H5T_STRING || H5Sget_simple_extent_ndims (space) != 0)
    return NULL;

  g_auto (GStrv) texts = orr_hdf5_read_texts (object, -1, type, space, 1);
  return texts != NULL ? g_variant_new_string (texts[0]) : NULL;
}

/* Children in order of their (numbered) names. (transfer floating) (nullable) */
static GVariant *
read_children (OrrHdf5 *self, const char *place, const GVariantType *type, guint depth, GError **error)
{
  g_auto (GStrv) names = orr_hdf5_list (self, place);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (type);

  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *child_place = join (place, *name);
      g_autoptr (GVariant) child = read_group (self, child_place, depth + 1, error);

      if (child == NULL)
        return NULL;
      g_variant_ref_sink (child);
      if (!g_variant_is_of_type (child, g_variant_type_element (type)))
        {
          orr_hdf5_fail (self, child_place, "a list has an item of another kind", error);
          return NULL;
        }
      g_variant_builder_add_value (&builder, child);
    }
  return g_variant_builder_end (&builder);
}

static gboolean
read_attributes (OrrHdf5 *self, hid_t group, const char *place, GVariantDict *dict, GError **error)
{
  H5O_info_t info;

  if (H5Oget_info1 (group, &info) < 0)
    return orr_hdf5_fail (self, place, "a group is damaged", error);

  for (hsize_t i = 0; i < info.num_attrs; i++)
    {
      g_auto (OrrHid) attribute =
        H5Aopen_by_idx (group, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
      char name[256];

      if (attribute < 0 || H5Aget_name (attribute, sizeof name, name) < 0 || !g_utf8_validate (name, -1, NULL))
        return orr_hdf5_fail (self, place, "an attribute is damaged", error);
      if (g_str_equal (name, KIND))
        continue;

      GVariant *value = read_attribute (attribute);
      if (value != NULL)
        g_variant_dict_insert_value (dict, name, value);
    }
  return TRUE;
}

/* What is at @place, group or dataset. (transfer floating) (nullable): with @error set. */
static GVariant *
read_group (OrrHdf5 *self, const char *place, guint depth, GError **error)
{
  g_auto (OrrHid) object = H5Oopen (self->file, place, H5P_DEFAULT);

  if (object < 0 || !orr_hdf5_descend (self, object, depth))
    {
      orr_hdf5_fail (self, place, object < 0 ? "something is missing" : "groups are nested too deeply or in a circle",
                     error);
      return NULL;
    }
  if (H5Iget_type (object) == H5I_DATASET)
    return read_dataset (self, place, error);

  g_autofree char *kind = read_kind (object);
  if (g_strcmp0 (kind, KIND_LIST) == 0)
    return read_children (self, place, G_VARIANT_TYPE ("aa{sv}"), depth, error);
  if (g_strcmp0 (kind, KIND_RAGGED) == 0)
    return read_children (self, place, G_VARIANT_TYPE ("aad"), depth, error);

  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_auto (GStrv) names = orr_hdf5_list (self, place);
  if (!read_attributes (self, object, place, &dict, error))
    return NULL;
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *child_place = join (place, *name);
      GVariant *child = g_utf8_validate (*name, -1, NULL) ? read_group (self, child_place, depth + 1, error) : NULL;

      if (child == NULL)
        {
          if (error != NULL && *error == NULL)
            orr_hdf5_fail (self, place, "a name is not UTF-8", error);
          return NULL;
        }
      g_variant_dict_insert_value (&dict, *name, child);
    }
  return g_variant_dict_end (&dict);
}

/**
 * orr_hdf5_read_attributes:
 *
 * Returns: (transfer full) (nullable): the attributes of the group at @place and
 * its texts that were too long for attributes, without its other datasets and groups
 */
GVariant *
orr_hdf5_read_attributes (OrrHdf5 *self, const char *place, GError **error)
{
  g_auto (OrrHid) object = H5Oopen (self->file, place, H5P_DEFAULT);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_auto (GStrv) names = orr_hdf5_list (self, place);

  if (object < 0)
    {
      orr_hdf5_fail (self, place, "a group is missing", error);
      return NULL;
    }
  if (!read_attributes (self, object, place, &dict, error))
    return NULL;
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *child_place = join (place, *name);
      GVariant *text = read_long_text (self, child_place);

      if (text != NULL)
        g_variant_dict_insert_value (&dict, *name, text);
    }
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/**
 * orr_hdf5_read_section:
 *
 * Returns: (transfer full) (nullable): the group at @place as a section. Attributes
 * that are lists or of kinds that sections do not have are passed over.
 */
GVariant *
orr_hdf5_read_section (OrrHdf5 *self, const char *place, GError **error)
{
  g_autoptr (GVariant) section = NULL;

  if (!orr_hdf5_has (self, place))
    {
      orr_hdf5_fail (self, place, "a group is missing", error);
      return NULL;
    }
  GVariant *value = read_group (self, place, 0, error);
  if (value == NULL)
    return NULL;
  section = g_variant_ref_sink (value);
  if (!g_variant_is_of_type (section, G_VARIANT_TYPE_VARDICT))
    {
      orr_hdf5_fail (self, place, "there should be a group", error);
      return NULL;
    }
  return g_steal_pointer (&section);
}
