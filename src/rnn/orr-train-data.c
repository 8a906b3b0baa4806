/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-train-data.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-random.h"
#include "orr-section.h"

/* A recording of fewer sequences is cut into about so many stretches, which the thirds share out. */
#define STRETCHES 30

/* Consecutive steps of one sequence. */
typedef struct
{
  const guint16 *symbols;
  gsize          length;
} Stretch;

static OrrTrainData *
data_new (const char *name, guint n_sequences, guint length, guint n_symbols)
{
  OrrTrainData *self = g_atomic_rc_box_new0 (OrrTrainData);

  self->name = g_strdup (name);
  self->n_sequences = n_sequences;
  self->length = length;
  self->n_symbols = n_symbols;
  self->symbols = g_malloc0 (MAX ((gsize) n_sequences * length, 1));
  return self;
}

OrrTrainData *
orr_train_data_ref (OrrTrainData *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrTrainData *self = box;

  g_free (self->name);
  g_free (self->symbols);
}

void
orr_train_data_unref (OrrTrainData *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

static gsize
count_steps (const OrrSequences *sequences, guint length, gsize *n_usable, gsize *longest)
{
  gsize steps = 0;

  *n_usable = *longest = 0;
  for (gsize i = 0; i < sequences->n_sequences; i++)
    {
      gsize n = orr_sequences_length (sequences, i);

      *longest = MAX (*longest, n);
      if (n < length)
        continue;
      *n_usable += 1;
      steps += n;
    }
  return steps;
}

/* Whole sequences where there are many, else parts of them; none shorter than @length. */
static GArray *
cut_stretches (const OrrSequences *sequences, guint length, gsize part)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));

  for (gsize i = 0; i < sequences->n_sequences; i++)
    {
      const guint16 *symbols = orr_sequences_get (sequences, i);
      gsize left = orr_sequences_length (sequences, i);

      while (left >= length)
        {
          gsize n = left < part + length ? left : part;
          Stretch stretch = { symbols, n };

          g_array_append_val (stretches, stretch);
          symbols += n;
          left -= n;
        }
    }
  return stretches;
}

/* Pointers to the windows of each third, each in random order. */
static void
cut_windows (const GArray *stretches, guint length, gsize hop, guint64 seed, GPtrArray *thirds[3])
{
  guint n = stretches->len;
  g_autofree guint32 *order = g_new (guint32, n);

  for (guint i = 0; i < n; i++)
    order[i] = i;
  orr_random_shuffle (order, n, seed, orr_random_substream (ORR_RANDOM_STREAM_SHUFFLE, 0));
  for (guint i = 0; i < n; i++)
    {
      const Stretch *stretch = &g_array_index (stretches, Stretch, order[i]);
      guint third = 0;

      /* The third that has least so far. */
      for (guint k = 1; k < 3; k++)
        if (thirds[k]->len < thirds[third]->len)
          third = k;
      for (gsize first = 0; first + length <= stretch->length; first += hop)
        g_ptr_array_add (thirds[third], (gpointer) (stretch->symbols + first));
    }
}

static OrrTrainData *
copy_windows (const char *name, GPtrArray *thirds[3], guint third, guint length, guint n_symbols, guint64 seed)
{
  OrrTrainData *self = data_new (name, 3 * third, length, n_symbols);
  guint8 *out = self->symbols;

  for (guint k = 0; k < 3; k++)
    {
      guint n = thirds[k]->len;
      g_autofree guint32 *order = g_new (guint32, n);

      for (guint i = 0; i < n; i++)
        order[i] = i;
      orr_random_shuffle (order, n, seed, orr_random_substream (ORR_RANDOM_STREAM_SHUFFLE, k + 1));
      for (guint i = 0; i < third; i++)
        {
          const guint16 *window = g_ptr_array_index (thirds[k], order[i]);

          for (guint t = 0; t < length; t++)
            *out++ = (guint8) window[t];
        }
    }
  return self;
}

/**
 * orr_train_data_new:
 * @sequences: recorded, with symbols below 256
 * @name: what the recording is called
 * @length: T, steps of a window
 * @most: windows in all at most
 * @seed: of what falls into which third
 * @error: (out): %ORR_ERROR_INPUT saying what is too short
 *
 * Cuts the sequences into windows. The thirds share no step: each takes whole
 * sequences, or where there are fewer than thirty, stretches of them. Inside a
 * sequence the windows overlap where it takes that to reach @most.
 *
 * Returns: (transfer full) (nullable): the windows
 */
OrrTrainData *
orr_train_data_new (const OrrSequences *sequences, const char *name, guint length, guint most, guint64 seed,
                    GError **error)
{
  gsize n_usable, longest, steps = count_steps (sequences, length, &n_usable, &longest);
  guint n_symbols = orr_sequences_max_symbol (sequences) + 1;

  if (!orr_sequences_check (sequences, ORR_HMM_MAX_SYMBOLS, error))
    return NULL;
  if (length < 2 || longest < length)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The longest recorded sequence has %" G_GSIZE_FORMAT " steps, which does not fill a window of %u",
                   longest, length);
      return NULL;
    }

  gsize part = n_usable >= STRETCHES ? G_MAXSIZE / 2 : MAX (steps / STRETCHES, length);
  gsize hop = CLAMP (steps / MAX (most, 1), 1, length);
  g_autoptr (GArray) stretches = cut_stretches (sequences, length, part);
  g_autoptr (GPtrArray) first = g_ptr_array_new (), second = g_ptr_array_new (), last = g_ptr_array_new ();
  GPtrArray *thirds[3] = { first, second, last };

  cut_windows (stretches, length, hop, seed, thirds);
  guint third = MIN (MIN (first->len, second->len), MIN (last->len, MAX (most / 3, 2)));
  if (third < 2)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The recorded sequences give %u windows of %u steps; a training needs at least 2 in each third",
                   first->len + second->len + last->len, length);
      return NULL;
    }
  return copy_windows (name, thirds, third, length, n_symbols, seed);
}

gboolean
orr_train_data_equal (const OrrTrainData *a, const OrrTrainData *b)
{
  return a->n_sequences == b->n_sequences && a->length == b->length && a->n_symbols == b->n_symbols
         && memcmp (a->symbols, b->symbols, (gsize) a->n_sequences * a->length) == 0;
}

/**
 * orr_sequences_suggest_length:
 * @fallback: for sequences that do not suggest one
 *
 * Returns: how many steps to train on: the sequences' own length where all have
 * the same of at most 200, else @fallback, as far as the longest reaches
 */
guint
orr_sequences_suggest_length (const OrrSequences *sequences, guint fallback)
{
  gsize first = orr_sequences_length (sequences, 0), longest = first;
  gboolean equal = TRUE;

  for (gsize i = 1; i < sequences->n_sequences; i++)
    {
      equal &= orr_sequences_length (sequences, i) == first;
      longest = MAX (longest, orr_sequences_length (sequences, i));
    }
  return MAX (equal && first <= 200 && sequences->n_sequences > 1 ? first : MIN (fallback, longest), 2);
}

/**
 * orr_sequences_create_chain:
 *
 * Returns: (transfer full): the Markov chain of the symbols themselves: a state
 * for each, that emits it always, with the observed frequencies of first symbols
 * and of transitions
 */
OrrHmm *
orr_sequences_create_chain (const OrrSequences *sequences)
{
  guint K = orr_sequences_max_symbol (sequences) + 1;
  OrrHmm *hmm = orr_hmm_new (K, K);

  memset (hmm->transition, 0, (gsize) K * K * sizeof (double));
  memset (hmm->emission, 0, (gsize) K * K * sizeof (double));
  memset (hmm->start, 0, K * sizeof (double));
  for (gsize n = 0; n < sequences->n_sequences; n++)
    {
      const guint16 *symbols = orr_sequences_get (sequences, n);

      hmm->start[symbols[0]] += 1.0 / sequences->n_sequences;
      for (gsize t = 1; t < orr_sequences_length (sequences, n); t++)
        hmm->transition[(gsize) symbols[t - 1] * K + symbols[t]]++;
    }
  for (guint k = 0; k < K; k++)
    {
      double *row = hmm->transition + (gsize) k * K, sum = 0.0;

      hmm->emission[(gsize) k * K + k] = 1.0;
      for (guint j = 0; j < K; j++)
        sum += row[j];
      /* A symbol that nothing follows stays: its row must be one. */
      for (guint j = 0; j < K; j++)
        row[j] = sum > 0.0 ? row[j] / sum : j == k;
    }
  return hmm;
}

/**
 * orr_train_data_to_section:
 *
 * Returns: (transfer floating): a section for a checkpoint
 */
GVariant *
orr_train_data_to_section (const OrrTrainData *self)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "name", "s", self->name);
  g_variant_dict_insert (&dict, "n_sequences", "x", (gint64) self->n_sequences);
  g_variant_dict_insert (&dict, "length", "x", (gint64) self->length);
  g_variant_dict_insert (&dict, "n_symbols", "x", (gint64) self->n_symbols);
  g_variant_dict_insert_value (&dict, "symbols",
                               g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, self->symbols,
                                                          (gsize) self->n_sequences * self->length, 1));
  return g_variant_dict_end (&dict);
}

/**
 * orr_train_data_from_section:
 *
 * Returns: (transfer full) (nullable): what orr_train_data_to_section() wrote
 */
OrrTrainData *
orr_train_data_from_section (GVariant *section, GError **error)
{
  gint64 n = orr_section_get_int (section, "n_sequences", 0), length = orr_section_get_int (section, "length", 0);
  gint64 n_symbols = orr_section_get_int (section, "n_symbols", 0);
  g_autofree char *name = orr_section_dup_string (section, "name");
  g_autoptr (GVariant) value = g_variant_lookup_value (section, "symbols", G_VARIANT_TYPE_BYTESTRING);
  gsize size = 0;
  const guint8 *symbols = value != NULL ? g_variant_get_fixed_array (value, &size, 1) : NULL;
  gboolean fits = symbols != NULL && n >= 6 && n % 3 == 0 && n <= 10000000 && length >= 2 && length <= 65535
                  && n_symbols >= 1 && n_symbols <= ORR_HMM_MAX_SYMBOLS && size == (gsize) n * length;

  for (gsize i = 0; fits && i < size; i++)
    fits = symbols[i] < n_symbols;
  if (!fits)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The recorded sequences of a checkpoint are damaged");
      return NULL;
    }
  OrrTrainData *self = data_new (name != NULL ? name : "", n, length, n_symbols);
  memcpy (self->symbols, symbols, size);
  return self;
}
