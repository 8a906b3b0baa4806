/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-format.h"

/**
 * orr_format_double:
 * @buffer: (out): where to write
 *
 * Writes the shortest text that reads back as the same number, with a point
 * whatever the language: 0.05, not 0.050000000000000003.
 *
 * Returns: @buffer
 */
const char *
orr_format_double (char buffer[G_ASCII_DTOSTR_BUF_SIZE], double value)
{
  for (int digits = 15; digits <= 17; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (buffer, G_ASCII_DTOSTR_BUF_SIZE, format, value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  return buffer;
}
