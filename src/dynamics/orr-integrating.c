/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-integrating.h"

#include <math.h>
#include <stdlib.h>

#include "orr-error.h"
#include "orr-section.h"

#define N_SHUFFLES 999

typedef struct
{
  guint  unit;
  double g1;
  double g2;
} Candidate;

static int
compare_products (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;
  double p = x->g1 * x->g2, q = y->g1 * y->g2;
  return (p > q) - (p < q);
}

static int
compare_g1 (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;
  return (x->g1 < y->g1) - (x->g1 > y->g1);
}

/* Mean weight from @unit onto the units of the group. */
static double
mean_weight_onto (const OrrNetwork *network, const OrrKickGroup *group, guint unit)
{
  double sum = 0.0;

  for (guint i = 0; i < group->n_units; i++)
    sum += network->weight_hh->data[(gsize) group->units[i] * network->n_hidden + unit];
  return group->n_units > 0 ? sum / group->n_units : 0.0;
}

static gboolean
is_member (const OrrKickGroup *group, guint unit)
{
  for (guint i = 0; i < group->n_units; i++)
    if (group->units[i] == unit)
      return TRUE;
  return FALSE;
}

static OrrIntegrating *
find_pair (const OrrNetwork *network, const OrrKickGroup *forward, const OrrKickGroup *backward)
{
  guint H = network->n_hidden, n = 0, wanted = MIN (ORR_INTEGRATING_UNITS, H / 2);
  g_autofree Candidate *candidates = g_new (Candidate, H);

  for (guint u = 0; u < H; u++)
    if (!is_member (forward, u) && !is_member (backward, u))
      candidates[n++] =
          (Candidate) { u, mean_weight_onto (network, forward, u), mean_weight_onto (network, backward, u) };
  qsort (candidates, n, sizeof (Candidate), compare_products);
  /* Only units that push the two groups to opposite sides integrate for them. */
  while (n > 0 && (n > wanted || candidates[n - 1].g1 * candidates[n - 1].g2 >= 0.0))
    n--;
  qsort (candidates, n, sizeof (Candidate), compare_g1);

  OrrIntegrating *self = g_new0 (OrrIntegrating, 1);
  self->forward = forward;
  self->backward = backward;
  self->n_units = n;
  self->units = g_new (guint, MAX (n, 1));
  self->g1 = g_new (double, MAX (n, 1));
  self->g2 = g_new (double, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      self->units[i] = candidates[i].unit;
      self->g1[i] = candidates[i].g1;
      self->g2[i] = candidates[i].g2;
    }
  return self;
}

void
orr_integrating_free (OrrIntegrating *self)
{
  if (self == NULL)
    return;
  g_free (self->units);
  g_free (self->g1);
  g_free (self->g2);
  g_free (self);
}

/**
 * orr_integrating_find:
 * @groups: (element-type OrrKickGroup): must outlive the result
 *
 * For each pair of opposite kick groups the units, outside the groups, with the most
 * negative product of their mean weights onto the two (SCIENCE, part 3.7): 70, or half
 * of a smaller network.
 *
 * Returns: (transfer full) (element-type OrrIntegrating): the populations
 */
GPtrArray *
orr_integrating_find (const OrrNetwork *network, GPtrArray *groups)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_integrating_free);

  for (guint a = 0; a < groups->len; a++)
    for (guint b = a + 1; b < groups->len; b++)
      {
        const OrrKickGroup *forward = groups->pdata[a], *backward = groups->pdata[b];

        if (forward->from == backward->to && forward->to == backward->from)
          g_ptr_array_add (pairs, find_pair (network, forward, backward));
      }
  return pairs;
}

/* Mean weight of every block: rows receive, columns send. */
static void
fill_block (const OrrNetwork *network, const guint *const rows[2], const guint n_rows[2], const guint *const cols[2],
            const guint n_cols[2], double block[4])
{
  for (guint r = 0; r < 2; r++)
    for (guint c = 0; c < 2; c++)
      {
        double sum = 0.0;
        guint n = 0;

        for (guint i = 0; i < n_rows[r]; i++)
          for (guint j = 0; j < n_cols[c]; j++)
            if (rows[r][i] != cols[c][j])
              {
                sum += network->weight_hh->data[(gsize) rows[r][i] * network->n_hidden + cols[c][j]];
                n++;
              }
        block[2 * r + c] = n > 0 ? sum / n : NAN;
      }
}

/* How much stronger the integrating units excite their own population than the other. */
static double
compute_contrast (const OrrNetwork *network, const guint *units, guint n)
{
  const guint *halves[2] = { units, units + n / 2 };
  const guint counts[2] = { n / 2, n - n / 2 };
  double block[4];

  fill_block (network, halves, counts, halves, counts, block);
  return 0.5 * (block[0] + block[3] - block[1] - block[2]);
}

/* Against populations drawn at random from the same units. */
static double
test_contrast (const OrrNetwork *network, const OrrIntegrating *pair, guint64 seed, guint64 number, double contrast)
{
  g_autofree guint32 *shuffled = g_memdup2 (pair->units, pair->n_units * sizeof (guint));
  guint as_large = 0;

  for (guint s = 0; s < N_SHUFFLES; s++)
    {
      orr_random_shuffle (shuffled, pair->n_units, seed,
                          orr_analysis_stream (ORR_ANALYSIS_STREAM_INTEGRATING, number * N_SHUFFLES + s));
      as_large += compute_contrast (network, shuffled, pair->n_units) >= contrast;
    }
  return (1.0 + as_large) / (1.0 + N_SHUFFLES);
}

static GVariant *
create_units (const guint *units, guint n)
{
  g_autofree double *numbers = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    numbers[i] = units[i];
  return orr_section_new_doubles (numbers, n);
}

static GVariant *
create_pair (const OrrNetwork *network, const OrrIntegrating *pair, guint64 seed, guint64 number)
{
  guint half = pair->n_units / 2;
  const guint *kicks[2] = { pair->forward->units, pair->backward->units };
  const guint *populations[2] = { pair->units, pair->units + half };
  const guint n_kicks[2] = { pair->forward->n_units, pair->backward->n_units };
  const guint n_populations[2] = { half, pair->n_units - half };
  const struct { const char *name; const guint *const *rows, *n_rows; const guint *const *cols; const guint *n_cols; } blocks[] = {
    { "kick_kick", kicks, n_kicks, kicks, n_kicks },
    { "kick_integrating", kicks, n_kicks, populations, n_populations },
    { "integrating_kick", populations, n_populations, kicks, n_kicks },
    { "integrating_integrating", populations, n_populations, populations, n_populations },
  };
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  double contrast = compute_contrast (network, pair->units, pair->n_units);

  g_variant_builder_add (&builder, "{sv}", "from", g_variant_new_int32 (pair->forward->from));
  g_variant_builder_add (&builder, "{sv}", "to", g_variant_new_int32 (pair->forward->to));
  g_variant_builder_add (&builder, "{sv}", "kick_1", create_units (kicks[0], n_kicks[0]));
  g_variant_builder_add (&builder, "{sv}", "kick_2", create_units (kicks[1], n_kicks[1]));
  g_variant_builder_add (&builder, "{sv}", "units", create_units (pair->units, pair->n_units));
  g_variant_builder_add (&builder, "{sv}", "driving_1", g_variant_new_int32 (half));
  g_variant_builder_add (&builder, "{sv}", "g1", orr_section_new_doubles (pair->g1, pair->n_units));
  g_variant_builder_add (&builder, "{sv}", "g2", orr_section_new_doubles (pair->g2, pair->n_units));
  for (guint b = 0; b < G_N_ELEMENTS (blocks); b++)
    {
      double means[4];
      fill_block (network, blocks[b].rows, blocks[b].n_rows, blocks[b].cols, blocks[b].n_cols, means);
      g_variant_builder_add (&builder, "{sv}", blocks[b].name, orr_section_new_table (means, 2, 2));
    }
  g_variant_builder_add (&builder, "{sv}", "contrast", g_variant_new_double (contrast));
  g_variant_builder_add (&builder, "{sv}", "contrast_p_value",
                         g_variant_new_double (test_contrast (network, pair, seed, number, contrast)));
  return g_variant_builder_end (&builder);
}

/**
 * orr_integrating_analyze:
 * @error: (out): %ORR_ERROR_INPUT where no two opposite kick groups were found
 *
 * The noise-integrating populations of every pair of opposite kick groups (SCIENCE,
 * part 3.7). Section `integrating_populations`:
 *   `pairs`[] with `from` and `to` (of kick group 1; group 2 goes back), `kick_1`,
 *   `kick_2`, `units` (by falling `g1`; the first `driving_1` drive group 1, the rest
 *   group 2), `g1`, `g2` (mean weights onto the groups); mean weights of the blocks
 *   `kick_kick`, `kick_integrating`, `integrating_kick`, `integrating_integrating`, each
 *   [2][2], first name and row receiving; `contrast` (mean weight within the two
 *   populations less that between them) and `contrast_p_value` (against 999 random
 *   divisions of the same units); and the settings.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_integrating_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                         GError **error)
{
  g_autoptr (GPtrArray) groups = orr_kick_groups_find (network, options, progress, error);
  if (groups == NULL)
    return NULL;
  g_autoptr (GPtrArray) pairs = orr_integrating_find (network, groups);
  if (pairs->len == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "No two opposite kick groups were found, so no population can integrate noise for them");
      return NULL;
    }

  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder list;
  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (guint p = 0; p < pairs->len; p++)
    g_variant_builder_add_value (&list, create_pair (network, pairs->pdata[p], options->seed, p));
  orr_analysis_add_settings (&builder, network, options);
  g_variant_builder_add (&builder, "{sv}", "pairs", g_variant_builder_end (&list));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
