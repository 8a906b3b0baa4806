/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-mutate.h"

#include <string.h>

/* How often each action is grown: those of the training data first. */
static const guint8 unary_weights[ORR_ACTIONS_FIRST_VARIABLE] = {
  [1] = 1, [5] = 4, [6] = 4, [7] = 4, [9] = 5, [10] = 5, [11] = 1, [21] = 1, [22] = 1, [23] = 1, [24] = 1, [25] = 1, [26] = 1, [27] = 1,
};
static const guint8 binary_weights[ORR_ACTIONS_FIRST_VARIABLE] = { [2] = 10, [3] = 10, [4] = 6, [8] = 4 };

/* Constants, variables, and the small numbers a little. */
static const guint8 leaf_weights[ORR_N_ACTIONS] = {
  [0] = 8, [14] = 1, [16] = 2, [17] = 3, [18] = 1, [28] = 10, [29] = 10, [30] = 10,
};

static int
pick (OrrDice *dice, const guint8 *weights, guint n, guint64 legal)
{
  guint total = 0;

  for (guint k = 0; k < n; k++)
    total += legal >> k & 1 ? weights[k] : 0;
  if (total == 0)
    return -1;
  guint at = orr_dice_below (dice, total);
  for (guint k = 0; k < n; k++)
    if (legal >> k & 1)
      {
        if (at < weights[k])
          return k;
        at -= weights[k];
      }
  return -1;
}

static int
pick_leaf (OrrDice *dice, guint64 legal)
{
  guint64 offered = legal >> ORR_ACTIONS_FIRST_OFFERED;

  /* Numbers that a person offers are meant to be tried. */
  if (offered != 0 && orr_dice_chance (dice, 0.25))
    {
      guint k = orr_dice_below (dice, ORR_ACTIONS_MAX_OFFERED);
      while ((offered >> k & 1) == 0)
        k = (k + 1) % ORR_ACTIONS_MAX_OFFERED;
      return ORR_ACTIONS_FIRST_OFFERED + k;
    }
  int leaf = pick (dice, leaf_weights, ORR_N_ACTIONS, legal);

  /* Everything usual is forbidden: any leaf that is not. */
  for (guint k = 0; leaf < 0 && k < ORR_N_ACTIONS; k++)
    if (legal >> k & 1 && orr_action_arity (k) == 0)
      leaf = k;
  return leaf;
}

/* One past the last action of the subtree at @at. */
guint
orr_sprout_end (const OrrSprout *self, guint at)
{
  guint open = 1;

  while (open > 0 && at < self->n)
    open += orr_action_arity (self->actions[at++]) - 1;
  return at;
}

/* @out: a copy with the subtree at @at replaced by the @n actions @with. */
gboolean
orr_sprout_replace (const OrrSprout *self, guint at, const OrrAction *with, guint n, OrrSprout *out)
{
  guint end = orr_sprout_end (self, at);
  guint total = self->n - (end - at) + n;

  if (total > ORR_ACTIONS_MAX_LENGTH || total == 0)
    return FALSE;
  OrrSprout result = { .n = total };
  memcpy (result.actions, self->actions, at);
  memcpy (result.actions + at, with, n);
  memcpy (result.actions + at + n, self->actions + end, self->n - end);
  *out = result;
  return TRUE;
}

/* @out: appended with a random tree of @n_ops operators. */
gboolean
orr_sprout_grow (OrrDice *dice, guint64 legal, guint n_ops, OrrSprout *out)
{
  int action;

  if (n_ops > 0)
    {
      gboolean binary = orr_dice_chance (dice, 0.55);
      action = pick (dice, binary ? binary_weights : unary_weights, ORR_ACTIONS_FIRST_VARIABLE, legal);
      if (action < 0)
        action = pick (dice, binary ? unary_weights : binary_weights, ORR_ACTIONS_FIRST_VARIABLE, legal);
    }
  else
    action = -1;
  if (action < 0)
    {
      action = pick_leaf (dice, legal);
      n_ops = 0;
    }
  if (action < 0 || out->n == ORR_ACTIONS_MAX_LENGTH)
    return FALSE;
  out->actions[out->n++] = action;
  if (n_ops == 0)
    return TRUE;
  if (orr_action_arity (action) == 1)
    return orr_sprout_grow (dice, legal, n_ops - 1, out);
  guint left = orr_dice_below (dice, n_ops);
  return orr_sprout_grow (dice, legal, left, out) && orr_sprout_grow (dice, legal, n_ops - 1 - left, out);
}

/* Another action of the same arity in one place. */
static gboolean
change_point (const OrrSprout *self, OrrDice *dice, guint64 legal, OrrSprout *out)
{
  guint at = orr_dice_below (dice, self->n);
  guint arity = orr_action_arity (self->actions[at]);
  int action = arity == 0   ? pick_leaf (dice, legal)
               : arity == 1 ? pick (dice, unary_weights, ORR_ACTIONS_FIRST_VARIABLE, legal)
                            : pick (dice, binary_weights, ORR_ACTIONS_FIRST_VARIABLE, legal);

  if (action < 0 || action == self->actions[at])
    return FALSE;
  *out = *self;
  out->actions[at] = action;
  return TRUE;
}

static gboolean
change_subtree (const OrrSprout *self, OrrDice *dice, guint64 legal, OrrSprout *out)
{
  OrrSprout fresh = { .n = 0 };

  return orr_sprout_grow (dice, legal, orr_dice_below (dice, 4), &fresh)
         && orr_sprout_replace (self, orr_dice_below (dice, self->n), fresh.actions, fresh.n, out);
}

/* An operator put above a subtree (or the root), with a small tree as its other operand. */
static gboolean
insert_above (const OrrSprout *self, OrrDice *dice, guint64 legal, guint at, OrrSprout *out)
{
  guint end = orr_sprout_end (self, at);
  OrrSprout fresh = { .n = 0 };
  gboolean binary = orr_dice_chance (dice, 0.65), first = orr_dice_chance (dice, 0.5);
  int action = pick (dice, binary ? binary_weights : unary_weights, ORR_ACTIONS_FIRST_VARIABLE, legal);

  if (action < 0)
    return FALSE;
  fresh.actions[fresh.n++] = action;
  if (binary && !first && !orr_sprout_grow (dice, legal, orr_dice_below (dice, 3), &fresh))
    return FALSE;
  if (fresh.n + end - at > ORR_ACTIONS_MAX_LENGTH)
    return FALSE;
  memcpy (fresh.actions + fresh.n, self->actions + at, end - at);
  fresh.n += end - at;
  if (binary && first && !orr_sprout_grow (dice, legal, orr_dice_below (dice, 3), &fresh))
    return FALSE;
  return orr_sprout_replace (self, at, fresh.actions, fresh.n, out);
}

/* A subtree gives way to a part of itself. */
static gboolean
hoist (const OrrSprout *self, OrrDice *dice, OrrSprout *out)
{
  guint at = orr_dice_below (dice, self->n), end = orr_sprout_end (self, at);

  if (end - at < 2)
    return FALSE;
  guint inner = at + 1 + orr_dice_below (dice, end - at - 1);
  return orr_sprout_replace (self, at, self->actions + inner, orr_sprout_end (self, inner) - inner, out);
}

/* @out: one random change of @self. */
gboolean
orr_sprout_mutate (const OrrSprout *self, OrrDice *dice, guint64 legal, OrrSprout *out)
{
  switch (orr_dice_below (dice, 10))
    {
    case 0:
    case 1:
      return change_point (self, dice, legal, out);
    case 2:
    case 3:
      return change_subtree (self, dice, legal, out);
    case 4:
    case 5:
    case 6:
      return insert_above (self, dice, legal, orr_dice_below (dice, self->n), out);
    case 7:
    case 8:
      return insert_above (self, dice, legal, 0, out);
    default:
      return hoist (self, dice, out);
    }
}

/* @out: @self with one subtree taken from @other. */
gboolean
orr_sprout_cross (const OrrSprout *self, const OrrSprout *other, OrrDice *dice, OrrSprout *out)
{
  guint from = orr_dice_below (dice, other->n);

  return orr_sprout_replace (self, orr_dice_below (dice, self->n), other->actions + from,
                             orr_sprout_end (other, from) - from, out);
}
