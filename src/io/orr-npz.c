/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-npz.h"

#include <string.h>

#include "orr-error.h"
#include "orr-npy.h"
#include "orr-zip.h"

static gboolean
parse_entry (OrrZip *zip, guint index, OrrArrays *arrays, GError **error)
{
  const char *path = orr_zip_get_name (zip, index);

  if (!g_str_has_suffix (path, ".npy"))
    return TRUE;

  g_autofree char *name = g_strndup (path, strlen (path) - strlen (".npy"));
  g_autoptr (GBytes) content = orr_zip_read (zip, index, error);
  g_autoptr (OrrArray) array = content != NULL ? orr_npy_parse (content, error) : NULL;
  if (array == NULL)
    {
      g_prefix_error (error, "Array \"%s\": ", name);
      return FALSE;
    }

  if (array->type == ORR_ARRAY_TEXT && array->n_dims == 0)
    orr_arrays_set_note (arrays, name, orr_array_get_text (array, 0));
  else
    orr_arrays_add (arrays, name, array);
  return TRUE;
}

/**
 * orr_npz_parse:
 *
 * Returns: (transfer full) (nullable): all arrays of the archive
 */
OrrArrays *
orr_npz_parse (GBytes *bytes, GError **error)
{
  if (!orr_zip_is_archive (bytes))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "This is not an .npz file (it does not begin like a zip archive)");
      return NULL;
    }

  g_autoptr (OrrZip) zip = orr_zip_open (bytes, error);
  if (zip == NULL)
    return NULL;

  g_autoptr (OrrArrays) arrays = orr_arrays_new ();
  for (guint i = 0; i < orr_zip_get_length (zip); i++)
    if (!parse_entry (zip, i, arrays, error))
      return NULL;
  return g_steal_pointer (&arrays);
}

static void
add_entry (GPtrArray *entries, const char *name, const OrrArray *array, gboolean compress)
{
  g_autofree char *path = g_strconcat (name, ".npy", NULL);
  g_autoptr (GBytes) content = orr_npy_print (array);

  g_ptr_array_add (entries, orr_zip_entry_new (path, content, compress));
}

/**
 * orr_npz_print:
 * @compress: deflate the arrays, as numpy.savez_compressed does
 *
 * Returns: (transfer full) (nullable): the content of a .npz file, notes included
 */
GBytes *
orr_npz_print (OrrArrays *arrays, gboolean compress, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_zip_entry_free);
  g_autoptr (GList) notes = g_hash_table_get_keys (orr_arrays_get_notes (arrays));

  for (guint i = 0; i < orr_arrays_get_length (arrays); i++)
    add_entry (entries, orr_arrays_get_name (arrays, i), orr_arrays_get (arrays, i), compress);

  notes = g_list_sort (notes, (GCompareFunc) strcmp);
  for (GList *l = notes; l != NULL; l = l->next)
    {
      g_autoptr (OrrArray) text = orr_array_new_text (orr_arrays_get_note (arrays, l->data));
      add_entry (entries, l->data, text, compress);
    }
  return orr_zip_print (entries, 0, error);
}
