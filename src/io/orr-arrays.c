/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-arrays.h"

#include <string.h>

/* So many names are shown when a message lists them. */
#define MAX_LISTED 12

struct _OrrArrays
{
  GPtrArray  *names;
  GPtrArray  *arrays;
  GHashTable *notes;
};

OrrArrays *
orr_arrays_new (void)
{
  OrrArrays *self = g_new0 (OrrArrays, 1);

  self->names = g_ptr_array_new_with_free_func (g_free);
  self->arrays = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_array_unref);
  self->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
orr_arrays_free (OrrArrays *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->arrays);
  g_hash_table_unref (self->notes);
  g_free (self);
}

/**
 * orr_arrays_take:
 * @array: (transfer full)
 */
void
orr_arrays_take (OrrArrays *self, const char *name, OrrArray *array)
{
  g_ptr_array_add (self->names, g_strdup (name));
  g_ptr_array_add (self->arrays, array);
}

void
orr_arrays_add (OrrArrays *self, const char *name, OrrArray *array)
{
  orr_arrays_take (self, name, orr_array_ref (array));
}

guint
orr_arrays_get_length (OrrArrays *self)
{
  return self->arrays->len;
}

const char *
orr_arrays_get_name (OrrArrays *self, guint index)
{
  return self->names->pdata[index];
}

/**
 * orr_arrays_get:
 *
 * Returns: (transfer none)
 */
OrrArray *
orr_arrays_get (OrrArrays *self, guint index)
{
  return self->arrays->pdata[index];
}

/**
 * orr_arrays_find:
 *
 * Returns: (transfer none) (nullable): the first array of this name
 */
OrrArray *
orr_arrays_find (OrrArrays *self, const char *name)
{
  for (guint i = 0; i < self->names->len; i++)
    if (strcmp (self->names->pdata[i], name) == 0)
      return self->arrays->pdata[i];
  return NULL;
}

/**
 * orr_arrays_list_names:
 *
 * Returns: (transfer full): "a, b, c" for messages, shortened when there are many
 */
char *
orr_arrays_list_names (OrrArrays *self)
{
  g_autoptr (GString) list = g_string_new (self->names->len == 0 ? "nothing" : "");

  for (guint i = 0; i < MIN (self->names->len, MAX_LISTED); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", (const char *) self->names->pdata[i]);
  if (self->names->len > MAX_LISTED)
    g_string_append_printf (list, " and %u more", self->names->len - MAX_LISTED);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

void
orr_arrays_set_note (OrrArrays *self, const char *name, const char *text)
{
  g_hash_table_replace (self->notes, g_strdup (name), g_strdup (text));
}

/**
 * orr_arrays_get_note:
 *
 * Returns: (nullable): the text beside the arrays that has this name
 */
const char *
orr_arrays_get_note (OrrArrays *self, const char *name)
{
  return g_hash_table_lookup (self->notes, name);
}

/**
 * orr_arrays_get_notes:
 *
 * Returns: (transfer none) (element-type utf8 utf8): all of them, by name
 */
GHashTable *
orr_arrays_get_notes (OrrArrays *self)
{
  return self->notes;
}
