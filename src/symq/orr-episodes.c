/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-episodes.h"

#include <math.h>
#include <string.h>

#include "orr-mutate.h"

/* Rows that rewards are computed on: enough to tell a good fit from a bad one. */
#define MAX_ROWS 64

static double
reward_of (OrrExprFitter *fitter, const OrrEpisode *episode, const double *constants)
{
  g_autoptr (OrrExpr) skeleton = orr_actions_to_expr (episode->actions, episode->n);
  g_autoptr (OrrExpr) expr = constants != NULL ? orr_expr_set_constants (skeleton, constants, NULL) : orr_expr_ref (skeleton);
  OrrExprFit fit;

  return orr_expr_fitter_run (fitter, expr, &orr_expr_fit_glance, constants != NULL, &fit) ? CLAMP (fit.r2, 0.0, 1.0) : 0.0;
}

/* One to three random changes of the demonstration. */
static void
mutate (const OrrEpisode *demonstration, guint64 legal, OrrDice *dice, OrrEpisode *out)
{
  OrrSprout sprout = { .n = demonstration->n };

  memcpy (sprout.actions, demonstration->actions, sprout.n);
  do
    while (!orr_sprout_mutate (&sprout, dice, legal, &sprout))
      ;
  while (orr_dice_chance (dice, 0.4));
  out->n = sprout.n;
  memcpy (out->actions, sprout.actions, sprout.n);
}

static guint
n_common (const OrrEpisode *a, const OrrEpisode *b)
{
  guint n = 0;

  while (n < a->n && n < b->n && a->actions[n] == b->actions[n])
    n++;
  return n;
}

/* The best end that is known from each step on. */
static void
back_up (OrrEpisode *episodes, guint n)
{
  for (guint i = 0; i < n; i++)
    for (guint t = 0; t < episodes[i].n; t++)
      episodes[i].rewards[t] = episodes[i].reward;
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < n; k++)
      {
        guint common = n_common (&episodes[i], &episodes[k]);
        for (guint t = 0; t < common; t++)
          episodes[i].rewards[t] = MAX (episodes[i].rewards[t], episodes[k].reward);
      }
}

/**
 * orr_episodes_make:
 * @episodes: (out) (array): [n] the demonstration first, then random changes of it
 *
 * Episodes on one table for learning from rewards.
 */
void
orr_episodes_make (const OrrExample *example, OrrDice *dice, OrrEpisode *episodes, guint n)
{
  const OrrSamples samples = { example->x[0], ORR_EXAMPLE_MAX_POINTS, example->n_variables, example->y,
                               MIN (example->n_points, MAX_ROWS) };
  g_autoptr (OrrExprFitter) fitter = orr_expr_fitter_new (&samples);
  guint64 legal = orr_actions_legal (example->n_variables);

  episodes[0].n = example->n_actions;
  memcpy (episodes[0].actions, example->actions, example->n_actions);
  episodes[0].reward = reward_of (fitter, &episodes[0], example->constants);
  for (guint i = 1; i < n; i++)
    {
      mutate (&episodes[0], legal, dice, &episodes[i]);
      episodes[i].reward = reward_of (fitter, &episodes[i], NULL);
    }
  back_up (episodes, n);
}
