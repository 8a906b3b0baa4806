/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "orr-hmm.h"
#include "orr-random.h"

/* Independent references for small models: sums over all S^T hidden paths. */

static inline void
fill_random_row (double *row, guint n, double p_zero, guint64 seed, guint64 *index)
{
  double sum = 0.0;

  do
    {
      sum = 0.0;
      for (guint i = 0; i < n; i++)
        {
          gboolean zero = orr_random_uniform (seed, ORR_RANDOM_STREAM_TEST, (*index)++) < p_zero;
          row[i] = zero ? 0.0 : orr_random_uniform (seed, ORR_RANDOM_STREAM_TEST, (*index)++);
          sum += row[i];
        }
    }
  while (sum == 0.0);
  for (guint i = 0; i < n; i++)
    row[i] /= sum;
}

static inline OrrHmm *
create_random_hmm (guint n_states, guint n_symbols, double p_zero, guint64 seed)
{
  OrrHmm *hmm = orr_hmm_new (n_states, n_symbols);
  guint64 index = 0;

  fill_random_row (hmm->start, n_states, p_zero, seed, &index);
  for (guint i = 0; i < n_states; i++)
    {
      fill_random_row (hmm->transition + i * n_states, n_states, p_zero, seed, &index);
      fill_random_row (hmm->emission + i * n_symbols, n_symbols, p_zero, seed, &index);
    }
  return hmm;
}

static inline double
path_probability (const OrrHmm *hmm, const guint16 *path, const guint16 *symbols, guint length)
{
  double p = hmm->start[path[0]];

  for (guint t = 0; t < length; t++)
    {
      if (t > 0)
        p *= hmm->transition[path[t - 1] * hmm->n_states + path[t]];
      p *= hmm->emission[path[t] * hmm->n_symbols + symbols[t]];
    }
  return p;
}

typedef struct
{
  double  likelihood;
  double  best;           /* probability of the best path */
  double  posterior[64];  /* [T x S] */
  double  transitions[64]; /* [S x S] expected counts */
} BruteForce;

static inline BruteForce
enumerate_paths (const OrrHmm *hmm, const guint16 *symbols, guint length)
{
  BruteForce sums = { 0 };
  guint S = hmm->n_states;
  guint64 n_paths = 1;

  for (guint t = 0; t < length; t++)
    n_paths *= S;
  for (guint64 number = 0; number < n_paths; number++)
    {
      guint16 path[16];
      guint64 rest = number;

      for (guint t = 0; t < length; t++, rest /= S)
        path[t] = rest % S;
      double p = path_probability (hmm, path, symbols, length);
      sums.likelihood += p;
      sums.best = MAX (sums.best, p);
      for (guint t = 0; t < length; t++)
        {
          sums.posterior[t * S + path[t]] += p;
          if (t > 0)
            sums.transitions[path[t - 1] * S + path[t]] += p;
        }
    }
  for (guint i = 0; i < 64 && sums.likelihood > 0.0; i++)
    {
      sums.posterior[i] /= sums.likelihood;
      sums.transitions[i] /= sums.likelihood;
    }
  return sums;
}
