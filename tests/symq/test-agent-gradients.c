/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-agent-pass.h"
#include "orr-contrastive.h"
#include "orr-matrix.h"

#define B 12

static const OrrGeneratorOptions options = {
  .seed = 11, .split = ORR_SPLIT_TRAINING, .min_points = 20, .max_points = 60, .noise = 0.02, .max_variables = 3,
};

static double
loss_of (OrrAgent *agent, OrrAgentPass *pass, const OrrAgentBatch *batch, float *gradient)
{
  guint n_steps = 0, n_right = 0;
  double loss = orr_agent_pass_run (pass, agent, batch, 1.0, gradient, &n_steps, &n_right);

  g_assert_cmpuint (n_steps, >, B);
  g_assert_cmpuint (n_right, <=, n_steps);
  return loss;
}

/* Part by part: the slope of the loss along the part's own gradient is the gradient's squared norm. */
static void
check_agent (const char *encoder, OrrObjective objective, double contrastive)
{
  g_autoptr (OrrAgent) agent = orr_agent_new (encoder, 32, 24, 40, 5);
  g_autoptr (OrrAgentPass) pass = orr_agent_pass_new (agent, B);
  g_autoptr (OrrAgentBatch) batch = orr_agent_batch_new (agent, B);
  g_autoptr (OrrGenerator) generator = orr_generator_new (&options);
  gpointer scratch = agent->encoder->scratch_new ();
  OrrParams *params = agent->params;
  float *gradient = orr_aligned_alloc0 (params->size, sizeof (float));
  g_autofree float *saved = g_memdup2 (params->values, params->size * sizeof (float));

  agent->objective = objective;
  batch->contrastive = contrastive;
  if (objective == ORR_OBJECTIVE_CONSERVATIVE)
    orr_agent_batch_fill_episodes (batch, agent, scratch, generator, 0, B / 3, 3);
  else if (contrastive > 0.0)
    orr_agent_batch_fill_pairs (batch, agent, scratch, generator, 0, B);
  else
    orr_agent_batch_fill (batch, agent, scratch, generator, 0, B);
  loss_of (agent, pass, batch, gradient);
  for (guint i = 0; i < params->parts->len; i++)
    {
      const OrrParamsPart *part = orr_params_part (params, i);
      gsize n = (gsize) part->rows * part->cols;
      const float *g = gradient + part->offset;
      float *w = params->values + part->offset;
      double squares = 0.0, sides[2];

      for (gsize k = 0; k < n; k++)
        squares += (double) g[k] * g[k];
      g_assert_cmpfloat (squares, >, 0.0);
      /* A step that changes the loss by about 0.02, far above float32's rounding. */
      double step = 0.02 / squares;
      for (int side = 0; side < 2; side++)
        {
          for (gsize k = 0; k < n; k++)
            w[k] = saved[part->offset + k] + (side ? step : -step) * g[k];
          sides[side] = loss_of (agent, pass, batch, NULL);
        }
      memcpy (w, saved + part->offset, n * sizeof (float));
      double slope = (sides[1] - sides[0]) / (2.0 * step) / squares;
      g_test_message ("%s: %.4f", part->name, slope);
      g_assert_cmpfloat (fabs (slope - 1.0), <, 0.02);
    }
  agent->encoder->scratch_free (scratch);
  orr_aligned_free (gradient);
}

static void
test_dictionary (void)
{
  check_agent ("dictionary", ORR_OBJECTIVE_CROSS_ENTROPY, 0.0);
}

static void
test_attention (void)
{
  check_agent ("attention", ORR_OBJECTIVE_CROSS_ENTROPY, 0.0);
}

static void
test_published (void)
{
  check_agent ("dictionary", ORR_OBJECTIVE_PUBLISHED, 0.0);
}

static void
test_conservative (void)
{
  check_agent ("dictionary", ORR_OBJECTIVE_CONSERVATIVE, 0.0);
}

static void
test_contrastive (void)
{
  check_agent ("dictionary", ORR_OBJECTIVE_PUBLISHED, 0.5);
}

/* Two pairs in a plane: the loss by hand, and none where nobody has company. */
static void
test_contrastive_value (void)
{
  const float embeddings[] = { 3, 0, 0, 2, 1, 0, 0, 5 };
  const guint groups[] = { 7, 8, 7, 9 };
  float gradient[8] = { 0 };
  double near = 1.0 / 0.07, sum = exp (near) + 2.0;

  double loss = orr_contrastive (embeddings, groups, 4, 2, 0.5, gradient);
  g_assert_cmpfloat (fabs (loss - 0.5 * (log (sum) - near)), <, 1e-9);
  /* Lengths do not matter. */
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat (fabsf (gradient[2 * i] * embeddings[2 * i] + gradient[2 * i + 1] * embeddings[2 * i + 1]), <, 1e-6);
  const guint alone[] = { 1, 2, 3, 4 };
  g_assert_cmpfloat (orr_contrastive (embeddings, alone, 4, 2, 0.5, gradient), ==, 0.0);
}

/* Deciding step by step gives the same values as the packed pass that training uses. */
static void
test_steps (void)
{
  g_autoptr (OrrAgent) agent = orr_agent_new ("dictionary", 32, 24, 40, 5);
  g_autoptr (OrrAgentPass) pass = orr_agent_pass_new (agent, 1);
  g_autoptr (OrrAgentBatch) batch = orr_agent_batch_new (agent, 1);
  g_autoptr (OrrGenerator) generator = orr_generator_new (&options);
  gpointer scratch = agent->encoder->scratch_new ();

  for (guint64 i = 0; i < 20; i++)
    {
      OrrExample example;
      double expected = 0.0;

      orr_agent_batch_fill (batch, agent, scratch, generator, i, 1);
      orr_generator_make (generator, i, &example);
      g_autoptr (OrrAgentContext) context = orr_agent_context_new (agent, example.x[0], ORR_EXAMPLE_MAX_POINTS,
                                                                   example.n_variables, example.y, example.n_points);
      for (guint t = 0; t < example.n_actions; t++)
        {
          float values[ORR_N_ACTIONS];
          double sum = 0.0;
          orr_agent_values (context, example.actions, t, values);
          for (guint k = 0; k < ORR_ACTIONS_FIRST_VARIABLE + example.n_variables; k++)
            sum += exp (values[k]);
          expected += log (sum) - values[example.actions[t]];
        }
      guint n_steps = 0, n_right = 0;
      double loss = orr_agent_pass_run (pass, agent, batch, 1.0, NULL, &n_steps, &n_right);
      g_assert_cmpuint (n_steps, ==, example.n_actions);
      g_assert_cmpfloat (fabs (loss - expected), <, 1e-3 * expected);
    }
  agent->encoder->scratch_free (scratch);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  openblas_set_num_threads (1);
  g_test_add_func ("/agent/gradients/dictionary", test_dictionary);
  g_test_add_func ("/agent/gradients/attention", test_attention);
  g_test_add_func ("/agent/gradients/published", test_published);
  g_test_add_func ("/agent/gradients/conservative", test_conservative);
  g_test_add_func ("/agent/gradients/contrastive", test_contrastive);
  g_test_add_func ("/agent/contrastive-value", test_contrastive_value);
  g_test_add_func ("/agent/steps", test_steps);
  return g_test_run ();
}
