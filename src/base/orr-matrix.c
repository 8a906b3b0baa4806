/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-matrix.h"

#include <math.h>
#include <string.h>

#define ALIGNMENT 64

gpointer
orr_aligned_alloc0 (gsize n, gsize size)
{
  gsize bytes;

  if (!g_size_checked_mul (&bytes, n, size))
    g_error ("a block of %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT " bytes is too large", n, size);

  gpointer block = g_aligned_alloc0 (MAX (bytes, 1), 1, ALIGNMENT);
  return block;
}

void
orr_aligned_free (gpointer block)
{
  g_aligned_free (block);
}

/**
 * orr_matrix_new:
 *
 * Returns: (transfer full): a matrix of zeros
 */
OrrMatrix *
orr_matrix_new (gsize rows, gsize cols)
{
  gsize n;

  if (!g_size_checked_mul (&n, rows, cols))
    g_error ("a matrix of %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT " is too large", rows, cols);

  OrrMatrix *self = g_atomic_rc_box_new (OrrMatrix);
  self->rows = rows;
  self->cols = cols;
  self->data = orr_aligned_alloc0 (n, sizeof (float));
  return self;
}

OrrMatrix *
orr_matrix_copy (const OrrMatrix *self)
{
  OrrMatrix *copy = orr_matrix_new (self->rows, self->cols);
  memcpy (copy->data, self->data, self->rows * self->cols * sizeof (float));
  return copy;
}

OrrMatrix *
orr_matrix_ref (OrrMatrix *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrMatrix *self = box;
  orr_aligned_free (self->data);
}

void
orr_matrix_unref (OrrMatrix *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

gboolean
orr_matrix_is_finite (const OrrMatrix *self)
{
  for (gsize i = 0; i < self->rows * self->cols; i++)
    if (!isfinite (self->data[i]))
      return FALSE;

  return TRUE;
}
