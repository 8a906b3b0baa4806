/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-dice.h"
#include "orr-template.h"

G_BEGIN_DECLS

/* Random changes of preorder trees of actions; all return FALSE when the result would not fit or be legal. */
typedef struct
{
  OrrAction actions[ORR_ACTIONS_MAX_LENGTH];
  guint     n;
} OrrSprout;

guint    orr_sprout_end      (const OrrSprout *self,
                              guint            at);
gboolean orr_sprout_replace  (const OrrSprout *self,
                              guint            at,
                              const OrrAction *with,
                              guint            n,
                              OrrSprout       *out);
gboolean orr_sprout_grow     (OrrDice         *dice,
                              guint64          legal,
                              guint            n_ops,
                              OrrSprout       *out);
gboolean orr_sprout_mutate   (const OrrSprout *self,
                              OrrDice         *dice,
                              guint64          legal,
                              OrrSprout       *out);
gboolean orr_sprout_cross    (const OrrSprout *self,
                              const OrrSprout *other,
                              OrrDice         *dice,
                              OrrSprout       *out);

G_END_DECLS
