/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-beam.h"

#include <math.h>
#include <string.h>

#include "orr-dice.h"

/* The action that puts a free constant. */
#define CONSTANT 0
/* Actions and numbers offered. */
#define N_CHOICES (ORR_ACTIONS_FIRST_OFFERED + ORR_ACTIONS_MAX_OFFERED)

/*
 * Constrained decoding: the template's actions are walked in preorder; where
 * they are given they are only fed to the agent, in a hole the agent chooses.
 * Every step takes all beams through the network at once; the states of the
 * prefixes are kept, so that no prefix is read twice.
 */
typedef struct
{
  OrrFilling filling;
  double     score;
  guint16    at;    /* in the template's actions */
  guint8     hole;  /* which hole, counted */
  guint8     open;  /* places still open in the present hole; 0 outside */
  guint8     last;  /* the action to be fed */
  gboolean   done;
} Beam;

typedef struct
{
  double score;
  guint  parent;
  guint8 action;
} Branch;

typedef struct
{
  const OrrAgentContext *context;
  const OrrTemplate     *template;
  guint                  width;
  guint                  n;
  Beam                  *beams, *next;
  float                 *h, *h_next, *h_gathered; /* [width x n_hidden] */
  float                 *values;                  /* [width x ORR_N_ACTIONS] */
  gboolean               first;
} Decoder;

static void
decoder_init (Decoder *self, const OrrAgentContext *context, const OrrTemplate *template, guint width, guint n)
{
  gsize states = (gsize) width * context->agent->n_hidden;

  *self = (Decoder){ context, template, width, n };
  self->beams = g_new0 (Beam, width);
  self->next = g_new0 (Beam, width);
  self->h = g_new0 (float, states);
  self->h_next = g_new0 (float, states);
  self->h_gathered = g_new0 (float, states);
  self->values = g_new0 (float, (gsize) width * ORR_N_ACTIONS);
  self->first = TRUE;
  for (guint b = 0; b < n; b++)
    self->beams[b].last = ORR_AGENT_START;
}

static void
decoder_clear (Decoder *self)
{
  g_free (self->beams);
  g_free (self->next);
  g_free (self->h);
  g_free (self->h_next);
  g_free (self->h_gathered);
  g_free (self->values);
}

static void
decoder_step (Decoder *self)
{
  g_autofree guint8 *last = g_new (guint8, self->n);

  /* Of numbers the agent knows only that they are constants. */
  for (guint b = 0; b < self->n; b++)
    last[b] = self->beams[b].last >= ORR_ACTIONS_FIRST_OFFERED ? CONSTANT : self->beams[b].last;
  orr_agent_step (self->context, self->first ? NULL : self->h, last, self->n, self->h_next, self->values);
  self->first = FALSE;
}

/* Actions that may come next: all legal ones, but leaves only once the hole must close in time. */
static guint64
choices_of (const Decoder *self, const Beam *beam)
{
  guint64 legal = self->template->legal;
  guint used = beam->open > 0 ? beam->filling.n[beam->hole] : 0, open = MAX (beam->open, 1);
  guint left = ORR_ACTIONS_MAX_LENGTH - used - open;

  if (left < 2)
    for (guint k = 0; k < ORR_N_ACTIONS; k++)
      if (orr_action_arity (k) > left)
        legal &= ~(G_GUINT64_CONSTANT (1) << k);
  return legal;
}

/*
 * Logarithms of the probabilities of all that may come next. What the agent
 * gives to a constant is shared by the free constant and the numbers offered.
 */
static void
score_choices (const Decoder *self, guint b, double temperature, double *log_p)
{
  const OrrTemplate *template = self->template;
  guint64 legal = choices_of (self, &self->beams[b]), constant = 1 << CONSTANT;
  guint n_offered = template->n_offered, n_shares = n_offered + ((legal & constant) != 0);

  for (guint k = ORR_N_ACTIONS; k < N_CHOICES; k++)
    log_p[k] = -INFINITY;
  orr_objective_log_scores (self->context->agent->objective, self->values + (gsize) b * ORR_N_ACTIONS,
                            n_offered > 0 ? legal | constant : legal, temperature, log_p);
  if (n_offered == 0)
    return;
  for (guint k = 0; k < n_offered; k++)
    log_p[ORR_ACTIONS_FIRST_OFFERED + k] = log_p[CONSTANT] - log (n_shares);
  log_p[CONSTANT] = (legal & constant) != 0 ? log_p[CONSTANT] - log (n_shares) : -INFINITY;
}

/* The template's next action: given, a hole, or nothing more (-1). */
static int
next_given (const Decoder *self, const Beam *beam)
{
  if (beam->open > 0)
    return ORR_ACTION_HOLE;
  return beam->at < self->template->n_actions ? self->template->actions[beam->at] : -1;
}

static void
advance (const Decoder *self, Beam *beam, OrrAction action)
{
  beam->last = action;
  if (next_given (self, beam) != ORR_ACTION_HOLE)
    beam->at++;
  else
    {
      if (beam->open == 0)
        beam->open = 1;
      beam->filling.actions[beam->hole][beam->filling.n[beam->hole]++] = action;
      beam->open += orr_action_arity (action) - 1;
      if (beam->open == 0)
        {
          beam->hole++;
          beam->at++;
        }
    }
  /* What is given after the last hole needs no reading. */
  beam->done = beam->open == 0 && beam->hole == self->template->n_holes;
}

/* Better first; ties by place, so that the order never depends on chance. */
static int
compare_branches (gconstpointer a, gconstpointer b)
{
  const Branch *p = a, *q = b;

  if (p->score != q->score)
    return p->score > q->score ? -1 : 1;
  if (p->parent != q->parent)
    return p->parent < q->parent ? -1 : 1;
  return (int) p->action - (int) q->action;
}

static void
add_branches (const Decoder *self, guint b, GArray *branches)
{
  const Beam *beam = &self->beams[b];
  int given = next_given (self, beam);
  double log_p[N_CHOICES];

  if (given != ORR_ACTION_HOLE)
    {
      Branch branch = { beam->score, b, given };
      g_array_append_val (branches, branch);
      return;
    }
  score_choices (self, b, 1.0, log_p);
  for (guint k = 0; k < N_CHOICES; k++)
    if (log_p[k] > -20.0)
      {
        Branch branch = { beam->score + log_p[k] - self->template->length_penalty, b, k };
        g_array_append_val (branches, branch);
      }
}

static void
add_proposal (GArray *proposals, const Beam *beam)
{
  OrrProposal proposal = { beam->filling, beam->score };
  g_array_append_val (proposals, proposal);
}

/* Keeps the best branches as the next beams; finished ones go to @proposals. */
static void
select_branches (Decoder *self, GArray *branches, GArray *proposals)
{
  guint h = self->context->agent->n_hidden, n = 0, taken = 0;

  g_array_sort (branches, compare_branches);
  for (guint i = 0; i < branches->len && taken < self->width; i++)
    {
      const Branch *branch = &g_array_index (branches, Branch, i);
      Beam beam = self->beams[branch->parent];

      advance (self, &beam, branch->action);
      beam.score = branch->score;
      /* What leaves out a required variable is no answer, and takes no other's place. */
      if (beam.done && !orr_template_filling_accepts (self->template, &beam.filling))
        continue;
      taken++;
      if (beam.done)
        add_proposal (proposals, &beam);
      else
        {
          memcpy (self->h_gathered + (gsize) n * h, self->h_next + (gsize) branch->parent * h, h * sizeof (float));
          self->next[n++] = beam;
        }
    }
  self->n = n;
  Beam *beams = self->beams;
  self->beams = self->next;
  self->next = beams;
  float *states = self->h;
  self->h = self->h_gathered;
  self->h_gathered = states;
}

static int
compare_proposals (gconstpointer a, gconstpointer b)
{
  const OrrProposal *p = a, *q = b;
  return p->log_probability > q->log_probability ? -1 : p->log_probability < q->log_probability;
}

/* Keeps the best @width; returns whether there are so many. */
static gboolean
keep_best (GArray *proposals, guint width)
{
  g_array_sort (proposals, compare_proposals);
  g_array_set_size (proposals, MIN (proposals->len, width));
  return proposals->len == width;
}

/* With a penalty on length the finished compete with what is still growing, whose score can only fall. */
static void
drop_beaten (GArray *branches, gboolean full, const GArray *proposals)
{
  guint n = 0;

  if (!full)
    return;
  double bar = g_array_index (proposals, OrrProposal, proposals->len - 1).log_probability;
  for (guint i = 0; i < branches->len; i++)
    if (g_array_index (branches, Branch, i).score > bar)
      g_array_index (branches, Branch, n++) = g_array_index (branches, Branch, i);
  g_array_set_size (branches, n);
}

/**
 * orr_beam_search:
 * @width: beams kept at every step
 *
 * Returns: (transfer full): of OrrProposal, the most probable first
 */
GArray *
orr_beam_search (const OrrAgentContext *context, const OrrTemplate *template, guint width)
{
  GArray *proposals = g_array_new (FALSE, FALSE, sizeof (OrrProposal));
  g_autoptr (GArray) branches = g_array_new (FALSE, FALSE, sizeof (Branch));
  Decoder decoder;

  if (template->n_holes == 0)
    return proposals;
  decoder_init (&decoder, context, template, width, 1);
  for (guint step = 0; decoder.n > 0 && step < ORR_TEMPLATE_MAX_ACTIONS + ORR_TEMPLATE_MAX_HOLES * ORR_ACTIONS_MAX_LENGTH; step++)
    {
      g_array_set_size (branches, 0);
      decoder_step (&decoder);
      for (guint b = 0; b < decoder.n; b++)
        add_branches (&decoder, b, branches);
      if (template->length_penalty > 0.0)
        drop_beaten (branches, keep_best (proposals, width), proposals);
      select_branches (&decoder, branches, proposals);
      /* As many finished as asked for: what is still open is less probable than most of them. */
      if (proposals->len >= 2 * width)
        break;
    }
  decoder_clear (&decoder);
  if (template->length_penalty > 0.0)
    keep_best (proposals, width);
  g_array_sort (proposals, compare_proposals);
  return proposals;
}

static OrrAction
draw (const Decoder *self, guint b, double temperature, double uniform, double *score)
{
  double log_p[N_CHOICES], sum = 0.0;
  guint k = 0, last = 0;

  score_choices (self, b, temperature, log_p);
  for (guint i = 0; i < N_CHOICES; i++)
    sum += exp (log_p[i]);
  for (; k < N_CHOICES; k++)
    {
      double p = exp (log_p[k]) / sum;
      if (p <= 0.0)
        continue;
      last = k;
      uniform -= p;
      if (uniform < 0.0)
        break;
    }
  *score += log_p[last];
  return last;
}

/**
 * orr_beam_sample:
 * @n: how many
 * @temperature: 1 for the agent's own probabilities, more for variety
 *
 * Returns: (transfer full): of OrrProposal, @n fillings drawn at random from
 * the agent; they depend on @seed and @stream alone
 */
GArray *
orr_beam_sample (const OrrAgentContext *context, const OrrTemplate *template, guint n, double temperature, guint64 seed,
                 guint64 stream)
{
  GArray *proposals = g_array_new (FALSE, FALSE, sizeof (OrrProposal));
  guint h = context->agent->n_hidden;
  OrrDice dice = orr_dice (seed, stream);
  Decoder decoder;

  if (template->n_holes == 0)
    return proposals;
  decoder_init (&decoder, context, template, n, n);
  while (decoder.n > 0)
    {
      guint left = 0;

      decoder_step (&decoder);
      for (guint b = 0; b < decoder.n; b++)
        {
          Beam *beam = &decoder.beams[b];
          int given = next_given (&decoder, beam);
          OrrAction action = given != ORR_ACTION_HOLE
                                 ? given
                                 : draw (&decoder, b, temperature, orr_dice_uniform (&dice), &beam->score);
          advance (&decoder, beam, action);
          if (beam->done)
            add_proposal (proposals, beam);
          else
            {
              memmove (decoder.h + (gsize) left * h, decoder.h_next + (gsize) b * h, h * sizeof (float));
              decoder.beams[left++] = *beam;
            }
        }
      decoder.n = left;
    }
  decoder_clear (&decoder);
  return proposals;
}
