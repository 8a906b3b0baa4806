/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-edit.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"

/* A new arrow takes this much of its row, or half of what is free if that is less. */
#define NEW_TRANSITION 0.1
/* Typed numbers may exceed what is free by this much through rounding. */
#define ROUNDING 1e-9
#define MAX_NAME_CHARS 60
#define NO_ORIGIN (-1)

/* A model with one state a @states entry and one symbol a @symbols entry: each
 * is the index it had in @self, or NO_ORIGIN for a new one (all zeros). Rows
 * are not normalised here. */
static OrrHmm *
remap (const OrrHmm *self, const int *states, guint n_states, const int *symbols, guint n_symbols)
{
  OrrHmm *hmm = orr_hmm_new (n_states, n_symbols);

  memset (hmm->start, 0, n_states * sizeof (double));
  memset (hmm->transition, 0, n_states * n_states * sizeof (double));
  memset (hmm->emission, 0, n_states * n_symbols * sizeof (double));
  for (guint i = 0; i < n_states; i++)
    {
      int from = states[i];

      if (from == NO_ORIGIN)
        continue;
      hmm->start[i] = self->start[from];
      hmm->colours[i] = self->colours[from];
      memcpy (hmm->positions + 2 * i, self->positions + 2 * from, 2 * sizeof (double));
      g_free (hmm->state_names[i]);
      hmm->state_names[i] = g_strdup (self->state_names[from]);
      for (guint j = 0; j < n_states; j++)
        if (states[j] != NO_ORIGIN)
          {
            hmm->transition[i * n_states + j] = self->transition[from * self->n_states + states[j]];
            hmm->locked[i * n_states + j] = self->locked[from * self->n_states + states[j]];
          }
      for (guint k = 0; k < n_symbols; k++)
        if (symbols[k] != NO_ORIGIN)
          hmm->emission[i * n_symbols + k] = self->emission[from * self->n_symbols + symbols[k]];
    }
  for (guint k = 0; k < n_symbols; k++)
    if (symbols[k] != NO_ORIGIN)
      {
        g_free (hmm->symbol_names[k]);
        hmm->symbol_names[k] = g_strdup (self->symbol_names[symbols[k]]);
      }
  return hmm;
}

/* 0 .. n - 1 without @skip (G_MAXUINT skips none); NO_ORIGIN beyond @n. */
static int *
new_map (guint n, guint skip)
{
  int *map = g_new (int, n + 1);
  guint count = 0;

  for (guint i = 0; i < n; i++)
    if (i != skip)
      map[count++] = i;
  map[count] = NO_ORIGIN;
  return map;
}

static gboolean
has_name (char **names, const char *name)
{
  return g_strv_contains ((const char *const *) names, name);
}

static char *
new_name (const OrrHmm *self, char **names, const char *prefix)
{
  for (guint i = g_strv_length (names) + 1;; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%u", prefix, i);

      if (!has_name (names, name))
        return g_steal_pointer (&name);
    }
}

static void
scale_to_one (double *row, guint n)
{
  double sum = 0.0;

  for (guint i = 0; i < n; i++)
    sum += row[i];
  for (guint i = 0; i < n; i++)
    row[i] = sum > 0.0 ? row[i] / sum : 1.0 / n;
}

static double
sum_where (const double *row, const guint8 *locked, guint n, guint except, gboolean of_locked)
{
  double sum = 0.0;

  for (guint i = 0; i < n; i++)
    if (i != except && (locked != NULL && locked[i]) == of_locked)
      sum += row[i];
  return sum;
}

/* The unlocked entries of @row other than @index come to sum to @rest, in
 * proportion. Where all are zero, @fallback takes the rest; without one that is
 * free (G_MAXUINT: none offered) the answer is FALSE. */
static gboolean
rescale_rest (double *row, const guint8 *locked, guint n, guint index, double rest, guint fallback)
{
  double sum = sum_where (row, locked, n, index, FALSE);

  if (sum > 0.0)
    {
      for (guint i = 0; i < n; i++)
        if (i != index && (locked == NULL || !locked[i]))
          row[i] *= rest / sum;
      return TRUE;
    }
  if (rest <= ROUNDING)
    return TRUE;
  if (fallback >= n || fallback == index || (locked != NULL && locked[fallback]))
    return FALSE;
  row[fallback] = rest;
  return TRUE;
}

static gboolean
check_probability (double probability, GError **error)
{
  if (probability >= 0.0 && probability <= 1.0)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("A probability lies between 0 and 1, and %g does not."),
               probability);
  return FALSE;
}

/**
 * orr_hmm_add_state:
 * @x: @y: where it is drawn, in model units
 *
 * A state that stays where it is, emits every symbol alike and is not yet
 * reached from others. A uniform start stays uniform; any other start leaves
 * the new state out.
 */
OrrHmm *
orr_hmm_add_state (const OrrHmm *self, double x, double y, GError **error)
{
  guint S = self->n_states, K = self->n_symbols;
  gboolean uniform = TRUE;

  if (S >= ORR_HMM_MAX_STATES)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("A model has at most %d states."),
                   ORR_HMM_MAX_STATES);
      return NULL;
    }

  g_autofree int *states = new_map (S, G_MAXUINT);
  g_autofree int *symbols = new_map (K, G_MAXUINT);
  OrrHmm *hmm = remap (self, states, S + 1, symbols, K);

  for (guint i = 0; i < S; i++)
    uniform = uniform && fabs (self->start[i] - 1.0 / S) < 1e-6;
  for (guint i = 0; uniform && i <= S; i++)
    hmm->start[i] = 1.0 / (S + 1);
  hmm->transition[(S + 1) * (S + 1) - 1] = 1.0;
  for (guint k = 0; k < K; k++)
    hmm->emission[S * K + k] = 1.0 / K;
  hmm->positions[2 * S] = x;
  hmm->positions[2 * S + 1] = y;
  g_free (hmm->state_names[S]);
  hmm->state_names[S] = new_name (self, self->state_names, "S");
  return hmm;
}

/**
 * orr_hmm_remove_state:
 *
 * What the other states gave to it goes to the rest of their rows in
 * proportion, or to staying where nothing else is left.
 */
OrrHmm *
orr_hmm_remove_state (const OrrHmm *self, guint state, GError **error)
{
  guint S = self->n_states, K = self->n_symbols;

  g_return_val_if_fail (state < S, NULL);
  if (S == 1)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("A model has at least one state."));
      return NULL;
    }

  g_autofree int *states = new_map (S, state);
  g_autofree int *symbols = new_map (K, G_MAXUINT);
  g_autoptr (OrrHmm) hmm = remap (self, states, S - 1, symbols, K);

  S -= 1;
  scale_to_one (hmm->start, S);
  for (guint i = 0; i < S; i++)
    {
      double *row = hmm->transition + i * S;
      guint8 *locked = hmm->locked + i * S;
      double rest = 1.0 - sum_where (row, locked, S, G_MAXUINT, TRUE);

      if (!rescale_rest (row, locked, S, G_MAXUINT, rest, i))
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                       _ ("Unlock a transition of %s first: without %s its locked entries do not sum to 1."),
                       hmm->state_names[i], self->state_names[state]);
          return NULL;
        }
    }
  return g_steal_pointer (&hmm);
}

/**
 * orr_hmm_add_symbol:
 *
 * A symbol that no state emits yet.
 */
OrrHmm *
orr_hmm_add_symbol (const OrrHmm *self, GError **error)
{
  guint S = self->n_states, K = self->n_symbols;

  if (K >= ORR_HMM_MAX_SYMBOLS)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("A model has at most %d symbols."),
                   ORR_HMM_MAX_SYMBOLS);
      return NULL;
    }

  g_autofree int *states = new_map (S, G_MAXUINT);
  g_autofree int *symbols = new_map (K, G_MAXUINT);
  OrrHmm *hmm = remap (self, states, S, symbols, K + 1);

  g_free (hmm->symbol_names[K]);
  hmm->symbol_names[K] = new_name (self, self->symbol_names, "");
  return hmm;
}

/**
 * orr_hmm_remove_symbol:
 *
 * The other emissions of each state rescale; a state that emitted this symbol
 * alone emits all others alike.
 */
OrrHmm *
orr_hmm_remove_symbol (const OrrHmm *self, guint symbol, GError **error)
{
  guint S = self->n_states, K = self->n_symbols;

  g_return_val_if_fail (symbol < K, NULL);
  if (K == 1)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("A model has at least one symbol."));
      return NULL;
    }

  g_autofree int *states = new_map (S, G_MAXUINT);
  g_autofree int *symbols = new_map (K, symbol);
  OrrHmm *hmm = remap (self, states, S, symbols, K - 1);

  for (guint i = 0; i < S; i++)
    scale_to_one (hmm->emission + i * (K - 1), K - 1);
  return hmm;
}

/**
 * orr_hmm_transition_limit:
 *
 * Returns: the largest probability the transition can take beside the locked
 * entries of its row
 */
double
orr_hmm_transition_limit (const OrrHmm *self, guint from, guint to)
{
  gsize S = self->n_states;
  double held = sum_where (self->transition + from * S, self->locked + from * S, S, to, TRUE);

  return CLAMP (1.0 - held, 0.0, 1.0);
}

/**
 * orr_hmm_add_transition:
 *
 * Gives an arrow that is not there (probability 0) a tenth of its row, or half
 * of what is free if that is less. One that is there already stays as it is.
 */
OrrHmm *
orr_hmm_add_transition (const OrrHmm *self, guint from, guint to, GError **error)
{
  g_return_val_if_fail (from < self->n_states && to < self->n_states, NULL);

  double limit = orr_hmm_transition_limit (self, from, to);

  if (self->transition[(gsize) from * self->n_states + to] > 0.0)
    return orr_hmm_copy (self);
  if (limit <= ROUNDING)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   _ ("The locked transitions of %s leave no room for another: unlock one first."),
                   self->state_names[from]);
      return NULL;
    }
  return orr_hmm_set_transition (self, from, to, MIN (NEW_TRANSITION, 0.5 * limit), error);
}

/**
 * orr_hmm_set_transition:
 * @probability: 0 removes the arrow
 *
 * The rest of the row rescales in proportion and locked entries stay; where
 * nothing else is left to rescale, the rest goes to staying.
 */
OrrHmm *
orr_hmm_set_transition (const OrrHmm *self, guint from, guint to, double probability, GError **error)
{
  gsize S = self->n_states;

  g_return_val_if_fail (from < S && to < S, NULL);
  if (!check_probability (probability, error))
    return NULL;

  const char *from_name = self->state_names[from], *to_name = self->state_names[to];
  double limit = orr_hmm_transition_limit (self, from, to);

  if (self->locked[from * S + to])
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   _ ("The transition %s → %s is locked: unlock it to change it."), from_name, to_name);
      return NULL;
    }
  if (probability > limit + ROUNDING)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   _ ("%s → %s can be at most %.4g, because locked entries of the row hold the rest."),
                   from_name, to_name, limit);
      return NULL;
    }

  g_autoptr (OrrHmm) hmm = orr_hmm_copy (self);
  double *row = hmm->transition + from * S;

  row[to] = MIN (probability, limit);
  if (!rescale_rest (row, hmm->locked + from * S, S, to, limit - row[to], from))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   _ ("Nothing else in the row of %s can take the remaining %.4g: draw or unlock another "
                      "transition first."),
                   from_name, limit - row[to]);
      return NULL;
    }
  return g_steal_pointer (&hmm);
}

/* Emissions and starts have no locks and no entry of their own to fall back
 * to: where all others are zero they take equal shares. */
static gboolean
set_free_entry (double *row, guint n, guint index, double probability, const char *what, GError **error)
{
  if (!check_probability (probability, error))
    return FALSE;
  if (n == 1 && probability < 1.0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   _ ("%s stays 1, because there is nothing else to take the rest."), what);
      return FALSE;
    }
  row[index] = probability;
  if (!rescale_rest (row, NULL, n, index, 1.0 - probability, G_MAXUINT))
    for (guint i = 0; i < n; i++)
      if (i != index)
        row[i] = (1.0 - probability) / (n - 1);
  return TRUE;
}

/**
 * orr_hmm_set_emission:
 *
 * The state's other emissions rescale in proportion.
 */
OrrHmm *
orr_hmm_set_emission (const OrrHmm *self, guint state, guint symbol, double probability, GError **error)
{
  gsize K = self->n_symbols;

  g_return_val_if_fail (state < self->n_states && symbol < K, NULL);

  g_autoptr (OrrHmm) hmm = orr_hmm_copy (self);

  if (!set_free_entry (hmm->emission + state * K, K, symbol, probability, _ ("The only emission"), error))
    return NULL;
  return g_steal_pointer (&hmm);
}

/**
 * orr_hmm_set_start:
 *
 * The other start probabilities rescale in proportion.
 */
OrrHmm *
orr_hmm_set_start (const OrrHmm *self, guint state, double probability, GError **error)
{
  g_return_val_if_fail (state < self->n_states, NULL);

  g_autoptr (OrrHmm) hmm = orr_hmm_copy (self);

  if (!set_free_entry (hmm->start, hmm->n_states, state, probability, _ ("The only state's start"), error))
    return NULL;
  return g_steal_pointer (&hmm);
}

/**
 * orr_hmm_set_locked:
 *
 * A locked transition is held when others of its row change and when the model
 * is fitted to sequences; locked at 0 it is forbidden.
 */
OrrHmm *
orr_hmm_set_locked (const OrrHmm *self, guint from, guint to, gboolean locked)
{
  g_return_val_if_fail (from < self->n_states && to < self->n_states, NULL);

  OrrHmm *hmm = orr_hmm_copy (self);

  hmm->locked[(gsize) from * self->n_states + to] = !!locked;
  return hmm;
}

/* Replaces names[index] unless the name is empty, too long or taken. */
static gboolean
rename_entry (char **names, guint index, const char *name, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (name));

  if (*trimmed == '\0')
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("A name has at least one letter or digit."));
      return FALSE;
    }
  if (!g_utf8_validate (trimmed, -1, NULL) || g_utf8_strlen (trimmed, -1) > MAX_NAME_CHARS)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("A name has at most %d letters."), MAX_NAME_CHARS);
      return FALSE;
    }
  if (strcmp (names[index], trimmed) != 0 && has_name (names, trimmed))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("Another one is called “%s” already."), trimmed);
      return FALSE;
    }
  g_free (names[index]);
  names[index] = g_steal_pointer (&trimmed);
  return TRUE;
}

OrrHmm *
orr_hmm_rename_state (const OrrHmm *self, guint state, const char *name, GError **error)
{
  g_return_val_if_fail (state < self->n_states, NULL);

  g_autoptr (OrrHmm) hmm = orr_hmm_copy (self);

  return rename_entry (hmm->state_names, state, name, error) ? g_steal_pointer (&hmm) : NULL;
}

OrrHmm *
orr_hmm_rename_symbol (const OrrHmm *self, guint symbol, const char *name, GError **error)
{
  g_return_val_if_fail (symbol < self->n_symbols, NULL);

  g_autoptr (OrrHmm) hmm = orr_hmm_copy (self);

  return rename_entry (hmm->symbol_names, symbol, name, error) ? g_steal_pointer (&hmm) : NULL;
}

/**
 * orr_hmm_set_colour:
 * @colour: 0xRRGGBB, or %ORR_HMM_NO_COLOUR for the default
 */
OrrHmm *
orr_hmm_set_colour (const OrrHmm *self, guint state, guint32 colour)
{
  g_return_val_if_fail (state < self->n_states, NULL);

  OrrHmm *hmm = orr_hmm_copy (self);

  hmm->colours[state] = colour;
  return hmm;
}

OrrHmm *
orr_hmm_move_state (const OrrHmm *self, guint state, double x, double y)
{
  g_return_val_if_fail (state < self->n_states, NULL);

  OrrHmm *hmm = orr_hmm_copy (self);

  hmm->positions[2 * state] = x;
  hmm->positions[2 * state + 1] = y;
  return hmm;
}

/**
 * orr_probability_parse:
 * @text: what a person typed: 0.25, 0,25, 25 % or 1/4
 * @probability: (out): 0 to 1
 * @error: %ORR_ERROR_INPUT
 */
gboolean
orr_probability_parse (const char *text, double *probability, GError **error)
{
  g_autofree char *clean = g_strstrip (g_strdup (text));
  char *end;
  double value;

  g_strdelimit (clean, ",", '.');
  value = g_ascii_strtod (clean, &end);
  if (end == clean)
    goto not_a_number;
  while (g_ascii_isspace (*end))
    end++;
  if (*end == '/')
    {
      char *denominator = end + 1;

      value /= g_ascii_strtod (denominator, &end);
      if (end == denominator)
        goto not_a_number;
    }
  else if (*end == '%')
    {
      value /= 100.0;
      end++;
    }
  if (*end != '\0' || isnan (value))
    goto not_a_number;
  if (!check_probability (value, error))
    return FALSE;
  *probability = value;
  return TRUE;

not_a_number:
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, _ ("“%s” is not a number: write 0.25, 25 %% or 1/4."),
               text);
  return FALSE;
}

/**
 * orr_probability_to_string:
 *
 * Two significant digits of whichever of p and 1 - p is smaller, so that
 * neither 0.0004 nor 0.9996 is shown as certain.
 *
 * Returns: (transfer full): such as 0.22, 0.025 or 0.9975
 */
char *
orr_probability_to_string (double probability)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  double rest = 1.0 - probability;

  if (probability <= 0.0 || rest <= 1e-9)
    return g_strdup (probability <= 0.0 ? "0" : "1");
  if (probability > 0.99)
    {
      int digits = 1 - (int) floor (log10 (rest));
      g_autofree char *format = g_strdup_printf ("%%.%df", digits);

      g_ascii_formatd (buffer, sizeof buffer, format, probability);
      for (char *last = buffer + strlen (buffer) - 1; *last == '0'; last--)
        *last = '\0';
      return g_strdup (buffer);
    }
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, probability < 0.1 ? "%.2g" : "%.2f", probability));
}
