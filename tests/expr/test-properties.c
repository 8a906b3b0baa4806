/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-expr-normal.h"
#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"
#include "random-tree.h"

#define N_TREES 100000
#define N_POINTS 8

static void
test_parse_print (void)
{
  for (guint64 i = 0; i < N_TREES; i++)
    {
      g_autoptr (OrrExpr) tree = random_tree (i, 3 + i % 40, TRUE);
      g_autofree char *text = orr_expr_to_skeleton (tree, NULL, 0);
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrExpr) back = orr_expr_parse (text, NULL, 0, NULL, &error);

      if (back == NULL || !orr_expr_equal (tree, back))
        {
          g_autofree char *again = back != NULL ? orr_expr_to_skeleton (back, NULL, 0) : g_strdup (error->message);
          g_error ("%s came back as %s", text, again);
        }
    }
}

static void
sample_points (guint64 i, double *x)
{
  for (guint k = 0; k < 3 * N_POINTS; k++)
    x[k] = 8.0 * orr_random_uniform (99, orr_random_substream (ORR_RANDOM_STREAM_TEST, i), k) - 3.0;
}

/*
 * Evaluates straight from the definition, to compare the vector code with. Each
 * operator's result is moved by @rounding, up or down, as rounding might.
 */
static double
naive (const OrrExpr *e, guint at, const double *x, gsize stride, double rounding, guint pattern)
{
  const OrrExprNode *node = &e->nodes[at];

  switch (node->op)
    {
    case ORR_EXPR_OP_NUMBER:
    case ORR_EXPR_OP_CONSTANT:
      return node->value;
    case ORR_EXPR_OP_VARIABLE:
      return x[node->index * stride];
    default:
      {
        double a = naive (e, orr_expr_operand (e, at, 0), x, stride, rounding, pattern);
        double b = orr_expr_op_arity (node->op) == 2 ? naive (e, orr_expr_operand (e, at, 1), x, stride, rounding, pattern) : 0.0;
        return orr_expr_eval_op (node->op, a, b) * (1.0 + ((at * 2654435761u) >> (8 + pattern) & 1 ? rounding : -rounding));
      }
    }
}

/* How far rounding alone can move the value at @x: infinitely far where it decides whether there is one. */
static double
wobble (const OrrExpr *e, const double *x, gsize stride)
{
  double spread = 0.0, base = naive (e, 0, x, stride, 0.0, 0);

  for (guint pattern = 0; pattern < 10; pattern++)
    {
      double moved = naive (e, 0, x, stride, 1e-12, pattern);
      spread = isnan (moved) ? INFINITY : MAX (spread, fabs (moved - base));
    }
  return spread;
}

/*
 * What is printed as code reads back, too: people paste Python, C and SymPy. It
 * is the same function, not always the same tree: 1/np.tanh (x) is no coth, and
 * pow (x, 2.0) no x^2.
 */
static void
check_code (OrrExprFormat format, const char *const *names, guint n_names)
{
  static const double x[4] = { 0.7, 1.9, -1.3, G_E };
  guint compared = 0;

  for (guint64 i = 0; i < N_TREES; i++)
    {
      g_autoptr (OrrExpr) tree = random_tree (i, 3 + i % 40, FALSE);
      const OrrExprPrint how = { .format = format };
      g_autofree char *text = orr_expr_print (tree, &how);
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrExpr) back = orr_expr_parse (text, names, n_names, NULL, &error);
      double here, there;

      if (back == NULL)
        g_error ("%s: %s", text, error->message);
      g_assert_true (orr_expr_eval (tree, x, 1, 1, &here));
      g_assert_true (orr_expr_eval (back, x, 1, 1, &there));
      if (isnan (here) || isnan (there))
        continue;
      compared++;
      /* A power as a function and one as products round differently. */
      if (!(fabs (here - there) <= 1e-9 * (1.0 + fabs (here))) && wobble (tree, x, 1) < 1e-7 * (1.0 + fabs (here)))
        g_error ("%s: %.17g, read back %.17g", text, here, there);
    }
  g_assert_cmpuint (compared, >, N_TREES / 4);
}

static void
test_read_code (void)
{
  /* SymPy's E is a name like any other here. */
  static const char *const names[] = { "x_1", "x_2", "x_3", "E" };

  check_code (ORR_EXPR_PYTHON, NULL, 0);
  check_code (ORR_EXPR_C, NULL, 0);
  check_code (ORR_EXPR_SYMPY, names, 4);
}

static void
test_evaluation (void)
{
  guint compared = 0;

  for (guint64 i = 0; i < N_TREES; i++)
    {
      g_autoptr (OrrExpr) tree = random_tree (i, 3 + i % 25, FALSE);
      double x[3 * N_POINTS], y[N_POINTS];

      sample_points (i, x);
      g_assert_true (orr_expr_eval (tree, x, N_POINTS, N_POINTS, y));
      for (guint k = 0; k < N_POINTS; k++)
        {
          double expected = naive (tree, 0, x + k, N_POINTS, 0.0, 0);
          if (isnan (expected) || wobble (tree, x + k, N_POINTS) > 1e-6 * (1.0 + fabs (expected)))
            continue;
          compared++;
          if (!(fabs (y[k] - expected) <= 1e-6 * (1.0 + fabs (expected))))
            {
              g_autofree char *text = orr_expr_to_text (tree, NULL, 0);
              g_error ("%s is %.17g, not %.17g", text, expected, y[k]);
            }
        }
    }
  g_assert_cmpuint (compared, >, N_TREES);
}

static void
check_same_values (const OrrExpr *tree, const OrrExpr *other, guint64 i, guint *compared, const char *what)
{
  double x[3 * N_POINTS];

  sample_points (i, x);
  for (guint k = 0; k < N_POINTS; k++)
    {
      double expected = naive (tree, 0, x + k, N_POINTS, 0.0, 0), value = naive (other, 0, x + k, N_POINTS, 0.0, 0);
      if (isnan (expected) || wobble (tree, x + k, N_POINTS) > 1e-7 * (1.0 + fabs (expected)))
        continue;
      (*compared)++;
      if (!(fabs (value - expected) <= 1e-6 * (1.0 + fabs (expected))) && wobble (other, x + k, N_POINTS) < 1e-7 * (1.0 + fabs (expected)))
        {
          g_autofree char *from = orr_expr_to_text (tree, NULL, 0), *to = orr_expr_to_text (other, NULL, 0);
          g_error ("%s: %s became %s: %.17g became %.17g (x_1 %.17g x_2 %.17g x_3 %.17g)", what, from, to, expected, value,
                   x[k], x[k + N_POINTS], x[k + 2 * N_POINTS]);
        }
    }
}

static void
test_simplify (void)
{
  guint compared = 0, shorter = 0;

  for (guint64 i = 0; i < N_TREES; i++)
    {
      g_autoptr (OrrExpr) tree = random_tree (i, 3 + i % 25, FALSE);
      g_autoptr (OrrExpr) normal = orr_expr_normalize (tree, ORR_EXPR_NORMAL_NONE);
      g_autoptr (OrrExpr) simple = orr_expr_simplify (tree);

      check_same_values (tree, normal, i, &compared, "normal form");
      check_same_values (tree, simple, i, &compared, "simplified");
      g_assert_cmpuint (orr_expr_complexity (simple), <=, orr_expr_complexity (tree));
      shorter += orr_expr_complexity (simple) < orr_expr_complexity (tree);
    }
  g_assert_cmpuint (compared, >, N_TREES);
  g_assert_cmpuint (shorter, >, N_TREES / 4);
}

/* The normal form of a normal form is itself. */
static void
test_idempotent (void)
{
  guint moved = 0;

  for (guint64 i = 0; i < N_TREES; i++)
    {
      g_autoptr (OrrExpr) tree = random_tree (i, 3 + i % 20, FALSE);
      OrrExprNormalFlags flags = i % 2 ? ORR_EXPR_NORMAL_MERGE : ORR_EXPR_NORMAL_NONE;
      g_autoptr (OrrExpr) once = orr_expr_normalize (tree, flags);
      g_autoptr (OrrExpr) twice = orr_expr_normalize (once, flags);
      if (!orr_expr_equal (once, twice))
        {
          moved++;
          if (g_test_verbose ())
            {
              g_autofree char *a = orr_expr_to_skeleton (tree, NULL, 0), *b = orr_expr_to_skeleton (once, NULL, 0),
                              *c = orr_expr_to_skeleton (twice, NULL, 0);
              g_test_message ("%s -> %s -> %s", a, b, c);
            }
        }
    }
  /* Rounding in folded numbers may move a coefficient by its last bit, nothing else may move. */
  g_assert_cmpuint (moved, <, N_TREES / 200);
}

static void
test_derivatives (void)
{
  guint compared = 0, overflown = 0;

  for (guint64 i = 0; i < N_TREES; i++)
    {
      g_autoptr (OrrExpr) tree = random_tree (i, 3 + i % 20, FALSE);
      g_autoptr (OrrExprProgram) program = orr_expr_program_new (tree);
      guint n = orr_expr_program_n_constants (program);
      g_autofree double *c = g_new0 (double, n + 1);
      g_autofree double *gradient = g_new0 (double, n * N_POINTS + 1);
      double x[3 * N_POINTS], y[N_POINTS];

      if (n == 0)
        continue;
      sample_points (i, x);
      orr_expr_program_constants (program, c);
      orr_expr_program_eval_gradient (program, c, x, N_POINTS, N_POINTS, y, gradient);
      for (guint s = 0; s < n; s++)
        {
          double at[4][N_POINTS], center = c[s], h = 1e-4;
          const double steps[4] = { -2 * h, -h, h, 2 * h };
          for (int k = 0; k < 4; k++)
            {
              c[s] = center + steps[k];
              orr_expr_program_eval (program, c, x, N_POINTS, N_POINTS, at[k]);
            }
          c[s] = center;
          for (guint k = 0; k < N_POINTS; k++)
            {
              /* Two step sizes tell how far the difference quotient itself can be trusted. */
              double coarse = (at[3][k] - at[0][k]) / (4 * h), fine = (at[2][k] - at[1][k]) / (2 * h);
              double expected = (4.0 * fine - coarse) / 3.0, scale = 1.0 + fabs (expected) + 1e-3 * fabs (y[k]);
              if (isnan (y[k]) || !(fabs (fine - coarse) < 1e-4 * scale) || !(fabs (y[k]) < 1e6)
                  || wobble (tree, x + k, N_POINTS) > 1e-10 * scale)
                continue;
              /* Something inside left the range of doubles, as in atan (exp (1000)). */
              if (!(fabs (gradient[s * N_POINTS + k]) < 1e12))
                {
                  overflown++;
                  continue;
                }
              compared++;
              if (!(fabs (gradient[s * N_POINTS + k] - expected) < 1e-4 * scale))
                {
                  g_autofree char *text = orr_expr_to_skeleton (tree, NULL, 0);
                  g_error ("%s by constant %u: %.10g, not %.10g (y %g)", text, s, gradient[s * N_POINTS + k], expected, y[k]);
                }
            }
        }
    }
  g_assert_cmpuint (compared, >, N_TREES / 2);
  g_assert_cmpuint (overflown, <, compared / 50);
}

/*
 * The value at a point and its derivatives are the same bits wherever the point
 * stands in a table, and however many threads share it.
 */
static void
test_same_bits (void)
{
  const gsize n = 140003;
  g_autofree double *x = g_new (double, 3 * n), *y = g_new (double, n), *other = g_new (double, n);

  for (gsize k = 0; k < 3 * n; k++)
    x[k] = 8.0 * orr_random_uniform (98, ORR_RANDOM_STREAM_TEST, k) - 3.0;
  for (guint64 i = 0; i < 30; i++)
    {
      g_autoptr (OrrExpr) tree = random_tree (i, 3 + i % 25, FALSE);
      g_autoptr (OrrExprProgram) program = orr_expr_program_new (tree);
      guint n_constants = orr_expr_program_n_constants (program);
      g_autofree double *slopes = g_new0 (double, n_constants * n + 1), *others = g_new0 (double, n_constants * n + 1);

      orr_expr_program_eval (program, NULL, x, n, n, y);
      orr_expr_program_eval_gradient (program, NULL, x, n, n, other, slopes);
      g_assert_cmpmem (y, n * sizeof (double), other, n * sizeof (double));
      for (guint threads = 2; threads <= 3; threads++)
        {
          orr_expr_program_set_threads (program, threads);
          orr_expr_program_eval (program, NULL, x, n, n, other);
          g_assert_cmpmem (y, n * sizeof (double), other, n * sizeof (double));
          orr_expr_program_eval_gradient (program, NULL, x, n, n, other, others);
          g_assert_cmpmem (y, n * sizeof (double), other, n * sizeof (double));
          g_assert_cmpmem (slopes, n_constants * n * sizeof (double), others, n_constants * n * sizeof (double));
        }
      for (gsize k = i; k < n; k += 1999)
        {
          double one, slope[64];

          orr_expr_program_eval (program, NULL, x + k, n, 1, &one);
          g_assert_cmpmem (&one, sizeof one, y + k, sizeof one);
          g_assert_cmpuint (n_constants, <=, G_N_ELEMENTS (slope));
          orr_expr_program_eval_gradient (program, NULL, x + k, n, 1, &one, slope);
          for (guint s = 0; s < n_constants; s++)
            g_assert_cmpmem (&slope[s], sizeof one, &slopes[s * n + k], sizeof one);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expr/parse-print", test_parse_print);
  g_test_add_func ("/expr/read-code", test_read_code);
  g_test_add_func ("/expr/evaluation", test_evaluation);
  g_test_add_func ("/expr/same-bits", test_same_bits);
  g_test_add_func ("/expr/simplify", test_simplify);
  g_test_add_func ("/expr/idempotent", test_idempotent);
  g_test_add_func ("/expr/derivatives", test_derivatives);
  return g_test_run ();
}
