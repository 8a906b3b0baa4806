/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrAdam:
 * @n: number of parameters
 * @beta_1: decay of the mean gradient
 * @beta_2: decay of the mean squared gradient
 * @epsilon: added to the root of the mean square
 * @steps: steps taken
 * @mean: [n]
 * @square: [n]
 *
 * Adam (Kingma & Ba, 2015) over one flat vector of parameters. Its whole state
 * is here, to be stored and restored.
 */
typedef struct
{
  gsize   n;
  double  beta_1;
  double  beta_2;
  double  epsilon;
  guint64 steps;
  float  *mean;
  float  *square;
} OrrAdam;

OrrAdam *orr_adam_new      (gsize          n,
                            double         beta_1,
                            double         beta_2);
void     orr_adam_free     (OrrAdam       *self);
void     orr_adam_copy_from (OrrAdam      *self,
                            const OrrAdam *other);
void     orr_adam_step     (OrrAdam       *self,
                            float         *parameters,
                            const float   *gradient,
                            double         learning_rate);
double   orr_gradient_norm (const float   *gradient,
                            gsize          n);
double   orr_gradient_clip (float         *gradient,
                            gsize          n,
                            double         limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrAdam, orr_adam_free)

G_END_DECLS
