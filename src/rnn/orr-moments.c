/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-moments.h"

#include <math.h>
#include <string.h>

#include "orr-hmm-sample.h"
#include "orr-parallel.h"

/* Sequences counted or differentiated at once by a thread. */
#define BLOCK 256
/* Sequences of the model that the spreads are estimated from: their own errors matter little. Fewer where
 * there are very many cells. */
#define SPREAD_SEQUENCES 8192
#define LEAST_SPREAD_SEQUENCES 256
#define SPREAD_CELLS (1u << 22)
/* A seed apart from those that people choose: the spreads belong to the model, not to a run. */
#define SPREAD_SEED 0x6f7272657279ULL
/* An event the model never shows is treated as one of this probability. */
#define LEAST_PROBABILITY 1e-4

/*
 * Cells: K symbols, then K x K pairs (first symbol, second symbol) for each
 * group. A cell's value is a mean over sequences and over the group's steps.
 */
struct _OrrMoments
{
  guint   n_symbols;
  guint   length;
  guint   n_cells;
  GArray *groups;   /* OrrMomentGroup: in order of lag, then the stages */
  double *expected; /* [n_cells] */
  double *spread;   /* [n_cells] variance of the cell's value over single sequences of the model */
  double *weights;  /* [n_cells] share / spread */
};

static const OrrMomentGroup *
get_group (const OrrMoments *self, guint index)
{
  return &g_array_index (self->groups, OrrMomentGroup, index);
}

/* 1, 2, 3, 4, 6, 8, 12, 16, 24 .. up to the longest: far lags change slowly from one to the next. */
static void
add_lags (OrrMoments *self, guint longest)
{
  for (guint lag = 1; lag <= longest;)
    {
      OrrMomentGroup group = { lag, lag, self->length, 1.0 };
      gboolean is_power_of_2 = (lag & (lag - 1)) == 0;

      g_array_append_val (self->groups, group);
      if (lag < 3)
        lag++;
      else
        lag = is_power_of_2 ? lag / 2 * 3 : lag / 3 * 4;
    }
}

/* Neighbours that end at step 1, 2, 3 to 4, 5 to 8 .. : a start from rest settles ever more slowly. */
static void
add_stages (OrrMoments *self)
{
  for (guint from = 1, to = 2; from < self->length; from = to, to = 2 * to - 1)
    {
      OrrMomentGroup group = { 1, from, MIN (to, self->length), 1.0 };

      g_array_append_val (self->groups, group);
    }
}

/* The lags weigh 1 together, and so do the stages. */
static void
set_shares (OrrMoments *self, guint n_lags)
{
  for (guint g = 0; g < self->groups->len; g++)
    g_array_index (self->groups, OrrMomentGroup, g).share = 1.0 / (g < n_lags ? n_lags : self->groups->len - n_lags);
}

/* Distribution over states at step t from that at t - 1. */
static void
advance (const OrrHmm *hmm, const double *from, double *to)
{
  guint S = hmm->n_states;

  for (guint j = 0; j < S; j++)
    {
      to[j] = 0.0;
      for (guint i = 0; i < S; i++)
        to[j] += from[i] * hmm->transition[i * S + j];
    }
}

/* to [S x S] = from A */
static void
multiply (const OrrHmm *hmm, const double *from, double *to)
{
  for (guint i = 0; i < hmm->n_states; i++)
    advance (hmm, from + (gsize) i * hmm->n_states, to + (gsize) i * hmm->n_states);
}

/* sums[t][s]: probability of state s summed over the steps 0 .. t - 1. */
static double *
sum_states (const OrrHmm *hmm, guint length)
{
  guint S = hmm->n_states;
  double *sums = g_new0 (double, (gsize) (length + 1) * S);
  g_autofree double *now = g_memdup2 (hmm->start, S * sizeof (double)), *next = g_new (double, S);

  for (guint t = 0; t < length; t++)
    {
      for (guint s = 0; s < S; s++)
        sums[(gsize) (t + 1) * S + s] = sums[(gsize) t * S + s] + now[s];
      advance (hmm, now, next);
      memcpy (now, next, S * sizeof (double));
    }
  return sums;
}

/* The joint distribution of two symbols from that of their states: E^T diag (first) power E. */
static void
expect_pairs (const OrrHmm *hmm, const double *first, double scale, const double *power, double *pairs)
{
  guint S = hmm->n_states, K = hmm->n_symbols;
  g_autofree double *seen = g_new (double, K);

  memset (pairs, 0, (gsize) K * K * sizeof (double));
  for (guint s = 0; s < S; s++)
    {
      memset (seen, 0, K * sizeof (double));
      for (guint r = 0; r < S; r++)
        for (guint k = 0; k < K; k++)
          seen[k] += power[s * S + r] * hmm->emission[r * K + k];
      for (guint j = 0; j < K; j++)
        for (guint k = 0; k < K; k++)
          pairs[j * K + k] += scale * first[s] * hmm->emission[s * K + j] * seen[k];
    }
}

static void
set_expected (OrrMoments *self, const OrrHmm *hmm)
{
  guint S = hmm->n_states, K = hmm->n_symbols, T = self->length;
  g_autofree double *sums = sum_states (hmm, T);
  g_autofree double *power = g_memdup2 (hmm->transition, (gsize) S * S * sizeof (double));
  g_autofree double *next = g_new (double, (gsize) S * S), *first = g_new (double, S);

  for (guint k = 0; k < K; k++)
    {
      self->expected[k] = 0.0;
      for (guint s = 0; s < S; s++)
        self->expected[k] += sums[(gsize) T * S + s] * hmm->emission[s * K + k] / T;
    }
  for (guint g = 0, lag = 1; g < self->groups->len; g++)
    {
      const OrrMomentGroup *group = get_group (self, g);

      if (group->lag < lag)
        {
          memcpy (power, hmm->transition, (gsize) S * S * sizeof (double));
          lag = 1;
        }
      for (; lag < group->lag; lag++)
        {
          multiply (hmm, power, next);
          memcpy (power, next, (gsize) S * S * sizeof (double));
        }
      for (guint s = 0; s < S; s++)
        first[s] = sums[(gsize) (group->to - lag) * S + s] - sums[(gsize) (group->from - lag) * S + s];
      expect_pairs (hmm, first, 1.0 / (group->to - group->from), power, self->expected + K + (gsize) g * K * K);
    }
}

/* Adds one sequence's counts. */
static void
count_sequence (const OrrMoments *self, const guint8 *s, guint *counts)
{
  guint K = self->n_symbols, T = self->length;

  for (guint t = 0; t < T; t++)
    counts[s[t]]++;
  for (guint g = 0; g < self->groups->len; g++)
    {
      const OrrMomentGroup *group = get_group (self, g);
      guint lag = group->lag, *pairs = counts + K + (gsize) g * K * K;

      for (guint t = group->from; t < group->to; t++)
        pairs[s[t - lag] * K + s[t]]++;
    }
}

/* The number of steps that a cell's counts are out of, in one sequence. */
static guint
cell_steps (const OrrMoments *self, guint cell)
{
  guint K = self->n_symbols;

  if (cell < K)
    return self->length;
  const OrrMomentGroup *group = get_group (self, (cell - K) / (K * K));
  return group->to - group->from;
}

/* Adds the part of one sequence out of @n. */
static void
add_spread (OrrMoments *self, const guint8 *symbols, guint n, guint *counts)
{
  memset (counts, 0, self->n_cells * sizeof (guint));
  count_sequence (self, symbols, counts);
  for (guint c = 0; c < self->n_cells; c++)
    {
      double away = (double) counts[c] / cell_steps (self, c) - self->expected[c];
      self->spread[c] += away * away / n;
    }
}

static void
set_spread (OrrMoments *self, const OrrHmm *hmm)
{
  guint T = self->length;
  g_autofree guint16 *wide = g_new (guint16, T);
  g_autofree guint8 *symbols = g_malloc (T);
  g_autofree guint *counts = g_new (guint, self->n_cells);
  guint n = CLAMP (SPREAD_CELLS / self->n_cells, LEAST_SPREAD_SEQUENCES, SPREAD_SEQUENCES);

  for (guint i = 0; i < n; i++)
    {
      orr_hmm_sample (hmm, i, 1, T, SPREAD_SEED, wide, NULL);
      for (guint t = 0; t < T; t++)
        symbols[t] = (guint8) wide[t];
      add_spread (self, symbols, n, counts);
    }
}

static void
set_weights (OrrMoments *self)
{
  guint K = self->n_symbols;

  for (guint c = 0; c < self->n_cells; c++)
    {
      /* A rare event may by chance have shown too little of its spread: it has at least that of independent steps. */
      double p = fmax (self->expected[c], LEAST_PROBABILITY);
      self->spread[c] = fmax (self->spread[c], p * fmax (1.0 - p, LEAST_PROBABILITY) / cell_steps (self, c));
      self->weights[c] = (c < K ? 1.0 : get_group (self, (c - K) / (K * K))->share) / self->spread[c];
    }
}

static OrrMoments *
moments_new (guint n_symbols, guint length, guint longest_lag, gboolean stages)
{
  OrrMoments *self = g_new0 (OrrMoments, 1);

  self->n_symbols = n_symbols;
  self->length = length;
  self->groups = g_array_new (FALSE, FALSE, sizeof (OrrMomentGroup));
  add_lags (self, MIN (longest_lag, length - 1));
  guint n_lags = self->groups->len;
  if (stages)
    add_stages (self);
  set_shares (self, n_lags);
  self->n_cells = n_symbols + self->groups->len * n_symbols * n_symbols;
  self->expected = g_new0 (double, self->n_cells);
  self->spread = g_new0 (double, self->n_cells);
  self->weights = g_new0 (double, self->n_cells);
  return self;
}

/**
 * orr_moments_new:
 * @length: T, steps of a sequence, at least 2
 * @longest_lag: the lags are 1, 2, 3, 4, 6, 8, 12, 16, 24 .. up to this one,
 *   below @length in any case
 * @stages: whether neighbours are counted by stages of the sequence as well, those that
 *   end at step 1, 2, 3 to 4, 5 to 8 and so on (from 0): means over all steps
 *   can be right where a network that starts from rest changes too often
 *   at first and too seldom later
 *
 * Expectations are in closed form: P (s_t = j, s_{t+l} = k) averaged over t, with
 * the state's distribution at each t and the l-th power of the transition
 * matrix. Spreads are estimated once from sequences of the model.
 */
OrrMoments *
orr_moments_new (const OrrHmm *hmm, guint length, guint longest_lag, gboolean stages)
{
  g_return_val_if_fail (length >= 2 && longest_lag >= 1 && hmm->n_symbols <= 256, NULL);

  OrrMoments *self = moments_new (hmm->n_symbols, length, longest_lag, stages);
  set_expected (self, hmm);
  set_spread (self, hmm);
  set_weights (self);
  return self;
}

/**
 * orr_moments_new_recorded:
 * @symbols: [n x length] recorded sequences with symbols below @n_symbols
 *
 * The same with the means and spreads of recorded sequences for a model's.
 */
OrrMoments *
orr_moments_new_recorded (const guint8 *symbols, guint n, guint n_symbols, guint length, guint longest_lag,
                          gboolean stages)
{
  g_return_val_if_fail (n > 0 && length >= 2 && longest_lag >= 1 && n_symbols <= 256, NULL);

  OrrMoments *self = moments_new (n_symbols, length, longest_lag, stages);
  g_autofree guint *counts = g_new (guint, self->n_cells);

  for (guint i = 0; i < n; i++)
    {
      memset (counts, 0, self->n_cells * sizeof (guint));
      count_sequence (self, symbols + (gsize) i * length, counts);
      for (guint c = 0; c < self->n_cells; c++)
        self->expected[c] += (double) counts[c] / cell_steps (self, c) / n;
    }
  for (guint i = 0; i < n; i++)
    add_spread (self, symbols + (gsize) i * length, n, counts);
  set_weights (self);
  return self;
}

void
orr_moments_free (OrrMoments *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->groups);
  g_free (self->expected);
  g_free (self->spread);
  g_free (self->weights);
  g_free (self);
}

/**
 * orr_moments_get_groups:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): the pairs that are counted, in the order of
 *   their cells
 */
const OrrMomentGroup *
orr_moments_get_groups (const OrrMoments *self, guint *n)
{
  *n = self->groups->len;
  return get_group (self, 0);
}

/**
 * orr_moments_get_expected:
 * @n: (out): number of cells
 *
 * Returns: (transfer none) (array length=n): the model's expectations: K symbol
 * frequencies, then for each group the K x K joint frequencies of pairs
 */
const double *
orr_moments_get_expected (const OrrMoments *self, guint *n)
{
  *n = self->n_cells;
  return self->expected;
}

/* [cells]: the variance that one sequence's value has, in the model. */
const double *
orr_moments_get_spread (const OrrMoments *self)
{
  return self->spread;
}

/* One comparison under way. */
typedef struct
{
  const OrrMoments *moments;
  const guint8     *symbols;
  guint             n;
  guint            *counts;   /* [blocks x cells] */
  float            *onto_next; /* [groups x K x K] slope towards the second symbol, by the first */
  float            *onto_last; /* [groups x K x K] towards the first, by the second */
  float            *alone;    /* [K] */
  float            *gradient; /* [n x T x K] */
} Comparison;

static void
count_block (gsize block, guint worker, gpointer data)
{
  Comparison *self = data;
  guint *counts = self->counts + block * self->moments->n_cells;

  for (gsize i = block * BLOCK; i < MIN ((block + 1) * BLOCK, self->n); i++)
    count_sequence (self->moments, self->symbols + i * self->moments->length, counts);
}

static inline void
add_row (float *out, const float *row, guint K)
{
  for (guint k = 0; k < K; k++)
    out[k] += row[k];
}

static void
differentiate_block (gsize block, guint worker, gpointer data)
{
  Comparison *self = data;
  const OrrMoments *moments = self->moments;
  guint K = moments->n_symbols, T = moments->length;

  for (gsize i = block * BLOCK; i < MIN ((block + 1) * BLOCK, self->n); i++)
    {
      const guint8 *s = self->symbols + i * T;
      float *gradient = self->gradient + i * T * K;

      for (guint t = 0; t < T; t++)
        add_row (gradient + (gsize) t * K, self->alone, K);
      for (guint g = 0; g < moments->groups->len; g++)
        {
          const OrrMomentGroup *group = get_group (moments, g);
          const float *next = self->onto_next + (gsize) g * K * K, *last = self->onto_last + (gsize) g * K * K;
          guint lag = group->lag;

          for (guint t = group->from; t < group->to; t++)
            {
              add_row (gradient + (gsize) t * K, next + (gsize) s[t - lag] * K, K);
              add_row (gradient + (gsize) (t - lag) * K, last + (gsize) s[t] * K, K);
            }
        }
    }
}

/* Slopes of the distance, as tables that a pair of symbols looks up. */
static void
set_slopes (Comparison *self, const double *away, double weight)
{
  const OrrMoments *moments = self->moments;
  guint K = moments->n_symbols;

  for (guint c = 0; c < moments->n_cells; c++)
    {
      float slope = (float) (weight * 2.0 * moments->weights[c] * away[c] / self->n / cell_steps (moments, c));

      if (c < K)
        self->alone[c] = slope;
      else
        {
          guint pair = (c - K) % (K * K), g = (c - K) / (K * K), first = pair / K, second = pair % K;
          self->onto_next[((gsize) g * K + first) * K + second] = slope;
          self->onto_last[((gsize) g * K + second) * K + first] = slope;
        }
    }
}

static void
differentiate (Comparison *self, const double *away, double weight, guint threads)
{
  gsize K = self->moments->n_symbols, pairs = self->moments->groups->len * K * K;
  g_autofree float *onto_next = g_new (float, pairs), *onto_last = g_new (float, pairs), *alone = g_new (float, K);

  self->onto_next = onto_next;
  self->onto_last = onto_last;
  self->alone = alone;
  set_slopes (self, away, weight);
  orr_parallel_for ((self->n + BLOCK - 1) / BLOCK, threads, differentiate_block, self);
}

/**
 * orr_moments_compare:
 * @symbols: [n x T], each below K
 * @n: number of sequences
 * @weight: factor on the gradient
 * @gradient: (nullable): [n x T x K] @weight times d distance / d one-hot symbol
 *   is added here: of the pairs' products, each factor's slope is the other one
 * @threads: 0 for all cores; never changes the numbers
 *
 * The statistics distance
 *
 *   sum_k (f_k - F_k)^2 / V_k + sum_g w_g sum_jk (p_gjk - P_gjk)^2 / V_gjk
 *
 * of the batch's frequencies f and pairs p from the model's expectations F and P,
 * in units of the variance V that one sequence of the model has; the shares w of all
 * groups that are a lag sum to 1, and so do those of the stages. A batch of the
 * model itself is at about (K + K^2) / n, with stages (K + 2 K^2) / n.
 *
 * Returns: the distance (not weighted)
 */
double
orr_moments_compare (const OrrMoments *self, const guint8 *symbols, guint n, double weight, float *gradient,
                     guint threads)
{
  g_return_val_if_fail (n > 0, NAN);

  gsize n_blocks = (n + BLOCK - 1) / BLOCK;
  g_autofree guint *counts = g_new0 (guint, n_blocks * self->n_cells);
  g_autofree double *away = g_new (double, self->n_cells);
  Comparison comparison = { .moments = self, .symbols = symbols, .n = n, .counts = counts, .gradient = gradient };
  double distance = 0.0;

  threads = orr_parallel_threads (threads);
  orr_parallel_for (n_blocks, threads, count_block, &comparison);
  for (guint c = 0; c < self->n_cells; c++)
    {
      double sum = 0.0;

      for (gsize b = 0; b < n_blocks; b++)
        sum += counts[b * self->n_cells + c];
      away[c] = sum / n / cell_steps (self, c) - self->expected[c];
      distance += self->weights[c] * away[c] * away[c];
    }
  if (gradient != NULL)
    differentiate (&comparison, away, weight, threads);
  return distance;
}
