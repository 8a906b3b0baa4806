/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-trajectory.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-random.h"

/* One step of the definition in double precision. */
static void
step_plainly (const OrrNetwork *network, const float *h, const float *x, double *next)
{
  gsize H = network->n_hidden, D = network->n_noise;

  for (gsize i = 0; i < H; i++)
    {
      double a = network->bias_ih != NULL ? network->bias_ih->data[i] + network->bias_hh->data[i] : 0.0;

      for (gsize j = 0; j < H; j++)
        a += (double) network->weight_hh->data[i * H + j] * h[j];
      for (gsize d = 0; x != NULL && d < D; d++)
        a += (double) network->weight_ih->data[i * D + d] * x[d];
      next[i] = network->activation == ORR_ACTIVATION_TANH ? tanh (a) : MAX (a, 0.0);
    }
}

static void
check_steps (gboolean biased, OrrActivation activation)
{
  enum { H = 13, D = 5, K = 4, T = 700, BURN_IN = 9 };
  g_autoptr (OrrNetwork) network = orr_network_new_random (H, D, K, biased, 4);
  OrrTrajectoryOptions options;
  g_autoptr (GError) error = NULL;

  network->activation = activation;
  orr_trajectory_options_init (&options);
  options.n_steps = T;
  options.burn_in = BURN_IN;
  options.noise_sd = 1.5;
  options.seed = 21;
  g_autoptr (OrrTrajectory) run = orr_trajectory_simulate (network, &options, NULL, &error);
  g_assert_no_error (error);

  for (gsize t = 1; t < T; t++)
    {
      const float *h = orr_matrix_row (run->states, t);
      float x[D];
      double next[H];

      orr_random_normal_fill (x, D, 1.5, 21, ORR_RANDOM_STREAM_NOISE, (t + BURN_IN) * D);
      step_plainly (network, orr_matrix_row (run->states, t - 1), x, next);
      for (gsize i = 0; i < H; i++)
        g_assert_cmpfloat_with_epsilon (h[i], next[i], 1e-5);
      for (gsize k = 0; k < K; k++)
        {
          double z = biased ? network->bias_out->data[k] : 0.0;
          for (gsize i = 0; i < H; i++)
            z += (double) network->weight_out->data[k * H + i] * h[i];
          g_assert_cmpfloat_with_epsilon (z, run->logits->data[t * K + k], 1e-5);
        }
    }
}

static void
test_steps (void)
{
  check_steps (FALSE, ORR_ACTIVATION_RELU);
  check_steps (TRUE, ORR_ACTIVATION_RELU);
  check_steps (TRUE, ORR_ACTIVATION_TANH);
}

/* A network without weights emits by its readout bias alone: softmax frequencies. */
static void
test_emission (void)
{
  enum { T = 40000 };
  g_autoptr (OrrNetwork) network = orr_network_new (2, 1, 3, TRUE);
  OrrTrajectoryOptions options;
  static const float bias[3] = { 0.3f, -1.0f, 1.2f };
  int counts[3] = { 0 };
  double total = 0.0;

  memcpy (network->bias_out->data, bias, sizeof bias);
  orr_trajectory_options_init (&options);
  options.n_steps = T;
  g_autoptr (OrrTrajectory) run = orr_trajectory_simulate (network, &options, NULL, NULL);
  for (gsize t = 0; t < T; t++)
    counts[run->symbols[t]]++;
  for (guint k = 0; k < 3; k++)
    total += exp (bias[k]);
  for (guint k = 0; k < 3; k++)
    {
      double p = exp (bias[k]) / total;
      g_assert_cmpfloat_with_epsilon (counts[k] / (double) T, p, 5.0 * sqrt (p * (1.0 - p) / T));
    }

  options.sample = FALSE;
  g_autoptr (OrrTrajectory) hard = orr_trajectory_simulate (network, &options, NULL, NULL);
  for (gsize t = 0; t < T; t++)
    g_assert_cmpuint (hard->symbols[t], ==, 2);
}

static void
test_relax (void)
{
  enum { H = 11, N = 300, STEPS = 6 };
  g_autoptr (OrrNetwork) network = orr_network_new_random (H, 2, 3, TRUE, 8);
  g_autoptr (OrrMatrix) from = orr_matrix_new (N, H);

  orr_random_normal_fill (from->data, N * H, 1.0, 2, ORR_RANDOM_STREAM_TEST, 0);
  g_autoptr (OrrMatrix) paths = orr_trajectory_relax (network, from, STEPS, NULL, NULL);
  g_assert_cmpuint (paths->rows, ==, N * (STEPS + 1));
  for (gsize n = 0; n < N; n++)
    {
      g_assert_cmpmem (orr_matrix_row (paths, n * (STEPS + 1)), H * sizeof (float), orr_matrix_row (from, n),
                       H * sizeof (float));
      for (gsize t = 0; t < STEPS; t++)
        {
          double next[H];
          step_plainly (network, orr_matrix_row (paths, n * (STEPS + 1) + t), NULL, next);
          for (gsize i = 0; i < H; i++)
            g_assert_cmpfloat_with_epsilon (orr_matrix_row (paths, n * (STEPS + 1) + t + 1)[i], next[i], 1e-5);
        }
    }
}

static void
test_initial_state (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (20, 3, 2, FALSE, 5);
  OrrTrajectoryOptions options;

  orr_trajectory_options_init (&options);
  options.n_steps = 3;
  options.burn_in = 0;
  options.noise_sd = 0.0;
  g_autoptr (OrrTrajectory) zero = orr_trajectory_simulate (network, &options, NULL, NULL);
  options.random_initial_state = TRUE;
  g_autoptr (OrrTrajectory) random = orr_trajectory_simulate (network, &options, NULL, NULL);
  double norm = 0.0;
  for (gsize i = 0; i < 60; i++)
    {
      g_assert_cmpfloat (zero->states->data[i], ==, 0.0);
      norm += fabs (random->states->data[i]);
    }
  g_assert_cmpfloat (norm, >, 0.1);
}

static void
test_errors (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (10, 3, 2, FALSE, 5);
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);
  OrrTrajectoryOptions options;
  g_autoptr (GError) error = NULL;

  orr_trajectory_options_init (&options);
  orr_progress_cancel (progress);
  g_assert_null (orr_trajectory_simulate (network, &options, progress, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
  g_clear_error (&error);

  /* Growth by weights of both signs ends in infinities less infinities. */
  for (gsize i = 0; i < 100; i++)
    network->weight_hh->data[i] *= 12.0f;
  g_assert_null (orr_trajectory_simulate (network, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_NUMERIC);
  g_clear_error (&error);

  for (gsize i = 0; i < 100; i++)
    network->weight_hh->data[i] = 2.0f;
  g_assert_null (orr_trajectory_simulate (network, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_NUMERIC);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trajectory/steps", test_steps);
  g_test_add_func ("/trajectory/emission", test_emission);
  g_test_add_func ("/trajectory/relax", test_relax);
  g_test_add_func ("/trajectory/initial-state", test_initial_state);
  g_test_add_func ("/trajectory/errors", test_errors);
  return g_test_run ();
}
