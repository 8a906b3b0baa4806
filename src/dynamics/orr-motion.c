/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-motion.h"

#include <cblas.h>
#include <string.h>

#include "orr-hmm-inference.h"
#include "orr-phase.h"

#define N_RELAXATIONS 100
#define N_RELAXATION_STEPS 50

/* H-dimensional states from evenly spaced moments. */
static OrrMatrix *
pick_states (const OrrMatrix *states, guint n)
{
  OrrMatrix *picked = orr_matrix_new (n, states->cols);

  for (guint i = 0; i < n; i++)
    {
      gsize t = (gsize) i * states->rows / n;
      cblas_scopy (states->cols, orr_matrix_row (states, t), 1, orr_matrix_row (picked, i), 1);
    }
  return picked;
}

/* Directions have no mean to subtract. */
static OrrMatrix *
project_directions (const OrrPca *pca, const OrrMatrix *directions)
{
  OrrMatrix *projected = orr_matrix_new (directions->rows, ORR_MOTION_N_COMPONENTS);

  for (gsize i = 0; i < directions->rows; i++)
    for (guint p = 0; p < pca->n_components; p++)
      {
        double sum = 0.0;

        for (guint u = 0; u < pca->n_hidden; u++)
          sum += pca->components[p * pca->n_hidden + u] * orr_matrix_row (directions, i)[u];
        orr_matrix_row (projected, i)[p] = sum;
      }
  return projected;
}

/* In three columns whatever the network's size; those it lacks are 0. */
static OrrMatrix *
project_padded (const OrrPca *pca, const OrrMatrix *states)
{
  g_autoptr (OrrMatrix) projected = orr_pca_project (pca, states);

  if (projected->cols == ORR_MOTION_N_COMPONENTS)
    return g_steal_pointer (&projected);

  OrrMatrix *padded = orr_matrix_new (projected->rows, ORR_MOTION_N_COMPONENTS);
  for (gsize i = 0; i < projected->rows; i++)
    cblas_scopy (projected->cols, orr_matrix_row (projected, i), 1, orr_matrix_row (padded, i), 1);
  return padded;
}

static gboolean
compute_relaxations (OrrMotion *self, const OrrNetwork *network, OrrProgress *progress, GError **error)
{
  self->n_relaxations = MIN (N_RELAXATIONS, self->trajectory->n_steps);
  self->n_relaxation_steps = N_RELAXATION_STEPS;

  g_autoptr (OrrMatrix) from = pick_states (self->trajectory->states, self->n_relaxations);
  g_autoptr (OrrMatrix) paths = orr_trajectory_relax (network, from, N_RELAXATION_STEPS, progress, error);
  if (paths == NULL)
    return FALSE;

  self->relaxations = project_padded (self->pca, paths);
  return TRUE;
}

/* A network that is not trained yet may emit what the model cannot: then there is no estimate. */
static void
estimate_path (OrrMotion *self, const OrrHmm *hmm)
{
  const OrrTrajectory *run = self->trajectory;
  g_autofree guint16 *path = g_new (guint16, run->n_steps);

  if (hmm == NULL || hmm->n_symbols != run->n_symbols
      || !orr_hmm_viterbi (hmm, run->symbols, run->n_steps, path, NULL, NULL))
    return;
  g_autofree double *posterior = g_new (double, (gsize) run->n_steps * hmm->n_states);
  if (!orr_hmm_forward_backward (hmm, run->symbols, run->n_steps, posterior, NULL, NULL, NULL))
    return;
  self->path_posterior = g_new (float, run->n_steps);
  for (guint t = 0; t < run->n_steps; t++)
    self->path_posterior[t] = posterior[(gsize) t * hmm->n_states + path[t]];
  self->path = g_steal_pointer (&path);
}

/* What depends on the axes: all places. */
static gboolean
project_all (OrrMotion *self, const OrrNetwork *network, OrrProgress *progress, GError **error)
{
  self->projection = project_padded (self->pca, self->trajectory->states);
  orr_phase_find_centre (self->projection, self->centre);
  self->readout = project_directions (self->pca, network->weight_out);
  if (!compute_relaxations (self, network, progress, error))
    return FALSE;

  g_autoptr (OrrMatrix) zero = orr_matrix_new (1, network->n_hidden);
  g_autoptr (OrrMatrix) origin = project_padded (self->pca, zero);
  for (int p = 0; p < ORR_MOTION_N_COMPONENTS; p++)
    self->origin[p] = origin->data[p];
  return TRUE;
}

/**
 * orr_motion_compute:
 * @hmm: (nullable): estimates the states when it has the network's symbols
 * @options: of the run under noise
 *
 * Simulates @network and projects what it visits, its noise-free paths and its
 * readout axes onto the principal components of the visited states. A network of
 * fewer than three units has empty last columns.
 *
 * Returns: (transfer full) (nullable): the motion
 */
OrrMotion *
orr_motion_compute (const OrrNetwork *network, const OrrHmm *hmm, const OrrTrajectoryOptions *options,
                    OrrProgress *progress, GError **error)
{
  return orr_motion_compute_in (network, hmm, NULL, options, progress, error);
}

/**
 * orr_motion_compute_in:
 * @pca: (nullable): the components to project onto, those of another motion; %NULL for the
 *   network's own
 *
 * As orr_motion_compute(), in given axes: what was changed in a network can be compared with
 * what it was.
 *
 * Returns: (transfer full) (nullable): the motion
 */
OrrMotion *
orr_motion_compute_in (const OrrNetwork *network, const OrrHmm *hmm, OrrPca *pca, const OrrTrajectoryOptions *options,
                       OrrProgress *progress, GError **error)
{
  g_autoptr (OrrMotion) self = g_atomic_rc_box_new0 (OrrMotion);

  self->trajectory = orr_trajectory_simulate (network, options, progress, error);
  if (self->trajectory == NULL)
    return NULL;
  self->pca = pca != NULL ? orr_pca_ref (pca) : orr_pca_new (self->trajectory->states, ORR_MOTION_N_COMPONENTS, error);
  if (self->pca == NULL)
    return NULL;
  estimate_path (self, hmm);
  if (!project_all (self, network, progress, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * orr_motion_with_axes:
 * @network: whose motion it is
 * @pca: the axes to see it in
 * @inside: (nullable): [T] which steps they were made of
 *
 * The same motion in other axes: the phases turn around the centre of the steps @inside.
 *
 * Returns: (transfer full) (nullable): the motion
 */
OrrMotion *
orr_motion_with_axes (const OrrMotion *self, const OrrNetwork *network, OrrPca *pca, const guint8 *inside,
                      OrrProgress *progress, GError **error)
{
  g_autoptr (OrrMotion) other = g_atomic_rc_box_new0 (OrrMotion);
  guint n = self->trajectory->n_steps, n_inside = 0;

  g_return_val_if_fail (pca->n_hidden == network->n_hidden, NULL);
  other->trajectory = orr_trajectory_ref (self->trajectory);
  other->pca = orr_pca_ref (pca);
  if (self->path != NULL)
    {
      other->path = g_memdup2 (self->path, n * sizeof *self->path);
      other->path_posterior = g_memdup2 (self->path_posterior, n * sizeof *self->path_posterior);
    }
  if (!project_all (other, network, progress, error))
    return NULL;
  if (inside == NULL)
    return g_steal_pointer (&other);

  other->inside = g_memdup2 (inside, n);
  g_autoptr (OrrMatrix) places = orr_matrix_new (n, ORR_MOTION_N_COMPONENTS);
  for (guint t = 0; t < n; t++)
    if (inside[t])
      cblas_scopy (ORR_MOTION_N_COMPONENTS, orr_matrix_row (other->projection, t), 1,
                   orr_matrix_row (places, n_inside++), 1);
  g_autoptr (OrrMatrix) within = n_inside > 0 ? orr_matrix_new (n_inside, ORR_MOTION_N_COMPONENTS) : NULL;
  if (within != NULL)
    {
      memcpy (within->data, places->data, (gsize) n_inside * ORR_MOTION_N_COMPONENTS * sizeof (float));
      orr_phase_find_centre (within, other->centre);
    }
  return g_steal_pointer (&other);
}

OrrMotion *
orr_motion_ref (OrrMotion *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrMotion *self = box;

  orr_trajectory_unref (self->trajectory);
  orr_pca_unref (self->pca);
  orr_matrix_unref (self->projection);
  g_free (self->path);
  g_free (self->path_posterior);
  g_free (self->inside);
  orr_matrix_unref (self->relaxations);
  orr_matrix_unref (self->readout);
}

void
orr_motion_unref (OrrMotion *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}
