/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sinkhorn-kernels.h"

#include "orr-fast-math.h"

#ifdef __AVX512DQ__
#include <immintrin.h>
#endif

/* Set bits of each byte of a word, in that byte. */
static inline guint32
count_bytes (guint32 v)
{
  v = v - ((v >> 1) & 0x55555555u);
  v = (v & 0x33333333u) + ((v >> 2) & 0x33333333u);
  return (v + (v >> 4)) & 0x0f0f0f0fu;
}

#ifdef __AVX512DQ__

#define store_bytes(to, counts) _mm_storeu_si128 ((__m128i *) (to), _mm512_cvtepi32_epi8 (counts))
#define store_words(to, counts) _mm256_storeu_si256 ((__m256i *) (to), _mm512_cvtepi32_epi16 (counts))

/* Differing positions of 16 sequences, those that @mask names, where the machine counts bits by itself. */
static inline __attribute__ ((always_inline, target ("avx512vpopcntdq"))) __m512i
count_lanes (__mmask16 mask, const guint32 *restrict x, gsize x_stride, const guint32 *restrict y, gsize y_stride,
             guint n_words, guint n_planes)
{
  __m512i counts = _mm512_setzero_si512 ();

  for (guint w = 0; w < n_words; w++)
    {
      __m512i differ = _mm512_setzero_si512 ();

      for (guint p = 0; p < n_planes; p++, x += x_stride, y += y_stride)
        {
          __m512i words = mask == 0xffff ? _mm512_loadu_si512 (y) : _mm512_maskz_loadu_epi32 (mask, y);
          differ = _mm512_or_si512 (differ, _mm512_xor_si512 (words, _mm512_set1_epi32 ((int) *x)));
        }
      counts = _mm512_add_epi32 (counts, _mm512_popcnt_epi32 (differ));
    }
  return counts;
}

#define DEFINE_COUNT(type, wide_store, masked_store)                                                        \
  static __attribute__ ((target ("avx512vpopcntdq"))) void count_##type (                                   \
      type *restrict cost, const guint32 *restrict x, gsize x_stride, const guint32 *restrict y,            \
      gsize y_stride, guint n_words, guint n_planes, gsize n)                                               \
  {                                                                                                         \
    gsize j = 0;                                                                                            \
    for (; j + 16 <= n; j += 16)                                                                            \
      wide_store (cost + j, count_lanes (0xffff, x, x_stride, y + j, y_stride, n_words, n_planes));         \
    __mmask16 mask = (__mmask16) ((1u << (n - j)) - 1);                                                     \
    if (j < n)                                                                                              \
      masked_store (cost + j, mask, count_lanes (mask, x, x_stride, y + j, y_stride, n_words, n_planes));   \
  }

DEFINE_COUNT (guint8, store_bytes, _mm512_mask_cvtepi32_storeu_epi8)
DEFINE_COUNT (guint16, store_words, _mm512_mask_cvtepi32_storeu_epi16)

#define HAVE_BIT_COUNT __builtin_cpu_supports ("avx512vpopcntdq")

#else

#define HAVE_BIT_COUNT FALSE
#define count_guint8(...) (void) 0
#define count_guint16(...) (void) 0

#endif

#define CHUNK 256

#define DEFINE_HAMMING(type)                                                                                \
  void ORR_VECTOR_NAME (orr_hamming_kernel_##type) (type * restrict cost, const guint32 *restrict x,        \
                                                    gsize x_stride, const guint32 *restrict y,              \
                                                    gsize y_stride, guint n_words, guint n_planes, gsize n) \
  {                                                                                                         \
    if (HAVE_BIT_COUNT)                                                                                     \
      {                                                                                                     \
        count_##type (cost, x, x_stride, y, y_stride, n_words, n_planes, n);                                \
        return;                                                                                             \
      }                                                                                                     \
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
  }

DEFINE_HAMMING (guint8)
DEFINE_HAMMING (guint16)

/* Terms 2^((row + col - C) / eps): rows and columns are summed from one exponential. */
#ifdef __AVX512DQ__

/* Rows that share loads and stores of their columns. */
#define ROWS_AT_ONCE 4

/* 2^x: the reduction leaves x - floor (x), the scaling takes floor (x) itself. */
static inline __m512
exp2_lanes (__m512 x)
{
  __m512 r = _mm512_reduce_ps (x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
  __m512 p = _mm512_set1_ps (ORR_EXP2_5);

  p = _mm512_fmadd_ps (p, r, _mm512_set1_ps (ORR_EXP2_4));
  p = _mm512_fmadd_ps (p, r, _mm512_set1_ps (ORR_EXP2_3));
  p = _mm512_fmadd_ps (p, r, _mm512_set1_ps (ORR_EXP2_2));
  p = _mm512_fmadd_ps (p, r, _mm512_set1_ps (ORR_EXP2_1));
  p = _mm512_fmadd_ps (p, r, _mm512_set1_ps (ORR_EXP2_0));
  return _mm512_scalef_ps (p, x);
}

static inline __m512
load_guint8 (__mmask16 mask, const guint8 *cost)
{
  __m128i bytes = mask == 0xffff ? _mm_loadu_si128 ((const __m128i *) cost) : _mm_maskz_loadu_epi8 (mask, cost);
  return _mm512_cvtepi32_ps (_mm512_cvtepu8_epi32 (bytes));
}

static inline __m512
load_guint16 (__mmask16 mask, const guint16 *cost)
{
  __m256i words = mask == 0xffff ? _mm256_loadu_si256 ((const __m256i *) cost) : _mm256_maskz_loadu_epi16 (mask, cost);
  return _mm512_cvtepi32_ps (_mm512_cvtepu16_epi32 (words));
}

/* A vector of columns: whole vectors are moved without a mask, which is slow on some machines. */
static inline __m512
load_floats (__mmask16 mask, const float *values)
{
  return mask == 0xffff ? _mm512_loadu_ps (values) : _mm512_maskz_loadu_ps (mask, values);
}

static inline void
store_floats (__mmask16 mask, float *values, __m512 lanes)
{
  if (mask == 0xffff)
    _mm512_storeu_ps (values, lanes);
  else
    _mm512_mask_storeu_ps (values, mask, lanes);
}

/* add_lanes_: the columns that a mask names, from j on, of a few rows. */
#define DEFINE_PASS(type)                                                                                   \
  static inline __attribute__ ((always_inline)) void add_lanes_##type (                                     \
      __mmask16 mask, guint rows, const type *restrict cost, gsize stride, gsize j, const float *row_whole, \
      const float *row_rest, const float *restrict col_whole, const float *restrict col_rest, __m512 inverse, \
      __m512 *restrict sums, float *restrict col_sums, float *restrict terms)                               \
  {                                                                                                         \
    __m512 whole = load_floats (mask, col_whole + j), rest = load_floats (mask, col_rest + j);              \
    __m512 col_sum = load_floats (mask, col_sums + j);                                                      \
    _Pragma ("GCC unroll 4")                                                                                \
    for (guint i = 0; i < rows; i++)                                                                        \
      {                                                                                                     \
        __m512 d = _mm512_add_ps (whole, _mm512_set1_ps (row_whole[i]));                                    \
        d = _mm512_sub_ps (d, load_##type (mask, cost + i * stride + j));                                   \
        __m512 own = _mm512_add_ps (rest, _mm512_set1_ps (row_rest[i]));                                    \
        __m512 e = exp2_lanes (_mm512_fmadd_ps (d, inverse, own));                                          \
        if (mask != 0xffff)                                                                                 \
          e = _mm512_maskz_mov_ps (mask, e);                                                                \
        sums[i] = _mm512_add_ps (sums[i], e);                                                               \
        col_sum = _mm512_add_ps (col_sum, e);                                                               \
        if (terms != NULL)                                                                                  \
          store_floats (mask, terms + j, e);                                                                \
      }                                                                                                     \
    store_floats (mask, col_sums + j, col_sum);                                                             \
  }                                                                                                         \
                                                                                                            \
  static inline __attribute__ ((always_inline)) void pass_rows_##type (                                     \
      guint rows, const type *restrict cost, gsize stride, gsize n, const float *row_whole,                 \
      const float *row_rest, const float *restrict col_whole, const float *restrict col_rest,               \
      float inverse_eps, float *restrict row_sums, float *restrict col_sums, float *restrict terms)         \
  {                                                                                                         \
    __m512 sums[ROWS_AT_ONCE], inverse = _mm512_set1_ps (inverse_eps);                                      \
    gsize j = 0;                                                                                            \
    for (guint i = 0; i < rows; i++)                                                                        \
      sums[i] = _mm512_setzero_ps ();                                                                       \
    for (; j + 16 <= n; j += 16)                                                                            \
      add_lanes_##type (0xffff, rows, cost, stride, j, row_whole, row_rest, col_whole, col_rest, inverse,   \
                        sums, col_sums, terms);                                                             \
    if (j < n)                                                                                              \
      add_lanes_##type ((__mmask16) ((1u << (n - j)) - 1), rows, cost, stride, j, row_whole, row_rest,      \
                        col_whole, col_rest, inverse, sums, col_sums, terms);                               \
    for (guint i = 0; i < rows; i++)                                                                        \
      row_sums[i] = _mm512_reduce_add_ps (sums[i]);                                                         \
  }                                                                                                         \
                                                                                                            \
  void ORR_VECTOR_NAME (orr_sinkhorn_pass_kernel_##type) (                                                  \
      const type *restrict cost, gsize stride, gsize rows, gsize n, const float *restrict row_whole,        \
      const float *restrict row_rest, const float *restrict col_whole, const float *restrict col_rest,      \
      float inverse_eps, float *restrict row_sums, float *restrict col_sums)                                \
  {                                                                                                         \
    gsize i = 0;                                                                                            \
    for (; i + ROWS_AT_ONCE <= rows; i += ROWS_AT_ONCE)                                                     \
      pass_rows_##type (ROWS_AT_ONCE, cost + i * stride, stride, n, row_whole + i, row_rest + i, col_whole, \
                        col_rest, inverse_eps, row_sums + i, col_sums, NULL);                               \
    for (; i < rows; i++)                                                                                   \
      pass_rows_##type (1, cost + i * stride, stride, n, row_whole + i, row_rest + i, col_whole, col_rest,  \
                        inverse_eps, row_sums + i, col_sums, NULL);                                         \
  }                                                                                                         \
                                                                                                            \
  float ORR_VECTOR_NAME (orr_sinkhorn_row_kernel_##type) (                                                  \
      const type *restrict cost, gsize n, float row_whole, float row_rest, const float *restrict col_whole, \
      const float *restrict col_rest, float inverse_eps, float *restrict terms, float *restrict col_sums)   \
  {                                                                                                         \
    float sum;                                                                                              \
    pass_rows_##type (1, cost, 0, n, &row_whole, &row_rest, col_whole, col_rest, inverse_eps, &sum, col_sums, \
                      terms);                                                                               \
    return sum;                                                                                             \
  }

#else

#define DEFINE_PASS(type)                                                                                   \
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
            float e_0 = orr_fast_exp2 (d_0 * inverse_eps + (col_rest[j] + rest_0));                         \
            float e_1 = orr_fast_exp2 (d_1 * inverse_eps + (col_rest[j] + rest_1));                         \
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
            float e = orr_fast_exp2 (d * inverse_eps + (col_rest[j] + row_rest[i]));                        \
            sum += e;                                                                                       \
            col_sums[j] += e;                                                                               \
          }                                                                                                 \
        row_sums[i] = sum;                                                                                  \
      }                                                                                                     \
  }                                                                                                         \
                                                                                                            \
  float ORR_VECTOR_NAME (orr_sinkhorn_row_kernel_##type) (                                                  \
      const type *restrict cost, gsize n, float row_whole, float row_rest,                                  \
      const float *restrict col_whole, const float *restrict col_rest, float inverse_eps,                   \
      float *restrict terms, float *restrict col_sums)                                                      \
  {                                                                                                         \
    float sum = 0.0f;                                                                                       \
    _Pragma ("omp simd reduction(+ : sum)")                                                                 \
    for (gsize j = 0; j < n; j++)                                                                           \
      {                                                                                                     \
        float d = (col_whole[j] + row_whole) - (float) cost[j];                                             \
        float e = orr_fast_exp2 (d * inverse_eps + (col_rest[j] + row_rest));                               \
        terms[j] = e;                                                                                       \
        col_sums[j] += e;                                                                                   \
        sum += e;                                                                                           \
      }                                                                                                     \
    return sum;                                                                                             \
  }

#endif

DEFINE_PASS (guint8)
DEFINE_PASS (guint16)

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
