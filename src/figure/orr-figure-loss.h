/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

/**
 * OrrLossCurve:
 * @name: of the network
 * @n: epochs so far
 * @epoch: [n]
 * @training: [n] loss of the training sequences
 * @validation: [n] loss of the validation sequences
 * @best_epoch: epoch of the lowest validation loss, 0 when unknown
 * @baseline: HMM-against-HMM divergence, NaN when unknown
 * @independent: divergence of symbols without order in time, NaN when unknown
 * @gradient_norm: (nullable): [n] largest norm before clipping
 * @clip: the norm that gradients are clipped to, 0 for none
 * @place: its place among the networks, which settles its colour and dashes
 *
 * The history of one training, as the charts of losses and gradients draw it.
 */
typedef struct
{
  const char   *name;
  gsize         n;
  const double *epoch;
  const double *training;
  const double *validation;
  guint         best_epoch;
  double        baseline;
  double        independent;
  const double *gradient_norm;
  double        clip;
  guint         place;
} OrrLossCurve;

OrrFigure *orr_figure_new_loss (const OrrLossCurve *curves,
                                guint               n_curves,
                                int                 shown_epoch,
                                gboolean            logarithmic);
void       orr_figure_add_gradients (OrrFigure          *self,
                                     const OrrLossCurve *curves,
                                     guint               n_curves,
                                     int                 shown_epoch);
OrrSeries *orr_series_set_place (OrrSeries *self,
                                 guint      place);

G_END_DECLS
