/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Layers with forward and backward passes over float32 rows. B is the number of
 * rows, I the inputs, O the outputs; matrices are row-major without gaps. All
 * backward functions add to the gradients of parameters, and overwrite the
 * gradients of inputs unless they say otherwise. One OpenBLAS thread; callers
 * run blocks of rows in parallel.
 */

void  orr_linear_forward      (const float *x,   /* [B x I] */
                               const float *w,   /* [O x I] */
                               const float *bias,/* [O] or NULL */
                               float       *y,   /* [B x O] */
                               int          b,
                               int          i,
                               int          o);
void  orr_linear_backward     (const float *x,
                               const float *w,
                               const float *dy,  /* [B x O] */
                               float       *dx,  /* [B x I] or NULL */
                               gboolean     add, /* to dx */
                               float       *dw,  /* [O x I] or NULL */
                               float       *dbias,
                               int          b,
                               int          i,
                               int          o);

void  orr_layer_norm_forward  (const float *x,   /* [B x N] */
                               const float *gain,/* [N] */
                               const float *bias,/* [N] */
                               float       *y,
                               float       *normal, /* [B x N], kept for the way back */
                               float       *scale,  /* [B], kept for the way back */
                               int          b,
                               int          n);
void  orr_layer_norm_backward (const float *normal,
                               const float *scale,
                               const float *gain,
                               const float *dy,
                               float       *dx,
                               float       *dgain,
                               float       *dbias,
                               int          b,
                               int          n);

void  orr_silu_forward        (const float *x,
                               float       *y,
                               gsize        n);
void  orr_silu_backward       (const float *x,
                               const float *dy,
                               float       *dx, /* may be dy */
                               gsize        n);

void  orr_gru_forward         (const float *gates_in, /* [B x 3H] r, z, n parts from the input, with biases */
                               const float *gates_h,  /* [B x 3H] W_hh h, without biases */
                               const float *bias_n,   /* [H] of the candidate's recurrent part */
                               const float *h,        /* [B x H] or NULL for 0 */
                               float       *kept,     /* [B x 4H] r, z, n and the candidate's recurrent part */
                               float       *h_next,   /* [B x H] */
                               int          b,
                               int          h_size);
void  orr_gru_backward        (const float *kept,
                               const float *h,        /* [B x H] or NULL for 0 */
                               const float *dh_next,  /* [B x H] */
                               float       *dgates_in,/* [B x 3H] */
                               float       *dgates_h, /* [B x 3H] */
                               float       *dh,       /* [B x H], the direct path alone */
                               int          b,
                               int          h_size);

double orr_softmax_cross_entropy (float        *logits, /* [B x N]; receives probability - target, times weight */
                                  const guint8 *targets,/* [B] */
                                  const guint64*legal,  /* [B] bit k: class k is possible; NULL for all */
                                  double        weight,
                                  guint        *n_right, /* added to: how often the target was the largest */
                                  int           b,
                                  int           n);
void  orr_log_softmax         (float        *logits,   /* [B x N] */
                               int           b,
                               int           n);

G_END_DECLS
