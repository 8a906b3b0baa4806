/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-array.h"

G_BEGIN_DECLS

/**
 * OrrArrays:
 *
 * Named arrays in the order of their file, with notes (texts) beside them: what
 * a .npz, a .safetensors, a PyTorch state dict and an HDF5 file have in common.
 */
typedef struct _OrrArrays OrrArrays;

OrrArrays  *orr_arrays_new      (void);
void        orr_arrays_free     (OrrArrays   *self);
void        orr_arrays_add      (OrrArrays   *self,
                                 const char  *name,
                                 OrrArray    *array);
void        orr_arrays_take     (OrrArrays   *self,
                                 const char  *name,
                                 OrrArray    *array);
guint       orr_arrays_get_length (OrrArrays *self);
const char *orr_arrays_get_name (OrrArrays   *self,
                                 guint        index);
OrrArray   *orr_arrays_get      (OrrArrays   *self,
                                 guint        index);
OrrArray   *orr_arrays_find     (OrrArrays   *self,
                                 const char  *name);
char       *orr_arrays_list_names (OrrArrays *self);

void        orr_arrays_set_note (OrrArrays   *self,
                                 const char  *name,
                                 const char  *text);
const char *orr_arrays_get_note (OrrArrays   *self,
                                 const char  *name);
GHashTable *orr_arrays_get_notes (OrrArrays  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrArrays, orr_arrays_free)

G_END_DECLS
