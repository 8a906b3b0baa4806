/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "orr-random.h"

G_BEGIN_DECLS

/* A run of random numbers that depends on its seed and stream alone, drawn a block of four words at a time. */
typedef struct
{
  guint64 seed;
  guint64 stream;
  guint64 block;
  guint32 words[4];
  guint   left;
} OrrDice;

static inline OrrDice
orr_dice (guint64 seed, guint64 stream)
{
  return (OrrDice){ .seed = seed, .stream = stream };
}

static inline guint32
orr_dice_word (OrrDice *self)
{
  if (self->left == 0)
    {
      orr_random_block (self->seed, self->stream, self->block++, self->words);
      self->left = 4;
    }
  return self->words[--self->left];
}

/* In (0, 1). */
static inline double
orr_dice_uniform (OrrDice *self)
{
  return (orr_dice_word (self) + 0.5) * 0x1p-32;
}

static inline double
orr_dice_between (OrrDice *self, double low, double high)
{
  return low + (high - low) * orr_dice_uniform (self);
}

/* In [0, n). */
static inline guint
orr_dice_below (OrrDice *self, guint n)
{
  return ((guint64) orr_dice_word (self) * n) >> 32;
}

static inline gboolean
orr_dice_chance (OrrDice *self, double probability)
{
  return orr_dice_uniform (self) < probability;
}

static inline double
orr_dice_normal (OrrDice *self)
{
  double u = orr_dice_uniform (self), v = orr_dice_uniform (self);
  return sqrt (-2.0 * log (u)) * cos (2.0 * G_PI * v);
}

G_END_DECLS
