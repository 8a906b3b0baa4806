/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-workbench.h"

G_BEGIN_DECLS

/*
 * For the files orr-workbench*.c alone: the workbench is one object in several
 * files, one a purpose.
 *
 *   orr-workbench.c            state, properties, edits of the tree
 *   orr-workbench-data.c       the data set, and how well equations explain it
 *   orr-workbench-moves.c      candidates taken, states of the history gone back to
 *   orr-workbench-constants.c  the free constants of the tree
 *   orr-workbench-search.c     the agent's search: Complete, Improve
 *   orr-workbench-refine.c     the agent practises on the present data
 *   orr-workbench-advice.c     the agent's values of what could be done, and its steps
 */

typedef struct _OrrAdvice OrrAdvice;

struct _OrrWorkbench
{
  GObject parent_instance;

  OrrDocument  *document;
  OrrJobQueue  *jobs;
  OrrEquations *equations; /* what the properties were last notified for */
  OrrJob       *job;       /* (nullable): the work under way */
  OrrAdvice    *advice;
  OrrRefinement *refinement; /* (nullable): the agent has practised on these data */
  guint         n_searches;
  gboolean      ghost_previewed; /* the preview is that of the ghost */
  guint         selected;
  double        r2;
  double        r2_held_out;
  GtkBitset    *rows;      /* selected rows of the data set */
  OrrExpr      *preview;   /* (nullable): looked at without being taken */
};

void   orr_workbench_edit          (OrrWorkbench     *self,
                                    OrrEquations     *next,
                                    const char       *label,
                                    const char       *merge_key);
double orr_workbench_r2_of         (OrrWorkbench     *self,
                                    const OrrExpr    *expr);
void   orr_workbench_set_job       (OrrWorkbench     *self,
                                    OrrJob           *job);
void   orr_workbench_abandon_job   (OrrWorkbench     *self);
OrrAdvisorRules orr_workbench_get_rules (OrrWorkbench *self);
void    orr_workbench_agent_moves   (OrrWorkbench     *self,
                                     OrrExpr          *expr,
                                     const char       *what,
                                     const char       *label);
void    orr_workbench_notify_refinement (OrrWorkbench *self);
void    orr_workbench_notify_advice (OrrWorkbench     *self,
                                     gboolean          ghost_too);

OrrAdvice *orr_advice_new    (OrrWorkbench *workbench);
void       orr_advice_free   (OrrAdvice    *self);
void       orr_advice_update (OrrAdvice    *self);
OrrAdvisor *orr_advice_get_advisor (OrrAdvice *self);

G_END_DECLS
