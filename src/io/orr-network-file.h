/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"

G_BEGIN_DECLS

/*
 * Networks in files. The format follows from the extension: .pth and .pt
 * (PyTorch), .safetensors, .npz (NumPy), .h5 and .hdf5.
 */

OrrNetwork *orr_network_load         (const char        *path,
                                      GError           **error);
gboolean    orr_network_save         (const OrrNetwork  *network,
                                      const char        *path,
                                      GError           **error);
gboolean    orr_network_is_file_name (const char        *path);

G_END_DECLS
