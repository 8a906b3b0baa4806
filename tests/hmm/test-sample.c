/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-sample.h"

#include <math.h>
#include <string.h>

#include "orr-hmm-presets.h"

#define N 4000
#define T 50

/* Within five standard errors of the model's probability. */
static void
check_share (gsize count, gsize total, double p)
{
  if (p == 0.0 || p == 1.0)
    g_assert_cmpuint (count, ==, p * total);
  else
    g_assert_cmpfloat (fabs ((double) count / total - p), <, 5.0 * sqrt (p * (1.0 - p) / total));
}

static void
check_preset (const OrrHmmPreset *preset)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (preset);
  gsize S = hmm->n_states, K = hmm->n_symbols;
  g_autofree guint16 *symbols = g_new (guint16, N * T);
  g_autofree guint16 *states = g_new (guint16, N * T);
  g_autofree gsize *first = g_new0 (gsize, S);
  g_autofree gsize *moves = g_new0 (gsize, S * S);
  g_autofree gsize *emitted = g_new0 (gsize, S * K);

  orr_hmm_sample (hmm, 0, N, T, 77, symbols, states);
  for (gsize n = 0; n < N; n++)
    for (gsize t = 0; t < T; t++)
      {
        guint16 state = states[n * T + t];
        emitted[state * K + symbols[n * T + t]]++;
        if (t == 0)
          first[state]++;
        else
          moves[states[n * T + t - 1] * S + state]++;
      }

  for (gsize i = 0; i < S; i++)
    {
      gsize left = 0, shown = 0;

      check_share (first[i], N, hmm->start[i]);
      for (gsize j = 0; j < S; j++)
        left += moves[i * S + j];
      for (gsize j = 0; j < S; j++)
        check_share (moves[i * S + j], left, hmm->transition[i * S + j]);
      for (gsize k = 0; k < K; k++)
        shown += emitted[i * K + k];
      for (gsize k = 0; k < K; k++)
        check_share (emitted[i * K + k], shown, hmm->emission[i * K + k]);
    }
}

static void
test_frequencies (void)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint i = 0; i < n; i++)
    check_preset (&presets[i]);
}

/* Any part of the sequences is the same part of the whole; seeds differ. */
static void
test_parts (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("cyclic"));
  guint16 whole[30 * 20], part[7 * 20], other[30 * 20];

  orr_hmm_sample (hmm, 0, 30, 20, 5, whole, NULL);
  orr_hmm_sample (hmm, 11, 7, 20, 5, part, NULL);
  g_assert_cmpmem (part, sizeof part, whole + 11 * 20, sizeof part);
  orr_hmm_sample (hmm, 0, 30, 20, 6, other, NULL);
  g_assert_cmpint (memcmp (whole, other, sizeof whole), !=, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm/sample/frequencies", test_frequencies);
  g_test_add_func ("/hmm/sample/parts", test_parts);
  return g_test_run ();
}
