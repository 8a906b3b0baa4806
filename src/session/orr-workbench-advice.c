/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "orr-expr-fit.h"
#include "orr-latest.h"

/*
 * The agent's advice for one place of the tree: values of its actions, and for
 * the best of them what the whole tree could become. Both are computed aside,
 * and only for what is selected now.
 */

/* Beams of a completion that is only looked at. */
#define BEAM 32
/* Completions that are worked out before anybody asks. */
#define N_AHEAD 6

typedef struct
{
  OrrAdvisor *advisor;
  OrrDataset *dataset;
  OrrExpr *expr;
  guint position;
  OrrAdvisorRules rules;
  OrrAction action;
  guint serial;
} Question;

typedef struct
{
  guint serial;
  OrrSuggestions *suggestions; /* (nullable) */
  OrrGhost *ghost;             /* (nullable) */
  OrrExpr *step;               /* (nullable) */
  OrrAction action;
} Answer;

struct _OrrAdvice
{
  OrrWorkbench *workbench; /* (unowned) */
  OrrAdvisor *advisor;
  OrrLatest *values;
  OrrLatest *completions;
  OrrLatest *steps;
  OrrSuggestions *suggestions;     /* (nullable) */
  gboolean fresh; /* they are of the present state */
  gboolean asking; /* for those of the present state */
  OrrGhost *ghosts[ORR_N_ACTIONS]; /* (nullable): by action, of the present suggestions */
  gboolean tried[ORR_N_ACTIONS];
  guint serial;     /* of the present state */
  int shown;        /* index that a person looks at, or -1 */
  int wanted;       /* index that a person has taken before it was worked out, or -1 */
  int carried;      /* index that is being dragged, or -1 */
  gboolean working; /* a completion is under way */
  guint n_steps;    /* asked for and not made yet */
  gboolean stepping;
};

static void
question_free (gpointer data)
{
  Question *self = data;

  orr_advisor_unref (self->advisor);
  orr_dataset_unref (self->dataset);
  orr_expr_unref (self->expr);
  g_free (self);
}

static void
answer_free (gpointer data)
{
  Answer *self = data;

  orr_suggestions_unref (self->suggestions);
  orr_ghost_unref (self->ghost);
  if (self->step != NULL)
    orr_expr_unref (self->step);
  g_free (self);
}

static void
clear_ghost (gpointer box)
{
  OrrGhost *self = box;

  orr_expr_unref (self->expr);
}

OrrGhost *
orr_ghost_ref (OrrGhost *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
orr_ghost_unref (OrrGhost *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear_ghost);
}

static Question *
question_new (OrrAdvice *self, OrrExpr *expr, guint position)
{
  Question *question = g_new0 (Question, 1);

  question->advisor = orr_advisor_ref (self->advisor);
  question->dataset = orr_dataset_ref (self->workbench->equations->dataset);
  question->expr = orr_expr_ref (expr);
  question->position = position;
  question->rules = orr_workbench_get_rules (self->workbench);
  question->serial = self->serial;
  return question;
}

/* Completions ------------------------------------------------------------------------------------- */

static gpointer
complete_thread (gpointer data)
{
  const Question *question = data;
  Answer *answer = g_new0 (Answer, 1);
  OrrExpr *expr =
      orr_advisor_complete (question->advisor, question->dataset, question->expr, &question->rules, BEAM);

  answer->serial = question->serial;
  answer->action = question->action;
  if (expr != NULL)
    {
      answer->ghost = g_atomic_rc_box_new0 (OrrGhost);
      answer->ghost->expr = expr;
      answer->ghost->action = question->action;
      answer->ghost->r2 = orr_workbench_compute_r2 (expr, question->dataset, ORR_DATASET_TRAINING);
      answer->ghost->r2_held_out = orr_workbench_compute_r2 (expr, question->dataset, ORR_DATASET_HELD_OUT);
    }
  return answer;
}

/* The next suggestion to work out: the one looked at, the best ones, or -1. */
static int
choose_next (OrrAdvice *self)
{
  int order[2] = { self->wanted, self->shown };

  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    if (order[k] >= 0 && order[k] < (int)self->suggestions->n &&
        !self->tried[self->suggestions->items[order[k]].action])
      return order[k];
  for (guint i = 0; i < MIN (N_AHEAD, self->suggestions->n); i++)
    if (!self->tried[self->suggestions->items[i].action])
      return i;
  return -1;
}

static void
work_ahead (OrrAdvice *self)
{
  int next = self->working || !self->fresh ? -1 : choose_next (self);

  if (next < 0 || self->workbench->equations->dataset == NULL)
    return;

  const OrrSuggestion *suggestion = &self->suggestions->items[next];
  Question *question = question_new (self, suggestion->expr, 0);
  question->action = suggestion->action;
  self->working = TRUE;
  orr_latest_request (self->completions, question);
}

static OrrGhost *
get_shown (OrrAdvice *self)
{
  if (!self->fresh || self->shown < 0 || self->shown >= (int)self->suggestions->n)
    return NULL;
  return self->ghosts[self->suggestions->items[self->shown].action];
}

static void
take (OrrAdvice *self, int index)
{
  g_autoptr (OrrGhost) ghost = orr_ghost_ref (self->ghosts[self->suggestions->items[index].action]);
  guint32 node = self->suggestions->node;

  self->wanted = -1;
  orr_workbench_agent_moves (self->workbench, ghost->expr, orr_action_name (ghost->action),
                             _ ("Take suggestion"));
  if (orr_expr_find (ghost->expr, node) >= 0)
    orr_workbench_set_selected (self->workbench, node);
}

static void
take_alone (OrrAdvice *self, int index)
{
  const OrrSuggestion *suggestion = &self->suggestions->items[index];
  g_autoptr (OrrExpr) expr = orr_expr_ref (suggestion->expr);

  self->wanted = -1;
  orr_workbench_agent_moves (self->workbench, expr, orr_action_name (suggestion->action),
                             _ ("Take suggestion"));
}

/* What was taken before it was worked out. */
static void
take_wanted (OrrAdvice *self)
{
  const OrrSuggestion *suggestion;

  if (self->wanted < 0 || self->wanted >= (int)self->suggestions->n)
    return;
  suggestion = &self->suggestions->items[self->wanted];
  if (self->ghosts[suggestion->action] != NULL)
    take (self, self->wanted);
  else if (self->tried[suggestion->action])
    take_alone (self, self->wanted);
}

static void
completed_cb (gpointer owner, gpointer result)
{
  OrrAdvice *self = owner;
  const Answer *answer = result;

  self->working = FALSE;
  if (answer->serial == self->serial && self->fresh)
    {
      OrrGhost *before = get_shown (self);

      self->tried[answer->action] = TRUE;
      if (answer->ghost != NULL)
        self->ghosts[answer->action] = orr_ghost_ref (answer->ghost);
      orr_workbench_notify_advice (self->workbench, before != get_shown (self));
      take_wanted (self);
    }
  work_ahead (self);
}

/* Values ------------------------------------------------------------------------------------------ */

static gpointer
suggest_thread (gpointer data)
{
  const Question *question = data;
  Answer *answer = g_new0 (Answer, 1);

  answer->serial = question->serial;
  answer->suggestions = orr_advisor_suggest (question->advisor, question->dataset, question->expr,
                                             question->position, &question->rules);
  return answer;
}

static void
forget (OrrAdvice *self)
{
  g_clear_pointer (&self->suggestions, orr_suggestions_unref);
  for (guint k = 0; k < ORR_N_ACTIONS; k++)
    g_clear_pointer (&self->ghosts[k], orr_ghost_unref);
  memset (self->tried, 0, sizeof (self->tried));
  self->fresh = FALSE;
}

static void
suggested_cb (gpointer owner, gpointer result)
{
  OrrAdvice *self = owner;
  const Answer *answer = result;

  if (answer->serial != self->serial)
    return;
  forget (self);
  self->asking = FALSE;
  if (answer->suggestions != NULL)
    self->suggestions = orr_suggestions_ref (answer->suggestions);
  self->fresh = self->suggestions != NULL;
  orr_workbench_notify_advice (self->workbench, TRUE);
  work_ahead (self);
}

/* The selected place, or the next open one in preorder; -1 for none. */
static int
find_place (OrrWorkbench *workbench)
{
  const OrrExpr *expr = workbench->equations->expr;
  int place = workbench->selected != 0 ? orr_expr_find (expr, workbench->selected) : -1;

  for (guint i = 0; place < 0 && i < expr->n_nodes; i++)
    if (expr->nodes[i].op == ORR_EXPR_OP_PLACEHOLDER)
      place = i;
  return place;
}

/* To be called when the tree, the selection, the data or the rules have changed. */
void
orr_advice_update (OrrAdvice *self)
{
  OrrEquations *equations = self->workbench->equations;
  int place = find_place (self->workbench);
  gboolean shown = get_shown (self) != NULL;

  self->serial++;
  self->fresh = FALSE;
  self->asking = place >= 0 && equations->dataset != NULL;
  self->shown = self->wanted = -1;
  if (place < 0 || equations->dataset == NULL)
    {
      orr_latest_drop (self->values);
      forget (self);
      orr_workbench_notify_advice (self->workbench, TRUE);
      return;
    }
  if (shown)
    orr_workbench_notify_advice (self->workbench, TRUE);
  orr_latest_request (self->values, question_new (self, equations->expr, place));
}

/* Steps ------------------------------------------------------------------------------------------- */

static OrrExpr *
fit_when_complete (OrrExpr *expr, OrrDataset *dataset)
{
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (dataset, ORR_DATASET_TRAINING);
  OrrSamples samples = orr_dataset_get_samples (dataset, rows);
  g_autoptr (OrrExpr) frozen = NULL, fitted = NULL;

  if (orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER) > 0 || rows->n == 0)
    return orr_expr_ref (expr);
  frozen = orr_advisor_freeze (expr);
  fitted = orr_expr_fit (frozen, &samples, NULL, NULL);
  return fitted != NULL ? orr_advisor_thaw (fitted, expr) : orr_expr_ref (expr);
}

static gpointer
step_thread (gpointer data)
{
  const Question *question = data;
  Answer *answer = g_new0 (Answer, 1);
  g_autoptr (OrrSuggestions) suggestions = orr_advisor_suggest (
      question->advisor, question->dataset, question->expr, question->position, &question->rules);

  answer->serial = question->serial;
  if (suggestions != NULL && suggestions->n > 0)
    {
      answer->action = suggestions->items[0].action;
      answer->step = fit_when_complete (suggestions->items[0].expr, question->dataset);
    }
  return answer;
}

static void
start_step (OrrAdvice *self)
{
  OrrExpr *expr = self->workbench->equations->expr;
  guint place = 0;

  while (place < expr->n_nodes && expr->nodes[place].op != ORR_EXPR_OP_PLACEHOLDER)
    place++;
  if (place == expr->n_nodes || self->workbench->equations->dataset == NULL)
    self->n_steps = 0;
  if (self->n_steps == 0 || self->stepping)
    return;
  self->stepping = TRUE;
  self->n_steps--;
  orr_latest_request (self->steps, question_new (self, expr, place));
}

static void
stepped_cb (gpointer owner, gpointer result)
{
  OrrAdvice *self = owner;
  const Answer *answer = result;

  self->stepping = FALSE;
  /* A person who stepped in between has the last word. */
  if (answer->serial != self->serial || answer->step == NULL)
    self->n_steps = 0;
  else
    orr_workbench_agent_moves (self->workbench, answer->step, orr_action_name (answer->action), _ ("Step"));
  start_step (self);
}

/* Another agent ------------------------------------------------------------------------------------- */

OrrAdvisor *
orr_advice_get_advisor (OrrAdvice *self)
{
  return self->advisor;
}

/* The workbench's side ---------------------------------------------------------------------------- */

OrrAdvice *
orr_advice_new (OrrWorkbench *workbench)
{
  OrrAdvice *self = g_new0 (OrrAdvice, 1);

  self->workbench = workbench;
  self->advisor = orr_advisor_new ();
  self->values = orr_latest_new (suggest_thread, suggested_cb, self, question_free, answer_free);
  self->completions = orr_latest_new (complete_thread, completed_cb, self, question_free, answer_free);
  self->steps = orr_latest_new (step_thread, stepped_cb, self, question_free, answer_free);
  self->shown = self->wanted = self->carried = -1;
  return self;
}

void
orr_advice_free (OrrAdvice *self)
{
  if (self == NULL)
    return;
  orr_latest_free (self->values);
  orr_latest_free (self->completions);
  orr_latest_free (self->steps);
  forget (self);
  orr_advisor_unref (self->advisor);
  g_free (self);
}

/**
 * orr_workbench_get_suggestions:
 *
 * Returns: (transfer none) (nullable): what the agent would do in the selected
 *   place, or in the next open one where none is selected
 */
OrrSuggestions *
orr_workbench_get_suggestions (OrrWorkbench *self)
{
  return self->advice->suggestions;
}

/**
 * orr_workbench_is_asking:
 *
 * Returns: whether the agent has not answered yet what it would do in the present state
 */
gboolean
orr_workbench_is_asking (OrrWorkbench *self)
{
  return self->advice->asking;
}

/**
 * orr_workbench_get_completion:
 * @index: of a suggestion
 *
 * Returns: (transfer none) (nullable): what the tree would become, once it is worked out
 */
OrrGhost *
orr_workbench_get_completion (OrrWorkbench *self, guint index)
{
  OrrSuggestions *suggestions = self->advice->suggestions;

  return suggestions != NULL && index < suggestions->n
             ? self->advice->ghosts[suggestions->items[index].action]
             : NULL;
}

/* (transfer none) (nullable): the completion that a person looks at. */
OrrGhost *
orr_workbench_get_ghost (OrrWorkbench *self)
{
  return get_shown (self->advice);
}

/**
 * orr_workbench_look_at:
 * @index: of the suggestion that a person looks at, or -1
 */
void
orr_workbench_look_at (OrrWorkbench *self, int index)
{
  OrrAdvice *advice = self->advice;
  OrrGhost *before = get_shown (advice);

  g_return_if_fail (ORR_IS_WORKBENCH (self));
  advice->shown = index;
  if (before != get_shown (advice))
    orr_workbench_notify_advice (self, TRUE);
  if (index >= 0)
    work_ahead (advice);
}

/**
 * orr_workbench_take_suggestion:
 * @alone: only its operator or leaf; else with all that completes the tree
 *
 * One undo step, and a move of the agent. Where the completion is not worked
 * out yet it is taken as soon as it is.
 */
void
orr_workbench_take_suggestion (OrrWorkbench *self, guint index, gboolean alone)
{
  OrrAdvice *advice = self->advice;

  g_return_if_fail (ORR_IS_WORKBENCH (self));
  if (advice->fresh && index < advice->suggestions->n && alone)
    {
      take_alone (advice, index);
      return;
    }
  advice->wanted = index;
  if (advice->fresh)
    take_wanted (advice);
  work_ahead (advice);
}

/**
 * orr_workbench_carry_suggestion:
 * @index: of the suggestion that is being dragged, or -1
 */
void
orr_workbench_carry_suggestion (OrrWorkbench *self, int index)
{
  self->advice->carried = index;
}

int
orr_workbench_get_carried (OrrWorkbench *self)
{
  return self->advice->carried;
}

/**
 * orr_workbench_step:
 *
 * The agent plays its best action in the next open place; the last one also
 * fits the constants. Steps asked for faster than they are made are made in turn.
 */
void
orr_workbench_step (OrrWorkbench *self)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  self->advice->n_steps++;
  start_step (self->advice);
}
