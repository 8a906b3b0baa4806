/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-scan.h"

#include <math.h>

#include "orr-error.h"
#include "orr-hmm-inference.h"
#include "orr-random.h"
#include "orr-section.h"

/* One part in so many is kept back. */
#define KEPT_BACK 5
/* A recording of fewer sequences is cut into so many stretches, so that there is something to keep back. */
#define STRETCHES 20
#define SHORTEST_STRETCH 10

/* Sequences as they are where there are many, else in consecutive stretches. */
static OrrSequences *
cut (const OrrSequences *sequences)
{
  gsize n_steps = sequences->offsets[sequences->n_sequences];
  gsize length = MAX (n_steps / STRETCHES, SHORTEST_STRETCH);
  g_autoptr (GArray) lengths = g_array_new (FALSE, FALSE, sizeof (gsize));

  if (sequences->n_sequences >= STRETCHES)
    return orr_sequences_ref ((OrrSequences *) sequences);
  for (gsize i = 0; i < sequences->n_sequences; i++)
    for (gsize left = orr_sequences_length (sequences, i); left > 0;)
      {
        gsize n = left < length + SHORTEST_STRETCH ? left : length;

        g_array_append_val (lengths, n);
        left -= n;
      }
  return orr_sequences_new (lengths->len, (const gsize *) (gpointer) lengths->data, sequences->symbols);
}

/* Those of @sequences whose place in a random order says so. */
static OrrSequences *
pick (const OrrSequences *sequences, const guint32 *order, gboolean kept_back)
{
  g_autoptr (GArray) lengths = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GArray) symbols = g_array_new (FALSE, FALSE, sizeof (guint16));

  for (gsize i = 0; i < sequences->n_sequences; i++)
    {
      gsize n = orr_sequences_length (sequences, order[i]);

      if ((i % KEPT_BACK == 0) != kept_back)
        continue;
      g_array_append_val (lengths, n);
      g_array_append_vals (symbols, orr_sequences_get (sequences, order[i]), n);
    }
  return orr_sequences_new (lengths->len, (const gsize *) (gpointer) lengths->data,
                            (const guint16 *) (gpointer) symbols->data);
}

static double
log_likelihood_per_symbol (const OrrHmm *hmm, const OrrSequences *sequences)
{
  double sum = 0.0;

  for (gsize i = 0; i < sequences->n_sequences; i++)
    sum += orr_hmm_log_likelihood (hmm, orr_sequences_get (sequences, i), orr_sequences_length (sequences, i));
  return sum / sequences->offsets[sequences->n_sequences];
}

static gboolean
fit_entry (OrrHmmScanEntry *entry, const OrrSequences *all, const OrrSequences *rest, const OrrSequences *kept_back,
           const OrrHmmFitOptions *options, OrrProgress *progress, GError **error)
{
  OrrHmmFitOptions own = *options;
  guint S = entry->n_states, K = options->n_symbols;
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.5);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.5, 1.0);

  own.n_states = S;
  entry->fit = orr_hmm_fit (all, NULL, &own, first, error);
  if (entry->fit == NULL)
    return FALSE;
  g_autoptr (OrrHmmFit) part = orr_hmm_fit (rest, NULL, &own, second, error);
  if (part == NULL)
    return FALSE;

  entry->n_parameters = S - 1 + S * (S - 1) + S * (K - 1);
  entry->bic = -2.0 * entry->fit->log_likelihood + entry->n_parameters * log (all->offsets[all->n_sequences]);
  entry->held_out = log_likelihood_per_symbol (part->model, kept_back);
  return TRUE;
}

static void
choose_best (OrrHmmScan *self)
{
  for (guint i = 1; i < self->n_entries; i++)
    {
      if (self->entries[i].bic < self->entries[self->best_bic].bic)
        self->best_bic = i;
      if (self->entries[i].held_out > self->entries[self->best_held_out].held_out)
        self->best_held_out = i;
    }
}

/**
 * orr_hmm_scan:
 * @fewest: least number of states, at least 1
 * @most: largest number of states
 * @options: of each fit; its number of states is not used
 * @error: (out): %ORR_ERROR_INPUT, %ORR_ERROR_CANCELLED
 *
 * Fits a model of each number of states twice, by Baum-Welch with restarts: to
 * all sequences, and to four fifths of them to judge it by the last fifth.
 * Recordings of fewer than twenty sequences are cut into that many stretches.
 *
 * Returns: (transfer full) (nullable): the models and how good they are
 */
OrrHmmScan *
orr_hmm_scan (const OrrSequences *sequences, guint fewest, guint most, const OrrHmmFitOptions *options,
              OrrProgress *progress, GError **error)
{
  OrrHmmFitOptions own = *options;

  if (fewest < 1 || most < fewest || most > ORR_HMM_MAX_STATES)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Numbers of states run from 1 to %d at most, not from %u to %u",
                   ORR_HMM_MAX_STATES, fewest, most);
      return NULL;
    }
  if (own.n_symbols == 0)
    own.n_symbols = orr_sequences_max_symbol (sequences) + 1;
  if (!orr_sequences_check (sequences, MIN (own.n_symbols, ORR_HMM_MAX_SYMBOLS), error))
    return NULL;

  g_autoptr (OrrSequences) pieces = cut (sequences);
  if (pieces->n_sequences < 2)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "The recording is too short to keep a part of it back; give one number of states");
      return NULL;
    }
  g_autofree guint32 *order = g_new (guint32, pieces->n_sequences);
  for (gsize i = 0; i < pieces->n_sequences; i++)
    order[i] = i;
  orr_random_shuffle (order, pieces->n_sequences, own.seed, orr_random_substream (ORR_RANDOM_STREAM_SHUFFLE, 1));
  g_autoptr (OrrSequences) rest = pick (pieces, order, FALSE);
  g_autoptr (OrrSequences) kept_back = pick (pieces, order, TRUE);
  g_autoptr (OrrHmmScan) self = g_new0 (OrrHmmScan, 1);

  self->n_entries = most - fewest + 1;
  self->entries = g_new0 (OrrHmmScanEntry, self->n_entries);
  for (guint i = 0; i < self->n_entries; i++)
    {
      g_autoptr (OrrProgress) part = orr_progress_new_part (progress, (double) i / self->n_entries,
                                                            (double) (i + 1) / self->n_entries);
      self->entries[i].n_states = fewest + i;
      if (!fit_entry (&self->entries[i], sequences, rest, kept_back, &own, part, error))
        return NULL;
    }
  choose_best (self);
  return g_steal_pointer (&self);
}

void
orr_hmm_scan_free (OrrHmmScan *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_entries; i++)
    orr_hmm_fit_free (self->entries[i].fit);
  g_free (self->entries);
  g_free (self);
}

/**
 * orr_hmm_scan_to_section:
 *
 * Returns: (transfer floating): lists `states`, `log_likelihood`, `parameters`,
 * `bic` and `held_out`, with `best_bic` and `best_held_out` as numbers of states
 */
GVariant *
orr_hmm_scan_to_section (const OrrHmmScan *self)
{
  static const char *const names[] = { "states", "log_likelihood", "parameters", "bic", "held_out" };
  g_autofree double *columns = g_new (double, G_N_ELEMENTS (names) * self->n_entries);
  GVariantDict dict;

  for (guint i = 0; i < self->n_entries; i++)
    {
      const OrrHmmScanEntry *e = &self->entries[i];
      const double values[] = { e->n_states, e->fit->log_likelihood, e->n_parameters, e->bic, e->held_out };

      for (guint c = 0; c < G_N_ELEMENTS (names); c++)
        columns[c * self->n_entries + i] = values[c];
    }
  g_variant_dict_init (&dict, NULL);
  for (guint c = 0; c < G_N_ELEMENTS (names); c++)
    g_variant_dict_insert_value (&dict, names[c],
                                 orr_section_new_doubles (columns + c * self->n_entries, self->n_entries));
  g_variant_dict_insert (&dict, "best_bic", "x", (gint64) self->entries[self->best_bic].n_states);
  g_variant_dict_insert (&dict, "best_held_out", "x", (gint64) self->entries[self->best_held_out].n_states);
  return g_variant_dict_end (&dict);
}
