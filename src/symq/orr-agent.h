/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-actions.h"
#include "orr-encoder.h"
#include "orr-objective.h"

G_BEGIN_DECLS

/**
 * OrrAgent:
 * @encoder: turns the data into one vector of @n_embedding numbers
 * @params: all weights
 * @n_embedding: width of the data's embedding
 * @n_hidden: units of the GRU that reads the tree's actions
 * @n_head: width of the layers between both and the action values
 * @objective: what the values were trained to mean
 * @n_expected: width of the second head, which says what R2 to expect; 0 without one
 * @expected_objective: what that head was trained to mean
 *
 * The Q-network (SCIENCE, part 4): the data's embedding and the actions taken
 * so far to one value an action. Reference counted, and shared between threads
 * as long as nobody trains it.
 */
typedef struct
{
  OrrEncoder *encoder;
  OrrParams  *params;
  guint       n_embedding;
  guint       n_hidden;
  guint       n_head;
  OrrObjective objective;
  guint       n_expected;
  OrrObjective expected_objective;
  guint       first_part;
  gatomicrefcount ref_count;
} OrrAgent;

OrrAgent *orr_agent_new   (const char     *encoder,
                           guint           n_embedding,
                           guint           n_hidden,
                           guint           n_head,
                           guint64         seed);
OrrAgent *orr_agent_load  (const char     *path,
                           GError        **error);
gboolean  orr_agent_save  (const OrrAgent *self,
                           const char     *path,
                           gboolean        half,
                           GError        **error);
OrrAgent *orr_agent_copy  (const OrrAgent *self);
OrrAgent *orr_agent_with_expected (const OrrAgent *self,
                                   guint           n_expected,
                                   OrrObjective    objective,
                                   guint64         seed);
OrrAgent *orr_agent_ref   (OrrAgent       *self);
void      orr_agent_unref (OrrAgent       *self);

/* Parts of the tree encoder and the head, after the set encoder's. */
enum
{
  ORR_AGENT_TABLE,    /* [(actions + 1) x 3H] gates by the last action; the last row starts a tree */
  ORR_AGENT_GATES_E,  /* [3H x E] gates by the embedding */
  ORR_AGENT_GATES_B,  /* [3H] */
  ORR_AGENT_GATES_H,  /* [3H x H] */
  ORR_AGENT_BIAS_N,   /* [H] */
  ORR_AGENT_HEAD_H,   /* [W x H] */
  ORR_AGENT_HEAD_E,   /* [W x E] */
  ORR_AGENT_HEAD_B,   /* [W] */
  ORR_AGENT_HEAD_W,   /* [W x W] */
  ORR_AGENT_HEAD_C,   /* [W] */
  ORR_AGENT_OUT_W,    /* [actions x W] */
  ORR_AGENT_OUT_B,    /* [actions] */
  ORR_AGENT_N_PARTS,
  /* The second head, on the last layer of the first. */
  ORR_AGENT_EXPECTED_W = ORR_AGENT_N_PARTS, /* [V x W] */
  ORR_AGENT_EXPECTED_B,   /* [V] */
  ORR_AGENT_EXPECTED_OUT, /* [actions x V] */
  ORR_AGENT_EXPECTED_C,   /* [actions] */
  ORR_AGENT_EXPECTED_MAP, /* [2] factor and addend that make the prediction true on average */
  ORR_AGENT_N_ALL_PARTS
};

static inline float *
orr_agent_part (const OrrAgent *self, float *array, guint part)
{
  return orr_params_at (self->params, array, self->first_part + part);
}

/**
 * OrrAgentContext:
 *
 * The agent looking at one data set: its embedding and everything that follows
 * from it alone. Read-only once made, so beams and threads share it.
 */
typedef struct
{
  const OrrAgent *agent;
  guint           n_variables;
  float          *embedding; /* [E] */
  float          *gates;     /* [3H] */
  float          *head;      /* [W] */
} OrrAgentContext;

OrrAgentContext *orr_agent_context_new  (const OrrAgent        *agent,
                                         const double          *x,
                                         gsize                  stride,
                                         guint                  n_variables,
                                         const double          *y,
                                         guint                  n);
void             orr_agent_context_free (OrrAgentContext       *self);
void             orr_agent_step         (const OrrAgentContext *self,
                                         const float           *h,
                                         const guint8          *last,
                                         guint                  b,
                                         float                 *h_next,
                                         float                 *values);
void             orr_agent_values       (const OrrAgentContext *self,
                                         const OrrAction       *prefix,
                                         guint                  n,
                                         float                 *values);

void             orr_agent_read         (const OrrAgentContext *self,
                                         const OrrAction       *prefix,
                                         guint                  n,
                                         float                 *values,
                                         float                 *features);
gboolean         orr_agent_expected     (const OrrAgentContext *self,
                                         const OrrAction       *prefix,
                                         guint                  n,
                                         guint64                legal,
                                         double                *r2);
void             orr_agent_expected_forward (const OrrAgent    *agent,
                                             const float       *features,
                                             guint              b,
                                             float             *before,
                                             float             *inner,
                                             float             *values);

/* "Last action" before the first one. */
#define ORR_AGENT_START ORR_N_ACTIONS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrAgent, orr_agent_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrAgentContext, orr_agent_context_free)

G_END_DECLS
