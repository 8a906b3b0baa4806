/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-vector.h"

/*
 * Elementwise steps of a block of @n sequences with @hidden units.
 * relu: h = max (a, 0) into two places (@copy may be NULL).
 * relu_backward: out = d where h > 0, else 0.
 */
#define ORR_ROLLOUT_KERNELS_DECLARE(suffix)                                                                 \
  void orr_relu_kernel_##suffix (guint n, guint hidden, const float *a, gsize a_stride, float *h,           \
                                 gsize h_stride, float *copy);                                              \
  void orr_relu_backward_kernel_##suffix (guint n, guint hidden, const float *h, const float *d,            \
                                          gsize d_stride, float *out, gsize out_stride);

ORR_ROLLOUT_KERNELS_DECLARE (plain)
#ifdef ORR_HAVE_VECTOR_VARIANTS
ORR_ROLLOUT_KERNELS_DECLARE (avx2)
ORR_ROLLOUT_KERNELS_DECLARE (avx512)
#endif
