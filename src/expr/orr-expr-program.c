/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-program.h"

#include <math.h>
#include <string.h>

#include "orr-expr-kernels.h"
#include "orr-matrix.h"

/* Integer powers up to this are products. */
#define MAX_POWER 16

/* One node, in the order of evaluation: operands first. */
typedef struct
{
  guint8   op;
  gboolean needs_gradient; /* a free constant is below */
  int      power;          /* of an integer power, 0 otherwise */
  guint    a, b;           /* the operands' instructions */
  guint    slot;           /* of a constant */
  guint    variable;
  double   value;
} Instruction;

struct _OrrExprProgram
{
  guint         n;
  guint         n_constants;
  guint         n_variables;
  Instruction  *code;
  double       *constants; /* values the tree holds, by slot */
  double       *values;    /* [n x BLOCK] */
  double       *adjoints;  /* [n x BLOCK], allocated when first asked for */
  const double **where;    /* [n] where an instruction's values are: in values, or in the caller's x */
};

static int
integer_power (const OrrExpr *expr, guint position)
{
  const OrrExprNode *exponent = &expr->nodes[orr_expr_operand (expr, position, 1)];

  if (exponent->op != ORR_EXPR_OP_NUMBER || exponent->value != rint (exponent->value)
      || fabs (exponent->value) > MAX_POWER || exponent->value == 0.0)
    return 0;
  return (int) exponent->value;
}

/* Appends the subtree at @position, operands first; returns the number of its instruction. */
static guint
compile (OrrExprProgram *self, const OrrExpr *expr, const guint *slots, guint position)
{
  const OrrExprNode *node = &expr->nodes[position];
  guint arity = orr_expr_op_arity (node->op);
  Instruction code = { .op = node->op, .value = node->value, .variable = node->index };

  if (arity > 0)
    code.a = compile (self, expr, slots, orr_expr_operand (expr, position, 0));
  if (node->op == ORR_EXPR_OP_POW)
    code.power = integer_power (expr, position);
  if (arity == 2)
    code.b = code.power != 0 ? code.a : compile (self, expr, slots, orr_expr_operand (expr, position, 1));
  code.needs_gradient = orr_expr_is_free (node) || (arity > 0 && self->code[code.a].needs_gradient)
                        || (arity == 2 && self->code[code.b].needs_gradient);
  if (node->op == ORR_EXPR_OP_CONSTANT && !orr_expr_is_free (node))
    code.op = ORR_EXPR_OP_NUMBER;
  if (orr_expr_is_free (node))
    {
      code.slot = slots[position];
      self->constants[code.slot] = node->value;
    }
  self->code[self->n] = code;
  return self->n++;
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
  self->code = g_new0 (Instruction, expr->n_nodes);
  self->constants = g_new0 (double, self->n_constants + 1);
  compile (self, expr, slots, 0);
  self->where = g_new0 (const double *, self->n);
  self->values = orr_aligned_alloc0 ((gsize) self->n * ORR_EXPR_BLOCK, sizeof (double));
  return self;
}

void
orr_expr_program_free (OrrExprProgram *self)
{
  if (self == NULL)
    return;
  g_free (self->code);
  g_free (self->constants);
  g_free (self->where);
  orr_aligned_free (self->values);
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

/* Numbers and constants fill their block once a call. */
static void
fill_scalars (OrrExprProgram *self, const double *constants)
{
  if (constants == NULL)
    constants = self->constants;
  for (guint k = 0; k < self->n; k++)
    {
      const Instruction *code = &self->code[k];
      double *out = block (self->values, k);

      self->where[k] = out;
      if (code->op != ORR_EXPR_OP_NUMBER && code->op != ORR_EXPR_OP_CONSTANT)
        continue;
      double value = code->op == ORR_EXPR_OP_NUMBER ? code->value : constants[code->slot];
      for (int i = 0; i < ORR_EXPR_BLOCK; i++)
        out[i] = value;
    }
}

static void
eval_block (OrrExprProgram *self, const double *x, gsize stride, int n)
{
  for (guint k = 0; k < self->n; k++)
    {
      const Instruction *code = &self->code[k];

      if (code->op == ORR_EXPR_OP_VARIABLE)
        self->where[k] = x + code->variable * stride;
      else if (code->power != 0)
        orr_expr_kernel_power (self->where[code->a], code->power, block (self->values, k), n);
      else if (code->op >= ORR_EXPR_FIRST_OPERATOR)
        orr_expr_kernels[code->op](self->where[code->a], self->where[code->b], block (self->values, k), n);
    }
}

/**
 * orr_expr_program_eval:
 * @constants: (array) (nullable): values by slot, %NULL for those the tree holds
 * @x: (array): variable v's values start at x + v * stride
 * @n: number of points
 * @out: (out) (array): [n] values, NaN where not defined
 */
void
orr_expr_program_eval (OrrExprProgram *self, const double *constants, const double *x, gsize stride, gsize n,
                       double *out)
{
  fill_scalars (self, constants);
  for (gsize from = 0; from < n; from += ORR_EXPR_BLOCK)
    {
      int m = MIN (n - from, ORR_EXPR_BLOCK);

      eval_block (self, x + from, stride, m);
      orr_expr_kernel_finite (self->where[self->n - 1], out + from, m);
    }
}

/* Adjoints run from the root down; what they leave in a constant is the derivative by it. */
static void
back_block (OrrExprProgram *self, int n)
{
  memset (self->adjoints, 0, (gsize) self->n * ORR_EXPR_BLOCK * sizeof (double));
  double *root = block (self->adjoints, self->n - 1);
  for (int i = 0; i < n; i++)
    root[i] = 1.0;

  for (guint k = self->n; k-- > 0;)
    {
      const Instruction *code = &self->code[k];

      if (code->op < ORR_EXPR_FIRST_OPERATOR || !code->needs_gradient)
        continue;
      double *da = self->code[code->a].needs_gradient ? block (self->adjoints, code->a) : NULL;
      double *db = self->code[code->b].needs_gradient ? block (self->adjoints, code->b) : NULL;
      const double *g = block (self->adjoints, k);
      if (code->power != 0)
        orr_expr_kernel_power_back (self->where[code->a], code->power, g, da, n);
      else
        orr_expr_kernels_back[code->op](self->where[code->a], self->where[code->b], self->where[k], g, da, db, n);
    }
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
  if (self->adjoints == NULL)
    self->adjoints = orr_aligned_alloc0 ((gsize) self->n * ORR_EXPR_BLOCK, sizeof (double));
  fill_scalars (self, constants);
  memset (gradient, 0, self->n_constants * n * sizeof (double));
  for (gsize from = 0; from < n; from += ORR_EXPR_BLOCK)
    {
      int m = MIN (n - from, ORR_EXPR_BLOCK);

      eval_block (self, x + from, stride, m);
      back_block (self, m);
      for (guint k = 0; k < self->n; k++)
        if (self->code[k].op == ORR_EXPR_OP_CONSTANT)
          {
            const double *adjoint = block (self->adjoints, k);
            double *to = gradient + self->code[k].slot * n + from;
            for (int i = 0; i < m; i++)
              to[i] += adjoint[i];
          }
      orr_expr_kernel_finite (self->where[self->n - 1], out + from, m);
    }
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
