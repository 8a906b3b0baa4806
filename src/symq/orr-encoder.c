/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-encoder.h"

static const OrrEncoder *const encoders[] = { &orr_encoder_dictionary, &orr_encoder_attention };

/**
 * orr_encoder_new:
 * @n_out: width of the embedding
 *
 * Returns: (transfer full) (nullable): the encoder called @name, %NULL when there is none
 */
OrrEncoder *
orr_encoder_new (const char *name, guint n_out)
{
  for (guint i = 0; i < G_N_ELEMENTS (encoders); i++)
    if (g_strcmp0 (encoders[i]->name, name) == 0)
      {
        OrrEncoder *self = g_memdup2 (encoders[i], sizeof (OrrEncoder));
        self->n_out = n_out;
        return self;
      }
  return NULL;
}

void
orr_encoder_free (OrrEncoder *self)
{
  g_free (self);
}
