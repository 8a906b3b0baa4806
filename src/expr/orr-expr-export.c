/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-export.h"

#include <string.h>

/* What a file of this format is called. */
const char *
orr_expr_format_extension (OrrExprFormat format)
{
  static const char *const extensions[ORR_EXPR_N_FORMATS] = { "txt", "tex", "py", "c", "py", "mml" };

  return extensions[format];
}

/* The arguments that the expression uses, as its printer calls them: "x, sigma". */
static char *
list_arguments (const OrrExpr *self, const OrrExprPrint *how, const char *before)
{
  g_autoptr (GString) list = g_string_new (NULL);
  guint n = MAX (orr_expr_n_variables (self), how->n_names);

  for (guint v = 0; v < n; v++)
    {
      g_autoptr (OrrExpr) variable = orr_expr_new_leaf (ORR_EXPR_OP_VARIABLE, v, 0.0);
      g_autofree char *name = orr_expr_print (variable, how);

      g_string_append_printf (list, "%s%s%s", v > 0 ? ", " : "", before, name);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static char *
export_sympy (const OrrExpr *self, const OrrExprPrint *how, const char *formula)
{
  g_autofree char *names = list_arguments (self, how, "");
  g_autofree char *words = g_strdup (names);

  for (char *c = words; *c != '\0'; c++)
    if (*c == ',')
      *c = ' ';
  if (*names == '\0')
    return g_strdup_printf ("from sympy import *\n\nlaw = %s\n", formula);
  return g_strdup_printf ("from sympy import *\n\n%s = symbols(\"%s\")\nlaw = %s\n", names, words, formula);
}

/**
 * orr_expr_export:
 * @target: (nullable): what the expression is of, for formulas to read
 *
 * Returns: (transfer full): the expression as the content of a file of @how's
 * format: a function in Python and C, a symbolic law in SymPy, an equation elsewhere
 */
char *
orr_expr_export (const OrrExpr *self, const OrrExprPrint *how, const char *target)
{
  g_autofree char *formula = orr_expr_print (self, how);
  g_autofree char *arguments = NULL;

  switch (how->format)
    {
    case ORR_EXPR_PYTHON:
      arguments = list_arguments (self, how, "");
      return g_strdup_printf ("import numpy as np\n\n\ndef law(%s):\n    return %s\n", arguments, formula);
    case ORR_EXPR_C:
      arguments = list_arguments (self, how, "double ");
      return g_strdup_printf ("#include <math.h>\n\ndouble\nlaw (%s)\n{\n  return %s;\n}\n",
                              *arguments != '\0' ? arguments : "void", formula);
    case ORR_EXPR_SYMPY:
      return export_sympy (self, how, formula);
    case ORR_EXPR_MATHML:
      return g_strdup_printf ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n%s\n", formula);
    case ORR_EXPR_LATEX:
      return g_strdup_printf ("\\[ %s \\]\n", formula);
    default:
      return target != NULL ? g_strdup_printf ("%s = %s\n", target, formula) : g_strdup_printf ("%s\n", formula);
    }
}
