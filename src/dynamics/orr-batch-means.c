/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-batch-means.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* A batch with less than this share of an even split says too little about a bin's mean. */
#define LEAST_SHARE 0.1

OrrBatchMeans *
orr_batch_means_new (gsize n_bins, gsize n_batches)
{
  OrrBatchMeans *self = g_new0 (OrrBatchMeans, 1);

  self->n_bins = n_bins;
  self->n_batches = n_batches;
  self->sum = g_new0 (double, n_bins * n_batches);
  self->count = g_new0 (double, n_bins * n_batches);
  return self;
}

void
orr_batch_means_free (OrrBatchMeans *self)
{
  if (self == NULL)
    return;
  g_free (self->sum);
  g_free (self->count);
  g_free (self);
}

/**
 * orr_interval_half_width:
 * @values: [@n] independent measurements
 * @mean: (out): their mean, NaN for none
 *
 * Returns: half of the 95 % confidence interval of the mean (Student's t); NaN
 * for fewer than two
 */
double
orr_interval_half_width (const double *values, gsize n, double *mean)
{
  double sum = 0.0, squares = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  *mean = n > 0 ? sum / n : NAN;
  if (n < 2)
    return NAN;
  for (gsize i = 0; i < n; i++)
    squares += (values[i] - *mean) * (values[i] - *mean);
  return gsl_cdf_tdist_Pinv (0.975, n - 1) * sqrt (squares / (n - 1) / n);
}

/**
 * orr_batch_means_get:
 * @mean: (out): mean of everything in the bin, NaN when it is empty
 * @half_width: (out): half of its 95 % confidence interval, NaN when fewer than
 *   two batches have enough in the bin
 */
void
orr_batch_means_get (const OrrBatchMeans *self, gsize bin, double *mean, double *half_width)
{
  g_autofree double *means = g_new (double, self->n_batches);
  double sum = 0.0, count = 0.0, ignored;
  gsize n = 0;

  for (gsize b = 0; b < self->n_batches; b++)
    {
      sum += self->sum[b * self->n_bins + bin];
      count += self->count[b * self->n_bins + bin];
    }
  for (gsize b = 0; b < self->n_batches; b++)
    if (self->count[b * self->n_bins + bin] > LEAST_SHARE * count / self->n_batches)
      means[n++] = self->sum[b * self->n_bins + bin] / self->count[b * self->n_bins + bin];
  *mean = count > 0.0 ? sum / count : NAN;
  *half_width = orr_interval_half_width (means, n, &ignored);
}
