/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-benchmark.h"

#include <float.h>
#include <math.h>
#include <time.h>

#include "orr-dice.h"
#include "orr-error.h"
#include "orr-expr-compare.h"
#include "orr-expr-program.h"
#include "orr-refine.h"

#define N_FRESH 1000
#define RECOVERED 0.9999

const OrrBenchmarkLaw orr_benchmark_laws[] = {
  { "nguyen", "Nguyen 1", "x_1^3 + x_1^2 + x_1", -1, 1 },
  { "nguyen", "Nguyen 2", "x_1^4 + x_1^3 + x_1^2 + x_1", -1, 1 },
  { "nguyen", "Nguyen 3", "x_1^5 + x_1^4 + x_1^3 + x_1^2 + x_1", -1, 1 },
  { "nguyen", "Nguyen 4", "x_1^6 + x_1^5 + x_1^4 + x_1^3 + x_1^2 + x_1", -1, 1 },
  { "nguyen", "Nguyen 5", "sin(x_1^2)*cos(x_1) - 1", -1, 1 },
  { "nguyen", "Nguyen 6", "sin(x_1) + sin(x_1 + x_1^2)", -1, 1 },
  { "nguyen", "Nguyen 7", "ln(x_1 + 1) + ln(x_1^2 + 1)", -1, 1 },
  { "nguyen", "Nguyen 8", "sqrt(x_1)", 0, 4 },
  { "nguyen", "Nguyen 9", "sin(x_1) + sin(x_2^2)", 0, 1 },
  { "nguyen", "Nguyen 10", "2*sin(x_1)*cos(x_2)", 0, 1 },
  { "nguyen", "Nguyen 11", "x_1^x_2", 0, 1 },
  { "nguyen", "Nguyen 12", "x_1^4 - x_1^3 + x_2^2/2 - x_2", 0, 1 },
  { "keijzer", "Keijzer 3", "0.3*x_1*sin(2*pi*x_1)", -1, 1 },
  { "keijzer", "Keijzer 4", "x_1^3*exp(-x_1)*cos(x_1)*sin(x_1)*(sin(x_1)^2*cos(x_1) - 1)", 0, 10 },
  { "keijzer", "Keijzer 6", "x_1*(x_1 + 1)/2", 1, 50 },
  { "keijzer", "Keijzer 7", "ln(x_1)", 1, 100 },
  { "keijzer", "Keijzer 8", "sqrt(x_1)", 0, 100 },
  { "keijzer", "Keijzer 9", "ln(x_1 + sqrt(x_1^2 + 1))", 0, 100 },
  { "keijzer", "Keijzer 10", "x_1^x_2", 0, 1 },
  { "keijzer", "Keijzer 11", "x_1*x_2 + sin((x_1 - 1)*(x_2 - 1))", -3, 3 },
  { "keijzer", "Keijzer 12", "x_1^4 - x_1^3 + x_2^2/2 - x_2", -3, 3 },
  { "keijzer", "Keijzer 13", "6*sin(x_1)*cos(x_2)", -3, 3 },
  { "keijzer", "Keijzer 14", "8/(2 + x_1^2 + x_2^2)", -3, 3 },
  { "keijzer", "Keijzer 15", "x_1^3/5 + x_2^3/2 - x_2 - x_1", -3, 3 },
  { "constant", "Constant 1", "3.39*x_1^3 + 2.12*x_1^2 + 1.78*x_1", -4, 4 },
  { "constant", "Constant 2", "sin(x_1^2)*cos(x_1) - 0.75", -4, 4 },
  { "constant", "Constant 3", "sin(1.5*x_1)*cos(0.5*x_2)", -4, 4 },
  { "constant", "Constant 4", "2.7*x_1^x_2", 0.3, 4 },
  { "constant", "Constant 5", "sqrt(1.23*x_1)", 0.1, 4 },
  { "constant", "Constant 6", "x_1^0.426", 0, 4 },
  { "constant", "Constant 7", "2*sin(1.3*x_1)*cos(x_2)", -4, 4 },
  { "constant", "Constant 8", "ln(x_1 + 1.4) + ln(x_1^2 + 1.3)", 0, 4 },
  { "r", "R 1", "(x_1 + 1)^3/(x_1^2 - x_1 + 1)", -1, 1 },
  { "r", "R 2", "(x_1^5 - 3*x_1^3 + 1)/(x_1^2 + 1)", -1, 1 },
  { "r", "R 3", "(x_1^6 + x_1^5)/(x_1^4 + x_1^3 + x_1^2 + x_1 + 1)", -1, 1 },
  { "feynman", "Feynman 1", "exp(-x_1^2/2)/sqrt(2*pi)", 1, 3 },
  { "feynman", "Feynman 2", "exp(-(x_1/x_2)^2/2)/(sqrt(2*pi)*x_2)", 1, 3 },
  { "feynman", "Feynman 3", "x_1*x_2", 1, 5 },
  { "feynman", "Feynman 4", "x_1*x_2^2/2", 1, 5 },
  { "feynman", "Feynman 5", "x_1/x_2", 1, 5 },
  { "feynman", "Feynman 6", "1.5*x_1*x_2", 1, 5 },
  { "feynman", "Feynman 7", "x_1/(4*pi*x_2^2)", 1, 5 },
  { "feynman", "Feynman 8", "x_1*x_2^2", 1, 5 },
  { "feynman", "Feynman 9", "x_1/(2*(1 + x_2))", 1, 5 },
  { "feynman", "Feynman 10", "x_1*x_2/(2*pi)", 1, 5 },
};
const guint orr_benchmark_n_laws = G_N_ELEMENTS (orr_benchmark_laws);

/* Up to @n rows where the law has a value of no more than @largest, in [low, high]; returns how many. */
static guint
draw_rows (const OrrExpr *law, guint n_variables, double low, double high, double largest, guint n, guint64 seed, double *x,
           double *y)
{
  OrrDice dice = orr_dice (seed, ORR_RANDOM_STREAM_EXPRESSION);
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (law);
  guint found = 0;

  for (guint attempt = 0; attempt < 50 * n && found < n; attempt++)
    {
      double point[ORR_ACTIONS_VARIABLES], value;
      for (guint v = 0; v < n_variables; v++)
        point[v] = orr_dice_between (&dice, low, high);
      orr_expr_program_eval (program, NULL, point, 1, 1, &value);
      if (!(fabs (value) < largest))
        continue;
      for (guint v = 0; v < n_variables; v++)
        x[v * n + found] = point[v];
      y[found++] = value;
    }
  return found;
}

static double
cpu_clock (void)
{
  struct timespec spent;

  return clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &spent) == 0 ? spent.tv_sec + spent.tv_nsec * 1e-9 : NAN;
}

static double
standard_deviation (const double *y, guint n)
{
  double sum = 0.0, squares = 0.0;

  for (guint i = 0; i < n; i++)
    sum += y[i] / n;
  for (guint i = 0; i < n; i++)
    squares += (y[i] - sum) * (y[i] - sum) / n;
  return sqrt (squares);
}

/* R2 of @found on fresh points of [low, high], counting those where both are defined; NaN when there are few. */
static double
fresh_r2 (const OrrExpr *law, const OrrExpr *found, guint n_variables, double low, double high, guint64 seed)
{
  g_autofree double *x = g_new (double, n_variables * N_FRESH), *y = g_new (double, N_FRESH), *z = g_new (double, N_FRESH);
  guint n = draw_rows (law, n_variables, low, high, ORR_BENCHMARK_LARGEST, N_FRESH, seed, x, y), defined = 0;
  double mean = 0.0, sst = 0.0, sse = 0.0;

  if (n < N_FRESH / 20)
    return NAN;
  orr_expr_eval (found, x, N_FRESH, n, z);
  for (guint i = 0; i < n; i++)
    mean += y[i] / n;
  for (guint i = 0; i < n; i++)
    {
      sst += (y[i] - mean) * (y[i] - mean);
      if (!isfinite (z[i]))
        continue;
      sse += (y[i] - z[i]) * (y[i] - z[i]);
      defined++;
    }
  return defined < n - n / 50 ? -INFINITY : 1.0 - sse / sst;
}

/**
 * orr_benchmark_has_answer:
 *
 * Whether @law is a function of the numbers in a table: with every column off by
 * no more than rounding it must still recover itself. That of cos(exp(x^2)) for
 * x near 10 does not: the argument is 1e43, and its last digit is 1e27.
 */
gboolean
orr_benchmark_has_answer (const OrrExpr *law, double low, double high, guint64 seed)
{
  guint n_variables = MAX (orr_expr_n_variables (law), 1);
  g_autofree double *x = g_new0 (double, n_variables * N_FRESH), *y = g_new (double, N_FRESH), *z = g_new (double, N_FRESH);
  guint n = draw_rows (law, n_variables, low, high, ORR_BENCHMARK_LARGEST, N_FRESH, seed, x, y);
  double sse = 0.0, sd = standard_deviation (y, n);

  for (guint k = 0; k < n_variables * N_FRESH; k++)
    x[k] *= 1.0 + DBL_EPSILON;
  orr_expr_eval (law, x, N_FRESH, n, z);
  for (guint i = 0; i < n; i++)
    sse += isfinite (z[i]) ? (y[i] - z[i]) * (y[i] - z[i]) : sd * sd;
  return n > 0 && 1.0 - sse / (n * sd * sd) > RECOVERED;
}

static OrrRegression *
answer (const OrrAgent *agent, const OrrSamples *samples, const OrrBenchmarkTask *task, const OrrRegressOptions *how,
        OrrProgress *progress, GError **error)
{
  g_autoptr (OrrAgent) refined = NULL;
  gint64 start = g_get_monotonic_time ();

  if (agent != NULL && task->refine > 0)
    {
      OrrRefineOptions refine;
      orr_refine_defaults (&refine);
      refine.steps = task->refine;
      refined = orr_agent_refine (agent, samples, how, &refine, NULL, progress, error);
      if (refined == NULL)
        return NULL;
    }
  OrrRegression *result = orr_regress (refined != NULL ? refined : agent, samples, how, progress, error);
  if (result != NULL)
    result->seconds = (g_get_monotonic_time () - start) * 1e-6;
  return result;
}

/**
 * orr_benchmark_run:
 * @agent: (nullable): see orr_regress()
 * @outcome: (out): clear with orr_benchmark_outcome_clear()
 *
 * Makes data from a law, asks for the law, and judges the answer.
 *
 * Returns: %FALSE when cancelled
 */
gboolean
orr_benchmark_run (const OrrAgent *agent, const OrrBenchmarkTask *task, const OrrRegressOptions *how,
                   OrrProgress *progress, OrrBenchmarkOutcome *outcome, GError **error)
{
  guint n_variables = MAX (orr_expr_n_variables (task->law), 1), wanted = task->n_points;
  g_autofree double *x = g_new0 (double, n_variables * wanted), *y = g_new0 (double, wanted);
  guint n = draw_rows (task->law, n_variables, task->low, task->high, task->largest, wanted, task->seed, x, y);
  OrrDice dice = orr_dice (task->seed, ORR_RANDOM_STREAM_NOISE);
  double sd = task->noise * standard_deviation (y, n);
  OrrRegressOptions options = *how;
  g_autoptr (GError) failure = NULL;

  *outcome = (OrrBenchmarkOutcome){ .r2 = NAN, .r2_outside = NAN };
  for (guint i = 0; i < n && sd > 0.0; i++)
    y[i] += sd * orr_dice_normal (&dice);
  options.seed = task->seed;
  const OrrSamples samples = { x, wanted, n_variables, y, n };
  double start = cpu_clock ();
  g_autoptr (OrrRegression) result = answer (agent, &samples, task, &options, progress, &failure);
  double spent = cpu_clock () - start;
  /* What an interrupted search has found says nothing about how much it finds. */
  if (!orr_progress_check (progress, error))
    return FALSE;
  if (result == NULL)
    return TRUE;

  const OrrLaw *best = orr_regression_law (result, result->best);
  double lows[ORR_ACTIONS_VARIABLES], highs[ORR_ACTIONS_VARIABLES];
  double center = 0.5 * (task->low + task->high), half = task->high - task->low;
  for (guint v = 0; v < n_variables; v++)
    {
      lows[v] = task->low;
      highs[v] = task->high;
    }
  outcome->found = orr_expr_ref (best->expr);
  outcome->complexity = best->complexity;
  outcome->seconds = result->seconds;
  outcome->cpu_seconds = spent;
  outcome->r2 = fresh_r2 (task->law, best->expr, n_variables, task->low, task->high, task->seed + 1);
  outcome->r2_outside = fresh_r2 (task->law, best->expr, n_variables, center - half, center + half, task->seed + 2);
  outcome->recovered = outcome->r2 > RECOVERED && (isnan (outcome->r2_outside) || outcome->r2_outside > RECOVERED);
  outcome->exact = orr_expr_compare (task->law, best->expr, lows, highs, task->noise > 0.0 ? 0.05 : 1e-5, task->seed + 3)
                   != ORR_EXPR_DIFFERENT;
  return TRUE;
}

void
orr_benchmark_outcome_clear (OrrBenchmarkOutcome *self)
{
  g_clear_pointer (&self->found, orr_expr_unref);
}
