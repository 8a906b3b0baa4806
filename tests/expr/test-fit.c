/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-expr-compare.h"
#include "orr-expr-fit.h"
#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"
#include "orr-random.h"

#define N 120

static double x[2 * N], y[N];

static OrrExpr *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  OrrExpr *expr = orr_expr_parse (text, NULL, 0, NULL, &error);

  g_assert_no_error (error);
  return expr;
}

/* Rows of @law over [low, high], with normal noise. */
static OrrSamples
make (const char *law, double low, double high, double noise)
{
  g_autoptr (OrrExpr) expr = parse (law);

  for (guint k = 0; k < 2 * N; k++)
    x[k] = low + (high - low) * orr_random_uniform (17, ORR_RANDOM_STREAM_TEST, k);
  g_assert_true (orr_expr_eval (expr, x, N, N, y));
  for (guint k = 0; k < N; k++)
    {
      g_assert_true (isfinite (y[k]));
      y[k] += noise * orr_random_normal (23, ORR_RANDOM_STREAM_TEST, k);
    }
  return (OrrSamples){ x, N, 2, y, N };
}

/* Skeletons whose constants one descent from 1 would miss: frequencies, phases, rates, exponents, roots. */
static void
test_recovery (void)
{
  static const struct { const char *law, *skeleton; double low, high; } cases[] = {
    { "2.5*sin(1.3*x_1) + 0.4*x_1", "c*sin(c*x_1) + c*x_1", -10, 10 },
    { "3.39*x_1^3 + 2.12*x_1^2 + 1.78*x_1", "c*x_1^3 + c*x_1^2 + c*x_1", -10, 10 },
    { "sin(1.5*x_1)*cos(0.5*x_2)", "sin(c*x_1)*cos(c*x_2)", -10, 10 },
    { "2*sin(1.3*x_1)*cos(x_2)", "c*sin(c*x_1)*cos(c*x_2)", 0, 1 },
    { "1.7*sin(4.2*x_1 + 0.9) - 3", "c*sin(c*x_1 + c) + c", -5, 5 },
    { "0.3*x_1*sin(2*pi*x_1)", "c*x_1*sin(c*x_1)", -1, 1 },
    { "x_1^0.426", "x_1^c", 0.1, 10 },
    { "5*exp(-0.7*x_1) + 1", "c*exp(c*x_1) + c", 0, 5 },
    { "ln(x_1 + 1.4) + ln(x_1^2 + 1.3)", "ln(x_1 + c) + ln(x_1^2 + c)", 0, 5 },
    { "8/(2 + x_1^2 + x_2^2)", "c/(c + x_1^2 + x_2^2)", -3, 3 },
    { "sqrt(1.23*x_1)", "sqrt(c*x_1)", 0.1, 10 },
    /* Poles: a few rows hold nearly all of the variance. */
    { "tan(-1.31*x_1*x_2^2)", "tan(c*x_1*x_2^2)", -10, 10 },
    { "2.84*x_1*tan(5.61*x_1)", "c*x_1*tan(c*x_1)", -10, 10 },
    { "cos(x_1)/(ln(cosh(x_1)) - 0.246)", "cos(x_1)/(ln(cosh(x_1)) + c)", -10, 10 },
    { "4.2/(1 + exp(-2*(x_1 - 1.5)))", "c/(1 + exp(c*(x_1 - c)))", -3, 6 },
    { "exp(-(x_1/x_2)^2/2)/(sqrt(2*pi)*x_2)", "c*exp(c*(x_1/x_2)^2)/x_2", 1, 3 },
    { "1.5*cos(7.7*x_1)", "c*cos(c*x_1)", -3, 3 },
    /* Hundreds of waves over the rows; a sign that matters; poles; two that must be right together. */
    { "cos(x_1 - 1.034*x_2^3)", "cos(x_1 + c*x_2^3)", -10, 10 },
    { "x_1 + cos(1.605*x_1*(x_2 + tan(x_2)))", "x_1 + cos(c*x_1*(x_2 + tan(x_2)))", -10, 10 },
    { "2 - 3*sin(x_1 - 2.3*x_2)", "c + c*sin(x_1 + c*x_2)", -10, 10 },
    { "tan(2*x_1 - 3.63) + 3", "tan(2*x_1 + c) + 3", -10, 10 },
    { "(2.9*x_2/x_1)^cos(0.795*x_2)", "(c*x_2/x_1)^cos(c*x_2)", 0.5, 10 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OrrSamples samples = make (cases[i].law, cases[i].low, cases[i].high, 0.0);
      g_autoptr (OrrExpr) skeleton = parse (cases[i].skeleton), law = parse (cases[i].law);
      g_autoptr (GError) error = NULL;
      OrrExprFit fit;
      const double low[2] = { cases[i].low, cases[i].low }, high[2] = { cases[i].high, cases[i].high };
      g_autoptr (OrrExpr) fitted = orr_expr_fit (skeleton, &samples, &fit, &error);

      g_assert_no_error (error);
      g_autofree char *text = orr_expr_to_text (fitted, NULL, 0);
      g_test_message ("%s: %s, R2 = 1 - %.1e", cases[i].law, text, 1.0 - fit.r2);
      g_assert_cmpfloat (1.0 - fit.r2, <, 1e-10);
      g_assert_cmpint (orr_expr_compare (law, fitted, low, high, 1e-5, 3), !=, ORR_EXPR_DIFFERENT);
    }
}

/* A straight line: closed forms for constants and their standard errors. */
static void
test_standard_errors (void)
{
  OrrSamples samples = make ("2*x_1 + 3", -1, 4, 0.5);
  g_autoptr (OrrExpr) line = parse ("c*x_1 + c"), bent = parse ("ln(exp(c*x_1 + c))");
  double sx = 0, sy = 0, sxx = 0, sxy = 0, sse = 0;
  OrrExprFit fit, other;

  for (guint i = 0; i < N; i++)
    {
      sx += x[i];
      sy += y[i];
      sxx += x[i] * x[i];
      sxy += x[i] * y[i];
    }
  double slope = (N * sxy - sx * sy) / (N * sxx - sx * sx), offset = (sy - slope * sx) / N;
  for (guint i = 0; i < N; i++)
    sse += (y[i] - slope * x[i] - offset) * (y[i] - slope * x[i] - offset);
  double variance = sse / (N - 2), spread = sxx - sx * sx / N;

  g_autoptr (OrrExpr) fitted = orr_expr_fit (line, &samples, &fit, NULL);
  g_assert_cmpfloat (fabs (fit.constants[0] - slope), <, 1e-10);
  g_assert_cmpfloat (fabs (fit.constants[1] - offset), <, 1e-10);
  g_assert_cmpfloat (fabs (fit.sse - sse), <, 1e-9);
  g_assert_cmpfloat (fabs (fit.standard_errors[0] - sqrt (variance / spread)), <, 1e-10);
  g_assert_cmpfloat (fabs (fit.standard_errors[1] - sqrt (variance * sxx / (N * spread))), <, 1e-10);

  /* The same line where the constants are nonlinear to the fitter. */
  g_autoptr (OrrExpr) refitted = orr_expr_fit (bent, &samples, &other, NULL);
  g_assert_nonnull (refitted);
  g_assert_cmpfloat (fabs (other.constants[0] - slope), <, 1e-6);
  g_assert_cmpfloat (fabs (other.standard_errors[0] / fit.standard_errors[0] - 1.0), <, 1e-4);
}

/* Fits of curves to rows with noise, whose constants and standard errors SciPy finds by its own means. */
static const struct
{
  const char *law, *skeleton, *python, *start;
  double      low, high, noise;
} curves[] = {
  { "4.2/(1 + exp(-2*(x_1 - 1.5)))", "c/(1 + exp(c*(x_1 - c)))", "a/(1 + np.exp(b*(x - c)))", "[4, -1.5, 1]", -3, 6, 0.1 },
  { "5*exp(-0.7*x_1) + 1", "c*exp(c*x_1) + c", "a*np.exp(b*x) + c", "[4, -1, 0]", 0, 5, 0.2 },
  { "1.7*sin(4.2*x_1) + 0.3*x_1 - 3", "c*sin(c*x_1) + c*x_1 + c", "a*np.sin(b*x) + c*x + d", "[1.5, 4.1, 0, -2]", -5, 5, 0.3 },
  { "2*x_1^1.5 + 0.3", "c*x_1^c + c", "a*x**b + c", "[1, 1, 0]", 0.2, 9, 0.5 },
};

static char *
run_scipy (const char *rows)
{
  g_autoptr (GString) script = g_string_new ("import numpy as np\nfrom scipy.optimize import curve_fit\n");
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status = 0;

  g_string_append (script, rows);
  const char *const argv[] = { "/usr/bin/python3", "-I", "-c", script->str, NULL };
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, &status, &error)
      || status != 0)
    g_clear_pointer (&output, g_free);
  return output;
}

static void
test_scipy (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    {
      OrrSamples samples = make (curves[i].law, curves[i].low, curves[i].high, curves[i].noise);
      g_autoptr (OrrExpr) skeleton = parse (curves[i].skeleton);
      g_autoptr (GString) rows = g_string_new ("x, y = np.array([");
      OrrExprFit fit;

      for (guint k = 0; k < N; k++)
        g_string_append_printf (rows, "[%.17g, %.17g], ", x[k], y[k]);
      g_string_append_printf (rows, "]).T\ndef f(x, %s): return %s\n", strchr (curves[i].python, 'd') != NULL ? "a, b, c, d" : "a, b, c", curves[i].python);
      g_string_append_printf (rows, "p, v = curve_fit(f, x, y, %s, ftol=1e-14, xtol=1e-14, gtol=1e-14)\n", curves[i].start);
      g_string_append (rows, "for u, s in zip(p, np.sqrt(np.diag(v))): print(repr(float(u)), repr(float(s)))\n");

      g_autoptr (OrrExpr) fitted = orr_expr_fit (skeleton, &samples, &fit, NULL);
      g_assert_nonnull (fitted);
      g_autofree char *output = run_scipy (rows->str);
      if (output == NULL)
        {
          g_test_skip ("Python with SciPy is not here");
          return;
        }
      g_auto (GStrv) lines = g_strsplit (g_strchomp (output), "\n", -1);
      g_assert_cmpuint (g_strv_length (lines), ==, fit.n_constants);
      for (guint s = 0; s < fit.n_constants; s++)
        {
          char *end;
          double value = g_ascii_strtod (lines[s], &end), standard_error = g_ascii_strtod (end, NULL);

          g_test_message ("%s: %g +- %g, SciPy %g +- %g", curves[i].skeleton, fit.constants[s], fit.standard_errors[s], value,
                          standard_error);
          g_assert_cmpfloat (fabs (fit.constants[s] - value), <, 1e-5 * fabs (value));
          g_assert_cmpfloat (fabs (fit.standard_errors[s] / standard_error - 1.0), <, 1e-3);
        }
    }
}

/* A table too long for all starts to be tried on every row: the same constants and errors as with every row. */
static void
test_long (void)
{
  const gsize n = 30000;
  g_autofree double *columns = g_new (double, n), *target = g_new (double, n);
  g_autoptr (OrrExpr) law = parse ("2.5*sin(13*x_1) + 0.4*x_1"), skeleton = parse ("c*sin(c*x_1) + c*x_1");
  const OrrSamples samples = { columns, n, 1, target, n };
  OrrExprFit fit, all;

  /* In order, as measured series are. */
  for (gsize i = 0; i < n; i++)
    columns[i] = 5.0 * i / n;
  orr_expr_eval (law, columns, n, n, target);
  for (gsize i = 0; i < n; i++)
    target[i] += 0.3 * orr_random_normal (29, ORR_RANDOM_STREAM_TEST, i);
  g_autoptr (OrrExprFitter) fitter = orr_expr_fitter_new (&samples);
  g_assert_true (orr_expr_fitter_run (fitter, skeleton, &orr_expr_fit_thorough, TRUE, &all));
  g_autoptr (OrrExpr) fitted = orr_expr_fit (skeleton, &samples, &fit, NULL);
  g_assert_nonnull (fitted);
  for (guint s = 0; s < 3; s++)
    {
      g_assert_cmpfloat (fabs (fit.constants[s] - all.constants[s]), <, 1e-6 * fabs (all.constants[s]));
      g_assert_cmpfloat (fabs (fit.standard_errors[s] / all.standard_errors[s] - 1.0), <, 1e-5);
    }

  /* Rows that are left out of the first look may be the ones where it is not defined. */
  columns[1] = -0.5;
  g_autoptr (OrrExpr) root = parse ("c*sqrt(x_1) + c");
  g_assert_null (orr_expr_fit (root, &samples, &fit, NULL));
}

static void
check_tidy (const char *law, const char *skeleton, double noise, const char *expected)
{
  OrrSamples samples = make (law, 0.5, 6, noise);
  g_autoptr (OrrExprFitter) fitter = orr_expr_fitter_new (&samples);
  g_autoptr (OrrExpr) expr = parse (skeleton);
  OrrExprFit fit;

  g_assert_true (orr_expr_fitter_run (fitter, expr, &orr_expr_fit_thorough, FALSE, &fit));
  g_autoptr (OrrExpr) tidy = orr_expr_fitter_tidy (fitter, expr, &fit);
  for (guint s = 0; s < fit.n_constants; s++)
    g_test_message ("%g +- %g", fit.constants[s], fit.standard_errors[s]);
  g_autofree char *text = orr_expr_to_skeleton (tidy, NULL, 0);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_tidy (void)
{
  check_tidy ("2*x_1 + 3", "c*x_1 + c*x_1^2 + c", 0.0, "2*x_1 + 3");
  check_tidy ("x_1^3/5 - x_2", "c*x_1^3 + c*x_2 + c*ln(x_1) + c", 0.0, "x_1^3/5 - x_2");
  check_tidy ("sin(2*pi*x_1)", "c*sin(c*x_1)", 0.0, "sin(2*pi*x_1)");
  /* 2.4317 is no round number, whatever is near it. */
  check_tidy ("2.4317*x_1 + 3", "c*x_1 + c", 0.0, "c*x_1 + 3");
  /* Noise of 0.5: the square vanishes, 2 is a good reading of the slope, but the offset is too uncertain to call it 3. */
  check_tidy ("2*x_1 + 3", "c*x_1 + c*x_1^2 + c", 0.5, "2*x_1 + c");
}

static void
test_ranges_and_sharing (void)
{
  OrrSamples samples = make ("2*x_1*exp(2*x_1)", 0, 1, 0.0);
  g_autoptr (OrrExpr) shared = parse ("c_1*x_1*exp(c_1*x_1)"), single = parse ("c*x_1*exp(2*x_1)");
  OrrExprFit fit;

  g_autoptr (OrrExpr) fitted = orr_expr_fit (shared, &samples, &fit, NULL);
  g_assert_cmpuint (fit.n_constants, ==, 1);
  g_assert_cmpfloat (fabs (fit.constants[0] - 2.0), <, 1e-8);
  g_assert_cmpfloat (fitted->nodes[2].value, ==, fit.constants[0]);

  int at = 0;
  while (single->nodes[at].op != ORR_EXPR_OP_CONSTANT)
    at++;
  g_autoptr (OrrExpr) bounded = orr_expr_set_range (single, at, -1.0, 1.5);
  g_autoptr (OrrExpr) at_bound = orr_expr_fit (bounded, &samples, &fit, NULL);
  g_assert_nonnull (at_bound);
  g_assert_cmpfloat (fabs (fit.constants[0] - 1.5), <, 1e-6);
}

static void
test_errors (void)
{
  OrrSamples samples = make ("x_1", -1, 1, 0.0);
  g_autoptr (OrrExpr) open = parse ("c + ?"), beyond = parse ("c*x_3"), nowhere = parse ("ln(-x_1^2) + c");
  g_autoptr (GError) a = NULL, b = NULL, c = NULL;

  g_assert_null (orr_expr_fit (open, &samples, NULL, &a));
  g_assert_error (a, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_null (orr_expr_fit (beyond, &samples, NULL, &b));
  g_assert_error (b, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_null (orr_expr_fit (nowhere, &samples, NULL, &c));
  g_assert_error (c, ORR_ERROR, ORR_ERROR_NUMERIC);
}

static void
test_compare (void)
{
  static const struct { const char *a, *b; gboolean equal; } pairs[] = {
    { "(x_1 + 1)^2", "x_1^2 + 2*x_1 + 1", TRUE },
    { "sin(x_1)^2 + cos(x_1)^2", "1", TRUE },
    { "ln(x_1) + ln(x_2)", "ln(x_1*x_2)", TRUE },
    { "sqrt(x_1^2)", "abs(x_1)", TRUE },
    { "x_1 - x_2", "-(x_2 - x_1)", TRUE },
    { "exp(x_1)*exp(x_2)", "exp(x_1 + x_2)", TRUE },
    { "(x_1 + 1)^3/(x_1^2 - x_1 + 1)", "(x_1^3 + 3*x_1^2 + 3*x_1 + 1)/(1 - x_1 + x_1^2)", TRUE },
    { "x_1", "x_1 + 0.001", FALSE },
    { "sin(x_1)", "x_1 - x_1^3/6 + x_1^5/120", FALSE },
    { "abs(x_1)", "x_1", FALSE },
    { "tanh(x_1)", "x_1/(1 + abs(x_1))", FALSE },
    { "x_1^2", "x_1^2.001", FALSE },
    /* Below -15 rounding has taken all digits of the first: what is left of them says nothing. */
    { "x_1/(coth(3*x_1) + 1)", "x_1*(0.5 - exp(-6*x_1)/2)", TRUE },
    { "x_1/(coth(3*x_1) + 1)", "x_1*(0.5 - exp(-6.01*x_1)/2)", FALSE },
    { "1e16*(cos(1e-7*x_1) - 1)", "-50*x_1^2", FALSE },
  };
  const double low[2] = { -3, -3 }, high[2] = { 3, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (OrrExpr) a = parse (pairs[i].a), b = parse (pairs[i].b);
      OrrExprVerdict verdict = orr_expr_compare (a, b, low, high, 1e-6, 7);
      g_test_message ("%s and %s: %d", pairs[i].a, pairs[i].b, verdict);
      g_assert_true ((verdict != ORR_EXPR_DIFFERENT) == pairs[i].equal);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fit/recovery", test_recovery);
  g_test_add_func ("/fit/standard-errors", test_standard_errors);
  g_test_add_func ("/fit/scipy", test_scipy);
  g_test_add_func ("/fit/long", test_long);
  g_test_add_func ("/fit/tidy", test_tidy);
  g_test_add_func ("/fit/ranges-and-sharing", test_ranges_and_sharing);
  g_test_add_func ("/fit/errors", test_errors);
  g_test_add_func ("/fit/compare", test_compare);
  return g_test_run ();
}
