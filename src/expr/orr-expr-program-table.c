/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "orr-expr-program-private.h"
#include "orr-matrix.h"

/*
 * A fit evaluates one expression at one table again and again, and from one time to
 * the next often few of the constants move: a grid moves one, solving the linear ones
 * moves those above everything costly. So all values are kept, and what has no moved
 * constant below it is not computed again.
 */

/* Longer tables do not stay in the second-level cache. */
#define MAX_ROWS 2048

struct _OrrExprTable
{
  const double  *x;
  gsize          stride, n;
  gsize          width;    /* of a block of values */
  guint          n_blocks;
  double        *values;   /* [n_blocks x instructions x width] */
  double        *tail;     /* [n_variables x BLOCK] */
  const double **where;    /* [n_blocks x instructions] */
  double        *last;     /* [instructions] of constants: the value that is kept */
  gboolean      *moved;    /* [instructions] since then */
  gboolean       computed; /* ever */
};

void
orr_expr_table_free (OrrExprTable *self)
{
  if (self == NULL)
    return;
  orr_aligned_free (self->values);
  orr_aligned_free (self->tail);
  g_free (self->where);
  g_free (self->last);
  g_free (self->moved);
  g_free (self);
}

static double *
get_values (const OrrExprProgram *program, const OrrExprTable *self, guint b, guint k)
{
  /* What is the same for all points is kept once. */
  return self->values + ((program->code[k].scalar ? 0 : (gsize) b * program->n) + k) * self->width;
}

static void
fill_where (const OrrExprProgram *program, OrrExprTable *self)
{
  for (guint b = 0; b < self->n_blocks; b++)
    {
      gsize from = (gsize) b * ORR_EXPR_BLOCK, m = MIN (self->n - from, ORR_EXPR_BLOCK);
      gboolean whole = m % ORR_EXPR_LANES == 0;

      if (!whole)
        orr_expr_program_fill_tail (program, self->x + from, self->stride, m, self->tail);
      for (guint k = 0; k < program->n; k++)
        {
          const OrrExprInstruction *code = &program->code[k];

          if (code->op != ORR_EXPR_OP_VARIABLE)
            self->where[b * program->n + k] = get_values (program, self, b, k);
          else
            self->where[b * program->n + k] = whole ? self->x + code->variable * self->stride + from
                                                    : self->tail + (gsize) code->variable * ORR_EXPR_BLOCK;
        }
    }
}

/**
 * orr_expr_program_bind:
 * @x: variable v's values start at x + v * stride
 * @n: number of points
 *
 * From now on orr_expr_program_eval_bound() is about these points, which must stay
 * where and what they are.
 *
 * Returns: %FALSE, and nothing bound, for tables too long for that to be any use
 */
gboolean
orr_expr_program_bind (OrrExprProgram *self, const double *x, gsize stride, gsize n)
{
  g_clear_pointer (&self->table, orr_expr_table_free);
  if (n == 0 || n > MAX_ROWS)
    return FALSE;

  OrrExprTable *table = g_new0 (OrrExprTable, 1);
  table->x = x;
  table->stride = stride;
  table->n = n;
  table->width = orr_expr_pad (MIN (n, ORR_EXPR_BLOCK));
  table->n_blocks = (n + ORR_EXPR_BLOCK - 1) / ORR_EXPR_BLOCK;
  table->values = g_aligned_alloc (table->n_blocks * self->n * table->width, sizeof (double), 64);
  table->tail = n % ORR_EXPR_LANES == 0 ? NULL : g_aligned_alloc (MAX (self->n_variables, 1) * ORR_EXPR_BLOCK, sizeof (double), 64);
  table->where = g_new (const double *, table->n_blocks * self->n);
  table->last = g_new (double, self->n);
  table->moved = g_new (gboolean, self->n);
  fill_where (self, table);
  self->table = table;
  return TRUE;
}

/* Which instructions have other values than the last time; those that are the same for all points are computed. */
static void
find_moved (OrrExprProgram *self, const double *constants)
{
  OrrExprTable *table = self->table;

  for (guint k = 0; k < self->n; k++)
    {
      const OrrExprInstruction *code = &self->code[k];
      gboolean moved = !table->computed;

      if (code->op == ORR_EXPR_OP_CONSTANT)
        {
          moved |= constants[code->slot] != table->last[k];
          table->last[k] = constants[code->slot];
        }
      else if (code->op >= ORR_EXPR_FIRST_OPERATOR)
        moved |= table->moved[code->a] || table->moved[code->b];
      table->moved[k] = moved;
      if (!moved || !code->scalar)
        continue;
      double *out = get_values (self, table, 0, k);
      if (code->op >= ORR_EXPR_FIRST_OPERATOR)
        orr_expr_program_instruct (self, k, table->where, out, ORR_EXPR_LANES);
      else
        out[0] = code->op == ORR_EXPR_OP_CONSTANT ? constants[code->slot] : code->value;
      orr_expr_kernel_fill (out[0], out, table->width);
    }
  table->computed = TRUE;
}

/**
 * orr_expr_program_eval_bound:
 * @constants: (array): values by slot
 * @out: (out) (array): [n] values, NaN where not defined
 * @gradient: (out) (array) (optional): [n_constants x n], as of orr_expr_program_eval_gradient()
 *
 * Evaluates at the points that were bound: the same numbers as without.
 */
void
orr_expr_program_eval_bound (OrrExprProgram *self, const double *constants, double *out, double *gradient)
{
  OrrExprTable *table = self->table;

  g_return_if_fail (table != NULL);

  find_moved (self, constants);
  if (gradient != NULL)
    orr_expr_program_clear_sums (self, table->n, gradient);
  for (guint b = 0; b < table->n_blocks; b++)
    {
      const double *const *where = table->where + b * self->n;
      gsize from = (gsize) b * ORR_EXPR_BLOCK;
      int m = MIN (table->n - from, ORR_EXPR_BLOCK), padded = orr_expr_pad (m);

      for (guint k = 0; k < self->n; k++)
        if (table->moved[k] && !self->code[k].scalar && self->code[k].op != ORR_EXPR_OP_VARIABLE)
          orr_expr_program_instruct (self, k, where, get_values (self, table, b, k), padded);
      orr_expr_kernel_finite (where[self->n - 1], out + from, m);
      if (gradient != NULL)
        orr_expr_program_back (self, where, padded, m, gradient + from, table->n);
    }
}
