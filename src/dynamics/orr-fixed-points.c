/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-fixed-points.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-jacobian.h"
#include "orr-newton.h"
#include "orr-pca.h"
#include "orr-section.h"

#define N_STARTS 100
#define RELAX_STEPS 1000
#define DECAY_STEPS 50
/* Two solutions nearer than this share of the visited states' size are one. */
#define SAME_DISTANCE 1e-4
/* A noise-free path that comes this near (same unit) has reached the point. */
#define REACH_DISTANCE 1e-3

typedef struct
{
  const OrrNetwork *network;
  gsize             n_hidden;
  gboolean          homogeneous; /* ReLU without biases: h -> s h commutes with the map */
  double            scale;       /* rms norm of visited states */
  OrrMatrix        *from;        /* [starts x H] */
  OrrMatrix        *ends;        /* [starts x H] after RELAX_STEPS */
  OrrMatrix        *decay;       /* [starts (DECAY_STEPS + 1) x H] the first steps of the paths */
  GPtrArray        *points;      /* of double [H] */
  GArray           *residuals;   /* of double, one a point */
} Search;

static void
search_clear (Search *search)
{
  g_clear_pointer (&search->from, orr_matrix_unref);
  g_clear_pointer (&search->ends, orr_matrix_unref);
  g_clear_pointer (&search->decay, orr_matrix_unref);
  g_clear_pointer (&search->points, g_ptr_array_unref);
  g_clear_pointer (&search->residuals, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static double
norm_of (const float *h, gsize H)
{
  double sum = 0.0;

  for (gsize i = 0; i < H; i++)
    sum += (double) h[i] * h[i];
  return sqrt (sum);
}

static double
distance_to (const double *point, const float *h, gsize H)
{
  double sum = 0.0;

  for (gsize i = 0; i < H; i++)
    sum += (point[i] - h[i]) * (point[i] - h[i]);
  return sqrt (sum);
}

/* Follows the noise-free map from visited states, in pieces so that only the first is kept whole. */
static gboolean
relax (Search *search, OrrProgress *progress, GError **error)
{
  search->decay = orr_trajectory_relax (search->network, search->from, DECAY_STEPS, progress, error);
  if (search->decay == NULL)
    return FALSE;

  g_autoptr (OrrMatrix) now = orr_matrix_ref (search->decay);
  guint steps = DECAY_STEPS;
  search->ends = orr_matrix_new (search->from->rows, search->n_hidden);
  for (guint done = 0;; done += steps)
    {
      for (gsize n = 0; n < search->from->rows; n++)
        memcpy (orr_matrix_row (search->ends, n), orr_matrix_row (now, n * (steps + 1) + steps),
                search->n_hidden * sizeof (float));
      if (done >= RELAX_STEPS)
        return TRUE;
      g_clear_pointer (&now, orr_matrix_unref);
      now = orr_trajectory_relax (search->network, search->ends, steps, progress, error);
      if (now == NULL)
        return FALSE;
      orr_progress_report (progress, 0.5 * done / RELAX_STEPS, "Following the noise-free map");
    }
}

static void
add_point (Search *search, const double *h, double residual)
{
  gsize H = search->n_hidden;

  for (guint p = 0; p < search->points->len; p++)
    {
      const double *other = search->points->pdata[p];
      double sum = 0.0;

      for (gsize i = 0; i < H; i++)
        sum += (h[i] - other[i]) * (h[i] - other[i]);
      if (sqrt (sum) < SAME_DISTANCE * search->scale)
        return;
    }
  g_ptr_array_add (search->points, g_memdup2 (h, H * sizeof (double)));
  g_array_append_val (search->residuals, residual);
}

/* Newton from where each path ended (attractors) and from where it began (what
 * repels too); the origin is known beforehand where there is no bias. */
static gboolean
polish (Search *search, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrNewton) newton = orr_newton_new (search->network);
  g_autofree double *h = g_new0 (double, search->n_hidden);
  const OrrMatrix *guesses[2] = { search->ends, search->from };
  double residual = 0.0;

  if (search->homogeneous)
    add_point (search, h, 0.0);
  for (guint g = 0; g < 2; g++)
    for (gsize n = 0; n < guesses[g]->rows; n++)
      {
        if (!orr_progress_check (progress, error))
          return FALSE;
        if (orr_newton_solve (newton, orr_matrix_row (guesses[g], n), search->scale, h, &residual))
          add_point (search, h, residual);
        orr_progress_report (progress, 0.5 + 0.5 * (g * guesses[g]->rows + n) / (2.0 * guesses[g]->rows),
                             "Polishing fixed points");
      }
  return TRUE;
}

/* Share of the starts whose noise-free path ends at the point. */
static double
compute_basin (const Search *search, const double *point)
{
  gsize reached = 0;

  for (gsize n = 0; n < search->ends->rows; n++)
    reached += distance_to (point, orr_matrix_row (search->ends, n), search->n_hidden) <
               REACH_DISTANCE * search->scale;
  return (double) reached / search->ends->rows;
}

static gboolean
is_origin (const Search *search, const double *point)
{
  return cblas_dnrm2 (search->n_hidden, point, 1) < SAME_DISTANCE * search->scale;
}

/* The origin of a map without bias: every unit sits on its kink, so what is
 * told is how visited states shrink towards it. */
static void
add_decay (GVariantBuilder *builder, const Search *search, gboolean *stable)
{
  gsize N = search->from->rows, H = search->n_hidden, defined = 0;
  g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (search->network);
  double log_sum = 0.0, largest_ratio = 0.0, radius = 0.0;

  for (gsize n = 0; n < N; n++)
    {
      const float *path = orr_matrix_row (search->decay, n * (DECAY_STEPS + 1));
      double before = norm_of (path, H), ratio;

      if (before == 0.0)
        continue;
      ratio = norm_of (path + DECAY_STEPS * H, H) / before;
      largest_ratio = MAX (largest_ratio, ratio);
      log_sum += log (MAX (ratio, 1e-300));
      defined++;
      /* The spectrum changes slowly along a path: a look every tenth step of every tenth path. */
      for (guint t = 0; n % 10 == 0 && t <= DECAY_STEPS; t += 10)
        if (orr_jacobian_decompose (jacobian, path + t * H))
          radius = MAX (radius, orr_jacobian_radius (jacobian));
    }
  *stable = largest_ratio < 1.0 && defined > 0;
  g_variant_builder_add (builder, "{sv}", "decay_steps", g_variant_new_int32 (DECAY_STEPS));
  g_variant_builder_add (builder, "{sv}", "decay_ratio",
                         g_variant_new_double (defined > 0 ? exp (log_sum / defined) : NAN));
  g_variant_builder_add (builder, "{sv}", "decay_ratio_max", g_variant_new_double (defined > 0 ? largest_ratio : NAN));
  g_variant_builder_add (builder, "{sv}", "decay_spectral_radius", g_variant_new_double (radius));
}

static void
add_spectrum (GVariantBuilder *builder, const Search *search, const float *state, gboolean *stable)
{
  g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (search->network);
  double radius = NAN;

  if (orr_jacobian_decompose (jacobian, state))
    radius = orr_jacobian_radius (jacobian);
  *stable = radius < 1.0;
  g_variant_builder_add (builder, "{sv}", "spectral_radius", g_variant_new_double (radius));
  g_variant_builder_add (builder, "{sv}", "unstable_directions",
                         g_variant_new_int32 (orr_jacobian_n_unstable (jacobian)));
  g_variant_builder_add (builder, "{sv}", "eigenvalues_re",
                         orr_section_new_doubles (jacobian->re, jacobian->n_eigenvalues));
  g_variant_builder_add (builder, "{sv}", "eigenvalues_im",
                         orr_section_new_doubles (jacobian->im, jacobian->n_eigenvalues));
}

static GVariant *
describe_point (const Search *search, guint index, const OrrPca *pca)
{
  gsize H = search->n_hidden;
  const double *point = search->points->pdata[index];
  gboolean origin = is_origin (search, point), kink = origin && search->homogeneous, stable = FALSE;
  g_autoptr (OrrMatrix) state = orr_matrix_new (1, H);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < H; i++)
    state->data[i] = point[i];
  g_variant_builder_add (&builder, "{sv}", "residual",
                         g_variant_new_double (g_array_index (search->residuals, double, index)));
  g_variant_builder_add (&builder, "{sv}", "origin", g_variant_new_boolean (origin));
  if (kink)
    {
      g_variant_builder_add (&builder, "{sv}", "spectral_radius", g_variant_new_double (NAN));
      g_variant_builder_add (&builder, "{sv}", "at_kink", g_variant_new_boolean (TRUE));
      add_decay (&builder, search, &stable);
    }
  else
    {
      g_variant_builder_add (&builder, "{sv}", "at_kink", g_variant_new_boolean (FALSE));
      add_spectrum (&builder, search, state->data, &stable);
    }
  g_variant_builder_add (&builder, "{sv}", "stable", g_variant_new_boolean (stable));
  g_variant_builder_add (&builder, "{sv}", "basin_fraction", g_variant_new_double (compute_basin (search, point)));
  g_variant_builder_add (&builder, "{sv}", "state", orr_section_new_doubles (point, H));
  g_autoptr (OrrMatrix) place = orr_pca_project (pca, state);
  g_variant_builder_add (&builder, "{sv}", "components", orr_section_new_floats (place->data, place->cols));
  return g_variant_builder_end (&builder);
}

/* Shares of the starts whose paths grew beyond float32, or went on moving. */
static void
add_other_ends (GVariantBuilder *builder, const Search *search)
{
  gsize N = search->ends->rows, grown = 0, settled = 0;

  for (gsize n = 0; n < N; n++)
    {
      const float *end = orr_matrix_row (search->ends, n);
      double norm = norm_of (end, search->n_hidden);
      gboolean near = FALSE;

      if (!isfinite (norm) || norm > 1e6 * search->scale)
        {
          grown++;
          continue;
        }
      for (guint p = 0; p < search->points->len && !near; p++)
        near = distance_to (search->points->pdata[p], end, search->n_hidden) < REACH_DISTANCE * search->scale;
      settled += near;
    }
  g_variant_builder_add (builder, "{sv}", "starts", g_variant_new_int32 (N));
  g_variant_builder_add (builder, "{sv}", "relax_steps", g_variant_new_int32 (RELAX_STEPS + DECAY_STEPS));
  g_variant_builder_add (builder, "{sv}", "growing_fraction", g_variant_new_double ((double) grown / N));
  g_variant_builder_add (builder, "{sv}", "moving_fraction", g_variant_new_double ((double) (N - grown - settled) / N));
}

static GVariant *
create_section (const Search *search, const OrrPca *pca, const OrrAnalysisOptions *options)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder points;

  g_variant_builder_init (&points, G_VARIANT_TYPE ("aa{sv}"));
  for (guint p = 0; p < search->points->len; p++)
    g_variant_builder_add_value (&points, describe_point (search, p, pca));
  orr_analysis_add_settings (&builder, search->network, options);
  g_variant_builder_add (&builder, "{sv}", "points", g_variant_builder_end (&points));
  add_other_ends (&builder, search);
  g_variant_builder_add (&builder, "{sv}", "homogeneous", g_variant_new_boolean (search->homogeneous));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/**
 * orr_fixed_points_analyze:
 *
 * Fixed points of the noise-free map h -> phi (W_hh h + b) (SCIENCE, part 3.2):
 * 100 visited states are followed for 1050 steps, then polished by Newton on
 * the active set, from their ends and from themselves; solutions are clustered.
 * Section `fixed_points`:
 *   `points`[] with `residual` |h - phi (W h + b)|, `spectral_radius` of J,
 *   `eigenvalues_re` and `eigenvalues_im` (those not exactly 0),
 *   `unstable_directions` (|z| > 1), `stable`, `basin_fraction` (share of the
 *   starts whose path ends there), `origin`, `at_kink`, `state` [H], `components`
 *   (place in the first three principal components);
 *   `starts`, `relax_steps`, `growing_fraction` (paths that grew without bound),
 *   `moving_fraction` (paths that reached no point), `homogeneous`, settings.
 * Without biases a ReLU map is positively homogeneous: the origin is always
 * fixed, every unit is on its kink there and J is not defined. That point has
 * `at_kink`, no `spectral_radius` (NaN), and instead `decay_ratio` and
 * `decay_ratio_max` (geometric mean and largest |h_50| / |h_0|) and
 * `decay_spectral_radius` (largest |z| of J along the paths); it is `stable`
 * when every path shrank.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_fixed_points_analyze (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                          GError **error)
{
  g_autoptr (OrrTrajectory) run = orr_analysis_simulate (network, options, progress, error);
  if (run == NULL)
    return NULL;
  g_autoptr (OrrPca) pca = orr_pca_new (run->states, 3, error);
  if (pca == NULL)
    return NULL;

  g_auto (Search) search = { .network = network, .n_hidden = network->n_hidden,
                             .homogeneous = orr_analysis_is_homogeneous (network) };
  search.from = orr_analysis_pick_states (run->states, N_STARTS);
  search.points = g_ptr_array_new_with_free_func (g_free);
  search.residuals = g_array_new (FALSE, FALSE, sizeof (double));
  for (gsize n = 0; n < search.from->rows; n++)
    {
      double norm = norm_of (orr_matrix_row (search.from, n), network->n_hidden);
      search.scale += norm * norm / search.from->rows;
    }
  search.scale = MAX (sqrt (search.scale), 1e-12);

  if (!relax (&search, progress, error) || !polish (&search, progress, error))
    return NULL;
  return create_section (&search, pca, options);
}
