/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-params.h"

G_BEGIN_DECLS

/**
 * OrrAttention:
 * @width: d
 * @heads: divides @width
 * @first_part: of its parameters
 *
 * A multi-head attention block of the set transformer (Lee et al., ICML 2019):
 * with x [A x d] asking and y [B x d] answering,
 *   r = x + attention (x, y), n = norm (r), out = norm (n + silu (W n + b)).
 */
typedef struct
{
  guint width;
  guint heads;
  guint first_part;
} OrrAttention;

/* What one call leaves behind for its way back: every array is [A or B x d], weights [heads x A x B]. */
typedef struct
{
  guint  a, b;
  const float *x, *y;
  float *q, *k, *v, *o, *r, *n1, *z1, *pre, *f, *z2, *weights, *scale1, *scale2;
  float *memory;
} OrrAttentionPass;

void              orr_attention_layout     (OrrAttention       *self,
                                            OrrParams          *params,
                                            const char         *name);
void              orr_attention_initialize (const OrrAttention *self,
                                            OrrParams          *params,
                                            guint64             seed);
OrrAttentionPass *orr_attention_pass_new   (const OrrAttention *self,
                                            guint               max_a,
                                            guint               max_b);
void              orr_attention_pass_free  (OrrAttentionPass   *pass);
void              orr_attention_forward    (const OrrAttention *self,
                                            const OrrParams    *params,
                                            OrrAttentionPass   *pass,
                                            const float        *x,
                                            guint               a,
                                            const float        *y,
                                            guint               b,
                                            float              *out);
void              orr_attention_backward   (const OrrAttention *self,
                                            const OrrParams    *params,
                                            OrrAttentionPass   *pass,
                                            const float        *dout,
                                            float              *dx,
                                            float              *dy,
                                            float              *gradient);

G_END_DECLS
