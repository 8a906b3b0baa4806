/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-rollout-kernels.h"

void
ORR_VECTOR_NAME (orr_relu_kernel) (guint n, guint hidden, float *h, gsize stride)
{
  for (guint i = 0; i < n; i++)
    {
      float *row = h + i * stride;

#pragma omp simd
      for (guint u = 0; u < hidden; u++)
        row[u] = row[u] > 0.0f ? row[u] : 0.0f;
    }
}

void
ORR_VECTOR_NAME (orr_relu_mask_kernel) (guint n, guint hidden, const float *h, float *d, gsize stride)
{
  for (guint i = 0; i < n; i++)
    {
      const float *restrict state = h + i * stride;
      float *restrict row = d + i * stride;

#pragma omp simd
      for (guint u = 0; u < hidden; u++)
        row[u] = state[u] > 0.0f ? row[u] : 0.0f;
    }
}
