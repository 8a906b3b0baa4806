/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-simd.h"

#include "orr-layers.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

ORR_SIMD_CLONES static void
fill_rows (float *restrict y, const float *restrict bias, int b, int n)
{
  for (int r = 0; r < b; r++)
    memcpy (y + (gsize) r * n, bias, n * sizeof (float));
}

ORR_SIMD_CLONES static void
add_rows (float *restrict sum, const float *restrict x, int b, int n)
{
  for (int r = 0; r < b; r++)
    for (int k = 0; k < n; k++)
      sum[k] += x[(gsize) r * n + k];
}

/* y = x W' + bias */
void
orr_linear_forward (const float *x, const float *w, const float *bias, float *y, int b, int i, int o)
{
  if (bias != NULL)
    fill_rows (y, bias, b, o);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, b, o, i, 1.0f, x, i, w, i, bias != NULL ? 1.0f : 0.0f, y, o);
}

/* dx = dy W, dW += dy' x, dbias += sum of the rows of dy */
void
orr_linear_backward (const float *x, const float *w, const float *dy, float *dx, gboolean add, float *dw, float *dbias,
                     int b, int i, int o)
{
  if (dx != NULL)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, b, i, o, 1.0f, dy, o, w, i, add ? 1.0f : 0.0f, dx, i);
  if (dw != NULL)
    cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, o, i, b, 1.0f, dy, o, x, i, 1.0f, dw, i);
  if (dbias != NULL)
    add_rows (dbias, dy, b, o);
}

/* y = gain (x - mean) / sd + bias, mean and sd over each row (Ba et al., 2016) */
void
orr_layer_norm_forward (const float *x, const float *gain, const float *bias, float *y, float *normal, float *scale,
                        int b, int n)
{
  for (int r = 0; r < b; r++)
    {
      const float *row = x + (gsize) r * n;
      float *out = normal + (gsize) r * n;
      double mean = 0.0, variance = 0.0;

      for (int k = 0; k < n; k++)
        mean += row[k];
      mean /= n;
      for (int k = 0; k < n; k++)
        variance += (row[k] - mean) * (row[k] - mean);
      scale[r] = 1.0 / sqrt (variance / n + 1e-5);
      for (int k = 0; k < n; k++)
        {
          out[k] = (row[k] - (float) mean) * scale[r];
          y[(gsize) r * n + k] = gain[k] * out[k] + bias[k];
        }
    }
}

void
orr_layer_norm_backward (const float *normal, const float *scale, const float *gain, const float *dy, float *dx,
                         float *dgain, float *dbias, int b, int n)
{
  for (int r = 0; r < b; r++)
    {
      const float *z = normal + (gsize) r * n, *g = dy + (gsize) r * n;
      float *out = dx + (gsize) r * n;
      double sum = 0.0, product = 0.0;

      for (int k = 0; k < n; k++)
        {
          sum += g[k] * gain[k];
          product += g[k] * gain[k] * z[k];
          dgain[k] += g[k] * z[k];
          dbias[k] += g[k];
        }
      sum /= n;
      product /= n;
      for (int k = 0; k < n; k++)
        out[k] = scale[r] * (g[k] * gain[k] - (float) sum - z[k] * (float) product);
    }
}

/* y = x sigmoid (x) */
ORR_SIMD_CLONES void
orr_silu_forward (const float *restrict x, float *restrict y, gsize n)
{
  for (gsize k = 0; k < n; k++)
    y[k] = x[k] / (1.0f + expf (-x[k]));
}

ORR_SIMD_CLONES void
orr_silu_backward (const float *x, const float *dy, float *dx, gsize n)
{
#pragma GCC ivdep
  for (gsize k = 0; k < n; k++)
    {
      float s = 1.0f / (1.0f + expf (-x[k]));
      dx[k] = dy[k] * s * (1.0f + x[k] * (1.0f - s));
    }
}

/* tanh from one exponential, which has a vector twin everywhere */
static inline float
fast_tanh (float x)
{
  return 1.0f - 2.0f / (1.0f + expf (2.0f * x));
}

ORR_SIMD_CLONES static void
gru_row (const float *restrict in, const float *restrict rec, const float *restrict bias_n, const float *restrict h,
         float *restrict kept, float *restrict next, int n)
{
  for (int k = 0; k < n; k++)
    {
      float r = 1.0f / (1.0f + expf (-(in[k] + rec[k])));
      float z = 1.0f / (1.0f + expf (-(in[n + k] + rec[n + k])));
      float inner = rec[2 * n + k] + bias_n[k];
      float candidate = fast_tanh (in[2 * n + k] + r * inner);
      kept[k] = r;
      kept[n + k] = z;
      kept[2 * n + k] = candidate;
      kept[3 * n + k] = inner;
      next[k] = candidate + z * (h[k] - candidate);
    }
}

/*
 * One step of a gated recurrent unit, as in PyTorch:
 *   r, z = sigmoid (in + rec), n = tanh (in_n + r (rec_n + bias_n)), h' = (1 - z) n + z h
 */
void
orr_gru_forward (const float *gates_in, const float *gates_h, const float *bias_n, const float *h, float *kept,
                 float *h_next, int b, int h_size)
{
  g_autofree float *zero = h == NULL ? g_new0 (float, h_size) : NULL;

  for (int r = 0; r < b; r++)
    gru_row (gates_in + (gsize) r * 3 * h_size, gates_h + (gsize) r * 3 * h_size, bias_n,
             h != NULL ? h + (gsize) r * h_size : zero, kept + (gsize) r * 4 * h_size, h_next + (gsize) r * h_size,
             h_size);
}

ORR_SIMD_CLONES static void
gru_row_back (const float *restrict kept, const float *restrict h, const float *restrict dnext, float *restrict din,
              float *restrict drec, float *restrict dh, int n)
{
  for (int k = 0; k < n; k++)
    {
      float r = kept[k], z = kept[n + k], candidate = kept[2 * n + k], inner = kept[3 * n + k];
      float g = dnext[k];
      float dcandidate = g * (1.0f - z) * (1.0f - candidate * candidate);
      float dz = g * (h[k] - candidate) * z * (1.0f - z);
      float dr = dcandidate * inner * r * (1.0f - r);
      din[k] = dr;
      din[n + k] = dz;
      din[2 * n + k] = dcandidate;
      drec[k] = dr;
      drec[n + k] = dz;
      drec[2 * n + k] = dcandidate * r;
      dh[k] = g * z;
    }
}

/* The bias of the candidate's recurrent part has the column sums of dgates_h's last third as its gradient. */
void
orr_gru_backward (const float *kept, const float *h, const float *dh_next, float *dgates_in, float *dgates_h, float *dh,
                  int b, int h_size)
{
  g_autofree float *zero = h == NULL ? g_new0 (float, h_size) : NULL;

  for (int r = 0; r < b; r++)
    gru_row_back (kept + (gsize) r * 4 * h_size, h != NULL ? h + (gsize) r * h_size : zero, dh_next + (gsize) r * h_size,
                  dgates_in + (gsize) r * 3 * h_size, dgates_h + (gsize) r * 3 * h_size, dh + (gsize) r * h_size, h_size);
}

/*
 * Mean-free cross-entropy: returns the sum over rows of -log p (target) times
 * @weight and turns the logits into its gradient by them. Impossible classes
 * get probability 0.
 */
double
orr_softmax_cross_entropy (float *logits, const guint8 *targets, const guint64 *legal, double weight, guint *n_right,
                           int b, int n)
{
  double loss = 0.0;

  for (int r = 0; r < b; r++)
    {
      float *row = logits + (gsize) r * n;
      guint64 possible = legal != NULL ? legal[r] : G_MAXUINT64;
      int best = targets[r];
      double sum = 0.0;

      for (int k = 0; k < n; k++)
        if ((possible >> k & 1) != 0 && row[k] > row[best])
          best = k;
      float largest = row[best];
      float target = row[targets[r]];
      for (int k = 0; k < n; k++)
        {
          row[k] = (possible >> k & 1) != 0 ? expf (row[k] - largest) : 0.0f;
          sum += row[k];
        }
      loss += log (sum) + largest - target;
      for (int k = 0; k < n; k++)
        row[k] *= weight / sum;
      row[targets[r]] -= weight;
      *n_right += best == targets[r];
    }
  return weight * loss;
}

void
orr_log_softmax (float *logits, int b, int n)
{
  for (int r = 0; r < b; r++)
    {
      float *row = logits + (gsize) r * n;
      float largest = row[0];
      double sum = 0.0;

      for (int k = 1; k < n; k++)
        largest = MAX (largest, row[k]);
      for (int k = 0; k < n; k++)
        sum += expf (row[k] - largest);
      float shift = largest + log (sum);
      for (int k = 0; k < n; k++)
        row[k] -= shift;
    }
}
