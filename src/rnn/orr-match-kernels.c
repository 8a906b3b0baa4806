/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-match-kernels.h"

#include "orr-fast-math.h"

float
ORR_VECTOR_NAME (orr_match_row_kernel) (const guint16 *restrict cost, gsize n, float row, const float *restrict col,
                                        float inverse_eps, float *restrict col_sums, float *restrict moments)
{
  float sum = 0.0f, first = 0.0f, second = 0.0f;

#pragma omp simd reduction(+ : sum, first, second)
  for (gsize j = 0; j < n; j++)
    {
      float squared = 2.0f * (float) cost[j];
      float distance = sqrtf (squared);
      float term = orr_fast_exp (((row + col[j]) - distance) * inverse_eps);

      sum += term;
      first += term * distance;
      second += term * squared;
      col_sums[j] += term;
    }
  if (moments != NULL)
    {
      moments[0] = first;
      moments[1] = second;
    }
  return sum;
}
