/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-inference.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"

/*
 * All recursions are scaled (Rabiner 1989, section V.A): alpha_t is kept as
 * p(state_t | o_1..o_t) and c_t = p(o_t | o_1..o_{t-1}), so that nothing
 * underflows and no logarithm is taken inside.
 */

/* alpha [S] of step t from that of t - 1 (%NULL at the first); returns c_t, 0 when impossible. */
static double
step_forward (const OrrHmm *self, const double *before, guint16 symbol, double *alpha)
{
  gsize S = self->n_states, K = self->n_symbols;
  double scale = 0.0;

  if (before == NULL)
    memcpy (alpha, self->start, S * sizeof (double));
  else
    {
      memset (alpha, 0, S * sizeof (double));
      for (gsize i = 0; i < S; i++)
        for (gsize j = 0; j < S; j++)
          alpha[j] += before[i] * self->transition[i * S + j];
    }
  for (gsize j = 0; j < S; j++)
    {
      alpha[j] *= self->emission[j * K + symbol];
      scale += alpha[j];
    }
  if (scale > 0.0)
    for (gsize j = 0; j < S; j++)
      alpha[j] /= scale;
  return scale;
}

/**
 * orr_hmm_log_likelihood:
 * @symbols: [@length] symbols below K
 *
 * Returns: ln p(symbols), by the scaled forward recursion; -infinity when the
 * model cannot emit them
 */
double
orr_hmm_log_likelihood (const OrrHmm *self, const guint16 *symbols, gsize length)
{
  gsize S = self->n_states;
  g_autofree double *buffers = g_new (double, 2 * S);
  double log_likelihood = 0.0;

  for (gsize t = 0; t < length; t++)
    {
      double *alpha = buffers + (t & 1) * S;
      const double *before = t > 0 ? buffers + (1 - (t & 1)) * S : NULL;
      double scale = step_forward (self, before, symbols[t], alpha);

      if (scale == 0.0)
        return -INFINITY;
      log_likelihood += log (scale);
    }
  return log_likelihood;
}

/**
 * orr_hmm_score:
 *
 * Returns: the summed log-likelihood of independent sequences
 */
double
orr_hmm_score (const OrrHmm *self, const OrrSequences *sequences)
{
  double sum = 0.0;

  for (gsize n = 0; n < sequences->n_sequences; n++)
    sum += orr_hmm_log_likelihood (self, orr_sequences_get (sequences, n), orr_sequences_length (sequences, n));
  return sum;
}

static void
set_impossible (GError **error, gsize step, guint16 symbol)
{
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
               "The model cannot emit this sequence: symbol %u at step %" G_GSIZE_FORMAT
               " is impossible after what came before", symbol, step + 1);
}

/* beta_{t} from beta_{t+1}, in place; adds xi_t to @counts unless %NULL. */
static void
step_backward (const OrrHmm *self, const double *alpha, guint16 next_symbol, double next_scale, double *weighted,
               double *beta, double *counts)
{
  gsize S = self->n_states, K = self->n_symbols;

  for (gsize j = 0; j < S; j++)
    weighted[j] = self->emission[j * K + next_symbol] * beta[j] / next_scale;
  for (gsize i = 0; i < S; i++)
    {
      const double *row = self->transition + i * S;
      double sum = 0.0;

      for (gsize j = 0; j < S; j++)
        sum += row[j] * weighted[j];
      if (counts != NULL)
        for (gsize j = 0; j < S; j++)
          counts[i * S + j] += alpha[i] * row[j] * weighted[j];
      beta[i] = sum;
    }
}

/**
 * orr_hmm_forward_backward:
 * @symbols: [@length] symbols below K, @length at least 1
 * @posterior: (out) (array): [@length x S] p(state_t | all symbols)
 * @log_likelihood: (out) (optional): ln p(symbols)
 * @n_transitions: (inout) (array) (nullable): [S x S] to which the expected
 *   number of each transition is added
 * @error: (out): %ORR_ERROR_INPUT when the model cannot emit the sequence, with
 *   the step where it fails
 */
gboolean
orr_hmm_forward_backward (const OrrHmm *self, const guint16 *symbols, gsize length, double *posterior,
                          double *log_likelihood, double *n_transitions, GError **error)
{
  gsize S = self->n_states;
  g_autofree double *scales = g_new (double, length);
  g_autofree double *beta = g_new (double, S);
  g_autofree double *weighted = g_new (double, S);
  double sum = 0.0;

  /* The posterior holds alpha on the way forward and becomes alpha beta on the way back. */
  for (gsize t = 0; t < length; t++)
    {
      scales[t] = step_forward (self, t > 0 ? posterior + (t - 1) * S : NULL, symbols[t], posterior + t * S);
      if (scales[t] == 0.0)
        {
          set_impossible (error, t, symbols[t]);
          return FALSE;
        }
      sum += log (scales[t]);
    }

  for (gsize j = 0; j < S; j++)
    beta[j] = 1.0;
  for (gsize t = length - 1; t-- > 0;)
    {
      double *alpha = posterior + t * S;

      step_backward (self, alpha, symbols[t + 1], scales[t + 1], weighted, beta, n_transitions);
      for (gsize j = 0; j < S; j++)
        alpha[j] *= beta[j];
    }
  if (log_likelihood != NULL)
    *log_likelihood = sum;
  return TRUE;
}

static double *
create_logs (const double *values, gsize n)
{
  double *logs = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    logs[i] = log (values[i]); /* ln 0 = -infinity loses every comparison, as it should */
  return logs;
}

/**
 * orr_hmm_viterbi:
 * @symbols: [@length] symbols below K, @length at least 1
 * @path: (out) (array): [@length] most likely states; ties go to the lower state
 * @log_probability: (out) (optional): ln p(path, symbols)
 * @error: (out): %ORR_ERROR_INPUT when the model cannot emit the sequence
 */
gboolean
orr_hmm_viterbi (const OrrHmm *self, const guint16 *symbols, gsize length, guint16 *path, double *log_probability,
                 GError **error)
{
  gsize S = self->n_states, K = self->n_symbols;
  g_autofree double *start = create_logs (self->start, S);
  g_autofree double *transition = create_logs (self->transition, S * S);
  g_autofree double *emission = create_logs (self->emission, S * K);
  g_autofree double *score = g_new (double, S);
  g_autofree double *next = g_new (double, S);
  g_autofree guint16 *from = g_new (guint16, length * S);
  double best = -INFINITY;

  for (gsize t = 0; t < length; t++)
    {
      best = -INFINITY;
      for (gsize j = 0; j < S; j++)
        {
          gsize origin = 0;
          double reach = t == 0 ? start[j] : -INFINITY;

          for (gsize i = 0; t > 0 && i < S; i++)
            if (score[i] + transition[i * S + j] > reach)
              {
                reach = score[i] + transition[i * S + j];
                origin = i;
              }
          next[j] = reach + emission[j * K + symbols[t]];
          from[t * S + j] = origin;
          if (next[j] > best)
            {
              best = next[j];
              path[t] = j;
            }
        }
      if (best == -INFINITY)
        {
          set_impossible (error, t, symbols[t]);
          return FALSE;
        }
      memcpy (score, next, S * sizeof (double));
    }

  for (gsize t = length - 1; t > 0; t--)
    path[t - 1] = from[t * S + path[t]];
  if (log_probability != NULL)
    *log_probability = best;
  return TRUE;
}
