/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"
#include "orr-random.h"
#include "orr-seeds.h"
#include "orr-seeds-around.h"
#include "orr-seeds-phases.h"
#include "orr-seeds-sums.h"
#include "orr-views.h"
#include "orr-seeds-chains.h"

#define N 80

static double x[3 * N], y[N];

static OrrSamples
make (const char *law, guint n_variables, double low, double high, double noise)
{
  g_autoptr (OrrExpr) expr = orr_expr_parse (law, NULL, 0, NULL, NULL);

  for (guint k = 0; k < 3 * N; k++)
    x[k] = low + (high - low) * orr_random_uniform (5, ORR_RANDOM_STREAM_TEST, k);
  g_assert_true (orr_expr_eval (expr, x, N, N, y));
  for (guint i = 0; i < N; i++)
    y[i] += noise * (orr_random_uniform (6, ORR_RANDOM_STREAM_TEST, i) - 0.5);
  return (OrrSamples){ x, N, n_variables, y, N };
}

static guint64
bit (const char *action)
{
  return G_GUINT64_CONSTANT (1) << orr_action_from_name (action);
}

/* 1 - R2 of the best seed after a short fit from its constants. */
static double
best_seed (const OrrSamples *samples, guint64 legal, char **text)
{
  g_autoptr (GArray) seeds = orr_seeds_make (samples, legal);
  g_autoptr (OrrTemplate) template = orr_template_new (NULL, samples->n_variables, ~legal, 0, NULL);
  g_autoptr (OrrExprFitter) fitter = orr_expr_fitter_new (samples);
  const OrrExprFitEffort effort = { .n_starts = 0, .n_descents = 1, .n_iterations = 25 };
  double best = INFINITY;

  for (guint i = 0; i < seeds->len; i++)
    {
      const OrrSeed *seed = &g_array_index (seeds, OrrSeed, i);
      g_autoptr (OrrExpr) skeleton = orr_template_fill (template, &seed->filling);
      g_autoptr (OrrExpr) expr = orr_expr_set_constants (skeleton, seed->constants, NULL);
      OrrExprFit fit;

      g_assert_cmpuint (orr_expr_constant_slots (skeleton, NULL), ==, seed->n_constants);
      for (guint k = 0; k < seed->filling.n[0]; k++)
        g_assert_true (legal >> seed->filling.actions[0][k] & 1);
      if (!orr_expr_fitter_run (fitter, expr, &effort, TRUE, &fit) || !(1.0 - fit.r2 < best))
        continue;
      best = 1.0 - fit.r2;
      g_autoptr (OrrExpr) fitted = orr_expr_set_constants (expr, fit.constants, NULL);
      g_free (*text);
      *text = orr_expr_to_text (fitted, NULL, 0);
    }
  return best;
}

static void
test_finds (void)
{
  static const struct { const char *law; guint n_variables; double low, high; } cases[] = {
    { "(x_1^2 + 1)/(x_1^3 + 2*x_1 - 7.3)", 1, 2, 9 },
    { "(x_1^5 - 1.7*x_1^3 + 2)/(x_1^4 + 3)", 1, -6, 6 },
    { "0.37*x_2^3 - 4*x_2 + 1.25", 2, -5, 5 },
    { "3.1*sin(2.37*x_1) + 4", 1, -8, 8 },
    { "x_2*cos(1.91*x_2) - 1", 2, -8, 8 },
    { "sin(0.83*x_1^2)", 1, -3, 3 },
    { "1.8*cos(1.17*x_1)*sin(0.41*x_3)", 3, -9, 9 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OrrSamples samples = make (cases[i].law, cases[i].n_variables, cases[i].low, cases[i].high, 0.0);
      g_autofree char *text = NULL;
      double error = best_seed (&samples, orr_actions_legal (cases[i].n_variables), &text);

      g_test_message ("%s: %s, 1 - R2 %.2g", cases[i].law, text, error);
      g_assert_cmpfloat (error, <, 1e-10);
    }
}

/* Noise blurs the constants and no more. */
static void
test_noise (void)
{
  OrrSamples samples = make ("(x_1^2 + 1)/(x_1 + 4)", 1, -3, 5, 0.02);
  g_autofree char *text = NULL;

  double error = best_seed (&samples, orr_actions_legal (1), &text);
  g_test_message ("%s, 1 - R2 %.2g", text, error);
  g_assert_cmpfloat (error, <, 1e-3);
}

/* What is forbidden is in no seed (best_seed() looks). */
static void
test_mask (void)
{
  OrrSamples samples = make ("3.1*sin(2.37*x_1) + 1/(x_1 + 20)", 1, -8, 8, 0.0);
  g_autofree char *text = NULL;
  guint64 legal = orr_actions_legal (1) & ~(G_GUINT64_CONSTANT (1) << orr_action_from_name ("sin"))
                  & ~(G_GUINT64_CONSTANT (1) << orr_action_from_name ("div"));

  best_seed (&samples, legal, &text);
}

/* Least squares over functions of the columns finds these without a guess; in views of y, too; and uses only what is allowed. */
static void
test_sums (void)
{
  static const struct { const char *law; guint n_variables; double low, high; gboolean inverse; } cases[] = {
    { "2.3*x_2*sin(x_1) - 0.7*exp(x_1) + 3", 2, -4, 4, FALSE },
    { "0.4*abs(x_1) + 1.7*cos(x_1)^2 - 0.01*x_1^5", 1, -5, 5, FALSE },
    { "-2.5*x_2^4 - 2.5*x_2^2*(x_1 + 1.2)^2 + 2*x_1*x_2 + 0.3", 2, -10, 10, FALSE },
    { "x_1 - 1.5*x_2^4*(x_1 + x_2)^2", 2, -10, 10, FALSE },
    { "1/(0.3*x_1^3/x_2^2 - 1.2*x_1^2/x_2^2 + 1.2*x_1)", 2, 3, 10, TRUE },
    { "(2*sin(x_1) + x_2^2 - 0.4)/(x_1 + x_2)", 2, 1, 5, FALSE },
    { "(0.7*exp(x_2) + 2)/(x_1*x_2 + 3.4)", 2, 0, 4, FALSE },
    { "(x_1^2*x_2 - 1.5*x_2 + 0.2)/(x_1 + x_2)", 2, 1, 9, FALSE },
    { "(x_1 - 0.97*x_1*x_2^2 - 0.3)/(x_1^2 + 2*x_2^3)", 2, -10, 10, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OrrSamples samples = make (cases[i].law, cases[i].n_variables, cases[i].low, cases[i].high, 0.0);
      guint64 legal = orr_actions_legal (cases[i].n_variables);
      g_autoptr (OrrSeedSums) sums = orr_seed_sums_new (&samples, legal);
      g_autoptr (GArray) seeds = g_array_new (FALSE, TRUE, sizeof (OrrSeed));
      g_autoptr (OrrTemplate) template = orr_template_new (NULL, cases[i].n_variables, 0, 0, NULL);
      double target[N], best = INFINITY;

      for (guint k = 0; k < N; k++)
        target[k] = cases[i].inverse ? 1.0 / y[k] : y[k];
      orr_seed_sums_look (sums, target, TRUE, seeds);
      for (guint s = 0; s < seeds->len; s++)
        {
          const OrrSeed *seed = &g_array_index (seeds, OrrSeed, s);
          g_autoptr (OrrExpr) skeleton = orr_template_fill (template, &seed->filling);
          g_autoptr (OrrExpr) expr = orr_expr_set_constants (skeleton, seed->constants, NULL);
          double values[N], error = 0.0, size = 0.0;

          /* As they are, without a fit. */
          g_assert_cmpuint (orr_expr_constant_slots (skeleton, NULL), ==, seed->n_constants);
          g_assert_true (orr_expr_eval (expr, x, N, N, values));
          for (guint k = 0; k < N; k++)
            {
              error += (values[k] - target[k]) * (values[k] - target[k]);
              size += target[k] * target[k];
            }
          best = MIN (best, error / size);
        }
      g_test_message ("%s: %g", cases[i].law, best);
      g_assert_cmpfloat (best, <, 1e-16);

      g_autoptr (OrrSeedSums) without = orr_seed_sums_new (&samples, legal & ~bit ("mul") & ~bit ("pow"));
      g_array_set_size (seeds, 0);
      orr_seed_sums_look (without, target, TRUE, seeds);
      for (guint s = 0; s < seeds->len; s++)
        for (guint k = 0; k < g_array_index (seeds, OrrSeed, s).filling.n[0]; k++)
          {
            OrrAction action = g_array_index (seeds, OrrSeed, s).filling.actions[0][k];
            g_assert_cmpint (action, !=, orr_action_from_name ("mul"));
            g_assert_cmpint (action, !=, orr_action_from_name ("pow"));
          }
    }
}

/* Functions of functions are found whole; what is forbidden is in none of them. */
static void
test_chains (void)
{
  static const struct { const char *law, *seed; guint n_variables; } cases[] = {
    { "2.5*sin(tan(x_1^4)) - 3", "tan", 1 },
    { "1.7/cosh(sinh(x_1))", "sinh", 1 },
    { "exp(sin(cos(x_1 - x_2)))", "cos", 2 },
    { "sqrt(x_1^2 + 2)", NULL, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OrrSamples samples = make (cases[i].law, cases[i].n_variables, -2, 2, 0.0);
      guint64 legal = orr_actions_legal (cases[i].n_variables);
      g_autoptr (OrrTemplate) template = orr_template_new (NULL, cases[i].n_variables, 0, 0, NULL);
      g_autoptr (OrrExprFitter) fitter = orr_expr_fitter_new (&samples);

      for (guint round = 0; round < (cases[i].seed != NULL ? 2 : 1); round++)
        {
          guint64 allowed = round == 0 ? legal : legal & ~bit (cases[i].seed);
          g_autoptr (OrrSeedChains) chains = orr_seed_chains_new (&samples, allowed);
          g_autoptr (GArray) seeds = g_array_new (FALSE, TRUE, sizeof (OrrSeed));
          double best = INFINITY;

          orr_seed_chains_look (chains, y, seeds);
          for (guint s = 0; s < seeds->len; s++)
            {
              const OrrSeed *seed = &g_array_index (seeds, OrrSeed, s);
              g_autoptr (OrrExpr) expr = orr_template_fill (template, &seed->filling);
              OrrExprFit fit;

              for (guint k = 0; k < seed->filling.n[0]; k++)
                g_assert_true ((allowed >> seed->filling.actions[0][k] & 1) != 0);
              if (orr_expr_fitter_run (fitter, expr, &orr_expr_fit_glance, FALSE, &fit))
                best = MIN (best, 1.0 - fit.r2);
            }
          if (round == 0 && cases[i].seed != NULL)
            g_assert_cmpfloat (best, <, 1e-12);
          else
            g_assert_cmpfloat (best, >, 1e-12);
        }
    }
}

/* 1 - R2 of the best of @seeds after a fit from its constants; that they are allowed is asserted. */
static double
fit_best (const OrrSamples *samples, const GArray *seeds, guint64 legal)
{
  g_autoptr (OrrTemplate) template = orr_template_new (NULL, samples->n_variables, ~legal, 0, NULL);
  g_autoptr (OrrExprFitter) fitter = orr_expr_fitter_new (samples);
  const OrrExprFitEffort effort = { .n_starts = 0, .n_descents = 1, .n_iterations = 25 };
  double best = INFINITY;

  for (guint s = 0; s < seeds->len; s++)
    {
      const OrrSeed *seed = &g_array_index (seeds, OrrSeed, s);
      g_autoptr (OrrExpr) skeleton = orr_template_fill (template, &seed->filling);
      g_autoptr (OrrExpr) expr = orr_expr_set_constants (skeleton, seed->constants, NULL);
      OrrExprFit fit;

      g_assert_cmpuint (orr_expr_constant_slots (skeleton, NULL), ==, seed->n_constants);
      for (guint k = 0; k < seed->filling.n[0]; k++)
        g_assert_true ((legal >> seed->filling.actions[0][k] & 1) != 0);
      if (orr_expr_fitter_run (fitter, expr, &effort, TRUE, &fit))
        best = MIN (best, 1.0 - fit.r2);
    }
  return best;
}

/* Waves of sums are found by all their factors at once, none with what is forbidden; what is none is not taken for one. */
static void
test_phases (void)
{
  static const struct { const char *law, *seed; guint n_variables; OrrSeedPhasesKind kind; } cases[] = {
    { "3*cos(x_2 + 1.63*sqrt(abs(x_1)) - sin(x_1)) + 2", "sqrt", 2, ORR_SEED_PHASES_WAVE },
    { "cos(x_1 - 1.0344*x_2^3)", "pow", 2, ORR_SEED_PHASES_WAVE },
    { "0.2*sin(1.9*x_1^2 - 0.7*x_1 + 1)", "pow", 1, ORR_SEED_PHASES_WAVE },
    { "2.4*tan(0.8*x_1 + 0.6*cos(x_2))", "tan", 2, ORR_SEED_PHASES_TANGENT },
    { "exp(x_1/5) + x_2", NULL, 2, ORR_SEED_PHASES_TANGENT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OrrSamples samples = make (cases[i].law, cases[i].n_variables, -7, 7, 0.0);
      guint64 legal = orr_actions_legal (cases[i].n_variables);

      for (guint round = 0; round < (cases[i].seed != NULL ? 2 : 1); round++)
        {
          guint64 allowed = round == 0 ? legal : legal & ~bit (cases[i].seed);
          g_autoptr (OrrSeedPhases) phases = orr_seed_phases_new (&samples, allowed);
          g_autoptr (GArray) seeds = g_array_new (FALSE, TRUE, sizeof (OrrSeed));

          orr_seed_phases_look (phases, y, cases[i].kind, round == 0, 1 + round, seeds);
          double best = fit_best (&samples, seeds, allowed);
          g_test_message ("%s: %g of %u", cases[i].law, best, seeds->len);
          /* The same for any number of threads. */
          g_autoptr (GArray) others = g_array_new (FALSE, TRUE, sizeof (OrrSeed));
          orr_seed_phases_look (phases, y, cases[i].kind, round == 0, 3, others);
          g_assert_cmpmem (seeds->data, seeds->len * sizeof (OrrSeed), others->data, others->len * sizeof (OrrSeed));
          if (round == 0 && cases[i].seed != NULL)
            g_assert_cmpfloat (best, <, 1e-12);
          else
            g_assert_cmpfloat (best, >, 1e-3);
        }
    }
}

/* A function of a wave is found from the wave that it nearly is. */
static void
test_around (void)
{
  static const struct { const char *law; double shift; } cases[] = {
    { "sin(sin(1.3*x_1 + x_2)^3)", 0.0 },
    { "tanh(tan(0.65*x_1 + 0.5*x_2 + 0.2)^2)", 1.97 },
    { "2/cosh(sin(1.3*x_1 + x_2 - 1)) - 1", -1.0 },
  };
  static const char *const phase[] = { "add", "c", "add", "mul", "c", "x_1", "x_2" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OrrSamples samples = make (cases[i].law, 2, -4, 4, 0.0);
      guint64 legal = orr_actions_legal (2);
      g_autoptr (GArray) seeds = g_array_new (FALSE, TRUE, sizeof (OrrSeed));
      /* Not quite right, as a wave fitted to it would be. */
      OrrSeed seed = { .n_constants = 2, .constants = { cases[i].shift + 0.002, 1.3005 } };

      for (guint k = 0; k < G_N_ELEMENTS (phase); k++)
        seed.filling.actions[0][seed.filling.n[0]++] = orr_action_from_name (phase[k]);
      orr_seeds_around (&samples, y, &seed, legal, seeds);
      double best = fit_best (&samples, seeds, legal);
      g_test_message ("%s: %g of %u", cases[i].law, best, seeds->len);
      g_assert_cmpfloat (best, <, 1e-12);
      g_array_set_size (seeds, 0);
      orr_seeds_around (&samples, y, &seed, legal & ~bit ("sin") & ~bit ("tan"), seeds);
      g_assert_cmpuint (seeds->len, ==, 0);
    }
}

/* Every view is undone: if the agent sees what it says, turning it back gives y. */
static void
check_views (const char *law, double low, double high, guint expected)
{
  OrrSamples samples = make (law, 2, low, high, 0.0);
  guint64 legal = orr_actions_legal (2);
  g_autofree double *seen = g_new (double, N), *back = g_new (double, N);
  g_autoptr (OrrTemplate) template = orr_template_new (NULL, 2, 0, 0, NULL);
  guint n_views = 0;

  for (guint view = 0; view < ORR_N_VIEWS; view++)
    {
      OrrFilling filling = { .n = { 1 }, .actions = { { ORR_ACTIONS_FIRST_VARIABLE + 2 } } }, turned;

      if (!orr_view_look (view, &samples, legal, seen))
        continue;
      n_views++;
      g_assert_true (orr_view_turn_back (view, &filling, &turned));
      /* x_3 stands for what is seen. */
      g_autoptr (OrrExpr) expr = orr_template_fill (template, &turned);
      memcpy (x + 2 * N, seen, N * sizeof (double));
      g_assert_true (orr_expr_eval (expr, x, N, N, back));
      for (guint i = 0; i < N; i++)
        g_assert_cmpfloat (fabs (back[i] - y[i]), <, 1e-9 * (1.0 + fabs (y[i])));
    }
  g_assert_cmpuint (n_views, ==, expected);
  g_assert_false (orr_view_look (0, &samples, legal & ~(G_GUINT64_CONSTANT (1) << orr_action_from_name ("div")), seen));
}

static void
test_views (void)
{
  /* Two columns to multiply and divide by; all but the inverse functions of bounded ones. */
  check_views ("0.2 + x_1/(x_2 + 0.1)", 0.5, 2, 14 + 4 * 6);
  /* Those, but no area cosine; and of numbers below 0 no square, no even root and no logarithm. */
  check_views ("0.4 + 0.05*x_1*x_2", 0.5, 2, 19 + 4 * 6);
  check_views ("-0.4 - 0.05*x_1*x_2", 0.5, 2, 15 + 4 * 3);
}

/* A zoom takes the rows nearest 0 and no others, with their columns. */
static void
test_zooms (void)
{
  OrrSamples samples = make ("10*x_1 + x_2", 2, -3, 3, 0.0);
  g_autofree double *rows = g_new (double, 3 * N);

  for (guint zoom = 0; zoom < ORR_N_ZOOMS; zoom++)
    {
      guint n = orr_view_zoom (zoom, &samples, 2, rows), outside = 0;
      double farthest = 0.0;

      g_assert_cmpuint (n, ==, zoom % 2 == 0 ? N / 2 : N / 4);
      for (guint i = 0; i < n; i++)
        {
          double far = zoom >= 2 ? MAX (fabs (rows[i]), fabs (rows[n + i])) : fabs (rows[2 * n + i]);
          farthest = MAX (farthest, far);
          g_assert_cmpfloat (fabs (10.0 * rows[i] + rows[n + i] - rows[2 * n + i]), <, 1e-12);
        }
      for (guint i = 0; i < N; i++)
        outside += (zoom >= 2 ? MAX (fabs (x[i]), fabs (x[N + i])) : fabs (y[i])) > farthest;
      g_assert_cmpuint (outside, ==, N - n);
    }
  samples.n = 20;
  g_assert_cmpuint (orr_view_zoom (0, &samples, 2, rows), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  openblas_set_num_threads (1);
  g_test_add_func ("/seeds/finds", test_finds);
  g_test_add_func ("/seeds/noise", test_noise);
  g_test_add_func ("/seeds/mask", test_mask);
  g_test_add_func ("/seeds/sums", test_sums);
  g_test_add_func ("/seeds/chains", test_chains);
  g_test_add_func ("/seeds/phases", test_phases);
  g_test_add_func ("/seeds/around", test_around);
  g_test_add_func ("/seeds/views", test_views);
  g_test_add_func ("/seeds/zooms", test_zooms);
  return g_test_run ();
}
