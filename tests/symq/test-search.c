/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-beam.h"
#include "orr-error.h"
#include "orr-expr-compare.h"
#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"
#include "orr-random.h"
#include "orr-regress.h"

#define N 100

static double x[4 * N], y[N];

static OrrExpr *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  OrrExpr *expr = orr_expr_parse (text, NULL, 0, NULL, &error);

  g_assert_no_error (error);
  return expr;
}

static OrrSamples
make (const char *law, guint n_variables, double low, double high)
{
  g_autoptr (OrrExpr) expr = parse (law);

  for (guint k = 0; k < 4 * N; k++)
    x[k] = low + (high - low) * orr_random_uniform (3, ORR_RANDOM_STREAM_TEST, k);
  g_assert_true (orr_expr_eval (expr, x, N, N, y));
  return (OrrSamples){ x, N, n_variables, y, N };
}

/* An agent that has learned nothing must still keep every rule. */
static OrrAgent *
blank_agent (void)
{
  return orr_agent_new ("dictionary", 32, 24, 40, 9);
}

static guint64
bit (const char *action)
{
  int k = orr_action_from_name (action);

  g_assert_cmpint (k, >=, 0);
  return G_GUINT64_CONSTANT (1) << k;
}

static void
check_proposals (GArray *proposals, const OrrTemplate *template)
{
  for (guint i = 0; i < proposals->len; i++)
    {
      const OrrProposal *proposal = &g_array_index (proposals, OrrProposal, i);
      g_autoptr (OrrExpr) expr = orr_template_fill (template, &proposal->filling);

      g_assert_nonnull (expr);
      g_assert_cmpuint (orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER), ==, 0);
      for (guint h = 0; h < template->n_holes; h++)
        {
          g_assert_cmpuint (proposal->filling.n[h], >, 0);
          g_assert_cmpuint (proposal->filling.n[h], <=, ORR_ACTIONS_MAX_LENGTH);
          for (guint k = 0; k < proposal->filling.n[h]; k++)
            g_assert_true (template->legal >> proposal->filling.actions[h][k] & 1);
        }
      /* Nothing that was given has changed. */
      guint at = 0;
      for (guint k = 0, hole = 0; k < template->expr->n_nodes; k++)
        if (template->expr->nodes[k].op == ORR_EXPR_OP_PLACEHOLDER)
          at += proposal->filling.n[hole++];
        else
          g_assert_cmpint (expr->nodes[at++].op, ==, template->expr->nodes[k].op);
      g_assert_cmpuint (at, ==, expr->n_nodes);
    }
}

static void
test_decoding (void)
{
  static const char *const templates[] = { "?", "c*sin(?) + ?", "exp(-?^2) - ?/?", "x_1 - ?", "7.25*?" };
  OrrSamples samples = make ("x_1*x_2", 2, -3, 3);
  g_autoptr (OrrAgent) agent = blank_agent ();
  g_autoptr (OrrAgentContext) context = orr_agent_context_new (agent, x, N, 2, y, samples.n);

  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      g_autoptr (OrrExpr) expr = parse (templates[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrTemplate) template = orr_template_new (expr, 2, bit ("tan") | bit ("abs") | bit ("x_1"), 0, &error);
      g_assert_no_error (error);
      g_autoptr (GArray) beam = orr_beam_search (context, template, 24);
      g_autoptr (GArray) again = orr_beam_search (context, template, 24);
      g_autoptr (GArray) sample = orr_beam_sample (context, template, 20, 1.0, 4, 40);
      g_autoptr (GArray) same = orr_beam_sample (context, template, 20, 1.0, 4, 40);

      g_assert_cmpuint (beam->len, >, 0);
      g_assert_cmpuint (sample->len, ==, 20);
      check_proposals (beam, template);
      check_proposals (sample, template);
      g_assert_cmpmem (beam->data, beam->len * sizeof (OrrProposal), again->data, again->len * sizeof (OrrProposal));
      g_assert_cmpmem (sample->data, sample->len * sizeof (OrrProposal), same->data, same->len * sizeof (OrrProposal));
      for (guint k = 1; k < beam->len; k++)
        g_assert_cmpfloat (g_array_index (beam, OrrProposal, k).log_probability, <=,
                           g_array_index (beam, OrrProposal, k - 1).log_probability);
    }
}

/* A beam wide enough to hold everything finds the most probable expression of up to three actions. */
static void
test_beam_is_exhaustive (void)
{
  OrrSamples samples = make ("x_1^2", 1, -3, 3);
  g_autoptr (OrrAgent) agent = blank_agent ();
  g_autoptr (OrrAgentContext) context = orr_agent_context_new (agent, x, N, 1, y, samples.n);
  /* Left: c, sin, x_1 and add. */
  guint64 forbidden = ~(bit ("c") | bit ("sin") | bit ("x_1") | bit ("add"));
  g_autoptr (OrrTemplate) template = orr_template_new (NULL, 1, forbidden, 0, NULL);
  g_autoptr (GArray) beam = orr_beam_search (context, template, 400);
  const char *const left[] = { "c", "sin", "x_1", "add" };
  double best = -INFINITY;

  /* sin applied k times to a leaf, each step's probability from scratch. */
  for (guint depth = 0; depth < 4; depth++)
    for (guint leaf = 0; leaf < 2; leaf++)
      {
        OrrAction actions[8];
        double log_p = 0.0;

        for (guint t = 0; t <= depth; t++)
          {
            float values[ORR_N_ACTIONS];
            double sum = 0.0;

            actions[t] = orr_action_from_name (t < depth ? "sin" : left[2 * leaf]);
            orr_agent_values (context, actions, t, values);
            for (guint k = 0; k < 4; k++)
              sum += exp (values[orr_action_from_name (left[k])]);
            log_p += values[actions[t]] - log (sum);
          }
        gboolean found = FALSE;
        for (guint i = 0; i < beam->len && !found; i++)
          {
            const OrrProposal *proposal = &g_array_index (beam, OrrProposal, i);
            found = proposal->filling.n[0] == depth + 1 && memcmp (proposal->filling.actions[0], actions, depth + 1) == 0
                    && fabs (proposal->log_probability - log_p) < 1e-4;
          }
        g_assert_true (found);
        best = MAX (best, log_p);
      }
  g_assert_cmpfloat (g_array_index (beam, OrrProposal, 0).log_probability, >=, best - 1e-4);
}

static OrrRegression *
run (const OrrAgent *agent, const OrrSamples *samples, const char *expression, guint64 forbidden, guint64 required,
     guint n_threads, guint steps)
{
  g_autoptr (OrrExpr) template = expression != NULL ? parse (expression) : NULL;
  g_autoptr (GError) error = NULL;
  OrrRegressOptions options;

  orr_regress_defaults (&options);
  options.expression = template;
  options.forbidden = forbidden;
  options.required = required;
  options.beam = 16;
  options.steps = steps;
  options.n_threads = n_threads;
  options.seed = 12;
  OrrRegression *result = orr_regress (agent, samples, &options, NULL, &error);
  g_assert_no_error (error);
  return result;
}

static char *
best_text (const OrrRegression *result)
{
  return orr_expr_to_text (orr_regression_law (result, result->best)->expr, NULL, 0);
}

/* The same steps and seed, the same answer, with and without an agent, on one thread and on three. */
static void
test_threads (void)
{
  g_autoptr (OrrAgent) agent = blank_agent ();

  for (guint with = 0; with < 2; with++)
    {
      OrrSamples samples = make ("x_1*sin(2*x_2) + 0.3*x_1^2", 2, -3, 3);
      g_autoptr (OrrRegression) one = run (with ? agent : NULL, &samples, NULL, 0, 0, 1, 6);
      g_autoptr (OrrRegression) three = run (with ? agent : NULL, &samples, NULL, 0, 0, 3, 6);

      g_assert_cmpuint (one->laws->len, ==, three->laws->len);
      g_assert_cmpuint (one->n_tried, ==, three->n_tried);
      for (guint i = 0; i < one->laws->len; i++)
        {
          const OrrLaw *a = orr_regression_law (one, i), *b = orr_regression_law (three, i);
          g_assert_true (orr_expr_equal (a->expr, b->expr));
          g_assert_cmpfloat (a->r2, ==, b->r2);
        }
    }
}

static void
test_finds_laws (void)
{
  static const struct { const char *law; guint n_variables; } cases[] = {
    { "2*x_1 + 3", 1 }, { "x_1^2 + x_1", 1 }, { "5*x_1/x_2", 2 }, { "sin(2.5*x_1)", 1 },
  };
  const double low[2] = { 0.5, 0.5 }, high[2] = { 4, 4 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OrrSamples samples = make (cases[i].law, cases[i].n_variables, 0.5, 4);
      g_autoptr (OrrRegression) result = run (NULL, &samples, NULL, 0, 0, 1, 300);
      g_autofree char *text = best_text (result);

      g_test_message ("%s: %s", cases[i].law, text);
      g_assert_cmpfloat (1.0 - orr_regression_law (result, result->best)->r2, <, 1e-10);
      g_autoptr (OrrExpr) law = parse (cases[i].law);
      g_assert_cmpint (orr_expr_compare (law, orr_regression_law (result, result->best)->expr, low, high, 1e-6, 5), !=,
                       ORR_EXPR_DIFFERENT);
      /* The front: each law better than all simpler ones. */
      for (guint k = 1; k < result->laws->len; k++)
        {
          g_assert_cmpfloat (orr_regression_law (result, k)->r2, >, orr_regression_law (result, k - 1)->r2);
          g_assert_cmpuint (orr_regression_law (result, k)->complexity, >=, orr_regression_law (result, k - 1)->complexity);
        }
    }
}

/* Far from the ranges the agent knows, and in its own units again at the end. */
static void
test_scales (void)
{
  OrrSamples samples = make ("4e6*x_1^2 + 7e8", 1, 2000, 90000);
  g_autoptr (OrrRegression) result = run (NULL, &samples, NULL, 0, 0, 1, 100);
  g_autofree char *text = best_text (result);

  g_test_message ("%s", text);
  g_assert_cmpfloat (1.0 - orr_regression_law (result, result->best)->r2, <, 1e-10);
  const OrrLaw *law = orr_regression_law (result, result->best);
  double point = 12345.0, value;
  orr_expr_eval (law->expr, &point, 1, 1, &value);
  g_assert_cmpfloat (fabs (value / (4e6 * point * point + 7e8) - 1.0), <, 1e-4);
}

static void
test_template (void)
{
  OrrSamples samples = make ("3*sin(2*x_1) + x_2", 2, -3, 3);
  g_autoptr (OrrRegression) result = run (NULL, &samples, "c*sin(?) + ?", 0, 0, 1, 200);
  const OrrLaw *best = orr_regression_law (result, result->best);
  g_autofree char *text = orr_expr_to_text (best->expr, NULL, 0);

  g_test_message ("%s", text);
  g_assert_cmpfloat (1.0 - best->r2, <, 1e-10);
  for (guint i = 0; i < result->laws->len; i++)
    {
      const OrrExpr *expr = orr_regression_law (result, i)->expr;
      g_assert_cmpint (expr->nodes[0].op, ==, ORR_EXPR_OP_ADD);
      g_assert_cmpint (expr->nodes[1].op, ==, ORR_EXPR_OP_MUL);
      g_assert_cmpint (expr->nodes[2].op, ==, ORR_EXPR_OP_CONSTANT);
      g_assert_cmpint (expr->nodes[3].op, ==, ORR_EXPR_OP_SIN);
    }

  /* Nothing to find but the constants. */
  g_autoptr (OrrRegression) closed = run (NULL, &samples, "c*sin(c*x_1) + c*x_2", 0, 0, 1, 5);
  g_assert_cmpuint (closed->laws->len, ==, 1);
  g_assert_cmpfloat (1.0 - orr_regression_law (closed, 0)->r2, <, 1e-10);
}

static OrrRegression *
look_only (const OrrSamples *samples, const char *expression, guint64 forbidden)
{
  g_autoptr (OrrExpr) template = parse (expression);
  OrrRegressOptions options;
  g_autoptr (GError) error = NULL;

  orr_regress_defaults (&options);
  options.expression = template;
  options.forbidden = forbidden;
  options.seconds = 0.0;
  OrrRegression *result = orr_regress (NULL, samples, &options, NULL, &error);
  g_assert_no_error (error);
  return result;
}

/* What a person leaves open beside known parts is found without any search when it is plain. */
static void
test_plain_fillings (void)
{
  OrrSamples samples = make ("2.5*sin(1.3*x_1) + 0.4*x_1", 1, -5, 5);
  g_autoptr (OrrRegression) result = look_only (&samples, "c*sin(?) + ?", 0);

  g_assert_cmpfloat (1.0 - orr_regression_law (result, result->best)->r2, <, 1e-12);

  OrrSamples plane = make ("exp(-x_2/3)*(x_1 + 2)", 2, -3, 3);
  g_autoptr (OrrRegression) both = look_only (&plane, "exp(?)*?", 0);
  g_assert_cmpfloat (1.0 - orr_regression_law (both, both->best)->r2, <, 1e-10);

  /* Only of what is allowed. */
  g_autoptr (OrrRegression) without = look_only (&samples, "c*sin(?) + ?", bit ("mul"));
  for (guint i = 0; i < without->laws->len; i++)
    g_assert_cmpuint (orr_expr_count (orr_regression_law (without, i)->expr, ORR_EXPR_OP_MUL), ==, 1);
}

/* What is forbidden never appears, what is required always does. */
static void
test_masks (void)
{
  OrrSamples samples = make ("sin(x_1) + x_1^2", 2, -3, 3);
  guint64 forbidden = bit ("sin") | bit ("cos") | bit ("pow");
  g_autoptr (OrrRegression) result = run (NULL, &samples, NULL, forbidden, 1 << 1, 1, 30);

  for (guint i = 0; i < result->laws->len; i++)
    {
      const OrrExpr *expr = orr_regression_law (result, i)->expr;
      gboolean has_second = FALSE;

      g_assert_cmpuint (orr_expr_count (expr, ORR_EXPR_OP_SIN), ==, 0);
      g_assert_cmpuint (orr_expr_count (expr, ORR_EXPR_OP_COS), ==, 0);
      g_assert_cmpuint (orr_expr_count (expr, ORR_EXPR_OP_POW), ==, 0);
      for (guint k = 0; k < expr->n_nodes; k++)
        has_second |= expr->nodes[k].op == ORR_EXPR_OP_VARIABLE && expr->nodes[k].index == 1;
      g_assert_true (has_second);
    }
}

/* A number that is offered is used as it stands, with and without free constants beside it. */
static void
test_offered (void)
{
  OrrSamples samples = make ("9.81*x_1^2 + x_2", 2, -3, 3);
  g_autoptr (OrrAgent) agent = blank_agent ();
  OrrRegressOptions options;

  for (guint k = 0; k < 4; k++)
    {
      gboolean with_agent = k & 1, no_free = k & 2;
      g_autoptr (GError) error = NULL;

      orr_regress_defaults (&options);
      options.beam = 16;
      options.steps = 150;
      options.offered[0] = 9.81;
      options.offered[1] = 3.25;
      options.n_offered = 2;
      options.forbidden = no_free ? bit ("c") : 0;
      g_autoptr (OrrRegression) result = orr_regress (with_agent ? agent : NULL, &samples, &options, NULL, &error);
      g_assert_no_error (error);
      const OrrLaw *best = orr_regression_law (result, result->best);
      g_autofree char *text = best_text (result);
      gboolean has_number = FALSE;

      g_test_message ("%s", text);
      g_assert_cmpfloat (1.0 - best->r2, <, 1e-12);
      for (guint i = 0; i < best->expr->n_nodes; i++)
        {
          has_number |= best->expr->nodes[i].op == ORR_EXPR_OP_NUMBER && best->expr->nodes[i].value == 9.81;
          g_assert_false (best->expr->nodes[i].locked);
        }
      g_assert_true (has_number);
      g_assert_cmpuint (best->fit.n_constants, ==, 0);
      if (no_free)
        for (guint i = 0; i < result->laws->len; i++)
          g_assert_cmpuint (orr_expr_count (orr_regression_law (result, i)->expr, ORR_EXPR_OP_CONSTANT), ==, 0);
    }
}

/* Everything at once in the holes of a person's formula: its own parts stay, the mask, the required column and the offer hold. */
static void
test_completion_rules (void)
{
  g_autoptr (OrrAgent) agent = blank_agent ();
  g_autoptr (OrrExpr) expression = parse ("2*sin(?) + ?");
  OrrSamples samples = make ("2*sin(1.5*x_1) + x_2", 2, -3, 3);
  const double offered[] = { 1.5 };
  guint64 forbidden = bit ("cos") | bit ("tan") | bit ("c");
  g_autoptr (OrrTemplate) template = orr_template_new_offering (expression, 2, forbidden, 1 << 1, offered, 1, NULL);
  g_autoptr (OrrAgentContext) context = orr_agent_context_new (agent, x, N, 2, y, samples.n);
  g_autoptr (GArray) beam = orr_beam_search (context, template, 32);
  g_autoptr (GArray) sample = orr_beam_sample (context, template, 40, 1.3, 5, 77);
  guint n_offered = 0;

  check_proposals (beam, template);
  check_proposals (sample, template);
  for (guint i = 0; i < beam->len + sample->len; i++)
    {
      const OrrProposal *proposal = i < beam->len ? &g_array_index (beam, OrrProposal, i)
                                                  : &g_array_index (sample, OrrProposal, i - beam->len);
      g_autoptr (OrrExpr) expr = orr_template_fill (template, &proposal->filling);

      g_assert_cmpuint (orr_expr_count (expr, ORR_EXPR_OP_CONSTANT), ==, 0);
      for (guint k = 0; k < expr->n_nodes; k++)
        n_offered += expr->nodes[k].op == ORR_EXPR_OP_NUMBER && expr->nodes[k].value == 1.5;
      /* The beam gives no answer without the required column. */
      g_assert_true (i >= beam->len || orr_template_accepts (template, expr));
      g_assert_true (orr_template_accepts (template, expr) == orr_template_filling_accepts (template, &proposal->filling));
    }
  g_assert_cmpuint (n_offered, >, 0);
}

/* A penalty on length makes what the beam proposes, and what is believed, shorter. */
static void
test_length_penalty (void)
{
  g_autoptr (OrrAgent) agent = blank_agent ();
  OrrSamples samples = make ("x_1^2 + 0.001*sin(9*x_1)", 1, -3, 3);
  g_autoptr (OrrAgentContext) context = orr_agent_context_new (agent, x, N, 1, y, samples.n);
  g_autoptr (OrrTemplate) template = orr_template_new (NULL, 1, 0, 0, NULL);
  double length[2] = { 0.0 };
  guint complexity[2] = { 0 };

  for (guint k = 0; k < 2; k++)
    {
      OrrRegressOptions options;

      template->length_penalty = 3.0 * k;
      g_autoptr (GArray) beam = orr_beam_search (context, template, 24);
      for (guint i = 0; i < beam->len; i++)
        length[k] += (double) g_array_index (beam, OrrProposal, i).filling.n[0] / beam->len;
      orr_regress_defaults (&options);
      options.steps = 60;
      options.length_penalty = 1000.0 * k;
      g_autoptr (OrrRegression) result = orr_regress (NULL, &samples, &options, NULL, NULL);
      complexity[k] = orr_regression_law (result, result->best)->complexity;
    }
  g_test_message ("mean length %.1f and %.1f, complexity %u and %u", length[0], length[1], complexity[0], complexity[1]);
  g_assert_cmpfloat (length[1], <, length[0]);
  g_assert_cmpuint (complexity[1], <, complexity[0]);
}

/* Of more columns than the agent knows, those that matter are used. */
static void
test_many_columns (void)
{
  static double many[6 * N];
  OrrSamples samples = make ("x_1", 1, -3, 3);

  for (guint k = 0; k < 6 * N; k++)
    many[k] = 6.0 * orr_random_uniform (8, ORR_RANDOM_STREAM_TEST, k) - 3.0;
  for (guint i = 0; i < N; i++)
    y[i] = 2.0 * many[4 * N + i] - many[5 * N + i];
  samples = (OrrSamples){ many, N, 6, y, N };
  g_autoptr (OrrRegression) result = run (NULL, &samples, NULL, 0, 0, 1, 300);
  g_autofree char *text = best_text (result);
  g_assert_cmpstr (text, ==, "2*x_5 - x_6");
}

static void
test_bad_input (void)
{
  OrrSamples samples = make ("0*x_1 + 2", 1, -3, 3);
  g_autoptr (GError) error = NULL;
  OrrRegressOptions options;

  orr_regress_defaults (&options);
  options.seconds = 0.0;
  g_assert_null (orr_regress (NULL, &samples, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  samples.n = 2;
  g_assert_null (orr_regress (NULL, &samples, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_template_new (NULL, 1, ~G_GUINT64_CONSTANT (0), 0, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  openblas_set_num_threads (1);
  g_test_add_func ("/search/decoding", test_decoding);
  g_test_add_func ("/search/beam-is-exhaustive", test_beam_is_exhaustive);
  g_test_add_func ("/search/threads", test_threads);
  g_test_add_func ("/search/finds-laws", test_finds_laws);
  g_test_add_func ("/search/scales", test_scales);
  g_test_add_func ("/search/template", test_template);
  g_test_add_func ("/search/plain-fillings", test_plain_fillings);
  g_test_add_func ("/search/masks", test_masks);
  g_test_add_func ("/search/offered", test_offered);
  g_test_add_func ("/search/completion-rules", test_completion_rules);
  g_test_add_func ("/search/length-penalty", test_length_penalty);
  g_test_add_func ("/search/many-columns", test_many_columns);
  g_test_add_func ("/search/bad-input", test_bad_input);
  return g_test_run ();
}
