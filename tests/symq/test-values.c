/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "orr-agent-outcome.h"
#include "orr-dice.h"
#include "orr-episodes.h"
#include "orr-error.h"
#include "orr-expected.h"

static double
sigmoid (double q)
{
  return 1.0 / (1.0 + exp (-q));
}

/* The loss of one step against numbers by hand, for each objective. */
static void
test_objectives (void)
{
  float values[ORR_N_ACTIONS] = { 0 }, kept[ORR_N_ACTIONS];
  guint64 legal = 7;
  guint n_right = 0;

  values[0] = 1.0f;
  values[1] = 2.0f;
  values[2] = -1.0f;
  memcpy (kept, values, sizeof kept);
  double sum = exp (1.0) + exp (2.0) + exp (-1.0);

  double loss = orr_objective_step (ORR_OBJECTIVE_CROSS_ENTROPY, values, 1, legal, 1.0, 2.0, &n_right);
  g_assert_cmpfloat (fabs (loss - 2.0 * (log (sum) - 2.0)), <, 1e-6);
  g_assert_cmpuint (n_right, ==, 1);

  memcpy (values, kept, sizeof kept);
  loss = orr_objective_step (ORR_OBJECTIVE_PUBLISHED, values, 0, legal, 1.0, 1.0, &n_right);
  double by_hand = pow (sigmoid (1.0) - 0.9, 2) + pow (sigmoid (2.0) - 0.1, 2) + pow (sigmoid (-1.0) - 0.1, 2);
  g_assert_cmpfloat (fabs (loss - by_hand), <, 1e-6);
  g_assert_cmpuint (n_right, ==, 1);

  memcpy (values, kept, sizeof kept);
  loss = orr_objective_step (ORR_OBJECTIVE_CONSERVATIVE, values, 1, legal, 0.3, 1.0, &n_right);
  by_hand = -0.3 * log (sigmoid (2.0)) - 0.7 * log (1.0 - sigmoid (2.0)) + 0.1 * (log (sum) - 2.0);
  g_assert_cmpfloat (fabs (loss - by_hand), <, 1e-6);
  for (guint k = 3; k < ORR_N_ACTIONS; k++)
    g_assert_cmpfloat (values[k], ==, 0.0);

  /* 0.9 is certain, 0.1 out of the question. */
  double scores[ORR_N_ACTIONS], r2[ORR_N_ACTIONS];
  values[0] = log (0.9 / 0.1);
  values[1] = log (0.5 / 0.5);
  orr_objective_log_scores (ORR_OBJECTIVE_PUBLISHED, values, 3, 1.0, scores);
  g_assert_cmpfloat (fabs (scores[0]), <, 1e-6);
  g_assert_cmpfloat (fabs (scores[1] - log (0.5)), <, 1e-6);
  g_assert_true (isinf (scores[2]));
  orr_objective_predict_r2 (ORR_OBJECTIVE_CONSERVATIVE, values, 3, r2);
  g_assert_cmpfloat (fabs (r2[0] - 0.9), <, 1e-6);
  g_assert_cmpfloat (r2[2], ==, 0.0);
  for (int k = 0; k < ORR_N_OBJECTIVES; k++)
    g_assert_cmpint (orr_objective_from_name (orr_objective_name (k)), ==, k);
  g_assert_cmpint (orr_objective_from_name ("none"), ==, -1);
}

/* The demonstration of noise-free data is worth 1; a step is worth the best end known from it. */
static void
test_episodes (void)
{
  const OrrGeneratorOptions data = { .seed = 6, .split = ORR_SPLIT_TRAINING, .min_points = 30, .max_points = 60, .max_variables = 2 };
  g_autoptr (OrrGenerator) generator = orr_generator_new (&data);
  g_autofree OrrExample *example = g_new (OrrExample, 1);
  OrrEpisode episodes[6];
  guint n_worse = 0;

  for (guint64 i = 0; i < 20; i++)
    {
      OrrDice dice = orr_dice (i, ORR_RANDOM_STREAM_TEST);
      orr_generator_make (generator, i, example);
      orr_episodes_make (example, &dice, episodes, 6);
      g_assert_cmpfloat (episodes[0].reward, >, 1.0 - 1e-9);
      for (guint e = 0; e < 6; e++)
        {
          gboolean along = TRUE;
          double last = 1.0;

          g_assert_cmpfloat (episodes[e].reward, >=, 0.0);
          g_assert_cmpfloat (episodes[e].reward, <=, 1.0);
          n_worse += episodes[e].reward < 0.99;
          for (guint t = 0; t < episodes[e].n; t++)
            {
              along = along && t < episodes[0].n && episodes[e].actions[t] == episodes[0].actions[t];
              /* As long as the demonstration goes the same way, its end is still to be had. */
              if (along)
                g_assert_cmpfloat (episodes[e].rewards[t], >=, episodes[0].reward);
              g_assert_cmpfloat (episodes[e].rewards[t], >=, episodes[e].reward);
              g_assert_cmpfloat (episodes[e].rewards[t], <=, last);
              last = episodes[e].rewards[t];
            }
        }
    }
  g_assert_cmpuint (n_worse, >, 20);
}

/* A map that is known comes back, and what it maps is true on average. */
static void
test_map (void)
{
  g_autoptr (GArray) outcomes = g_array_new (FALSE, TRUE, sizeof (OrrAgentOutcome));
  OrrDice dice = orr_dice (3, ORR_RANDOM_STREAM_TEST);
  double factor, addend;

  for (guint i = 0; i < 20000; i++)
    {
      OrrAgentOutcome outcome = { .raw = 3.0 * orr_dice_normal (&dice) };
      outcome.expected = sigmoid (0.6 * outcome.raw - 1.2);
      outcome.realised = orr_dice_chance (&dice, outcome.expected) ? 1.0 : 0.0;
      outcome.probability = sigmoid (outcome.raw);
      g_array_append_val (outcomes, outcome);
    }
  orr_agent_outcomes_fit_map (outcomes, &factor, &addend);
  g_assert_cmpfloat (fabs (factor - 0.6), <, 0.03);
  g_assert_cmpfloat (fabs (addend + 1.2), <, 0.06);
  OrrCalibration good = orr_agent_outcomes_measure (outcomes, G_STRUCT_OFFSET (OrrAgentOutcome, expected));
  OrrCalibration bad = orr_agent_outcomes_measure (outcomes, G_STRUCT_OFFSET (OrrAgentOutcome, probability));
  guint n = 0;
  for (guint b = 0; b < ORR_CALIBRATION_BINS; b++)
    n += good.bins[b].n;
  g_assert_cmpuint (n, ==, 20000);
  g_assert_cmpfloat (good.error, <, 0.015);
  g_assert_cmpfloat (bad.error, >, 0.1);
  g_assert_cmpfloat (fabs (good.predicted - good.realised), <, 0.01);
  g_assert_cmpfloat (good.correlation, >, 0.5);
}

static OrrAgent *
train_head (const OrrAgent *agent, guint n_threads)
{
  OrrExpectedTraining options;
  g_autoptr (GError) error = NULL;

  orr_expected_defaults (&options);
  options.steps = 12;
  options.examples = 8;
  options.n_each = 4;
  options.rollouts = 100;
  options.width = 16;
  options.n_threads = n_threads;
  OrrAgent *result = orr_expected_train (agent, &options, NULL, &error);
  g_assert_no_error (error);
  return result;
}

/* The body stays, bit for bit; the head is the same for any number of threads, survives a file, and says numbers from 0 to 1. */
static void
test_head (void)
{
  g_autoptr (OrrAgent) agent = orr_agent_new ("dictionary", 32, 24, 40, 5);
  g_autoptr (OrrAgent) one = train_head (agent, 1);
  g_autoptr (OrrAgent) three = train_head (agent, 3);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  double x[50], y[50], r2[ORR_N_ACTIONS], again[ORR_N_ACTIONS];
  guint64 legal = orr_actions_legal (1);

  g_assert_cmpmem (one->params->values, one->params->size * sizeof (float), three->params->values,
                   three->params->size * sizeof (float));
  g_assert_cmpmem (agent->params->values, orr_params_part (agent->params, 1)->offset * sizeof (float), one->params->values,
                   orr_params_part (one->params, 1)->offset * sizeof (float));
  g_assert_cmpuint (one->n_expected, ==, 16);
  int file = g_file_open_tmp ("agent-XXXXXX", &path, &error);
  g_assert_no_error (error);
  close (file);
  g_assert_true (orr_agent_save (one, path, FALSE, &error));
  g_autoptr (OrrAgent) loaded = orr_agent_load (path, &error);
  g_assert_no_error (error);
  g_remove (path);

  for (guint i = 0; i < 50; i++)
    {
      x[i] = -2.0 + 0.08 * i;
      y[i] = x[i] * x[i];
    }
  g_autoptr (OrrAgentContext) before = orr_agent_context_new (one, x, 50, 1, y, 50);
  g_autoptr (OrrAgentContext) after = orr_agent_context_new (loaded, x, 50, 1, y, 50);
  const OrrAction prefix[] = { orr_action_from_name ("mul"), orr_action_from_name ("x_1") };
  g_assert_true (orr_agent_expected (before, prefix, 2, legal, r2));
  g_assert_true (orr_agent_expected (after, prefix, 2, legal, again));
  g_assert_cmpmem (r2, sizeof r2, again, sizeof again);
  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    if (legal >> k & 1)
      {
        g_assert_cmpfloat (r2[k], >, 0.0);
        g_assert_cmpfloat (r2[k], <, 1.0);
      }
    else
      g_assert_cmpfloat (r2[k], ==, 0.0);

  /* Without the head the first one answers, and says so. */
  g_autoptr (OrrAgentContext) plain = orr_agent_context_new (agent, x, 50, 1, y, 50);
  double sum = 0.0;
  g_assert_false (orr_agent_expected (plain, prefix, 2, legal, r2));
  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    sum += r2[k];
  g_assert_cmpfloat (fabs (sum - 1.0), <, 1e-6);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  openblas_set_num_threads (1);
  g_test_add_func ("/values/objectives", test_objectives);
  g_test_add_func ("/values/episodes", test_episodes);
  g_test_add_func ("/values/map", test_map);
  g_test_add_func ("/values/head", test_head);
  return g_test_run ();
}
