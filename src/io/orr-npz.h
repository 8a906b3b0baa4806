/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-arrays.h"

G_BEGIN_DECLS

/*
 * NumPy's .npz: a zip archive of .npy files, as numpy.savez and
 * numpy.savez_compressed write it. A single text becomes a note of the arrays.
 */

OrrArrays *orr_npz_parse (GBytes     *bytes,
                          GError    **error);
GBytes    *orr_npz_print (OrrArrays  *arrays,
                          gboolean    compress,
                          GError    **error);

G_END_DECLS
