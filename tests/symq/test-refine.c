/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-beam.h"
#include "orr-error.h"
#include "orr-expr-parse.h"
#include "orr-expr-program.h"
#include "orr-random.h"
#include "orr-refine.h"

#define N 60

static double x[2 * N], y[N];

static OrrExpr *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  OrrExpr *expr = orr_expr_parse (text, NULL, 0, NULL, &error);

  g_assert_no_error (error);
  return expr;
}

static OrrSamples
make (const char *law, guint n_variables)
{
  g_autoptr (OrrExpr) expr = parse (law);

  for (guint k = 0; k < 2 * N; k++)
    x[k] = 6.0 * orr_random_uniform (3, ORR_RANDOM_STREAM_TEST, k) - 3.0;
  g_assert_true (orr_expr_eval (expr, x, N, N, y));
  return (OrrSamples){ x, N, n_variables, y, N };
}

static OrrAgent *
blank_agent (void)
{
  return orr_agent_new ("dictionary", 32, 24, 40, 9);
}

static OrrAgent *
refine (const OrrAgent *agent, const OrrSamples *samples, const OrrExpr *expression, guint steps, guint n_threads,
        OrrRefinement *refinement)
{
  OrrRefineOptions options;
  OrrRegressOptions question;
  g_autoptr (GError) error = NULL;

  orr_refine_defaults (&options);
  options.steps = steps;
  options.learning_rate = 2e-3;
  orr_regress_defaults (&question);
  question.n_threads = n_threads;
  question.seed = 4;
  question.expression = expression;
  OrrAgent *refined = orr_agent_refine (agent, samples, &question, &options, refinement, NULL, &error);
  g_assert_no_error (error);
  return refined;
}

/* What it tries gets better, and the agent it came from stays as it was. */
static void
test_improves (void)
{
  OrrSamples samples = make ("x_1^2 + x_1", 1);
  g_autoptr (OrrAgent) agent = blank_agent ();
  g_autoptr (OrrAgent) before = orr_agent_copy (agent);
  OrrRefinement refinement;
  g_autoptr (OrrAgent) refined = refine (agent, &samples, NULL, 60, 1, &refinement);

  g_test_message ("mean R2 from %.3f to %.3f, best %.6f, %u tried", refinement.first_reward, refinement.last_reward,
                  refinement.best_reward, refinement.n_tried);
  g_assert_cmpuint (refinement.steps, ==, 60);
  g_assert_cmpfloat (refinement.last_reward, >, refinement.first_reward + 0.15);
  g_assert_cmpfloat (refinement.best_reward, <=, 1.0);
  g_assert_cmpmem (agent->params->values, agent->params->size * sizeof (float), before->params->values,
                   before->params->size * sizeof (float));
  g_assert_true (memcmp (agent->params->values, refined->params->values, agent->params->size * sizeof (float)) != 0);
}

/* The same weights for one thread and three. */
static void
test_threads (void)
{
  OrrSamples samples = make ("x_1*sin(x_2)", 2);
  g_autoptr (OrrAgent) agent = blank_agent ();
  g_autoptr (OrrAgent) one = refine (agent, &samples, NULL, 4, 1, NULL);
  g_autoptr (OrrAgent) three = refine (agent, &samples, NULL, 4, 3, NULL);

  g_assert_cmpmem (one->params->values, one->params->size * sizeof (float), three->params->values,
                   three->params->size * sizeof (float));
}

/* It learns inside a person's formula: what is locked is not tried otherwise. */
static void
test_template (void)
{
  OrrSamples samples = make ("2*sin(x_1^2) + x_1", 1);
  g_autoptr (OrrExpr) expression = parse ("2*sin(?) + x_1");
  g_autoptr (OrrAgent) agent = blank_agent ();
  OrrRefinement refinement;
  g_autoptr (OrrAgent) refined = refine (agent, &samples, expression, 40, 1, &refinement);
  g_autoptr (OrrAgentContext) before = orr_agent_context_new (agent, x, N, 1, y, N);
  g_autoptr (OrrAgentContext) after = orr_agent_context_new (refined, x, N, 1, y, N);
  g_autoptr (OrrTemplate) template = orr_template_new (expression, 1, 0, 0, NULL);
  g_autoptr (GArray) beam_before = orr_beam_search (before, template, 8);
  g_autoptr (GArray) beam_after = orr_beam_search (after, template, 8);

  g_assert_cmpfloat (refinement.last_reward, >, refinement.first_reward);
  /* It has made up its mind. */
  g_assert_cmpfloat (g_array_index (beam_after, OrrProposal, 0).log_probability, >,
                     g_array_index (beam_before, OrrProposal, 0).log_probability);

  /* Nothing open, nothing to learn. */
  g_autoptr (OrrExpr) closed = parse ("2*sin(x_1)");
  g_autoptr (OrrAgent) same = refine (agent, &samples, closed, 5, 1, &refinement);
  g_assert_cmpuint (refinement.steps, ==, 0);
  g_assert_cmpmem (agent->params->values, agent->params->size * sizeof (float), same->params->values,
                   same->params->size * sizeof (float));
}

static void
test_cancel (void)
{
  OrrSamples samples = make ("x_1^2", 1);
  g_autoptr (OrrAgent) agent = blank_agent ();
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  OrrRefineOptions options;
  OrrRegressOptions question;

  orr_refine_defaults (&options);
  orr_regress_defaults (&question);
  orr_progress_cancel (progress);
  g_assert_null (orr_agent_refine (agent, &samples, &question, &options, NULL, progress, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
  g_clear_error (&error);
  samples.n = 2;
  g_assert_null (orr_agent_refine (agent, &samples, &question, &options, NULL, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  openblas_set_num_threads (1);
  g_test_add_func ("/refine/improves", test_improves);
  g_test_add_func ("/refine/threads", test_threads);
  g_test_add_func ("/refine/template", test_template);
  g_test_add_func ("/refine/cancel", test_cancel);
  return g_test_run ();
}
