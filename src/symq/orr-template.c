/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-template.h"

#include <string.h>

#include "orr-error.h"

/**
 * orr_template_new:
 * @expr: (nullable): with placeholders; %NULL for one placeholder
 * @n_variables: columns; holes use the agent's first three at most
 * @forbidden: bit k: action k is never proposed
 * @required: bit v: variable v must appear
 *
 * Returns: (transfer full) (nullable): the template
 */
OrrTemplate *
orr_template_new (const OrrExpr *expr, guint n_variables, guint64 forbidden, guint64 required, GError **error)
{
  g_autoptr (OrrTemplate) self = g_new0 (OrrTemplate, 1);

  self->expr = expr != NULL ? orr_expr_new (expr->nodes, expr->n_nodes) : orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  self->n_holes = orr_expr_count (self->expr, ORR_EXPR_OP_PLACEHOLDER);
  self->legal = orr_actions_legal (n_variables) & ~forbidden;
  self->required = required;
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
                   | (~G_GUINT64_CONSTANT (0) << ORR_ACTIONS_FIRST_VARIABLE);
  if ((self->legal & leaves) == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Nothing is left to build expressions from: every constant and variable is forbidden");
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
orr_template_free (OrrTemplate *self)
{
  if (self == NULL)
    return;
  orr_expr_unref (self->expr);
  g_free (self);
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
        nodes[n++].locked = TRUE;
      }
    else
      {
        for (guint k = 0; k < filling->n[hole]; k++)
          nodes[n++] = orr_action_to_node (filling->actions[hole][k]);
        hole++;
      }
  return n > 0 ? orr_expr_new (nodes, n) : NULL;
}

/* Whether all required variables appear. */
gboolean
orr_template_accepts (const OrrTemplate *self, const OrrExpr *expr)
{
  guint64 present = 0;

  for (guint i = 0; i < expr->n_nodes; i++)
    if (expr->nodes[i].op == ORR_EXPR_OP_VARIABLE && expr->nodes[i].index < 64)
      present |= G_GUINT64_CONSTANT (1) << expr->nodes[i].index;
  return (self->required & ~present) == 0;
}

guint64
orr_filling_hash (const OrrFilling *self, guint n_holes)
{
  guint64 hash = n_holes;

  for (guint h = 0; h < n_holes; h++)
    hash = (hash ^ orr_actions_hash (self->actions[h], self->n[h])) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + h;
  return hash;
}
