/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-template.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"

static guint64
variables_of (const OrrExpr *expr)
{
  guint64 present = 0;

  for (guint i = 0; i < expr->n_nodes; i++)
    if (expr->nodes[i].op == ORR_EXPR_OP_VARIABLE && expr->nodes[i].index < 64)
      present |= G_GUINT64_CONSTANT (1) << expr->nodes[i].index;
  return present;
}

/* Whether all required variables have a place: one each in the holes, or operators that take two. */
static gboolean
check_required (const OrrTemplate *self, GError **error)
{
  guint64 missing = self->required & ~variables_of (self->expr);
  gboolean branches = FALSE;

  for (OrrAction action = 0; action < ORR_ACTIONS_FIRST_OFFERED; action++)
    branches |= (self->legal >> action & 1) != 0 && orr_action_arity (action) == 2;
  if ((guint) __builtin_popcountll (missing) <= self->n_holes || (branches && self->n_holes > 0))
    return TRUE;
  g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                       self->n_holes == 0 ? "The expression leaves out a required column, and has no placeholder that it could stand in"
                                          : "The required columns cannot all appear: every operator that takes two operands is forbidden");
  return FALSE;
}

/**
 * orr_template_new_offering:
 * @expr: (nullable): with placeholders; %NULL for one placeholder
 * @n_variables: columns; holes use the agent's first three at most
 * @forbidden: bit k: action k is never proposed
 * @required: bit v: variable v must appear
 * @offered: (array) (nullable): [n_offered] numbers that may be used
 * @n_offered: at most ORR_ACTIONS_MAX_OFFERED
 *
 * Returns: (transfer full) (nullable): the template
 */
OrrTemplate *
orr_template_new_offering (const OrrExpr *expr, guint n_variables, guint64 forbidden, guint64 required, const double *offered,
                           guint n_offered, GError **error)
{
  g_autoptr (OrrTemplate) self = g_new0 (OrrTemplate, 1);

  self->expr = expr != NULL ? orr_expr_new (expr->nodes, expr->n_nodes) : orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  self->n_holes = orr_expr_count (self->expr, ORR_EXPR_OP_PLACEHOLDER);
  g_return_val_if_fail (n_offered <= ORR_ACTIONS_MAX_OFFERED, NULL);
  self->legal = (orr_actions_legal (n_variables) & ~forbidden)
                | ((G_GUINT64_CONSTANT (1) << n_offered) - 1) << ORR_ACTIONS_FIRST_OFFERED;
  self->required = required;
  self->n_offered = n_offered;
  for (guint k = 0; k < n_offered; k++)
    self->offered[k] = offered[k];
  if (self->n_holes > ORR_TEMPLATE_MAX_HOLES)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The expression has more than %d placeholders", ORR_TEMPLATE_MAX_HOLES);
      return NULL;
    }
  self->n_actions = orr_actions_from_template (self->expr, self->actions, ORR_TEMPLATE_MAX_ACTIONS);
  if (self->n_actions == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The expression is too long to be completed");
      return NULL;
    }
  guint64 leaves = (G_GUINT64_CONSTANT (1) << 0)
                   | (G_GUINT64_CONSTANT (0x1ff) << ORR_ACTIONS_FIRST_NUMBER)
                   | (~G_GUINT64_CONSTANT (0) << ORR_ACTIONS_FIRST_VARIABLE); /* and numbers offered */
  if ((self->legal & leaves) == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Nothing is left to build expressions from: every constant and variable is forbidden");
      return NULL;
    }
  return check_required (self, error) ? g_steal_pointer (&self) : NULL;
}

/* Likewise, with no numbers offered. */
OrrTemplate *
orr_template_new (const OrrExpr *expr, guint n_variables, guint64 forbidden, guint64 required, GError **error)
{
  return orr_template_new_offering (expr, n_variables, forbidden, required, NULL, 0, error);
}

void
orr_template_free (OrrTemplate *self)
{
  if (self == NULL)
    return;
  orr_expr_unref (self->expr);
  g_free (self);
}

/* An offered number is locked, so that it stays one through all tidying. */
static OrrExprNode
node_of (const OrrTemplate *self, OrrAction action)
{
  if (action < ORR_ACTIONS_FIRST_OFFERED)
    return orr_action_to_node (action);
  OrrExprNode node = orr_expr_node (ORR_EXPR_OP_NUMBER, 0, self->offered[action - ORR_ACTIONS_FIRST_OFFERED]);
  node.locked = TRUE;
  return node;
}

/* (transfer full) (nullable): the template with its holes filled, %NULL when @filling is not whole trees. */
OrrExpr *
orr_template_fill (const OrrTemplate *self, const OrrFilling *filling)
{
  OrrExprNode nodes[ORR_TEMPLATE_MAX_ACTIONS + ORR_TEMPLATE_MAX_HOLES * ORR_ACTIONS_MAX_LENGTH];
  guint n = 0, hole = 0;

  for (guint i = 0; i < self->expr->n_nodes; i++)
    if (self->expr->nodes[i].op != ORR_EXPR_OP_PLACEHOLDER)
      {
        /* What a person gave stays as it is. */
        nodes[n] = self->expr->nodes[i];
        nodes[n].locked = MAX (nodes[n].locked, ORR_EXPR_LOCK_NODE);
        n++;
      }
    else
      {
        for (guint k = 0; k < filling->n[hole]; k++)
          nodes[n++] = node_of (self, filling->actions[hole][k]);
        hole++;
      }
  return n > 0 ? orr_expr_new (nodes, n) : NULL;
}

/**
 * orr_template_read:
 * @expr: a tree that looks like the template
 * @filling: (out): what stands in its holes; other numbers than the agent's are constants in it
 *
 * Returns: %FALSE when it does not look like it, or a hole holds too much
 */
gboolean
orr_template_read (const OrrTemplate *self, const OrrExpr *expr, OrrFilling *filling)
{
  guint at = 0, hole = 0;

  for (guint i = 0; i < self->expr->n_nodes; i++)
    {
      if (at >= expr->n_nodes)
        return FALSE;
      if (self->expr->nodes[i].op != ORR_EXPR_OP_PLACEHOLDER)
        {
          if (expr->nodes[at++].op != self->expr->nodes[i].op)
            return FALSE;
          continue;
        }
      g_autoptr (OrrExpr) part = orr_expr_subtree (expr, at);
      if (orr_expr_count (part, ORR_EXPR_OP_PLACEHOLDER) > 0)
        return FALSE;
      filling->n[hole] = orr_actions_from_expr (part, filling->actions[hole], ORR_ACTIONS_MAX_LENGTH);
      if (filling->n[hole++] == 0)
        return FALSE;
      at += part->n_nodes;
    }
  return at == expr->n_nodes;
}

/* Whether all required variables appear. */
gboolean
orr_template_accepts (const OrrTemplate *self, const OrrExpr *expr)
{
  return (self->required & ~variables_of (expr)) == 0;
}

/* Whether they will appear once @filling is in the holes. */
gboolean
orr_template_filling_accepts (const OrrTemplate *self, const OrrFilling *filling)
{
  guint64 present = self->required != 0 ? variables_of (self->expr) : 0;

  for (guint h = 0; self->required != 0 && h < self->n_holes; h++)
    for (guint k = 0; k < filling->n[h]; k++)
      if (filling->actions[h][k] >= ORR_ACTIONS_FIRST_VARIABLE && filling->actions[h][k] < ORR_N_ACTIONS)
        present |= G_GUINT64_CONSTANT (1) << (filling->actions[h][k] - ORR_ACTIONS_FIRST_VARIABLE);
  return (self->required & ~present) == 0;
}

/* Complexity of @expr, where an offered number costs no more than a free constant. */
guint
orr_template_complexity (const OrrTemplate *self, const OrrExpr *expr)
{
  guint complexity = orr_expr_complexity (expr);

  for (guint i = 0; i < expr->n_nodes; i++)
    if (expr->nodes[i].op == ORR_EXPR_OP_NUMBER)
      for (guint k = 0; k < self->n_offered; k++)
        if (expr->nodes[i].value == self->offered[k] && (self->offered[k] != rint (self->offered[k]) || fabs (self->offered[k]) > 10.0))
          {
            complexity--;
            break;
          }
  return complexity;
}

guint64
orr_filling_hash (const OrrFilling *self, guint n_holes)
{
  guint64 hash = n_holes;

  for (guint h = 0; h < n_holes; h++)
    hash = (hash ^ orr_actions_hash (self->actions[h], self->n[h])) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + h;
  return hash;
}
