/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The operator table: everything the program knows about an operator stands in
 * one row here, and nowhere else.
 *
 *   ID      enumerator ORR_EXPR_OP_<ID>
 *   name    what people type, and the agent's name of the action
 *   arity   1 or 2
 *   value   of operands a (and b), in double; NaN outside the domain, never a trap
 *   d_a     derivative by a, in a, b and the value v
 *   d_b     derivative by b (0.0 for one operand)
 *   weight  its share in the complexity of an expression
 *   text, latex, python, c, sympy, mathml
 *           how it is written: the first character is the precedence of the
 *           result (1 sum, 2 product, 3 sign, 4 power, 9 closed), "@p" stands
 *           for the first operand and "#p" for the second, put in brackets
 *           when its precedence is below p
 *
 * The SIMD loops of orr-expr-program.c are made from the value and derivative
 * columns, so they must stay free of branches: a domain's limit is the addition
 * of a NaN chosen by comparison.
 */
#define ORR_EXPR_IF(condition) ((condition) ? 0.0 : (double) NAN)

/* clang-format off */
#define ORR_EXPR_OPS(X)                                                                                      \
  X (ADD, "add", 2, a + b, 1.0, 1.0, 1,                                                                      \
     "1@1 + #2", "1@1 + #2", "1@1 + #2", "1@1 + #2", "1@1 + #2", "1@1<mo>+</mo>#2")                          \
  X (SUB, "sub", 2, a - b, 1.0, -1.0, 1,                                                                     \
     "1@1 - #2", "1@1 - #2", "1@1 - #2", "1@1 - #2", "1@1 - #2", "1@1<mo>-</mo>#2")                          \
  X (MUL, "mul", 2, a * b, b, a, 1,                                                                          \
     "2@2*#3", "2@2 \\cdot #3", "2@2*#3", "2@2*#3", "2@2*#3", "2@2<mo>&#xB7;</mo>#3")                        \
  X (DIV, "div", 2, a / b + ORR_EXPR_IF (b != 0.0), 1.0 / b, -v / b, 1,                                      \
     "2@2/#3", "9\\frac{@0}{#0}", "2@2/#3", "2@2/#3", "2@2/#3",                                              \
     "9<mfrac><mrow>@0</mrow><mrow>#0</mrow></mfrac>")                                                       \
  X (POW, "pow", 2, pow (a, b), b * pow (a, b - 1.0), (a > 0.0 ? v * log (a) : 0.0), 2,                      \
     "4@5^#4", "4{@5}^{#0}", "4@5**#4", "9pow(@0, #0)", "4@5**#4",                                           \
     "4<msup><mrow>@5</mrow><mrow>#0</mrow></msup>")                                                         \
  X (NEG, "neg", 1, -a, -1.0, 0.0, 1,                                                                        \
     "3-@3", "3-@3", "3-@3", "3-@3", "3-@3", "3<mo>-</mo>@3")                                                \
  X (ABS, "abs", 1, fabs (a), (a > 0.0 ? 1.0 : (a < 0.0 ? -1.0 : 0.0)), 0.0, 2,                              \
     "9abs(@0)", "9\\left|@0\\right|", "9np.abs(@0)", "9fabs(@0)", "9Abs(@0)",                               \
     "9<mrow><mo>|</mo>@0<mo>|</mo></mrow>")                                                                 \
  X (SQRT, "sqrt", 1, sqrt (a), 0.5 / v, 0.0, 2,                                                             \
     "9sqrt(@0)", "9\\sqrt{@0}", "9np.sqrt(@0)", "9sqrt(@0)", "9sqrt(@0)", "9<msqrt>@0</msqrt>")             \
  X (EXP, "exp", 1, exp (a), v, 0.0, 2,                                                                      \
     "9exp(@0)", "4e^{@0}", "9np.exp(@0)", "9exp(@0)", "9exp(@0)",                                           \
     "4<msup><mi>e</mi><mrow>@0</mrow></msup>")                                                              \
  X (LN, "ln", 1, log (a) + ORR_EXPR_IF (a > 0.0), 1.0 / a, 0.0, 2,                                          \
     "9ln(@0)", "9\\ln\\left(@0\\right)", "9np.log(@0)", "9log(@0)", "9log(@0)", ORR_EXPR_MATHML ("ln"))     \
  X (SIN, "sin", 1, sin (a), cos (a), 0.0, 2,                                                                \
     "9sin(@0)", "9\\sin\\left(@0\\right)", "9np.sin(@0)", "9sin(@0)", "9sin(@0)", ORR_EXPR_MATHML ("sin"))  \
  X (COS, "cos", 1, cos (a), -sin (a), 0.0, 2,                                                               \
     "9cos(@0)", "9\\cos\\left(@0\\right)", "9np.cos(@0)", "9cos(@0)", "9cos(@0)", ORR_EXPR_MATHML ("cos"))  \
  X (TAN, "tan", 1, tan (a), 1.0 + v * v, 0.0, 2,                                                            \
     "9tan(@0)", "9\\tan\\left(@0\\right)", "9np.tan(@0)", "9tan(@0)", "9tan(@0)", ORR_EXPR_MATHML ("tan"))  \
  X (ASIN, "asin", 1, asin (a), 1.0 / sqrt (1.0 - a * a), 0.0, 3,                                            \
     "9asin(@0)", "9\\arcsin\\left(@0\\right)", "9np.arcsin(@0)", "9asin(@0)", "9asin(@0)",                  \
     ORR_EXPR_MATHML ("arcsin"))                                                                             \
  X (ACOS, "acos", 1, acos (a), -1.0 / sqrt (1.0 - a * a), 0.0, 3,                                           \
     "9acos(@0)", "9\\arccos\\left(@0\\right)", "9np.arccos(@0)", "9acos(@0)", "9acos(@0)",                  \
     ORR_EXPR_MATHML ("arccos"))                                                                             \
  X (ATAN, "atan", 1, atan (a), 1.0 / (1.0 + a * a), 0.0, 3,                                                 \
     "9atan(@0)", "9\\arctan\\left(@0\\right)", "9np.arctan(@0)", "9atan(@0)", "9atan(@0)",                  \
     ORR_EXPR_MATHML ("arctan"))                                                                             \
  X (SINH, "sinh", 1, sinh (a), cosh (a), 0.0, 3,                                                            \
     "9sinh(@0)", "9\\sinh\\left(@0\\right)", "9np.sinh(@0)", "9sinh(@0)", "9sinh(@0)",                      \
     ORR_EXPR_MATHML ("sinh"))                                                                               \
  X (COSH, "cosh", 1, cosh (a), sinh (a), 0.0, 3,                                                            \
     "9cosh(@0)", "9\\cosh\\left(@0\\right)", "9np.cosh(@0)", "9cosh(@0)", "9cosh(@0)",                      \
     ORR_EXPR_MATHML ("cosh"))                                                                               \
  X (TANH, "tanh", 1, tanh (a), 1.0 / (cosh (a) * cosh (a)), 0.0, 3,                                                       \
     "9tanh(@0)", "9\\tanh\\left(@0\\right)", "9np.tanh(@0)", "9tanh(@0)", "9tanh(@0)",                      \
     ORR_EXPR_MATHML ("tanh"))                                                                               \
  X (COTH, "coth", 1, 1.0 / tanh (a) + ORR_EXPR_IF (a != 0.0), -1.0 / (sinh (a) * sinh (a)), 0.0, 3,                          \
     "9coth(@0)", "9\\coth\\left(@0\\right)", "21/np.tanh(@0)", "21.0/tanh(@0)", "9coth(@0)",                \
     ORR_EXPR_MATHML ("coth"))
/* clang-format on */

#define ORR_EXPR_MATHML(function)                                                                            \
  "9<mrow><mi>" function "</mi><mo>(</mo>@0<mo>)</mo></mrow>"

/**
 * OrrExprOp:
 * @ORR_EXPR_OP_PLACEHOLDER: `?`, still to be found
 * @ORR_EXPR_OP_NUMBER: a number that is what it is
 * @ORR_EXPR_OP_CONSTANT: `c`, a free constant to be fitted
 * @ORR_EXPR_OP_VARIABLE: x_1, x_2 ...
 *
 * What a node is: one of the four leaves, or an operator of the table.
 */
typedef enum
{
  ORR_EXPR_OP_PLACEHOLDER,
  ORR_EXPR_OP_NUMBER,
  ORR_EXPR_OP_CONSTANT,
  ORR_EXPR_OP_VARIABLE,
#define X(ID, ...) ORR_EXPR_OP_##ID,
  ORR_EXPR_OPS (X)
#undef X
  ORR_EXPR_N_OPS
} OrrExprOp;

#define ORR_EXPR_FIRST_OPERATOR ORR_EXPR_OP_ADD

typedef enum
{
  ORR_EXPR_TEXT,
  ORR_EXPR_LATEX,
  ORR_EXPR_PYTHON,
  ORR_EXPR_C,
  ORR_EXPR_SYMPY,
  ORR_EXPR_MATHML,
  ORR_EXPR_N_FORMATS
} OrrExprFormat;

/**
 * OrrExprOpInfo:
 * @name: what people type
 * @arity: number of operands
 * @weight: share in the complexity
 * @formats: how it is written, see the table
 */
typedef struct
{
  const char *name;
  guint       arity;
  guint       weight;
  const char *formats[ORR_EXPR_N_FORMATS];
} OrrExprOpInfo;

extern const OrrExprOpInfo orr_expr_ops[ORR_EXPR_N_OPS];

static inline guint
orr_expr_op_arity (OrrExprOp op)
{
  return orr_expr_ops[op].arity;
}

OrrExprOp orr_expr_op_from_name (const char *name);

G_END_DECLS
