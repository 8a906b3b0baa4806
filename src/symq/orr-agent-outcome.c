/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-agent-outcome.h"

#include <math.h>
#include <string.h>

#include "orr-beam.h"
#include "orr-expr-fit.h"
#include "orr-mutate.h"

/* Width of the beam that completes, and the rows that judge: what a person's "Complete" does, made small. */
#define BEAM 16
#define MAX_ROWS 64
/* Most rollouts follow actions that the agent itself ranks this high, for those are the ones that are shown. */
#define N_SHOWN 6

/* A prefix of the demonstration, or of a random change of it: people go astray, too. Returns its length. */
static guint
choose_prefix (const OrrExample *example, OrrDice *dice, guint64 legal, OrrAction *prefix)
{
  OrrSprout sprout = { .n = example->n_actions };

  memcpy (sprout.actions, example->actions, sprout.n);
  if (orr_dice_chance (dice, 0.4))
    while (!orr_sprout_mutate (&sprout, dice, legal, &sprout))
      ;
  guint n = orr_dice_below (dice, sprout.n);
  memcpy (prefix, sprout.actions, n);
  return n;
}

static guint
rank_of (const float *values, guint64 legal, guint action)
{
  guint rank = 0;

  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    rank += (legal >> k & 1) != 0 && values[k] > values[action];
  return rank;
}

static OrrAction
choose_action (const float *values, guint64 legal, OrrDice *dice)
{
  guint most = orr_dice_chance (dice, 0.75) ? N_SHOWN : ORR_N_ACTIONS, action;

  do
    action = orr_dice_below (dice, ORR_N_ACTIONS);
  while ((legal >> action & 1) == 0 || rank_of (values, legal, action) >= most);
  return action;
}

/* The best R2 that the agent reaches once @prefix is given. */
static double
complete (const OrrAgentContext *context, const OrrSamples *samples, const OrrAction *prefix, guint n)
{
  g_autoptr (OrrExpr) open = orr_actions_to_expr (prefix, n);
  g_autoptr (OrrTemplate) template = open != NULL ? orr_template_new (open, context->n_variables, 0, 0, NULL) : NULL;
  g_autoptr (OrrExprFitter) fitter = orr_expr_fitter_new (samples);
  double best = 0.0;
  OrrExprFit fit;

  if (template == NULL)
    return 0.0;
  if (template->n_holes == 0)
    return orr_expr_fitter_run (fitter, open, &orr_expr_fit_quick, FALSE, &fit) ? CLAMP (fit.r2, 0.0, 1.0) : 0.0;
  g_autoptr (GArray) proposals = orr_beam_search (context, template, BEAM);
  for (guint i = 0; i < MIN (proposals->len, BEAM) && best < 1.0 - 1e-12; i++)
    {
      g_autoptr (OrrExpr) expr = orr_template_fill (template, &g_array_index (proposals, OrrProposal, i).filling);
      if (expr != NULL && orr_expr_fitter_run (fitter, expr, &orr_expr_fit_glance, FALSE, &fit))
        best = MAX (best, CLAMP (fit.r2, 0.0, 1.0));
    }
  return best;
}

static double
raw_value (const OrrAgent *agent, double expected)
{
  if (agent->n_expected == 0)
    return 0.0;
  const float *map = orr_agent_part (agent, agent->params->values, ORR_AGENT_EXPECTED_MAP);
  double clipped = CLAMP (expected, 1e-9, 1.0 - 1e-9);
  return map[0] != 0.0f ? (log (clipped / (1.0 - clipped)) - map[1]) / map[0] : 0.0;
}

static void
make_one (const OrrAgent *agent, OrrGenerator *generator, guint64 index, guint64 seed, float *features, OrrAgentOutcome *out)
{
  g_autofree OrrExample *example = g_new (OrrExample, 1);
  OrrDice dice = orr_dice (seed, orr_random_substream (ORR_RANDOM_STREAM_ANALYSIS, index));
  OrrAction prefix[ORR_ACTIONS_MAX_LENGTH + 1];
  float values[ORR_N_ACTIONS];
  double probabilities[ORR_N_ACTIONS], expected[ORR_N_ACTIONS];

  orr_generator_make (generator, index, example);
  guint64 legal = orr_actions_legal (example->n_variables);
  const OrrSamples samples = { example->x[0], ORR_EXAMPLE_MAX_POINTS, example->n_variables, example->y,
                               MIN (example->n_points, MAX_ROWS) };
  g_autoptr (OrrAgentContext) context = orr_agent_context_new (agent, example->x[0], ORR_EXAMPLE_MAX_POINTS,
                                                               example->n_variables, example->y, example->n_points);
  guint n = choose_prefix (example, &dice, legal, prefix);
  orr_agent_read (context, prefix, n, values, features);
  orr_agent_expected (context, prefix, n, legal, expected);
  orr_objective_predict_r2 (agent->objective, values, legal, probabilities);
  OrrAction action = choose_action (values, legal, &dice);
  prefix[n] = action;
  *out = (OrrAgentOutcome){ action, probabilities[action], raw_value (agent, expected[action]), expected[action],
                       complete (context, &samples, prefix, n + 1) };
}

/**
 * orr_agent_outcomes_make:
 * @n: how many
 * @features: (out) (nullable) (array): [n x n_head] what the second head saw
 *
 * On tables of the generator's @split: the agent's prediction for an action,
 * and what came of it. They depend on the seed alone.
 *
 * Returns: (transfer full) (nullable): of OrrAgentOutcome; %NULL when cancelled
 */
GArray *
orr_agent_outcomes_make (const OrrAgent *agent, OrrSplit split, guint n, guint64 seed, guint n_threads, float *features,
                         OrrProgress *progress, GError **error)
{
  const OrrGeneratorOptions data = { .seed = seed, .split = split, .min_points = 30, .max_points = 120,
                                     .max_variables = ORR_ACTIONS_VARIABLES };
  g_autoptr (GArray) rollouts = g_array_sized_new (FALSE, TRUE, sizeof (OrrAgentOutcome), n);
  guint block = 64;

  g_array_set_size (rollouts, n);
  for (guint first = 0; first < n; first += block)
    {
      if (!orr_progress_check (progress, error))
        return NULL;
      orr_progress_report (progress, (double) first / n, "Following actions to their end");
#pragma omp parallel num_threads(MAX (n_threads, 1))
      {
        g_autoptr (OrrGenerator) generator = orr_generator_new (&data);
#pragma omp for schedule(dynamic)
        for (guint i = first; i < MIN (first + block, n); i++)
          if (!orr_progress_is_cancelled (progress))
            make_one (agent, generator, i, seed, features != NULL ? features + (gsize) i * agent->n_head : NULL,
                      &g_array_index (rollouts, OrrAgentOutcome, i));
      }
    }
  if (!orr_progress_check (progress, error))
    return NULL;
  return g_steal_pointer (&rollouts);
}

static double
prediction_of (const GArray *rollouts, guint i, gsize prediction)
{
  return G_STRUCT_MEMBER (double, &g_array_index (rollouts, OrrAgentOutcome, i), prediction);
}

/**
 * orr_agent_outcomes_measure:
 * @prediction: offset in OrrAgentOutcome of the number that is to be judged
 */
OrrCalibration
orr_agent_outcomes_measure (const GArray *rollouts, gsize prediction)
{
  OrrCalibration result = { .n = rollouts->len };
  double pp = 0.0, rr = 0.0, pr = 0.0;

  for (guint i = 0; i < rollouts->len; i++)
    {
      double p = prediction_of (rollouts, i, prediction), r = g_array_index (rollouts, OrrAgentOutcome, i).realised;
      guint bin = CLAMP ((int) (p * ORR_CALIBRATION_BINS), 0, ORR_CALIBRATION_BINS - 1);
      result.bins[bin].n++;
      result.bins[bin].predicted += p;
      result.bins[bin].realised += r;
      result.predicted += p / result.n;
      result.realised += r / result.n;
    }
  for (guint i = 0; i < rollouts->len; i++)
    {
      double p = prediction_of (rollouts, i, prediction) - result.predicted;
      double r = g_array_index (rollouts, OrrAgentOutcome, i).realised - result.realised;
      pp += p * p;
      rr += r * r;
      pr += p * r;
    }
  result.correlation = pp > 0.0 && rr > 0.0 ? pr / sqrt (pp * rr) : NAN;
  for (guint b = 0; b < ORR_CALIBRATION_BINS; b++)
    if (result.bins[b].n > 0)
      {
        result.bins[b].predicted /= result.bins[b].n;
        result.bins[b].realised /= result.bins[b].n;
        result.error += fabs (result.bins[b].predicted - result.bins[b].realised) * result.bins[b].n / result.n;
      }
  return result;
}

/**
 * orr_agent_outcomes_fit_map:
 * @factor: (out): of the raw value
 * @addend: (out): to it
 *
 * The logistic map that makes the second head's values true on average
 * (Platt 1999), by Newton's method on the binary cross-entropy.
 */
void
orr_agent_outcomes_fit_map (const GArray *rollouts, double *factor, double *addend)
{
  double a = 1.0, b = 0.0;

  for (int iteration = 0; iteration < 50; iteration++)
    {
      double ga = 0.0, gb = 0.0, aa = 1e-6 * rollouts->len, ab = 0.0, bb = 1e-6 * rollouts->len;
      for (guint i = 0; i < rollouts->len; i++)
        {
          const OrrAgentOutcome *rollout = &g_array_index (rollouts, OrrAgentOutcome, i);
          double x = rollout->raw, p = 1.0 / (1.0 + exp (-(a * x + b))), curvature = p * (1.0 - p);
          ga += (p - rollout->realised) * x;
          gb += p - rollout->realised;
          aa += curvature * x * x;
          ab += curvature * x;
          bb += curvature;
        }
      double determinant = aa * bb - ab * ab;
      double da = (bb * ga - ab * gb) / determinant, db = (aa * gb - ab * ga) / determinant;
      double length = sqrt (da * da + db * db), shrink = length > 1.0 ? 1.0 / length : 1.0;
      a -= shrink * da;
      b -= shrink * db;
      if (length < 1e-9)
        break;
    }
  *factor = a;
  *addend = b;
}
