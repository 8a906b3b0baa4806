/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-expr-fit.h"

G_BEGIN_DECLS

/**
 * OrrProblem:
 * @n_variables: columns
 * @order: [n_variables] which of the table's columns each is, the ones that matter most first
 * @scale: [n_variables] what each was divided by
 * @y_scale: what y was divided by
 * @fitted: rows for the constants
 * @held_out: rows that judge, none when there are few
 *
 * A table made ready for the search: rows thinned out, some kept back, columns
 * brought near the ranges the agent knows.
 */
typedef struct
{
  guint      n_variables;
  guint     *order;
  double    *scale;
  double     y_scale;
  OrrSamples fitted;
  OrrSamples held_out;
  double    *memory;
} OrrProblem;

OrrProblem *orr_problem_new     (const OrrSamples *samples,
                                 guint64           required,
                                 gboolean          scaled);
void        orr_problem_free    (OrrProblem       *self);
double      orr_problem_relevance (const double   *x,
                                   const double   *y,
                                   gsize           n);
OrrAgentContext *orr_problem_look (const OrrProblem *self,
                                   const OrrAgent   *agent);
OrrExpr    *orr_problem_enter   (const OrrProblem *self,
                                 const OrrExpr    *expr);
OrrExpr    *orr_problem_leave   (const OrrProblem *self,
                                 const OrrExpr    *expr);
OrrExpr    *orr_problem_leave_exactly (const OrrProblem *self,
                                       const OrrExpr    *expr);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrProblem, orr_problem_free)

G_END_DECLS
