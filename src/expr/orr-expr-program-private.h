/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-kernels.h"
#include "orr-expr-program.h"

G_BEGIN_DECLS

/* Points are evaluated so many at a time wherever they stand, so that the last ones of a table get the
 * same vector code, and the same bits, as those before them. */
#define ORR_EXPR_LANES 8

/* One node, in the order of evaluation: operands first. */
typedef struct
{
  guint8   op;
  gboolean needs_gradient; /* a free constant that derivatives are wanted by is below */
  gboolean shared;         /* a constant in a slot that another node has, too */
  gboolean scalar;         /* no variable is below: the same for all points */
  int      power;          /* of a power by a number of halves: how many; 0 otherwise */
  guint    a, b;           /* the operands' instructions */
  guint    slot;           /* of a constant */
  guint    variable;
  guint    buffer; /* where its values are, when those that are used up may be overwritten */
  double   value;
} OrrExprInstruction;

/* What is kept of a table that stays the same from call to call (orr-expr-program-table.c). */
typedef struct _OrrExprTable OrrExprTable;

struct _OrrExprProgram
{
  guint         n;
  guint         n_constants;
  guint         n_variables;
  OrrExprInstruction *code;
  guint         n_threads;
  OrrExprKernel power; /* (nullable): of this machine, for variable exponents */
  double       *constants; /* values the tree holds, by slot */
  double       *values;    /* [n x BLOCK] */
  double       *tail;      /* [n_variables x BLOCK] the last points, filled up to whole vectors */
  double       *adjoints;  /* [n + 1 x BLOCK], ones in the last; allocated when first asked for */
  const double **where;    /* [n] where an instruction's values are: in values, or in the caller's x */
  const double **slopes;   /* [n] where the derivatives of the root by an instruction are */
  guint64       wanted;    /* the slots that derivatives are wanted by, where all have a bit of their own */

  OrrExprTable *table; /* (nullable) */
};

/* @n rounded up to whole vectors. */
static inline int
orr_expr_pad (gsize n)
{
  return (int) ((n + ORR_EXPR_LANES - 1) / ORR_EXPR_LANES * ORR_EXPR_LANES);
}

void orr_expr_program_instruct   (const OrrExprProgram *self,
                                  guint                 k,
                                  const double *const  *where,
                                  double               *out,
                                  int                   n);
void orr_expr_program_back       (OrrExprProgram       *self,
                                  const double *const  *where,
                                  int                   padded,
                                  int                   m,
                                  double               *gradient,
                                  gsize                 stride);
void orr_expr_program_fill_tail  (const OrrExprProgram *self,
                                  const double         *x,
                                  gsize                 stride,
                                  int                   m,
                                  double               *tail);
void orr_expr_program_clear_sums (const OrrExprProgram *self,
                                  gsize                 n,
                                  double               *gradient);
void orr_expr_table_free         (OrrExprTable         *self);

G_END_DECLS
