/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weights, ranges, locked constants and confidence bands, against closed forms and simulation. */
#include <math.h>
#include <string.h>

#include "orr-expr-band.h"
#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"
#include "orr-random.h"

#define N 40

static OrrExpr *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  OrrExpr *expr = orr_expr_parse (text, NULL, 0, NULL, &error);

  g_assert_no_error (error);
  return expr;
}

static guint
find_constant (const OrrExpr *expr, guint which)
{
  for (guint i = 0; i < expr->n_nodes; i++)
    if (expr->nodes[i].op == ORR_EXPR_OP_CONSTANT && which-- == 0)
      return i;
  g_assert_not_reached ();
}

static void
fill (double *x, double *y, const char *law, double noise, guint64 seed)
{
  g_autoptr (OrrExpr) expr = parse (law);

  for (guint i = 0; i < N; i++)
    x[i] = 0.1 + 4.0 * i / (N - 1);
  g_assert_true (orr_expr_eval (expr, x, N, N, y));
  for (guint i = 0; i < N; i++)
    y[i] += noise * orr_random_normal (seed, ORR_RANDOM_STREAM_TEST, i);
}

/* A straight line: its covariance and its band are in every textbook. */
static void
test_line (void)
{
  double x[N], y[N], at[3] = { -1.0, 2.0, 7.0 }, errors[3], mean = 0.0, sxx = 0.0;
  OrrSamples samples = { x, N, 1, y, N };
  g_autoptr (OrrExpr) line = parse ("c*x_1 + c");

  fill (x, y, "2*x_1 - 3", 0.5, 1);
  g_autoptr (OrrExpr) fitted = orr_expr_fit (line, &samples, NULL, NULL);
  g_autoptr (OrrExprBand) band = orr_expr_band_new (fitted, &samples);
  for (guint i = 0; i < N; i++)
    mean += x[i] / N;
  for (guint i = 0; i < N; i++)
    sxx += (x[i] - mean) * (x[i] - mean);
  double s2 = orr_expr_band_chi_squared (band) / (N - 2);

  g_assert_cmpuint (orr_expr_band_freedom (band), ==, N - 2);
  g_assert_cmpfloat_with_epsilon (orr_expr_band_covariance (band, 0, 0), s2 / sxx, 1e-10 * s2);
  g_assert_cmpfloat_with_epsilon (orr_expr_band_covariance (band, 1, 1), s2 * (1.0 / N + mean * mean / sxx), 1e-10 * s2);
  g_assert_cmpfloat_with_epsilon (orr_expr_band_covariance (band, 0, 1), -s2 * mean / sxx, 1e-10 * s2);
  orr_expr_band_eval (band, at, 3, 3, errors);
  for (guint k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon (errors[k], sqrt (s2 * (1.0 / N + (at[k] - mean) * (at[k] - mean) / sxx)), 1e-10);
  for (guint k = 0; k < 2; k++)
    g_assert_cmpfloat_with_epsilon (fitted->nodes[find_constant (fitted, k)].standard_error,
                                    sqrt (orr_expr_band_covariance (band, k, k)), 1e-8);
  /* Of 38 degrees of freedom, from a table of Student's t. */
  g_assert_cmpfloat_with_epsilon (orr_expr_band_factor (band, 0.95), 2.0244, 1e-4);
}

/* The spread of a nonlinear law's values over 3000 repetitions of the experiment. */
static void
test_simulation (void)
{
  enum { REPEATS = 3000 };
  double x[N], y[N], at[5] = { 0.0, 0.5, 1.5, 3.0, 5.0 }, errors[5], values[5], sums[5] = { 0 }, squares[5] = { 0 };
  OrrSamples samples = { x, N, 1, y, N };
  g_autoptr (OrrExpr) law = parse ("c*exp(c*x_1) + c");
  OrrExprFit fit;

  fill (x, y, "3*exp(-0.8*x_1) + 1", 0.0, 1);
  for (guint i = 0; i < N; i++)
    y[i] += 0.1 * orr_random_normal (99, ORR_RANDOM_STREAM_TEST, i);
  g_autoptr (OrrExpr) fitted = orr_expr_fit (law, &samples, NULL, NULL);
  for (guint r = 0; r < REPEATS; r++)
    {
      fill (x, y, "3*exp(-0.8*x_1) + 1", 0.1, 1000 + r);
      g_autoptr (OrrExprFitter) fitter = orr_expr_fitter_new (&samples);
      g_assert_true (orr_expr_fitter_run (fitter, fitted, &orr_expr_fit_glance, TRUE, &fit));
      g_autoptr (OrrExpr) again = orr_expr_set_constants (fitted, fit.constants, fit.standard_errors);
      orr_expr_eval (again, at, 5, 5, values);
      for (guint k = 0; k < 5; k++)
        {
          sums[k] += values[k];
          squares[k] += values[k] * values[k];
        }
    }

  /* The true law with the true noise, as if its residuals had been measured exactly. */
  double weights[N];
  for (guint i = 0; i < N; i++)
    weights[i] = 1.0 / (0.1 * 0.1);
  samples.weights = weights;
  samples.absolute = TRUE;
  double truth[3] = { 3.0, -0.8, 1.0 };
  g_autoptr (OrrExpr) true_law = orr_expr_set_constants (law, truth, NULL);
  g_autoptr (OrrExprBand) band = orr_expr_band_new (true_law, &samples);
  orr_expr_band_eval (band, at, 5, 5, errors);
  for (guint k = 0; k < 5; k++)
    {
      double spread = sqrt (squares[k] / REPEATS - pow (sums[k] / REPEATS, 2));

      g_test_message ("at %g: simulated %.5f, band %.5f", at[k], spread, errors[k]);
      g_assert_cmpfloat (fabs (errors[k] / spread - 1.0), <, 0.06);
    }
  g_assert_cmpfloat_with_epsilon (orr_expr_band_factor (band, 0.95), 1.95996, 1e-4);
}

/* A mean with known errors: sum(w y) / sum(w) +- 1 / sqrt(sum(w)). */
static void
test_weights (void)
{
  double x[N] = { 0.0 }, y[N], weights[N], sum = 0.0, mean = 0.0, chi2 = 0.0;
  OrrSamples samples = { x, N, 1, y, N, weights, TRUE };
  g_autoptr (OrrExpr) constant = parse ("c");
  OrrExprFit fit;

  for (guint i = 0; i < N; i++)
    {
      weights[i] = 1.0 / (0.1 + 0.05 * i);
      y[i] = 5.0 + orr_random_normal (3, ORR_RANDOM_STREAM_TEST, i) / sqrt (weights[i]);
      sum += weights[i];
      mean += weights[i] * y[i];
    }
  mean /= sum;
  for (guint i = 0; i < N; i++)
    chi2 += weights[i] * (y[i] - mean) * (y[i] - mean);
  g_autoptr (OrrExpr) fitted = orr_expr_fit (constant, &samples, &fit, NULL);
  g_assert_cmpfloat_with_epsilon (fitted->nodes[0].value, mean, 1e-12);
  g_assert_cmpfloat_with_epsilon (fitted->nodes[0].standard_error, 1.0 / sqrt (sum), 1e-12);
  g_assert_cmpfloat_with_epsilon (fit.sse, chi2, 1e-9);

  samples.absolute = FALSE;
  g_autoptr (OrrExpr) relative = orr_expr_fit (constant, &samples, &fit, NULL);
  g_assert_cmpfloat_with_epsilon (relative->nodes[0].standard_error, sqrt (chi2 / (N - 1) / sum), 1e-12);

  /* Rows with next to no weight do not move a nonlinear fit. */
  fill (x, y, "3*exp(-0.8*x_1) + 1", 0.0, 1);
  for (guint i = 0; i < N; i++)
    {
      weights[i] = i % 4 == 0 ? 1e-12 : 1.0;
      y[i] += i % 4 == 0 ? 50.0 : 0.0;
    }
  g_autoptr (OrrExpr) law = parse ("c*exp(c*x_1) + c");
  g_autoptr (OrrExpr) robust = orr_expr_fit (law, &samples, &fit, NULL);
  g_assert_cmpfloat_with_epsilon (robust->nodes[find_constant (robust, 1)].value, -0.8, 1e-6);
}

static OrrExpr *
fit_in_range (const char *law, guint which, double low, double high, const OrrSamples *samples, OrrExprFit *fit)
{
  g_autoptr (OrrExpr) expr = parse (law);
  g_autoptr (OrrExpr) ranged = orr_expr_set_range (expr, find_constant (expr, which), low, high);
  g_autoptr (GError) error = NULL;
  OrrExpr *fitted = orr_expr_fit (ranged, samples, fit, &error);

  g_assert_no_error (error);
  return fitted;
}

/* Inside the range as without one; outside at its end, with the others as if it were given. */
static void
test_ranges (void)
{
  static const struct
  {
    double low, high, expected;
  } cases[] = {
    { -2.0, 0.0, -0.8 },  { -INFINITY, 0.0, -0.8 },  { -1.0, INFINITY, -0.8 }, { -0.5, 0.5, -0.5 },
    { -0.5, INFINITY, -0.5 }, { -INFINITY, -1.25, -1.25 }, { -3.0, -1.25, -1.25 },
  };
  double x[N], y[N];
  OrrSamples samples = { x, N, 1, y, N };

  fill (x, y, "3*exp(-0.8*x_1) + 1", 0.0, 1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OrrExprFit fit, given_fit;
      g_autoptr (OrrExpr) fitted = fit_in_range ("c*exp(c*x_1) + c", 1, cases[i].low, cases[i].high, &samples, &fit);
      g_autofree char *text = g_strdup_printf ("c*exp(%.17g*x_1) + c", cases[i].expected);
      g_autoptr (OrrExpr) given = parse (text);
      g_autoptr (OrrExpr) given_fitted = orr_expr_fit (given, &samples, &given_fit, NULL);
      const OrrExprNode *node = &fitted->nodes[find_constant (fitted, 1)];

      g_test_message ("[%g, %g]: %.9g", cases[i].low, cases[i].high, node->value);
      g_assert_cmpfloat_with_epsilon (node->value, cases[i].expected, 1e-6);
      g_assert_cmpfloat (node->value, >=, cases[i].low);
      g_assert_cmpfloat (node->value, <=, cases[i].high);
      g_assert_cmpfloat (fit.sse, <=, given_fit.sse * (1.0 + 1e-9) + 1e-9);
      g_assert_cmpint (isnan (node->standard_error), ==, cases[i].expected != -0.8);
      g_assert_cmpfloat_with_epsilon (fitted->nodes[find_constant (fitted, 0)].value,
                                      given_fitted->nodes[find_constant (given_fitted, 0)].value, 1e-4);
    }
}

/* A factor of the whole has a range, too; frequencies are looked for within theirs. */
static void
test_ranges_linear (void)
{
  double x[N], y[N];
  OrrSamples samples = { x, N, 1, y, N };
  OrrExprFit fit;

  fill (x, y, "2.5*sin(6*x_1) + 0.4*x_1", 0.0, 1);
  g_autoptr (OrrExpr) low = fit_in_range ("c*sin(c*x_1) + c*x_1", 0, 0.0, 2.0, &samples, &fit);
  g_assert_cmpfloat_with_epsilon (low->nodes[find_constant (low, 0)].value, 2.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (low->nodes[find_constant (low, 1)].value, 6.0, 0.05);
  g_autoptr (OrrExpr) wave = fit_in_range ("c*sin(c*x_1) + c*x_1", 1, 5.5, 6.5, &samples, &fit);
  g_assert_cmpfloat_with_epsilon (wave->nodes[find_constant (wave, 1)].value, 6.0, 1e-6);
  g_assert_cmpfloat (fit.r2, >, 1.0 - 1e-9);
}

/* A locked constant keeps its value whatever the rows say, and has no standard error; unlocked it is fitted. */
static void
test_locked_value (void)
{
  double x[N], y[N];
  OrrSamples samples = { x, N, 1, y, N };
  OrrExprFit fit;
  g_autoptr (OrrExpr) law = parse ("c*exp(c*x_1) + c");

  fill (x, y, "3*exp(-0.8*x_1) + 1", 0.05, 1);
  g_autoptr (OrrExpr) set = orr_expr_set_constant (law, find_constant (law, 1), -0.5);
  g_autoptr (OrrExpr) locked = orr_expr_set_locked (set, find_constant (set, 1), TRUE, FALSE);
  g_autoptr (OrrExpr) given = parse ("c*exp(-0.5*x_1) + c");
  g_autoptr (OrrExpr) fitted = orr_expr_fit (locked, &samples, &fit, NULL);
  double sse = fit.sse;
  g_autoptr (OrrExpr) expected = orr_expr_fit (given, &samples, &fit, NULL);

  g_assert_cmpuint (orr_expr_constant_slots (locked, NULL), ==, 2);
  g_assert_cmpfloat (fitted->nodes[find_constant (fitted, 1)].value, ==, -0.5);
  g_assert_true (isnan (fitted->nodes[find_constant (fitted, 1)].standard_error));
  g_assert_cmpfloat_with_epsilon (sse, fit.sse, 1e-12);
  g_assert_cmpfloat_with_epsilon (fitted->nodes[find_constant (fitted, 0)].value,
                                  expected->nodes[find_constant (expected, 0)].value, 1e-12);

  g_autoptr (OrrExpr) unlocked = orr_expr_set_locked (fitted, find_constant (fitted, 1), FALSE, FALSE);
  g_autoptr (OrrExpr) free = orr_expr_fit (unlocked, &samples, &fit, NULL);
  g_assert_cmpfloat (fit.sse, <, sse);
  g_assert_cmpfloat_with_epsilon (free->nodes[find_constant (free, 1)].value, -0.8, 0.1);

  /* Locked as part of a subtree: new constants stay free, those with a value keep it. */
  g_autoptr (OrrExpr) form = orr_expr_set_locked (law, 0, TRUE, TRUE);
  g_autoptr (OrrExpr) values = orr_expr_set_locked (free, 0, TRUE, TRUE);
  g_assert_cmpuint (orr_expr_constant_slots (form, NULL), ==, 3);
  g_assert_cmpuint (orr_expr_constant_slots (values, NULL), ==, 0);
  /* A band of no constants is none. */
  g_assert_null (orr_expr_band_new (values, &samples));
}

/* Typing keeps what is the same: identities, values, locks. */
static void
test_adopt (void)
{
  g_autoptr (OrrExpr) law = parse ("c*exp(c*x_1) + c");
  g_autoptr (OrrExpr) set = orr_expr_set_constant (law, find_constant (law, 1), -0.5);
  g_autoptr (OrrExpr) old = orr_expr_set_locked (set, find_constant (set, 1), TRUE, FALSE);
  g_autoptr (OrrExpr) typed = parse ("c*exp(c*x_1) + sin(x_1)");
  g_autoptr (OrrExpr) next = orr_expr_adopt (typed, old);

  g_assert_true (orr_expr_equal (next, typed));
  g_assert_cmpfloat (next->nodes[find_constant (next, 1)].value, ==, -0.5);
  g_assert_cmpint (next->nodes[find_constant (next, 1)].locked, ==, ORR_EXPR_LOCK_VALUE);
  g_assert_cmpuint (next->nodes[0].id, ==, old->nodes[0].id);
  int sine = next->n_nodes - 2;
  g_assert_cmpint (next->nodes[sine].op, ==, ORR_EXPR_OP_SIN);
  g_assert_cmpint (orr_expr_find (old, next->nodes[sine].id), ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/band/line", test_line);
  g_test_add_func ("/band/simulation", test_simulation);
  g_test_add_func ("/band/weights", test_weights);
  g_test_add_func ("/band/ranges", test_ranges);
  g_test_add_func ("/band/ranges-linear", test_ranges_linear);
  g_test_add_func ("/band/locked-value", test_locked_value);
  g_test_add_func ("/band/adopt", test_adopt);
  return g_test_run ();
}
