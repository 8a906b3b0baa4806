/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-rollout-kernels.h"

#include <string.h>

void
ORR_VECTOR_NAME (orr_relu_kernel) (guint n, guint hidden, const float *a, gsize a_stride, float *h, gsize h_stride,
                                   float *copy)
{
  for (guint i = 0; i < n; i++)
    {
      const float *restrict from = a + i * a_stride;
      float *restrict to = h + i * h_stride;

#pragma omp simd
      for (guint u = 0; u < hidden; u++)
        to[u] = from[u] > 0.0f ? from[u] : 0.0f;
      if (copy != NULL)
        memcpy (copy + (gsize) i * hidden, to, hidden * sizeof (float));
    }
}

void
ORR_VECTOR_NAME (orr_relu_backward_kernel) (guint n, guint hidden, const float *h, const float *d, gsize d_stride,
                                            float *out, gsize out_stride)
{
  for (guint i = 0; i < n; i++)
    {
      const float *restrict state = h + (gsize) i * hidden;
      const float *restrict from = d + i * d_stride;
      float *restrict to = out + i * out_stride;

#pragma omp simd
      for (guint u = 0; u < hidden; u++)
        {
          float value = from[u];
          to[u] = state[u] > 0.0f ? value : 0.0f;
        }
    }
}
