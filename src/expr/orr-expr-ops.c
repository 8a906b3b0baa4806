/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-ops.h"

#define X(ID, name, arity, value, d_a, d_b, weight, ...) [ORR_EXPR_OP_##ID] = { name, arity, weight, { __VA_ARGS__ } },
const OrrExprOpInfo orr_expr_ops[ORR_EXPR_N_OPS] = {
  [ORR_EXPR_OP_PLACEHOLDER] = { "?", 0, 1, { NULL } },
  [ORR_EXPR_OP_NUMBER] = { "number", 0, 1, { NULL } },
  [ORR_EXPR_OP_CONSTANT] = { "c", 0, 1, { NULL } },
  [ORR_EXPR_OP_VARIABLE] = { "x", 0, 1, { NULL } },
  ORR_EXPR_OPS (X)
};
#undef X

/* Other names people use for the same operator. */
static const struct { const char *name; OrrExprOp op; } synonyms[] = {
  { "log", ORR_EXPR_OP_LN },      { "fabs", ORR_EXPR_OP_ABS },    { "arcsin", ORR_EXPR_OP_ASIN },
  { "arccos", ORR_EXPR_OP_ACOS }, { "arctan", ORR_EXPR_OP_ATAN }, { "power", ORR_EXPR_OP_POW },
  { "Abs", ORR_EXPR_OP_ABS },     { "tg", ORR_EXPR_OP_TAN },
};

/**
 * orr_expr_op_from_name:
 *
 * Returns: the operator that people call @name, %ORR_EXPR_OP_PLACEHOLDER when
 * there is none
 */
OrrExprOp
orr_expr_op_from_name (const char *name)
{
  for (guint op = ORR_EXPR_FIRST_OPERATOR; op < ORR_EXPR_N_OPS; op++)
    if (g_str_equal (orr_expr_ops[op].name, name))
      return op;
  for (guint i = 0; i < G_N_ELEMENTS (synonyms); i++)
    if (g_str_equal (synonyms[i].name, name))
      return synonyms[i].op;
  return ORR_EXPR_OP_PLACEHOLDER;
}
