/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-sample.h"

#include "orr-random.h"

/* Index of the first of @n cumulative sums above @u; the last one never counts, so
 * that rounding in the sum cannot lead outside. */
static inline guint
choose (const double *cumulative, guint n, double u)
{
  guint i = 0;

  while (i + 1 < n && u >= cumulative[i])
    i++;
  return i;
}

/* Cumulative sums [rows x n]; after the last possible outcome of a row they are
 * above 1, so an impossible outcome is never chosen by rounding. */
static double *
accumulate (const double *rows, gsize n_rows, gsize n)
{
  double *cumulative = g_new (double, n_rows * n);

  for (gsize r = 0; r < n_rows; r++)
    {
      double sum = 0.0;
      gsize last = 0;

      for (gsize i = 0; i < n; i++)
        {
          sum += rows[r * n + i];
          cumulative[r * n + i] = sum;
          if (rows[r * n + i] > 0.0)
            last = i;
        }
      for (gsize i = last; i < n; i++)
        cumulative[r * n + i] = 2.0;
    }
  return cumulative;
}

/**
 * orr_hmm_sample:
 * @first: number of the first sequence
 * @n_sequences: N, how many
 * @length: T, steps of each
 * @seed: of all sequences
 * @symbols: (out) (array): [N x T] symbols, from 0
 * @states: (out) (array) (nullable): [N x T] hidden states, from 0
 *
 * Draws sequences @first .. @first + N - 1 of those that @seed stands for: a
 * sequence depends on the seed, its number and T alone, so parts can be drawn
 * anywhere, in any order.
 */
void
orr_hmm_sample (const OrrHmm *self, gsize first, gsize n_sequences, guint length, guint64 seed, guint16 *symbols,
                guint16 *states)
{
  gsize S = self->n_states, K = self->n_symbols;
  g_autofree double *start = accumulate (self->start, 1, S);
  g_autofree double *transition = accumulate (self->transition, S, S);
  g_autofree double *emission = accumulate (self->emission, S, K);

  for (gsize n = 0; n < n_sequences; n++)
    {
      guint state = 0;

      for (guint t = 0; t < length; t++)
        {
          gsize place = n * length + t;
          guint64 index = 2 * ((first + n) * length + t);
          double u = orr_random_uniform (seed, ORR_RANDOM_STREAM_HMM, index);
          double v = orr_random_uniform (seed, ORR_RANDOM_STREAM_HMM, index + 1);

          state = choose (t == 0 ? start : transition + state * S, S, u);
          symbols[place] = choose (emission + state * K, K, v);
          if (states != NULL)
            states[place] = state;
        }
    }
}
