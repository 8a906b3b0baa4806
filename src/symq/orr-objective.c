/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-objective.h"

#include <math.h>

#include "orr-layers.h"

/* The published targets. */
#define HIGH 0.9
#define LOW 0.1
/* Weight of the conservative term (Kumar et al., NeurIPS 2020) against that of the rewards. */
#define CONSERVATIVE 0.1

static const char *const names[ORR_N_OBJECTIVES] = { "cross-entropy", "published", "conservative" };

const char *
orr_objective_name (OrrObjective objective)
{
  g_return_val_if_fail (objective < ORR_N_OBJECTIVES, NULL);
  return names[objective];
}

/* The objective called @name, or -1. */
int
orr_objective_from_name (const char *name)
{
  for (int k = 0; k < ORR_N_OBJECTIVES; k++)
    if (g_str_equal (names[k], name))
      return k;
  return -1;
}

static double
sigmoid (double q)
{
  return q >= 0.0 ? 1.0 / (1.0 + exp (-q)) : exp (q) / (1.0 + exp (q));
}

static double
published_step (float *values, OrrAction action, guint64 legal, double weight)
{
  double loss = 0.0;

  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    {
      double p = sigmoid (values[k]), miss = p - (k == action ? HIGH : LOW);
      gboolean counts = (legal >> k & 1) != 0;
      loss += counts ? miss * miss : 0.0;
      values[k] = counts ? weight * 2.0 * miss * p * (1.0 - p) : 0.0;
    }
  return weight * loss;
}

/* Binary cross-entropy with the reward as the target: its minimum is the mean reward. */
static double
conservative_step (float *values, OrrAction action, guint64 legal, double reward, double weight)
{
  double q = values[action], expected = sigmoid (q);
  double loss = weight * (fmax (q, 0.0) - reward * q + log1p (exp (-fabs (q))));
  guint n_right = 0;

  loss += orr_softmax_cross_entropy (values, &action, &legal, CONSERVATIVE * weight, &n_right, 1, ORR_N_ACTIONS);
  values[action] += weight * (expected - reward);
  return loss;
}

/**
 * orr_objective_step:
 * @values: (inout) (array): [ORR_N_ACTIONS] values; receives the loss's derivatives by them
 * @action: that was taken
 * @legal: bit k: action k could have been taken
 * @reward: R2 of the best episode that goes on from here, from 0 to 1; only the conservative objective looks at it
 * @weight: times the loss
 * @n_right: (inout): counts the steps whose action has the highest value
 *
 * Returns: the loss of one step of an episode
 */
double
orr_objective_step (OrrObjective objective, float *values, OrrAction action, guint64 legal, double reward, double weight,
                    guint *n_right)
{
  gboolean right = TRUE;

  if (objective == ORR_OBJECTIVE_CROSS_ENTROPY)
    return orr_softmax_cross_entropy (values, &action, &legal, weight, n_right, 1, ORR_N_ACTIONS);
  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    right &= (legal >> k & 1) == 0 || values[k] <= values[action];
  *n_right += right;
  return objective == ORR_OBJECTIVE_PUBLISHED ? published_step (values, action, legal, weight)
                                              : conservative_step (values, action, legal, reward, weight);
}

/**
 * orr_objective_log_scores:
 * @temperature: 1 for the agent's own opinion, more for variety
 * @scores: (out) (array): [ORR_N_ACTIONS], minus infinity for what is not legal
 *
 * What a beam adds up. Of the published objective log ((sigmoid (Q) - 0.1) / 0.8),
 * the probability that its targets stand for; of the others the logarithm of the softmax.
 */
void
orr_objective_log_scores (OrrObjective objective, const float *values, guint64 legal, double temperature, double *scores)
{
  double largest = -INFINITY, sum = 0.0;

  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    {
      double value = objective == ORR_OBJECTIVE_PUBLISHED ? log (fmax ((sigmoid (values[k]) - LOW) / (HIGH - LOW), 1e-6))
                                                          : values[k];
      scores[k] = legal >> k & 1 ? value / temperature : -INFINITY;
      largest = MAX (largest, scores[k]);
    }
  if (objective == ORR_OBJECTIVE_PUBLISHED)
    return;
  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    sum += exp (scores[k] - largest);
  double whole = largest + log (sum);
  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    scores[k] -= whole;
}

/**
 * orr_objective_predict_r2:
 * @r2: (out) (array): [ORR_N_ACTIONS], 0 for what is not legal
 *
 * What a person would read from the values alone as "how good": the probability
 * of each action, or for the conservative objective the R2 that it expects.
 */
void
orr_objective_predict_r2 (OrrObjective objective, const float *values, guint64 legal, double *r2)
{
  double scores[ORR_N_ACTIONS];

  if (objective != ORR_OBJECTIVE_CONSERVATIVE)
    orr_objective_log_scores (objective, values, legal, 1.0, scores);
  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    if ((legal >> k & 1) == 0)
      r2[k] = 0.0;
    else
      r2[k] = objective == ORR_OBJECTIVE_CONSERVATIVE ? sigmoid (values[k]) : MIN (exp (scores[k]), 1.0);
}
