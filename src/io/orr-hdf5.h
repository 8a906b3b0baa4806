/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-matrix.h"

G_BEGIN_DECLS

/**
 * OrrHdf5:
 *
 * An open HDF5 file. The library is not thread-safe, so an open file holds a
 * process-wide lock: open, read or write, close, all on one thread, without
 * waiting for another thread in between. Places are paths such as
 * "/runs/0001/network"; groups on the way are made as needed.
 *
 * Errors of a file that is read are %ORR_ERROR_INPUT and name the place; errors
 * of writing are %ORR_ERROR_FAILED.
 *
 * What is written here is plain HDF5: float32 and float64 datasets (chunked,
 * shuffled, deflated), UTF-8 strings, attributes. A section becomes a group:
 * numbers, flags and short texts as attributes, lists and tables as datasets,
 * sub-sections as groups; where HDF5 cannot tell what a group was, its
 * attribute "_kind" says it ("list", "ragged").
 */
typedef struct _OrrHdf5 OrrHdf5;

OrrHdf5   *orr_hdf5_create        (const char       *path,
                                   GError          **error);
OrrHdf5   *orr_hdf5_open          (const char       *path,
                                   GError          **error);
gboolean   orr_hdf5_close         (OrrHdf5          *self,
                                   GError          **error);
void       orr_hdf5_abandon       (OrrHdf5          *self);

gboolean   orr_hdf5_has           (OrrHdf5          *self,
                                   const char       *place);
char     **orr_hdf5_list          (OrrHdf5          *self,
                                   const char       *group);

gboolean   orr_hdf5_write_group   (OrrHdf5          *self,
                                   const char       *place,
                                   GError          **error);
gboolean   orr_hdf5_write_matrix  (OrrHdf5          *self,
                                   const char       *place,
                                   const OrrMatrix  *matrix,
                                   GError          **error);
OrrMatrix *orr_hdf5_read_matrix   (OrrHdf5          *self,
                                   const char       *place,
                                   GError          **error);
gboolean   orr_hdf5_write_section (OrrHdf5          *self,
                                   const char       *place,
                                   GVariant         *section,
                                   GError          **error);
GVariant  *orr_hdf5_read_attributes (OrrHdf5       *self,
                                   const char       *place,
                                   GError          **error);
GVariant  *orr_hdf5_read_section  (OrrHdf5          *self,
                                   const char       *place,
                                   GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrHdf5, orr_hdf5_abandon)

G_END_DECLS
