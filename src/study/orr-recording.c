/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-recording.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-error.h"
#include "orr-section.h"
#include "orr-train-data.h"

/**
 * orr_recording_new:
 * @error: (out): %ORR_ERROR_INPUT naming the place of a symbol that is too large
 *
 * Returns: (transfer full) (nullable): the recording
 */
OrrRecording *
orr_recording_new (const char *name, OrrSequences *sequences, GError **error)
{
  if (!orr_sequences_check (sequences, ORR_HMM_MAX_SYMBOLS, error))
    return NULL;

  OrrRecording *self = g_atomic_rc_box_new0 (OrrRecording);
  self->name = g_strdup (name);
  self->sequences = orr_sequences_ref (sequences);
  self->n_symbols = orr_sequences_max_symbol (sequences) + 1;
  return self;
}

OrrRecording *
orr_recording_ref (OrrRecording *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrRecording *self = box;

  g_free (self->name);
  orr_sequences_unref (self->sequences);
}

void
orr_recording_unref (OrrRecording *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/* "3 symbols, 120 sequences of 40 steps"; (transfer full). */
char *
orr_recording_describe (const OrrRecording *self)
{
  const OrrSequences *sequences = self->sequences;
  gsize n = sequences->n_sequences, shortest = G_MAXSIZE, longest = 0;
  g_autofree char *symbols = g_strdup_printf (ngettext ("%u symbol", "%u symbols", self->n_symbols), self->n_symbols);
  g_autofree char *count = g_strdup_printf (ngettext ("%u sequence", "%u sequences", n), (guint) n);

  for (gsize i = 0; i < n; i++)
    {
      shortest = MIN (shortest, orr_sequences_length (sequences, i));
      longest = MAX (longest, orr_sequences_length (sequences, i));
    }
  if (shortest == longest)
    return g_strdup_printf (_("%s, %s of %" G_GSIZE_FORMAT " steps"), symbols, count, longest);
  return g_strdup_printf (_("%s, %s of %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT " steps"), symbols, count, shortest,
                          longest);
}

/**
 * orr_recording_choose_model:
 * @model: (nullable): a model that may have been fitted to it
 *
 * Returns: (transfer full): the model to compare a network of this recording
 * with: @model where it has the same symbols, else the chain of the symbols
 */
OrrHmm *
orr_recording_choose_model (const OrrRecording *self, OrrHmm *model)
{
  if (model != NULL && model->n_symbols == self->n_symbols && orr_hmm_validate (model, NULL))
    return orr_hmm_ref (model);
  return orr_sequences_create_chain (self->sequences);
}

/**
 * orr_recording_to_section:
 *
 * Returns: (transfer floating): `name`, `lengths` and `symbols`, one sequence after the other
 */
GVariant *
orr_recording_to_section (const OrrRecording *self)
{
  const OrrSequences *sequences = self->sequences;
  gsize n = sequences->n_sequences, n_steps = sequences->offsets[n];
  g_autofree double *lengths = g_new (double, n);
  g_autofree double *symbols = g_new (double, n_steps);
  GVariantDict dict;

  for (gsize i = 0; i < n; i++)
    lengths[i] = orr_sequences_length (sequences, i);
  for (gsize i = 0; i < n_steps; i++)
    symbols[i] = sequences->symbols[i];
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "name", "s", self->name);
  g_variant_dict_insert_value (&dict, "lengths", orr_section_new_doubles (lengths, n));
  g_variant_dict_insert_value (&dict, "symbols", orr_section_new_doubles (symbols, n_steps));
  return g_variant_dict_end (&dict);
}

static gboolean
is_count (double value, double most)
{
  return value >= 0.0 && value <= most && value == floor (value);
}

/**
 * orr_recording_from_section:
 * @error: (out): %ORR_ERROR_INPUT
 *
 * Returns: (transfer full) (nullable): what orr_recording_to_section() wrote
 */
OrrRecording *
orr_recording_from_section (GVariant *section, GError **error)
{
  gsize n = 0, n_steps = 0, sum = 0;
  g_autofree char *name = orr_section_dup_string (section, "name");
  g_autofree double *lengths = orr_section_dup_doubles (section, "lengths", &n);
  g_autofree double *symbols = orr_section_dup_doubles (section, "symbols", &n_steps);
  g_autofree gsize *counts = g_new (gsize, MAX (n, 1));
  g_autofree guint16 *codes = g_new (guint16, MAX (n_steps, 1));
  gboolean fits = lengths != NULL && symbols != NULL && n > 0;

  for (gsize i = 0; fits && i < n; i++)
    {
      fits = is_count (lengths[i], n_steps) && lengths[i] > 0.0;
      counts[i] = fits ? lengths[i] : 0;
      sum += counts[i];
      fits &= sum <= n_steps;
    }
  for (gsize i = 0; fits && i < n_steps; i++)
    {
      fits = is_count (symbols[i], ORR_HMM_MAX_SYMBOLS - 1);
      codes[i] = fits ? symbols[i] : 0;
    }
  if (!fits || sum != n_steps)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "The recorded sequences are damaged: their lengths and symbols do not fit");
      return NULL;
    }
  g_autoptr (OrrSequences) sequences = orr_sequences_new (n, counts, codes);
  return orr_recording_new (name != NULL ? name : "", sequences, error);
}
