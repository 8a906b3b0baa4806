/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

/*
 * Editing a tree by hand: what happens when a piece is dropped on a place. A
 * piece is an expression; one operator over placeholders alone is a bare
 * operator. Every function leaves the tree alone and returns a new one, or
 * %NULL with %ORR_ERROR_INPUT where a lock or the tree's shape forbids it; what
 * comes loose is added to @loose (transfer full, never placeholders alone).
 */

typedef enum
{
  ORR_EXPR_DROP_NONE,
  ORR_EXPR_DROP_FILL,
  ORR_EXPR_DROP_REPLACE,
  ORR_EXPR_DROP_INSERT,
} OrrExprDrop;

gboolean orr_expr_is_bare_operator (const OrrExpr *self);
gboolean orr_expr_is_open          (const OrrExpr *self);

OrrExpr *orr_expr_drop_on   (const OrrExpr *self,
                             guint          position,
                             const OrrExpr *piece,
                             GPtrArray     *loose,
                             GError       **error);
OrrExpr *orr_expr_drop_above (const OrrExpr *self,
                              guint          position,
                              const OrrExpr *piece,
                              GError       **error);
OrrExpr *orr_expr_move      (const OrrExpr *self,
                             guint          from,
                             guint          to,
                             gboolean       copy,
                             GPtrArray     *loose,
                             GError       **error);
OrrExpr *orr_expr_remove    (const OrrExpr *self,
                             guint          position,
                             GError       **error);

G_END_DECLS
