/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-product-kernels.h"

#define LANES 16
#define MOST_ROWS (ORR_PRODUCT_ROWS + 1)

typedef float Lanes __attribute__ ((vector_size (4 * LANES), aligned (4), may_alias));
typedef gint32 Bits __attribute__ ((vector_size (4 * LANES), aligned (4), may_alias));

/* Adds @depth products to a tile: two loads of B and one of A a row for twice as many multiply-adds as rows. */
static inline __attribute__ ((always_inline)) const float *
add_products (Lanes sums[MOST_ROWS][2], int rows, gsize depth, const float *restrict a, gsize a_row, gsize a_depth,
              const float *restrict b, gsize b_depth)
{
  for (gsize k = 0; k < depth; k++)
    {
      Lanes b_0 = *(const Lanes *) b, b_1 = *(const Lanes *) (b + LANES);

#pragma GCC unroll 9
      for (int i = 0; i < rows; i++)
        {
          float value = a[i * a_row];
          sums[i][0] += value * b_0;
          sums[i][1] += value * b_1;
        }
      a += a_depth;
      b += b_depth;
    }
  return b;
}

/* The numbers that are above 0, and those of columns from @n_relu on as they are. */
static inline Lanes
relu (Lanes sums, gsize col, gsize n_relu)
{
  const Bits lanes = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
  Bits kept = (sums > 0.0f) | (lanes + (gint32) col >= (gint32) n_relu);

  return (Lanes) ((Bits) sums & kept);
}

static inline Lanes
finish (const OrrProduct *product, OrrProductEnd end, Lanes sums, gsize row, gsize col)
{
  gsize at = row * product->c_row + col;

  switch (end)
    {
    case ORR_PRODUCT_ADD:
      return sums + *(const Lanes *) (product->c + at);
    case ORR_PRODUCT_RELU:
      return relu (sums, col, product->n_relu);
    case ORR_PRODUCT_MASK:
      return (Lanes) ((Bits) sums & (*(const Lanes *) (product->mask + at) > 0.0f));
    case ORR_PRODUCT_STORE:
    default:
      return sums;
    }
}

/* One tile of C: its sums stay in registers. */
static inline __attribute__ ((always_inline)) void
make_tile (const OrrProduct *product, gsize row, gsize col, int rows, OrrProductEnd end)
{
  Lanes sums[MOST_ROWS][2] = { 0 };
  const float *b = product->b + col / ORR_PRODUCT_COLS * product->b_panel;

  b = add_products (sums, rows, product->depth, product->a + row * product->a_row, product->a_row, product->a_depth, b,
                    product->b_depth);
  if (product->depth_more > 0)
    add_products (sums, rows, product->depth_more, product->a_more + row * product->a_more_row, product->a_more_row,
                  product->a_depth, b, product->b_depth);
#pragma GCC unroll 9
  for (int i = 0; i < rows; i++)
    {
      Lanes *out = (Lanes *) (product->c + (row + i) * product->c_row + col);

      out[0] = finish (product, end, sums[i][0], row + i, col);
      out[1] = finish (product, end, sums[i][1], row + i, col + LANES);
    }
}

static inline __attribute__ ((always_inline)) void
make_tiles (const OrrProduct *product, OrrProductEnd end)
{
  gsize nines = product->n % ORR_PRODUCT_ROWS, tall = nines * MOST_ROWS;

  if (tall > product->n)
    tall = 0;
  /* A panel of B stays in the first cache while the rows of A pass by. */
  for (gsize col = 0; col < product->m; col += ORR_PRODUCT_COLS)
    {
      for (gsize row = 0; row < tall; row += MOST_ROWS)
        make_tile (product, row, col, MOST_ROWS, end);
      for (gsize row = tall; row < product->n; row += ORR_PRODUCT_ROWS)
        make_tile (product, row, col, ORR_PRODUCT_ROWS, end);
    }
}

void
orr_product_kernel_avx512 (const OrrProduct *product)
{
  switch (product->end)
    {
    case ORR_PRODUCT_STORE:
      make_tiles (product, ORR_PRODUCT_STORE);
      break;
    case ORR_PRODUCT_ADD:
      make_tiles (product, ORR_PRODUCT_ADD);
      break;
    case ORR_PRODUCT_RELU:
      make_tiles (product, ORR_PRODUCT_RELU);
      break;
    case ORR_PRODUCT_MASK:
      make_tiles (product, ORR_PRODUCT_MASK);
      break;
    }
}
