/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dictionary.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-dictionary-bases.h"
#include "orr-matrix.h"

#define BASES ORR_DICTIONARY_BASES
#define POINTS ORR_DICTIONARY_MAX_POINTS

struct _OrrDictionary
{
  float *bases;        /* [BASES x n], each row mean 0, norm 1 */
  float *transforms;   /* [TRANSFORMS x n] likewise */
  float *correlations; /* [TRANSFORMS x BASES] */
  float *x;            /* [3 x POINTS] */
  float *y;            /* [POINTS] */
};

OrrDictionary *
orr_dictionary_new (void)
{
  OrrDictionary *self = g_new0 (OrrDictionary, 1);

  self->bases = orr_aligned_alloc0 ((gsize) BASES * POINTS, sizeof (float));
  self->transforms = orr_aligned_alloc0 ((gsize) ORR_DICTIONARY_TRANSFORMS * POINTS, sizeof (float));
  self->correlations = orr_aligned_alloc0 ((gsize) ORR_DICTIONARY_TRANSFORMS * BASES, sizeof (float));
  self->x = orr_aligned_alloc0 (3 * POINTS, sizeof (float));
  self->y = orr_aligned_alloc0 (POINTS, sizeof (float));
  return self;
}

void
orr_dictionary_free (OrrDictionary *self)
{
  if (self == NULL)
    return;
  orr_aligned_free (self->bases);
  orr_aligned_free (self->transforms);
  orr_aligned_free (self->correlations);
  orr_aligned_free (self->x);
  orr_aligned_free (self->y);
  g_free (self);
}

/* Copies the points in float32, at most POINTS of them spread evenly, repeated up to a multiple of 16. */
static guint
take_points (OrrDictionary *self, const double *x, gsize stride, guint n_variables, const double *y, guint n)
{
  guint m = MIN (n, POINTS);
  guint padded = MIN ((m + 15) / 16 * 16, POINTS);

  for (guint i = 0; i < padded; i++)
    {
      guint from = (guint64) (i % m) * n / m;
      for (guint v = 0; v < n_variables; v++)
        self->x[v * POINTS + i] = x[v * stride + from];
      self->y[i] = y[from];
    }
  return padded;
}

static void
fill_bases (OrrDictionary *self, guint n_variables, int n)
{
  static const guint8 pairs[3][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 } };
  int row = 0;

  memset (self->bases, 0, (gsize) BASES * n * sizeof (float));
  for (guint v = 0; v < 3; v++, row += ORR_DICTIONARY_UNARY)
    if (v < n_variables)
      orr_dictionary_unary (self->x + v * POINTS, self->bases + (gsize) row * n, n);
  for (guint p = 0; p < 3; p++, row += ORR_DICTIONARY_PAIR)
    if (pairs[p][1] < n_variables)
      orr_dictionary_pair (self->x + pairs[p][0] * POINTS, self->x + pairs[p][1] * POINTS, self->bases + (gsize) row * n, n);
  if (n_variables >= 3)
    orr_dictionary_triple (self->x, self->x + POINTS, self->x + 2 * POINTS, self->bases + (gsize) row * n, n);
  for (int k = 0; k < BASES; k++)
    orr_dictionary_normalize (self->bases + (gsize) k * n, n);
}

/* How near a correlation is to 1 on a logarithmic scale, 0 to 1. */
static inline float
nearness (float r)
{
  return logf (1.0f - MIN (r * r, 1.0f) + 1e-5f) * (-1.0f / 11.5129f);
}

/*
 * Matching pursuit: the basis that fits y best, its share taken away, the next
 * best ... Three numbers a basis and step: the residual's correlation, its
 * nearness to 1, and how much the step's choice explained.
 */
static float *
pursue (OrrDictionary *self, float *residual, int n, float *out)
{
  g_autofree float *r = g_new (float, BASES);
  g_autofree float *taken = g_new (float, ORR_DICTIONARY_STEPS * n);

  memcpy (r, self->correlations, BASES * sizeof (float));
  for (int step = 0; step < ORR_DICTIONARY_STEPS; step++)
    {
      float *basis = taken + step * n;
      int best = 0;

      for (int k = 1; k < BASES; k++)
        if (fabsf (r[k]) > fabsf (r[best]))
          best = k;
      memcpy (basis, self->bases + (gsize) best * n, n * sizeof (float));
      for (int s = 0; s < step; s++)
        orr_dictionary_subtract (basis, taken + s * n, orr_dictionary_dot (basis, taken + s * n, n), n);
      float norm = sqrtf (orr_dictionary_dot (basis, basis, n));
      for (int i = 0; i < n; i++)
        basis[i] *= norm > 1e-4f ? 1.0f / norm : 0.0f;
      orr_dictionary_subtract (residual, basis, orr_dictionary_dot (residual, basis, n), n);

      float left = sqrtf (orr_dictionary_dot (residual, residual, n));
      gboolean noise = left < 1e-5f;
      cblas_sgemv (CblasRowMajor, CblasNoTrans, BASES, n, noise ? 0.0f : 1.0f / left, self->bases, n, residual, 1, 0.0f, r, 1);
      float size = log10f (left + 1e-6f) / 6.0f;
      for (int k = 0; k < BASES; k++)
        {
          out[k] = noise ? 0.0f : r[k];
          out[BASES + k] = noise ? 0.0f : nearness (r[k]);
          out[2 * BASES + k] = k == best ? 1.0f - size : 0.0f;
        }
      out += 3 * BASES;
    }
  return out;
}

typedef struct
{
  float mean, sd, low, high;
} Range;

static Range
find_range (const float *values, int n)
{
  double sum = 0.0, squares = 0.0;
  Range range = { 0.0f, 0.0f, values[0], values[0] };

  for (int i = 0; i < n; i++)
    {
      sum += values[i];
      range.low = MIN (range.low, values[i]);
      range.high = MAX (range.high, values[i]);
    }
  range.mean = sum / n;
  for (int i = 0; i < n; i++)
    squares += (values[i] - range.mean) * (values[i] - range.mean);
  range.sd = sqrt (squares / n);
  return range;
}

/* Ranges of all columns; the encoding's last ORR_DICTIONARY_STATISTICS numbers. */
static void
write_statistics (OrrDictionary *self, guint n_variables, int n, float *out)
{
  int inside = 0, positive = 0;

  memset (out, 0, ORR_DICTIONARY_STATISTICS * sizeof (float));
  for (guint v = 0; v < n_variables; v++)
    {
      Range x = find_range (self->x + v * POINTS, n);
      float *at = out + 5 * v;
      at[0] = 0.5f;
      at[1] = 0.4f * asinhf (x.low);
      at[2] = 0.4f * asinhf (x.high);
      at[3] = 0.3f * logf (x.sd + 1e-3f);
      at[4] = x.low >= 0.0f ? 0.5f : 0.0f;
    }
  for (int i = 0; i < n; i++)
    {
      inside += fabsf (self->y[i]) <= 1.0f;
      positive += self->y[i] > 0.0f;
    }
  Range y = find_range (self->y, n);
  float *at = out + 15;
  at[0] = 0.2f * asinhf (y.low);
  at[1] = 0.2f * asinhf (y.high);
  at[2] = 0.2f * asinhf (y.mean);
  at[3] = 0.15f * logf (y.sd + 1e-6f);
  at[4] = y.mean / (fabsf (y.mean) + y.sd + 1e-20f);
  at[5] = (float) inside / n;
  at[6] = (float) positive / n;
  at[7] = 0.5f * logf ((y.high - y.low) / (y.sd + 1e-20f) + 1e-3f);
  at[8] = inside == n ? 0.5f : 0.0f;
  at[9] = y.low >= 0.0f ? 0.5f : 0.0f;
  at[10] = 0.004f * n;
  at[10 + MIN (n_variables, 3)] = 0.5f;
}

/**
 * orr_dictionary_encode:
 * @x: (array): variable v's values start at x + v * stride
 * @n_variables: at most 3
 * @y: (array): [n], finite
 * @n: rows; of more than 256, 256 spread evenly are taken
 * @features: (out) (array): [ORR_DICTIONARY_FEATURES]
 */
void
orr_dictionary_encode (OrrDictionary *self, const double *x, gsize stride, guint n_variables, const double *y, guint n,
                       float *features)
{
  int m = take_points (self, x, stride, n_variables, y, n);

  fill_bases (self, n_variables, m);
  orr_dictionary_transforms (self->y, self->transforms, m);
  for (int t = 0; t < ORR_DICTIONARY_TRANSFORMS; t++)
    orr_dictionary_normalize (self->transforms + t * m, m);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, ORR_DICTIONARY_TRANSFORMS, BASES, m, 1.0f, self->transforms, m,
               self->bases, m, 0.0f, self->correlations, BASES);

  float *out = features;
  for (int k = 0; k < ORR_DICTIONARY_TRANSFORMS * BASES; k++)
    {
      out[2 * k] = self->correlations[k];
      out[2 * k + 1] = nearness (self->correlations[k]);
    }
  out = pursue (self, self->transforms, m, out + 2 * ORR_DICTIONARY_TRANSFORMS * BASES);
  write_statistics (self, n_variables, m, out);
}
