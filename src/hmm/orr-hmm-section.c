/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-section.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-error.h"
#include "orr-section.h"

/* Our name first, then those of hmmlearn's CategoricalHMM. */
static const char *const start_names[] = { "start", "startprob", "startprob_", NULL };
static const char *const transition_names[] = { "transition", "transmat", "transmat_", NULL };
static const char *const emission_names[] = { "emission", "emissionprob", "emissionprob_", NULL };

static GVariant *
create_colours (const OrrHmm *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->n_states; i++)
    {
      g_autofree char *colour = self->colours[i] != ORR_HMM_NO_COLOUR
                                    ? g_strdup_printf ("#%06x", self->colours[i] & 0xffffff)
                                    : g_strdup ("");
      g_strv_builder_add (builder, colour);
    }
  g_auto (GStrv) colours = g_strv_builder_end (builder);
  return g_variant_new_strv ((const char *const *) colours, self->n_states);
}

static GVariant *
create_locked (const OrrHmm *self)
{
  gsize S = self->n_states;
  g_autofree double *locked = g_new (double, S * S);

  for (gsize i = 0; i < S * S; i++)
    locked[i] = self->locked[i] != 0;
  return orr_section_new_table (locked, S, S);
}

/**
 * orr_hmm_to_section:
 *
 * The model with the fields `n_states`, `n_symbols`, `start` [S], `transition`
 * [S][S], `emission` [S][K], `locked` [S][S] of 0 and 1, `state_names`,
 * `symbol_names`, `positions` [S][2] and `colours` ("#rrggbb", or "" for the
 * default): what JSON and study files hold.
 *
 * Returns: (transfer full): a section
 */
GVariant *
orr_hmm_to_section (const OrrHmm *self)
{
  gsize S = self->n_states, K = self->n_symbols;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&builder, "{sv}", "n_states", g_variant_new_int32 (S));
  g_variant_builder_add (&builder, "{sv}", "n_symbols", g_variant_new_int32 (K));
  g_variant_builder_add (&builder, "{sv}", "start", orr_section_new_doubles (self->start, S));
  g_variant_builder_add (&builder, "{sv}", "transition", orr_section_new_table (self->transition, S, S));
  g_variant_builder_add (&builder, "{sv}", "emission", orr_section_new_table (self->emission, S, K));
  g_variant_builder_add (&builder, "{sv}", "locked", create_locked (self));
  g_variant_builder_add (&builder, "{sv}", "state_names",
                         g_variant_new_strv ((const char *const *) self->state_names, S));
  g_variant_builder_add (&builder, "{sv}", "symbol_names",
                         g_variant_new_strv ((const char *const *) self->symbol_names, K));
  g_variant_builder_add (&builder, "{sv}", "positions", orr_section_new_table (self->positions, S, 2));
  g_variant_builder_add (&builder, "{sv}", "colours", create_colours (self));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* The first of @names that the section has; @rows x @cols is required unless 0. */
static double *
read_table (GVariant *section, const char *const *names, gsize *rows, gsize *cols, GError **error)
{
  for (gsize i = 0; names[i] != NULL; i++)
    {
      gsize r, c;
      g_autofree double *table = orr_section_dup_table (section, names[i], &r, &c);

      if (table == NULL)
        continue;
      if ((*rows != 0 && r != *rows) || (*cols != 0 && c != *cols))
        {
          g_autofree char *width = *cols != 0 ? g_strdup_printf ("%" G_GSIZE_FORMAT, *cols) : g_strdup ("any");
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                       "\"%s\" is %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT " but should be %" G_GSIZE_FORMAT " x %s",
                       names[i], r, c, *rows, width);
          return NULL;
        }
      *rows = r;
      *cols = c;
      return g_steal_pointer (&table);
    }

  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
               "The model has no \"%s\", which should be a list of rows of equal length", names[0]);
  return NULL;
}

/* Uniform where the section says nothing. */
static gboolean
read_start (OrrHmm *self, GVariant *section, GError **error)
{
  for (gsize i = 0; start_names[i] != NULL; i++)
    {
      gsize n;
      g_autofree double *start = orr_section_dup_doubles (section, start_names[i], &n);

      if (start == NULL)
        continue;
      if (n != self->n_states)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                       "\"%s\" has %" G_GSIZE_FORMAT " entries for %u states", start_names[i], n, self->n_states);
          return FALSE;
        }
      memcpy (self->start, start, n * sizeof (double));
      return TRUE;
    }
  return TRUE;
}

static gboolean
read_names (GVariant *section, const char *field, guint n, char **names, GError **error)
{
  g_autoptr (GVariant) value = orr_section_get_child (section, field);

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return TRUE;
  if (g_variant_n_children (value) != n)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "\"%s\" has %" G_GSIZE_FORMAT " names instead of %u", field,
                   g_variant_n_children (value), n);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      g_free (names[i]);
      g_variant_get_child (value, i, "s", &names[i]);
    }
  return TRUE;
}

/* Positions, locks and colours: how it looks. What does not fit is left at its default. */
static void
read_looks (OrrHmm *self, GVariant *section)
{
  gsize S = self->n_states, rows, cols;
  g_autofree double *positions = orr_section_dup_table (section, "positions", &rows, &cols);

  if (positions != NULL && rows == S && cols == 2)
    {
      gboolean finite = TRUE;
      for (gsize i = 0; i < 2 * S; i++)
        finite &= isfinite (positions[i]);
      if (finite)
        memcpy (self->positions, positions, 2 * S * sizeof (double));
    }

  g_autofree double *locked = orr_section_dup_table (section, "locked", &rows, &cols);
  if (locked != NULL && rows == S && cols == S)
    for (gsize i = 0; i < S * S; i++)
      self->locked[i] = locked[i] > 0.0;

  g_autoptr (GVariant) colours = orr_section_get_child (section, "colours");
  if (colours != NULL && g_variant_is_of_type (colours, G_VARIANT_TYPE_STRING_ARRAY) &&
      g_variant_n_children (colours) == S)
    for (gsize i = 0; i < S; i++)
      {
        const char *colour;
        g_variant_get_child (colours, i, "&s", &colour);
        if (colour[0] == '#' && strlen (colour) == 7 && strspn (colour + 1, "0123456789abcdefABCDEF") == 6)
          self->colours[i] = strtoul (colour + 1, NULL, 16);
      }
}

/**
 * orr_hmm_from_section:
 * @section: fields as orr_hmm_to_section() writes them; `transition` and
 *   `emission` are required, a missing `start` is uniform. hmmlearn's names
 *   `startprob_`, `transmat_`, `emissionprob_` are understood too.
 * @error: (out): %ORR_ERROR_INPUT with the field that is wrong
 *
 * Returns: (transfer full) (nullable): the model, validated
 */
OrrHmm *
orr_hmm_from_section (GVariant *section, GError **error)
{
  gsize rows = 0, S = 0, K = 0;

  g_autofree double *transition = read_table (section, transition_names, &rows, &S, error);
  if (transition == NULL)
    return NULL;
  if (rows != S)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The transition matrix is %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT ", not square", rows, S);
      return NULL;
    }
  g_autofree double *emission = read_table (section, emission_names, &S, &K, error);
  if (emission == NULL)
    return NULL;
  if (S < 1 || K < 1 || S > ORR_HMM_MAX_STATES || K > ORR_HMM_MAX_SYMBOLS)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The model has %" G_GSIZE_FORMAT " states and %" G_GSIZE_FORMAT
                   " symbols; 1 to %d states and 1 to %d symbols are possible",
                   S, K, ORR_HMM_MAX_STATES, ORR_HMM_MAX_SYMBOLS);
      return NULL;
    }

  g_autoptr (OrrHmm) self = orr_hmm_new (S, K);
  memcpy (self->transition, transition, S * S * sizeof (double));
  memcpy (self->emission, emission, S * K * sizeof (double));
  if (!read_start (self, section, error) || !read_names (section, "state_names", S, self->state_names, error) ||
      !read_names (section, "symbol_names", K, self->symbol_names, error))
    return NULL;
  read_looks (self, section);
  if (!orr_hmm_validate (self, error))
    return NULL;
  return g_steal_pointer (&self);
}
