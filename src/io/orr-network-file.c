/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-network-file.h"

#include <glib/gstdio.h>

#include "orr-arrays.h"
#include "orr-error.h"
#include "orr-file.h"
#include "orr-hdf5-array.h"
#include "orr-network-state.h"
#include "orr-npz.h"
#include "orr-safetensors.h"
#include "orr-torch.h"

static GBytes *
print_npz (OrrArrays *arrays, GError **error)
{
  return orr_npz_print (arrays, TRUE, error);
}

/* How the content of each kind of file is read and made; HDF5 has its own ways. */
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

static gboolean
is_hdf5_name (const char *path)
{
  return orr_file_has_extension (path, ".h5") || orr_file_has_extension (path, ".hdf5");
}

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
  return find_format (path) >= 0 || is_hdf5_name (path);
}

static OrrArrays *
load_arrays (const char *path, GError **error)
{
  int format = find_format (path);

  if (is_hdf5_name (path))
    {
      g_autoptr (OrrHdf5) file = orr_hdf5_open (path, error);
      return file != NULL ? orr_hdf5_read_arrays (file, error) : NULL;
    }
  if (format < 0)
    {
      set_unknown_format (path, error);
      return NULL;
    }

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
  g_autoptr (OrrArrays) arrays = load_arrays (path, error);

  if (arrays == NULL)
    return NULL;
  OrrNetwork *network = orr_network_from_arrays (arrays, error);
  if (network == NULL)
    orr_file_prefix_error (error, path);
  return network;
}

static gboolean
save_hdf5 (OrrArrays *arrays, const char *path, GError **error)
{
  g_autofree char *beside = orr_file_begin_replace (path, error);
  OrrHdf5 *file = beside != NULL ? orr_hdf5_create (beside, error) : NULL;
  gboolean written = file != NULL && orr_hdf5_write_arrays (file, arrays, error);

  if (written)
    written = orr_hdf5_close (file, error) && orr_file_commit_replace (beside, path, error);
  else
    orr_hdf5_abandon (file);
  if (!written && beside != NULL)
    g_unlink (beside);
  return written;
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
  g_autoptr (OrrArrays) arrays = orr_network_to_arrays (network);

  if (is_hdf5_name (path))
    return save_hdf5 (arrays, path, error);
  if (format < 0)
    {
      set_unknown_format (path, error);
      return FALSE;
    }

  g_autoptr (GBytes) bytes = formats[format].print (arrays, error);
  if (bytes == NULL)
    {
      orr_file_prefix_error (error, path);
      return FALSE;
    }
  return orr_file_write (path, bytes, error);
}
