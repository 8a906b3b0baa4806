/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <hdf5.h>

#include "orr-hdf5.h"

G_BEGIN_DECLS

/* Groups nest no deeper. */
#define ORR_HDF5_MAX_DEPTH 16

struct _OrrHdf5
{
  hid_t    file;
  char    *name; /* for messages */
  gboolean writing;
  GMappedFile *content;  /* of a file that is read */
  gsize    bytes_left;   /* that reading may still make, see orr_hdf5_charge() */
  guint    objects_left; /* that may still be opened */
  haddr_t  ancestors[ORR_HDF5_MAX_DEPTH + 1]; /* of the group that is read, see orr_hdf5_descend() */
};

/* An HDF5 identifier that closes itself, whatever its kind; below 0 is none. */
typedef hid_t OrrHid;

static inline void
orr_hid_clear (OrrHid *id)
{
  if (*id >= 0)
    H5Idec_ref (*id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrrHid, orr_hid_clear)

/* No list in a file may be longer: a corrupt size must not take all memory. */
#define ORR_HDF5_MAX_VALUES (G_GUINT64_CONSTANT (1) << 28)

gboolean orr_hdf5_fail          (OrrHdf5     *self,
                                 const char  *place,
                                 const char  *what,
                                 GError     **error);
hid_t    orr_hdf5_new_dataset   (OrrHdf5     *self,
                                 const char  *place,
                                 hid_t        type,
                                 int          n_dims,
                                 const hsize_t *dims,
                                 GError     **error);
hid_t    orr_hdf5_string_type   (void);
int      orr_hdf5_get_dims      (hid_t        space,
                                 hsize_t      dims[2],
                                 hsize_t     *n_values);

gboolean orr_hdf5_check_references (OrrHdf5  *self,
                                 gsize        at,
                                 gsize        n);
gboolean orr_hdf5_check_heaps   (const guint8 *data,
                                 gsize        length);
gboolean orr_hdf5_descend       (OrrHdf5     *self,
                                 hid_t        object,
                                 guint        depth);
gboolean orr_hdf5_charge        (OrrHdf5     *self,
                                 gsize        bytes);
gboolean orr_hdf5_check_storage (OrrHdf5     *self,
                                 hid_t        dataset,
                                 hsize_t      n_values);
char   **orr_hdf5_read_texts    (hid_t        dataset,
                                 hid_t        attribute,
                                 hid_t        type,
                                 hid_t        space,
                                 hsize_t      n);

G_END_DECLS
