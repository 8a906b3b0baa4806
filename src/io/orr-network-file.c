/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-network-file.h"

#include "orr-arrays.h"
#include "orr-error.h"
#include "orr-file.h"
#include "orr-network-state.h"
#include "orr-npz.h"
#include "orr-safetensors.h"
#include "orr-torch.h"

static GBytes *
print_npz (OrrArrays *arrays, GError **error)
{
  return orr_npz_print (arrays, TRUE, error);
}

/* @parse and @print work in memory. */
static const struct
{
  const char *extension;
  OrrArrays *(*parse) (GBytes *bytes, GError **error);
  GBytes *(*print) (OrrArrays *arrays, GError **error);
} formats[] = {
  { ".pth", orr_torch_parse, orr_torch_print },
  { ".pt", orr_torch_parse, orr_torch_print },
  { ".safetensors", orr_safetensors_parse, orr_safetensors_print },
  { ".npz", orr_npz_parse, print_npz },
};

static int
find_format (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (orr_file_has_extension (path, formats[i].extension))
      return (int) i;
  return -1;
}

static void
set_unknown_format (const char *path, GError **error)
{
  g_autofree char *name = orr_file_display_name (path);

  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
               "%s: networks are .pth, .pt, .safetensors, .npz or .h5 files, by their extension", name);
}

/**
 * orr_network_is_file_name:
 *
 * Returns: whether the name ends like a network's file
 */
gboolean
orr_network_is_file_name (const char *path)
{
  return find_format (path) >= 0;
}

static OrrArrays *
load_arrays (const char *path, int format, GError **error)
{
  g_autoptr (GBytes) bytes = orr_file_read (path, error);

  if (bytes == NULL)
    return NULL;
  OrrArrays *arrays = formats[format].parse (bytes, error);
  if (arrays == NULL)
    orr_file_prefix_error (error, path);
  return arrays;
}

/**
 * orr_network_load:
 * @path: a network's file; see above for the formats
 * @error: (out): one sentence: which file, and what is wrong, missing or not supported
 *
 * Returns: (transfer full) (nullable): the network
 */
OrrNetwork *
orr_network_load (const char *path, GError **error)
{
  int format = find_format (path);

  if (format < 0)
    {
      set_unknown_format (path, error);
      return NULL;
    }

  g_autoptr (OrrArrays) arrays = load_arrays (path, format, error);
  if (arrays == NULL)
    return NULL;
  OrrNetwork *network = orr_network_from_arrays (arrays, error);
  if (network == NULL)
    orr_file_prefix_error (error, path);
  return network;
}

/**
 * orr_network_save:
 * @path: where to write; the extension chooses the format
 *
 * Returns: whether the file was replaced; when not, it is as it was
 */
gboolean
orr_network_save (const OrrNetwork *network, const char *path, GError **error)
{
  int format = find_format (path);

  if (format < 0)
    {
      set_unknown_format (path, error);
      return FALSE;
    }

  g_autoptr (OrrArrays) arrays = orr_network_to_arrays (network);
  g_autoptr (GBytes) bytes = formats[format].print (arrays, error);
  if (bytes == NULL)
    {
      orr_file_prefix_error (error, path);
      return FALSE;
    }
  return orr_file_write (path, bytes, error);
}
