/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

/*
 * Normal form: sums and products with any number of operands, sorted, like
 * terms and like factors gathered, numbers folded. Used by the simplifier, by
 * the comparison of expressions and, thousands of times a millisecond, by the
 * agent's generator; hence a workspace that keeps its memory.
 */
typedef struct _OrrExprNormalizer OrrExprNormalizer;

/**
 * OrrExprNormalFlags:
 * @ORR_EXPR_NORMAL_MERGE: free constants swallow what they meet: c + 2 is c,
 *   c*c*x is c*x, sin(c) is c, and so do numbers other than -3 .. 5; two
 *   skeletons that describe the same family of functions then mostly look the same
 * @ORR_EXPR_NORMAL_ACTIONS: write the result with the agent's actions alone:
 *   no sub and neg, numbers -3 .. 5, all others as free constants, sums and
 *   products nested to the right
 */
typedef enum
{
  ORR_EXPR_NORMAL_NONE = 0,
  ORR_EXPR_NORMAL_MERGE = 1 << 0,
  ORR_EXPR_NORMAL_ACTIONS = 1 << 1,
} OrrExprNormalFlags;

OrrExprNormalizer *orr_expr_normalizer_new  (void);
void               orr_expr_normalizer_free (OrrExprNormalizer *self);
guint              orr_expr_normalizer_run  (OrrExprNormalizer *self,
                                             const OrrExprNode *nodes,
                                             OrrExprNormalFlags flags,
                                             OrrExprNode       *out,
                                             guint              max_nodes);

OrrExpr *orr_expr_simplify  (const OrrExpr     *self);
OrrExpr *orr_expr_normalize (const OrrExpr     *self,
                             OrrExprNormalFlags flags);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrExprNormalizer, orr_expr_normalizer_free)

G_END_DECLS
