/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-actions.h"

G_BEGIN_DECLS

#define ORR_TEMPLATE_MAX_HOLES 8
#define ORR_TEMPLATE_MAX_ACTIONS 120

/**
 * OrrTemplate:
 * @expr: what a person gave: locked structure around placeholders; a single
 *   placeholder when anything goes
 * @n_holes: how many placeholders
 * @actions: @expr as actions, %ORR_ACTION_HOLE for placeholders
 * @n_actions: how many
 * @legal: bit k: action k may be used in a hole
 * @required: bit v: variable v must appear in the finished expression
 * @n_offered: numbers that may be used
 * @offered: their values
 * @length_penalty: of every action in a hole, in nats
 *
 * What every proposal must look like.
 */
typedef struct
{
  OrrExpr  *expr;
  guint     n_holes;
  OrrAction actions[ORR_TEMPLATE_MAX_ACTIONS];
  guint     n_actions;
  guint64   legal;
  guint64   required;
  guint     n_offered;
  double    offered[ORR_ACTIONS_MAX_OFFERED];
  double    length_penalty;
} OrrTemplate;

/**
 * OrrFilling:
 * @n: actions of each hole
 * @actions: of each hole, in preorder
 *
 * What is put into a template's holes.
 */
typedef struct
{
  guint8    n[ORR_TEMPLATE_MAX_HOLES];
  OrrAction actions[ORR_TEMPLATE_MAX_HOLES][ORR_ACTIONS_MAX_LENGTH];
} OrrFilling;

OrrTemplate *orr_template_new  (const OrrExpr     *expr,
                                guint              n_variables,
                                guint64            forbidden,
                                guint64            required,
                                GError           **error);
OrrTemplate *orr_template_new_offering (const OrrExpr *expr,
                                        guint          n_variables,
                                        guint64        forbidden,
                                        guint64        required,
                                        const double  *offered,
                                        guint          n_offered,
                                        GError       **error);
void         orr_template_free (OrrTemplate       *self);
OrrExpr     *orr_template_fill (const OrrTemplate *self,
                                const OrrFilling  *filling);
gboolean     orr_template_read (const OrrTemplate *self,
                                const OrrExpr     *expr,
                                OrrFilling        *filling);
gboolean     orr_template_accepts (const OrrTemplate *self,
                                   const OrrExpr     *expr);
gboolean     orr_template_filling_accepts (const OrrTemplate *self,
                                           const OrrFilling  *filling);
guint        orr_template_complexity (const OrrTemplate *self,
                                      const OrrExpr     *expr);
guint64      orr_filling_hash  (const OrrFilling  *self,
                                guint              n_holes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrTemplate, orr_template_free)

G_END_DECLS
