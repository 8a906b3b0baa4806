/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-normal.h"

G_BEGIN_DECLS

/*
 *   NUM    value
 *   CONST  a free constant: value, index (label, or a serial number above LABELS)
 *   HOLE   a placeholder: index is a serial number, no two are the same
 *   VAR    index
 *   SUM    value + children; no child is a SUM or NUM
 *   PROD   value * children; no child is a PROD or NUM
 *   POWER  child ^ value
 *   FUNC   op (children)
 */
typedef enum
{
  KIND_CONST,
  KIND_VAR,
  KIND_FUNC,
  KIND_SUM,
  KIND_PROD,
  KIND_POWER,
  KIND_HOLE,
  KIND_NUM,
} OrrExprNormalKind;

typedef struct
{
  guint8 kind;
  guint8 op;
  guint  index;
  int    n;     /* children */
  int    first; /* of them, in the pool */
  double value;
} OrrExprNormalNode;

struct _OrrExprNormalizer
{
  OrrExprNormalNode *nodes;
  int                n_nodes, nodes_size;
  int               *pool;
  int                n_pool, pool_size;
  gboolean           merge;
  guint              serial;
};

/* Indices of unlabelled constants start here; below it they are labels. */
#define ORR_EXPR_NORMAL_LABELS 0x10000u

int  orr_expr_normal_add     (OrrExprNormalizer *self,
                              OrrExprNormalKind  kind,
                              OrrExprOp          op,
                              guint              index,
                              double             value,
                              const int         *children,
                              int                n);
int  orr_expr_normal_merged  (OrrExprNormalizer *self);
double orr_expr_normal_leading (OrrExprNormalizer *self,
                                int                i);
int  orr_expr_normal_number  (OrrExprNormalizer *self,
                              double             value);
int  orr_expr_normal_leaf    (OrrExprNormalizer *self,
                              OrrExprNormalKind  kind,
                              guint              index,
                              double             value);
int  orr_expr_normal_sum     (OrrExprNormalizer *self,
                              const int         *terms,
                              int                n);
int  orr_expr_normal_product (OrrExprNormalizer *self,
                              double             coefficient,
                              const int         *factors,
                              int                n);
int  orr_expr_normal_power   (OrrExprNormalizer *self,
                              int                base,
                              double             exponent);
int  orr_expr_normal_func    (OrrExprNormalizer *self,
                              OrrExprOp          op,
                              int                a,
                              int                b);
int  orr_expr_normal_compare (OrrExprNormalizer *self,
                              int                a,
                              int                b);
int  orr_expr_normal_compare_factors (OrrExprNormalizer *self,
                                      int                a,
                                      int                b);
void orr_expr_normal_sort    (OrrExprNormalizer *self,
                              int               *items,
                              int                n,
                              int (*compare) (OrrExprNormalizer *, int, int));
int  orr_expr_normal_factor  (OrrExprNormalizer *self,
                              int                i,
                              int                k);
int  orr_expr_normal_n_factors (OrrExprNormalizer *self,
                                int                i);
gboolean orr_expr_normal_is_constant (OrrExprNormalizer *self,
                                      double             value);
guint orr_expr_normal_emit   (OrrExprNormalizer *self,
                              int                root,
                              gboolean           actions,
                              OrrExprNode       *out,
                              guint              max_nodes);

static inline OrrExprNormalNode *
orr_expr_normal_node (OrrExprNormalizer *self, int i)
{
  return &self->nodes[i];
}

static inline int
orr_expr_normal_child (OrrExprNormalizer *self, int i, int k)
{
  return self->pool[self->nodes[i].first + k];
}

static inline gboolean
orr_expr_normal_is_integer (double value)
{
  return value == __builtin_rint (value) && __builtin_fabs (value) < 1e9;
}

static inline gboolean
orr_expr_normal_is_even (double value)
{
  return orr_expr_normal_is_integer (value) && orr_expr_normal_is_integer (value / 2.0);
}

G_END_DECLS
