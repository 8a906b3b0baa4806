/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"

G_BEGIN_DECLS

/* Rows and columns are padded, and what stands beside them in a workspace too. */
#define ORR_ROLLOUT_PAD(n) (((n) + 31u) & ~31u)

/**
 * OrrRolloutMatrix:
 * @n_hidden: H
 * @n_noise: D
 * @n_symbols: K
 * @biased: whether a column of biases follows the noise
 * @rows: H + K, padded
 * @cols: H + D and the biases, padded
 * @split: how many of the first units' activities products read from the states themselves
 * @side_stride: floats from one row of the side to the next
 * @values: M [rows x cols]
 * @wide: whether products are those of orr_product_kernel_avx512()
 * @panels: (nullable): (wide only) M^T, then M, in panels of %ORR_PRODUCT_COLS columns
 *
 * All weights of a network as one matrix M, so that a step of many sequences is
 * one product. The rows are [W_hh W_ih b], then the readout's [W_out 0 b_out];
 * a sequence's row is v = [h_{t-1} | x_t | 1 (biased)]. One product v M^T gives
 * the next pre-activations and, from its last K columns, the logits of h_{t-1};
 * one product each way likewise gives the gradients of h_{t-1} and of M.
 *
 * A row of *states* is [h | logits | 0], @rows long. v is not made: products take
 * h_{t-1} from the states, and from the *side* [the rest of h_{t-1} | x_t | 1 | 0],
 * cols - split long, what does not fill a panel of the kernel. Where there is no
 * kernel @split is 0 and the side is v.
 *
 * Products take n rows; buffers have room for n rounded up to a multiple of
 * %ORR_PRODUCT_ROWS.
 */
typedef struct
{
  guint    n_hidden;
  guint    n_noise;
  guint    n_symbols;
  gboolean biased;
  gsize    rows;
  gsize    cols;
  gsize    split;
  gsize    side_stride;
  float   *values;
  gboolean wide;
  float   *panels;
} OrrRolloutMatrix;

void orr_rollout_matrix_init         (OrrRolloutMatrix       *self,
                                      const OrrNetwork       *shape);
void orr_rollout_matrix_clear        (OrrRolloutMatrix       *self);
void orr_rollout_matrix_pack         (OrrRolloutMatrix       *self,
                                      const OrrNetwork       *network);
void orr_rollout_matrix_forward      (const OrrRolloutMatrix *self,
                                      guint                   n,
                                      gboolean                relu,
                                      const float            *states,
                                      float                  *side,
                                      float                  *next);
void orr_rollout_matrix_read_out     (const OrrRolloutMatrix *self,
                                      guint                   n,
                                      const float            *states,
                                      float                  *side,
                                      float                  *next);
void orr_rollout_matrix_backward     (const OrrRolloutMatrix *self,
                                      guint                   n,
                                      const float            *mask,
                                      const float            *gradients,
                                      float                  *previous);
void orr_rollout_matrix_add_gradient (const OrrRolloutMatrix *self,
                                      guint                   n,
                                      const float            *states,
                                      float                  *side,
                                      const float            *gradients,
                                      float                  *sum);
void orr_rollout_matrix_unpack       (const OrrRolloutMatrix *self,
                                      const float            *gradient,
                                      float                  *out);

G_END_DECLS
