/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-flow.h"

#include <math.h>

#include "orr-error.h"
#include "orr-random.h"
#include "orr-trajectory.h"

static guint
count_defined (const OrrPlanarField *field)
{
  guint n = 0;

  for (guint i = 0; i < field->n_x * field->n_y; i++)
    n += isfinite (field->velocity[2 * i]) && isfinite (field->velocity[2 * i + 1]);
  return n;
}

/* Steps that are linear in the place are found exactly wherever there are places, and nowhere else. */
static void
test_linear_steps (void)
{
  enum { N = 4000 };
  g_autoptr (OrrMatrix) places = orr_matrix_new (N, 3), next = orr_matrix_new (N, 3);
  g_autofree float *normal = g_new (float, 2 * N);
  g_autoptr (GError) error = NULL;
  guint within = 0;

  orr_random_normal_fill (normal, 2 * N, 1.0, 3, ORR_RANDOM_STREAM_INITIAL_STATE, 0);
  for (guint i = 0; i < N; i++)
    {
      float *p = orr_matrix_row (places, i), *q = orr_matrix_row (next, i);

      p[0] = normal[2 * i];
      p[1] = 0.5f * normal[2 * i + 1];
      p[2] = 1.0f - p[0] + 0.25f * p[1];
      q[0] = p[0] + 0.02f - 0.1f * p[0] - 0.3f * p[1];
      q[1] = p[1] - 0.01f + 0.2f * p[0] - 0.1f * p[1];
    }
  g_autoptr (OrrPlanarField) field = orr_flow_estimate (places, next, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint y = 0; y < field->n_y; y++)
    for (guint x = 0; x < field->n_x; x++)
      {
        const double *v = field->velocity + 2 * (y * field->n_x + x);
        double node[2];

        orr_planar_field_node (field, x, y, node);
        if (!isfinite (v[0]))
          {
            /* Where samples are dense the field is defined. */
            g_assert_cmpfloat (hypot (node[0], 2.0 * node[1]), >, 1.5);
            continue;
          }
        within++;
        g_assert_cmpfloat_with_epsilon (v[0], 0.02 - 0.1 * node[0] - 0.3 * node[1], 2e-3);
        g_assert_cmpfloat_with_epsilon (v[1], -0.01 + 0.2 * node[0] - 0.1 * node[1], 2e-3);
        g_assert_cmpfloat_with_epsilon (field->height[y * field->n_x + x], 1.0 - node[0] + 0.25 * node[1], 1e-2);
        /* Nothing is guessed beyond what was seen. */
        g_assert_cmpfloat (hypot (node[0], 2.0 * node[1]), <, 4.5);
      }
  g_assert_cmpuint (within, >, 300);
}

/* A network whose two units are always above zero is linear around its fixed point (10, 10):
 * h - h* turns and shrinks. Without noise that is the flow, exactly; under noise its mean is the same. */
static void
test_linear_network (void)
{
  const double w[2][2] = { { 0.80, -0.30 }, { 0.30, 0.80 } };
  g_autoptr (OrrNetwork) network = orr_network_new (2, 2, 2, TRUE);
  OrrTrajectoryOptions options;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++)
    {
      network->weight_ih->data[3 * i] = 0.5f;
      network->bias_hh->data[i] = 10.0 * (1.0 - w[i][0] - w[i][1]);
      for (int j = 0; j < 2; j++)
        network->weight_hh->data[2 * i + j] = w[i][j];
    }
  orr_trajectory_options_init (&options);
  options.burn_in = 200;
  g_autoptr (OrrTrajectory) run = orr_trajectory_simulate (network, &options, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrPca) pca = orr_pca_new (run->states, 2, &error);
  g_autoptr (OrrMatrix) projection = orr_pca_project (pca, run->states);
  g_autoptr (OrrPlanarField) quiet = orr_flow_noise_free (network, run->states, pca, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrPlanarField) noisy = orr_flow_under_noise (projection, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_defined (quiet), >, 500);

  for (guint y = 0; y < quiet->n_y; y++)
    for (guint x = 0; x < quiet->n_x; x++)
      {
        const double *v = quiet->velocity + 2 * (y * quiet->n_x + x);
        double node[2], state[2], change[2] = { 0, 0 }, mean[2];

        if (!isfinite (v[0]))
          continue;
        orr_planar_field_node (quiet, x, y, node);
        for (int u = 0; u < 2; u++)
          state[u] = pca->mean[u] + node[0] * pca->components[u] + node[1] * pca->components[2 + u] - 10.0;
        for (int u = 0; u < 2; u++)
          {
            double step = w[u][0] * state[0] + w[u][1] * state[1] - state[u];

            for (int p = 0; p < 2; p++)
              change[p] += step * pca->components[2 * p + u];
          }
        g_assert_cmpfloat_with_epsilon (v[0], change[0], 2e-3);
        g_assert_cmpfloat_with_epsilon (v[1], change[1], 2e-3);
        if (hypot (node[0], node[1]) < 1.0 && orr_planar_field_sample (noisy, node[0], node[1], mean, NULL))
          {
            g_assert_cmpfloat_with_epsilon (mean[0], change[0], 0.12);
            g_assert_cmpfloat_with_epsilon (mean[1], change[1], 0.12);
          }
      }
}

/* Two units that inhibit each other: they rest at (2, 0) and (0, 2), and between them at (10/11, 10/11),
 * from where they leave along their difference by 1.1 a step and come back along their sum by -0.1. */
static void
test_two_wells (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (2, 2, 2, TRUE);
  const double rests[3][2] = { { 2, 0 }, { 0, 2 }, { 10.0 / 11, 10.0 / 11 } };
  OrrTrajectoryOptions options;
  g_autoptr (GError) error = NULL;

  for (int u = 0; u < 2; u++)
    {
      network->weight_ih->data[3 * u] = 0.45f;
      network->weight_hh->data[3 * u] = 0.5f;
      network->weight_hh->data[u == 0 ? 1 : 2] = -0.6f;
      network->bias_hh->data[u] = 1.0f;
    }
  orr_trajectory_options_init (&options);
  g_autoptr (OrrTrajectory) run = orr_trajectory_simulate (network, &options, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrPca) pca = orr_pca_new (run->states, 2, &error);
  g_autoptr (OrrPlanarField) field = orr_flow_noise_free (network, run->states, pca, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrMatrix) states = orr_matrix_new (3, 2);
  for (int i = 0; i < 6; i++)
    states->data[i] = rests[i / 2][i % 2];
  g_autoptr (OrrMatrix) places = orr_pca_project (pca, states);

  for (int r = 0; r < 3; r++)
    {
      const float *at = orr_matrix_row (places, r);
      double v[2];

      g_assert_true (orr_planar_field_sample (field, at[0], at[1], v, NULL));
      g_assert_cmpfloat (hypot (v[0], v[1]), <, 0.06);
    }
  /* Half a unit along the difference and along the sum from the saddle. */
  for (int along = 0; along < 2; along++)
    {
      double way[2], v[2];

      for (int p = 0; p < 2; p++)
        way[p] = (pca->components[2 * p] + (along ? 1 : -1) * pca->components[2 * p + 1]) * G_SQRT2 / 2;
      g_assert_true (orr_planar_field_sample (field, orr_matrix_row (places, 2)[0] + 0.4 * way[0],
                                              orr_matrix_row (places, 2)[1] + 0.4 * way[1], v, NULL));
      g_assert_cmpfloat_with_epsilon (v[0] * way[0] + v[1] * way[1], along ? -1.1 * 0.4 : 0.1 * 0.4, 0.03);
    }
}

static void
test_refusals (void)
{
  g_autoptr (OrrMatrix) one = orr_matrix_new (50, 1), still = orr_matrix_new (50, 2);
  g_autoptr (GError) error = NULL;

  g_assert_null (orr_flow_estimate (one, one, NULL, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_flow_estimate (still, still, NULL, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  for (int i = 0; i < 100; i++)
    still->data[i] = NAN;
  g_assert_null (orr_flow_estimate (still, still, NULL, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/linear-steps", test_linear_steps);
  g_test_add_func ("/flow/linear-network", test_linear_network);
  g_test_add_func ("/flow/two-wells", test_two_wells);
  g_test_add_func ("/flow/refusals", test_refusals);
  return g_test_run ();
}
