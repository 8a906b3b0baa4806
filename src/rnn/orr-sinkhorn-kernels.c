/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sinkhorn-kernels.h"

#include "orr-fast-math.h"

/* Set bits of each byte of a word, in that byte. */
static inline guint32
count_bytes (guint32 v)
{
  v = v - ((v >> 1) & 0x55555555u);
  v = (v & 0x33333333u) + ((v >> 2) & 0x33333333u);
  return (v + (v >> 4)) & 0x0f0f0f0fu;
}

#define CHUNK 256

/* Sum of exp((row + col - C) / eps), rows and columns from one exponential. */
#define DEFINE_KERNELS(type)                                                                                \
  void ORR_VECTOR_NAME (orr_hamming_kernel_##type) (type * restrict cost, const guint32 *restrict x,        \
                                                    gsize x_stride, const guint32 *restrict y,              \
                                                    gsize y_stride, guint n_words, guint n_planes, gsize n) \
  {                                                                                                         \
    for (gsize j0 = 0; j0 < n; j0 += CHUNK)                                                                 \
      {                                                                                                     \
        guint32 counts[CHUNK] = { 0 };                                                                      \
        gsize m = MIN (n - j0, CHUNK);                                                                      \
        for (guint w = 0; w < n_words; w++)                                                                 \
          {                                                                                                 \
            const guint32 *words = y + (gsize) w * n_planes * y_stride + j0;                                \
            const guint32 *own = x + (gsize) w * n_planes * x_stride;                                       \
            if (n_planes == 1)                                                                              \
              for (gsize j = 0; j < m; j++)                                                                 \
                counts[j] += (count_bytes (words[j] ^ own[0]) * 0x01010101u) >> 24;                         \
            else if (n_planes == 2)                                                                         \
              for (gsize j = 0; j < m; j++)                                                                 \
                counts[j] += (count_bytes ((words[j] ^ own[0]) | (words[y_stride + j] ^ own[x_stride]))     \
                              * 0x01010101u) >> 24;                                                         \
            else                                                                                            \
              {                                                                                             \
                guint32 differ[CHUNK] = { 0 };                                                              \
                for (guint p = 0; p < n_planes; p++)                                                        \
                  for (gsize j = 0; j < m; j++)                                                             \
                    differ[j] |= words[p * y_stride + j] ^ own[p * x_stride];                               \
                for (gsize j = 0; j < m; j++)                                                               \
                  counts[j] += (count_bytes (differ[j]) * 0x01010101u) >> 24;                               \
              }                                                                                             \
          }                                                                                                 \
        for (gsize j = 0; j < m; j++)                                                                       \
          cost[j0 + j] = (type) counts[j];                                                                  \
      }                                                                                                     \
  }                                                                                                         \
                                                                                                            \
  void ORR_VECTOR_NAME (orr_sinkhorn_pass_kernel_##type) (                                                  \
      const type *restrict cost, gsize stride, gsize rows, gsize n, const float *restrict row_whole,        \
      const float *restrict row_rest, const float *restrict col_whole, const float *restrict col_rest,      \
      float inverse_eps, float *restrict row_sums, float *restrict col_sums)                                \
  {                                                                                                         \
    gsize i = 0;                                                                                            \
    for (; i + 2 <= rows; i += 2)                                                                           \
      {                                                                                                     \
        const type *restrict cost_0 = cost + i * stride, *restrict cost_1 = cost_0 + stride;                \
        float whole_0 = row_whole[i], whole_1 = row_whole[i + 1];                                           \
        float rest_0 = row_rest[i], rest_1 = row_rest[i + 1];                                               \
        float sum_0 = 0.0f, sum_1 = 0.0f;                                                                   \
        _Pragma ("omp simd reduction(+ : sum_0, sum_1)")                                                    \
        for (gsize j = 0; j < n; j++)                                                                       \
          {                                                                                                 \
            float d_0 = (col_whole[j] + whole_0) - (float) cost_0[j];                                       \
            float d_1 = (col_whole[j] + whole_1) - (float) cost_1[j];                                       \
            float e_0 = orr_fast_exp (d_0 * inverse_eps + (col_rest[j] + rest_0));                          \
            float e_1 = orr_fast_exp (d_1 * inverse_eps + (col_rest[j] + rest_1));                          \
            sum_0 += e_0;                                                                                   \
            sum_1 += e_1;                                                                                   \
            col_sums[j] += e_0 + e_1;                                                                       \
          }                                                                                                 \
        row_sums[i] = sum_0;                                                                                \
        row_sums[i + 1] = sum_1;                                                                            \
      }                                                                                                     \
    if (i < rows)                                                                                           \
      {                                                                                                     \
        float sum = 0.0f;                                                                                   \
        const type *restrict last = cost + i * stride;                                                      \
        _Pragma ("omp simd reduction(+ : sum)")                                                             \
        for (gsize j = 0; j < n; j++)                                                                       \
          {                                                                                                 \
            float d = (col_whole[j] + row_whole[i]) - (float) last[j];                                      \
            float e = orr_fast_exp (d * inverse_eps + (col_rest[j] + row_rest[i]));                         \
            sum += e;                                                                                       \
            col_sums[j] += e;                                                                               \
          }                                                                                                 \
        row_sums[i] = sum;                                                                                  \
      }                                                                                                     \
  }                                                                                                         \
                                                                                                            \
  float ORR_VECTOR_NAME (orr_sinkhorn_row_kernel_##type) (                                                  \
      const type *restrict cost, gsize n, float row_whole, float row_rest, const float *restrict col_whole, \
      const float *restrict col_rest, float inverse_eps, float *restrict terms, float *restrict col_sums)   \
  {                                                                                                         \
    float sum = 0.0f;                                                                                       \
    _Pragma ("omp simd reduction(+ : sum)")                                                                 \
    for (gsize j = 0; j < n; j++)                                                                           \
      {                                                                                                     \
        float d = (col_whole[j] + row_whole) - (float) cost[j];                                             \
        float e = orr_fast_exp (d * inverse_eps + (col_rest[j] + row_rest));                                \
        terms[j] = e;                                                                                       \
        col_sums[j] += e;                                                                                   \
        sum += e;                                                                                           \
      }                                                                                                     \
    return sum;                                                                                             \
  }

DEFINE_KERNELS (guint8)
DEFINE_KERNELS (guint16)

/* Indices of terms above the threshold: they are few, so whole groups are skipped. */
gsize
ORR_VECTOR_NAME (orr_sinkhorn_select_kernel) (const float *terms, gsize n, float threshold, guint32 *selected)
{
  gsize count = 0;

  for (gsize j0 = 0; j0 < n; j0 += 64)
    {
      gsize m = MIN (n - j0, 64);
      float largest = 0.0f;

#pragma omp simd reduction(max : largest)
      for (gsize j = 0; j < m; j++)
        largest = terms[j0 + j] > largest ? terms[j0 + j] : largest;
      if (largest <= threshold)
        continue;
      for (gsize j = 0; j < m; j++)
        if (terms[j0 + j] > threshold)
          selected[count++] = (guint32) (j0 + j);
    }
  return count;
}

/* Replaces each term by its exponential; returns their sum. */
float
ORR_VECTOR_NAME (orr_sinkhorn_exp_sum_kernel) (float *terms, gsize n)
{
  float sum = 0.0f;

#pragma omp simd reduction(+ : sum)
  for (gsize j = 0; j < n; j++)
    {
      terms[j] = orr_fast_exp (terms[j]);
      sum += terms[j];
    }
  return sum;
}

double
ORR_VECTOR_NAME (orr_sinkhorn_exp_sum_double_kernel) (double *terms, gsize n)
{
  double sum = 0.0;

#pragma omp simd reduction(+ : sum)
  for (gsize j = 0; j < n; j++)
    {
      terms[j] = orr_fast_exp_double (terms[j]);
      sum += terms[j];
    }
  return sum;
}
