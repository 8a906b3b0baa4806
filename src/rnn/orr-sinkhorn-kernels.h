/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-vector.h"

/*
 * Inner loops of the Sinkhorn divergence between symbol sequences. Potentials
 * are split into a whole number and a rest, since costs are whole numbers too:
 * the part of (f + g - C) that matters is then exact although f, g and C are
 * large against eps. Exponents are of two: "rest" arrays hold rest / (eps ln 2),
 * @inverse_eps is 1 / (eps ln 2).
 */

/* Columns of one tile; rows of one tile. */
#define ORR_SINKHORN_TILE_ROWS 64
#define ORR_SINKHORN_TILE_COLS 1024

/*
 * Hamming distances of one sequence to @n others. Symbols are given as
 * @n_planes bit planes in words of 32 positions: word w, plane p of sequence j
 * is planes[(w n_planes + p) stride + j].
 */
#define ORR_SINKHORN_KERNELS_DECLARE_TYPE(type, suffix)                                                     \
  void orr_hamming_kernel_##type##_##suffix (type *cost, const guint32 *x, gsize x_stride,                  \
                                             const guint32 *y, gsize y_stride, guint n_words,               \
                                             guint n_planes, gsize n);                                      \
  void orr_sinkhorn_pass_kernel_##type##_##suffix (const type *cost, gsize stride, gsize rows, gsize n,     \
                                                   const float *row_whole, const float *row_rest,           \
                                                   const float *col_whole, const float *col_rest,           \
                                                   float inverse_eps, float *row_sums, float *col_sums);    \
  float orr_sinkhorn_row_kernel_##type##_##suffix (const type *cost, gsize n, float row_whole,              \
                                                   float row_rest, const float *col_whole,                  \
                                                   const float *col_rest, float inverse_eps, float *terms,  \
                                                   float *col_sums);

#define ORR_SINKHORN_KERNELS_DECLARE(suffix)                                                                \
  ORR_SINKHORN_KERNELS_DECLARE_TYPE (guint8, suffix)                                                        \
  ORR_SINKHORN_KERNELS_DECLARE_TYPE (guint16, suffix)                                                       \
  gsize orr_sinkhorn_select_kernel_##suffix (const float *terms, gsize n, float threshold, guint32 *selected); \
  float orr_sinkhorn_exp_sum_kernel_##suffix (float *terms, gsize n);                                       \
  double orr_sinkhorn_exp_sum_double_kernel_##suffix (double *terms, gsize n);

ORR_SINKHORN_KERNELS_DECLARE (plain)
#ifdef ORR_HAVE_VECTOR_VARIANTS
ORR_SINKHORN_KERNELS_DECLARE (avx2)
ORR_SINKHORN_KERNELS_DECLARE (avx512)
#endif
