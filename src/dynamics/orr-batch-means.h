/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrBatchMeans:
 *
 * Means of correlated measurements with confidence intervals by the method of
 * batch means: a long run is cut into batches, the batches' means are taken as
 * independent (Law & Kelton). Measurements may fall into any of several bins,
 * each with its own mean.
 */
typedef struct
{
  gsize   n_bins;
  gsize   n_batches;
  double *sum;   /* [n_batches x n_bins] */
  double *count; /* [n_batches x n_bins] */
} OrrBatchMeans;

OrrBatchMeans *orr_batch_means_new     (gsize                n_bins,
                                        gsize                n_batches);
void           orr_batch_means_free    (OrrBatchMeans       *self);
void           orr_batch_means_get     (const OrrBatchMeans *self,
                                        gsize                bin,
                                        double              *mean,
                                        double              *half_width);

static inline void
orr_batch_means_add (OrrBatchMeans *self, gsize batch, gsize bin, double value)
{
  self->sum[batch * self->n_bins + bin] += value;
  self->count[batch * self->n_bins + bin] += 1.0;
}

double orr_interval_half_width (const double *values,
                                gsize         n,
                                double       *mean);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrBatchMeans, orr_batch_means_free)

G_END_DECLS
