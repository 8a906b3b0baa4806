/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-actions.h"

#include <math.h>

#include "orr-expr-normal.h"

static const guint8 action_ops[ORR_ACTIONS_FIRST_VARIABLE] = {
  ORR_EXPR_OP_CONSTANT, ORR_EXPR_OP_ABS,  ORR_EXPR_OP_ADD,  ORR_EXPR_OP_MUL,  ORR_EXPR_OP_DIV,  ORR_EXPR_OP_SQRT,
  ORR_EXPR_OP_EXP,      ORR_EXPR_OP_LN,   ORR_EXPR_OP_POW,  ORR_EXPR_OP_SIN,  ORR_EXPR_OP_COS,  ORR_EXPR_OP_TAN,
  ORR_EXPR_OP_NUMBER,   ORR_EXPR_OP_NUMBER, ORR_EXPR_OP_NUMBER, ORR_EXPR_OP_NUMBER, ORR_EXPR_OP_NUMBER,
  ORR_EXPR_OP_NUMBER,   ORR_EXPR_OP_NUMBER, ORR_EXPR_OP_NUMBER, ORR_EXPR_OP_NUMBER, ORR_EXPR_OP_ASIN,
  ORR_EXPR_OP_ACOS,     ORR_EXPR_OP_ATAN, ORR_EXPR_OP_SINH, ORR_EXPR_OP_COSH, ORR_EXPR_OP_TANH, ORR_EXPR_OP_COTH,
};

static const char *const action_names[ORR_N_ACTIONS] = {
  "c",  "abs", "add", "mul", "div", "sqrt", "exp", "ln",   "pow",  "sin",  "cos",  "tan",  "-3",  "-2",  "-1", "0",
  "1",  "2",   "3",   "4",   "5",   "asin", "acos", "atan", "sinh", "cosh", "tanh", "coth", "x_1", "x_2", "x_3",
};

#define SMALLEST_NUMBER -3

/* The action that puts @node, or -1 when no action does (subtraction, other numbers, placeholders). */
int
orr_action_from_node (const OrrExprNode *node)
{
  if (node->op == ORR_EXPR_OP_VARIABLE)
    return node->index < ORR_ACTIONS_VARIABLES ? ORR_ACTIONS_FIRST_VARIABLE + node->index : -1;
  if (node->op == ORR_EXPR_OP_NUMBER)
    {
      double offset = node->value - SMALLEST_NUMBER;
      return offset == rint (offset) && offset >= 0.0 && offset <= 8.0 ? ORR_ACTIONS_FIRST_NUMBER + (int) offset : -1;
    }
  for (guint action = 0; action < ORR_ACTIONS_FIRST_VARIABLE; action++)
    if (action_ops[action] == node->op)
      return action;
  return -1;
}

OrrExprNode
orr_action_to_node (OrrAction action)
{
  if (action >= ORR_ACTIONS_FIRST_VARIABLE)
    return orr_expr_node (ORR_EXPR_OP_VARIABLE, action - ORR_ACTIONS_FIRST_VARIABLE, 0.0);
  if (action_ops[action] == ORR_EXPR_OP_NUMBER)
    return orr_expr_node (ORR_EXPR_OP_NUMBER, 0, SMALLEST_NUMBER + (int) action - ORR_ACTIONS_FIRST_NUMBER);
  return orr_expr_node (action_ops[action], 0, 1.0);
}

guint
orr_action_arity (OrrAction action)
{
  return action >= ORR_ACTIONS_FIRST_VARIABLE ? 0 : orr_expr_op_arity (action_ops[action]);
}

const char *
orr_action_name (OrrAction action)
{
  g_return_val_if_fail (action < ORR_N_ACTIONS, NULL);
  return action_names[action];
}

/* The action called @name (also by what people call its operator), or -1. */
int
orr_action_from_name (const char *name)
{
  OrrExprOp op = orr_expr_op_from_name (name);

  for (guint action = 0; action < ORR_N_ACTIONS; action++)
    if (g_str_equal (action_names[action], name))
      return action;
  for (guint action = 0; op != ORR_EXPR_OP_PLACEHOLDER && action < ORR_ACTIONS_FIRST_VARIABLE; action++)
    if (action_ops[action] == op)
      return action;
  return -1;
}

/* Bit k: action k can be taken where there are @n_variables columns. */
guint64
orr_actions_legal (guint n_variables)
{
  return (G_GUINT64_CONSTANT (1) << (ORR_ACTIONS_FIRST_VARIABLE + MIN (n_variables, ORR_ACTIONS_VARIABLES))) - 1;
}

/* (transfer full) (nullable): the tree these actions build, open places being placeholders; %NULL when there are too many. */
OrrExpr *
orr_actions_to_expr (const OrrAction *actions, guint n)
{
  OrrExprNode nodes[2 * ORR_ACTIONS_MAX_LENGTH + 2];
  guint open = 1;

  g_return_val_if_fail (n <= ORR_ACTIONS_MAX_LENGTH, NULL);
  for (guint i = 0; i < n; i++)
    {
      if (open == 0)
        return NULL;
      nodes[i] = orr_action_to_node (actions[i]);
      open += orr_action_arity (actions[i]) - 1;
    }
  for (guint i = 0; i < open; i++)
    nodes[n + i] = orr_expr_node (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  return orr_expr_new (nodes, n + open);
}

typedef struct
{
  OrrAction *actions;
  guint      n;
  guint      max;
} Writer;

/* FALSE when there is no room left. */
static gboolean
put (Writer *writer, int action)
{
  if (writer->n == writer->max)
    return FALSE;
  writer->actions[writer->n++] = action;
  return TRUE;
}

static gboolean
put_minus (Writer *writer)
{
  return put (writer, orr_action_from_name ("mul")) && put (writer, orr_action_from_name ("-1"));
}

/* What no action says is said as well as can be: other numbers, and variables beyond the agent's, are constants. */
static gboolean
put_node (Writer *writer, const OrrExprNode *node, gboolean negated)
{
  int action = orr_action_from_node (node);

  if (negated && !put_minus (writer))
    return FALSE;
  if (node->op == ORR_EXPR_OP_NEG)
    return put_minus (writer);
  if (node->op == ORR_EXPR_OP_SUB)
    return put (writer, orr_action_from_name ("add"));
  return put (writer, action >= 0 ? action : orr_action_from_name ("c"));
}

static guint
write_actions (const OrrExpr *expr, OrrAction *actions, guint max, gboolean with_holes)
{
  Writer writer = { actions, 0, max };
  g_autofree guint8 *negated = g_new0 (guint8, expr->n_nodes);

  for (guint i = 0; i < expr->n_nodes; i++)
    {
      const OrrExprNode *node = &expr->nodes[i];
      gboolean hole = node->op == ORR_EXPR_OP_PLACEHOLDER;

      if (node->op == ORR_EXPR_OP_SUB)
        negated[orr_expr_operand (expr, i, 1)] = TRUE;
      if (hole && negated[i] && !put_minus (&writer))
        return 0;
      if (hole && !with_holes)
        return writer.n;
      if (hole ? !put (&writer, ORR_ACTION_HOLE) : !put_node (&writer, node, negated[i]))
        return 0;
    }
  return writer.n;
}

/**
 * orr_actions_from_expr:
 * @actions: (out) (array): room for @max
 *
 * The actions that build @expr as it stands, up to the first placeholder.
 * Subtraction and sign become products with -1, other numbers constants.
 *
 * Returns: how many; 0 when they do not fit
 */
guint
orr_actions_from_expr (const OrrExpr *expr, OrrAction *actions, guint max)
{
  return write_actions (expr, actions, max, FALSE);
}

/* All of @expr likewise, with %ORR_ACTION_HOLE for every placeholder; 0 when they do not fit. */
guint
orr_actions_from_template (const OrrExpr *expr, OrrAction *actions, guint max)
{
  return write_actions (expr, actions, max, TRUE);
}

/* A hash of the skeleton, the same on every machine. */
guint64
orr_actions_hash (const OrrAction *actions, guint n)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (guint i = 0; i < n; i++)
    hash = (hash ^ actions[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  hash ^= hash >> 32;
  hash *= G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash ^ (hash >> 29);
}
