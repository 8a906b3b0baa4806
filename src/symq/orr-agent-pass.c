/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-agent-pass.h"

#include <string.h>

#include "orr-contrastive.h"
#include "orr-episodes.h"
#include "orr-layers.h"
#include "orr-matrix.h"

#define MAX_T ORR_ACTIONS_MAX_LENGTH

OrrAgentBatch *
orr_agent_batch_new (const OrrAgent *agent, guint max_rows)
{
  OrrAgentBatch *self = g_new0 (OrrAgentBatch, 1);

  self->max_rows = max_rows;
  self->features = orr_aligned_alloc0 ((gsize) max_rows * agent->encoder->n_features, sizeof (float));
  self->lengths = g_new0 (guint, max_rows);
  self->actions = g_new0 (guint8, max_rows * MAX_T);
  self->legal = g_new0 (guint64, max_rows);
  return self;
}

void
orr_agent_batch_free (OrrAgentBatch *self)
{
  if (self == NULL)
    return;
  orr_aligned_free (self->features);
  g_free (self->lengths);
  g_free (self->actions);
  g_free (self->legal);
  g_free (self->weights);
  g_free (self->rewards);
  g_free (self->groups);
  g_free (self);
}

/* Examples encoded and sorted by length; @groups, when there are any, in the same order. */
static void
take_examples (OrrAgentBatch *self, const OrrAgent *agent, gpointer scratch, const OrrExample *examples, const guint *groups,
               guint b)
{
  guint row = 0;

  self->b = b;
  for (guint length = MAX_T; length > 0; length--)
    for (guint i = 0; i < b; i++)
      if (examples[i].n_actions == length)
        {
          const OrrExample *example = &examples[i];
          agent->encoder->features (scratch, example->x[0], ORR_EXAMPLE_MAX_POINTS, example->n_variables, example->y,
                                    example->n_points, self->features + (gsize) row * agent->encoder->n_features);
          self->lengths[row] = length;
          memcpy (self->actions + row * MAX_T, example->actions, length);
          self->legal[row] = orr_actions_legal (example->n_variables);
          if (groups != NULL)
            self->groups[row] = groups[i];
          row++;
        }
}

/* Examples @first .. @first + @b - 1 of the generator, encoded and sorted by length. */
void
orr_agent_batch_fill (OrrAgentBatch *self, const OrrAgent *agent, gpointer scratch, OrrGenerator *generator, guint64 first,
                      guint b)
{
  g_autofree OrrExample *examples = g_new (OrrExample, b);

  g_return_if_fail (b <= self->max_rows);
  for (guint i = 0; i < b; i++)
    orr_generator_make (generator, first + i, &examples[i]);
  take_examples (self, agent, scratch, examples, NULL, b);
}

/* Likewise, but every second example has the skeleton of the one before and its own constants and points. */
void
orr_agent_batch_fill_pairs (OrrAgentBatch *self, const OrrAgent *agent, gpointer scratch, OrrGenerator *generator, guint64 first,
                            guint b)
{
  g_autofree OrrExample *examples = g_new (OrrExample, b);
  g_autofree guint *groups = g_new (guint, b);

  g_return_if_fail (b <= self->max_rows);
  if (self->groups == NULL)
    self->groups = g_new0 (guint, self->max_rows);
  for (guint i = 0; i < b; i++)
    {
      groups[i] = i / 2;
      if (i % 2 == 1)
        examples[i] = examples[i - 1];
      if (i % 2 == 0 || !orr_generator_redraw (generator, first + i, &examples[i]))
        orr_generator_make (generator, first + i, &examples[i]);
      /* No second table of this skeleton: another expression, which is nobody's company. */
      if (i % 2 == 1 && (examples[i].n_actions != examples[i - 1].n_actions
                         || memcmp (examples[i].actions, examples[i - 1].actions, examples[i].n_actions) != 0))
        groups[i] = b + i;
    }
  take_examples (self, agent, scratch, examples, groups, b);
}

/**
 * orr_agent_batch_fill_episodes:
 * @b: examples of the generator
 * @n_each: episodes on each, the demonstration and random changes of it
 *
 * Episodes for learning from rewards, sorted by length; @b times @n_each rows.
 */
void
orr_agent_batch_fill_episodes (OrrAgentBatch *self, const OrrAgent *agent, gpointer scratch, OrrGenerator *generator,
                               guint64 first, guint b, guint n_each)
{
  guint n_features = agent->encoder->n_features, row = 0;
  g_autofree OrrExample *example = g_new (OrrExample, 1);
  g_autofree OrrEpisode *episodes = g_new (OrrEpisode, b * n_each);
  g_autofree float *features = g_new (float, (gsize) b * n_features);
  g_autofree guint64 *legal = g_new (guint64, b);

  g_return_if_fail (b * n_each <= self->max_rows);
  if (self->rewards == NULL)
    self->rewards = g_new0 (float, (gsize) self->max_rows * MAX_T);
  for (guint i = 0; i < b; i++)
    {
      OrrDice dice = orr_dice (first + i, ORR_RANDOM_STREAM_SEARCH);
      orr_generator_make (generator, first + i, example);
      orr_episodes_make (example, &dice, episodes + i * n_each, n_each);
      agent->encoder->features (scratch, example->x[0], ORR_EXAMPLE_MAX_POINTS, example->n_variables, example->y,
                                example->n_points, features + (gsize) i * n_features);
      legal[i] = orr_actions_legal (example->n_variables);
    }
  self->b = b * n_each;
  for (guint length = MAX_T; length > 0; length--)
    for (guint i = 0; i < b * n_each; i++)
      if (episodes[i].n == length)
        {
          memcpy (self->features + (gsize) row * n_features, features + (gsize) (i / n_each) * n_features,
                  n_features * sizeof (float));
          self->lengths[row] = length;
          self->legal[row] = legal[i / n_each];
          memcpy (self->actions + row * MAX_T, episodes[i].actions, length);
          for (guint t = 0; t < length; t++)
            self->rewards[row * MAX_T + t] = episodes[i].rewards[t];
          row++;
        }
}

/*
 * All steps of all rows are packed: step t has the rows whose expression is
 * longer than t, and starts at row start[t]. N is their total.
 */
struct _OrrAgentPass
{
  guint           max_rows;
  OrrEncoderPass *encoder;
  void          (*encoder_free) (OrrEncoderPass *);
  guint           start[MAX_T + 1];
  float          *embedding, *dembedding;       /* [B x E] */
  float          *gates_e, *dgates_e;           /* [B x 3H] */
  float          *head_e, *dhead_e;             /* [B x W] */
  float          *gates_in, *gates_h;           /* [N x 3H]; gradients on the way back */
  float          *kept;                         /* [N x 4H] */
  float          *h, *dh;                       /* [N x H] */
  float          *u0, *u1, *u2, *u3;            /* [N x W] */
  float          *logits;                       /* [N x actions] */
  guint8         *targets;                      /* [N] */
  guint64        *legal;                        /* [N] */
  float          *weights, *rewards;            /* [N] */
  float          *memory;
};

OrrAgentPass *
orr_agent_pass_new (const OrrAgent *agent, guint max_rows)
{
  OrrAgentPass *self = g_new0 (OrrAgentPass, 1);
  gsize b = max_rows, n = (gsize) max_rows * MAX_T;
  gsize e = agent->n_embedding, h = agent->n_hidden, w = agent->n_head;
  const struct { float **where; gsize size; } blocks[] = {
    { &self->embedding, b * e },    { &self->dembedding, b * e }, { &self->gates_e, b * 3 * h },
    { &self->dgates_e, b * 3 * h }, { &self->head_e, b * w },     { &self->dhead_e, b * w },
    { &self->gates_in, n * 3 * h }, { &self->gates_h, n * 3 * h },{ &self->kept, n * 4 * h },
    { &self->h, n * h },            { &self->dh, n * h },         { &self->u0, n * w },
    { &self->u1, n * w },           { &self->u2, n * w },         { &self->u3, n * w },
    { &self->logits, n * ORR_N_ACTIONS },
  };
  gsize total = 0;

  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    total += (blocks[i].size + 15) & ~(gsize) 15;
  float *at = self->memory = orr_aligned_alloc0 (total, sizeof (float));
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      *blocks[i].where = at;
      at += (blocks[i].size + 15) & ~(gsize) 15;
    }
  self->max_rows = max_rows;
  self->encoder = agent->encoder->pass_new (agent->encoder, max_rows);
  self->encoder_free = agent->encoder->pass_free;
  self->targets = g_new (guint8, n);
  self->legal = g_new (guint64, n);
  self->weights = g_new (float, n);
  self->rewards = g_new (float, n);
  return self;
}

void
orr_agent_pass_free (OrrAgentPass *self)
{
  if (self == NULL)
    return;
  self->encoder_free (self->encoder);
  orr_aligned_free (self->memory);
  g_free (self->targets);
  g_free (self->legal);
  g_free (self->weights);
  g_free (self->rewards);
  g_free (self);
}

static guint
rows_at (const OrrAgentPass *self, guint t)
{
  return self->start[t + 1] - self->start[t];
}

static void
pack (OrrAgentPass *self, const OrrAgentBatch *batch)
{
  guint n = 0;

  for (guint t = 0; t < MAX_T; t++)
    {
      self->start[t] = n;
      for (guint r = 0; r < batch->b && batch->lengths[r] > t; r++, n++)
        {
          self->targets[n] = batch->actions[r * MAX_T + t];
          self->legal[n] = batch->legal[r];
          self->weights[n] = batch->weights != NULL ? batch->weights[r * MAX_T + t] : 1.0f;
          self->rewards[n] = batch->rewards != NULL ? batch->rewards[r * MAX_T + t] : 1.0f;
        }
    }
  self->start[MAX_T] = n;
}

static void
forward (OrrAgentPass *self, const OrrAgent *agent, const OrrAgentBatch *batch)
{
  guint e = agent->n_embedding, h = agent->n_hidden, w = agent->n_head, n = self->start[MAX_T];
  float *weights = agent->params->values;

#define P(part) orr_agent_part (agent, weights, ORR_AGENT_##part)
  agent->encoder->forward (agent->encoder, agent->params, self->encoder, batch->features, batch->b, self->embedding);
  orr_linear_forward (self->embedding, P (GATES_E), P (GATES_B), self->gates_e, batch->b, e, 3 * h);
  orr_linear_forward (self->embedding, P (HEAD_E), P (HEAD_B), self->head_e, batch->b, e, w);
  for (guint t = 0; t < MAX_T && rows_at (self, t) > 0; t++)
    {
      guint rows = rows_at (self, t);
      gsize at = self->start[t];
      const float *before = t > 0 ? self->h + (gsize) self->start[t - 1] * h : NULL;

      for (guint r = 0; r < rows; r++)
        {
          guint last = t > 0 ? batch->actions[r * MAX_T + t - 1] : ORR_AGENT_START;
          const float *from = P (TABLE) + (gsize) last * 3 * h, *from_e = self->gates_e + (gsize) r * 3 * h;
          float *to = self->gates_in + (at + r) * 3 * h;
          for (guint k = 0; k < 3 * h; k++)
            to[k] = from[k] + from_e[k];
        }
      if (before != NULL)
        orr_linear_forward (before, P (GATES_H), NULL, self->gates_h + at * 3 * h, rows, h, 3 * h);
      else
        memset (self->gates_h + at * 3 * h, 0, (gsize) rows * 3 * h * sizeof (float));
      orr_gru_forward (self->gates_in + at * 3 * h, self->gates_h + at * 3 * h, P (BIAS_N), before, self->kept + at * 4 * h,
                       self->h + at * h, rows, h);
      memcpy (self->u0 + at * w, self->head_e, (gsize) rows * w * sizeof (float));
    }

  /* The head sees all steps at once: u0 = W_h h + W_e e, u1 = silu (u0), u3 = u1 + silu (W u1 + c), out = W_o u3 */
  orr_linear_forward (self->h, P (HEAD_H), NULL, self->u1, n, h, w);
  for (gsize k = 0; k < (gsize) n * w; k++)
    self->u0[k] += self->u1[k];
  orr_silu_forward (self->u0, self->u1, (gsize) n * w);
  orr_linear_forward (self->u1, P (HEAD_W), P (HEAD_C), self->u2, n, w, w);
  orr_silu_forward (self->u2, self->u3, (gsize) n * w);
  for (gsize k = 0; k < (gsize) n * w; k++)
    self->u3[k] += self->u1[k];
  orr_linear_forward (self->u3, P (OUT_W), P (OUT_B), self->logits, n, w, ORR_N_ACTIONS);
}

static void
add_rows (float *to, const float *from, gsize n)
{
  for (gsize k = 0; k < n; k++)
    to[k] += from[k];
}

/* logits holds the gradient; u3 and u1 become gradients on the way. */
static void
backward_head (OrrAgentPass *self, const OrrAgent *agent, float *gradient)
{
  guint h = agent->n_hidden, w = agent->n_head, n = self->start[MAX_T];
  float *weights = agent->params->values;
  g_autofree float *du = g_new (float, (gsize) n * w);

#define G(part) orr_agent_part (agent, gradient, ORR_AGENT_##part)
  orr_linear_backward (self->u3, P (OUT_W), self->logits, du, FALSE, G (OUT_W), G (OUT_B), n, w, ORR_N_ACTIONS);
  orr_silu_backward (self->u2, du, self->u3, (gsize) n * w);
  orr_linear_backward (self->u1, P (HEAD_W), self->u3, du, TRUE, G (HEAD_W), G (HEAD_C), n, w, w);
  orr_silu_backward (self->u0, du, du, (gsize) n * w);
  orr_linear_backward (self->h, P (HEAD_H), du, self->dh, FALSE, G (HEAD_H), NULL, n, h, w);
  for (guint t = 0; t < MAX_T; t++)
    add_rows (self->dhead_e, du + (gsize) self->start[t] * w, (gsize) rows_at (self, t) * w);
}

static void
backward_tree (OrrAgentPass *self, const OrrAgent *agent, const OrrAgentBatch *batch, float *gradient)
{
  guint h = agent->n_hidden;
  float *weights = agent->params->values;
  g_autofree float *direct = g_new (float, (gsize) batch->b * h);

  for (guint t = MAX_T; t-- > 0;)
    {
      guint rows = rows_at (self, t);
      gsize at = self->start[t];
      const float *before = t > 0 ? self->h + (gsize) self->start[t - 1] * h : NULL;
      float *din = self->gates_in + at * 3 * h, *drec = self->gates_h + at * 3 * h;

      if (rows == 0)
        continue;
      orr_gru_backward (self->kept + at * 4 * h, before, self->dh + at * h, din, drec, direct, rows, h);
      for (guint r = 0; r < rows; r++)
        {
          guint last = t > 0 ? batch->actions[r * MAX_T + t - 1] : ORR_AGENT_START;
          add_rows (G (TABLE) + (gsize) last * 3 * h, din + (gsize) r * 3 * h, 3 * h);
          add_rows (self->dgates_e + (gsize) r * 3 * h, din + (gsize) r * 3 * h, 3 * h);
          add_rows (G (BIAS_N), drec + (gsize) r * 3 * h + 2 * h, h);
        }
      if (before != NULL)
        {
          float *dbefore = self->dh + (gsize) self->start[t - 1] * h;
          add_rows (dbefore, direct, (gsize) rows * h);
          orr_linear_backward (before, P (GATES_H), drec, dbefore, TRUE, G (GATES_H), NULL, rows, h, 3 * h);
        }
    }
}

/* The contrastive term counts as much as the mean of so many steps would; its gradient is added to that of the embedding. */
static double
contrastive (OrrAgentPass *self, const OrrAgent *agent, const OrrAgentBatch *batch, double weight)
{
  if (batch->groups == NULL || !(batch->contrastive > 0.0))
    return 0.0;
  return orr_contrastive (self->embedding, batch->groups, batch->b, agent->n_embedding,
                          weight * batch->contrastive * self->start[MAX_T], self->dembedding);
}

/* Forward alone; what is returned lives in @self until its next pass. */
OrrAgentSteps
orr_agent_pass_look (OrrAgentPass *self, const OrrAgent *agent, const OrrAgentBatch *batch)
{
  pack (self, batch);
  forward (self, agent, batch);
  return (OrrAgentSteps){ self->start[MAX_T], self->u3, self->targets, self->legal, self->weights, self->rewards };
}

/**
 * orr_agent_pass_run:
 * @weight: of every step in the loss and gradient, times the batch's own weights
 * @gradient: (nullable) (array): in the parameters' layout, added to
 * @n_steps: (inout): steps seen
 * @n_right: (inout): steps whose demonstrated action had the highest value
 *
 * Returns: the loss of @agent's objective, summed over all steps, times @weight
 */
double
orr_agent_pass_run (OrrAgentPass *self, const OrrAgent *agent, const OrrAgentBatch *batch, double weight,
                    float *gradient, guint *n_steps, guint *n_right)
{
  guint e = agent->n_embedding, h = agent->n_hidden, w = agent->n_head;
  float *weights = agent->params->values;

  g_return_val_if_fail (batch->b <= self->max_rows, 0.0);
  pack (self, batch);
  forward (self, agent, batch);
  *n_steps += self->start[MAX_T];
  double loss = 0.0;
  for (guint n = 0; n < self->start[MAX_T]; n++)
    loss += orr_objective_step (agent->objective, self->logits + (gsize) n * ORR_N_ACTIONS, self->targets[n], self->legal[n],
                                self->rewards[n], weight * self->weights[n], n_right);
  if (gradient == NULL)
    return loss + contrastive (self, agent, batch, weight);

  memset (self->dgates_e, 0, (gsize) batch->b * 3 * h * sizeof (float));
  memset (self->dhead_e, 0, (gsize) batch->b * w * sizeof (float));
  backward_head (self, agent, gradient);
  backward_tree (self, agent, batch, gradient);
  orr_linear_backward (self->embedding, P (GATES_E), self->dgates_e, self->dembedding, FALSE, G (GATES_E), G (GATES_B),
                       batch->b, e, 3 * h);
  orr_linear_backward (self->embedding, P (HEAD_E), self->dhead_e, self->dembedding, TRUE, G (HEAD_E), G (HEAD_B), batch->b,
                       e, w);
  loss += contrastive (self, agent, batch, weight);
  agent->encoder->backward (agent->encoder, agent->params, self->encoder, batch->features, batch->b, self->dembedding,
                            gradient);
  return loss;
#undef P
#undef G
}
