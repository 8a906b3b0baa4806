/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-flow.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-trajectory.h"

/* Nodes along the longer side of the plane, and around what was visited. */
#define NODES 48
#define MARGIN 2
/* The kernel's standard deviation and reach, in nodes. */
#define BANDWIDTH 1.0
#define REACH 3
/* A node stands on at least so many samples, counted by their weights. */
#define LEAST_WEIGHT 2.0
/* The samples' mean lies no further than this from the node, in bandwidths: no guess beyond the edge. */
#define FURTHEST 1.2

/* Visited states that are stepped, and the noise-free paths that start from some of them. */
#define N_VISITED 12000
#define N_PATHS 200
#define N_PATH_STEPS 40
#define PATH_WEIGHT 0.02f

/* Samples in the cells of the grid, so that a node looks only at those near it. */
typedef struct
{
  const OrrMatrix *places;
  const OrrMatrix *next;
  const float     *weights; /* (nullable) */
  double           cell;
  guint           *first;   /* [n_x n_y + 1] */
  guint           *samples;
} Cells;

static void
cells_clear (Cells *cells)
{
  g_free (cells->first);
  g_free (cells->samples);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cells, cells_clear)

static gboolean
is_finite_sample (const Cells *cells, gsize i)
{
  const float *from = orr_matrix_row (cells->places, i), *to = orr_matrix_row (cells->next, i);

  return isfinite (from[0]) && isfinite (from[1]) && isfinite (to[0]) && isfinite (to[1]);
}

/* A grid of square cells around the samples; %NULL where they do not span a plane. */
static OrrPlanarField *
create_grid (Cells *cells)
{
  double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };

  for (gsize i = 0; i < cells->places->rows; i++)
    for (int k = 0; k < 2 && is_finite_sample (cells, i); k++)
      {
        low[k] = MIN (low[k], orr_matrix_row (cells->places, i)[k]);
        high[k] = MAX (high[k], orr_matrix_row (cells->places, i)[k]);
      }
  cells->cell = MAX (high[0] - low[0], high[1] - low[1]) / (NODES - 1);
  if (!(cells->cell > 0.0) || !isfinite (cells->cell))
    return NULL;

  guint n[2];
  for (int k = 0; k < 2; k++)
    {
      low[k] -= MARGIN * cells->cell;
      n[k] = ceil ((high[k] - low[k]) / cells->cell) + MARGIN + 1;
      high[k] = low[k] + (n[k] - 1) * cells->cell;
    }
  return orr_planar_field_new (n[0], n[1], low, high);
}

/* The node nearest to a sample. */
static guint
find_cell (const Cells *cells, const OrrPlanarField *field, gsize i)
{
  const float *place = orr_matrix_row (cells->places, i);
  guint column = CLAMP (rint ((place[0] - field->low[0]) / cells->cell), 0, field->n_x - 1);
  guint row = CLAMP (rint ((place[1] - field->low[1]) / cells->cell), 0, field->n_y - 1);

  return row * field->n_x + column;
}

static void
sort_samples (Cells *cells, const OrrPlanarField *field)
{
  guint n_cells = field->n_x * field->n_y;
  g_autofree guint *end = g_new0 (guint, n_cells + 1);

  cells->first = g_new0 (guint, n_cells + 1);
  cells->samples = g_new (guint, MAX (cells->places->rows, 1));
  for (gsize i = 0; i < cells->places->rows; i++)
    if (is_finite_sample (cells, i))
      cells->first[find_cell (cells, field, i) + 1]++;
  for (guint c = 0; c < n_cells; c++)
    cells->first[c + 1] += cells->first[c];
  memcpy (end, cells->first, (n_cells + 1) * sizeof *end);
  for (gsize i = 0; i < cells->places->rows; i++)
    if (is_finite_sample (cells, i))
      cells->samples[end[find_cell (cells, field, i)]++] = i;
}

/* Sums for the weighted least squares of (step, height) on (1, x, y) around one node. */
typedef struct
{
  double normal[3][3];
  double right[3][3];
} Sums;

static void
add_cell (Sums *sums, const Cells *cells, guint cell, const double node[2])
{
  double width = BANDWIDTH * cells->cell;

  for (guint s = cells->first[cell]; s < cells->first[cell + 1]; s++)
    {
      guint i = cells->samples[s];
      const float *from = orr_matrix_row (cells->places, i), *to = orr_matrix_row (cells->next, i);
      const double row[3] = { 1.0, (from[0] - node[0]) / width, (from[1] - node[1]) / width };
      const double seen[3] = { to[0] - from[0], to[1] - from[1], cells->places->cols > 2 ? from[2] : 0.0 };
      double weight = exp (-0.5 * (row[1] * row[1] + row[2] * row[2]));

      weight *= cells->weights != NULL ? cells->weights[i] : 1.0f;
      for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
          {
            sums->normal[a][b] += weight * row[a] * row[b];
            sums->right[a][b] += weight * row[a] * seen[b];
          }
    }
}

/* The value at the node, of the plane through the samples around it: Cramer's rule for its constant term.
 * A little ridge on the slopes keeps samples in one line from tilting it. */
static gboolean
solve (const Sums *sums, double value[3])
{
  double n[3][3];
  double weight = sums->normal[0][0];

  memcpy (n, sums->normal, sizeof n);
  if (!(weight >= LEAST_WEIGHT) || hypot (n[0][1], n[0][2]) > FURTHEST * weight)
    return FALSE;
  n[1][1] += 1e-3 * weight;
  n[2][2] += 1e-3 * weight;
  double minor[3] = { n[1][1] * n[2][2] - n[1][2] * n[2][1], n[0][2] * n[2][1] - n[0][1] * n[2][2],
                      n[0][1] * n[1][2] - n[0][2] * n[1][1] };
  double determinant = n[0][0] * minor[0] + n[1][0] * minor[1] + n[2][0] * minor[2];
  if (!(determinant > 0.0))
    return FALSE;
  for (int k = 0; k < 3; k++)
    value[k] = (minor[0] * sums->right[0][k] + minor[1] * sums->right[1][k] + minor[2] * sums->right[2][k])
               / determinant;
  return TRUE;
}

static void
fill_node (OrrPlanarField *field, const Cells *cells, guint x, guint y)
{
  gsize node = (gsize) y * field->n_x + x;
  double position[2], value[3];
  Sums sums = { 0 };

  orr_planar_field_node (field, x, y, position);
  for (int row = MAX ((int) y - REACH, 0); row <= MIN ((int) y + REACH, (int) field->n_y - 1); row++)
    for (int column = MAX ((int) x - REACH, 0); column <= MIN ((int) x + REACH, (int) field->n_x - 1); column++)
      add_cell (&sums, cells, row * field->n_x + column, position);
  if (!solve (&sums, value))
    return;
  field->velocity[2 * node] = value[0];
  field->velocity[2 * node + 1] = value[1];
  field->height[node] = value[2];
}

/**
 * orr_flow_estimate:
 * @places: [N x P], P >= 2: where in the plane of the first two coordinates something was seen to move; the
 *   third, where there is one, gives the height of the sheet
 * @next: [N x P] where it was one step later
 * @weights: (nullable): [N] how much each counts; 1 without
 * @error: (out): %ORR_ERROR_INPUT where the places do not span a plane
 *
 * The mean step at each point of the plane: around every node of a grid of 48 nodes (along the longer side)
 * a plane is laid through the steps of the places near it by least squares, weighted by a Gaussian as wide
 * as one cell; its value at the node is the field. (Local linear regression: exact where steps are linear
 * in the place.) Nodes with too few places near them are not defined.
 *
 * Returns: (transfer full) (nullable): the field
 */
OrrPlanarField *
orr_flow_estimate (const OrrMatrix *places, const OrrMatrix *next, const float *weights, OrrProgress *progress,
                   GError **error)
{
  g_return_val_if_fail (places != NULL && next != NULL && places->rows == next->rows, NULL);
  g_return_val_if_fail (places->cols == next->cols, NULL);

  g_auto (Cells) cells = { .places = places, .next = next, .weights = weights };
  g_autoptr (OrrPlanarField) field = places->cols >= 2 && places->rows > 0 ? create_grid (&cells) : NULL;

  if (field == NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "A flow needs a motion that spans a plane");
      return NULL;
    }
  sort_samples (&cells, field);
  for (guint y = 0; y < field->n_y; y++)
    {
      if (!orr_progress_check (progress, error))
        return NULL;
      for (guint x = 0; x < field->n_x; x++)
        fill_node (field, &cells, x, y);
    }
  return g_steal_pointer (&field);
}

static OrrMatrix *
pick (const OrrMatrix *states, gsize n)
{
  OrrMatrix *picked = orr_matrix_new (n, states->cols);

  for (gsize i = 0; i < n; i++)
    memcpy (orr_matrix_row (picked, i), orr_matrix_row (states, i * states->rows / n),
            states->cols * sizeof (float));
  return picked;
}

/* Appends the single steps of paths of @length points each. */
static void
add_steps (const OrrMatrix *paths, gsize length, float weight, OrrMatrix *places, OrrMatrix *next,
           float *weights, gsize *n)
{
  for (gsize i = 0; i + 1 < paths->rows; i++)
    {
      if ((i + 1) % length == 0)
        continue;
      memcpy (orr_matrix_row (places, *n), orr_matrix_row (paths, i), paths->cols * sizeof (float));
      memcpy (orr_matrix_row (next, *n), orr_matrix_row (paths, i + 1), paths->cols * sizeof (float));
      weights[(*n)++] = weight;
    }
}

/**
 * orr_flow_noise_free:
 * @states: [T x H] visited states
 * @pca: of these states
 * @error: (out): %ORR_ERROR_INPUT for fewer than two hidden units, %ORR_ERROR_CANCELLED
 *
 * The flow without noise in the plane of the first two principal components: a point of the plane is lifted
 * into state space by the visited states that lie over it (12 000 evenly spaced in time), and its vector is
 * the mean of where one noise-free step takes them. Where the network never comes under noise, states on
 * 200 noise-free paths of 40 steps from visited states speak instead (each counts 1/50, so that they do not
 * mix in elsewhere). All steps are a few matrix products.
 *
 * Returns: (transfer full) (nullable): the field; its heights are the third component
 */
OrrPlanarField *
orr_flow_noise_free (const OrrNetwork *network, const OrrMatrix *states, const OrrPca *pca,
                     OrrProgress *progress, GError **error)
{
  g_return_val_if_fail (states->cols == network->n_hidden && pca->n_hidden == network->n_hidden, NULL);

  gsize n_visited = MIN (states->rows, N_VISITED), n_paths = MIN (states->rows, N_PATHS), n = 0;
  g_autoptr (OrrMatrix) visited = pick (states, n_visited);
  g_autoptr (OrrMatrix) stepped = orr_trajectory_relax (network, visited, 1, progress, error);
  if (stepped == NULL)
    return NULL;
  g_autoptr (OrrMatrix) seeds = pick (states, n_paths);
  g_autoptr (OrrMatrix) paths = orr_trajectory_relax (network, seeds, N_PATH_STEPS, progress, error);
  if (paths == NULL)
    return NULL;

  g_autoptr (OrrMatrix) steps = orr_pca_project (pca, stepped);
  g_autoptr (OrrMatrix) decays = orr_pca_project (pca, paths);
  gsize n_samples = n_visited + n_paths * N_PATH_STEPS;
  g_autoptr (OrrMatrix) places = orr_matrix_new (n_samples, steps->cols);
  g_autoptr (OrrMatrix) next = orr_matrix_new (n_samples, steps->cols);
  g_autofree float *weights = g_new (float, n_samples);
  add_steps (steps, 2, 1.0f, places, next, weights, &n);
  add_steps (decays, N_PATH_STEPS + 1, PATH_WEIGHT, places, next, weights, &n);
  return orr_flow_estimate (places, next, weights, progress, error);
}

/**
 * orr_flow_under_noise:
 * @projection: [T x P] a run under noise in the principal components
 *
 * The mean step under noise at each point of the plane of the first two components.
 *
 * Returns: (transfer full) (nullable): the field; its heights are the third component
 */
OrrPlanarField *
orr_flow_under_noise (const OrrMatrix *projection, OrrProgress *progress, GError **error)
{
  gsize n = projection->rows > 0 ? projection->rows - 1 : 0, cols = projection->cols;
  g_autoptr (OrrMatrix) places = orr_matrix_new (n, cols);
  g_autoptr (OrrMatrix) next = orr_matrix_new (n, cols);

  memcpy (places->data, projection->data, n * cols * sizeof (float));
  memcpy (next->data, projection->data + cols, n * cols * sizeof (float));
  return orr_flow_estimate (places, next, NULL, progress, error);
}
