/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"

static const char *const names[] = { "dose", "body mass", "c" };

/* What people type, and the tree it must become, written with every bracket. */
static void
test_accepted (void)
{
  static const struct { const char *text, *same_as; } cases[] = {
    { "2*sin(x)^2 + c", "(2*(sin(x_1)^2)) + c" },
    { "-x^2", "-(x_1^2)" },
    { "-3^2", "-(3^2)" },
    { "2^-x", "2^(-x_1)" },
    { "x_1**2", "x_1^2" },
    { "x1 - x2 - x3", "(x_1 - x_2) - x_3" },
    { "x_1/x_2/x_3", "(x_1/x_2)/x_3" },
    { "x_1^x_2^x_3", "x_1^(x_2^x_3)" },
    { "\u22122 \u00b7 x\u00b2 \u00f7 \u03c0", "((-2)*(x_1^2))/pi" },
    { "2x + 3(x - 1)(x + 1)", "(2*x_1) + ((3*(x_1 - 1))*(x_1 + 1))" },
    { "2 sin(x) cos(x)", "(2*sin(x_1))*cos(x_1)" },
    { "2e3x", "2000*x_1" },
    { "2exp(x)", "2*exp(x_1)" },
    { "log(x) + ln(x)", "ln(x_1) + ln(x_1)" },
    { "np.sin(x) + math.exp(x)", "sin(x_1) + exp(x_1)" },
    { "pow(x, 3) + arctan(fabs(x))", "(x_1^3) + atan(abs(x_1))" },
    { "\u221a(x)", "sqrt(x_1)" },
    { "c*sin(?) + ?", "(c*sin(?)) + ?" },
    { "  +x  ", "x_1" },
    { "1.5e-3*x", "0.0015*x_1" },
    { ".5x", "0.5*x_1" },
    { "SIN(x) + Exp(x) + LOG10(x)", "sin(x_1) + exp(x_1) + log10(x_1)" },
    { "x\u207b\u00b9 + x\u207b\u00b2\u00b3", "x_1^(-1) + x_1^(-23)" },
    { "-2\u00b2", "-(2^2)" },
    { "c1*x + c_1", "(c_1*x_1) + c_1" },
    { "cot(x) - sec(x)*csc(x)", "(1/tan(x_1)) - ((1/cos(x_1))*(1/sin(x_1)))" },
    { "2\u00a0*\u2009x", "2*x_1" },
    { "x**2**3", "x_1^(2^3)" },
    { "2 - -3", "2 - (-3)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL, other_error = NULL;
      g_autoptr (OrrExpr) expr = orr_expr_parse (cases[i].text, NULL, 0, NULL, &error);
      g_autoptr (OrrExpr) same = orr_expr_parse (cases[i].same_as, NULL, 0, NULL, &other_error);

      g_assert_no_error (error);
      g_assert_no_error (other_error);
      if (!orr_expr_equal (expr, same))
        {
          g_autofree char *text = orr_expr_to_skeleton (expr, NULL, 0);
          g_error ("%s became %s, not %s", cases[i].text, text, cases[i].same_as);
        }
    }
}

/* Every mistake is named where it is. */
static void
test_refused (void)
{
  static const struct { const char *text; guint column; const char *says; } cases[] = {
    { "", 1, "empty" },
    { "2*", 3, "missing" },
    { "2**", 4, "missing" },
    { "sin x", 1, "brackets" },
    { "sin(x", 6, "closing bracket" },
    { "(x + 1", 7, "closing bracket" },
    { "x)", 2, "no opening" },
    { "x y", 3, "no variable or column called y" },
    { "foo(x)", 1, "no function called foo" },
    { "x(2)", 1, "not a function" },
    { "x 2", 3, "operator is missing" },
    { "1/2x", 4, "two ways" },
    { "x^2x", 4, "two ways" },
    { "2*#", 3, "does not belong" },
    { "\u03b8\u03b8 + 1", 1, "no variable" },
    { "x + \u22a5", 5, "does not belong" },
    { "`dose", 1, "backquote" },
    { "`dose`", 1, "no column called dose" },
    { "pow(x)", 6, "second value" },
    { "sin(x, x)", 7, "takes 1 value" },
    { "y = x", 1, "no variable" },
    { "x = 2", 3, "right-hand side" },
    { "1e999", 1, "too large" },
    { "c_0", 1, "no variable" },
    { "c_99999999", 1, "no variable" },
    { "c99999999", 1, "no variable" },
    { "x\u207b", 2, "does not belong" },
    { "sin(x) +\u00a0* 2", 10, "does not belong" },
    { "\u03c0\u03c0", 1, "no variable" },
    { "x + 2 3", 7, "operator is missing" },
    { "1.2.3", 4, "operator is missing" },
    { "x,", 2, "does not belong" },
    { "()", 2, "does not belong" },
    { "x\n+\n\n*2", 6, "does not belong" },
    { "x +\a2", 4, "unprintable" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint column = 0;
      g_autoptr (OrrExpr) expr = orr_expr_parse (cases[i].text, NULL, 0, &column, &error);

      g_assert_null (expr);
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_autofree char *prefix = g_strdup_printf ("Column %u: ", cases[i].column);
      if (column != cases[i].column || strstr (error->message, cases[i].says) == NULL
          || !g_str_has_prefix (error->message, prefix))
        g_error ("%s: column %u, \"%s\"", cases[i].text, column, error->message);
    }
}

static void
test_depth (void)
{
  g_autoptr (GString) deep = g_string_new (NULL), wide = g_string_new ("x"), minus = g_string_new (NULL);
  g_autoptr (GError) a = NULL, b = NULL, c = NULL;

  for (guint i = 0; i < 100000; i++)
    {
      g_string_append_c (deep, '(');
      g_string_append (wide, "+x");
      g_string_append_c (minus, '-');
    }
  g_assert_null (orr_expr_parse (deep->str, NULL, 0, NULL, &a));
  g_assert_error (a, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_null (orr_expr_parse (wide->str, NULL, 0, NULL, &b));
  g_assert_error (b, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_null (orr_expr_parse (minus->str, NULL, 0, NULL, &c));
  g_assert_error (c, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_columns (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrExpr) expr = orr_expr_parse ("3*dose/`body mass` + `c`*x_2", names, 3, NULL, &error);

  g_assert_no_error (error);
  g_autofree char *text = orr_expr_to_text (expr, names, 3);
  g_assert_cmpstr (text, ==, "3*dose/`body mass` + `c`*`body mass`");
  g_autofree char *plain = orr_expr_to_text (expr, NULL, 0);
  g_assert_cmpstr (plain, ==, "3*x_1/x_2 + x_3*x_2");
  g_assert_null (orr_expr_parse ("x", names, 3, NULL, NULL));
  g_assert_null (orr_expr_parse ("x_4", names, 3, NULL, NULL));
}

/* Columns whose names mean something else: what they are, what is said about it, and that the text reads back. */
static void
test_ambiguous (void)
{
  static const char *const columns[] = { "c", "pi", "e", "x_1", "sin", "c_1", "c2", "a`b", "dose", "log10" };
  static const struct { const char *text; OrrExprOp op; guint index; } cases[] = {
    { "c", ORR_EXPR_OP_CONSTANT, 0 },   { "`c`", ORR_EXPR_OP_VARIABLE, 0 }, { "x_1", ORR_EXPR_OP_VARIABLE, 3 },
    { "`x_1`", ORR_EXPR_OP_VARIABLE, 3 }, { "x_2", ORR_EXPR_OP_VARIABLE, 1 }, { "pi", ORR_EXPR_OP_VARIABLE, 1 },
    { "e", ORR_EXPR_OP_VARIABLE, 2 },   { "\u03c0", ORR_EXPR_OP_NUMBER, 0 }, { "sin", ORR_EXPR_OP_VARIABLE, 4 },
    { "c_1", ORR_EXPR_OP_VARIABLE, 5 }, { "c1", ORR_EXPR_OP_CONSTANT, 1 },  { "c2", ORR_EXPR_OP_VARIABLE, 6 },
    { "c_2", ORR_EXPR_OP_CONSTANT, 2 }, { "`a``b`", ORR_EXPR_OP_VARIABLE, 7 },
  };
  static const struct { guint index; const char *says; } told[] = {
    { 0, "`c`" }, { 1, "3.14159" }, { 2, "2.71828" }, { 3, "column 4" }, { 4, "sin(" }, { 5, "c_1 is the column" },
    { 6, "c2 is the column" }, { 7, NULL }, { 8, NULL }, { 9, "log10(" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrExpr) expr = orr_expr_parse (cases[i].text, columns, G_N_ELEMENTS (columns), NULL, &error);
      g_assert_no_error (error);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (expr->nodes[0].op, ==, cases[i].op);
      g_assert_cmpint (expr->nodes[0].index, ==, cases[i].index);
    }
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    {
      g_autofree char *sentence = orr_expr_explain_name (columns, G_N_ELEMENTS (columns), told[i].index);
      if (told[i].says == NULL)
        g_assert_null (sentence);
      else
        g_assert_nonnull (strstr (sentence, told[i].says));
    }

  /* Shared constants keep apart from columns of the same name. */
  g_autoptr (OrrExpr) shared = orr_expr_parse ("c_1*x + c_2*c_3*x + c_1", NULL, 0, NULL, NULL);
  g_autofree char *text = orr_expr_to_skeleton (shared, columns, G_N_ELEMENTS (columns));
  g_assert_cmpstr (text, ==, "c_01*`c` + c_2*c_3*`c` + c_01");
  g_autoptr (OrrExpr) back = orr_expr_parse (text, columns, G_N_ELEMENTS (columns), NULL, NULL);
  g_assert_true (orr_expr_equal (shared, back));
}

static char *
print (const OrrExpr *expr, OrrExprFormat format, int digits)
{
  OrrExprPrint how = { .format = format, .digits = digits };
  return orr_expr_print (expr, &how);
}

/* Columns whose names cannot stand in code get other ones, each its own. */
static void
test_names (void)
{
  static const char *const odd[] = { "lambda", "body mass", "x_2", "double", "e", "pi", "x_2_", "sin", "a`b", "m^2" };
  static const struct { OrrExprFormat format; const char *says; } cases[] = {
    { ORR_EXPR_TEXT, "lambda + `body mass` + x_2 + double + e + pi + x_2_ + `sin` + `a``b` + `m^2` + 2.718281828459045" },
    { ORR_EXPR_PYTHON, "lambda_ + x_2__ + x_2 + double + e + pi + x_2_ + sin_ + x_9 + x_10 + np.e" },
    { ORR_EXPR_C, "lambda + x_2__ + x_2 + double_ + e + pi + x_2_ + sin_ + x_9 + x_10 + M_E" },
    { ORR_EXPR_SYMPY, "lambda_ + x_2__ + x_2 + double + e + pi_ + x_2_ + sin_ + x_9 + x_10 + E" },
    { ORR_EXPR_LATEX, "\\mathrm{lambda} + \\mathrm{body\\ mass} + \\mathrm{x\\_2} + \\mathrm{double} + \\mathrm{e} + "
                      "\\mathrm{pi} + \\mathrm{x\\_2\\_} + \\mathrm{sin} + \\mathrm{a`b} + \\mathrm{m{\\wedge}2} + "
                      "2.718281828459045" },
  };
  g_autoptr (OrrExpr) sum = orr_expr_new_leaf (ORR_EXPR_OP_VARIABLE, 0, 0.0);

  for (guint v = 1; v <= G_N_ELEMENTS (odd); v++)
    {
      g_autoptr (OrrExpr) leaf = v < G_N_ELEMENTS (odd) ? orr_expr_new_leaf (ORR_EXPR_OP_VARIABLE, v, 0.0)
                                                        : orr_expr_new_leaf (ORR_EXPR_OP_NUMBER, 0, G_E);
      OrrExpr *longer = orr_expr_new_operator (ORR_EXPR_OP_ADD, sum, leaf);
      orr_expr_unref (sum);
      sum = longer;
    }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const OrrExprPrint how = { .format = cases[i].format, .names = odd, .n_names = G_N_ELEMENTS (odd) };
      g_autofree char *text = orr_expr_print (sum, &how);
      g_assert_cmpstr (text, ==, cases[i].says);
    }
  g_autofree char *text = orr_expr_to_text (sum, odd, G_N_ELEMENTS (odd));
  g_autoptr (OrrExpr) back = orr_expr_parse (text, odd, G_N_ELEMENTS (odd), NULL, NULL);
  g_assert_true (orr_expr_equal (sum, back));
}

static void
test_formats (void)
{
  g_autoptr (OrrExpr) expr = orr_expr_parse ("-x_1^2/(2*sqrt(x_2)) + exp(-1.5e-7*x_1)", NULL, 0, NULL, NULL);
  g_autofree char *latex = print (expr, ORR_EXPR_LATEX, 0), *python = print (expr, ORR_EXPR_PYTHON, 0);
  g_autofree char *c = print (expr, ORR_EXPR_C, 0), *sympy = print (expr, ORR_EXPR_SYMPY, 0);
  g_autofree char *mathml = print (expr, ORR_EXPR_MATHML, 0);

  g_assert_cmpstr (latex, ==, "\\frac{-{x_{1}}^{2}}{2 \\cdot \\sqrt{x_{2}}} + e^{-1.5 \\cdot 10^{-7} \\cdot x_{1}}");
  g_assert_cmpstr (python, ==, "-x_1**2/(2*np.sqrt(x_2)) + np.exp(-1.5e-07*x_1)");
  g_assert_cmpstr (c, ==, "-pow(x_1, 2.0)/(2.0*sqrt(x_2)) + exp(-1.5e-07*x_1)");
  g_assert_cmpstr (sympy, ==, "-x_1**2/(2*sqrt(x_2)) + exp(-1.5e-07*x_1)");
  g_assert_nonnull (strstr (mathml, "<mfrac>"));

  g_autoptr (OrrExpr) pi = orr_expr_parse ("pi*x_1", NULL, 0, NULL, NULL);
  g_autofree char *text = print (pi, ORR_EXPR_TEXT, 0);
  g_assert_cmpstr (text, ==, "pi*x_1");
}

/* Edits keep the ids of everything they do not touch. */
static void
test_edits (void)
{
  g_autoptr (OrrExpr) expr = orr_expr_parse ("sin(x_1) + c", NULL, 0, NULL, NULL);
  guint32 root = expr->nodes[0].id, sine = expr->nodes[1].id, constant = expr->nodes[3].id;
  g_autoptr (OrrExpr) leaf = orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  g_autoptr (OrrExpr) a = orr_expr_replace (expr, 2, leaf);
  g_autoptr (OrrExpr) b = orr_expr_set_operator (a, 1, ORR_EXPR_OP_POW);
  g_autoptr (OrrExpr) c = orr_expr_wrap (b, orr_expr_find (b, constant), ORR_EXPR_OP_EXP);
  g_autoptr (OrrExpr) d = orr_expr_unwrap (c, 1);
  g_autoptr (OrrExpr) locked = orr_expr_set_locked (c, 1, TRUE, TRUE);
  g_autofree char *text_a = orr_expr_to_skeleton (a, NULL, 0), *text_b = orr_expr_to_skeleton (b, NULL, 0);
  g_autofree char *text_c = orr_expr_to_skeleton (c, NULL, 0), *text_d = orr_expr_to_skeleton (d, NULL, 0);

  g_assert_cmpstr (text_a, ==, "sin(?) + c");
  g_assert_cmpstr (text_b, ==, "?^? + c");
  g_assert_cmpstr (text_c, ==, "?^? + exp(c)");
  g_assert_cmpstr (text_d, ==, "? + exp(c)");
  g_assert_cmpuint (c->nodes[0].id, ==, root);
  g_assert_cmpuint (c->nodes[1].id, ==, sine);
  g_assert_cmpint (orr_expr_parent (c, orr_expr_find (c, constant)), ==, 4);
  for (guint i = 0; i < c->n_nodes; i++)
    for (guint k = 0; k < i; k++)
      g_assert_cmpuint (c->nodes[i].id, !=, c->nodes[k].id);
  g_assert_true (locked->nodes[3].locked && !locked->nodes[4].locked && !c->nodes[1].locked);
}

static void
test_domains (void)
{
  static const char *const undefined[] = { "ln(x_1)", "ln(-1)", "1/x_1", "sqrt(-1)", "asin(2)", "x_1^(-1)", "(-2)^0.5",
                                           "exp(1000)", "coth(x_1)", "1/ln(x_1)", "x_1^(-2.5)" };
  double x = 0.0, y;

  for (guint i = 0; i < G_N_ELEMENTS (undefined); i++)
    {
      g_autoptr (OrrExpr) expr = orr_expr_parse (undefined[i], NULL, 0, NULL, NULL);
      g_assert_true (orr_expr_eval (expr, &x, 1, 1, &y));
      if (!isnan (y))
        g_error ("%s is %g at 0", undefined[i], y);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parse/accepted", test_accepted);
  g_test_add_func ("/parse/refused", test_refused);
  g_test_add_func ("/parse/depth", test_depth);
  g_test_add_func ("/parse/columns", test_columns);
  g_test_add_func ("/print/formats", test_formats);
  g_test_add_func ("/print/names", test_names);
  g_test_add_func ("/print/ambiguous", test_ambiguous);
  g_test_add_func ("/tree/edits", test_edits);
  g_test_add_func ("/eval/domains", test_domains);
  return g_test_run ();
}
