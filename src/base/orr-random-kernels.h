/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-vector.h"

/* Blocks of four words that one call makes; the longest part of a fill. */
#define ORR_RANDOM_KERNEL_BLOCKS 256

/*
 * OrrRandomKernel:
 * @out: receives 4 x @n_blocks numbers, those of blocks @first_block onwards
 * @scale: the standard deviation (normal), unused (uniform), tau's part (gumbel)
 */
typedef void (*OrrRandomKernel) (float *out, gsize n_blocks, float scale, guint64 seed, guint64 stream,
                                 guint64 first_block);

#define ORR_RANDOM_KERNELS_DECLARE(suffix)                                                                 \
  void orr_random_uniform_kernel_##suffix (float *, gsize, float, guint64, guint64, guint64);              \
  void orr_random_normal_kernel_##suffix (float *, gsize, float, guint64, guint64, guint64);               \
  void orr_random_gumbel_kernel_##suffix (float *, gsize, float, guint64, guint64, guint64);

ORR_RANDOM_KERNELS_DECLARE (plain)
#ifdef ORR_HAVE_VECTOR_VARIANTS
ORR_RANDOM_KERNELS_DECLARE (avx2)
ORR_RANDOM_KERNELS_DECLARE (avx512)
#endif
