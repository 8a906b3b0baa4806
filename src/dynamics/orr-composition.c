/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-composition.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-kick-neurons.h"
#include "orr-pca.h"
#include "orr-section.h"
#include "orr-subspace.h"
#include "orr-transitions.h"

#define ORR_SUBSPACE_N_REDUCED 4
#define N_AXES 3
#define MIN_STEPS 200
#define N_POINTS 500

static OrrMatrix *
pick_rows (const OrrMatrix *matrix, const OrrSubspace *subspace)
{
  OrrMatrix *picked = orr_matrix_new (subspace->n_times, matrix->cols);

  for (guint i = 0; i < subspace->n_times; i++)
    memcpy (orr_matrix_row (picked, i), orr_matrix_row (matrix, subspace->times[i]), matrix->cols * sizeof (float));
  return picked;
}

/* Signed area per step in the first two axes around their mean, over half the mean squared
 * radius: radians a step of a rigid rotation. Steps between stretches do not count. */
static double
compute_circulation (const OrrMatrix *points, const guint *times)
{
  double area = 0.0, square = 0.0;
  gsize steps = 0;

  for (guint i = 0; i < points->rows; i++)
    {
      const float *p = orr_matrix_row (points, i);

      square += (p[0] * p[0] + p[1] * p[1]) / points->rows;
      if (i + 1 < points->rows && times[i + 1] == times[i] + 1)
        {
          const float *q = orr_matrix_row (points, i + 1);
          area += 0.5 * (p[0] * q[1] - q[0] * p[1]);
          steps++;
        }
    }
  return steps > 0 && square > 0.0 ? area / steps / (0.5 * square) : 0.0;
}

static GVariant *
create_points (const OrrMatrix *points, const guint *times, const OrrTransitions *transitions,
               GVariantBuilder *builder)
{
  gsize n = MIN (points->rows, N_POINTS), cols = points->cols;
  g_autofree double *values = g_new (double, n * cols);
  g_autofree double *symbols = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    {
      gsize row = (2 * i + 1) * points->rows / (2 * n);

      symbols[i] = transitions->symbols[times[row]];
      for (gsize c = 0; c < cols; c++)
        values[i * cols + c] = orr_matrix_row (points, row)[c];
    }
  g_variant_builder_add (builder, "{sv}", "point_symbols", orr_section_new_doubles (symbols, n));
  return orr_section_new_table (values, n, cols);
}

/* The subspace of one pair: axes [3 x H] in state space and what is seen in it. */
static GVariant *
create_pair (const OrrPca *whole, const OrrMatrix *states, const OrrMatrix *reduced,
             const OrrTransitions *transitions, guint a, guint b, guint shortest, double *axes, GError **error)
{
  g_autoptr (OrrSubspace) subspace = orr_subspace_find (whole, reduced, transitions, a, b, shortest, error);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  const double symbols[2] = { a, b };

  if (subspace == NULL)
    return NULL;
  g_variant_builder_add (&builder, "{sv}", "symbols", orr_section_new_doubles (symbols, 2));
  g_variant_builder_add (&builder, "{sv}", "stretches", g_variant_new_int32 (subspace->n_stretches));
  g_variant_builder_add (&builder, "{sv}", "steps", g_variant_new_int32 (subspace->n_times));
  g_variant_builder_add (&builder, "{sv}", "found", g_variant_new_boolean (subspace->pca != NULL));
  if (subspace->pca == NULL)
    return g_variant_builder_end (&builder);

  const OrrPca *pca = subspace->pca;
  g_autoptr (OrrMatrix) inside = pick_rows (states, subspace);
  g_autoptr (OrrMatrix) points = orr_pca_project (pca, inside);
  memcpy (axes, pca->components, pca->n_components * pca->n_hidden * sizeof (double));
  g_variant_builder_add (&builder, "{sv}", "explained_variance_ratio",
                         orr_section_new_doubles (pca->variance_ratio, pca->n_components));
  g_variant_builder_add (&builder, "{sv}", "components",
                         orr_section_new_table (pca->components, pca->n_components, pca->n_hidden));
  g_variant_builder_add (&builder, "{sv}", "circulation_normalised",
                         g_variant_new_double (points->cols >= 2 ? compute_circulation (points, subspace->times) : 0.0));
  g_variant_builder_add (&builder, "{sv}", "points",
                         create_points (points, subspace->times, transitions, &builder));
  return g_variant_builder_end (&builder);
}

/* Angle of each readout axis to the plane of the first two components, in degrees. */
static GVariant *
create_angles (const OrrNetwork *network, const OrrPca *pca)
{
  gsize H = network->n_hidden, K = network->n_symbols;
  g_autofree double *angles = g_new (double, K);

  for (gsize k = 0; k < K; k++)
    {
      const float *w = orr_matrix_row (network->weight_out, k);
      double norm = 0.0, inside = 0.0;

      for (gsize i = 0; i < H; i++)
        norm += (double) w[i] * w[i];
      for (guint p = 0; p < 2; p++)
        {
          double dot = 0.0;
          for (gsize i = 0; i < H; i++)
            dot += w[i] * pca->components[p * H + i];
          inside += dot * dot;
        }
      angles[k] = norm > 0.0 ? acos (MIN (sqrt (inside / norm), 1.0)) * 180.0 / G_PI : NAN;
    }
  return orr_section_new_doubles (angles, K);
}

/* How far two subspaces share their directions: mean squared cosine of their principal
 * angles, ||U V'||^2 / 3. */
static GVariant *
create_alignment (const double *axes, guint n_pairs, gsize H)
{
  g_autofree double *table = g_new0 (double, n_pairs * n_pairs);

  for (guint a = 0; a < n_pairs; a++)
    for (guint b = 0; b < n_pairs; b++)
      for (guint p = 0; p < N_AXES; p++)
        for (guint q = 0; q < N_AXES; q++)
          {
            double dot = 0.0;
            for (gsize i = 0; i < H; i++)
              dot += axes[(a * N_AXES + p) * H + i] * axes[(b * N_AXES + q) * H + i];
            table[a * n_pairs + b] += dot * dot / N_AXES;
          }
  return orr_section_new_table (table, n_pairs, n_pairs);
}

static guint
count_shared (const OrrKickGroup *a, const OrrKickGroup *b)
{
  guint shared = 0;

  for (guint i = 0; i < a->n_units; i++)
    for (guint j = 0; j < b->n_units; j++)
      shared += a->units[i] == b->units[j];
  return shared;
}

/* Jaccard overlap of every two kick groups, and how likely as many units are shared by chance. */
static void
add_overlap (GVariantBuilder *builder, GPtrArray *groups, guint H)
{
  guint n = groups->len;
  g_autofree double *overlap = g_new (double, MAX (n * n, 1));
  g_autofree double *p_value = g_new (double, MAX (n * n, 1));
  g_autofree double *directions = g_new (double, MAX (2 * n, 1));

  for (guint a = 0; a < n; a++)
    {
      const OrrKickGroup *first = groups->pdata[a];

      directions[2 * a] = first->from;
      directions[2 * a + 1] = first->to;
      for (guint b = 0; b < n; b++)
        {
          const OrrKickGroup *second = groups->pdata[b];
          guint shared = count_shared (first, second), total = first->n_units + second->n_units - shared;

          overlap[a * n + b] = total > 0 ? (double) shared / total : 0.0;
          /* P(at least as many shared) when the second is drawn from all H units. */
          p_value[a * n + b] =
              shared > 0 ? gsl_cdf_hypergeometric_Q (shared - 1, first->n_units, H - first->n_units, second->n_units)
                         : 1.0;
        }
    }
  g_variant_builder_add (builder, "{sv}", "kick_directions", orr_section_new_table (directions, n, 2));
  g_variant_builder_add (builder, "{sv}", "kick_overlap", orr_section_new_table (overlap, n, n));
  g_variant_builder_add (builder, "{sv}", "kick_overlap_p_value", orr_section_new_table (p_value, n, n));
}

/**
 * orr_composition_analyze:
 * @error: (out): %ORR_ERROR_INPUT for fewer than three symbols or four hidden units
 *
 * How the motion is put together from pairs of symbols (SCIENCE, part 3.11). All states are
 * reduced to 4 principal components; per pair of symbols the stretches of at least 10
 * (options->min_stretch) steps in which only the two lead, and change, are reduced to 3. Section `composition`:
 *   `pairs`[] with `symbols` [2], `stretches`, `steps`, `found` (at least 200 steps), and
 *   where found `explained_variance_ratio` [3], `components` [3][H] (axes in state space),
 *   `points` [500][3] with `point_symbols`, `circulation_normalised` (radians a step of a
 *   rigid rotation with the same signed area);
 *   `alignment` [pairs][pairs] (mean squared cosine of the principal angles between the
 *   pairs' subspaces; 0 where one was not found), `readout_angles` [K] (degrees between each
 *   readout axis and the plane of the first two components), `kick_directions` [G][2]
 *   (`from`, `to` of each kick group), `kick_overlap` [G][G] (Jaccard) and
 *   `kick_overlap_p_value` (hypergeometric); and the settings.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_composition_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                         GError **error)
{
  guint K = network->n_symbols, n_pairs = K * (K - 1) / 2, pair = 0;

  if (K < 3 || network->n_hidden < ORR_SUBSPACE_N_REDUCED)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "Composition needs at least three symbols and four hidden units");
      return NULL;
    }
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.3);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.3, 1.0);
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, options, first, error);
  if (run == NULL)
    return NULL;
  g_autoptr (OrrPca) whole = orr_pca_new (run->states, ORR_SUBSPACE_N_REDUCED, error);
  if (whole == NULL)
    return NULL;
  g_autoptr (GPtrArray) groups = orr_kick_groups_find (network, options, second, error);
  if (groups == NULL)
    return NULL;

  g_autoptr (OrrTransitions) transitions = orr_transitions_new (run);
  g_autoptr (OrrMatrix) reduced = orr_pca_project (whole, run->states);
  g_autofree double *axes = g_new0 (double, (gsize) n_pairs * N_AXES * network->n_hidden);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder pairs;
  g_variant_builder_init (&pairs, G_VARIANT_TYPE ("aa{sv}"));
  for (guint a = 0; a < K; a++)
    for (guint b = a + 1; b < K; b++, pair++)
      {
        GVariant *one = create_pair (whole, run->states, reduced, transitions, a, b, options->min_stretch,
                                     axes + (gsize) pair * N_AXES * network->n_hidden, error);
        if (one == NULL)
          {
            g_variant_builder_clear (&pairs);
            return NULL;
          }
        g_variant_builder_add_value (&pairs, one);
      }
  orr_analysis_add_settings (&builder, network, options);
  g_variant_builder_add (&builder, "{sv}", "min_stretch", g_variant_new_int32 (options->min_stretch));
  g_variant_builder_add (&builder, "{sv}", "pairs", g_variant_builder_end (&pairs));
  g_variant_builder_add (&builder, "{sv}", "alignment", create_alignment (axes, n_pairs, network->n_hidden));
  g_variant_builder_add (&builder, "{sv}", "readout_angles", create_angles (network, whole));
  add_overlap (&builder, groups, network->n_hidden);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
