/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-ensemble-kernels.h"

#include "orr-vector.h"

void
ORR_VECTOR_NAME (orr_ensemble_combine) (gsize n, float *restrict h, const float *restrict bias,
                                        const float *restrict drive, const float *restrict recurrent,
                                        const float *restrict noise)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float a = recurrent[i] * (h[i] + bias[i]) + noise[i] * drive[i];
      h[i] = a < 0.0f ? 0.0f : a; /* keeps NaN, which must not pass for rest */
    }
}
