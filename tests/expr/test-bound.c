/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-expr-power-kernels.h"
#include "orr-expr-program.h"
#include "random-tree.h"

#define N_TREES 3000
#define N_ROUNDS 6

static double
uniform (guint64 stream, guint64 k)
{
  return orr_random_uniform (17, orr_random_substream (ORR_RANDOM_STREAM_TEST, stream), k);
}

static void
assert_same (const double *a, const double *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!(a[i] == b[i] || (isnan (a[i]) && isnan (b[i]))))
      g_error ("%.17g is not %.17g in place %" G_GSIZE_FORMAT, a[i], b[i], i);
}

/* Values kept from call to call are those of a program that keeps nothing, whichever constants move. */
static void
test_bound (void)
{
  static const gsize lengths[] = { 1, 7, 64, 100, 256, 259, 700 };

  for (guint64 i = 0; i < N_TREES; i++)
    {
      g_autoptr (OrrExpr) tree = random_tree (i, 3 + i % 30, FALSE);
      g_autoptr (OrrExprProgram) kept = orr_expr_program_new (tree), plain = orr_expr_program_new (tree);
      gsize n = lengths[i % G_N_ELEMENTS (lengths)], n_constants = orr_expr_program_n_constants (kept);
      g_autofree double *x = g_new (double, 3 * n), *constants = g_new0 (double, n_constants + 1);
      g_autofree double *values[2] = { g_new (double, n), NULL }, *more = g_new (double, n);
      g_autofree double *gradient = g_new0 (double, n_constants * n + 1), *again = g_new0 (double, n_constants * n + 1);
      g_autofree gboolean *wanted = g_new0 (gboolean, n_constants + 1);

      for (gsize k = 0; k < 3 * n; k++)
        x[k] = 8.0 * uniform (i, k) - 3.0;
      orr_expr_program_constants (kept, constants);
      g_assert_true (orr_expr_program_bind (kept, x, n, n));
      for (guint round = 0; round < N_ROUNDS; round++)
        {
          for (gsize k = 0; k < n_constants; k++)
            {
              if (uniform (i, 10000 + round * 100 + 2 * k) < 0.4)
                constants[k] = 4.0 * uniform (i, 20000 + round * 100 + k) - 2.0;
              wanted[k] = uniform (i, 10001 + round * 100 + 2 * k) < 0.5;
            }
          orr_expr_program_want (kept, wanted);
          orr_expr_program_want (plain, wanted);
          orr_expr_program_eval_bound (kept, constants, values[0], round % 2 == 0 ? gradient : NULL);
          orr_expr_program_eval (plain, constants, x, n, n, more);
          assert_same (values[0], more, n);
          if (round % 2 != 0)
            continue;
          orr_expr_program_eval_gradient (plain, constants, x, n, n, more, again);
          for (gsize k = 0; k < n_constants; k++)
            if (wanted[k])
              assert_same (gradient + k * n, again + k * n, n);
        }
    }
}

static void
test_too_long (void)
{
  g_autoptr (OrrExpr) tree = random_tree (1, 5, FALSE);
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (tree);
  double x[3] = { 0.0 };

  g_assert_false (orr_expr_program_bind (program, x, 0, 1000000));
  g_assert_false (orr_expr_program_bind (program, x, 0, 0));
}

/* Units in the last place between @got and the true power, which long doubles know much better. */
static double
error_of (double got, double a, double b)
{
  long double want = powl (a, b);
  double near = (double) want;

  if (got == near || (isnan (got) && isnan (near)))
    return 0.0;
  if (!isfinite (near) || !isfinite (got))
    return INFINITY;
  return (double) (fabsl (got - want) / (nextafter (fabs (near), INFINITY) - fabs (near)));
}

static void
check_powers (OrrExprKernel kernel, const double *a, const double *b)
{
  double out[8];

  kernel (a, b, out, 8);
  for (guint k = 0; k < 8; k++)
    if (!(error_of (out[k], a[k], b[k]) <= 2.0))
      g_error ("%.17g^%.17g came out as %.17g, not %.17Lg", a[k], b[k], out[k], powl (a[k], b[k]));
}

static void
test_powers (void)
{
  OrrExprKernel kernel = orr_expr_power_kernel ();
  static const double special[] = { 0.0, -0.0, 1.0, -1.0, INFINITY, -INFINITY, NAN, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 1e-310,
                                    -1e-310, 5e-324, 1e300, -1e300, 1e-300, 0x1p53, 0x1p53 + 2.0, 1.5, -1.5, G_MAXDOUBLE,
                                    709.8, -745.1, 1e5, -1e5, 1.0 - 0x1p-53, 1.0 + 0x1p-52, 0.984375, 1.03125, 1.46875 };
  double a[8], b[8];

  if (kernel == NULL)
    {
      g_test_skip ("this machine leaves powers to the C library");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (special); i++)
    for (guint j = 0; j < G_N_ELEMENTS (special); j++)
      {
        for (guint k = 0; k < 8; k++)
          {
            a[k] = special[(i + 5 * k) % G_N_ELEMENTS (special)];
            b[k] = special[(j + 3 * k) % G_N_ELEMENTS (special)];
          }
        check_powers (kernel, a, b);
      }
  for (guint64 i = 0; i < 200000; i++)
    {
      for (guint k = 0; k < 8; k++)
        {
          double u = uniform (1, 16 * i + k), v = uniform (1, 16 * i + 8 + k);
          switch (i % 5)
            {
            case 0: /* what tables hold */
              a[k] = 3.0 * u;
              b[k] = 6.0 * v - 3.0;
              break;
            case 1: /* bases all over the line */
              a[k] = exp (1400.0 * u - 700.0);
              b[k] = 2.0 * v - 1.0;
              break;
            case 2: /* near 1, where the logarithm loses digits first */
              a[k] = 1.0 + (u - 0.5) * exp2 (-30.0 * v);
              b[k] = 600.0 * (uniform (2, 8 * i + k) - 0.5) / (fabs (a[k] - 1.0) + 1e-14);
              break;
            case 3: /* the largest exponents that leave something */
              a[k] = 0.7 + 0.8 * u;
              b[k] = 4000.0 * v - 2000.0;
              break;
            default:
              a[k] = -10.0 * u;
              b[k] = rint (20.0 * v - 10.0) + (k == 7 ? 0.5 : 0.0);
            }
        }
      check_powers (kernel, a, b);
    }
  /* A dense grid over the places where the logarithm's table changes rows. */
  for (guint i = 0; i < 100000; i++)
    {
      for (guint k = 0; k < 8; k++)
        {
          a[k] = 0.72 + 0.8 * (8 * i + k) / 800000.0;
          b[k] = k % 2 == 0 ? 37.3 : -1250.7;
        }
      check_powers (kernel, a, b);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expr/bound", test_bound);
  g_test_add_func ("/expr/bound/too-long", test_too_long);
  g_test_add_func ("/expr/powers", test_powers);
  return g_test_run ();
}
