/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-json.h"

#include <math.h>

#include "orr-error.h"
#include "orr-section.h"

static GVariant *
create_section (void)
{
  static const double numbers[4] = { 0.05, 1.0 / 3.0, -2.0, 1e-300 };
  static const char *const names[] = { "a \"b\" \\ \n\x01", "é", NULL };
  GVariantBuilder inner, builder;

  g_variant_builder_init (&inner, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&inner, "{sv}", "stable", g_variant_new_boolean (TRUE));
  GVariant *child = g_variant_ref_sink (g_variant_builder_end (&inner));

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "count", g_variant_new_int64 (G_MAXINT64));
  g_variant_builder_add (&builder, "{sv}", "small", g_variant_new_int32 (-3));
  g_variant_builder_add (&builder, "{sv}", "numbers", orr_section_new_doubles (numbers, 4));
  g_variant_builder_add (&builder, "{sv}", "table", orr_section_new_table (numbers, 2, 2));
  g_variant_builder_add (&builder, "{sv}", "names", g_variant_new_strv (names, -1));
  g_variant_builder_add (&builder, "{sv}", "child", child);
  g_variant_builder_add (&builder, "{sv}", "children", g_variant_new_array (G_VARIANT_TYPE_VARDICT, &child, 1));
  g_variant_unref (child);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
test_print (void)
{
  g_autoptr (GVariant) section = create_section ();
  g_autofree char *text = orr_json_print (section, FALSE);

  g_assert_cmpstr (text, ==,
                   "{\"count\":9223372036854775807,\"small\":-3,"
                   "\"numbers\":[0.05,0.3333333333333333,-2,1e-300],"
                   "\"table\":[[0.05,0.3333333333333333],[-2,1e-300]],"
                   "\"names\":[\"a \\\"b\\\" \\\\ \\n\\u0001\",\"é\"],"
                   "\"child\":{\"stable\":true},\"children\":[{\"stable\":true}]}");
}

static void
test_not_finite (void)
{
  static const double numbers[3] = { NAN, -0.0, 2.5 };
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "list", orr_section_new_doubles (numbers, 3));
  g_variant_builder_add (&builder, "{sv}", "one", g_variant_new_double (-INFINITY));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_autofree char *text = orr_json_print (section, FALSE);
  g_assert_cmpstr (text, ==, "{\"list\":[null,-0.0,2.5],\"one\":null}");

  gsize n;
  g_autoptr (GVariant) back = orr_json_parse (text, -1, NULL);
  g_autofree double *list = orr_section_dup_doubles (back, "list", &n);
  g_assert_true (isnan (list[0]));
  g_assert_true (signbit (list[1]));
  g_assert_cmpfloat (list[2], ==, 2.5);
}

/* Printing what was parsed gives the same text again, pretty or not. */
static void
test_round_trip (void)
{
  g_autoptr (GVariant) section = create_section ();

  for (int pretty = 0; pretty < 2; pretty++)
    {
      g_autofree char *text = orr_json_print (section, pretty);
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) back = orr_json_parse (text, -1, &error);
      g_assert_no_error (error);
      g_autofree char *again = orr_json_print (back, pretty);
      g_assert_cmpstr (text, ==, again);
    }
}

static void
test_bad_text (void)
{
  const struct { const char *text; const char *says; } cases[] = {
    { "", "not an object" },
    { "[1, 2]", "not an object" },
    { "{\n\"a\": 1,\n\"b\": ]\n}", "Line 3" },
    { "{\"a\": [1, \"x\"]}", "\"a\" mixes" },
    { "{\"a\": {\"b\": [[1], {}]}}", "\"a.b\" mixes" },
    { "{\"a\": \"\xff\"}", "UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) section = orr_json_parse (cases[i].text, -1, &error);
      g_assert_null (section);
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, cases[i].says);
    }

  g_autoptr (GString) deep = g_string_new ("{\"a\":");
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (orr_json_parse (deep->str, -1, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/print", test_print);
  g_test_add_func ("/json/not-finite", test_not_finite);
  g_test_add_func ("/json/round-trip", test_round_trip);
  g_test_add_func ("/json/bad-text", test_bad_text);
  return g_test_run ();
}
