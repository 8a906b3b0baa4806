/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Rows and columns of C that one inner loop makes. */
#define ORR_PRODUCT_ROWS 8
#define ORR_PRODUCT_COLS 32

typedef enum
{
  ORR_PRODUCT_STORE, /* C = A B */
  ORR_PRODUCT_ADD,   /* C += A B */
  ORR_PRODUCT_RELU,  /* C = A B, what is not above 0 in the first columns replaced by 0 */
  ORR_PRODUCT_MASK,  /* C = A B where a mask is above 0, else 0 */
} OrrProductEnd;

/**
 * OrrProduct:
 * @n: rows of C
 * @m: columns of C, a multiple of %ORR_PRODUCT_COLS
 * @a: entry (i, k) at a[i a_row + k a_depth], for k < depth
 * @a_more: entry (i, k) at a_more[i a_more_row + (k - depth) a_depth], for the @depth_more k after those
 * @b: in panels of %ORR_PRODUCT_COLS columns; row k of panel p at b[p b_panel + k b_depth]
 * @c: row-major, stride @c_row
 * @end: what is done with the sums
 * @n_relu: the first columns, for %ORR_PRODUCT_RELU
 * @mask: laid out as @c, for %ORR_PRODUCT_MASK
 *
 * A product of small matrices that stay in the cache, @n x @m. Where @n is not a
 * sum of eights and nines, rows up to the next multiple of %ORR_PRODUCT_ROWS are
 * made as well: there must be room for them.
 */
typedef struct
{
  gsize         n, m;
  gsize         depth, depth_more;
  const float  *a, *a_more;
  gsize         a_row, a_depth, a_more_row;
  const float  *b;
  gsize         b_panel, b_depth;
  float        *c;
  gsize         c_row;
  OrrProductEnd end;
  gsize         n_relu;
  const float  *mask;
} OrrProduct;

/*
 * Written for AVX-512 only. OpenBLAS comes close to the peak of narrower
 * vectors, but on many machines with AVX-512 it uses AVX2 and half of it.
 */
void orr_product_kernel_avx512 (const OrrProduct *product);
