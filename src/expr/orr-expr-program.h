/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr.h"

G_BEGIN_DECLS

/**
 * OrrExprProgram:
 *
 * An expression made ready for evaluation: a flat list of instructions, each
 * run over a block of points at a time. It holds its scratch memory, so one
 * thread uses it at a time.
 */
typedef struct _OrrExprProgram OrrExprProgram;

OrrExprProgram *orr_expr_program_new           (const OrrExpr  *expr);
void            orr_expr_program_free          (OrrExprProgram *self);
guint           orr_expr_program_n_constants   (const OrrExprProgram *self);
guint           orr_expr_program_n_variables   (const OrrExprProgram *self);
void            orr_expr_program_constants     (const OrrExprProgram *self,
                                                double         *values);
void            orr_expr_program_set_threads   (OrrExprProgram *self,
                                                guint           threads);
void            orr_expr_program_want          (OrrExprProgram *self,
                                                const gboolean *wanted);
void            orr_expr_program_eval          (OrrExprProgram *self,
                                                const double   *constants,
                                                const double   *x,
                                                gsize           stride,
                                                gsize           n,
                                                double         *out);
void            orr_expr_program_eval_gradient (OrrExprProgram *self,
                                                const double   *constants,
                                                const double   *x,
                                                gsize           stride,
                                                gsize           n,
                                                double         *out,
                                                double         *gradient);
gboolean        orr_expr_program_bind          (OrrExprProgram *self,
                                                const double   *x,
                                                gsize           stride,
                                                gsize           n);
void            orr_expr_program_eval_bound    (OrrExprProgram *self,
                                                const double   *constants,
                                                double         *out,
                                                double         *gradient);

gboolean        orr_expr_eval                  (const OrrExpr  *self,
                                                const double   *x,
                                                gsize           stride,
                                                gsize           n,
                                                double         *out);
double          orr_expr_eval_op               (OrrExprOp       op,
                                                double          a,
                                                double          b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrExprProgram, orr_expr_program_free)

G_END_DECLS
