/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a person waits for beside the equation editor, and how fast training data
 * are made:
 *   bench-agent [WEIGHTS]
 * All times are CPU time of the one thread that works, on tables of 200 rows, so
 * that other programs on the machine count for little. One line of JSON each:
 * the mean over the laws of the fastest of several rounds, and the slowest law's.
 */
#include <stdio.h>
#include <time.h>

#include "orr-agent-default.h"
#include "orr-beam.h"
#include "orr-expr-parse.h"
#include "orr-expr-program.h"
#include "orr-generator.h"
#include "orr-parallel.h"
#include "orr-problem.h"
#include "orr-random.h"
#include "orr-regress.h"

#define N_ROWS 200
#define N_ROUNDS 5
#define N_PREFIX 12
#define N_EXPRESSIONS 200000
#define N_LONG 200000

/* A law, and the tree that a person has begun for it. */
static const struct
{
  const char *law, *begun;
} laws[] = {
  { "2.5*sin(1.3*x_1) + 0.4*x_1", "c*sin(?) + ?" },
  { "x_1^4 - x_1^3 + x_2^2/2 - x_2", "? - x_1^3 + ?" },
  { "exp(-(x_1/x_2)^2/2)/(sqrt(2*pi)*x_2)", "exp(?)/?" },
  { "ln(x_1 + 1.4) + ln(x_1^2 + 1.3)", "ln(?) + ln(?)" },
  { "x_1^0.426*cos(x_2)", "?*cos(?)" },
};
#define N_LAWS G_N_ELEMENTS (laws)

static double
cpu_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

static void
report (const char *what, const double *best)
{
  double sum = 0.0, worst = 0.0;

  for (guint i = 0; i < N_LAWS; i++)
    {
      sum += best[i];
      worst = MAX (worst, best[i]);
    }
  printf ("{\"what\": \"%s\", \"milliseconds\": %.2f, \"slowest\": %.2f}\n", what, 1e3 * sum / N_LAWS, 1e3 * worst);
  fflush (stdout);
}

typedef struct
{
  const OrrAgent        *agent;
  const OrrAgentContext *context;
  const OrrProblem      *problem;
  OrrSamples             samples;
  OrrExpr               *begun;
} Scene;

static void
encode (const Scene *scene)
{
  orr_agent_context_free (orr_problem_look (scene->problem, scene->agent));
}

/* All actions of a tree read anew, though the editor keeps the state before the node that was edited. */
static void
read_values (const Scene *scene)
{
  static const char *const names[N_PREFIX] = { "add", "mul", "c", "sin", "mul", "c", "x_1", "mul", "c", "exp", "mul", "c" };
  OrrAction prefix[N_PREFIX];
  float values[ORR_N_ACTIONS];

  for (guint k = 0; k < N_PREFIX; k++)
    prefix[k] = orr_action_from_name (names[k]);
  orr_agent_values (scene->context, prefix, N_PREFIX, values);
}

static void
search_beam (const Scene *scene, guint width)
{
  g_autoptr (OrrTemplate) template = orr_template_new (NULL, MIN (scene->samples.n_variables, ORR_ACTIONS_VARIABLES), 0, 0, NULL);
  g_autoptr (GArray) proposals = orr_beam_search (scene->context, template, width);

  g_assert_nonnull (proposals);
}

static void
search_32 (const Scene *scene)
{
  search_beam (scene, 32);
}

static void
search_128 (const Scene *scene)
{
  search_beam (scene, 128);
}

static void
regress (const Scene *scene, const OrrExpr *expression, guint beam)
{
  g_autoptr (GError) error = NULL;
  OrrRegressOptions options;

  orr_regress_defaults (&options);
  options.expression = expression;
  options.beam = beam;
  options.seconds = 0.0;
  options.steps = 0;
  options.n_threads = 1;
  g_autoptr (OrrRegression) result = orr_regress (scene->agent, &scene->samples, &options, NULL, &error);
  g_assert_no_error (error);
}

static void
complete_32 (const Scene *scene)
{
  regress (scene, scene->begun, 32);
}

static void
regress_32 (const Scene *scene)
{
  regress (scene, NULL, 32);
}

static void
regress_128 (const Scene *scene)
{
  regress (scene, NULL, 128);
}

static const struct
{
  const char *what;
  void (*run) (const Scene *scene);
} jobs[] = {
  { "encode a table", encode },
  { "values after an edit", read_values },
  { "beam of 32", search_32 },
  { "beam of 128", search_128 },
  { "complete and fit a begun tree, beam of 32", complete_32 },
  { "equations with fitted constants, beam of 32", regress_32 },
  { "equations with fitted constants, beam of 128", regress_128 },
};

static void
make_rows (const OrrExpr *law, double *x, double *y)
{
  for (guint k = 0; k < 2 * N_ROWS; k++)
    x[k] = 0.2 + 4.8 * orr_random_uniform (5, ORR_RANDOM_STREAM_TEST, k);
  orr_expr_eval (law, x, N_ROWS, N_ROWS, y);
}

static void
bench_agent (const OrrAgent *agent)
{
  double best[G_N_ELEMENTS (jobs)][N_LAWS];

  for (guint i = 0; i < N_LAWS; i++)
    {
      g_autoptr (OrrExpr) law = orr_expr_parse (laws[i].law, NULL, 0, NULL, NULL);
      g_autoptr (OrrExpr) begun = orr_expr_parse (laws[i].begun, NULL, 0, NULL, NULL);
      double x[2 * N_ROWS], y[N_ROWS];

      make_rows (law, x, y);
      Scene scene = { .agent = agent, .samples = { x, N_ROWS, MAX (orr_expr_n_variables (law), 1), y, N_ROWS }, .begun = begun };
      g_autoptr (OrrProblem) problem = orr_problem_new (&scene.samples, 0, TRUE);
      g_autoptr (OrrAgentContext) context = orr_problem_look (problem, agent);
      scene.problem = problem;
      scene.context = context;
      for (guint j = 0; j < G_N_ELEMENTS (jobs); j++)
        {
          best[j][i] = 1e9;
          for (guint round = 0; round < N_ROUNDS; round++)
            {
              double start = cpu_seconds ();
              jobs[j].run (&scene);
              best[j][i] = MIN (best[j][i], cpu_seconds () - start);
            }
        }
    }
  for (guint j = 0; j < G_N_ELEMENTS (jobs); j++)
    report (jobs[j].what, best[j]);
}

/* The settings of training: points of the examples are made, too. */
static void
bench_generator (void)
{
  const OrrGeneratorOptions options = { .seed = 1, .split = ORR_SPLIT_TRAINING, .min_points = 20, .max_points = 144,
                                        .noise = 0.05, .max_variables = 3 };
  g_autoptr (OrrGenerator) generator = orr_generator_new (&options);
  g_autofree OrrExample *example = g_new0 (OrrExample, 1);
  guint64 n_points = 0, n_actions = 0;
  double start = cpu_seconds ();

  for (guint64 i = 0; i < N_EXPRESSIONS; i++)
    {
      orr_generator_make (generator, i, example);
      n_points += example->n_points;
      n_actions += example->n_actions;
    }
  double seconds = cpu_seconds () - start;
  printf ("{\"what\": \"generator\", \"expressions_per_second\": %.0f, \"mean_points\": %.1f, \"mean_actions\": %.1f, "
          "\"attempts_per_expression\": %.2f}\n",
          N_EXPRESSIONS / seconds, (double) n_points / N_EXPRESSIONS, (double) n_actions / N_EXPRESSIONS,
          (double) orr_generator_attempts (generator) / N_EXPRESSIONS);
}

/* Constants of a wave and a slope for a long table with noise. */
static void
bench_long_fit (void)
{
  g_autoptr (OrrExpr) law = orr_expr_parse ("2.5*sin(1.3*x_1) + 0.4*x_1", NULL, 0, NULL, NULL);
  g_autoptr (OrrExpr) skeleton = orr_expr_parse ("c*sin(c*x_1) + c*x_1", NULL, 0, NULL, NULL);
  g_autofree double *x = g_new (double, N_LONG), *y = g_new (double, N_LONG);
  const OrrSamples samples = { x, N_LONG, 1, y, N_LONG };

  for (guint64 i = 0; i < N_LONG; i++)
    x[i] = 5.0 * orr_random_uniform (5, ORR_RANDOM_STREAM_TEST, i);
  orr_expr_eval (law, x, N_LONG, N_LONG, y);
  for (guint64 i = 0; i < N_LONG; i++)
    y[i] += 0.1 * orr_random_normal (6, ORR_RANDOM_STREAM_TEST, i);
  double start = cpu_seconds ();
  g_autoptr (OrrExpr) fitted = orr_expr_fit (skeleton, &samples, NULL, NULL);
  g_assert_nonnull (fitted);
  printf ("{\"what\": \"constants of a wave and a slope, %d rows\", \"milliseconds\": %.1f}\n", N_LONG,
          1e3 * (cpu_seconds () - start));
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  /* As everywhere in the program, one thread for OpenBLAS. */
  orr_parallel_threads (1);
  bench_generator ();
  bench_long_fit ();
  g_autoptr (OrrAgent) agent = argc > 1 ? orr_agent_load (argv[1], &error) : orr_agent_load_default (&error);
  if (agent == NULL)
    {
      fprintf (stderr, "bench-agent: %s\n", error != NULL ? error->message : "there are no weights of the agent");
      return 2;
    }
  bench_agent (agent);
  return 0;
}
