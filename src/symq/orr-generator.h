/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-actions.h"

G_BEGIN_DECLS

#define ORR_EXAMPLE_MAX_POINTS 256

/**
 * OrrExample:
 * @n_variables: columns, 1 to 3
 * @n_points: rows
 * @x: one row a variable
 * @y: finite values of the expression
 * @n_actions: length of the skeleton
 * @actions: the skeleton in preorder
 * @n_constants: how many of the actions are `c`
 * @constants: their values, in order
 *
 * One training example: an expression, and data it made.
 */
typedef struct
{
  guint     n_variables;
  guint     n_points;
  double    x[ORR_ACTIONS_VARIABLES][ORR_EXAMPLE_MAX_POINTS];
  double    y[ORR_EXAMPLE_MAX_POINTS];
  guint     n_actions;
  OrrAction actions[ORR_ACTIONS_MAX_LENGTH];
  guint     n_constants;
  double    constants[ORR_ACTIONS_MAX_LENGTH];
} OrrExample;

/* Skeletons are dealt to one of two decks by their hash: one in 64 is never trained on. */
typedef enum
{
  ORR_SPLIT_TRAINING,
  ORR_SPLIT_HELD_OUT,
} OrrSplit;

/**
 * OrrGeneratorOptions:
 * @seed: all examples follow from it and their index
 * @split: which deck of skeletons
 * @min_points: rows, at least
 * @max_points: rows, at most
 * @wide_only: points in [-10, 10] only, otherwise half of them elsewhere, narrow supports too
 * @noise: largest relative noise, drawn for one example in six; 0 for none
 * @max_variables: 1 to 3
 */
typedef struct
{
  guint64  seed;
  OrrSplit split;
  guint    min_points;
  guint    max_points;
  gboolean wide_only;
  double   noise;
  guint    max_variables;
} OrrGeneratorOptions;

typedef struct _OrrGenerator OrrGenerator;

OrrGenerator *orr_generator_new  (const OrrGeneratorOptions *options);
void          orr_generator_free (OrrGenerator              *self);
void          orr_generator_make (OrrGenerator              *self,
                                  guint64                    index,
                                  OrrExample                *out);
gboolean      orr_generator_redraw (OrrGenerator            *self,
                                    guint64                  index,
                                    OrrExample              *example);
guint64       orr_generator_attempts (const OrrGenerator    *self);
OrrSplit      orr_skeleton_split (const OrrAction           *actions,
                                  guint                      n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrGenerator, orr_generator_free)

G_END_DECLS
