/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-params.h"

G_BEGIN_DECLS

/**
 * OrrAdamW:
 * @beta1: memory of the mean gradient
 * @beta2: memory of its square
 * @weight_decay: decoupled, on weight matrices only
 * @clip: largest norm of the gradient, 0 for none
 * @step: steps taken
 * @m: first moments, in the parameters' layout
 * @v: second moments
 *
 * Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019).
 */
typedef struct
{
  float  beta1;
  float  beta2;
  float  weight_decay;
  float  clip;
  guint64 step;
  gsize  size;
  float *m;
  float *v;
} OrrAdamW;

OrrAdamW *orr_adamw_new  (const OrrParams *params);
void      orr_adamw_free (OrrAdamW        *self);
double    orr_adamw_step (OrrAdamW        *self,
                          OrrParams       *params,
                          float           *gradient,
                          double           learning_rate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrAdamW, orr_adamw_free)

G_END_DECLS
