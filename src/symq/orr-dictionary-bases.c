/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-simd.h"

#include "orr-dictionary-bases.h"

#include <math.h>

/* Large enough to be told from 0, small enough to square in float32. */
#define LIMIT 1e15f

static inline float
clamp (float value, float low, float high)
{
  return value < low ? low : value > high ? high : value;
}

/* One row of the dictionary: an expression in x (z, w), over all points. */
#define ROW(expression)                                                                                      \
  {                                                                                                          \
    float *restrict out = rows + (gsize) count++ * n;                                                        \
    for (int i = 0; i < n; i++)                                                                              \
      {                                                                                                      \
        float x = x_[i];                                                                                     \
        out[i] = (expression);                                                                               \
      }                                                                                                      \
  }

#define WAVES(omega) ROW (sinf (omega##f * x)) ROW (cosf (omega##f * x))

ORR_SIMD_CLONES int
orr_dictionary_unary (const float *restrict x_, float *restrict rows, int n)
{
  int count = 0;

  ROW (x)
  ROW (x * x)
  ROW (x * x * x)
  ROW (x * x * x * x)
  ROW (x * x * x * x * x)
  ROW (x * x * x * x * x * x)
  ROW (1.0f / x)
  ROW (1.0f / (x * x))
  ROW (1.0f / (x * x * x))
  ROW (fabsf (x))
  ROW (sqrtf (fabsf (x)))
  ROW (1.0f / sqrtf (fabsf (x)))
  ROW (fabsf (x) * sqrtf (fabsf (x)))
  ROW (logf (fabsf (x) + 1e-20f))
  ROW (logf (fabsf (x) + 1e-20f) * x)
  ROW (logf (fabsf (x) + 1.0f))
  ROW (logf (x * x + 1.0f))
  ROW (expf (x))
  ROW (expf (-x))
  ROW (expf (0.5f * x))
  ROW (expf (-0.5f * x))
  ROW (expf (2.0f * x))
  ROW (expf (-2.0f * x))
  ROW (expf (-x * x))
  ROW (expf (-0.5f * x * x))
  ROW (x * expf (x))
  ROW (x * expf (-x))
  ROW (tanf (x))
  ROW (atanf (x))
  ROW (tanhf (x))
  ROW (1.0f / (1.0f + x * x))
  ROW (1.0f / (1.0f + fabsf (x)))
  ROW (x * sinf (x))
  ROW (x * cosf (x))
  ROW (sinf (x * x))
  ROW (cosf (x * x))
  ROW (sinf (x) * sinf (x))
  ROW (cosf (x) * sinf (x) * sinf (x))
  ROW (expf (sinf (x)))
  ROW (expf (cosf (x)))
  ROW (sinf (1.0f / x))
  ROW (sinf (sqrtf (fabsf (x))))
  WAVES (0.25)
  WAVES (0.5)
  WAVES (0.75)
  WAVES (1.0)
  WAVES (1.25)
  WAVES (1.5)
  WAVES (1.75)
  WAVES (2.0)
  WAVES (2.5)
  WAVES (3.0)
  WAVES (4.0)
  WAVES (5.0)
  return count;
}

#undef ROW
#define ROW(expression)                                                                                      \
  {                                                                                                          \
    float *restrict out = rows + (gsize) count++ * n;                                                        \
    for (int i = 0; i < n; i++)                                                                              \
      {                                                                                                      \
        float x = x_[i], z = z_[i];                                                                          \
        out[i] = (expression);                                                                               \
      }                                                                                                      \
  }

ORR_SIMD_CLONES int
orr_dictionary_pair (const float *restrict x_, const float *restrict z_, float *restrict rows, int n)
{
  int count = 0;

  ROW (x * z)
  ROW (x / z)
  ROW (z / x)
  ROW (x * x * z)
  ROW (x * z * z)
  ROW (x * x * z * z)
  ROW (x * x / z)
  ROW (z * z / x)
  ROW (1.0f / (x * z))
  ROW (x / (z * z))
  ROW (z / (x * x))
  ROW ((x * x) / (z * z))
  ROW ((z * z) / (x * x))
  ROW (1.0f / (x + z))
  ROW (1.0f / (x - z))
  ROW (sqrtf (fabsf (x + z)))
  ROW (sqrtf (fabsf (x * z)))
  ROW (sqrtf (x * x + z * z))
  ROW (logf (fabsf (x + z) + 1e-20f))
  ROW (expf (x + z))
  ROW (expf (x - z))
  ROW (expf (z - x))
  ROW (expf (x * z))
  ROW (sinf (x + z))
  ROW (cosf (x + z))
  ROW (sinf (x - z))
  ROW (cosf (x - z))
  ROW (sinf (x * z))
  ROW (cosf (x * z))
  ROW (sinf (x / z))
  ROW (x * sinf (z))
  ROW (z * sinf (x))
  ROW (x * cosf (z))
  ROW (z * cosf (x))
  ROW (expf (z * logf (fabsf (x) + 1e-20f)))
  ROW (expf (x * logf (fabsf (z) + 1e-20f)))
  return count;
}

#undef ROW
#define ROW(expression)                                                                                      \
  {                                                                                                          \
    float *restrict out = rows + (gsize) count++ * n;                                                        \
    for (int i = 0; i < n; i++)                                                                              \
      {                                                                                                      \
        float x = x_[i], z = z_[i], w = w_[i];                                                               \
        out[i] = (expression);                                                                               \
      }                                                                                                      \
  }

ORR_SIMD_CLONES int
orr_dictionary_triple (const float *restrict x_, const float *restrict z_, const float *restrict w_, float *restrict rows,
                       int n)
{
  int count = 0;

  ROW (x * z * w)
  ROW (x * z / w)
  ROW (x * w / z)
  ROW (z * w / x)
  ROW (sinf (x + z + w))
  ROW (1.0f / (x * z * w))
  return count;
}

#undef ROW
#define ROW(expression)                                                                                      \
  {                                                                                                          \
    float *restrict out = rows + (gsize) count++ * n;                                                        \
    for (int i = 0; i < n; i++)                                                                              \
      {                                                                                                      \
        float y = y_[i];                                                                                     \
        out[i] = (expression);                                                                               \
      }                                                                                                      \
  }

ORR_SIMD_CLONES int
orr_dictionary_transforms (const float *restrict y_, float *restrict rows, int n)
{
  int count = 0;

  ROW (y)
  ROW (y * y)
  ROW (y * y * y)
  ROW (sqrtf (fabsf (y)))
  ROW (logf (fabsf (y) + 1e-12f))
  ROW (1.0f / (fabsf (y) < 1e-6f ? 1e-6f : y))
  ROW (expf (clamp (y, -20.0f, 20.0f)))
  ROW (tanf (y))
  ROW (asinf (clamp (y, -1.0f, 1.0f)))
  return count;
}

float
orr_dictionary_dot (const float *a, const float *b, int n)
{
  float sums[16] = { 0.0f };
  float total = 0.0f;

  for (int i = 0; i < n; i += 16)
    for (int k = 0; k < 16; k++)
      sums[k] += a[i + k] * b[i + k];
  for (int k = 0; k < 16; k++)
    total += sums[k];
  return total;
}

ORR_SIMD_CLONES void
orr_dictionary_subtract (float *restrict a, const float *restrict b, float times, int n)
{
  for (int i = 0; i < n; i++)
    a[i] -= times * b[i];
}

ORR_SIMD_CLONES static float
sum_clamped (float *row, int n)
{
  float sums[16] = { 0.0f };
  float total = 0.0f;

  for (int i = 0; i < n; i += 16)
    for (int k = 0; k < 16; k++)
      {
        float v = row[i + k];
        v = v > LIMIT ? LIMIT : v < -LIMIT ? -LIMIT : v;
        row[i + k] = v == v ? v : 0.0f;
        sums[k] += row[i + k];
      }
  for (int k = 0; k < 16; k++)
    total += sums[k];
  return total;
}

/* Mean 0 and norm 1; FALSE, and a row of zeros, when all values are the same. */
ORR_SIMD_CLONES gboolean
orr_dictionary_normalize (float *row, int n)
{
  float mean = sum_clamped (row, n) / n;
  float squares[16] = { 0.0f };
  float total = 0.0f;

  for (int i = 0; i < n; i += 16)
    for (int k = 0; k < 16; k++)
      {
        row[i + k] -= mean;
        squares[k] += row[i + k] * row[i + k];
      }
  for (int k = 0; k < 16; k++)
    total += squares[k];

  gboolean varies = total > 1e-10f * n * (mean * mean + 1e-20f);
  float scale = varies ? 1.0f / sqrtf (total) : 0.0f;
  for (int i = 0; i < n; i++)
    row[i] = varies ? row[i] * scale : 0.0f;
  return varies;
}
