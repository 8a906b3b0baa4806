/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-layers.h"
#include "orr-random.h"

#define B 5
#define N_IN 7
#define N_OUT 6

static void
fill (float *values, gsize n, guint64 seed)
{
  orr_random_normal_fill (values, n, 1.0, seed, ORR_RANDOM_STREAM_TEST, 0);
}

static double
dot (const float *a, const float *b, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

/* A layer as one function of all its inputs, read through a fixed random projection of its output. */
typedef double (*Loss) (float *const *inputs);

/* Every component of @gradient against the central difference of @loss. */
static void
check (Loss loss, float *const *inputs, guint which, const float *gradient, gsize n)
{
  const float h = 5e-3f;

  for (gsize i = 0; i < n; i++)
    {
      float *value = &inputs[which][i], center = *value;
      *value = center + h;
      double up = loss (inputs);
      *value = center - h;
      double down = loss (inputs);
      *value = center;
      double expected = (up - down) / (2.0 * h);
      g_assert_cmpfloat (fabs (gradient[i] - expected), <, 2e-3 * (1.0 + fabs (expected)));
    }
}

static float projection[B * 4 * N_OUT];

static double
linear_loss (float *const *in)
{
  float y[B * N_OUT];

  orr_linear_forward (in[0], in[1], in[2], y, B, N_IN, N_OUT);
  return dot (y, projection, B * N_OUT);
}

static void
test_linear (void)
{
  float x[B * N_IN], w[N_OUT * N_IN], bias[N_OUT], dx[B * N_IN], dw[N_OUT * N_IN] = { 0 }, dbias[N_OUT] = { 0 };
  float *in[] = { x, w, bias };

  fill (x, B * N_IN, 1);
  fill (w, N_OUT * N_IN, 2);
  fill (bias, N_OUT, 3);
  fill (projection, B * N_OUT, 4);
  orr_linear_backward (x, w, projection, dx, FALSE, dw, dbias, B, N_IN, N_OUT);
  check (linear_loss, in, 0, dx, B * N_IN);
  check (linear_loss, in, 1, dw, N_OUT * N_IN);
  check (linear_loss, in, 2, dbias, N_OUT);
}

static double
norm_loss (float *const *in)
{
  float y[B * N_OUT], normal[B * N_OUT], scale[B];

  orr_layer_norm_forward (in[0], in[1], in[2], y, normal, scale, B, N_OUT);
  return dot (y, projection, B * N_OUT);
}

static void
test_layer_norm (void)
{
  float x[B * N_OUT], gain[N_OUT], bias[N_OUT], y[B * N_OUT], normal[B * N_OUT], scale[B], dx[B * N_OUT], dgain[N_OUT] = { 0 }, dbias[N_OUT] = { 0 };
  float *in[] = { x, gain, bias };

  fill (x, B * N_OUT, 5);
  fill (gain, N_OUT, 6);
  fill (bias, N_OUT, 7);
  fill (projection, B * N_OUT, 8);
  orr_layer_norm_forward (x, gain, bias, y, normal, scale, B, N_OUT);
  orr_layer_norm_backward (normal, scale, gain, projection, dx, dgain, dbias, B, N_OUT);
  check (norm_loss, in, 0, dx, B * N_OUT);
  check (norm_loss, in, 1, dgain, N_OUT);
  check (norm_loss, in, 2, dbias, N_OUT);
}

static double
silu_loss (float *const *in)
{
  float y[B * N_OUT];

  orr_silu_forward (in[0], y, B * N_OUT);
  return dot (y, projection, B * N_OUT);
}

static void
test_silu (void)
{
  float x[B * N_OUT], dx[B * N_OUT];
  float *in[] = { x };

  fill (x, B * N_OUT, 9);
  fill (projection, B * N_OUT, 10);
  orr_silu_backward (x, projection, dx, B * N_OUT);
  check (silu_loss, in, 0, dx, B * N_OUT);
}

static double
gru_loss (float *const *in)
{
  float kept[B * 4 * N_OUT], next[B * N_OUT];

  orr_gru_forward (in[0], in[1], in[2], in[3], kept, next, B, N_OUT);
  return dot (next, projection, B * N_OUT);
}

static void
test_gru (void)
{
  float gates_in[B * 3 * N_OUT], gates_h[B * 3 * N_OUT], bias[N_OUT], h[B * N_OUT], kept[B * 4 * N_OUT], next[B * N_OUT];
  float din[B * 3 * N_OUT], drec[B * 3 * N_OUT], dh[B * N_OUT], dbias[N_OUT] = { 0 };
  float *in[] = { gates_in, gates_h, bias, h };

  fill (gates_in, B * 3 * N_OUT, 11);
  fill (gates_h, B * 3 * N_OUT, 12);
  fill (bias, N_OUT, 13);
  fill (h, B * N_OUT, 14);
  fill (projection, B * N_OUT, 15);
  orr_gru_forward (gates_in, gates_h, bias, h, kept, next, B, N_OUT);
  orr_gru_backward (kept, h, projection, din, drec, dh, B, N_OUT);
  for (guint r = 0; r < B; r++)
    for (guint k = 0; k < N_OUT; k++)
      dbias[k] += drec[r * 3 * N_OUT + 2 * N_OUT + k];
  check (gru_loss, in, 0, din, B * 3 * N_OUT);
  check (gru_loss, in, 1, drec, B * 3 * N_OUT);
  check (gru_loss, in, 2, dbias, N_OUT);
  check (gru_loss, in, 3, dh, B * N_OUT);
}

static guint8 targets[B] = { 0, 3, 5, 1, 1 };
static guint64 legal[B] = { 0x3f, 0x0f, 0x3f, 0x03, 0x1f };

static double
softmax_loss (float *const *in)
{
  float copy[B * N_OUT];
  guint n_right = 0;

  memcpy (copy, in[0], sizeof copy);
  return orr_softmax_cross_entropy (copy, targets, legal, 0.5, &n_right, B, N_OUT);
}

static void
test_softmax (void)
{
  float logits[B * N_OUT], gradient[B * N_OUT];
  float *in[] = { logits };
  guint n_right = 0;

  fill (logits, B * N_OUT, 16);
  memcpy (gradient, logits, sizeof gradient);
  orr_softmax_cross_entropy (gradient, targets, legal, 0.5, &n_right, B, N_OUT);
  check (softmax_loss, in, 0, gradient, B * N_OUT);
  for (guint r = 0; r < B; r++)
    for (guint k = 0; k < N_OUT; k++)
      if ((legal[r] >> k & 1) == 0)
        g_assert_cmpfloat (gradient[r * N_OUT + k], ==, 0.0f);

  orr_log_softmax (logits, B, N_OUT);
  for (guint r = 0; r < B; r++)
    {
      double sum = 0.0;
      for (guint k = 0; k < N_OUT; k++)
        sum += exp (logits[r * N_OUT + k]);
      g_assert_cmpfloat (fabs (sum - 1.0), <, 1e-5);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  openblas_set_num_threads (1);
  g_test_add_func ("/layers/linear", test_linear);
  g_test_add_func ("/layers/layer-norm", test_layer_norm);
  g_test_add_func ("/layers/silu", test_silu);
  g_test_add_func ("/layers/gru", test_gru);
  g_test_add_func ("/layers/softmax", test_softmax);
  return g_test_run ();
}
