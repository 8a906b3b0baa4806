/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-presets.h"

#include <math.h>
#include <string.h>

static const OrrHmmPreset presets[] = {
  { "two", "Two states", 100, 0.9, 500 },
  { "three", "Three states", 30, 0.9, 500 },
  { "four", "Four states", 30, 0.9, 500 },
  { "five", "Five states", 40, 0.9, 500 },
  { "fully-connected", "Fully connected", 30, 0.3, 1000 },
  { "cyclic", "Cyclic", 40, 0.3, 500 },
};

const OrrHmmPreset *
orr_hmm_presets (guint *n)
{
  *n = G_N_ELEMENTS (presets);
  return presets;
}

/**
 * orr_hmm_preset_find:
 *
 * Returns: (transfer none) (nullable): the preset called @id
 */
const OrrHmmPreset *
orr_hmm_preset_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    if (g_str_equal (presets[i].id, id))
      return &presets[i];

  return NULL;
}

/* End states move on with q, inner states with q to each side. */
static OrrHmm *
create_chain (guint n_states)
{
  OrrHmm *hmm = orr_hmm_new (n_states, 3);
  double q = pow (0.05, 1.0 / (n_states - 1));

  for (guint i = 0; i < n_states; i++)
    {
      double a = (double) i / (n_states - 1);
      double *row = hmm->transition + i * n_states;
      double stay = 1.0;

      if (i > 0)
        {
          row[i - 1] = q;
          stay -= q;
        }
      if (i + 1 < n_states)
        {
          row[i + 1] = q;
          stay -= q;
        }
      row[i] = stay;
      hmm->emission[i * 3] = 0.99 * (1.0 - a);
      hmm->emission[i * 3 + 1] = 0.01;
      hmm->emission[i * 3 + 2] = 0.99 * a;
      /* A shallow arc keeps the pairs of arrows apart and the row readable. */
      hmm->positions[2 * i] = 1.25 * (i - 0.5 * (n_states - 1));
      hmm->positions[2 * i + 1] = -0.35 * sin (G_PI * a);
    }
  return hmm;
}

static OrrHmm *
create_fully_connected (void)
{
  OrrHmm *hmm = orr_hmm_new (3, 3);
  static const double positions[6] = { 0.0, -0.75, 0.8, 0.6, -0.8, 0.6 };

  for (guint i = 0; i < 9; i++)
    {
      gboolean own = i % 3 == i / 3;
      hmm->transition[i] = own ? 0.95 : 0.025;
      hmm->emission[i] = own ? 0.98 : 0.01;
    }
  memcpy (hmm->positions, positions, sizeof positions);
  return hmm;
}

static OrrHmm *
create_cyclic (void)
{
  static const double emission[12] = { 0.9, 0.1, 0.0, 0.1, 0.9, 0.0, 0.0, 0.1, 0.9, 0.0, 0.9, 0.1 };
  static const double positions[8] = { -0.7, -0.55, 0.7, -0.55, 0.7, 0.55, -0.7, 0.55 };
  OrrHmm *hmm = orr_hmm_new (4, 3);

  for (guint i = 0; i < 4; i++)
    {
      hmm->transition[i * 4 + i] = 0.95;
      hmm->transition[i * 4 + (i + 1) % 4] = 0.025;
      hmm->transition[i * 4 + (i + 3) % 4] = 0.025;
    }
  memcpy (hmm->emission, emission, sizeof emission);
  memcpy (hmm->positions, positions, sizeof positions);
  return hmm;
}

/**
 * orr_hmm_preset_create:
 *
 * Returns: (transfer full): the preset's model
 */
OrrHmm *
orr_hmm_preset_create (const OrrHmmPreset *preset)
{
  if (g_str_equal (preset->id, "fully-connected"))
    return create_fully_connected ();
  if (g_str_equal (preset->id, "cyclic"))
    return create_cyclic ();
  return create_chain (2 + (preset - presets));
}

static gboolean
are_close (const double *a, const double *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!(fabs (a[i] - b[i]) < 1e-9))
      return FALSE;
  return TRUE;
}

/**
 * orr_hmm_preset_recognise:
 *
 * Returns: (transfer none) (nullable): the preset whose probabilities @hmm has,
 *   whatever its states are called and wherever they stand
 */
const OrrHmmPreset *
orr_hmm_preset_recognise (const OrrHmm *hmm)
{
  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    {
      g_autoptr (OrrHmm) model = orr_hmm_preset_create (&presets[i]);
      gsize S = model->n_states, K = model->n_symbols;

      if (S == hmm->n_states && K == hmm->n_symbols && are_close (model->start, hmm->start, S)
          && are_close (model->transition, hmm->transition, S * S)
          && are_close (model->emission, hmm->emission, S * K))
        return &presets[i];
    }
  return NULL;
}
