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

/**
 * orr_format_excerpt:
 * @text: any bytes up to a zero byte, of a file for example
 * @n_characters: at most so many are kept
 *
 * Returns: (transfer full): the beginning of the text, fit to stand in a
 * sentence: valid UTF-8 on one line
 */
char *
orr_format_excerpt (const char *text, gsize n_characters)
{
  /* No character is longer than four bytes. */
  g_autofree char *start = g_strndup (text, 4 * n_characters);
  g_autofree char *valid = g_utf8_make_valid (start, -1);
  char *excerpt = g_utf8_substring (valid, 0, MIN ((gsize) g_utf8_strlen (valid, -1), n_characters));

  for (char *c = excerpt; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return excerpt;
}
