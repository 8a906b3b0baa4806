/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-motion.h"

#include "orr-hmm-inference.h"
#include "orr-hmm-presets.h"

#include <math.h>

static OrrMotion *
compute (OrrNetwork *network, OrrHmm *hmm, guint n_steps)
{
  OrrTrajectoryOptions options;
  g_autoptr (GError) error = NULL;

  orr_trajectory_options_init (&options);
  options.n_steps = n_steps;
  OrrMotion *motion = orr_motion_compute (network, hmm, &options, NULL, &error);
  g_assert_no_error (error);
  return motion;
}

/* A state is the mean plus its projection on all components: with H = 3 nothing is lost. */
static void
test_projection (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (3, 4, 3, FALSE, 1);
  g_autoptr (OrrMotion) motion = compute (network, NULL, 400);

  g_assert_null (motion->path);
  g_assert_cmpuint (motion->projection->rows, ==, 400);
  for (gsize t = 0; t < 400; t++)
    for (int u = 0; u < 3; u++)
      {
        double state = motion->pca->mean[u];

        for (int p = 0; p < 3; p++)
          state += orr_matrix_row (motion->projection, t)[p] * motion->pca->components[p * 3 + u];
        g_assert_cmpfloat (fabs (state - orr_matrix_row (motion->trajectory->states, t)[u]), <, 1e-5);
      }

  /* The readout is a direction: seen from the origin, it moves the projection by its own. */
  for (int k = 0; k < 3; k++)
    {
      double norm = 0.0, projected = 0.0;

      for (int u = 0; u < 3; u++)
        norm += pow (orr_matrix_row (network->weight_out, k)[u], 2);
      for (int p = 0; p < 3; p++)
        projected += pow (orr_matrix_row (motion->readout, k)[p], 2);
      g_assert_cmpfloat (fabs (norm - projected), <, 1e-5);
    }
}

static void
test_relaxations (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (20, 10, 3, FALSE, 2);
  g_autoptr (OrrMotion) motion = compute (network, NULL, 300);
  guint n = motion->n_relaxations, steps = motion->n_relaxation_steps;

  g_assert_cmpuint (motion->relaxations->rows, ==, n * (steps + 1));
  for (guint i = 0; i < n; i++)
    {
      gsize t = (gsize) i * 300 / n;
      const float *start = orr_matrix_row (motion->relaxations, i * (steps + 1));
      const float *end = orr_matrix_row (motion->relaxations, i * (steps + 1) + steps);

      for (int p = 0; p < 3; p++)
        {
          g_assert_cmpfloat (fabsf (start[p] - orr_matrix_row (motion->projection, t)[p]), <, 1e-5f);
          /* Small random weights: everything decays to the origin. */
          g_assert_cmpfloat (fabsf (end[p] - motion->origin[p]), <, 1e-4f);
        }
    }
}

static void
test_path (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrHmm) other = orr_hmm_new (2, 5);
  g_autoptr (OrrNetwork) network = orr_network_new_random (20, 10, 3, FALSE, 2);
  g_autoptr (OrrMotion) motion = compute (network, hmm, 300);
  g_autoptr (OrrMotion) blind = compute (network, other, 300);
  guint16 path[300];

  g_assert_true (orr_hmm_viterbi (hmm, motion->trajectory->symbols, 300, path, NULL, NULL));
  g_assert_cmpmem (motion->path, sizeof path, path, sizeof path);
  g_assert_null (blind->path);
  g_assert_null (blind->path_posterior);

  /* With two steps alone the posterior follows from Bayes' rule over the nine pairs of states. */
  g_autoptr (OrrMotion) brief = compute (network, hmm, 2);
  const guint16 *symbols = brief->trajectory->symbols;
  double joint[3] = { 0 }, total = 0.0;
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++)
      joint[a] += hmm->start[a] * hmm->emission[3 * a + symbols[0]] * hmm->transition[3 * a + b]
                  * hmm->emission[3 * b + symbols[1]];
  for (int a = 0; a < 3; a++)
    total += joint[a];
  g_assert_cmpfloat_with_epsilon (brief->path_posterior[0], joint[brief->path[0]] / total, 1e-6);
}

/* Fewer units than dimensions to draw in. */
static void
test_small_network (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (1, 1, 2, TRUE, 5);
  g_autoptr (OrrMotion) motion = compute (network, NULL, 50);

  g_assert_cmpuint (motion->projection->cols, ==, 3);
  for (gsize t = 0; t < 50; t++)
    g_assert_cmpfloat (orr_matrix_row (motion->projection, t)[2], ==, 0.0f);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/motion/projection", test_projection);
  g_test_add_func ("/motion/relaxations", test_relaxations);
  g_test_add_func ("/motion/path", test_path);
  g_test_add_func ("/motion/small-network", test_small_network);
  return g_test_run ();
}
