/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-number.h"

#include <math.h>
#include <string.h>

#define MINUS "\342\210\222"
#define NARROW_SPACE "\342\200\257"

/**
 * orr_number_format_fixed:
 * @decimals: how many digits after the point
 *
 * Returns: (transfer full): @value with a true minus sign and thousands set
 * apart from 10 000 on
 */
char *
orr_number_format_fixed (double value, guint decimals)
{
  if (!isfinite (value))
    return g_strdup (isnan (value) ? "\342\200\223" : value > 0 ? "\342\210\236" : MINUS "\342\210\236");

  char format[16], digits[G_ASCII_DTOSTR_BUF_SIZE + 320];
  g_snprintf (format, sizeof format, "%%.%uf", MIN (decimals, 17));
  g_ascii_formatd (digits, sizeof digits, format, fabs (value));

  gsize whole = strcspn (digits, ".");
  GString *text = g_string_new (NULL);
  if (value < 0.0 && strspn (digits, "0.") < strlen (digits))
    g_string_append (text, MINUS);
  for (gsize i = 0; digits[i] != '\0'; i++)
    {
      if (whole >= 5 && i > 0 && i < whole && (whole - i) % 3 == 0)
        g_string_append (text, NARROW_SPACE);
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}

/* "10" with @exponent as superscript; (transfer full). */
char *
orr_number_format_power (int exponent)
{
  static const char *const raised[] = { "\342\201\260", "\302\271",     "\302\262",     "\302\263",
                                        "\342\201\264", "\342\201\265", "\342\201\266", "\342\201\267",
                                        "\342\201\270", "\342\201\271" };
  g_autofree char *digits = g_strdup_printf ("%d", ABS (exponent));
  GString *text = g_string_new ("10");

  if (exponent < 0)
    g_string_append (text, "\342\201\273");
  for (const char *d = digits; *d != '\0'; d++)
    g_string_append (text, raised[*d - '0']);
  return g_string_free (text, FALSE);
}

/**
 * orr_number_format:
 * @digits: significant digits (1 to 17)
 *
 * Returns: (transfer full): @value as a person writes it: fixed where it is of
 * an everyday size, a power of ten elsewhere
 */
char *
orr_number_format (double value, guint digits)
{
  if (value == 0.0 || !isfinite (value))
    return orr_number_format_fixed (value, 0);

  int exponent = floor (log10 (fabs (value)));
  double mantissa = value / pow (10.0, exponent);
  double unit = pow (10.0, (int) digits - 1);

  /* 9.9996 rounds to 10.00: one digit more before the point */
  if (fabs (rint (mantissa * unit)) >= 10.0 * unit)
    {
      mantissa /= 10.0;
      exponent++;
    }
  if (exponent >= -4 && exponent < 7)
    return orr_number_format_fixed (value, MAX ((int) digits - 1 - exponent, 0));

  g_autofree char *front = orr_number_format_fixed (mantissa, digits - 1);
  g_autofree char *power = orr_number_format_power (exponent);
  return g_strconcat (front, "\303\227", power, NULL);
}
