/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-arrays.h"
#include "orr-hdf5.h"

G_BEGIN_DECLS

/*
 * Named arrays in HDF5 files of any origin: numbers of all plain types and
 * texts, wherever they stand.
 */

OrrArray  *orr_hdf5_read_array   (OrrHdf5     *self,
                                  const char  *place,
                                  GError     **error);
OrrArrays *orr_hdf5_read_arrays  (OrrHdf5     *self,
                                  GError     **error);
gboolean   orr_hdf5_write_arrays (OrrHdf5     *self,
                                  OrrArrays   *arrays,
                                  GError     **error);

G_END_DECLS
