/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-simd.h"

#include "orr-expr-column-kernels.h"

#include <math.h>

/*
 * Written with vectors of eight, which the compiler makes of whatever the machine
 * has: so the order of the sums is the same everywhere. Columns are short, some
 * hundred numbers, and what is left over at their end counts: it is read as the last
 * whole vector, with what was read before masked.
 */
#define LANES 8

typedef double Lanes __attribute__ ((vector_size (LANES * sizeof (double)), aligned (8), may_alias));
typedef gint64 Bits __attribute__ ((vector_size (LANES * sizeof (double)), aligned (8), may_alias));

#define INLINE static inline __attribute__ ((always_inline))

/* From the r-th of these on: a mask that keeps the last r of eight. */
static const gint64 masks[2 * LANES] = { 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1 };

#define LOAD(p) (*(const Lanes *) (p))
/* The last @rest numbers of those that end before @end. */
#define LOAD_LAST(end, rest) ((Lanes) (*(const Bits *) ((end) - LANES) & *(const Bits *) (masks + (rest))))

INLINE double
dot (const double *a, const double *b, gsize n)
{
  Lanes first = { 0.0 }, second = { 0.0 };
  double few = 0.0;
  gsize i = 0;

  for (; i + 2 * LANES <= n; i += 2 * LANES)
    {
      first += LOAD (a + i) * LOAD (b + i);
      second += LOAD (a + i + LANES) * LOAD (b + i + LANES);
    }
  if (i + LANES <= n)
    {
      first += LOAD (a + i) * LOAD (b + i);
      i += LANES;
    }
  if (i < n && n >= LANES)
    second += LOAD_LAST (a + n, n - i) * LOAD_LAST (b + n, n - i);
  else
    for (; i < n; i++)
      few += a[i] * b[i];
  first += second;
  return (((first[0] + first[4]) + (first[2] + first[6])) + ((first[1] + first[5]) + (first[3] + first[7]))) + few;
}

INLINE void
add_scaled (double *restrict a, double times, const double *restrict b, gsize n)
{
  gsize i = 0;

  for (; i + LANES <= n; i += LANES)
    *(Lanes *) (a + i) += times * LOAD (b + i);
  if (i < n && n >= LANES)
    *(Lanes *) (a + n - LANES) += times * LOAD_LAST (b + n, n - i);
  else
    for (; i < n; i++)
      a[i] += times * b[i];
}

INLINE void
scale (double *to, double times, const double *from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] = times * from[i];
}

INLINE void
take_out (const double *q, guint k, double *column, gsize n, double *shares)
{
  for (guint j = 0; j < k; j++)
    {
      double share = dot (q + j * n, column, n);

      shares[j] += share;
      add_scaled (column, -share, q + j * n, n);
    }
}

ORR_SIMD_CLONES double
orr_expr_dot (const double *a, const double *b, gsize n)
{
  return dot (a, b, n);
}

/* out = values - y, times @roots where there are any. */
ORR_SIMD_CLONES void
orr_expr_residual (const double *restrict values, const double *restrict y, const double *restrict roots,
                   double *restrict out, gsize n)
{
  if (roots == NULL)
    for (gsize i = 0; i < n; i++)
      out[i] = values[i] - y[i];
  else
    for (gsize i = 0; i < n; i++)
      out[i] = (values[i] - y[i]) * roots[i];
}

/* a += times * b */
ORR_SIMD_CLONES void
orr_expr_add_scaled (double *a, double times, const double *b, gsize n)
{
  add_scaled (a, times, b, n);
}

/**
 * orr_expr_take_out:
 * @q: (array): [k x n] orthonormal columns
 * @column: (inout) (array): [n]
 * @shares: (inout) (array): [k] what @column had of each is added
 *
 * Returns: the sum of squares of what is left of @column
 */
ORR_SIMD_CLONES double
orr_expr_take_out (const double *q, guint k, double *column, gsize n, double *shares)
{
  take_out (q, k, column, n, shares);
  return dot (column, column, n);
}

/**
 * orr_expr_orthonormal:
 * @q: (array): [k x n] orthonormal columns
 * @from: (array): [n]
 * @column: (out) (array): [n] what @from has beside @q, of length 1; all 0 where that is
 *   no more than rounding
 * @shares: (out) (array): [k] what it had of each of @q
 *
 * Modified Gram-Schmidt, once more where little is left after the first time ("twice
 * is enough", Giraud and others 2005).
 *
 * Returns: the length of what is left, NaN where @from has numbers that are not finite
 */
ORR_SIMD_CLONES double
orr_expr_orthonormal (const double *q, guint k, const double *from, double *column, gsize n, double *shares)
{
  double before = dot (from, from, n), after = before;

  if (!isfinite (before))
    return NAN;
  if (k > 0)
    scale (column, 1.0, from, n);
  for (guint j = 0; j < k; j++)
    shares[j] = 0.0;
  for (int round = 0; round < 2 && k > 0; round++)
    {
      double last = after;

      take_out (q, k, column, n, shares);
      after = dot (column, column, n);
      if (after > 0.01 * last)
        break;
    }
  /* A column that the others make up already gets no part. */
  gboolean independent = after > 1e-24 * before && after > 0.0;
  double norm = independent ? sqrt (after) : 0.0;
  scale (column, independent ? 1.0 / norm : 0.0, k > 0 ? column : from, n);
  return norm;
}
