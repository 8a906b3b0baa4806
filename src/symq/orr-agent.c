/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-agent.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "orr-error.h"
#include "orr-layers.h"
#include "orr-matrix.h"

static OrrAgent *
build (const char *encoder, guint n_embedding, guint n_hidden, guint n_head, guint n_expected)
{
  OrrAgent *self = g_new0 (OrrAgent, 1);
  guint h = n_hidden, e = n_embedding, w = n_head, v = n_expected;
  const struct { const char *name; guint rows, cols; } parts[ORR_AGENT_N_ALL_PARTS] = {
    { "tree.table", ORR_N_ACTIONS + 1, 3 * h }, { "tree.gates_e", 3 * h, e }, { "tree.gates_b", 1, 3 * h },
    { "tree.gates_h", 3 * h, h }, { "tree.bias_n", 1, h }, { "head.h", w, h }, { "head.e", w, e }, { "head.b", 1, w },
    { "head.w", w, w }, { "head.c", 1, w }, { "out.w", ORR_N_ACTIONS, w }, { "out.b", 1, ORR_N_ACTIONS },
    { "expected.w", v, w }, { "expected.b", 1, v }, { "expected.out", ORR_N_ACTIONS, v },
    { "expected.c", 1, ORR_N_ACTIONS }, { "expected.map", 1, 2 },
  };

  self->encoder = orr_encoder_new (encoder, n_embedding);
  if (self->encoder == NULL)
    {
      g_free (self);
      return NULL;
    }
  g_atomic_ref_count_init (&self->ref_count);
  self->params = orr_params_new ();
  self->n_embedding = n_embedding;
  self->n_hidden = n_hidden;
  self->n_head = n_head;
  self->n_expected = n_expected;
  self->encoder->layout (self->encoder, self->params);
  self->first_part = self->params->parts->len;
  for (guint i = 0; i < (n_expected > 0 ? ORR_AGENT_N_ALL_PARTS : ORR_AGENT_N_PARTS); i++)
    orr_params_add (self->params, parts[i].name, parts[i].rows, parts[i].cols);
  orr_params_allocate (self->params);
  return self;
}

/**
 * orr_agent_new:
 * @encoder: name of a set encoder
 *
 * Returns: (transfer full) (nullable): an untrained agent, %NULL when there is no such encoder
 */
OrrAgent *
orr_agent_new (const char *encoder, guint n_embedding, guint n_hidden, guint n_head, guint64 seed)
{
  OrrAgent *self = build (encoder, n_embedding, n_hidden, n_head, 0);

  if (self == NULL)
    return NULL;
  float by_hidden = 1.0f / sqrtf (n_hidden), by_embedding = 1.0f / sqrtf (n_embedding), by_head = 1.7f / sqrtf (n_head);
  const struct { guint part; float limit; } weights[] = {
    { ORR_AGENT_TABLE, 0.5f },       { ORR_AGENT_GATES_E, by_embedding }, { ORR_AGENT_GATES_H, by_hidden },
    { ORR_AGENT_HEAD_H, by_hidden }, { ORR_AGENT_HEAD_E, by_embedding },  { ORR_AGENT_HEAD_W, by_head },
    { ORR_AGENT_OUT_W, 0.5f * by_head },
  };
  self->encoder->initialize (self->encoder, self->params, seed);
  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    orr_params_fill_uniform (self->params, self->first_part + weights[i].part, weights[i].limit, seed);
  return self;
}

/**
 * orr_agent_load:
 *
 * Returns: (transfer full) (nullable): the agent in @path
 */
OrrAgent *
orr_agent_load (const char *path, GError **error)
{
  g_autofree char *header = orr_params_read_header (path, error);
  char encoder[32], objective[32] = "cross-entropy", expected_objective[32] = "conservative";
  guint e, h, w, actions, v = 0;

  if (header == NULL)
    return NULL;
  /* Older files end before the objective. */
  if (sscanf (header, "agent encoder=%31s embedding=%u hidden=%u head=%u actions=%u objective=%31s expected=%u of=%31s", encoder,
              &e, &h, &w, &actions, objective, &v, expected_objective) < 5
      || actions != ORR_N_ACTIONS || e == 0 || e > 4096 || h == 0 || h > 4096 || w == 0 || w > 4096 || v > 4096
      || orr_objective_from_name (objective) < 0 || orr_objective_from_name (expected_objective) < 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s does not hold an agent of this kind", path);
      return NULL;
    }
  g_autoptr (OrrAgent) self = build (encoder, e, h, w, v);
  if (self == NULL)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s needs a set encoder called %s, which is not known", path, encoder);
      return NULL;
    }
  if (!orr_params_load (self->params, path, error))
    return NULL;
  self->objective = orr_objective_from_name (objective);
  self->expected_objective = orr_objective_from_name (expected_objective);
  return g_steal_pointer (&self);
}

/* @half: as float16, for the weights that are shipped. */
gboolean
orr_agent_save (const OrrAgent *self, const char *path, gboolean half, GError **error)
{
  g_autofree char *header = g_strdup_printf ("agent encoder=%s embedding=%u hidden=%u head=%u actions=%d "
                                             "objective=%s expected=%u of=%s",
                                             self->encoder->name, self->n_embedding, self->n_hidden, self->n_head,
                                             ORR_N_ACTIONS, orr_objective_name (self->objective), self->n_expected,
                                             orr_objective_name (self->expected_objective));
  return orr_params_save (self->params, path, header, half, error);
}

/* (transfer full): one with the same weights, to be trained further. */
OrrAgent *
orr_agent_copy (const OrrAgent *self)
{
  OrrAgent *copy = build (self->encoder->name, self->n_embedding, self->n_hidden, self->n_head, self->n_expected);

  copy->objective = self->objective;
  copy->expected_objective = self->expected_objective;
  memcpy (copy->params->values, self->params->values, self->params->size * sizeof (float));
  return copy;
}

/**
 * orr_agent_with_expected:
 * @n_expected: width of the second head, 0 to leave it out
 *
 * Returns: (transfer full): the same agent with a fresh second head
 */
OrrAgent *
orr_agent_with_expected (const OrrAgent *self, guint n_expected, OrrObjective objective, guint64 seed)
{
  OrrAgent *copy = build (self->encoder->name, self->n_embedding, self->n_hidden, self->n_head, n_expected);
  guint n_parts = self->first_part + ORR_AGENT_N_PARTS;

  copy->objective = self->objective;
  copy->expected_objective = objective;
  for (guint i = 0; i < n_parts; i++)
    {
      const OrrParamsPart *part = orr_params_part (self->params, i);
      memcpy (orr_params_at (copy->params, copy->params->values, i), orr_params_at (self->params, self->params->values, i),
              (gsize) part->rows * part->cols * sizeof (float));
    }
  if (n_expected == 0)
    return copy;
  orr_params_fill_uniform (copy->params, copy->first_part + ORR_AGENT_EXPECTED_W, 1.0f / sqrtf (self->n_head), seed);
  orr_params_fill_uniform (copy->params, copy->first_part + ORR_AGENT_EXPECTED_OUT, 0.5f / sqrtf (n_expected), seed);
  orr_agent_part (copy, copy->params->values, ORR_AGENT_EXPECTED_MAP)[0] = 1.0f;
  return copy;
}

OrrAgent *
orr_agent_ref (OrrAgent *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
orr_agent_unref (OrrAgent *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  orr_encoder_free (self->encoder);
  orr_params_free (self->params);
  g_free (self);
}

/**
 * orr_agent_context_new:
 * @agent: must outlive the context
 * @x: (array): variable v's values start at x + v * stride
 * @n_variables: at most 3
 * @y: (array): [n] finite values
 *
 * Returns: (transfer full): the agent's view of these data
 */
OrrAgentContext *
orr_agent_context_new (const OrrAgent *agent, const double *x, gsize stride, guint n_variables, const double *y, guint n)
{
  OrrAgentContext *self = g_new0 (OrrAgentContext, 1);
  const OrrEncoder *encoder = agent->encoder;
  gpointer scratch = encoder->scratch_new ();
  OrrEncoderPass *pass = encoder->pass_new (encoder, 1);
  g_autofree float *features = g_new0 (float, encoder->n_features);
  float *values = agent->params->values;

  self->agent = agent;
  self->n_variables = n_variables;
  self->embedding = orr_aligned_alloc0 (agent->n_embedding, sizeof (float));
  self->gates = orr_aligned_alloc0 (3 * agent->n_hidden, sizeof (float));
  self->head = orr_aligned_alloc0 (agent->n_head, sizeof (float));
  encoder->features (scratch, x, stride, n_variables, y, n, features);
  encoder->forward (encoder, agent->params, pass, features, 1, self->embedding);
  orr_linear_forward (self->embedding, orr_agent_part (agent, values, ORR_AGENT_GATES_E),
                      orr_agent_part (agent, values, ORR_AGENT_GATES_B), self->gates, 1, agent->n_embedding,
                      3 * agent->n_hidden);
  orr_linear_forward (self->embedding, orr_agent_part (agent, values, ORR_AGENT_HEAD_E),
                      orr_agent_part (agent, values, ORR_AGENT_HEAD_B), self->head, 1, agent->n_embedding, agent->n_head);
  encoder->pass_free (pass);
  encoder->scratch_free (scratch);
  return self;
}

void
orr_agent_context_free (OrrAgentContext *self)
{
  if (self == NULL)
    return;
  orr_aligned_free (self->embedding);
  orr_aligned_free (self->gates);
  orr_aligned_free (self->head);
  g_free (self);
}

/* @features: (out) (nullable): [b x n_head] the last layer, which the second head looks at, too. */
static void
step (const OrrAgentContext *self, const float *h, const guint8 *last, guint b, float *h_next, float *values, float *features)
{
  const OrrAgent *agent = self->agent;
  float *weights = agent->params->values;
  guint n = agent->n_hidden, w = agent->n_head;
  float *table = orr_agent_part (agent, weights, ORR_AGENT_TABLE);
  gsize needed = (gsize) b * (3 * n + 3 * n + 4 * n + 3 * w);
  g_autofree float *memory = g_new (float, needed);
  float *gates_in = memory, *gates_h = gates_in + (gsize) b * 3 * n, *kept = gates_h + (gsize) b * 3 * n;
  float *u0 = kept + (gsize) b * 4 * n, *u1 = u0 + (gsize) b * w, *u2 = u1 + (gsize) b * w;

  for (guint r = 0; r < b; r++)
    for (guint k = 0; k < 3 * n; k++)
      gates_in[(gsize) r * 3 * n + k] = table[(gsize) last[r] * 3 * n + k] + self->gates[k];
  if (h != NULL)
    orr_linear_forward (h, orr_agent_part (agent, weights, ORR_AGENT_GATES_H), NULL, gates_h, b, n, 3 * n);
  else
    memset (gates_h, 0, (gsize) b * 3 * n * sizeof (float));
  orr_gru_forward (gates_in, gates_h, orr_agent_part (agent, weights, ORR_AGENT_BIAS_N), h, kept, h_next, b, n);
  orr_linear_forward (h_next, orr_agent_part (agent, weights, ORR_AGENT_HEAD_H), self->head, u0, b, n, w);
  orr_silu_forward (u0, u1, (gsize) b * w);
  orr_linear_forward (u1, orr_agent_part (agent, weights, ORR_AGENT_HEAD_W),
                      orr_agent_part (agent, weights, ORR_AGENT_HEAD_C), u2, b, w, w);
  orr_silu_forward (u2, u0, (gsize) b * w);
  for (gsize k = 0; k < (gsize) b * w; k++)
    u0[k] += u1[k];
  orr_linear_forward (u0, orr_agent_part (agent, weights, ORR_AGENT_OUT_W),
                      orr_agent_part (agent, weights, ORR_AGENT_OUT_B), values, b, w, ORR_N_ACTIONS);
  if (features != NULL)
    memcpy (features, u0, (gsize) b * w * sizeof (float));
}

/**
 * orr_agent_step:
 * @h: (array) (nullable): [b x n_hidden] states of b prefixes, %NULL before the first action
 * @last: (array): [b] the action each prefix ends with, or %ORR_AGENT_START
 * @h_next: (out) (array): [b x n_hidden] states that include it
 * @values: (out) (array): [b x ORR_N_ACTIONS] one value for every action that may follow
 *
 * One step of many prefixes at once.
 */
void
orr_agent_step (const OrrAgentContext *self, const float *h, const guint8 *last, guint b, float *h_next, float *values)
{
  step (self, h, last, b, h_next, values, NULL);
}

/**
 * orr_agent_read:
 * @prefix: (array): [n] actions so far, in preorder
 * @values: (out) (array): [ORR_N_ACTIONS] what the first head thinks of every action after them
 * @features: (out) (nullable) (array): [n_head] what the second head looks at
 */
void
orr_agent_read (const OrrAgentContext *self, const OrrAction *prefix, guint n, float *values, float *features)
{
  guint h = self->agent->n_hidden;
  g_autofree float *state = g_new0 (float, 2 * h);
  guint8 last = ORR_AGENT_START;

  step (self, NULL, &last, 1, state, values, features);
  for (guint i = 0; i < n; i++)
    {
      last = prefix[i];
      step (self, state + (i % 2) * h, &last, 1, state + (1 - i % 2) * h, values, features);
    }
}

/* @values: (out) (array): [ORR_N_ACTIONS], what the agent thinks of every action after @prefix. */
void
orr_agent_values (const OrrAgentContext *self, const OrrAction *prefix, guint n, float *values)
{
  orr_agent_read (self, prefix, n, values, NULL);
}

/**
 * orr_agent_expected_forward:
 * @features: (array): [b x n_head] last layer of the first head
 * @before: (out) (array): [b x n_expected]
 * @inner: (out) (array): [b x n_expected] silu of @before
 * @values: (out) (array): [b x ORR_N_ACTIONS]
 *
 * The second head, without the map at its end.
 */
void
orr_agent_expected_forward (const OrrAgent *agent, const float *features, guint b, float *before, float *inner, float *values)
{
  float *weights = agent->params->values;
  guint v = agent->n_expected;

  orr_linear_forward (features, orr_agent_part (agent, weights, ORR_AGENT_EXPECTED_W),
                      orr_agent_part (agent, weights, ORR_AGENT_EXPECTED_B), before, b, agent->n_head, v);
  orr_silu_forward (before, inner, (gsize) b * v);
  orr_linear_forward (inner, orr_agent_part (agent, weights, ORR_AGENT_EXPECTED_OUT),
                      orr_agent_part (agent, weights, ORR_AGENT_EXPECTED_C), values, b, v, ORR_N_ACTIONS);
}

/**
 * orr_agent_expected:
 * @prefix: (array): [n] actions so far, in preorder
 * @legal: bit k: action k may follow
 * @r2: (out) (array): [ORR_N_ACTIONS] 0 to 1, 0 for what is not legal
 *
 * The Q values that a person is shown: for every action, the R2 to expect of
 * the best expression that the agent completes after it, with its constants
 * fitted. "agent evaluate --calibration" says how true they are.
 *
 * Returns: whether the agent has the head for it; without one @r2 is what
 * orr_objective_predict_r2() reads from its first head
 */
gboolean
orr_agent_expected (const OrrAgentContext *self, const OrrAction *prefix, guint n, guint64 legal, double *r2)
{
  const OrrAgent *agent = self->agent;
  guint v = agent->n_expected;
  g_autofree float *features = g_new (float, agent->n_head), *before = NULL;
  float values[ORR_N_ACTIONS];

  orr_agent_read (self, prefix, n, values, features);
  if (v == 0)
    {
      orr_objective_predict_r2 (agent->objective, values, legal, r2);
      return FALSE;
    }
  before = g_new (float, 2 * v);
  orr_agent_expected_forward (agent, features, 1, before, before + v, values);
  const float *map = orr_agent_part (agent, agent->params->values, ORR_AGENT_EXPECTED_MAP);
  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    values[k] = map[0] * values[k] + map[1];
  orr_objective_predict_r2 (agent->expected_objective, values, legal, r2);
  return TRUE;
}
