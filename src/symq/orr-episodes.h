/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-dice.h"
#include "orr-expr-fit.h"
#include "orr-generator.h"

G_BEGIN_DECLS

/**
 * OrrEpisode:
 * @n: actions
 * @actions: in preorder
 * @reward: R2 after fitting the constants, clipped to [0, 1]
 * @rewards: by step: the largest reward of the episodes made with this one that begin with the same actions up to it
 *
 * One expression built for a table, and what it was worth.
 */
typedef struct
{
  guint     n;
  OrrAction actions[ORR_ACTIONS_MAX_LENGTH];
  double    reward;
  double    rewards[ORR_ACTIONS_MAX_LENGTH];
} OrrEpisode;

void orr_episodes_make (const OrrExample *example,
                        OrrDice          *dice,
                        OrrEpisode       *episodes,
                        guint             n);

G_END_DECLS
