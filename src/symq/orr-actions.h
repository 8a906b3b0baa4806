/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

/*
 * The agent's actions (SCIENCE, part 4): what it can put into the next open
 * place of a tree that is built in preorder.
 *   c abs add mul div sqrt exp ln pow sin cos tan -3 .. 5 asin acos atan sinh
 *   cosh tanh coth x_1 x_2 x_3
 */
#define ORR_ACTIONS_VARIABLES 3
#define ORR_ACTIONS_FIRST_NUMBER 12
#define ORR_ACTIONS_FIRST_VARIABLE 28
#define ORR_N_ACTIONS (ORR_ACTIONS_FIRST_VARIABLE + ORR_ACTIONS_VARIABLES)
#define ORR_ACTIONS_MAX_LENGTH 30

typedef guint8 OrrAction;

/*
 * Numbers a person offers (9.81, say) are leaves beyond the agent's own
 * actions, which reads them as constants. Bit FIRST_OFFERED + k of a mask of
 * legal actions: number k may be used.
 */
#define ORR_ACTIONS_FIRST_OFFERED 40
#define ORR_ACTIONS_MAX_OFFERED 8

/* Stands for a placeholder in the actions of a template. */
#define ORR_ACTION_HOLE 255

int         orr_action_from_node (const OrrExprNode *node);
OrrExprNode orr_action_to_node   (OrrAction          action);
guint       orr_action_arity     (OrrAction          action);
const char *orr_action_name      (OrrAction          action);
int         orr_action_from_name (const char        *name);
guint64     orr_actions_legal    (guint              n_variables);
OrrExpr    *orr_actions_to_expr  (const OrrAction   *actions,
                                  guint              n);
guint       orr_actions_from_expr (const OrrExpr    *expr,
                                   OrrAction        *actions,
                                   guint             max);
guint       orr_actions_from_template (const OrrExpr *expr,
                                       OrrAction     *actions,
                                       guint          max);
guint64     orr_actions_hash     (const OrrAction   *actions,
                                  guint              n);

G_END_DECLS
