/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-vector.h"

/*
 * One row of an entropic plan between symbol sequences under the Euclidean
 * (unsquared) distance sqrt (2 C) of their one-hot points, C the number of
 * differing positions: terms exp ((row + col - sqrt (2 C)) / eps), added to
 * @col_sums; returns their sum. With @moments the sums of term x distance and
 * term x distance^2 as well.
 */
#define ORR_MATCH_KERNELS_DECLARE(suffix)                                                                   \
  float orr_match_row_kernel_##suffix (const guint16 *cost, gsize n, float row, const float *col,           \
                                       float inverse_eps, float *col_sums, float *moments);

ORR_MATCH_KERNELS_DECLARE (plain)
#ifdef ORR_HAVE_VECTOR_VARIANTS
ORR_MATCH_KERNELS_DECLARE (avx2)
ORR_MATCH_KERNELS_DECLARE (avx512)
#endif
