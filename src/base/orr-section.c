/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-section.h"

#include <string.h>

GVariant *
orr_section_new_doubles (const double *values, gsize n)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, values, n, sizeof (double));
}

GVariant *
orr_section_new_floats (const float *values, gsize n)
{
  g_autofree double *doubles = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    doubles[i] = values[i];
  return orr_section_new_doubles (doubles, n);
}

GVariant *
orr_section_new_ints (const int *values, gsize n)
{
  g_autofree double *doubles = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    doubles[i] = values[i];
  return orr_section_new_doubles (doubles, n);
}

/**
 * orr_section_new_table:
 * @values: (array): rows x cols numbers, row-major
 */
GVariant *
orr_section_new_table (const double *values, gsize rows, gsize cols)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aad"));
  for (gsize i = 0; i < rows; i++)
    g_variant_builder_add_value (&builder, orr_section_new_doubles (values + i * cols, cols));
  return g_variant_builder_end (&builder);
}

static GVariant *
lookup (GVariant *section, const char *name, const char *type)
{
  if (section == NULL)
    return NULL;
  return g_variant_lookup_value (section, name, type != NULL ? G_VARIANT_TYPE (type) : NULL);
}

/* Accepts whole numbers too, since JSON text may drop the point. */
double
orr_section_get_double (GVariant *section, const char *name, double fallback)
{
  g_autoptr (GVariant) value = lookup (section, name, NULL);

  if (value == NULL)
    return fallback;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_variant_get_double (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return g_variant_get_int64 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return g_variant_get_int32 (value);
  return fallback;
}

/* Accepts both integer types, since a file may not keep the difference. */
gint64
orr_section_get_int (GVariant *section, const char *name, gint64 fallback)
{
  g_autoptr (GVariant) value = lookup (section, name, NULL);

  if (value == NULL)
    return fallback;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return g_variant_get_int64 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return g_variant_get_int32 (value);
  return fallback;
}

gboolean
orr_section_get_boolean (GVariant *section, const char *name, gboolean fallback)
{
  g_autoptr (GVariant) value = lookup (section, name, "b");
  return value != NULL ? g_variant_get_boolean (value) : fallback;
}

/**
 * orr_section_dup_string:
 *
 * Returns: (transfer full) (nullable): the text, or %NULL where there is none
 */
char *
orr_section_dup_string (GVariant *section, const char *name)
{
  g_autoptr (GVariant) value = lookup (section, name, "s");
  return value != NULL ? g_variant_dup_string (value, NULL) : NULL;
}

/**
 * orr_section_dup_doubles:
 * @n: (out): how many
 *
 * Returns: (transfer full) (nullable): the numbers, or %NULL where there are none
 */
double *
orr_section_dup_doubles (GVariant *section, const char *name, gsize *n)
{
  g_autoptr (GVariant) value = lookup (section, name, "ad");

  *n = 0;
  if (value == NULL)
    return NULL;

  const double *numbers = g_variant_get_fixed_array (value, n, sizeof (double));
  return g_memdup2 (numbers, *n * sizeof (double));
}

/**
 * orr_section_dup_table:
 * @rows: (out): number of rows
 * @cols: (out): number of columns
 *
 * Returns: (transfer full) (nullable): rows x cols numbers, row-major; %NULL
 * where there is no such table, it is empty or its rows differ in length
 */
double *
orr_section_dup_table (GVariant *section, const char *name, gsize *rows, gsize *cols)
{
  g_autoptr (GVariant) table = lookup (section, name, "aad");
  double *values = NULL;

  *rows = *cols = 0;
  if (table == NULL)
    return NULL;

  gsize n_rows = g_variant_n_children (table);
  gsize n_cols = 0;
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (table, i);
      gsize n;
      const double *numbers = g_variant_get_fixed_array (row, &n, sizeof (double));

      if (i == 0)
        {
          n_cols = n;
          values = g_new0 (double, MAX (n_rows * n_cols, 1));
        }
      if (n != n_cols)
        {
          g_free (values);
          return NULL;
        }
      if (n > 0)
        memcpy (values + i * n_cols, numbers, n * sizeof (double));
    }

  *rows = n_rows;
  *cols = n_cols;
  return values;
}

/**
 * orr_section_get_child:
 *
 * Returns: (transfer full) (nullable): the value called @name, whatever its type
 */
GVariant *
orr_section_get_child (GVariant *section, const char *name)
{
  return lookup (section, name, NULL);
}
