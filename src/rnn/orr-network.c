/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-network.h"

#include <math.h>

#include "orr-error.h"
#include "orr-random.h"

/**
 * orr_network_new:
 * @biased: whether it has the three bias vectors
 *
 * Returns: (transfer full): a network of zeros
 */
OrrNetwork *
orr_network_new (guint n_hidden, guint n_noise, guint n_symbols, gboolean biased)
{
  OrrNetwork *self = g_atomic_rc_box_new0 (OrrNetwork);

  self->n_hidden = n_hidden;
  self->n_noise = n_noise;
  self->n_symbols = n_symbols;
  self->activation = ORR_ACTIVATION_RELU;
  self->weight_ih = orr_matrix_new (n_hidden, n_noise);
  self->weight_hh = orr_matrix_new (n_hidden, n_hidden);
  self->weight_out = orr_matrix_new (n_symbols, n_hidden);
  if (biased)
    {
      self->bias_ih = orr_matrix_new (1, n_hidden);
      self->bias_hh = orr_matrix_new (1, n_hidden);
      self->bias_out = orr_matrix_new (1, n_symbols);
    }
  return self;
}

static guint64
fill_uniform (OrrMatrix *matrix, float limit, guint64 seed, guint64 first)
{
  gsize n = matrix->rows * matrix->cols;

  orr_random_uniform_fill (matrix->data, n, seed, ORR_RANDOM_STREAM_WEIGHTS, first);
  for (gsize i = 0; i < n; i++)
    matrix->data[i] = limit * (2.0f * matrix->data[i] - 1.0f);
  return first + n;
}

/**
 * orr_network_new_random:
 *
 * Returns: (transfer full): weights uniform in (-1/sqrt(H), 1/sqrt(H))
 */
OrrNetwork *
orr_network_new_random (guint n_hidden, guint n_noise, guint n_symbols, gboolean biased, guint64 seed)
{
  OrrNetwork *self = orr_network_new (n_hidden, n_noise, n_symbols, biased);
  OrrMatrix *parts[] = { self->weight_hh, self->weight_ih, self->weight_out,
                         self->bias_hh,   self->bias_ih,   self->bias_out };
  float limit = 1.0f / sqrtf (n_hidden);
  guint64 first = 0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL)
      first = fill_uniform (parts[i], limit, seed, first);
  return self;
}

static OrrMatrix *
copy_part (const OrrMatrix *part)
{
  return part != NULL ? orr_matrix_copy (part) : NULL;
}

OrrNetwork *
orr_network_copy (const OrrNetwork *self)
{
  OrrNetwork *copy = g_atomic_rc_box_new0 (OrrNetwork);

  copy->n_hidden = self->n_hidden;
  copy->n_noise = self->n_noise;
  copy->n_symbols = self->n_symbols;
  copy->activation = self->activation;
  copy->weight_ih = copy_part (self->weight_ih);
  copy->weight_hh = copy_part (self->weight_hh);
  copy->weight_out = copy_part (self->weight_out);
  copy->bias_ih = copy_part (self->bias_ih);
  copy->bias_hh = copy_part (self->bias_hh);
  copy->bias_out = copy_part (self->bias_out);
  return copy;
}

OrrNetwork *
orr_network_ref (OrrNetwork *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrNetwork *self = box;

  orr_matrix_unref (self->weight_ih);
  orr_matrix_unref (self->weight_hh);
  orr_matrix_unref (self->weight_out);
  orr_matrix_unref (self->bias_ih);
  orr_matrix_unref (self->bias_hh);
  orr_matrix_unref (self->bias_out);
}

void
orr_network_unref (OrrNetwork *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/**
 * orr_network_validate:
 * @error: (out): %ORR_ERROR_INPUT naming the matrix that is wrong
 *
 * Returns: whether all shapes fit and all weights are finite
 */
gboolean
orr_network_validate (const OrrNetwork *self, GError **error)
{
  const struct { const char *name; const OrrMatrix *part; gsize rows, cols; } parts[] = {
    { "weight_ih", self->weight_ih, self->n_hidden, self->n_noise },
    { "weight_hh", self->weight_hh, self->n_hidden, self->n_hidden },
    { "readout weight", self->weight_out, self->n_symbols, self->n_hidden },
    { "bias_ih", self->bias_ih, 1, self->n_hidden },
    { "bias_hh", self->bias_hh, 1, self->n_hidden },
    { "readout bias", self->bias_out, 1, self->n_symbols },
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (parts[i].part == NULL && i >= 3)
        continue;
      if (parts[i].part == NULL || parts[i].part->rows != parts[i].rows || parts[i].part->cols != parts[i].cols)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                       "The network's shapes do not fit together: %s should be %" G_GSIZE_FORMAT
                       " x %" G_GSIZE_FORMAT, parts[i].name, parts[i].rows, parts[i].cols);
          return FALSE;
        }
      if (!orr_matrix_is_finite (parts[i].part))
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The network's %s holds values that are not finite",
                       parts[i].name);
          return FALSE;
        }
    }
  return TRUE;
}
