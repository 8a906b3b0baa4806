/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-dataset.h"
#include "orr-expr.h"

G_BEGIN_DECLS

/**
 * OrrSuggestion:
 * @action: what the agent could put there
 * @q: its value, see OrrSuggestions
 * @expr: the whole tree with the action in its place and open places below it
 */
typedef struct
{
  OrrAction action;
  double    q;
  OrrExpr  *expr;
} OrrSuggestion;

/**
 * OrrAdvisorRules:
 * @forbidden: bit k: action k is not used
 * @offered: numbers that may be used
 * @n_offered: how many
 *
 * What a person allows the agent.
 */
typedef struct
{
  guint64 forbidden;
  double  offered[ORR_ACTIONS_MAX_OFFERED];
  guint   n_offered;
} OrrAdvisorRules;

/**
 * OrrSuggestions:
 * @expr: the tree that they are for
 * @node: id of the place that they are for
 * @expected: what the values are, see below
 * @n: how many
 * @items: [n] the best first
 *
 * What the agent could do in one place. With @expected a suggestion's value is
 * the R2 to expect of the best tree that the agent completes after it, see
 * orr_agent_expected(); without, for an agent that has not learned it, its share
 * of the agent's preference among all that may be put there. Reference counted.
 */
typedef struct
{
  OrrExpr       *expr;
  guint32        node;
  gboolean       expected;
  guint          n;
  OrrSuggestion *items;
} OrrSuggestions;

/**
 * OrrAdvisor:
 *
 * The agent looking at a table: loaded when first asked, its view of the table
 * kept for the next question. Thread-safe and reference counted.
 */
typedef struct _OrrAdvisor OrrAdvisor;

OrrAdvisor     *orr_advisor_new         (void);
OrrAdvisor     *orr_advisor_ref         (OrrAdvisor     *self);
void            orr_advisor_unref       (OrrAdvisor     *self);
OrrAgent       *orr_advisor_dup_agent   (OrrAdvisor     *self);
void            orr_advisor_set_agent   (OrrAdvisor     *self,
                                         OrrAgent       *agent);
OrrSuggestions *orr_advisor_suggest     (OrrAdvisor     *self,
                                         OrrDataset     *dataset,
                                         OrrExpr        *expr,
                                         guint           position,
                                         const OrrAdvisorRules *rules);
OrrExpr        *orr_advisor_complete    (OrrAdvisor     *self,
                                         OrrDataset     *dataset,
                                         OrrExpr        *expr,
                                         const OrrAdvisorRules *rules,
                                         guint           beam);

OrrSuggestions *orr_suggestions_ref     (OrrSuggestions *self);
void            orr_suggestions_unref   (OrrSuggestions *self);

OrrExpr        *orr_advisor_freeze      (const OrrExpr  *expr);
OrrExpr        *orr_advisor_thaw        (const OrrExpr  *found,
                                         const OrrExpr  *given);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrAdvisor, orr_advisor_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSuggestions, orr_suggestions_unref)

G_END_DECLS
