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
 * OrrSuggestions:
 * @expr: the tree that they are for
 * @node: id of the place that they are for
 * @n: how many
 * @items: [n] the best first
 *
 * What the agent could do in one place. A value of a suggestion is the share of
 * the agent's preference among all that may be put there. Reference counted.
 */
typedef struct
{
  OrrExpr       *expr;
  guint32        node;
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
gboolean        orr_advisor_is_able     (OrrAdvisor     *self);
OrrSuggestions *orr_advisor_suggest     (OrrAdvisor     *self,
                                         OrrDataset     *dataset,
                                         OrrExpr        *expr,
                                         guint           position,
                                         guint64         forbidden);
OrrExpr        *orr_advisor_complete    (OrrAdvisor     *self,
                                         OrrDataset     *dataset,
                                         OrrExpr        *expr,
                                         guint64         forbidden,
                                         guint           beam);

OrrSuggestions *orr_suggestions_ref     (OrrSuggestions *self);
void            orr_suggestions_unref   (OrrSuggestions *self);

OrrExpr        *orr_advisor_freeze      (const OrrExpr  *expr);
OrrExpr        *orr_advisor_thaw        (const OrrExpr  *found,
                                         const OrrExpr  *given);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrAdvisor, orr_advisor_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSuggestions, orr_suggestions_unref)

G_END_DECLS
