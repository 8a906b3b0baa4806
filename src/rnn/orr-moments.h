/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

/**
 * OrrMoments:
 *
 * What a model says about simple statistics of its symbol sequences, to compare
 * a batch of generated ones with: how often each symbol appears, and how often
 * symbol i is followed by symbol j, l steps later, for several lags l. The
 * expectations are exact; a cell's difference is measured in the spread that
 * one sequence of the model has in it, so that rare symbols and transitions
 * count as much as frequent ones. Neighbours can be counted by stages of the
 * sequence as well, so that its start is compared by itself.
 *
 * Immutable once made: any number of threads may use it.
 */
typedef struct _OrrMoments OrrMoments;

/**
 * OrrMomentGroup:
 * @lag: l, steps between the two symbols of a pair
 * @from: first step of the second symbol, at least @lag
 * @to: the step after its last one
 * @share: of its cells in the distance
 *
 * Pairs that are counted together: K x K cells.
 */
typedef struct
{
  guint  lag;
  guint  from;
  guint  to;
  double share;
} OrrMomentGroup;

OrrMoments   *orr_moments_new          (const OrrHmm     *hmm,
                                        guint             length,
                                        guint             longest_lag,
                                        gboolean          stages);
OrrMoments   *orr_moments_new_recorded (const guint8     *symbols,
                                        guint             n,
                                        guint             n_symbols,
                                        guint             length,
                                        guint             longest_lag,
                                        gboolean          stages);
void          orr_moments_free         (OrrMoments       *self);
const OrrMomentGroup *orr_moments_get_groups (const OrrMoments *self,
                                              guint            *n);
const double *orr_moments_get_expected (const OrrMoments *self,
                                        guint            *n);
const double *orr_moments_get_spread   (const OrrMoments *self);
double        orr_moments_compare      (const OrrMoments *self,
                                        const guint8     *symbols,
                                        guint             n,
                                        double            weight,
                                        float            *gradient,
                                        guint             threads);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrMoments, orr_moments_free)

G_END_DECLS
