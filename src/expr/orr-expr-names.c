/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-names.h"

/* @n_variables: 0 for any. TRUE and the variable's index when @name is a column, or x, x1, x_1 ... */
gboolean
orr_expr_name_variable (const char *const *names, guint n_variables, const char *name, guint *index)
{
  guint n = n_variables > 0 ? n_variables : ORR_EXPR_MAX_VARIABLES;
  const char *digits;
  guint64 number;

  for (guint i = 0; names != NULL && i < n_variables; i++)
    if (g_strcmp0 (names[i], name) == 0)
      {
        *index = i;
        return TRUE;
      }
  if (name[0] != 'x')
    return FALSE;
  if (name[1] == '\0')
    {
      *index = 0;
      return n_variables <= 1;
    }
  digits = name[1] == '_' ? name + 2 : name + 1;
  if (!g_ascii_string_to_unsigned (digits, 10, 1, n, &number, NULL))
    return FALSE;
  *index = number - 1;
  return TRUE;
}

/* pi and e, as C calls them, too. */
gboolean
orr_expr_name_number (const char *name, double *value)
{
  if (g_str_equal (name, "pi") || g_str_equal (name, "\u03c0"))
    *value = G_PI;
  else if (g_str_equal (name, "e"))
    *value = G_E;
  else if (g_str_equal (name, "M_PI"))
    *value = G_PI;
  else if (g_str_equal (name, "M_E"))
    *value = G_E;
  else
    return FALSE;
  return TRUE;
}

/* Functions that are one divided by another. */
static const struct
{
  const char *name;
  OrrExprOp   of;
} reciprocals[] = { { "sec", ORR_EXPR_OP_COS }, { "csc", ORR_EXPR_OP_SIN }, { "cot", ORR_EXPR_OP_TAN } };

/* What people call @name, in capitals, too, as spreadsheets write them; a placeholder for no function. */
OrrExprOp
orr_expr_name_function (const char *name, gboolean *reciprocal)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  OrrExprOp op = orr_expr_op_from_name (name);

  *reciprocal = FALSE;
  if (op == ORR_EXPR_OP_PLACEHOLDER)
    op = orr_expr_op_from_name (lower);
  for (guint i = 0; i < G_N_ELEMENTS (reciprocals) && op == ORR_EXPR_OP_PLACEHOLDER; i++)
    if (g_str_equal (reciprocals[i].name, lower))
      {
        op = reciprocals[i].of;
        *reciprocal = TRUE;
      }
  return op;
}

/* The base of log10 and log2, 0 for other names. */
double
orr_expr_name_base (const char *name)
{
  return g_ascii_strcasecmp (name, "log10") == 0 ? 10.0 : g_ascii_strcasecmp (name, "log2") == 0 ? 2.0 : 0.0;
}

/* TRUE and the label, 0 for none, when @name is c, c1, c_1 ... */
gboolean
orr_expr_name_constant (const char *name, guint *label)
{
  guint64 number = 0;

  if (name[0] != 'c')
    return FALSE;
  if (name[1] != '\0'
      && !g_ascii_string_to_unsigned (name[1] == '_' ? name + 2 : name + 1, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;
  *label = number;
  return TRUE;
}

/**
 * orr_expr_explain_name:
 * @names: (array length=n): names of the columns
 * @index: one of them
 *
 * Returns: (transfer full) (nullable): a sentence about a column whose name also
 * means something else in expressions; %NULL for all others
 */
char *
orr_expr_explain_name (const char *const *names, guint n, guint index)
{
  const char *name = names[index];
  guint place, label;
  double value;
  gboolean reciprocal;

  if (g_str_equal (name, "c"))
    return g_strdup ("The column c is written `c`, in backquotes: c without them is a constant to be fitted");
  if (orr_expr_name_number (name, &value))
    return g_strdup_printf ("%s is the column of this name, not the number %.6g", name, value);
  if (orr_expr_name_constant (name, &label))
    return g_strdup_printf ("%s is the column of this name, not a constant to be fitted", name);
  if (orr_expr_name_variable (NULL, n, name, &place) && place != index)
    return g_strdup_printf ("%s is the column of this name, which is column %u of the inputs", name, index + 1);
  if (orr_expr_name_function (name, &reciprocal) != ORR_EXPR_OP_PLACEHOLDER || orr_expr_name_base (name) > 0.0)
    return g_strdup_printf ("%s is the column of this name; with a bracket behind it, %s(, it is the function", name, name);
  return NULL;
}
