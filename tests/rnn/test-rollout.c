/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-rollout.h"

#include <math.h>
#include <string.h>

#include "orr-adam.h"
#include "orr-error.h"
#include "orr-parameters.h"
#include "orr-random.h"
#include "orr-sinkhorn-sequences.h"
#include "step-cases.h"

typedef struct
{
  guint             B, T, H, D, K;
  gboolean          biased;
  OrrActivation     activation;
  double            clip;
  OrrRolloutOptions options;
  const float      *gradient, *after;
  const double     *losses;
  float             step; /* of finite differences: many units have many kinks */
} Case;

static const Case relu_case = {
  300, 5, 9, 5, 3, FALSE, ORR_ACTIVATION_RELU, 0.05,
  { .length = 5, .most = 300, .backward = TRUE, .sigma = 1.0, .tau = 1.0, .seed = 3, .threads = 2 },
  relu_gradient, relu_after, relu_losses, 2e-3f,
};

static const Case tanh_case = {
  270, 4, 18, 3, 4, TRUE, ORR_ACTIVATION_TANH, 1e9,
  { .length = 4, .most = 270, .backward = TRUE, .sigma = 0.7, .tau = 0.5, .random_initial_state = TRUE, .seed = 4,
    .threads = 2 },
  tanh_gradient, tanh_after, tanh_losses, 2e-3f,
};

/* Units that fill a panel of the products and more, logits that begin the next; a number of sequences odd to all tiles. */
static const Case panels_case = {
  70, 4, 62, 20, 3, TRUE, ORR_ACTIVATION_RELU, 1e9,
  { .length = 4, .most = 70, .backward = TRUE, .sigma = 1.0, .tau = 1.0, .random_initial_state = TRUE, .seed = 5,
    .threads = 1 },
  NULL, NULL, NULL, 2e-4f,
};

static double
largest_difference (const float *a, const float *b, gsize n)
{
  double difference = 0.0, scale = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      difference = MAX (difference, fabs (a[i] - b[i]));
      scale = MAX (scale, fabs (b[i]));
    }
  return difference / scale;
}

static OrrNetwork *
create_network (const Case *c)
{
  OrrNetwork *network = orr_network_new_random (c->H, c->D, c->K, c->biased, c->options.seed);
  network->activation = c->activation;
  return network;
}

/* Three steps of training agree with PyTorch's: losses, the first gradient, the last weights. */
static void
test_step (gconstpointer data)
{
  const Case *c = data;
  gsize n = orr_parameters_count (c->H, c->D, c->K, c->biased), point = (gsize) c->T * c->K;
  g_autoptr (OrrNetwork) network = create_network (c);
  g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &c->options);
  g_autoptr (OrrAdam) adam = orr_adam_new (n, 0.9, 0.9);
  g_autofree guint8 *targets = g_malloc (c->B * c->T);
  g_autofree float *emission = g_new (float, c->B * point);
  g_autofree float *gradient = g_new (float, n), *parameters = g_new (float, n);
  double loss;

  for (guint i = 0; i < c->B; i++)
    for (guint t = 0; t < c->T; t++)
      targets[i * c->T + t] = (i * i + 3 * t * t + i * t) % 7 % c->K;
  g_autoptr (OrrSinkhornTarget) target = orr_sinkhorn_target_new (targets, c->B, c->T, c->K);

  orr_parameters_pack (network, parameters);
  for (guint draw = 0; draw < 3; draw++)
    {
      g_assert_true (orr_rollout_forward (rollout, network, c->B, draw, NULL, NULL));
      g_assert_true (orr_sinkhorn_sequences (orr_rollout_get_symbols (rollout), c->B, target, 0.2, 2, &loss, emission,
                                             NULL, NULL));
      g_assert_true (orr_rollout_backward (rollout, emission, gradient, NULL, NULL));
      g_assert_cmpfloat_with_epsilon (loss, c->losses[draw], 2e-5 * c->losses[draw]);
      if (draw == 0)
        g_assert_cmpfloat (largest_difference (gradient, c->gradient, n), <, 2e-5);
      orr_gradient_clip (gradient, n, c->clip);
      orr_adam_step (adam, parameters, gradient, 1e-3);
      orr_parameters_unpack (network, parameters);
    }
  g_assert_cmpfloat (largest_difference (parameters, c->after, n), <, 1e-5);
}

/* A smooth loss: fixed random weights times the softmax behind the emissions. */
static double
smooth_loss (OrrRollout *rollout, const OrrNetwork *network, const Case *c, const float *weights)
{
  double loss = 0.0;

  g_assert_true (orr_rollout_forward (rollout, network, c->B, 9, NULL, NULL));
  const float *softmax = orr_rollout_get_softmax (rollout);
  for (gsize i = 0; i < (gsize) c->B * c->T * c->K; i++)
    loss += (double) weights[i] * softmax[i];
  return loss;
}

static void
test_finite_differences (gconstpointer data)
{
  const Case *c = data;
  gsize n = orr_parameters_count (c->H, c->D, c->K, c->biased), n_emissions = (gsize) c->B * c->T * c->K;
  g_autoptr (OrrNetwork) network = create_network (c);
  g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &c->options);
  g_autofree float *weights = g_new (float, n_emissions);
  g_autofree float *gradient = g_new (float, n), *parameters = g_new (float, n);
  const float step = c->step;

  orr_random_normal_fill (weights, n_emissions, 1.0, 1, ORR_RANDOM_STREAM_TEST, 0);
  orr_parameters_pack (network, parameters);
  smooth_loss (rollout, network, c, weights);
  g_assert_true (orr_rollout_backward (rollout, weights, gradient, NULL, NULL));

  for (gsize i = 0; i < n; i += 7)
    {
      float kept = parameters[i];
      double above, below, width;

      parameters[i] = kept + step;
      width = parameters[i];
      orr_parameters_unpack (network, parameters);
      above = smooth_loss (rollout, network, c, weights);
      parameters[i] = kept - step;
      width -= parameters[i];
      orr_parameters_unpack (network, parameters);
      below = smooth_loss (rollout, network, c, weights);
      parameters[i] = kept;
      g_assert_cmpfloat_with_epsilon ((above - below) / width, gradient[i], 0.02 * fabs (gradient[i]) + 0.05);
    }
}

/* Threads never change a bit, and neither does running again. */
static void
test_threads (void)
{
  Case one = relu_case;
  gsize n = orr_parameters_count (one.H, one.D, one.K, FALSE), n_emissions = (gsize) one.B * one.T * one.K;
  g_autoptr (OrrNetwork) network = create_network (&one);
  g_autofree float *weights = g_new (float, n_emissions), *a = g_new (float, n), *b = g_new (float, n);

  orr_random_normal_fill (weights, n_emissions, 1.0, 1, ORR_RANDOM_STREAM_TEST, 0);
  for (guint threads = 1; threads <= 3; threads++)
    {
      one.options.threads = threads;
      g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &one.options);
      smooth_loss (rollout, network, &one, weights);
      g_assert_true (orr_rollout_backward (rollout, weights, threads == 1 ? a : b, NULL, NULL));
      if (threads > 1)
        g_assert_cmpmem (a, n * sizeof (float), b, n * sizeof (float));
    }
}

/* What is kept for the way back changes nothing of the way forward. */
static void
test_keeps (void)
{
  gsize n = (gsize) relu_case.B * relu_case.T * relu_case.K;
  g_autoptr (OrrNetwork) network = create_network (&relu_case);
  g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &relu_case.options);

  g_assert_true (orr_rollout_forward (rollout, network, relu_case.B, 1, NULL, NULL));
  g_autofree float *kept = g_memdup2 (orr_rollout_get_softmax (rollout), n * sizeof (float));
  g_assert_true (orr_rollout_forward (rollout, network, relu_case.B, 2, NULL, NULL));
  g_assert_cmpfloat (largest_difference (orr_rollout_get_softmax (rollout), kept, n), >, 0.1);
  orr_rollout_set_keeps (rollout, FALSE);
  g_assert_true (orr_rollout_forward (rollout, network, relu_case.B, 1, NULL, NULL));
  g_assert_cmpmem (orr_rollout_get_softmax (rollout), n * sizeof (float), kept, n * sizeof (float));
}

/* Emissions are draws from softmax (z / tau): without noise and weights all symbols are equally likely. */
static void
test_emission_law (void)
{
  OrrRolloutOptions options = { .length = 50, .most = 400, .sigma = 0.0, .tau = 1.0, .seed = 1 };
  g_autoptr (OrrNetwork) network = orr_network_new (4, 2, 3, TRUE);
  g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &options);
  const double bias[3] = { log (0.2), log (0.7), log (0.1) };
  guint counts[3] = { 0 };

  for (guint k = 0; k < 3; k++)
    network->bias_out->data[k] = (float) bias[k];
  g_assert_true (orr_rollout_forward (rollout, network, 400, 0, NULL, NULL));
  for (guint i = 0; i < 20000; i++)
    counts[orr_rollout_get_symbols (rollout)[i]]++;
  for (guint k = 0; k < 3; k++)
    {
      double p = exp (bias[k]);
      g_assert_cmpfloat (fabs (counts[k] - 20000 * p), <, 4.5 * sqrt (20000 * p * (1 - p)));
    }
}

static void
test_cancel (void)
{
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);
  g_autoptr (OrrNetwork) network = create_network (&relu_case);
  g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &relu_case.options);
  g_autoptr (GError) error = NULL;

  orr_progress_cancel (progress);
  g_assert_false (orr_rollout_forward (rollout, network, 10, 0, progress, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
}

/* The penalty on activity of a network whose states are known without noise: biases drive it. */
static double
penalty (const OrrNetwork *network, guint length, double limit)
{
  guint H = network->n_hidden;
  g_autofree double *h = g_new0 (double, H), *next = g_new (double, H);
  double sum = 0.0;

  for (guint t = 0; t < length; t++)
    {
      for (guint u = 0; u < H; u++)
        {
          double a = network->bias_ih->data[u] + network->bias_hh->data[u];

          for (guint v = 0; v < H; v++)
            a += network->weight_hh->data[u * H + v] * h[v];
          next[u] = fmax (a, 0.0);
          sum += pow (fmax (next[u] - limit, 0.0), 2) / 2.0 / length;
        }
      memcpy (h, next, H * sizeof (double));
    }
  return sum;
}

static void
test_activity_penalty (void)
{
  OrrRolloutOptions options = { .length = 6, .most = 300, .backward = TRUE, .sigma = 0.0, .tau = 1.0,
                                .activity_weight = 1.5, .activity_limit = 0.2, .seed = 8, .threads = 2 };
  g_autoptr (OrrNetwork) network = orr_network_new_random (7, 2, 3, TRUE, 8);
  gsize n = orr_parameters_count (7, 2, 3, TRUE);
  g_autofree float *emission = g_new0 (float, 300 * 6 * 3), *gradient = g_new (float, n);
  g_autofree float *numeric = g_new0 (float, n), *parameters = g_new (float, n);

  orr_parameters_pack (network, parameters);
  for (gsize i = 0; i < n; i++)
    parameters[i] *= 3.0f;
  orr_parameters_unpack (network, parameters);
  g_assert_cmpfloat (penalty (network, 6, 0.2), >, 0.1);
  g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &options);
  g_assert_true (orr_rollout_forward (rollout, network, 300, 0, NULL, NULL));
  g_assert_true (orr_rollout_backward (rollout, emission, gradient, NULL, NULL));
  for (gsize i = 0; i < n; i++)
    {
      float at = parameters[i];
      double values[2];

      for (guint side = 0; side < 2; side++)
        {
          parameters[i] = at + (side == 0 ? 1e-3f : -1e-3f);
          orr_parameters_unpack (network, parameters);
          values[side] = 1.5 * penalty (network, 6, 0.2);
        }
      parameters[i] = at;
      numeric[i] = (float) ((values[0] - values[1]) / 2e-3);
    }
  g_assert_cmpfloat (largest_difference (gradient, numeric, n), <, 2e-3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/rollout/step/relu", &relu_case, test_step);
  g_test_add_data_func ("/rollout/step/tanh", &tanh_case, test_step);
  g_test_add_data_func ("/rollout/finite-differences/relu", &relu_case, test_finite_differences);
  g_test_add_data_func ("/rollout/finite-differences/tanh", &tanh_case, test_finite_differences);
  g_test_add_data_func ("/rollout/finite-differences/panels", &panels_case, test_finite_differences);
  g_test_add_func ("/rollout/keeps", test_keeps);
  g_test_add_func ("/rollout/activity-penalty", test_activity_penalty);
  g_test_add_func ("/rollout/threads", test_threads);
  g_test_add_func ("/rollout/emission-law", test_emission_law);
  g_test_add_func ("/rollout/cancel", test_cancel);
  return g_test_run ();
}
