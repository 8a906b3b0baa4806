/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-generator.h"

G_BEGIN_DECLS

/**
 * OrrAgentBatch:
 * @b: examples
 * @features: [b x n_features]
 * @lengths: [b] actions of each, longest first
 * @actions: [b x ORR_ACTIONS_MAX_LENGTH]
 * @legal: [b] see orr_actions_legal()
 * @weights: (nullable): [b x ORR_ACTIONS_MAX_LENGTH] what each step counts in the loss; %NULL for 1 each
 * @rewards: (nullable): [b x ORR_ACTIONS_MAX_LENGTH] R2 of the best end known from each step on; %NULL for 1 each
 * @groups: (nullable): [b] which rows have the same skeleton
 * @contrastive: weight of the contrastive term against the mean loss of a step, where there are groups
 *
 * Examples of one training pass, sorted by length so that every step of the
 * tree encoder works on the first rows alone.
 */
typedef struct
{
  guint    b;
  guint    max_rows;
  float   *features;
  guint   *lengths;
  guint8  *actions;
  guint64 *legal;
  float   *weights;
  float   *rewards;
  guint   *groups;
  double   contrastive;
} OrrAgentBatch;

OrrAgentBatch *orr_agent_batch_new  (const OrrAgent *agent,
                                     guint           max_rows);
void           orr_agent_batch_free (OrrAgentBatch  *self);
void           orr_agent_batch_fill (OrrAgentBatch  *self,
                                     const OrrAgent *agent,
                                     gpointer        scratch,
                                     OrrGenerator   *generator,
                                     guint64         first,
                                     guint           b);
void           orr_agent_batch_fill_pairs (OrrAgentBatch  *self,
                                           const OrrAgent *agent,
                                           gpointer        scratch,
                                           OrrGenerator   *generator,
                                           guint64         first,
                                           guint           b);
void           orr_agent_batch_fill_episodes (OrrAgentBatch  *self,
                                              const OrrAgent *agent,
                                              gpointer        scratch,
                                              OrrGenerator   *generator,
                                              guint64         first,
                                              guint           b,
                                              guint           n_each);

typedef struct _OrrAgentPass OrrAgentPass;

/* The steps of a pass, packed: [n x n_head] features of the last layer, and what was done at each step. */
typedef struct
{
  guint          n;
  const float   *features;
  const guint8  *actions;
  const guint64 *legal;
  const float   *weights;
  const float   *rewards;
} OrrAgentSteps;

OrrAgentPass *orr_agent_pass_new  (const OrrAgent      *agent,
                                   guint                max_rows);
void          orr_agent_pass_free (OrrAgentPass        *self);
double        orr_agent_pass_run  (OrrAgentPass        *self,
                                   const OrrAgent      *agent,
                                   const OrrAgentBatch *batch,
                                   double               weight,
                                   float               *gradient,
                                   guint               *n_steps,
                                   guint               *n_right);
OrrAgentSteps orr_agent_pass_look  (OrrAgentPass        *self,
                                    const OrrAgent      *agent,
                                    const OrrAgentBatch *batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrAgentBatch, orr_agent_batch_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrAgentPass, orr_agent_pass_free)

G_END_DECLS
