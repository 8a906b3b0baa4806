/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrMatrix:
 * @rows: number of rows
 * @cols: number of columns
 * @data: rows x cols values, row-major without gaps, 64-byte aligned
 *
 * A dense float32 matrix that owns its values: weights, visited states,
 * projections. Reference counted; treat one that is shared as read-only.
 */
typedef struct
{
  gsize  rows;
  gsize  cols;
  float *data;
} OrrMatrix;

OrrMatrix *orr_matrix_new   (gsize            rows,
                             gsize            cols);
OrrMatrix *orr_matrix_copy  (const OrrMatrix *self);
OrrMatrix *orr_matrix_ref   (OrrMatrix       *self);
void       orr_matrix_unref (OrrMatrix       *self);
gboolean   orr_matrix_is_finite (const OrrMatrix *self);

static inline float *
orr_matrix_row (const OrrMatrix *self, gsize row)
{
  return self->data + row * self->cols;
}

/* 64-byte aligned block of @n values of @size bytes, zeroed; free with orr_aligned_free(). */
gpointer orr_aligned_alloc0 (gsize n, gsize size);
void     orr_aligned_free   (gpointer block);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrMatrix, orr_matrix_unref)

G_END_DECLS
