/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-power-kernels.h"

#include <math.h>

#include "orr-vector.h"

/*
 * a^b as exp (b ln a), with ln a in two numbers whose sum is right to some 63 bits, for
 * machines with vectors of eight numbers. This file is compiled without the fusing of
 * products and sums: what rounds is written where it does.
 */
#if defined(ORR_HAVE_VECTOR_VARIANTS) && defined(__GNUC__)

#include <immintrin.h>

#define WIDE __attribute__ ((target ("avx512f,avx512dq,avx512vl,fma")))
#define INLINE static inline WIDE __attribute__ ((always_inline))

typedef __m512d Eight;

/* 1/c, and - ln of that in two parts, the first a whole number of 2^-42: for c = 1 + i/16, or half of it from i = 8 on. */
static const double inverses[16] = {
  0x1.0000000000000p+0, 0x1.e1e1e1e1e1e1ep-1, 0x1.c71c71c71c71cp-1, 0x1.af286bca1af28p-1,
  0x1.999999999999ap-1, 0x1.8618618618618p-1, 0x1.745d1745d1746p-1, 0x1.642c8590b2164p-1,
  0x1.5555555555555p+0, 0x1.47ae147ae147bp+0, 0x1.3b13b13b13b14p+0, 0x1.2f684bda12f68p+0,
  0x1.2492492492492p+0, 0x1.1a7b9611a7b96p+0, 0x1.1111111111111p+0, 0x1.0842108421084p+0,
};
static const double logs_high[16] = {
  0.0, 0x1.f0a30c0118000p-5, 0x1.e27076e2b0000p-4, 0x1.5ff3070a7a000p-3,
  0x1.c8ff7c79aa000p-3, 0x1.1675cababa000p-2, 0x1.4618bc21c6000p-2, 0x1.739d7f6bbd000p-2,
  -0x1.269621134e000p-2, -0x1.f991c6cb3c000p-3, -0x1.a93ed3c8ae000p-3, -0x1.5bf406b544000p-3,
  -0x1.1178e8227e000p-3, -0x1.9335e5d594000p-4, -0x1.08598b59e4000p-4, -0x1.0415d89e78000p-5,
};
static const double logs_low[16] = {
  0.0, -0x1.d579e83368e91p-45, -0x1.a2c2c2af0003cp-45, -0x1.8546f183bebf2p-44,
  -0x1.7814f689f8434p-45, 0x1.83c0e731f55c4p-44, -0x1.3e02f484c84ccp-46, 0x1.c7389314feb50p-52,
  0x1.1ba1f10522625p-44, 0x1.90b84cd7cc834p-44, 0x1.86a4350562169p-45, 0x1.28023eb68981cp-46,
  -0x1.1e778ce2d07f2p-45, -0x1.30f5c3abd47dap-45, 0x1.7e9dd7009902cp-46, 0x1.ddfc7f461c516p-44,
};

#define LN2_HIGH 0x1.62e42fefa3800p-1
#define LN2_LOW 0x1.ef35793c76730p-45

/* (ln (1 + z) - z + z^2/2) / z^3 and (exp (r) - 1 - r) / r^2, the highest power first: Taylor's, for |z| up to 1/32 and
 * |r| up to ln 2 / 2, where what is left out is below 2^-66 and 2^-57 of the whole. */
static const double log_terms[] = { 1.0 / 13, -1.0 / 12, 1.0 / 11, -1.0 / 10, 1.0 / 9, -1.0 / 8,
                                    1.0 / 7, -1.0 / 6, 1.0 / 5, -1.0 / 4, 1.0 / 3 };
static const double exp_terms[] = { 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
                                    1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2 };

#define SET(x) _mm512_set1_pd (x)
#define ADD(a, b) _mm512_add_pd (a, b)
#define SUB(a, b) _mm512_sub_pd (a, b)
#define MUL(a, b) _mm512_mul_pd (a, b)
/* a b + c and a b - c, rounded once. */
#define FMA(a, b, c) _mm512_fmadd_pd (a, b, c)
#define FMS(a, b, c) _mm512_fmsub_pd (a, b, c)

/* Terms of even and of odd powers side by side: they need not wait for each other. */
INLINE Eight
polynomial (const double *terms, int n, Eight x)
{
  Eight square = MUL (x, x), sum = SET (terms[0]), other = SET (terms[1]);

#pragma GCC unroll 16
  for (int k = 2; k < n; k += 2)
    sum = FMA (sum, square, SET (terms[k]));
#pragma GCC unroll 16
  for (int k = 3; k < n; k += 2)
    other = FMA (other, square, SET (terms[k]));
  return n % 2 == 0 ? FMA (sum, x, other) : FMA (other, x, sum);
}

INLINE Eight
look_up (const double *table, __m512i index)
{
  return _mm512_permutex2var_pd (_mm512_loadu_pd (table), index, _mm512_loadu_pd (table + 8));
}

/*
 * ln of normal numbers above 0: a = 2^k m with m near c, so that ln a = k ln 2 + ln c +
 * ln (1 + z), with z = m / c - 1 in two parts, too.
 */
INLINE Eight
logarithm (Eight a, Eight *low)
{
  __m512i bits = _mm512_castpd_si512 (a);
  __m512i near = _mm512_add_epi64 (bits, _mm512_set1_epi64 (1ll << 47));
  __m512i index = _mm512_srli_epi64 (near, 48);
  __m512i exponent = _mm512_srai_epi64 (_mm512_add_epi64 (near, _mm512_set1_epi64 (1ll << 51)), 52);
  exponent = _mm512_sub_epi64 (exponent, _mm512_set1_epi64 (1023));
  Eight m = _mm512_castsi512_pd (_mm512_sub_epi64 (bits, _mm512_slli_epi64 (exponent, 52)));
  Eight k = _mm512_cvtepi64_pd (exponent), inverse = look_up (inverses, index);

  Eight ratio = MUL (m, inverse), z_low = FMS (m, inverse, ratio), z = SUB (ratio, SET (1.0));
  Eight known = FMA (k, SET (LN2_HIGH), look_up (logs_high, index));
  Eight known_low = FMA (k, SET (LN2_LOW), look_up (logs_low, index));
  Eight first = ADD (known, z), first_low = ADD (SUB (known, first), z);
  Eight minus_half = MUL (SET (-0.5), z), square = MUL (minus_half, z), square_low = FMS (minus_half, z, square);
  Eight second = ADD (first, square), second_low = ADD (SUB (first, second), square);
  Eight cube = MUL (MUL (z, z), z);
  Eight slope = FMA (z, SUB (z, SET (1.0)), SET (1.0)); /* 1 / (1 + z) */
  Eight rest = FMA (cube, polynomial (log_terms, G_N_ELEMENTS (log_terms), z), MUL (z_low, slope));
  rest = ADD (ADD (rest, ADD (square_low, known_low)), ADD (first_low, second_low));
  Eight high = ADD (second, rest);

  *low = ADD (SUB (second, high), rest);
  return high;
}

INLINE Eight
power (Eight a, Eight b)
{
  Eight low, high = logarithm (_mm512_abs_pd (a), &low);
  Eight e = MUL (b, high), e_low = FMA (b, low, FMS (b, high, e));

  /* Beyond these all is 0 or infinite. */
  __mmask8 within = _mm512_cmp_pd_mask (_mm512_abs_pd (e), SET (800.0), _CMP_LT_OQ);
  e = _mm512_max_pd (_mm512_min_pd (e, SET (800.0)), SET (-800.0));
  Eight n = _mm512_roundscale_pd (MUL (e, SET (1.4426950408889634)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  Eight r = _mm512_fnmadd_pd (n, SET (LN2_LOW), _mm512_fnmadd_pd (n, SET (LN2_HIGH), e));
  r = _mm512_mask_add_pd (r, within, r, e_low);
  Eight p = polynomial (exp_terms, G_N_ELEMENTS (exp_terms), r);
  p = ADD (SET (1.0), FMA (MUL (r, r), p, r));
  Eight result = _mm512_scalef_pd (p, n);

  /* Below 0: whole exponents alone, and odd ones keep the sign. */
  __mmask8 negative = _mm512_cmp_pd_mask (a, _mm512_setzero_pd (), _CMP_LT_OQ);
  if (G_LIKELY (negative == 0))
    return result;
#define WHOLE(x) _mm512_cmp_pd_mask (x, _mm512_roundscale_pd (x, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC), _CMP_EQ_OQ)
  __mmask8 whole = WHOLE (b), even = WHOLE (MUL (b, SET (0.5)));
  result = _mm512_mask_xor_pd (result, negative & whole & ~even, result, SET (-0.0));
  return _mm512_mask_mov_pd (result, negative & ~whole, SET (NAN));
#undef WHOLE
}

/* Zeros, infinities, NaN and numbers so small that they lack digits are left to the C library. */
WIDE static void
power_wide (const double *restrict a_, const double *restrict b_, double *restrict out, int n)
{
  for (int i = 0; i < n; i += 8)
    {
      Eight a = _mm512_loadu_pd (a_ + i), b = _mm512_loadu_pd (b_ + i), size = _mm512_abs_pd (a);
      __mmask8 usual = _mm512_cmp_pd_mask (size, SET (0x1p-1022), _CMP_GE_OQ)
                       & _mm512_cmp_pd_mask (size, SET (G_MAXDOUBLE), _CMP_LE_OQ)
                       & _mm512_cmp_pd_mask (_mm512_abs_pd (b), SET (G_MAXDOUBLE), _CMP_LE_OQ);

      _mm512_storeu_pd (out + i, power (a, b));
      if (G_UNLIKELY (usual != 0xff))
        for (int j = 0; j < 8; j++)
          if ((usual >> j & 1) == 0)
            out[i + j] = pow (a_[i + j], b_[i + j]);
    }
}

/**
 * orr_expr_power_kernel:
 *
 * Returns: (nullable): out = a^b over n points, n a multiple of eight, within 2 units in
 * the last place; %NULL where the machine has no use for it
 */
OrrExprKernel
orr_expr_power_kernel (void)
{
  return orr_vector_level () == ORR_VECTOR_LEVEL_AVX512 ? power_wide : NULL;
}

#else

OrrExprKernel
orr_expr_power_kernel (void)
{
  return NULL;
}

#endif
