/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-attention.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-layers.h"
#include "orr-matrix.h"

enum { WQ, WK, WV, WO, GAIN1, BIAS1, WF, BF, GAIN2, BIAS2, N_PARTS };

/* Adds its ten parts to @params. */
void
orr_attention_layout (OrrAttention *self, OrrParams *params, const char *name)
{
  static const char *const names[N_PARTS] = { "wq", "wk", "wv", "wo", "gain1", "bias1", "wf", "bf", "gain2", "bias2" };

  self->first_part = params->parts->len;
  for (guint i = 0; i < N_PARTS; i++)
    {
      g_autofree char *part = g_strdup_printf ("%s.%s", name, names[i]);
      orr_params_add (params, part, i <= WO || i == WF ? self->width : 1, self->width);
    }
}

void
orr_attention_initialize (const OrrAttention *self, OrrParams *params, guint64 seed)
{
  static const guint weights[] = { WQ, WK, WV, WO, WF };

  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    orr_params_fill_uniform (params, self->first_part + weights[i], 1.7f / sqrtf (self->width), seed);
  orr_params_fill (params, self->first_part + GAIN1, 1.0f);
  orr_params_fill (params, self->first_part + GAIN2, 1.0f);
}

/* Memory for one call with at most @max_a askers and @max_b answerers. */
OrrAttentionPass *
orr_attention_pass_new (const OrrAttention *self, guint max_a, guint max_b)
{
  OrrAttentionPass *pass = g_new0 (OrrAttentionPass, 1);
  gsize a = (gsize) max_a * self->width, b = (gsize) max_b * self->width;
  float *at = pass->memory = orr_aligned_alloc0 (8 * a + 2 * b + (gsize) self->heads * max_a * max_b + 2 * max_a, sizeof (float));
  float **askers[] = { &pass->q, &pass->o, &pass->r, &pass->n1, &pass->z1, &pass->pre, &pass->f, &pass->z2 };

  for (guint i = 0; i < G_N_ELEMENTS (askers); i++, at += a)
    *askers[i] = at;
  pass->k = at;
  pass->v = at + b;
  pass->weights = at + 2 * b;
  pass->scale1 = pass->weights + (gsize) self->heads * max_a * max_b;
  pass->scale2 = pass->scale1 + max_a;
  return pass;
}

void
orr_attention_pass_free (OrrAttentionPass *pass)
{
  if (pass == NULL)
    return;
  orr_aligned_free (pass->memory);
  g_free (pass);
}

static void
softmax_rows (float *rows, guint a, guint b)
{
  for (guint r = 0; r < a; r++)
    {
      float *row = rows + (gsize) r * b, largest = row[0], sum = 0.0f;
      for (guint k = 1; k < b; k++)
        largest = MAX (largest, row[k]);
      for (guint k = 0; k < b; k++)
        sum += row[k] = expf (row[k] - largest);
      for (guint k = 0; k < b; k++)
        row[k] /= sum;
    }
}

static void
add (float *to, const float *from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] += from[i];
}

/* @out: [a x width]; @x and @y must stay as they are until the way back. */
void
orr_attention_forward (const OrrAttention *self, const OrrParams *params, OrrAttentionPass *pass, const float *x, guint a,
                       const float *y, guint b, float *out)
{
  guint d = self->width, h = d / self->heads;
  float scale = 1.0f / sqrtf (h);

#define P(part) orr_params_at (params, params->values, self->first_part + part)
  pass->x = x;
  pass->y = y;
  pass->a = a;
  pass->b = b;
  orr_linear_forward (x, P (WQ), NULL, pass->q, a, d, d);
  orr_linear_forward (y, P (WK), NULL, pass->k, b, d, d);
  orr_linear_forward (y, P (WV), NULL, pass->v, b, d, d);
  for (guint i = 0; i < self->heads; i++)
    {
      float *weights = pass->weights + (gsize) i * a * b;
      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, a, b, h, scale, pass->q + i * h, d, pass->k + i * h, d, 0.0f,
                   weights, b);
      softmax_rows (weights, a, b);
      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, a, h, b, 1.0f, weights, b, pass->v + i * h, d, 0.0f,
                   pass->o + i * h, d);
    }
  orr_linear_forward (pass->o, P (WO), NULL, pass->r, a, d, d);
  add (pass->r, x, (gsize) a * d);
  orr_layer_norm_forward (pass->r, P (GAIN1), P (BIAS1), pass->n1, pass->z1, pass->scale1, a, d);
  orr_linear_forward (pass->n1, P (WF), P (BF), pass->pre, a, d, d);
  orr_silu_forward (pass->pre, pass->f, (gsize) a * d);
  add (pass->f, pass->n1, (gsize) a * d);
  orr_layer_norm_forward (pass->f, P (GAIN2), P (BIAS2), out, pass->z2, pass->scale2, a, d);
}

static void
backward_head (const OrrAttention *self, const OrrAttentionPass *pass, guint i, const float *dout, float *dq, float *dk,
               float *dv, float *ds)
{
  guint d = self->width, h = d / self->heads, a = pass->a, b = pass->b;
  const float *weights = pass->weights + (gsize) i * a * b;
  float scale = 1.0f / sqrtf (h);

  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, b, h, a, 1.0f, weights, b, dout + i * h, d, 0.0f, dv + i * h, d);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, a, b, h, 1.0f, dout + i * h, d, pass->v + i * h, d, 0.0f, ds, b);
  for (guint r = 0; r < a; r++)
    {
      float sum = 0.0f;
      for (guint k = 0; k < b; k++)
        sum += ds[r * b + k] * weights[r * b + k];
      for (guint k = 0; k < b; k++)
        ds[r * b + k] = weights[r * b + k] * (ds[r * b + k] - sum);
    }
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, a, h, b, scale, ds, b, pass->k + i * h, d, 0.0f, dq + i * h, d);
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, b, h, a, scale, ds, b, pass->q + i * h, d, 0.0f, dk + i * h, d);
}

/**
 * orr_attention_backward:
 * @dout: (array): [a x width]
 * @dx: (out) (array): [a x width] written
 * @dy: (inout) (array): [b x width] added to
 * @gradient: (inout) (array): in the parameters' layout, added to
 */
void
orr_attention_backward (const OrrAttention *self, const OrrParams *params, OrrAttentionPass *pass, const float *dout,
                        float *dx, float *dy, float *gradient)
{
  guint d = self->width, a = pass->a, b = pass->b;
  gsize wide = (gsize) a * d;
  g_autofree float *memory = g_new0 (float, 4 * wide + 2 * (gsize) b * d + (gsize) a * b);
  float *ds1 = memory, *dpre = ds1 + wide, *dq = dpre + wide, *dheads = dq + wide;
  float *dk = dheads + wide, *dv = dk + (gsize) b * d, *ds = dv + (gsize) b * d;

#define G(part) orr_params_at (params, gradient, self->first_part + part)
  orr_layer_norm_backward (pass->z2, pass->scale2, P (GAIN2), dout, ds1, G (GAIN2), G (BIAS2), a, d);
  orr_silu_backward (pass->pre, ds1, dpre, wide);
  orr_linear_backward (pass->n1, P (WF), dpre, ds1, TRUE, G (WF), G (BF), a, d, d);
  orr_layer_norm_backward (pass->z1, pass->scale1, P (GAIN1), ds1, dx, G (GAIN1), G (BIAS1), a, d);
  orr_linear_backward (pass->o, P (WO), dx, dheads, FALSE, G (WO), NULL, a, d, d);
  for (guint i = 0; i < self->heads; i++)
    backward_head (self, pass, i, dheads, dq, dk, dv, ds);
  orr_linear_backward (pass->x, P (WQ), dq, dx, TRUE, G (WQ), NULL, a, d, d);
  orr_linear_backward (pass->y, P (WK), dk, dy, TRUE, G (WK), NULL, b, d, d);
  orr_linear_backward (pass->y, P (WV), dv, dy, TRUE, G (WV), NULL, b, d, d);
#undef P
#undef G
}
