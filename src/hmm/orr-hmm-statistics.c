/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-statistics.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-section.h"

/* 2^64 steps of the chain: all but chains that move once in an age are still by then. */
#define SQUARINGS 64
#define EQUAL_ROWS 1e-9

static void
normalise_rows (double *matrix, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      double sum = 0.0;

      for (gsize j = 0; j < n; j++)
        sum += matrix[i * n + j];
      for (gsize j = 0; j < n; j++)
        matrix[i * n + j] /= sum;
    }
}

/* The limit of ((I + A) / 2)^n. The lazy chain has A's stationary distributions
 * but no periods; products of non-negative numbers keep every entry accurate. */
static double *
create_limit (const OrrHmm *self)
{
  gsize S = self->n_states;
  double *power = g_new (double, S * S);
  g_autofree double *square = g_new (double, S * S);

  for (gsize i = 0; i < S * S; i++)
    power[i] = 0.5 * (self->transition[i] + (i % (S + 1) == 0 ? 1.0 : 0.0));
  normalise_rows (power, S);
  for (guint n = 0; n < SQUARINGS; n++)
    {
      cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, S, S, S, 1.0, power, S, power, S, 0.0, square, S);
      memcpy (power, square, S * S * sizeof (double));
      normalise_rows (power, S);
    }
  return power;
}

/**
 * orr_hmm_stationary:
 * @stationary: (out) (array): [S] the left eigenvector of A for eigenvalue 1
 *
 * Where there are several (the chain falls apart into parts that it never
 * leaves), the one that the chain reaches from its start.
 *
 * Returns: whether it is the only one
 */
gboolean
orr_hmm_stationary (const OrrHmm *self, double *stationary)
{
  gsize S = self->n_states;
  g_autofree double *limit = create_limit (self);
  gboolean unique = TRUE;

  for (gsize j = 0; j < S; j++)
    {
      stationary[j] = 0.0;
      for (gsize i = 0; i < S; i++)
        {
          stationary[j] += self->start[i] * limit[i * S + j];
          unique &= fabs (limit[i * S + j] - limit[j]) < EQUAL_ROWS;
        }
    }
  return unique;
}

/**
 * orr_hmm_dwell_times:
 * @dwell_times: (out) (array): [S] expected steps in each state, 1 / (1 - A_ii);
 *   infinity for a state that is never left
 */
void
orr_hmm_dwell_times (const OrrHmm *self, double *dwell_times)
{
  gsize S = self->n_states;

  for (gsize i = 0; i < S; i++)
    {
      double leave = 0.0;

      /* The sum of the others keeps more digits than 1 - A_ii. */
      for (gsize j = 0; j < S; j++)
        leave += j != i ? self->transition[i * S + j] : 0.0;
      dwell_times[i] = 1.0 / leave;
    }
}

/**
 * orr_hmm_entropy_rate:
 *
 * Returns: the entropy rate of the hidden chain, - sum_i p_i sum_j A_ij log2 A_ij
 * with p stationary, in bits a step. (That of the emitted symbols has no closed form.)
 */
double
orr_hmm_entropy_rate (const OrrHmm *self)
{
  gsize S = self->n_states;
  g_autofree double *stationary = g_new (double, S);
  double rate = 0.0;

  orr_hmm_stationary (self, stationary);
  for (gsize i = 0; i < S; i++)
    for (gsize j = 0; j < S; j++)
      {
        double p = self->transition[i * S + j];
        if (p > 0.0)
          rate -= stationary[i] * p * log2 (p);
      }
  return rate;
}

/**
 * orr_hmm_symbol_frequencies:
 * @frequencies: (out) (array): [K] stationary frequency of each symbol
 */
void
orr_hmm_symbol_frequencies (const OrrHmm *self, double *frequencies)
{
  gsize S = self->n_states, K = self->n_symbols;
  g_autofree double *stationary = g_new (double, S);

  orr_hmm_stationary (self, stationary);
  cblas_dgemv (CblasRowMajor, CblasTrans, S, K, 1.0, self->emission, K, stationary, 1, 0.0, frequencies, 1);
}

/**
 * orr_hmm_symbol_transitions:
 * @transitions: (out) (array): [K x K] stationary p(next symbol l | symbol k);
 *   NaN in the row of a symbol that is never emitted
 */
void
orr_hmm_symbol_transitions (const OrrHmm *self, double *transitions)
{
  gsize S = self->n_states, K = self->n_symbols;
  g_autofree double *stationary = g_new (double, S);
  g_autofree double *joint = g_new (double, S * K); /* p(state i, symbol k) */
  g_autofree double *next = g_new (double, S * K);  /* p(next symbol l | state i) */

  orr_hmm_stationary (self, stationary);
  for (gsize i = 0; i < S; i++)
    for (gsize k = 0; k < K; k++)
      joint[i * K + k] = stationary[i] * self->emission[i * K + k];
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, S, K, S, 1.0, self->transition, S, self->emission, K, 0.0,
               next, K);
  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, K, K, S, 1.0, joint, K, next, K, 0.0, transitions, K);
  for (gsize k = 0; k < K; k++)
    {
      double sum = 0.0;

      for (gsize l = 0; l < K; l++)
        sum += transitions[k * K + l];
      for (gsize l = 0; l < K; l++)
        transitions[k * K + l] = sum > 0.0 ? transitions[k * K + l] / sum : NAN;
    }
}

/**
 * orr_hmm_describe:
 *
 * What follows from the model: `stationary` [S], `stationary_unique`,
 * `dwell_times` [S] in steps, `entropy_rate` of the hidden chain in bits a
 * step, `symbol_frequencies` [K], `symbol_transitions` [K][K].
 *
 * Returns: (transfer full): a section
 */
GVariant *
orr_hmm_describe (const OrrHmm *self)
{
  gsize S = self->n_states, K = self->n_symbols;
  g_autofree double *states = g_new (double, S);
  g_autofree double *symbols = g_new (double, K * K);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  gboolean unique = orr_hmm_stationary (self, states);
  g_variant_builder_add (&builder, "{sv}", "stationary", orr_section_new_doubles (states, S));
  g_variant_builder_add (&builder, "{sv}", "stationary_unique", g_variant_new_boolean (unique));
  orr_hmm_dwell_times (self, states);
  g_variant_builder_add (&builder, "{sv}", "dwell_times", orr_section_new_doubles (states, S));
  g_variant_builder_add (&builder, "{sv}", "entropy_rate", g_variant_new_double (orr_hmm_entropy_rate (self)));
  orr_hmm_symbol_frequencies (self, symbols);
  g_variant_builder_add (&builder, "{sv}", "symbol_frequencies", orr_section_new_doubles (symbols, K));
  orr_hmm_symbol_transitions (self, symbols);
  g_variant_builder_add (&builder, "{sv}", "symbol_transitions", orr_section_new_table (symbols, K, K));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
