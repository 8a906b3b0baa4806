/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-expr-fit.h"
#include "orr-problem.h"
#include "orr-progress.h"
#include "orr-template.h"

G_BEGIN_DECLS

/* @exprs: (element-type OrrExpr): the front so far, the simplest first. Called by the thread that searches. */
typedef void (*OrrRegressFound) (GPtrArray *exprs, gpointer user_data);

/**
 * OrrRegressOptions:
 * @expression: (nullable): a template with placeholders, the rest of it locked; %NULL for anything
 * @forbidden: bit k: action k is never proposed
 * @required: bit v: column v must appear
 * @offered: numbers that may be used, such as 9.81
 * @n_offered: how many
 * @length_penalty: of every action, in nats: the agent's beam, the search and
 *   the choice of the law to believe then prefer shorter expressions; 0 for none
 * @beam: width of the agent's beam search
 * @seconds: time to search after it
 * @steps: generations to search instead of @seconds, for an answer that depends on the seed alone
 * @cpu_time: @seconds are those that the processor spends on each thread, however busy it is with other work
 * @n_threads: threads
 * @seed: of everything random
 * @start: (nullable): a complete tree that looks like @expression, to search around
 * @found: (nullable): told a few times a second of what was found by then
 * @found_data: for @found
 */
typedef struct
{
  const OrrExpr *expression;
  guint64        forbidden;
  guint64        required;
  double         offered[ORR_ACTIONS_MAX_OFFERED];
  guint          n_offered;
  double         length_penalty;
  guint          beam;
  double         seconds;
  guint64        steps;
  gboolean       cpu_time;
  guint          n_threads;
  guint64        seed;
  const OrrExpr *start;
  OrrRegressFound found;
  gpointer       found_data;
} OrrRegressOptions;

/**
 * OrrLaw:
 * @expr: with its constants fitted and tidied
 * @fit: to the rows that constants were fitted to
 * @complexity: see orr_expr_complexity()
 * @r2: over all rows
 * @r2_held_out: over the rows kept back during the search; NaN when there were too few to keep any
 * @score: smaller is better: misfit and complexity weighed against each other
 */
typedef struct
{
  OrrExpr   *expr;
  OrrExprFit fit;
  guint      complexity;
  double     r2;
  double     r2_held_out;
  double     score;
} OrrLaw;

/**
 * OrrRegression:
 * @laws: (element-type OrrLaw): the Pareto front, the simplest first
 * @best: index of the one to believe
 * @n_tried: how many expressions were fitted
 * @seconds: how long it took
 *
 * Reference counted.
 */
typedef struct
{
  GPtrArray *laws;
  guint      best;
  guint64    n_tried;
  double     seconds;
} OrrRegression;

void           orr_regress_defaults (OrrRegressOptions       *options);
gboolean       orr_regress_prepare  (const OrrSamples        *samples,
                                     const OrrRegressOptions *options,
                                     OrrProblem             **problem,
                                     OrrTemplate            **template,
                                     GError                 **error);
OrrRegression *orr_regress          (const OrrAgent          *agent,
                                     const OrrSamples        *samples,
                                     const OrrRegressOptions *options,
                                     OrrProgress             *progress,
                                     GError                 **error);
OrrRegression *orr_regression_ref   (OrrRegression           *self);
void           orr_regression_unref (OrrRegression           *self);

static inline const OrrLaw *
orr_regression_law (const OrrRegression *self, guint i)
{
  return g_ptr_array_index (self->laws, i);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrRegression, orr_regression_unref)

G_END_DECLS
