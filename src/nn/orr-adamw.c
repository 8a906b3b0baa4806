/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-simd.h"

#include "orr-adamw.h"

#include <math.h>

#include "orr-matrix.h"

OrrAdamW *
orr_adamw_new (const OrrParams *params)
{
  OrrAdamW *self = g_new0 (OrrAdamW, 1);

  self->beta1 = 0.9f;
  self->beta2 = 0.999f;
  self->size = params->size;
  self->m = orr_aligned_alloc0 (params->size, sizeof (float));
  self->v = orr_aligned_alloc0 (params->size, sizeof (float));
  return self;
}

void
orr_adamw_free (OrrAdamW *self)
{
  if (self == NULL)
    return;
  orr_aligned_free (self->m);
  orr_aligned_free (self->v);
  g_free (self);
}

/* Eight partial sums in a fixed order: the same number whatever the vector width. */
ORR_SIMD_CLONES static double
sum_squares (const float *restrict x, gsize n)
{
  double sums[8] = { 0.0 };

  for (gsize i = 0; i + 8 <= n; i += 8)
    for (int k = 0; k < 8; k++)
      sums[k] += (double) x[i + k] * x[i + k];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

ORR_SIMD_CLONES static void
update (float *restrict w, const float *restrict g, float *restrict m, float *restrict v, gsize n, float scale,
        float beta1, float beta2, float rate, float root_correction, float keep)
{
  for (gsize i = 0; i < n; i++)
    {
      float gradient = scale * g[i];
      m[i] = beta1 * m[i] + (1.0f - beta1) * gradient;
      v[i] = beta2 * v[i] + (1.0f - beta2) * gradient * gradient;
      w[i] = keep * w[i] - rate * m[i] / (sqrtf (v[i]) * root_correction + 1e-8f);
    }
}

/**
 * orr_adamw_step:
 * @gradient: (array): in the parameters' layout
 *
 * Returns: the gradient's norm before clipping; when it is not finite, nothing is changed
 */
double
orr_adamw_step (OrrAdamW *self, OrrParams *params, float *gradient, double learning_rate)
{
  double norm = sqrt (sum_squares (gradient, params->size));
  float scale = self->clip > 0.0f && norm > self->clip ? self->clip / norm : 1.0;

  g_return_val_if_fail (self->size == params->size, norm);
  if (!isfinite (norm))
    return norm;
  self->step++;
  float rate = learning_rate / (1.0 - pow (self->beta1, self->step));
  float root_correction = 1.0 / sqrt (1.0 - pow (self->beta2, self->step));
  for (guint i = 0; i < params->parts->len; i++)
    {
      const OrrParamsPart *part = orr_params_part (params, i);
      float keep = part->decay ? 1.0 - learning_rate * self->weight_decay : 1.0;
      gsize at = part->offset;

      update (params->values + at, gradient + at, self->m + at, self->v + at, (gsize) part->rows * part->cols, scale,
              self->beta1, self->beta2, rate, root_correction, keep);
    }
  return norm;
}
