/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-alignment.h"

#include <math.h>

#include "orr-phase.h"

#define N 400

static OrrMotion *
compute (OrrNetwork *network)
{
  OrrTrajectoryOptions options;
  g_autoptr (GError) error = NULL;

  orr_trajectory_options_init (&options);
  options.n_steps = N;
  OrrMotion *motion = orr_motion_compute (network, NULL, &options, NULL, &error);
  g_assert_no_error (error);
  return motion;
}

/* The same network with its units in another order and its activity in another unit. */
static OrrNetwork *
disguise (const OrrNetwork *network, float unit)
{
  guint H = network->n_hidden;
  OrrNetwork *other = orr_network_copy (network);

  for (guint i = 0; i < H; i++)
    {
      guint from = (7 * i + 3) % H;

      for (guint j = 0; j < H; j++)
        orr_matrix_row (other->weight_hh, i)[j] = orr_matrix_row (network->weight_hh, from)[(7 * j + 3) % H];
      for (guint d = 0; d < network->n_noise; d++)
        orr_matrix_row (other->weight_ih, i)[d] = unit * orr_matrix_row (network->weight_ih, from)[d];
      for (guint k = 0; k < network->n_symbols; k++)
        orr_matrix_row (other->weight_out, k)[i] = orr_matrix_row (network->weight_out, k)[from] / unit;
    }
  return other;
}

/* The largest distance between the aligned motion and the reference at any step. */
static double
worst_distance (const OrrMotion *motion, const OrrMotion *reference, const OrrOrbitAlignment *alignment)
{
  OrrOrbitAlignment own;
  double worst = 0.0;

  orr_orbit_align (reference, reference, &own);
  for (guint t = 0; t < N; t++)
    {
      const float *p = orr_matrix_row (motion->projection, t), *q = orr_matrix_row (reference->projection, t);
      double a[2], b[2];

      orr_orbit_alignment_apply (alignment, (double[]){ p[0], p[1] }, a);
      orr_orbit_alignment_apply (&own, (double[]){ q[0], q[1] }, b);
      worst = MAX (worst, hypot (a[0] - b[0], a[1] - b[1]));
    }
  return worst;
}

/* Order and unit of the activity mean nothing, so they must leave no trace. */
static void
test_same_network (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (20, 10, 3, FALSE, 5);
  g_autoptr (OrrNetwork) other = disguise (network, 2.5f);
  g_autoptr (OrrMotion) reference = compute (network), motion = compute (other);
  OrrOrbitAlignment alignment;

  orr_orbit_align (motion, reference, &alignment);
  g_assert_cmpfloat (worst_distance (motion, reference, &alignment), <, 1e-3);
  g_assert_cmpfloat_with_epsilon (alignment.agreement, 1.0, 1e-5);
}

/* Three readout axes that do not lie on a line. */
static OrrMotion *
compute_with_axes (OrrNetwork *network)
{
  static const float axes[3][2] = { { 1.0f, 0.1f }, { -0.2f, 0.9f }, { -0.6f, -0.7f } };
  OrrMotion *motion = compute (network);

  for (guint k = 0; k < 3; k++)
    for (int d = 0; d < 2; d++)
      orr_matrix_row (motion->readout, k)[d] = axes[k][d];
  return motion;
}

/* A plane turned by @angle, after a reflection, with the readout axes in it. */
static void
turn (OrrMotion *motion, double angle, gboolean reflect)
{
  OrrMatrix *const parts[] = { motion->projection, motion->readout };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    for (gsize r = 0; r < parts[i]->rows; r++)
      {
        float *p = orr_matrix_row (parts[i], r);
        double x = p[0], y = reflect ? -p[1] : p[1];

        p[0] = cos (angle) * x - sin (angle) * y;
        p[1] = sin (angle) * x + cos (angle) * y;
      }
  orr_phase_find_centre (motion->projection, motion->centre);
}

/* Signs and rotations of the components mean nothing either; three axes settle them. */
static void
test_turned_plane (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (20, 10, 3, FALSE, 5);
  g_autoptr (OrrMotion) reference = compute_with_axes (network);

  for (int reflect = 0; reflect < 2; reflect++)
    for (double angle = -3.0; angle < 3.0; angle += 0.7)
      {
        g_autoptr (OrrMotion) motion = compute_with_axes (network);
        OrrOrbitAlignment alignment;

        turn (motion, angle, reflect);
        orr_orbit_align (motion, reference, &alignment);
        g_assert_cmpint (alignment.mirrored, ==, reflect);
        g_assert_true (alignment.by_readout);
        g_assert_cmpfloat (worst_distance (motion, reference, &alignment), <, 1e-4);
        g_assert_cmpfloat_with_epsilon (alignment.rotation[0] * alignment.rotation[3]
                                          - alignment.rotation[1] * alignment.rotation[2],
                                        reflect ? -1.0 : 1.0, 1e-9);
      }
}

/* A motion that goes round and round. */
static OrrMotion *
make_wheel (double sense)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (6, 3, 2, FALSE, 1);
  OrrMotion *motion = compute (network);

  for (guint t = 0; t < N; t++)
    {
      float *p = orr_matrix_row (motion->projection, t);
      p[0] = 3.0 * cos (sense * 0.3 * t);
      p[1] = 3.0 * sin (sense * 0.3 * t);
    }
  motion->centre[0] = motion->centre[1] = 0.0;
  return motion;
}

/* Two symbols have one axis between them, which leaves the reflection open: then the sense decides. */
static void
test_sense (void)
{
  g_autoptr (OrrMotion) forward = make_wheel (1.0), backward = make_wheel (-1.0);
  OrrOrbitAlignment alignment;

  g_assert_cmpfloat_with_epsilon (orr_orbit_turns (forward), 0.3 * (N - 1) / (2.0 * G_PI), 1e-4);
  g_assert_cmpfloat_with_epsilon (orr_orbit_turns (backward), -0.3 * (N - 1) / (2.0 * G_PI), 1e-4);
  orr_orbit_align (backward, forward, &alignment);
  g_assert_false (alignment.by_readout);
  g_assert_true (alignment.mirrored);
  g_assert_cmpfloat_with_epsilon (alignment.scale, 1.0 / 3.0, 1e-3);
  orr_orbit_align (forward, forward, &alignment);
  g_assert_false (alignment.mirrored);
}

static void
test_other_symbols (void)
{
  g_autoptr (OrrNetwork) three = orr_network_new_random (10, 5, 3, FALSE, 1), four = orr_network_new_random (10, 5, 4, FALSE, 2);
  g_autoptr (OrrMotion) reference = compute (three), motion = compute (four);
  OrrOrbitAlignment alignment;

  orr_orbit_align (motion, reference, &alignment);
  g_assert_true (isnan (alignment.agreement));
  g_assert_cmpfloat (alignment.rotation[0], ==, 1.0);
  g_assert_cmpfloat (alignment.rotation[1], ==, 0.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/orbit-alignment/same-network", test_same_network);
  g_test_add_func ("/orbit-alignment/turned-plane", test_turned_plane);
  g_test_add_func ("/orbit-alignment/sense", test_sense);
  g_test_add_func ("/orbit-alignment/other-symbols", test_other_symbols);
  return g_test_run ();
}
