/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-program.h"

#include <math.h>
#include <string.h>

#include "orr-expr-power-kernels.h"
#include "orr-expr-program-private.h"
#include "orr-matrix.h"
#include "orr-parallel.h"

/* Powers up to this are products, of the root, too, for halves: 1.5, -0.5 ... */
#define MAX_POWER 16

/* What a thread takes at a time of a long table, and how long one must be to be shared: waking a thread
 * takes as long as thousands of points. */
#define SHARE (64 * ORR_EXPR_BLOCK)
#define MIN_SHARED (8 * SHARE)

static int
halves (const OrrExpr *expr, guint position)
{
  const OrrExprNode *exponent = &expr->nodes[orr_expr_operand (expr, position, 1)];
  double twice = 2.0 * exponent->value;

  if (exponent->op != ORR_EXPR_OP_NUMBER || twice != rint (twice) || fabs (exponent->value) > MAX_POWER)
    return 0;
  return (int) twice;
}

/**
 * orr_expr_program_want:
 * @wanted: (nullable): by slot, whether derivatives by that constant are wanted; %NULL for all
 *
 * From now on orr_expr_program_eval_gradient() leaves the rows of the others as
 * they are, and does not go down to them.
 */
void
orr_expr_program_want (OrrExprProgram *self, const gboolean *wanted)
{
  guint64 bits = 0;

  for (guint slot = 0; slot < MIN (self->n_constants, 64); slot++)
    bits |= (guint64) (wanted == NULL || wanted[slot]) << slot;
  if (bits == self->wanted && self->n_constants <= 64)
    return;
  self->wanted = bits;
  for (guint k = 0; k < self->n; k++)
    {
      OrrExprInstruction *code = &self->code[k];

      if (orr_expr_op_arity (code->op) > 0)
        code->needs_gradient = self->code[code->a].needs_gradient || self->code[code->b].needs_gradient;
      else
        code->needs_gradient = code->op == ORR_EXPR_OP_CONSTANT && (wanted == NULL || wanted[code->slot]);
    }
}

/* Appends the subtree at @position, operands first; returns the number of its instruction. */
static guint
compile (OrrExprProgram *self, const OrrExpr *expr, const guint *slots, guint position)
{
  const OrrExprNode *node = &expr->nodes[position];
  guint arity = orr_expr_op_arity (node->op);
  OrrExprInstruction code = { .op = node->op, .value = node->value, .variable = node->index };

  if (arity > 0)
    code.a = code.b = compile (self, expr, slots, orr_expr_operand (expr, position, 0));
  if (node->op == ORR_EXPR_OP_POW)
    code.power = halves (expr, position);
  if (arity == 2 && code.power == 0)
    code.b = compile (self, expr, slots, orr_expr_operand (expr, position, 1));
  code.scalar = arity > 0 ? self->code[code.a].scalar && (arity == 1 || self->code[code.b].scalar)
                          : node->op != ORR_EXPR_OP_VARIABLE;
  if (node->op == ORR_EXPR_OP_CONSTANT && !orr_expr_is_free (node))
    code.op = ORR_EXPR_OP_NUMBER;
  if (orr_expr_is_free (node))
    {
      code.slot = slots[position];
      code.shared = node->index > 0;
      self->constants[code.slot] = node->value;
    }
  self->code[self->n] = code;
  return self->n++;
}

/* Shares buffers between instructions: what stays in the first-level cache is fast. */
static void
assign_buffers (OrrExprProgram *self)
{
  g_autofree guint *spare = g_new (guint, self->n);
  guint n_spare = 0, n_buffers = 0;

  for (guint k = 0; k < self->n; k++)
    {
      OrrExprInstruction *code = &self->code[k];
      guint arity = orr_expr_op_arity (code->op);

      if (code->op == ORR_EXPR_OP_VARIABLE)
        continue;
      code->buffer = n_spare > 0 && !code->scalar ? spare[--n_spare] : n_buffers++;
      /* Every instruction but the root is the operand of one other; scalars are filled once and kept. */
      for (guint which = 0; which < arity; which++)
        {
          const OrrExprInstruction *operand = &self->code[which == 0 ? code->a : code->b];
          gboolean twice = which == 1 && code->a == code->b;

          if (operand->op != ORR_EXPR_OP_VARIABLE && !operand->scalar && !twice)
            spare[n_spare++] = operand->buffer;
        }
    }
}

/**
 * orr_expr_program_new:
 * @expr: an expression without placeholders
 *
 * Returns: (transfer full) (nullable): the program, %NULL when @expr has placeholders
 */
OrrExprProgram *
orr_expr_program_new (const OrrExpr *expr)
{
  g_autofree guint *slots = NULL;

  if (orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER) > 0)
    return NULL;

  OrrExprProgram *self = g_new0 (OrrExprProgram, 1);
  slots = g_new0 (guint, expr->n_nodes);
  self->n_constants = orr_expr_constant_slots (expr, slots);
  self->n_variables = orr_expr_n_variables (expr);
  self->code = g_new0 (OrrExprInstruction, expr->n_nodes);
  self->constants = g_new0 (double, self->n_constants + 1);
  self->n_threads = 1;
  self->power = orr_expr_power_kernel ();
  compile (self, expr, slots, 0);
  orr_expr_program_want (self, NULL);
  assign_buffers (self);
  self->where = g_new0 (const double *, self->n);
  self->slopes = g_new0 (const double *, self->n);
  self->values = orr_aligned_alloc0 ((gsize) self->n * ORR_EXPR_BLOCK, sizeof (double));
  self->tail = orr_aligned_alloc0 ((gsize) MAX (self->n_variables, 1) * ORR_EXPR_BLOCK, sizeof (double));
  return self;
}

/* A program for another thread: the same code, its own memory. */
static OrrExprProgram *
copy_program (const OrrExprProgram *self)
{
  OrrExprProgram *copy = g_new0 (OrrExprProgram, 1);

  copy->n = self->n;
  copy->n_constants = self->n_constants;
  copy->n_variables = self->n_variables;
  copy->n_threads = 1;
  copy->power = self->power;
  copy->code = g_memdup2 (self->code, self->n * sizeof (OrrExprInstruction));
  copy->constants = g_memdup2 (self->constants, (self->n_constants + 1) * sizeof (double));
  copy->where = g_new0 (const double *, self->n);
  copy->slopes = g_new0 (const double *, self->n);
  copy->values = orr_aligned_alloc0 ((gsize) self->n * ORR_EXPR_BLOCK, sizeof (double));
  copy->tail = orr_aligned_alloc0 ((gsize) MAX (self->n_variables, 1) * ORR_EXPR_BLOCK, sizeof (double));
  return copy;
}

void
orr_expr_program_free (OrrExprProgram *self)
{
  if (self == NULL)
    return;
  g_free (self->code);
  g_free (self->constants);
  g_free (self->where);
  g_free (self->slopes);
  orr_expr_table_free (self->table);
  orr_aligned_free (self->values);
  orr_aligned_free (self->tail);
  orr_aligned_free (self->adjoints);
  g_free (self);
}

guint
orr_expr_program_n_constants (const OrrExprProgram *self)
{
  return self->n_constants;
}

guint
orr_expr_program_n_variables (const OrrExprProgram *self)
{
  return self->n_variables;
}

/* @values: (out) (array): [n_constants], the values the tree was compiled with. */
void
orr_expr_program_constants (const OrrExprProgram *self, double *values)
{
  if (self->n_constants > 0)
    memcpy (values, self->constants, self->n_constants * sizeof (double));
}

static double *
block (double *blocks, guint instruction)
{
  return blocks + (gsize) instruction * ORR_EXPR_BLOCK;
}

static double *
output (OrrExprProgram *self, guint k, gboolean keep)
{
  return block (self->values, keep ? k : self->code[k].buffer);
}

/* @out = the values of instruction @k, with those of the others at @where. */
void
orr_expr_program_instruct (const OrrExprProgram *self, guint k, const double *const *where, double *out, int n)
{
  const OrrExprInstruction *code = &self->code[k];

  if (code->power != 0)
    orr_expr_kernel_power (where[code->a], code->power, out, n);
  else if (code->op == ORR_EXPR_OP_POW && self->power != NULL)
    self->power (where[code->a], where[code->b], out, n);
  else
    orr_expr_kernels[code->op](where[code->a], where[code->b], out, n);
}

/*
 * What does not depend on the point is computed once a call, for blocks of at most @width points.
 * @keep: whether the way down will need all values.
 */
static void
fill_scalars (OrrExprProgram *self, const double *constants, gboolean keep, int width)
{
  if (constants == NULL)
    constants = self->constants;
  for (guint k = 0; k < self->n; k++)
    {
      const OrrExprInstruction *code = &self->code[k];

      if (code->op == ORR_EXPR_OP_VARIABLE)
        continue;
      double *out = output (self, k, keep);
      self->where[k] = out;
      if (!code->scalar)
        continue;
      if (code->op >= ORR_EXPR_FIRST_OPERATOR)
        orr_expr_program_instruct (self, k, self->where, out, ORR_EXPR_LANES);
      else
        out[0] = code->op == ORR_EXPR_OP_NUMBER ? code->value : constants[code->slot];
      orr_expr_kernel_fill (out[0], out, width);
    }
}

/* @tail: (out): [n_variables x BLOCK] the last @m points, with copies of the very last one behind them to whole vectors */
void
orr_expr_program_fill_tail (const OrrExprProgram *self, const double *x, gsize stride, int m, double *tail)
{
  for (guint k = 0; k < self->n; k++)
    if (self->code[k].op == ORR_EXPR_OP_VARIABLE)
      {
        const double *from = x + self->code[k].variable * stride;
        double *to = block (tail, self->code[k].variable);

        orr_expr_kernel_copy (from, to, m);
        for (int i = m; i < orr_expr_pad (m); i++)
          to[i] = from[m - 1];
      }
}

/* Evaluates @m points; returns how many were computed, which is a multiple of LANES. */
static int
eval_block (OrrExprProgram *self, const double *x, gsize stride, int m, gboolean keep)
{
  int padded = orr_expr_pad (m);

  if (padded > m)
    {
      orr_expr_program_fill_tail (self, x, stride, m, self->tail);
      x = self->tail;
      stride = ORR_EXPR_BLOCK;
    }
  for (guint k = 0; k < self->n; k++)
    {
      const OrrExprInstruction *code = &self->code[k];

      if (code->op == ORR_EXPR_OP_VARIABLE)
        self->where[k] = x + code->variable * stride;
      else if (!code->scalar)
        orr_expr_program_instruct (self, k, self->where, output (self, k, keep), padded);
    }
  return padded;
}

/* Adjoints of instruction @k's operands, from its own; what is the same as some other column is not copied. */
static void
step_back (OrrExprProgram *self, guint k, const double *const *where, int n)
{
  const OrrExprInstruction *code = &self->code[k];
  const double *g = self->slopes[k], *ones = block (self->adjoints, self->n);
  double *da = self->code[code->a].needs_gradient ? block (self->adjoints, code->a) : NULL;
  double *db = self->code[code->b].needs_gradient ? block (self->adjoints, code->b) : NULL;

  self->slopes[code->a] = da;
  self->slopes[code->b] = db;
  if (code->op == ORR_EXPR_OP_ADD)
    self->slopes[code->a] = self->slopes[code->b] = g;
  else if (code->op == ORR_EXPR_OP_MUL && g == ones)
    {
      self->slopes[code->a] = where[code->b];
      self->slopes[code->b] = where[code->a];
    }
  else if (code->power != 0)
    orr_expr_kernel_power_back (where[code->a], code->power, g, da, n);
  else
    orr_expr_kernels_back[code->op](where[code->a], where[code->b], where[k], g, da, db, n);
}

/*
 * Adjoints run from the root down; what they leave in a constant is the derivative
 * by it, and goes to row slot of @gradient, whose rows are @stride apart. Every node has one
 * parent, which says where its adjoint is. @m points of @padded are meant.
 */
void
orr_expr_program_back (OrrExprProgram *self, const double *const *where, int padded, int m, double *gradient, gsize stride)
{
  if (self->adjoints == NULL)
    {
      self->adjoints = orr_aligned_alloc0 ((gsize) (self->n + 1) * ORR_EXPR_BLOCK, sizeof (double));
      orr_expr_kernel_fill (1.0, block (self->adjoints, self->n), ORR_EXPR_BLOCK);
    }
  self->slopes[self->n - 1] = block (self->adjoints, self->n);
  for (guint k = self->n; k-- > 0;)
    {
      const OrrExprInstruction *code = &self->code[k];

      if (!code->needs_gradient)
        continue;
      if (code->op != ORR_EXPR_OP_CONSTANT)
        step_back (self, k, where, padded);
      else
        (code->shared ? orr_expr_kernel_add : orr_expr_kernel_copy) (self->slopes[k], gradient + code->slot * stride, m);
    }
}

/* Rows that orr_expr_program_back() adds to. */
void
orr_expr_program_clear_sums (const OrrExprProgram *self, gsize n, double *gradient)
{
  for (guint k = 0; k < self->n; k++)
    if (self->code[k].op == ORR_EXPR_OP_CONSTANT && self->code[k].shared && self->code[k].needs_gradient)
      memset (gradient + self->code[k].slot * n, 0, n * sizeof (double));
}

/* Points @from to @to of a table of @n; @gradient may be NULL. */
static void
eval_range (OrrExprProgram *self, const double *constants, const double *x, gsize stride, gsize n, gsize from, gsize to,
            double *out, double *gradient)
{
  fill_scalars (self, constants, gradient != NULL, orr_expr_pad (MIN (to - from, ORR_EXPR_BLOCK)));
  for (; from < to; from += ORR_EXPR_BLOCK)
    {
      int m = MIN (to - from, ORR_EXPR_BLOCK);
      int padded = eval_block (self, x + from, stride, m, gradient != NULL);

      orr_expr_kernel_finite (self->where[self->n - 1], out + from, m);
      if (gradient != NULL)
        orr_expr_program_back (self, self->where, padded, m, gradient + from, n);
    }
}

/* A long table, shared between threads. */
typedef struct
{
  OrrExprProgram **programs; /* by worker */
  const double    *constants, *x;
  gsize            stride, n;
  double          *out, *gradient;
} Shares;

static void
eval_share (gsize index, guint worker, gpointer data)
{
  const Shares *s = data;
  gsize from = index * SHARE;

  eval_range (s->programs[worker], s->constants, s->x, s->stride, s->n, from, MIN (from + SHARE, s->n), s->out, s->gradient);
}

static void
eval_all (OrrExprProgram *self, const double *constants, const double *x, gsize stride, gsize n, double *out,
          double *gradient)
{
  guint threads = MIN (self->n_threads, (n + SHARE - 1) / SHARE);

  if (threads < 2 || n < MIN_SHARED)
    {
      eval_range (self, constants, x, stride, n, 0, n, out, gradient);
      return;
    }
  g_autofree OrrExprProgram **programs = g_new (OrrExprProgram *, threads);
  Shares shares = { programs, constants != NULL ? constants : self->constants, x, stride, n, out, gradient };

  programs[0] = self;
  for (guint t = 1; t < threads; t++)
    programs[t] = copy_program (self);
  orr_parallel_for ((n + SHARE - 1) / SHARE, threads, eval_share, &shares);
  for (guint t = 1; t < threads; t++)
    orr_expr_program_free (programs[t]);
}

/**
 * orr_expr_program_set_threads:
 * @threads: how many threads may share a long table (1 at first); the numbers are the same
 */
void
orr_expr_program_set_threads (OrrExprProgram *self, guint threads)
{
  self->n_threads = MAX (threads, 1);
}

/**
 * orr_expr_program_eval:
 * @constants: (array) (nullable): values by slot, %NULL for those the tree holds
 * @x: (array): variable v's values start at x + v * stride
 * @n: number of points
 * @out: (out) (array): [n] values, NaN where not defined
 *
 * The value at a point depends on the point alone, to the last bit, not on where
 * it stands among the others.
 */
void
orr_expr_program_eval (OrrExprProgram *self, const double *constants, const double *x, gsize stride, gsize n,
                       double *out)
{
  eval_all (self, constants, x, stride, n, out, NULL);
}

/**
 * orr_expr_program_eval_gradient:
 * @out: (out) (array): [n] values
 * @gradient: (out) (array): [n_constants x n], row s: the derivative of every
 *   value by the constant in slot s
 *
 * One pass up for values and one pass down for all derivatives at once, which
 * costs about three evaluations however many constants there are.
 */
void
orr_expr_program_eval_gradient (OrrExprProgram *self, const double *constants, const double *x, gsize stride,
                                gsize n, double *out, double *gradient)
{
  orr_expr_program_clear_sums (self, n, gradient);
  eval_all (self, constants, x, stride, n, out, gradient);
}

/**
 * orr_expr_eval:
 *
 * Evaluates once, with the constants the tree holds.
 *
 * Returns: %FALSE, and nothing in @out, when @self has placeholders
 */
gboolean
orr_expr_eval (const OrrExpr *self, const double *x, gsize stride, gsize n, double *out)
{
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (self);

  if (program == NULL)
    return FALSE;
  orr_expr_program_eval (program, NULL, x, stride, n, out);
  return TRUE;
}

/* One operator on two numbers (the second is ignored by operators of one operand); NaN outside the domain. */
double
orr_expr_eval_op (OrrExprOp op, double a, double b)
{
  switch (op)
    {
#define X(ID, name, arity, value, ...)                                                                       \
  case ORR_EXPR_OP_##ID:                                                                                     \
    {                                                                                                        \
      double result = value;                                                                                 \
      return result + (result - result);                                                                     \
    }
      ORR_EXPR_OPS (X)
#undef X
    default:
      g_return_val_if_reached (NAN);
    }
}
