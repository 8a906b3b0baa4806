/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-dictionary.h"
#include "orr-encoder.h"
#include "orr-layers.h"
#include "orr-matrix.h"

/*
 * Correlations with a dictionary (orr-dictionary.h), then two hidden layers of
 * WIDTH units, the second around a skip connection, and the embedding:
 *
 *   s1 = silu (norm (W1 f)), s2 = silu (norm (W2 s1)), out = norm (W3 (s1 + s2))
 */
#define WIDTH 384

enum
{
  W1, B1, G1, N1,
  W2, B2, G2, N2,
  W3, B3, G3, N3,
  N_PARTS
};

struct _OrrEncoderPass
{
  float *a1, *z1, *p1, *s1; /* [B x WIDTH]: linear, normalised, gained, activated */
  float *a2, *z2, *p2, *s2;
  float *a3, *z3;           /* [B x n_out] */
  float *scale1, *scale2, *scale3;
  float *d1, *d2, *d3;
  float *memory;
};

static void
layout (OrrEncoder *self, OrrParams *params)
{
  guint e = self->n_out;
  const struct { const char *name; guint rows, cols; } parts[N_PARTS] = {
    { "set.w1", WIDTH, ORR_DICTIONARY_FEATURES }, { "set.b1", 1, WIDTH }, { "set.g1", 1, WIDTH }, { "set.n1", 1, WIDTH },
    { "set.w2", WIDTH, WIDTH }, { "set.b2", 1, WIDTH }, { "set.g2", 1, WIDTH }, { "set.n2", 1, WIDTH },
    { "set.w3", e, WIDTH }, { "set.b3", 1, e }, { "set.g3", 1, e }, { "set.n3", 1, e },
  };

  self->first_part = params->parts->len;
  for (guint i = 0; i < N_PARTS; i++)
    orr_params_add (params, parts[i].name, parts[i].rows, parts[i].cols);
}

static void
initialize (const OrrEncoder *self, OrrParams *params, guint64 seed)
{
  guint p = self->first_part;

  orr_params_fill_uniform (params, p + W1, 3.0f / sqrtf (ORR_DICTIONARY_FEATURES), seed);
  orr_params_fill_uniform (params, p + W2, 1.7f / sqrtf (WIDTH), seed);
  orr_params_fill_uniform (params, p + W3, 1.7f / sqrtf (WIDTH), seed);
  orr_params_fill (params, p + G1, 1.0f);
  orr_params_fill (params, p + G2, 1.0f);
  orr_params_fill (params, p + G3, 1.0f);
}

static gpointer
scratch_new (void)
{
  return orr_dictionary_new ();
}

static void
scratch_free (gpointer scratch)
{
  orr_dictionary_free (scratch);
}

static void
features (gpointer scratch, const double *x, gsize stride, guint n_variables, const double *y, guint n, float *out)
{
  orr_dictionary_encode (scratch, x, stride, n_variables, y, n, out);
}

static OrrEncoderPass *
pass_new (const OrrEncoder *self, guint max_rows)
{
  OrrEncoderPass *pass = g_new0 (OrrEncoderPass, 1);
  gsize wide = (gsize) max_rows * WIDTH, out = (gsize) max_rows * ((self->n_out + 15) & ~15u), rows = (max_rows + 15) & ~15u;
  float *at = pass->memory = orr_aligned_alloc0 (10 * wide + 3 * out + 3 * rows, sizeof (float));
  float **wides[] = { &pass->a1, &pass->z1, &pass->p1, &pass->s1, &pass->a2, &pass->z2, &pass->p2, &pass->s2, &pass->d1, &pass->d2 };
  float **outs[] = { &pass->a3, &pass->z3, &pass->d3 };
  float **scales[] = { &pass->scale1, &pass->scale2, &pass->scale3 };

  for (guint i = 0; i < G_N_ELEMENTS (wides); i++, at += wide)
    *wides[i] = at;
  for (guint i = 0; i < G_N_ELEMENTS (outs); i++, at += out)
    *outs[i] = at;
  for (guint i = 0; i < G_N_ELEMENTS (scales); i++, at += rows)
    *scales[i] = at;
  return pass;
}

static void
pass_free (OrrEncoderPass *pass)
{
  if (pass != NULL)
    orr_aligned_free (pass->memory);
  g_free (pass);
}

static void
forward (const OrrEncoder *self, const OrrParams *params, OrrEncoderPass *pass, const float *f, guint b, float *out)
{
  guint e = self->n_out;

#define P(part) orr_params_at (params, params->values, self->first_part + part)
  orr_linear_forward (f, P (W1), P (B1), pass->a1, b, ORR_DICTIONARY_FEATURES, WIDTH);
  orr_layer_norm_forward (pass->a1, P (G1), P (N1), pass->p1, pass->z1, pass->scale1, b, WIDTH);
  orr_silu_forward (pass->p1, pass->s1, (gsize) b * WIDTH);
  orr_linear_forward (pass->s1, P (W2), P (B2), pass->a2, b, WIDTH, WIDTH);
  orr_layer_norm_forward (pass->a2, P (G2), P (N2), pass->p2, pass->z2, pass->scale2, b, WIDTH);
  orr_silu_forward (pass->p2, pass->s2, (gsize) b * WIDTH);
  for (gsize k = 0; k < (gsize) b * WIDTH; k++)
    pass->s2[k] += pass->s1[k];
  orr_linear_forward (pass->s2, P (W3), P (B3), pass->a3, b, WIDTH, e);
  orr_layer_norm_forward (pass->a3, P (G3), P (N3), out, pass->z3, pass->scale3, b, e);
}

static void
backward (const OrrEncoder *self, const OrrParams *params, OrrEncoderPass *pass, const float *f, guint b,
          const float *dout, float *gradient)
{
  guint e = self->n_out;
  gsize wide = (gsize) b * WIDTH;

#define G(part) orr_params_at (params, gradient, self->first_part + part)
  orr_layer_norm_backward (pass->z3, pass->scale3, P (G3), dout, pass->d3, G (G3), G (N3), b, e);
  orr_linear_backward (pass->s2, P (W3), pass->d3, pass->d1, FALSE, G (W3), G (B3), b, WIDTH, e);
  /* d1: by s1 + silu (p2), so both paths start from it. */
  orr_silu_backward (pass->p2, pass->d1, pass->d2, wide);
  orr_layer_norm_backward (pass->z2, pass->scale2, P (G2), pass->d2, pass->a2, G (G2), G (N2), b, WIDTH);
  orr_linear_backward (pass->s1, P (W2), pass->a2, pass->d1, TRUE, G (W2), G (B2), b, WIDTH, WIDTH);
  orr_silu_backward (pass->p1, pass->d1, pass->d1, wide);
  orr_layer_norm_backward (pass->z1, pass->scale1, P (G1), pass->d1, pass->a1, G (G1), G (N1), b, WIDTH);
  orr_linear_backward (f, P (W1), pass->a1, NULL, FALSE, G (W1), G (B1), b, ORR_DICTIONARY_FEATURES, WIDTH);
#undef P
#undef G
}

const OrrEncoder orr_encoder_dictionary = {
  .name = "dictionary",
  .n_features = ORR_DICTIONARY_FEATURES,
  .layout = layout,
  .initialize = initialize,
  .scratch_new = scratch_new,
  .scratch_free = scratch_free,
  .features = features,
  .pass_new = pass_new,
  .pass_free = pass_free,
  .forward = forward,
  .backward = backward,
};
