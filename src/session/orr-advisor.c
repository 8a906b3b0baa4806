/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-advisor.h"

#include <math.h>
#include <string.h>

#include "orr-agent-default.h"
#include "orr-expr-drop.h"
#include "orr-problem.h"
#include "orr-regress.h"
#include "orr-template.h"

/* A completion is fitted to at most so many rows, spread evenly: it must be there at once. */
#define MAX_ROWS 400
/* Open places before the one in question are imagined no longer than this. */
#define MAX_IMAGINED 9

typedef struct
{
  OrrAgent *agent; /* (nullable) */
} Mind;

/* The agent before one table. Immutable. */
typedef struct
{
  Mind *mind;
  OrrDataset *dataset;
  OrrProblem *problem;
  OrrAgentContext *context; /* (nullable): without agent, or rows */
} Seat;

struct _OrrAdvisor
{
  GMutex lock;
  Mind *mind; /* (nullable): not loaded yet */
  Seat *seat; /* (nullable) */
};

static void
clear_mind (gpointer box)
{
  Mind *self = box;

  orr_agent_unref (self->agent);
}

static Mind *
mind_new (OrrAgent *agent)
{
  Mind *self = g_atomic_rc_box_new0 (Mind);

  self->agent = agent;
  return self;
}

static void
clear_seat (gpointer box)
{
  Seat *self = box;

  orr_agent_context_free (self->context);
  orr_problem_free (self->problem);
  orr_dataset_unref (self->dataset);
  g_atomic_rc_box_release_full (self->mind, clear_mind);
}

static void
seat_unref (Seat *self)
{
  g_atomic_rc_box_release_full (self, clear_seat);
}

static Seat *
seat_new (Mind *mind, OrrDataset *dataset)
{
  Seat *self = g_atomic_rc_box_new0 (Seat);
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (dataset, ORR_DATASET_TRAINING);
  OrrSamples samples = orr_dataset_get_samples (dataset, rows);

  self->mind = g_atomic_rc_box_acquire (mind);
  self->dataset = orr_dataset_ref (dataset);
  self->problem = orr_problem_new (&samples, 0, FALSE);
  if (mind->agent != NULL && self->problem->fitted.n > 2 && dataset->n_inputs > 0)
    self->context = orr_agent_context_new (mind->agent, self->problem->fitted.x, self->problem->fitted.stride,
                                           MIN (dataset->n_inputs, ORR_ACTIONS_VARIABLES),
                                           self->problem->fitted.y, self->problem->fitted.n);
  return self;
}

/* (transfer full): the agent before @dataset. */
static Seat *
take_seat (OrrAdvisor *self, OrrDataset *dataset)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->mind == NULL)
    self->mind = mind_new (orr_agent_load_default (NULL));
  if (self->seat == NULL || self->seat->dataset != dataset)
    {
      g_clear_pointer (&self->seat, seat_unref);
      self->seat = seat_new (self->mind, dataset);
    }
  return g_atomic_rc_box_acquire (self->seat);
}

OrrAdvisor *
orr_advisor_new (void)
{
  OrrAdvisor *self = g_atomic_rc_box_new0 (OrrAdvisor);

  g_mutex_init (&self->lock);
  return self;
}

OrrAdvisor *
orr_advisor_ref (OrrAdvisor *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_advisor (gpointer box)
{
  OrrAdvisor *self = box;

  g_clear_pointer (&self->seat, seat_unref);
  if (self->mind != NULL)
    g_atomic_rc_box_release_full (self->mind, clear_mind);
  g_mutex_clear (&self->lock);
}

void
orr_advisor_unref (OrrAdvisor *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear_advisor);
}

/* (transfer full) (nullable): the agent; loads it when nobody has. */
OrrAgent *
orr_advisor_dup_agent (OrrAdvisor *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->mind == NULL)
    self->mind = mind_new (orr_agent_load_default (NULL));
  return self->mind->agent != NULL ? orr_agent_ref (self->mind->agent) : NULL;
}

/**
 * orr_advisor_set_agent:
 * @agent: (nullable): another agent, refined say; %NULL for the one that comes with the program
 */
void
orr_advisor_set_agent (OrrAdvisor *self, OrrAgent *agent)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_clear_pointer (&self->seat, seat_unref);
  if (self->mind != NULL)
    g_atomic_rc_box_release_full (self->mind, clear_mind);
  self->mind = agent != NULL ? mind_new (orr_agent_ref (agent)) : NULL;
}

/* Locks ------------------------------------------------------------------------------------------- */

/**
 * orr_advisor_freeze:
 *
 * Returns: (transfer full): @expr with its constants of a locked value as the numbers
 *   that they are, so that no fit moves them
 */
OrrExpr *
orr_advisor_freeze (const OrrExpr *expr)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (expr->nodes, expr->n_nodes * sizeof (OrrExprNode));

  for (guint i = 0; i < expr->n_nodes; i++)
    if (nodes[i].op == ORR_EXPR_OP_CONSTANT && !orr_expr_is_free (&nodes[i]))
      nodes[i].op = ORR_EXPR_OP_NUMBER;
  return orr_expr_new (nodes, expr->n_nodes);
}

/**
 * orr_advisor_thaw:
 * @found: grown from orr_advisor_freeze() of @given
 *
 * Returns: (transfer full): @found with the locks of @given alone, and its locked constants
 */
OrrExpr *
orr_advisor_thaw (const OrrExpr *found, const OrrExpr *given)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (found->nodes, found->n_nodes * sizeof (OrrExprNode));

  for (guint i = 0; i < found->n_nodes; i++)
    {
      int was = orr_expr_find (given, nodes[i].id);

      nodes[i].locked = was >= 0 ? given->nodes[was].locked : ORR_EXPR_LOCK_NONE;
      if (nodes[i].locked && nodes[i].op == ORR_EXPR_OP_NUMBER)
        nodes[i] = given->nodes[was];
    }
  return orr_expr_new (nodes, found->n_nodes);
}

static gboolean
holds_lock (const OrrExpr *expr, guint position)
{
  for (guint i = 0; i < expr->nodes[position].size; i++)
    if (expr->nodes[position + i].locked)
      return TRUE;
  return FALSE;
}

/* Suggestions ------------------------------------------------------------------------------------- */

static void
clear_suggestions (gpointer box)
{
  OrrSuggestions *self = box;

  for (guint i = 0; i < self->n; i++)
    orr_expr_unref (self->items[i].expr);
  g_free (self->items);
  orr_expr_unref (self->expr);
}

OrrSuggestions *
orr_suggestions_ref (OrrSuggestions *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
orr_suggestions_unref (OrrSuggestions *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear_suggestions);
}

/* (transfer full): the action as a piece in the table's own columns, open places below it. */
static OrrExpr *
create_piece (const OrrProblem *problem, OrrAction action)
{
  OrrExprNode nodes[3];
  guint arity = orr_action_arity (action);

  nodes[0] = orr_action_to_node (action);
  if (nodes[0].op == ORR_EXPR_OP_VARIABLE)
    nodes[0].index = problem->order[nodes[0].index];
  for (guint k = 1; k <= arity; k++)
    nodes[k] = orr_expr_node (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  return orr_expr_new (nodes, 1 + arity);
}

/*
 * (transfer full) (nullable): the tree with @action at @position. It takes the
 * place of all that is there; where something below is locked, only of the
 * operator, as far as its operands have room.
 */
static OrrExpr *
put_action (const OrrExpr *expr, guint position, const OrrProblem *problem, OrrAction action)
{
  g_autoptr (OrrExpr) piece = create_piece (problem, action);

  if (expr->nodes[position].locked)
    return NULL;
  if (!holds_lock (expr, position))
    return orr_expr_replace (expr, position, piece);
  if (!orr_expr_is_bare_operator (piece) || piece->nodes[0].op == expr->nodes[position].op)
    return NULL;
  g_autoptr (GPtrArray) loose = g_ptr_array_new_with_free_func ((GDestroyNotify)orr_expr_unref);
  return orr_expr_drop_on (expr, position, piece, loose, NULL);
}

/* The agent reads what stands before a place, one action after the other. */
typedef struct
{
  const OrrAgentContext *context;
  guint64 legal;
  float *h, *h_next; /* [n_hidden] */
  GByteArray *read;  /* OrrAction: all of it */
  float values[ORR_N_ACTIONS];
} Reader;

static void
reader_init (Reader *self, const OrrAgentContext *context, guint64 legal)
{
  guint8 start = ORR_AGENT_START;

  self->context = context;
  self->legal = legal;
  self->read = g_byte_array_new ();
  self->h = g_new0 (float, context->agent->n_hidden);
  self->h_next = g_new0 (float, context->agent->n_hidden);
  orr_agent_step (context, NULL, &start, 1, self->h, self->values);
}

static void
reader_clear (Reader *self)
{
  g_free (self->h);
  g_free (self->h_next);
  g_byte_array_unref (self->read);
}

static void
reader_feed (Reader *self, OrrAction action)
{
  float *h = self->h;

  orr_agent_step (self->context, self->h, &action, 1, self->h_next, self->values);
  g_byte_array_append (self->read, &action, 1);
  self->h = self->h_next;
  self->h_next = h;
}

/* What the agent would most likely put into an open place that comes before. */
static void
reader_imagine (Reader *self)
{
  for (guint open = 1, used = 0; open > 0; used++)
    {
      int best = -1;

      for (guint k = 0; k < ORR_N_ACTIONS; k++)
        if ((self->legal >> k & 1) != 0 && (used + open < MAX_IMAGINED || orr_action_arity (k) == 0) &&
            (best < 0 || self->values[k] > self->values[best]))
          best = k;
      if (best < 0)
        return;
      open += orr_action_arity (best);
      open--;
      reader_feed (self, best);
    }
}

/* Reads all that comes before @position of @expr; FALSE when that is too much. */
static gboolean
reader_read (Reader *self, const OrrProblem *problem, const OrrExpr *expr, guint position)
{
  g_autoptr (OrrExpr) hole = orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  g_autoptr (OrrExpr) open = orr_expr_replace (expr, position, hole);
  g_autoptr (OrrExpr) entered = orr_problem_enter (problem, open);
  OrrAction actions[ORR_TEMPLATE_MAX_ACTIONS];
  guint n = orr_actions_from_template (entered, actions, ORR_TEMPLATE_MAX_ACTIONS), before = 0;

  for (guint i = 0; i < position; i++)
    before += entered->nodes[i].op == ORR_EXPR_OP_PLACEHOLDER;
  for (guint i = 0; i < n; i++)
    if (actions[i] != ORR_ACTION_HOLE)
      reader_feed (self, actions[i]);
    else if (before-- == 0)
      return TRUE;
    else
      reader_imagine (self);
  return FALSE;
}

static int
compare_suggestions (gconstpointer a, gconstpointer b)
{
  const OrrSuggestion *p = a, *q = b;

  if (p->q != q->q)
    return p->q > q->q ? -1 : 1;
  return (int)p->action - (int)q->action;
}

/* Without expected values: the agent's preferences as shares of the whole. */
static void
share_out (OrrSuggestions *self, const float *values)
{
  double largest = -INFINITY, sum = 0.0;

  for (guint i = 0; i < self->n; i++)
    largest = fmax (largest, values[self->items[i].action]);
  for (guint i = 0; i < self->n; i++)
    sum += self->items[i].q = exp (values[self->items[i].action] - largest);
  for (guint i = 0; i < self->n; i++)
    self->items[i].q /= sum;
}

static void
weigh (OrrSuggestions *self, const Reader *reader)
{
  double expected[ORR_N_ACTIONS];

  self->expected =
      orr_agent_expected (reader->context, reader->read->data, reader->read->len, reader->legal, expected);
  for (guint i = 0; i < self->n; i++)
    self->items[i].q = expected[self->items[i].action];
  if (!self->expected)
    share_out (self, reader->values);
  qsort (self->items, self->n, sizeof (OrrSuggestion), compare_suggestions);
}

/**
 * orr_advisor_suggest:
 * @position: the place in @expr
 *
 * What the agent would do there, knowing all that comes before in preorder.
 * Takes a few milliseconds; for a worker.
 *
 * Returns: (transfer full) (nullable): %NULL without an agent or rows
 */
OrrSuggestions *
orr_advisor_suggest (OrrAdvisor *self, OrrDataset *dataset, OrrExpr *expr, guint position,
                     const OrrAdvisorRules *rules)
{
  Seat *seat = take_seat (self, dataset);
  OrrSuggestions *result = NULL;
  Reader reader;

  if (seat->context != NULL)
    {
      guint64 legal = orr_actions_legal (dataset->n_inputs) & ~rules->forbidden;

      result = g_atomic_rc_box_new0 (OrrSuggestions);
      result->expr = orr_expr_ref (expr);
      result->node = expr->nodes[position].id;
      result->items = g_new0 (OrrSuggestion, ORR_N_ACTIONS);
      reader_init (&reader, seat->context, legal);
      if (reader_read (&reader, seat->problem, expr, position))
        for (guint k = 0; k < ORR_N_ACTIONS; k++)
          {
            OrrExpr *put = (legal >> k & 1) != 0 ? put_action (expr, position, seat->problem, k) : NULL;

            if (put != NULL)
              result->items[result->n++] = (OrrSuggestion){ .action = k, .expr = put };
          }
      weigh (result, &reader);
      reader_clear (&reader);
    }
  seat_unref (seat);
  return result;
}

/* Completions ------------------------------------------------------------------------------------- */

static OrrSamples
thin_out (const OrrDatasetRows *rows, guint n_inputs, double **memory)
{
  gsize n = MIN (rows->n, MAX_ROWS);

  *memory = g_new (double, (n_inputs + 2) * MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    {
      gsize from = i * rows->n / n;

      for (guint v = 0; v < n_inputs; v++)
        (*memory)[v * n + i] = rows->x[v * rows->n + from];
      (*memory)[n_inputs * n + i] = rows->y[from];
      (*memory)[(n_inputs + 1) * n + i] = rows->weights != NULL ? rows->weights[from] : 1.0;
    }
  return (OrrSamples){ .x = *memory,
                       .stride = n,
                       .n_variables = n_inputs,
                       .y = *memory + n_inputs * n,
                       .n = n,
                       .weights = rows->weights != NULL ? *memory + (n_inputs + 1) * n : NULL };
}

/**
 * orr_advisor_complete:
 * @expr: a tree, open or not
 * @beam: width of the agent's beam
 *
 * The agent's best way to fill all open places of @expr, its free constants
 * fitted; what is there stays. Takes some ten milliseconds; for a worker.
 *
 * Returns: (transfer full) (nullable): the complete tree; nodes that were in
 *   @expr keep their ids
 */
OrrExpr *
orr_advisor_complete (OrrAdvisor *self, OrrDataset *dataset, OrrExpr *expr, const OrrAdvisorRules *rules, guint beam)
{
  Seat *seat = take_seat (self, dataset);
  g_autoptr (OrrDatasetRows) rows = orr_dataset_extract (dataset, ORR_DATASET_TRAINING);
  g_autofree double *memory = NULL;
  OrrSamples samples = thin_out (rows, dataset->n_inputs, &memory);
  g_autoptr (OrrExpr) frozen = orr_advisor_freeze (expr);
  OrrRegressOptions options;
  OrrExpr *result = NULL;

  orr_regress_defaults (&options);
  options.expression = frozen;
  options.forbidden = rules->forbidden;
  options.n_offered = rules->n_offered;
  memcpy (options.offered, rules->offered, sizeof (options.offered));
  options.beam = beam;
  options.seconds = 0.0;
  g_autoptr (OrrRegression) found = orr_regress (seat->mind->agent, &samples, &options, NULL, NULL);
  if (found != NULL)
    result = orr_advisor_thaw (orr_regression_law (found, found->best)->expr, expr);
  seat_unref (seat);
  return result;
}
