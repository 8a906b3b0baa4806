/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-section.h"

#include <math.h>

static void
test_round_trip (void)
{
  const double table[6] = { 1, 2, 3, 4, 5, NAN };
  const float floats[2] = { 0.5f, -1.0f };
  GVariantBuilder builder;
  gsize n, rows, cols;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "table", orr_section_new_table (table, 2, 3));
  g_variant_builder_add (&builder, "{sv}", "list", orr_section_new_floats (floats, 2));
  g_variant_builder_add (&builder, "{sv}", "count", g_variant_new_int32 (4));
  g_variant_builder_add (&builder, "{sv}", "name", g_variant_new_string ("orbit"));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_builder_end (&builder));

  g_autofree double *read_table = orr_section_dup_table (section, "table", &rows, &cols);
  g_assert_cmpuint (rows, ==, 2);
  g_assert_cmpuint (cols, ==, 3);
  g_assert_cmpfloat (read_table[4], ==, 5.0);
  g_assert_true (isnan (read_table[5]));

  g_autofree double *list = orr_section_dup_doubles (section, "list", &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (list[1], ==, -1.0);
  g_assert_cmpint (orr_section_get_int (section, "count", 0), ==, 4);
  g_assert_cmpfloat (orr_section_get_double (section, "count", 0.0), ==, 4.0);
  g_autofree char *name = orr_section_dup_string (section, "name");
  g_assert_cmpstr (name, ==, "orbit");
}

static void
test_absent (void)
{
  GVariantBuilder builder;
  gsize n, rows, cols;
  const double ragged[3] = { 1, 2, 3 };

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  GVariant *lines[2] = { orr_section_new_doubles (ragged, 3), orr_section_new_doubles (ragged, 2) };
  g_variant_builder_add (&builder, "{sv}", "ragged",
                         g_variant_new_array (G_VARIANT_TYPE ("ad"), lines, 2));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_builder_end (&builder));

  g_assert_null (orr_section_dup_table (section, "ragged", &rows, &cols));
  g_assert_null (orr_section_dup_doubles (section, "nothing", &n));
  g_assert_null (orr_section_dup_string (section, "nothing"));
  g_assert_cmpfloat (orr_section_get_double (NULL, "nothing", 2.5), ==, 2.5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/section/round-trip", test_round_trip);
  g_test_add_func ("/section/absent", test_absent);
  return g_test_run ();
}
