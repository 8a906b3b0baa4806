/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-simd.h"

#include "orr-expr-kernels.h"

#include <math.h>

/*
 * One loop an operator, made from the table. The compiler turns each into SIMD
 * code, with the mathematical functions from glibc's vector library.
 */

/* Operands a row of the table does not mention are unused there. */
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"

#define X(ID, name, arity, value, d_a, d_b, ...)                                                             \
  ORR_SIMD_CLONES static void forward_##ID (const double *restrict a_, const double *restrict b_, double *restrict out, int n) \
  {                                                                                                          \
    for (int i = 0; i < n; i++)                                                                              \
      {                                                                                                      \
        double a = a_[i], b = arity == 2 ? b_[i] : 0.0;                                                      \
        out[i] = value;                                                                                      \
      }                                                                                                      \
  }                                                                                                          \
                                                                                                             \
  ORR_SIMD_CLONES static void back_##ID (const double *restrict a_, const double *restrict b_, const double *restrict v_, \
                                const double *restrict g_, double *restrict da, double *restrict db, int n)  \
  {                                                                                                          \
    if (da != NULL)                                                                                          \
      for (int i = 0; i < n; i++)                                                                            \
        {                                                                                                    \
          double a = a_[i], b = arity == 2 ? b_[i] : 0.0, v = v_[i];                                         \
          da[i] = g_[i] * (d_a);                                                                            \
        }                                                                                                    \
    if (arity == 2 && db != NULL)                                                                            \
      for (int i = 0; i < n; i++)                                                                            \
        {                                                                                                    \
          double a = a_[i], b = b_[i], v = v_[i];                                                            \
          db[i] = g_[i] * (d_b);                                                                            \
        }                                                                                                    \
  }
ORR_EXPR_OPS (X)
#undef X

#define X(ID, ...) [ORR_EXPR_OP_##ID] = forward_##ID,
const OrrExprKernel orr_expr_kernels[ORR_EXPR_N_OPS] = { ORR_EXPR_OPS (X) };
#undef X

#define X(ID, ...) [ORR_EXPR_OP_##ID] = back_##ID,
const OrrExprKernelBack orr_expr_kernels_back[ORR_EXPR_N_OPS] = { ORR_EXPR_OPS (X) };
#undef X

/* The powers people write, each a loop without branches. */
#define POWERS(X)                                                                                            \
  X (1, x)                                                                                                   \
  X (2, x *x)                                                                                                \
  X (3, x *x *x)                                                                                             \
  X (4, (x * x) * (x * x))                                                                                   \
  X (5, (x * x) * (x * x) * x)                                                                               \
  X (6, (x * x * x) * (x * x * x))

/* out = a ^ e for e of 0 or more, by multiplication. */
ORR_SIMD_CLONES static void
multiply (const double *restrict a, int e, double *restrict out, int n)
{
  switch (e)
    {
#define X(k, product)                                                                                        \
  case k:                                                                                                    \
    for (int i = 0; i < n; i++)                                                                              \
      {                                                                                                      \
        double x = a[i];                                                                                     \
        out[i] = product;                                                                                    \
      }                                                                                                      \
    break;
      POWERS (X)
#undef X
    default:
      for (int i = 0; i < n; i++)
        {
          double square = a[i], product = 1.0;
          for (int bits = e; bits > 0; bits >>= 1)
            {
              product = bits & 1 ? product * square : product;
              square *= square;
            }
          out[i] = product;
        }
    }
}

/* out = a ^ (halves / 2) by multiplication, of the root for an odd number; 0 to a negative power is NaN. */
ORR_SIMD_CLONES void
orr_expr_kernel_power (const double *restrict a, int halves, double *restrict out, int n)
{
  int h = halves < 0 ? -halves : halves;

  multiply (a, h / 2, out, n);
  if (h % 2 == 1)
    for (int i = 0; i < n; i++)
      out[i] *= sqrt (a[i]);
  if (halves < 0)
    for (int i = 0; i < n; i++)
      out[i] = 1.0 / out[i] + ORR_EXPR_IF (out[i] != 0.0);
}

ORR_SIMD_CLONES void
orr_expr_kernel_power_back (const double *restrict a, int halves, const double *restrict g, double *restrict da, int n)
{
  double lower[ORR_EXPR_BLOCK];

  orr_expr_kernel_power (a, halves - 2, lower, n);
  for (int i = 0; i < n; i++)
    da[i] = g[i] * (0.5 * halves) * lower[i];
}

ORR_SIMD_CLONES void
orr_expr_kernel_fill (double value, double *restrict out, int n)
{
  for (int i = 0; i < n; i++)
    out[i] = value;
}

/* For the short rows here the compiler's own way to copy is several times slower than vectors. */
ORR_SIMD_CLONES void
orr_expr_kernel_copy (const double *restrict a, double *restrict out, int n)
{
  for (int i = 0; i < n; i++)
    out[i] = a[i];
}

ORR_SIMD_CLONES void
orr_expr_kernel_add (const double *restrict a, double *restrict sum, int n)
{
  for (int i = 0; i < n; i++)
    sum[i] += a[i];
}

/* Infinities become NaN: "not defined here". a - a is 0 for finite numbers only. */
ORR_SIMD_CLONES void
orr_expr_kernel_finite (const double *restrict a, double *restrict out, int n)
{
  for (int i = 0; i < n; i++)
    out[i] = a[i] + (a[i] - a[i]);
}
