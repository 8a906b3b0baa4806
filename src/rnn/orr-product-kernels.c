/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-product-kernels.h"

#define LANES 16

typedef float Lanes __attribute__ ((vector_size (4 * LANES), aligned (4), may_alias));

/* One tile of C: 16 accumulators, two loads of B and eight of A for sixteen multiply-adds. */
static inline void
make_tile (gsize depth, const float *restrict a, gsize a_row, gsize a_depth, const float *restrict b, gsize b_depth,
           float *restrict c, gsize c_row, gboolean add)
{
  Lanes sums[ORR_PRODUCT_ROWS][2] = { 0 };

  for (gsize k = 0; k < depth; k++)
    {
      Lanes b_0 = *(const Lanes *) b, b_1 = *(const Lanes *) (b + LANES);

#pragma GCC unroll 8
      for (int i = 0; i < ORR_PRODUCT_ROWS; i++)
        {
          float value = a[i * a_row];
          sums[i][0] += value * b_0;
          sums[i][1] += value * b_1;
        }
      a += a_depth;
      b += b_depth;
    }
#pragma GCC unroll 8
  for (int i = 0; i < ORR_PRODUCT_ROWS; i++)
    {
      Lanes *out_0 = (Lanes *) (c + i * c_row), *out_1 = (Lanes *) (c + i * c_row + LANES);

      if (add)
        {
          sums[i][0] += *out_0;
          sums[i][1] += *out_1;
        }
      *out_0 = sums[i][0];
      *out_1 = sums[i][1];
    }
}

void
orr_product_kernel_avx512 (gsize n, gsize m, gsize depth, const float *a, gsize a_row, gsize a_depth,
                           const float *b, gsize b_panel, gsize b_depth, float *c, gsize c_row, gboolean add)
{
  /* A panel of B stays in the first cache while the rows of A pass by. */
  for (gsize p = 0; p < m / ORR_PRODUCT_COLS; p++)
    for (gsize i = 0; i < n; i += ORR_PRODUCT_ROWS)
      make_tile (depth, a + i * a_row, a_row, a_depth, b + p * b_panel, b_depth,
                 c + i * c_row + p * ORR_PRODUCT_COLS, c_row, add);
}
