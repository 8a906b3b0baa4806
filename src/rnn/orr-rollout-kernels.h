/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-vector.h"

/*
 * Elementwise steps of a block of @n sequences with @hidden units, rows @stride apart.
 * relu: h = max (h, 0).
 * relu_mask: d = 0 where h is not above 0.
 */
#define ORR_ROLLOUT_KERNELS_DECLARE(suffix)                                                                 \
  void orr_relu_kernel_##suffix (guint n, guint hidden, float *h, gsize stride);                            \
  void orr_relu_mask_kernel_##suffix (guint n, guint hidden, const float *h, float *d, gsize stride);

ORR_ROLLOUT_KERNELS_DECLARE (plain)
#ifdef ORR_HAVE_VECTOR_VARIANTS
ORR_ROLLOUT_KERNELS_DECLARE (avx2)
ORR_ROLLOUT_KERNELS_DECLARE (avx512)
#endif
