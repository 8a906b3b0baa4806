/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "orr-matrix.h"

G_BEGIN_DECLS

/**
 * OrrArrayType:
 *
 * What one element of an array in a file is. %ORR_ARRAY_TEXT holds UTF-8 texts.
 */
typedef enum
{
  ORR_ARRAY_BOOL,
  ORR_ARRAY_INT8,
  ORR_ARRAY_UINT8,
  ORR_ARRAY_INT16,
  ORR_ARRAY_UINT16,
  ORR_ARRAY_INT32,
  ORR_ARRAY_UINT32,
  ORR_ARRAY_INT64,
  ORR_ARRAY_UINT64,
  ORR_ARRAY_FLOAT16,
  ORR_ARRAY_BFLOAT16,
  ORR_ARRAY_FLOAT32,
  ORR_ARRAY_FLOAT64,
  ORR_ARRAY_TEXT,
} OrrArrayType;

#define ORR_ARRAY_MAX_DIMS 8

/**
 * OrrArray:
 * @type: what the elements are
 * @n_dims: number of dimensions; 0 is one single value
 * @shape: [n_dims] extents
 * @n: number of elements, the product of the extents
 * @data: the elements in the machine's byte order, row-major without gaps; for
 *   %ORR_ARRAY_TEXT n pointers to texts that the array owns
 *
 * An array as files hold them (.npy, torch, safetensors, HDF5), before it is
 * made into something of ours. Reference counted; read-only once shared.
 */
typedef struct
{
  OrrArrayType type;
  guint        n_dims;
  gsize        shape[ORR_ARRAY_MAX_DIMS];
  gsize        n;
  gpointer     data;
} OrrArray;

gsize       orr_array_type_size (OrrArrayType      type);
const char *orr_array_type_name (OrrArrayType      type);

gboolean    orr_array_count     (guint             n_dims,
                                 const gsize      *shape,
                                 gsize             size,
                                 gsize            *n);

OrrArray   *orr_array_new       (OrrArrayType      type,
                                 guint             n_dims,
                                 const gsize      *shape);
OrrArray   *orr_array_new_gather (OrrArrayType     type,
                                 guint             n_dims,
                                 const gsize      *shape,
                                 const gsize      *strides,
                                 gconstpointer     source,
                                 gboolean          swap);
OrrArray   *orr_array_new_vector (OrrArrayType     type,
                                 gsize             n,
                                 gconstpointer     values);
OrrArray   *orr_array_new_table (OrrArrayType      type,
                                 gsize             rows,
                                 gsize             cols,
                                 gconstpointer     values);
OrrArray   *orr_array_new_texts (const char *const *texts,
                                 gsize             n);
OrrArray   *orr_array_new_text  (const char       *text);
OrrArray   *orr_array_new_matrix (const OrrMatrix *matrix);
OrrArray   *orr_array_ref       (OrrArray         *self);
void        orr_array_unref     (OrrArray         *self);

char       *orr_array_shape_string (const OrrArray *self);
double      orr_array_get_double (const OrrArray  *self,
                                 gsize             index);
double     *orr_array_to_doubles (const OrrArray  *self,
                                 GError          **error);
float      *orr_array_to_floats (const OrrArray   *self,
                                 GError          **error);
OrrMatrix  *orr_array_to_matrix (const OrrArray   *self,
                                 GError          **error);
const char *orr_array_get_text  (const OrrArray   *self,
                                 gsize             index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrArray, orr_array_unref)

G_END_DECLS
