/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"

/* Rows may be typed or come from float32 files: sums may miss 1 by this much. */
#define SUM_TOLERANCE 1e-6

/**
 * orr_hmm_new:
 *
 * Returns: (transfer full): a model with uniform start and emissions, whose
 * states stay where they are, named S1.. and 1.., laid out on a circle
 */
OrrHmm *
orr_hmm_new (guint n_states, guint n_symbols)
{
  g_return_val_if_fail (n_states >= 1 && n_states <= ORR_HMM_MAX_STATES, NULL);
  g_return_val_if_fail (n_symbols >= 1 && n_symbols <= ORR_HMM_MAX_SYMBOLS, NULL);

  OrrHmm *self = g_atomic_rc_box_new0 (OrrHmm);
  double radius = n_states > 1 ? 0.5 / sin (G_PI / n_states) : 0.0;

  self->n_states = n_states;
  self->n_symbols = n_symbols;
  self->start = g_new (double, n_states);
  self->transition = g_new0 (double, n_states * n_states);
  self->emission = g_new (double, n_states * n_symbols);
  self->locked = g_new0 (guint8, n_states * n_states);
  self->state_names = g_new0 (char *, n_states + 1);
  self->symbol_names = g_new0 (char *, n_symbols + 1);
  self->positions = g_new (double, 2 * n_states);
  self->colours = g_new (guint32, n_states);

  for (guint i = 0; i < n_states; i++)
    {
      double angle = G_PI - 2.0 * G_PI * i / n_states;

      self->start[i] = 1.0 / n_states;
      self->transition[i * n_states + i] = 1.0;
      self->state_names[i] = g_strdup_printf ("S%u", i + 1);
      self->positions[2 * i] = radius * cos (angle);
      self->positions[2 * i + 1] = -radius * sin (angle);
      self->colours[i] = ORR_HMM_NO_COLOUR;
      for (guint k = 0; k < n_symbols; k++)
        self->emission[i * n_symbols + k] = 1.0 / n_symbols;
    }
  for (guint k = 0; k < n_symbols; k++)
    self->symbol_names[k] = g_strdup_printf ("%u", k + 1);

  return self;
}

OrrHmm *
orr_hmm_copy (const OrrHmm *self)
{
  OrrHmm *copy = g_atomic_rc_box_new0 (OrrHmm);
  gsize S = self->n_states, K = self->n_symbols;

  copy->n_states = S;
  copy->n_symbols = K;
  copy->start = g_memdup2 (self->start, S * sizeof (double));
  copy->transition = g_memdup2 (self->transition, S * S * sizeof (double));
  copy->emission = g_memdup2 (self->emission, S * K * sizeof (double));
  copy->locked = g_memdup2 (self->locked, S * S);
  copy->state_names = g_strdupv (self->state_names);
  copy->symbol_names = g_strdupv (self->symbol_names);
  copy->positions = g_memdup2 (self->positions, 2 * S * sizeof (double));
  copy->colours = g_memdup2 (self->colours, S * sizeof (guint32));
  return copy;
}

OrrHmm *
orr_hmm_ref (OrrHmm *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrHmm *self = box;

  g_free (self->start);
  g_free (self->transition);
  g_free (self->emission);
  g_free (self->locked);
  g_strfreev (self->state_names);
  g_strfreev (self->symbol_names);
  g_free (self->positions);
  g_free (self->colours);
}

void
orr_hmm_unref (OrrHmm *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/**
 * orr_hmm_equal:
 *
 * Returns: whether the two are the same in everything, layout included
 */
gboolean
orr_hmm_equal (const OrrHmm *a, const OrrHmm *b)
{
  gsize S = a->n_states, K = a->n_symbols;

  if (a == b)
    return TRUE;
  return S == b->n_states && K == b->n_symbols &&
         memcmp (a->start, b->start, S * sizeof (double)) == 0 &&
         memcmp (a->transition, b->transition, S * S * sizeof (double)) == 0 &&
         memcmp (a->emission, b->emission, S * K * sizeof (double)) == 0 &&
         memcmp (a->locked, b->locked, S * S) == 0 &&
         memcmp (a->positions, b->positions, 2 * S * sizeof (double)) == 0 &&
         memcmp (a->colours, b->colours, S * sizeof (guint32)) == 0 &&
         g_strv_equal ((const char *const *) a->state_names, (const char *const *) b->state_names) &&
         g_strv_equal ((const char *const *) a->symbol_names, (const char *const *) b->symbol_names);
}

static gboolean
validate_row (const double *row, guint n, const char *what, const char *whose, GError **error)
{
  double sum = 0.0;

  for (guint i = 0; i < n; i++)
    {
      if (!(row[i] >= 0.0 && row[i] <= 1.0 + SUM_TOLERANCE))
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                       "%s of %s: entry %u is %g, which is not a probability", what, whose, i + 1, row[i]);
          return FALSE;
        }
      sum += row[i];
    }
  if (fabs (sum - 1.0) > SUM_TOLERANCE)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s of %s: the probabilities sum to %g, not 1", what,
                   whose, sum);
      return FALSE;
    }
  return TRUE;
}

/**
 * orr_hmm_validate:
 * @error: (out): %ORR_ERROR_INPUT with the first thing that is wrong
 *
 * Returns: whether start, transitions and emissions are probabilities that sum to 1
 */
gboolean
orr_hmm_validate (const OrrHmm *self, GError **error)
{
  gsize S = self->n_states, K = self->n_symbols;

  if (!validate_row (self->start, S, "Start", "the model", error))
    return FALSE;
  for (gsize i = 0; i < S; i++)
    {
      g_autofree char *state = g_strdup_printf ("state %s", self->state_names[i]);

      if (!validate_row (self->transition + i * S, S, "Transitions", state, error) ||
          !validate_row (self->emission + i * K, K, "Emissions", state, error))
        return FALSE;
    }
  return TRUE;
}
