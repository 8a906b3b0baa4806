/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * h = max (recurrent (h + bias) + noise drive, 0) over @n values (a multiple of 16), in
 * place: the part of a step that is not a matrix product.
 */
#define ORR_ENSEMBLE_KERNEL(suffix)                                                                \
  void orr_ensemble_combine_##suffix (gsize n, float *h, const float *bias, const float *drive,    \
                                      const float *recurrent, const float *noise);

ORR_ENSEMBLE_KERNEL (plain)
#ifdef ORR_HAVE_VECTOR_VARIANTS
ORR_ENSEMBLE_KERNEL (avx2)
ORR_ENSEMBLE_KERNEL (avx512)
#endif
