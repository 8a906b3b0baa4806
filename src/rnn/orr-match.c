/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-match.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-hmm-sample.h"
#include "orr-match-distance.h"
#include "orr-rollout.h"
#include "orr-section.h"

/* Numbers of sequences and draws of noise that training never reaches. */
#define FRESH_SEQUENCE ((gsize) 1 << 40)
#define FRESH_DRAW ((guint64) 1 << 55)
/* Sequences that run through the network at once. */
#define CHUNK 4096

/**
 * orr_match_options_init:
 *
 * 5000 sequences of 100 steps, seed 0, the noise that networks are trained with.
 */
void
orr_match_options_init (OrrMatchOptions *self)
{
  *self = (OrrMatchOptions){ .sequences = 5000, .length = 100, .sigma = 1.0, .tau = 1.0 };
}

static gboolean
check_amount (const OrrMatchOptions *options, GError **error)
{
  if (options->sequences >= 2 && options->sequences <= 1000000 && options->length >= 2 && options->length <= 65535)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "A match needs 2 to 1000000 sequences of 2 to 65535 steps, not %u of %u",
               options->sequences, options->length);
  return FALSE;
}

static gboolean
validate (const OrrNetwork *network, const OrrHmm *hmm, const OrrMatchOptions *options, GError **error)
{
  if (!orr_hmm_validate (hmm, error) || !orr_network_validate (network, error))
    return FALSE;
  if (network->n_symbols != hmm->n_symbols)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The network emits %u symbols and the model %u, so they cannot be compared", network->n_symbols,
                   hmm->n_symbols);
      return FALSE;
    }
  return check_amount (options, error);
}

static guint8 *
sample_model (const OrrHmm *hmm, const OrrMatchOptions *options, guint set)
{
  gsize n = (gsize) options->sequences * options->length;
  g_autofree guint16 *wide = g_new (guint16, n);
  guint8 *symbols = g_malloc (n);

  orr_hmm_sample (hmm, FRESH_SEQUENCE + (gsize) set * options->sequences, options->sequences, options->length,
                  options->seed, wide, NULL);
  for (gsize i = 0; i < n; i++)
    symbols[i] = (guint8) wide[i];
  return symbols;
}

static guint8 *
sample_network (const OrrNetwork *network, const OrrMatchOptions *options, OrrProgress *progress, GError **error)
{
  OrrRolloutOptions rollout_options = {
    .length = options->length,
    .most = MIN (options->sequences, CHUNK),
    .sigma = options->sigma,
    .tau = options->tau,
    .random_initial_state = options->random_initial_state,
    .seed = options->seed,
    .threads = options->threads,
  };
  g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &rollout_options);
  g_autofree guint8 *symbols = g_malloc ((gsize) options->sequences * options->length);

  for (guint first = 0; first < options->sequences; first += CHUNK)
    {
      guint n = MIN (options->sequences - first, CHUNK);

      if (!orr_rollout_forward (rollout, network, n, FRESH_DRAW + first / CHUNK, progress, error))
        return NULL;
      memcpy (symbols + (gsize) first * options->length, orr_rollout_get_symbols (rollout),
              (gsize) n * options->length);
    }
  return g_steal_pointer (&symbols);
}

/* What is counted in one set of sequences. */
typedef struct
{
  double *frequencies;          /* [K] */
  double *transitions;          /* [K x K], NaN in the row of a symbol that never occurs */
  double *changes;              /* [T] share of sequences with so many changes */
  double  mean, sd;             /* of the number of changes */
} Counts;

static void
count (Counts *self, const guint8 *symbols, guint n, guint length, guint n_symbols)
{
  double sum = 0.0, squares = 0.0;

  self->frequencies = g_new0 (double, n_symbols);
  self->transitions = g_new0 (double, (gsize) n_symbols * n_symbols);
  self->changes = g_new0 (double, length);
  for (guint i = 0; i < n; i++)
    {
      const guint8 *s = symbols + (gsize) i * length;
      guint changes = 0;

      for (guint t = 0; t < length; t++)
        {
          self->frequencies[s[t]] += 1.0 / ((double) n * length);
          if (t == 0)
            continue;
          self->transitions[(gsize) s[t - 1] * n_symbols + s[t]]++;
          changes += s[t] != s[t - 1];
        }
      self->changes[changes] += 1.0 / n;
      sum += changes;
      squares += (double) changes * changes;
    }
  self->mean = sum / n;
  self->sd = sqrt (MAX (squares / n - self->mean * self->mean, 0.0) * n / (n - 1.0));
  for (guint k = 0; k < n_symbols; k++)
    {
      double *row = self->transitions + (gsize) k * n_symbols, total = 0.0;

      for (guint l = 0; l < n_symbols; l++)
        total += row[l];
      for (guint l = 0; l < n_symbols; l++)
        row[l] = total > 0.0 ? row[l] / total : NAN;
    }
}

static void
counts_clear (Counts *self)
{
  g_free (self->frequencies);
  g_free (self->transitions);
  g_free (self->changes);
}

static GVariant *
new_moments (double mean, double sd)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "mean", "d", mean);
  g_variant_dict_insert (&dict, "sd", "d", sd);
  return g_variant_dict_end (&dict);
}

static GVariant *
new_volatility (const Counts *counts, guint length)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "mean", "d", counts->mean);
  g_variant_dict_insert (&dict, "sd", "d", counts->sd);
  g_variant_dict_insert_value (&dict, "histogram", orr_section_new_doubles (counts->changes, length));
  return g_variant_dict_end (&dict);
}

static GVariant *
new_pair (GVariant *hmm, GVariant *rnn, const char *name_hmm, const char *name_rnn)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, name_hmm, hmm);
  g_variant_dict_insert_value (&dict, name_rnn, rnn);
  return g_variant_dict_end (&dict);
}

static GVariant *
new_section (const OrrMatchOptions *options, guint n_symbols, const Counts *hmm, const Counts *rnn,
             GVariant *distance)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "distance", distance);
  g_variant_dict_insert_value (&dict, "transition_matrix",
                               new_pair (orr_section_new_table (hmm->transitions, n_symbols, n_symbols),
                                         orr_section_new_table (rnn->transitions, n_symbols, n_symbols), "hmm",
                                         "rnn"));
  g_variant_dict_insert_value (&dict, "frequencies",
                               new_pair (orr_section_new_doubles (hmm->frequencies, n_symbols),
                                         orr_section_new_doubles (rnn->frequencies, n_symbols), "hmm", "rnn"));
  g_variant_dict_insert_value (&dict, "volatility",
                               new_pair (new_volatility (hmm, options->length),
                                         new_volatility (rnn, options->length), "hmm", "rnn"));
  g_variant_dict_insert (&dict, "sequences", "x", (gint64) options->sequences);
  g_variant_dict_insert (&dict, "length", "x", (gint64) options->length);
  g_variant_dict_insert (&dict, "seed", "x", (gint64) options->seed);
  return g_variant_dict_end (&dict);
}

/**
 * orr_match_evaluate:
 * @network: emits as many symbols as @hmm
 * @options: how much to sample
 * @error: (out): %ORR_ERROR_INPUT, %ORR_ERROR_CANCELLED
 *
 * How well the network's sequences match the model's (SCIENCE, part 2), on
 * sequences that training never used. The section holds
 *   distance.{hmm_hmm,hmm_rnn}.{mean,sd}: matched distance, of at most
 *     `distance.sequences` sequences (the baseline matches two sets of the model's)
 *   transition_matrix.{hmm,rnn} [K][K]: from symbol (row) to symbol; a row is
 *     NaN where its symbol never occurs
 *   frequencies.{hmm,rnn} [K]
 *   volatility.{hmm,rnn}.{mean,sd,histogram}: symbol changes a sequence;
 *     histogram [T], the share of sequences with 0, 1, 2 .. changes
 *   sequences, length, seed
 *
 * Returns: (transfer floating) (nullable): the section
 */
GVariant *
orr_match_evaluate (const OrrNetwork *network, const OrrHmm *hmm, const OrrMatchOptions *options,
                    OrrProgress *progress, GError **error)
{
  guint matched = MIN (options->sequences, ORR_MATCH_DISTANCE_SEQUENCES), K = hmm->n_symbols;
  double hmm_mean, hmm_sd, rnn_mean, rnn_sd;
  GVariantDict distance;
  Counts hmm_counts, rnn_counts;

  if (!validate (network, hmm, options, error))
    return NULL;

  g_autofree guint8 *rnn = sample_network (network, options, progress, error);
  if (rnn == NULL)
    return NULL;
  g_autofree guint8 *first = sample_model (hmm, options, 0), *second = sample_model (hmm, options, 1);
  orr_progress_report (progress, 0.1, "Matching sequences");
  if (!orr_match_distance (first, second, matched, options->length, K, options->threads, &hmm_mean, &hmm_sd, progress,
                           error))
    return NULL;
  orr_progress_report (progress, 0.55, "Matching sequences");
  if (!orr_match_distance (first, rnn, matched, options->length, K, options->threads, &rnn_mean, &rnn_sd, progress,
                           error))
    return NULL;

  g_variant_dict_init (&distance, NULL);
  g_variant_dict_insert_value (&distance, "hmm_hmm", new_moments (hmm_mean, hmm_sd));
  g_variant_dict_insert_value (&distance, "hmm_rnn", new_moments (rnn_mean, rnn_sd));
  g_variant_dict_insert (&distance, "sequences", "x", (gint64) matched);
  count (&hmm_counts, first, options->sequences, options->length, K);
  count (&rnn_counts, rnn, options->sequences, options->length, K);
  GVariant *section = new_section (options, K, &hmm_counts, &rnn_counts, g_variant_dict_end (&distance));
  counts_clear (&hmm_counts);
  counts_clear (&rnn_counts);
  return section;
}

/**
 * orr_match_describe:
 * @symbols: [sequences x length] what something else than a network emitted, below the
 *   model's number of symbols
 * @options: how many sequences, their length, and the seed of the model's
 * @error: (out): %ORR_ERROR_INPUT, %ORR_ERROR_CANCELLED
 *
 * The same statistics of given sequences: `frequencies` [K], `transition_matrix` [K][K],
 * `volatility`.{`mean`, `sd`, `histogram`}, `distance`.{`mean`, `sd`} matched to the model's
 * sequences (the same as orr_match_evaluate() uses with this seed), `sequences`, `length`, `seed`.
 *
 * Returns: (transfer floating) (nullable): the section
 */
GVariant *
orr_match_describe (const guint8 *symbols, const OrrHmm *hmm, const OrrMatchOptions *options, OrrProgress *progress,
                    GError **error)
{
  guint matched = MIN (options->sequences, ORR_MATCH_DISTANCE_SEQUENCES), K = hmm->n_symbols;
  double mean, sd;
  Counts counts;
  GVariantDict dict;

  if (!orr_hmm_validate (hmm, error) || !check_amount (options, error))
    return NULL;

  g_autofree guint8 *model = sample_model (hmm, options, 0);
  if (!orr_match_distance (model, symbols, matched, options->length, K, options->threads, &mean, &sd, progress, error))
    return NULL;
  count (&counts, symbols, options->sequences, options->length, K);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "distance", new_moments (mean, sd));
  g_variant_dict_insert_value (&dict, "transition_matrix", orr_section_new_table (counts.transitions, K, K));
  g_variant_dict_insert_value (&dict, "frequencies", orr_section_new_doubles (counts.frequencies, K));
  g_variant_dict_insert_value (&dict, "volatility", new_volatility (&counts, options->length));
  g_variant_dict_insert (&dict, "sequences", "x", (gint64) options->sequences);
  g_variant_dict_insert (&dict, "length", "x", (gint64) options->length);
  g_variant_dict_insert (&dict, "seed", "x", (gint64) options->seed);
  counts_clear (&counts);
  return g_variant_dict_end (&dict);
}
