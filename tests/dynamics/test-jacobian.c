/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-jacobian.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-random.h"

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Two rotations and two real directions, all units active: the spectrum is known. */
static void
test_known_spectrum (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new (6, 1, 2, TRUE);
  const double radius[2] = { 1.2, 0.7 }, angle[2] = { 0.5, 2.0 }, real[2] = { -0.4, 1.01 };
  const float state[6] = { 0 };

  for (guint b = 0; b < 2; b++)
    {
      float *w = network->weight_hh->data + (2 * b) * 6 + 2 * b;
      w[0] = w[7] = radius[b] * cos (angle[b]);
      w[1] = -radius[b] * sin (angle[b]);
      w[6] = radius[b] * sin (angle[b]);
      network->weight_hh->data[(4 + b) * 7] = real[b];
    }
  for (guint i = 0; i < 6; i++)
    network->bias_hh->data[i] = 1.0f;

  g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (network);
  g_assert_true (orr_jacobian_decompose (jacobian, state));
  g_assert_cmpuint (jacobian->n_eigenvalues, ==, 6);
  g_assert_cmpfloat_with_epsilon (orr_jacobian_radius (jacobian), 1.2, 1e-6);
  g_assert_cmpuint (orr_jacobian_n_unstable (jacobian), ==, 3);

  qsort (jacobian->re, 6, sizeof (double), compare_doubles);
  const double expected[6] = { -0.4, 0.7 * cos (2.0), 0.7 * cos (2.0), 1.01, 1.2 * cos (0.5), 1.2 * cos (0.5) };
  double sorted[6];
  memcpy (sorted, expected, sizeof sorted);
  qsort (sorted, 6, sizeof (double), compare_doubles);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (jacobian->re[i], sorted[i], 1e-6);
}

/* The pair r e^(i a) is critical by the Moebius map: w = (z - 1) / (z + 1). */
static void
test_critical_pairs (void)
{
  for (double radius = 0.6; radius < 1.5; radius += 0.07)
    for (double angle = 0.01; angle < 3.1; angle += 0.13)
      {
        g_autoptr (OrrNetwork) network = orr_network_new (2, 1, 2, TRUE);
        const float state[2] = { 0 };
        float *w = network->weight_hh->data;

        w[0] = w[3] = radius * cos (angle);
        w[1] = -radius * sin (angle);
        w[2] = radius * sin (angle);
        network->bias_hh->data[0] = network->bias_hh->data[1] = 1.0f;
        g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (network);
        g_assert_true (orr_jacobian_decompose (jacobian, state));

        double x = w[0] + 1.0, y = w[2], d = x * x + y * y;
        double w_re = ((w[0] - 1.0) * x + y * y) / d, w_im = (y * x - (w[0] - 1.0) * y) / d;
        if (fabs (fabs (w_re) - 0.1) < 1e-6 || fabs (w_im - 0.06) < 1e-6)
          continue;
        g_assert_cmpuint (orr_jacobian_n_critical (jacobian, 0.1, 0.06), ==, fabs (w_re) < 0.1 && w_im > 0.06);
        g_assert_cmpuint (orr_jacobian_n_unstable (jacobian), ==, radius > 1.0 ? 2 : 0);
      }
}

/* With silent units, the block's spectrum is the full matrix's: det (J - z I) vanishes. */
static void
test_active_block (void)
{
  enum { H = 12 };
  g_autoptr (OrrNetwork) network = orr_network_new_random (H, 1, 2, FALSE, 5);
  g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (network);
  float state[H];
  double trace = 0.0, trace_square = 0.0, sum = 0.0, sum_square = 0.0;
  guint n_active = 0;
  gboolean active[H];

  for (gsize i = 0; i < H; i++)
    state[i] = orr_random_uniform (1, ORR_RANDOM_STREAM_TEST, i);
  g_assert_true (orr_jacobian_decompose (jacobian, state));
  for (gsize i = 0; i < H; i++)
    {
      double a = 0.0;
      for (gsize j = 0; j < H; j++)
        a += network->weight_hh->data[i * H + j] * state[j];
      active[i] = a > 0.0;
      n_active += active[i];
    }
  g_assert_cmpuint (jacobian->n_eigenvalues, ==, n_active);
  g_assert_cmpuint (n_active, >, 2);
  g_assert_cmpuint (n_active, <, H);

  /* tr J and tr J^2 are the sums of z and z^2. */
  for (gsize i = 0; i < H; i++)
    {
      trace += active[i] ? network->weight_hh->data[i * H + i] : 0.0;
      for (gsize j = 0; j < H; j++)
        if (active[i] && active[j])
          trace_square += (double) network->weight_hh->data[i * H + j] * network->weight_hh->data[j * H + i];
    }
  for (gsize e = 0; e < jacobian->n_eigenvalues; e++)
    {
      sum += jacobian->re[e];
      sum_square += jacobian->re[e] * jacobian->re[e] - jacobian->im[e] * jacobian->im[e];
    }
  g_assert_cmpfloat_with_epsilon (sum, trace, 1e-9);
  g_assert_cmpfloat_with_epsilon (sum_square, trace_square, 1e-9);

  state[3] = NAN;
  g_assert_false (orr_jacobian_decompose (jacobian, state));
  g_assert_cmpuint (jacobian->n_eigenvalues, ==, 0);
}

/* Eigenvalues against LAPACK's of the whole Jacobian, silent rows and all, for both activations. */
static void
test_against_lapack (void)
{
  enum { H = 40 };

  for (guint64 seed = 1; seed <= 6; seed++)
    {
      g_autoptr (OrrNetwork) network = orr_network_new_random (H, 1, 2, TRUE, seed);
      float state[H];
      double whole[H * H], re[H], im[H];

      network->activation = seed % 2 ? ORR_ACTIVATION_RELU : ORR_ACTIVATION_TANH;
      for (gsize i = 0; i < H; i++)
        state[i] = 3.0 * orr_random_uniform (seed, ORR_RANDOM_STREAM_TEST, i) - 1.0;
      for (gsize i = 0; i < H; i++)
        {
          double a = network->bias_ih->data[i] + network->bias_hh->data[i], slope;

          for (gsize j = 0; j < H; j++)
            a += (double) network->weight_hh->data[i * H + j] * state[j];
          slope = seed % 2 ? a > 0.0 : 1.0 - tanh (a) * tanh (a);
          for (gsize j = 0; j < H; j++)
            whole[i * H + j] = slope * network->weight_hh->data[i * H + j];
        }
      g_assert_cmpint (LAPACKE_dgeev (LAPACK_ROW_MAJOR, 'N', 'N', H, whole, H, re, im, NULL, 1, NULL, 1), ==, 0);

      g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (network);
      g_assert_true (orr_jacobian_decompose (jacobian, state));
      /* Each one has its partner; what is left over is zero. */
      for (gsize e = 0; e < jacobian->n_eigenvalues; e++)
        {
          gsize best = 0;

          for (gsize k = 1; k < H; k++)
            if (hypot (re[k] - jacobian->re[e], im[k] - jacobian->im[e])
                < hypot (re[best] - jacobian->re[e], im[best] - jacobian->im[e]))
              best = k;
          g_assert_cmpfloat (hypot (re[best] - jacobian->re[e], im[best] - jacobian->im[e]), <, 1e-7);
          re[best] = im[best] = INFINITY;
        }
      for (gsize k = 0; k < H; k++)
        g_assert_true (isinf (re[k]) || hypot (re[k], im[k]) < 1e-7);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jacobian/known-spectrum", test_known_spectrum);
  g_test_add_func ("/jacobian/critical-pairs", test_critical_pairs);
  g_test_add_func ("/jacobian/active-block", test_active_block);
  g_test_add_func ("/jacobian/against-lapack", test_against_lapack);
  return g_test_run ();
}
