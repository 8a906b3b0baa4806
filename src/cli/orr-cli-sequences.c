/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-cli-sequences.h"

#include <string.h>

#include "orr-error.h"
#include "orr-file.h"
#include "orr-npy.h"

/**
 * orr_cli_print_sequences:
 * @offsets: [@n_sequences + 1] as in #OrrSequences
 * @values: symbols or states
 *
 * Returns: (transfer full): CSV, a line a sequence
 */
char *
orr_cli_print_sequences (gsize n_sequences, const gsize *offsets, const guint16 *values)
{
  GString *text = g_string_new (NULL);

  for (gsize n = 0; n < n_sequences; n++)
    for (gsize i = offsets[n]; i < offsets[n + 1]; i++)
      g_string_append_printf (text, "%u%c", values[i], i + 1 < offsets[n + 1] ? ',' : '\n');
  return g_string_free (text, FALSE);
}

static gboolean
save_npy (const char *path, gsize n_sequences, const gsize *offsets, const guint16 *values, GError **error)
{
  gsize length = offsets[1] - offsets[0];
  const gsize shape[2] = { n_sequences, length };

  for (gsize n = 0; n < n_sequences; n++)
    if (offsets[n + 1] - offsets[n] != length)
      {
        g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                     "%s: sequences of different lengths do not fit into a .npy table; write .csv instead", path);
        return FALSE;
      }

  g_autoptr (OrrArray) array = orr_array_new (ORR_ARRAY_INT64, 2, shape);
  gint64 *numbers = array->data;
  for (gsize i = 0; i < n_sequences * length; i++)
    numbers[i] = values[i];
  return orr_npy_save (array, path, error);
}

/**
 * orr_cli_save_sequences:
 * @path: `.npy` (int64 [N x T], equal lengths) or any other name (CSV, a line a sequence)
 */
gboolean
orr_cli_save_sequences (const char *path, gsize n_sequences, const gsize *offsets, const guint16 *values,
                        GError **error)
{
  if (orr_file_has_extension (path, "npy"))
    return save_npy (path, n_sequences, offsets, values, error);

  g_autofree char *text = orr_cli_print_sequences (n_sequences, offsets, values);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return orr_file_write (path, bytes, error);
}
