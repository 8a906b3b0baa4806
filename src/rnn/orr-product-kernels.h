/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Rows and columns of C that one inner loop makes. */
#define ORR_PRODUCT_ROWS 8
#define ORR_PRODUCT_COLS 32

/*
 * C [n x m] = A B, or C += A B with @add, for small matrices that stay in the
 * cache: @n a multiple of ORR_PRODUCT_ROWS, @m one of ORR_PRODUCT_COLS.
 *   A: entry (i, k) at a[i a_row + k a_depth]
 *   B: in panels of ORR_PRODUCT_COLS columns; row k of panel p at
 *      b[p b_panel + k b_depth]
 *   C: row-major, stride @c_row
 *
 * Written for AVX-512 only. OpenBLAS comes close to the peak of narrower
 * vectors, but on many machines with AVX-512 it uses AVX2 and half of it.
 */
void orr_product_kernel_avx512 (gsize n, gsize m, gsize depth, const float *a, gsize a_row, gsize a_depth,
                                const float *b, gsize b_panel, gsize b_depth, float *c, gsize c_row, gboolean add);
