/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-file.h"

#include <string.h>

#include "orr-error.h"
#include "orr-file.h"
#include "orr-hmm-dot.h"
#include "orr-hmm-section.h"
#include "orr-json.h"
#include "orr-npz.h"
#include "orr-section.h"
#include "orr-zip.h"

/* What people write by hand, and what the section is called that becomes a model. */
static const struct { const char *written; const char *field; } aliases[] = {
  { "states", "state_names" },
  { "symbols", "symbol_names" },
};

static OrrHmm *
from_section (GVariant *section, GError **error)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, section);
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    {
      g_autoptr (GVariant) names = g_variant_lookup_value (section, aliases[i].written, G_VARIANT_TYPE_STRING_ARRAY);

      if (names != NULL && !g_variant_dict_contains (&dict, aliases[i].field))
        g_variant_dict_insert_value (&dict, aliases[i].field, names);
    }
  g_autoptr (GVariant) complete = g_variant_ref_sink (g_variant_dict_end (&dict));
  return orr_hmm_from_section (complete, error);
}

/**
 * orr_hmm_parse_json:
 * @length: bytes of @text, or -1 when it ends with a zero byte
 * @error: (out): %ORR_ERROR_INPUT with the line or the field that is wrong
 *
 * Returns: (transfer full) (nullable): the model that the text describes, validated
 */
OrrHmm *
orr_hmm_parse_json (const char *text, gssize length, GError **error)
{
  g_autoptr (GVariant) section = orr_json_parse (text, length, error);

  return section != NULL ? from_section (section, error) : NULL;
}

/**
 * orr_hmm_print_json:
 *
 * Returns: (transfer full): the model as JSON for people and programs, ended by a newline
 */
char *
orr_hmm_print_json (const OrrHmm *hmm)
{
  g_autoptr (GVariant) section = orr_hmm_to_section (hmm);
  g_autofree char *text = orr_json_print (section, TRUE);

  return g_strconcat (text, "\n", NULL);
}

static GVariant *
array_to_variant (const OrrArray *array)
{
  if (array->type == ORR_ARRAY_TEXT)
    return array->n_dims == 1 ? g_variant_new_strv ((const char *const *) array->data, array->n) : NULL;

  g_autofree double *values = orr_array_to_doubles (array, NULL);
  if (array->n_dims == 1)
    return orr_section_new_doubles (values, array->n);
  /* With an extent of zero the other may be anything. */
  return array->n_dims == 2 && array->n > 0 ? orr_section_new_table (values, array->shape[0], array->shape[1]) : NULL;
}

static OrrHmm *
parse_npz (GBytes *bytes, GError **error)
{
  g_autoptr (OrrArrays) arrays = orr_npz_parse (bytes, error);
  GVariantDict dict;

  if (arrays == NULL)
    return NULL;
  g_variant_dict_init (&dict, NULL);
  for (guint i = 0; i < orr_arrays_get_length (arrays); i++)
    {
      GVariant *value = array_to_variant (orr_arrays_get (arrays, i));
      if (value != NULL)
        g_variant_dict_insert_value (&dict, orr_arrays_get_name (arrays, i), value);
    }
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_dict_end (&dict));
  return from_section (section, error);
}

/* hmmlearn's three arrays, and ours for what it has no names for. */
static GBytes *
print_npz (const OrrHmm *hmm, GError **error)
{
  gsize S = hmm->n_states, K = hmm->n_symbols;
  g_autoptr (OrrArrays) arrays = orr_arrays_new ();

  orr_arrays_take (arrays, "startprob_", orr_array_new_vector (ORR_ARRAY_FLOAT64, S, hmm->start));
  orr_arrays_take (arrays, "transmat_", orr_array_new_table (ORR_ARRAY_FLOAT64, S, S, hmm->transition));
  orr_arrays_take (arrays, "emissionprob_", orr_array_new_table (ORR_ARRAY_FLOAT64, S, K, hmm->emission));
  orr_arrays_take (arrays, "state_names", orr_array_new_texts ((const char *const *) hmm->state_names, S));
  orr_arrays_take (arrays, "symbol_names", orr_array_new_texts ((const char *const *) hmm->symbol_names, K));
  orr_arrays_take (arrays, "positions", orr_array_new_table (ORR_ARRAY_FLOAT64, S, 2, hmm->positions));
  orr_arrays_take (arrays, "locked", orr_array_new_table (ORR_ARRAY_UINT8, S, S, hmm->locked));
  return orr_npz_print (arrays, FALSE, error);
}

/**
 * orr_hmm_is_file_name:
 *
 * Returns: whether a file of this name can only be a model; .npz may be a network too
 */
gboolean
orr_hmm_is_file_name (const char *path)
{
  return orr_file_has_extension (path, ".json") || orr_file_has_extension (path, ".dot") ||
         orr_file_has_extension (path, ".gv");
}

/**
 * orr_hmm_is_archive:
 *
 * Looks into an .npz, which may hold a network as well.
 *
 * Returns: whether @path is an .npz with a model's transition matrix
 */
gboolean
orr_hmm_is_archive (const char *path)
{
  static const char *const names[] = { "transmat_", "transmat", "transition" };

  if (!orr_file_has_extension (path, ".npz"))
    return FALSE;
  g_autoptr (GBytes) bytes = orr_file_read (path, NULL);
  g_autoptr (OrrArrays) arrays = bytes != NULL ? orr_npz_parse (bytes, NULL) : NULL;
  for (guint i = 0; arrays != NULL && i < G_N_ELEMENTS (names); i++)
    if (orr_arrays_find (arrays, names[i]) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * orr_hmm_load:
 * @path: a model's file; JSON, whatever it is called, unless it is an .npz
 * @error: (out): one sentence: which file, and which line or field is wrong
 *
 * Returns: (transfer full) (nullable): the model, validated
 */
OrrHmm *
orr_hmm_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = orr_file_read (path, error);
  gsize length;

  if (bytes == NULL)
    return NULL;
  const char *text = g_bytes_get_data (bytes, &length);
  OrrHmm *hmm = orr_zip_is_archive (bytes) ? parse_npz (bytes, error)
                                           : orr_hmm_parse_json (text != NULL ? text : "", length, error);
  if (hmm == NULL)
    orr_file_prefix_error (error, path);
  return hmm;
}

static GBytes *
take_text (char *text)
{
  return g_bytes_new_take (text, strlen (text));
}

/**
 * orr_hmm_save:
 * @path: where to write; the extension chooses the format
 *
 * Returns: whether the file was replaced; when not, it is as it was
 */
gboolean
orr_hmm_save (const OrrHmm *hmm, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (orr_file_has_extension (path, ".json"))
    bytes = take_text (orr_hmm_print_json (hmm));
  else if (orr_file_has_extension (path, ".dot") || orr_file_has_extension (path, ".gv"))
    bytes = take_text (orr_hmm_to_dot (hmm));
  else if (orr_file_has_extension (path, ".npz"))
    bytes = print_npz (hmm, error);
  else
    {
      g_autofree char *name = orr_file_display_name (path);
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "%s: hidden Markov models are written as .json, .npz or .dot files, by their extension", name);
    }
  return bytes != NULL && orr_file_write (path, bytes, error);
}
