/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sequences.h"

#include <string.h>

#include "orr-error.h"

/**
 * orr_sequences_new:
 * @lengths: [@n_sequences] lengths, each at least 1
 * @symbols: the sequences one after the other; copied
 *
 * Returns: (transfer full): the sequences
 */
OrrSequences *
orr_sequences_new (gsize n_sequences, const gsize *lengths, const guint16 *symbols)
{
  OrrSequences *self = g_atomic_rc_box_new0 (OrrSequences);

  self->n_sequences = n_sequences;
  self->offsets = g_new (gsize, n_sequences + 1);
  self->offsets[0] = 0;
  for (gsize n = 0; n < n_sequences; n++)
    self->offsets[n + 1] = self->offsets[n] + lengths[n];
  self->symbols = g_memdup2 (symbols, self->offsets[n_sequences] * sizeof (guint16));
  return self;
}

/**
 * orr_sequences_new_equal:
 * @symbols: [@n_sequences x @length]; copied
 *
 * Returns: (transfer full): the sequences
 */
OrrSequences *
orr_sequences_new_equal (gsize n_sequences, gsize length, const guint16 *symbols)
{
  g_autofree gsize *lengths = g_new (gsize, MAX (n_sequences, 1));

  for (gsize n = 0; n < n_sequences; n++)
    lengths[n] = length;
  return orr_sequences_new (n_sequences, lengths, symbols);
}

OrrSequences *
orr_sequences_ref (OrrSequences *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrSequences *self = box;

  g_free (self->offsets);
  g_free (self->symbols);
}

void
orr_sequences_unref (OrrSequences *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/**
 * orr_sequences_max_symbol:
 *
 * Returns: the largest symbol, 0 when there are none
 */
guint
orr_sequences_max_symbol (const OrrSequences *self)
{
  guint largest = 0;

  for (gsize i = 0; i < self->offsets[self->n_sequences]; i++)
    largest = MAX (largest, self->symbols[i]);
  return largest;
}

/**
 * orr_sequences_check:
 * @n_symbols: K
 * @error: (out): %ORR_ERROR_INPUT with the place of the first wrong symbol
 *
 * Returns: whether there are sequences, none empty, all symbols below @n_symbols
 */
gboolean
orr_sequences_check (const OrrSequences *self, guint n_symbols, GError **error)
{
  if (self->n_sequences == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "There are no observed sequences");
      return FALSE;
    }
  for (gsize n = 0; n < self->n_sequences; n++)
    {
      const guint16 *symbols = orr_sequences_get (self, n);

      if (orr_sequences_length (self, n) == 0)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Sequence %" G_GSIZE_FORMAT " is empty", n + 1);
          return FALSE;
        }
      for (gsize t = 0; t < orr_sequences_length (self, n); t++)
        if (symbols[t] >= n_symbols)
          {
            g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                         "Sequence %" G_GSIZE_FORMAT ", step %" G_GSIZE_FORMAT
                         ": symbol %u is outside 0 to %u, the symbols of the model",
                         n + 1, t + 1, symbols[t], n_symbols - 1);
            return FALSE;
          }
    }
  return TRUE;
}
