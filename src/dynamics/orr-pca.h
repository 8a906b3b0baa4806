/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-matrix.h"

G_BEGIN_DECLS

/**
 * OrrPca:
 * @n_components: P
 * @n_hidden: H
 * @total_variance: trace of the covariance of the states (divided by N - 1)
 * @mean: [H] mean state
 * @components: [P x H] orthonormal rows by falling variance; the loading of
 *   largest magnitude in each row is positive
 * @variance_ratio: [P] share of the total variance (0 when there is none)
 *
 * Principal components of visited states (SCIENCE, part 3.1). Immutable,
 * reference counted.
 */
typedef struct
{
  guint   n_components;
  guint   n_hidden;
  double  total_variance;
  double *mean;
  double *components;
  double *variance_ratio;
} OrrPca;

OrrPca    *orr_pca_new     (const OrrMatrix *states,
                            guint            n_components,
                            GError         **error);
OrrPca    *orr_pca_ref     (OrrPca          *self);
void       orr_pca_unref   (OrrPca          *self);
OrrPca    *orr_pca_compose (const OrrPca    *outer,
                            const OrrPca    *inner);
OrrMatrix *orr_pca_project (const OrrPca    *self,
                            const OrrMatrix *states);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrPca, orr_pca_unref)

G_END_DECLS
