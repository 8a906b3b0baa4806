/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-number.h"

#include <math.h>

#define assert_text(call, expected) \
  G_STMT_START { g_autofree char *text = (call); g_assert_cmpstr (text, ==, expected); } G_STMT_END

static void
test_fixed (void)
{
  assert_text (orr_number_format_fixed (0.0, 0), "0");
  assert_text (orr_number_format_fixed (-0.254, 2), "−0.25");
  assert_text (orr_number_format_fixed (-0.001, 2), "0.00");
  assert_text (orr_number_format_fixed (9999.0, 0), "9999");
  assert_text (orr_number_format_fixed (30000.0, 0), "30\u202f000");
  assert_text (orr_number_format_fixed (-1234567.5, 1), "−1\u202f234\u202f567.5");
  assert_text (orr_number_format_fixed (NAN, 2), "–");
  assert_text (orr_number_format_fixed (-INFINITY, 2), "−∞");
}

static void
test_significant (void)
{
  assert_text (orr_number_format (4.0884, 4), "4.088");
  assert_text (orr_number_format (0.99996, 4), "1.000");
  assert_text (orr_number_format (123.456, 2), "123");
  assert_text (orr_number_format (0.00012345, 3), "0.000123");
  assert_text (orr_number_format (0.000012345, 3), "1.23×10⁻⁵");
  assert_text (orr_number_format (-6.02214e23, 4), "−6.022×10²³");
  assert_text (orr_number_format (9.9996e-7, 4), "1.000×10⁻⁶");
  assert_text (orr_number_format (0.0, 4), "0");
}

static void
test_power (void)
{
  assert_text (orr_number_format_power (-12), "10⁻¹²");
  assert_text (orr_number_format_power (3), "10³");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/fixed", test_fixed);
  g_test_add_func ("/number/significant", test_significant);
  g_test_add_func ("/number/power", test_power);
  return g_test_run ();
}
