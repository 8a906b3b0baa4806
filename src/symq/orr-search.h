/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-expr-fit.h"
#include "orr-progress.h"
#include "orr-template.h"

G_BEGIN_DECLS

/**
 * OrrProspect:
 * @expr: with its constants fitted
 * @fit: to the rows that are fitted
 * @complexity: see orr_expr_complexity()
 * @error: 1 - R2 on the fitted rows or on the held-out ones, whichever is larger
 */
typedef struct
{
  OrrExpr   *expr;
  OrrExprFit fit;
  guint      complexity;
  double     error;
} OrrProspect;

/**
 * OrrSearchOptions:
 * @beam: width of the agent's beam search, 0 for none
 * @seconds: how long to search after it, 0 for the beam alone
 * @steps: generations instead of seconds: the answer then depends on the seed alone; 0 for seconds
 * @cpu_time: @seconds are those that the processor spends on each thread, however busy it is with other work
 * @n_threads: threads
 * @seed: of everything random
 */
typedef struct
{
  guint   beam;
  double  seconds;
  guint64 steps;
  gboolean cpu_time;
  guint   n_threads;
  guint64 seed;
} OrrSearchOptions;

typedef struct _OrrSearch OrrSearch;

/* Called by the thread that searches, a few times a second, when better expressions turned up. */
typedef void (*OrrSearchFound) (OrrSearch *search, gpointer user_data);

OrrSearch *orr_search_new        (const OrrAgentContext  *context,
                                  const OrrTemplate      *template,
                                  const OrrSamples       *fitted,
                                  const OrrSamples       *held_out);
void       orr_search_free       (OrrSearch              *self);
void       orr_search_watch      (OrrSearch              *self,
                                  OrrSearchFound          found,
                                  gpointer                user_data);
gboolean   orr_search_begin_with (OrrSearch              *self,
                                  const OrrExpr          *expr);
gboolean   orr_search_run        (OrrSearch              *self,
                                  const OrrSearchOptions *options,
                                  OrrProgress            *progress,
                                  GError                **error);
GPtrArray *orr_search_prospects (const OrrSearch        *self);
guint64    orr_search_n_tried    (const OrrSearch        *self);

void       orr_prospect_free    (OrrProspect           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSearch, orr_search_free)

G_END_DECLS
