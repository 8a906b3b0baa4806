/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-print.h"

#include <math.h>
#include <string.h>

/* The precedence of what needs no brackets anywhere. */
#define CLOSED 9

typedef struct
{
  const OrrExpr      *expr;
  const OrrExprPrint *how;
  GString            *out;
} Printer;

/* How an operand turned out: its precedence, and whether it starts with a minus sign or a digit. */
typedef struct
{
  int      precedence;
  gboolean signed_;
  gboolean digit;
} Shape;

/**
 * orr_expr_format_number:
 * @digits: significant digits, 0 for the fewest that read back to the same double
 *
 * Returns: (transfer full): the number with a decimal point whatever the locale
 */
char *
orr_expr_format_number (double value, int digits)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (digits > 0)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", MIN (digits, 17));
      g_ascii_formatd (buffer, sizeof buffer, format, value);
      return g_strdup (buffer);
    }
  for (int precision = 15; precision <= 17; precision++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", precision);
      g_ascii_formatd (buffer, sizeof buffer, format, value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  return g_strdup (buffer);
}

/* Whether it is run: then no placeholder can be left in it. */
gboolean
orr_expr_format_is_code (OrrExprFormat format)
{
  return format == ORR_EXPR_PYTHON || format == ORR_EXPR_C || format == ORR_EXPR_SYMPY;
}

static gboolean
has_name (const OrrExprPrint *how, const char *name)
{
  for (guint i = 0; i < how->n_names; i++)
    if (g_strcmp0 (how->names[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_identifier (const char *name)
{
  if (g_ascii_isdigit (name[0]) || name[0] == '\0')
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum (*name) && *name != '_')
      return FALSE;
  return TRUE;
}

/* Words that mean something else where the formula is run. */
static const char *const python_words[] = {
  "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
  "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "np",
  "or", "pass", "raise", "return", "try", "while", "with", "yield", NULL
};
static const char *const c_words[] = {
  "HUGE_VAL", "INFINITY", "M_E", "M_PI", "NAN", "asm", "auto", "break", "case", "char", "const", "continue", "default",
  "do", "double", "else", "enum", "extern", "float", "for", "goto", "if", "inline", "int", "linux", "long", "register",
  "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef", "typeof", "union", "unix",
  "unsigned", "void", "volatile", "while", NULL
};
static const char *const sympy_words[] = { "E", "I", "pi", NULL };

/* Whether a column of this name would hide a function or a word of the language. */
static gboolean
is_taken (const char *name, OrrExprFormat format)
{
  return orr_expr_op_from_name (name) != ORR_EXPR_OP_PLACEHOLDER || g_str_equal (name, "c")
         || (format == ORR_EXPR_C && g_strv_contains (c_words, name))
         || (format == ORR_EXPR_SYMPY && g_strv_contains (sympy_words, name))
         || ((format == ORR_EXPR_PYTHON || format == ORR_EXPR_SYMPY) && g_strv_contains (python_words, name));
}

/*
 * What a column is called in code: its own name where that can stand there,
 * otherwise x_1, x_2 ... or its name and an underscore, with as many of them as
 * it takes to be no other column's name.
 */
static char *
code_name (const OrrExprPrint *how, guint index)
{
  const char *own = index < how->n_names ? how->names[index] : NULL;
  gboolean word = own != NULL && is_identifier (own);
  g_autoptr (GString) name = g_string_new (NULL);

  if (word && !is_taken (own, how->format))
    return g_strdup (own);
  if (word)
    g_string_printf (name, "%s_", own);
  else
    g_string_printf (name, "x_%u", index + 1);
  while (has_name (how, name->str))
    g_string_append_c (name, '_');
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static const char *
known_number (const OrrExprPrint *how, double value)
{
  static const char *const names[][ORR_EXPR_N_FORMATS] = {
    { "pi", "\\pi", "np.pi", "M_PI", "pi", "<mi>&#x3C0;</mi>" },
    { "e", "e", "np.e", "M_E", "E", "<mi>e</mi>" },
  };
  int which = value == G_PI ? 0 : value == G_E ? 1 : -1;

  /* A column called e is no number; in code its name has made way. */
  if (which < 0 || (!orr_expr_format_is_code (how->format) && has_name (how, names[which][ORR_EXPR_TEXT])))
    return NULL;
  return names[which][how->format];
}

/* 1.5e-7 is written 1.5 \cdot 10^{-7} in formulas. */
static int
append_scientific (Printer *self, const char *digits, const char *exponent)
{
  int power = atoi (exponent + 1);
  const char *form = self->how->format == ORR_EXPR_LATEX
                         ? "%.*s \\cdot 10^{%d}"
                         : "<mn>%.*s</mn><mo>&#xB7;</mo><msup><mn>10</mn><mn>%d</mn></msup>";

  g_string_append_printf (self->out, form, (int) (exponent - digits), digits, power);
  return digits[0] == '-' ? 3 : 2;
}

static Shape
print_number (Printer *self, double value)
{
  const char *name = known_number (self->how, value);
  g_autofree char *digits = orr_expr_format_number (value, self->how->digits);
  const char *exponent = strchr (digits, 'e');
  int precedence = digits[0] == '-' ? 3 : CLOSED;
  OrrExprFormat format = self->how->format;

  double turns = rint (value / G_PI);

  if (name != NULL)
    {
      g_string_append (self->out, name);
      return (Shape){ CLOSED, FALSE, FALSE };
    }
  /* 2*pi rather than its digits; the same double when it is read. */
  if (turns >= 2.0 && turns <= 20.0 && value == turns * G_PI && known_number (self->how, G_PI) != NULL)
    {
      static const char *const forms[ORR_EXPR_N_FORMATS] = { "%g*%s", "%g %s", "%g*%s", "%g.0*%s", "%g*%s",
                                                             "<mn>%g</mn>%s" };
      g_string_append_printf (self->out, forms[format], turns, known_number (self->how, G_PI));
      return (Shape){ 2, FALSE, TRUE };
    }
  if (exponent != NULL && (format == ORR_EXPR_LATEX || format == ORR_EXPR_MATHML))
    precedence = append_scientific (self, digits, exponent);
  else if (format == ORR_EXPR_MATHML)
    g_string_append_printf (self->out, digits[0] == '-' ? "<mo>-</mo><mn>%s</mn>" : "<mn>%s</mn>",
                            digits[0] == '-' ? digits + 1 : digits);
  else
    {
      g_string_append (self->out, digits);
      /* 1/2 is 0 in C. */
      if (format == ORR_EXPR_C && strpbrk (digits, ".e") == NULL)
        g_string_append (self->out, ".0");
    }
  return (Shape){ precedence, digits[0] == '-', digits[0] != '-' };
}

static void
append_quoted (Printer *self, const char *name)
{
  g_string_append_c (self->out, '`');
  for (; *name != '\0'; name++)
    {
      if (*name == '`')
        g_string_append_c (self->out, '`');
      g_string_append_c (self->out, *name);
    }
  g_string_append_c (self->out, '`');
}

static void
print_variable (Printer *self, guint index)
{
  const char *name = index < self->how->n_names ? self->how->names[index] : NULL;
  OrrExprFormat format = self->how->format;

  if (format == ORR_EXPR_LATEX && name == NULL)
    g_string_append_printf (self->out, "x_{%u}", index + 1);
  else if (format == ORR_EXPR_LATEX)
    {
      g_string_append (self->out, "\\mathrm{");
      for (; *name != '\0'; name++)
        {
          if (strchr ("_%#&${}", *name) != NULL)
            g_string_append_c (self->out, '\\');
          g_string_append (self->out, g_ascii_isspace (*name) ? "\\ "
                                      : *name == '\\'        ? "\\backslash "
                                      : *name == '^'         ? "{\\wedge}"
                                                             : "");
          if (!g_ascii_isspace (*name) && *name != '\\' && *name != '^')
            g_string_append_c (self->out, *name);
        }
      g_string_append_c (self->out, '}');
    }
  else if (format == ORR_EXPR_MATHML && name == NULL)
    g_string_append_printf (self->out, "<msub><mi>x</mi><mn>%u</mn></msub>", index + 1);
  else if (format == ORR_EXPR_MATHML)
    {
      g_autofree char *escaped = g_markup_escape_text (name, -1);
      g_string_append_printf (self->out, "<mi>%s</mi>", escaped);
    }
  else if (format != ORR_EXPR_TEXT)
    {
      g_autofree char *word = code_name (self->how, index);
      g_string_append (self->out, word);
    }
  else if (name == NULL)
    g_string_append_printf (self->out, "x_%u", index + 1);
  else if (is_identifier (name) && !is_taken (name, format))
    g_string_append (self->out, name);
  else
    append_quoted (self, name);
}

/* c_1; where a column has that name c_01, which is read as the same constant. */
static void
append_label (Printer *self, guint label)
{
  g_autoptr (GString) name = g_string_new (NULL);

  g_string_printf (name, "c_%u", label);
  while (has_name (self->how, name->str))
    g_string_insert_c (name, 2, '0');
  g_string_append (self->out, name->str);
}

static Shape
print_constant (Printer *self, const OrrExprNode *node)
{
  OrrExprFormat format = self->how->format;

  if (!self->how->skeleton)
    return print_number (self, node->value);
  if (node->index == 0)
    g_string_append (self->out, format == ORR_EXPR_MATHML ? "<mi>c</mi>" : "c");
  else if (format == ORR_EXPR_LATEX || format == ORR_EXPR_MATHML)
    g_string_append_printf (self->out, format == ORR_EXPR_LATEX ? "c_{%u}" : "<msub><mi>c</mi><mn>%u</mn></msub>", node->index);
  else
    append_label (self, node->index);
  return (Shape){ CLOSED, FALSE, FALSE };
}

static Shape print_node (Printer *self, guint position);

/* Prints an operand, in brackets when it binds less tightly than @needed or its sign would meet an operator. */
static void
print_operand (Printer *self, guint position, int needed, gboolean second, gboolean after_minus, Shape *shape)
{
  gsize start = self->out->len;
  const char *brackets[2] = { "(", ")" };

  *shape = print_node (self, position);
  if (needed == 0 || (shape->precedence >= needed && !(shape->signed_ && (second || after_minus))
                      && !(shape->digit && after_minus && shape->precedence > 4)))
    return;
  if (self->how->format == ORR_EXPR_LATEX)
    brackets[0] = "\\left(", brackets[1] = "\\right)";
  else if (self->how->format == ORR_EXPR_MATHML)
    brackets[0] = "<mrow><mo>(</mo>", brackets[1] = "<mo>)</mo></mrow>";
  g_string_insert (self->out, start, brackets[0]);
  g_string_append (self->out, brackets[1]);
  *shape = (Shape){ CLOSED, FALSE, FALSE };
}

static Shape
print_operator (Printer *self, guint position)
{
  OrrExprOp op = self->expr->nodes[position].op;
  const char *template = orr_expr_ops[op].formats[self->how->format];
  Shape result = { template[0] - '0', op == ORR_EXPR_OP_NEG, FALSE };

  for (const char *at = template + 1; *at != '\0'; at++)
    {
      if ((*at != '@' && *at != '#') || !g_ascii_isdigit (at[1]) || at[-1] == '&')
        {
          g_string_append_c (self->out, *at);
          continue;
        }

      gboolean second = *at == '#';
      gboolean leading = at == template + 1;
      Shape shape;
      print_operand (self, orr_expr_operand (self->expr, position, second), at[1] - '0', second,
                     op == ORR_EXPR_OP_NEG, &shape);
      if (leading)
        {
          result.signed_ = shape.signed_;
          result.digit = shape.digit;
        }
      at++;
    }
  return result;
}

static Shape
print_node (Printer *self, guint position)
{
  const OrrExprNode *node = &self->expr->nodes[position];

  switch (node->op)
    {
    case ORR_EXPR_OP_PLACEHOLDER:
      g_string_append (self->out, self->how->format == ORR_EXPR_LATEX    ? "\\square"
                                  : self->how->format == ORR_EXPR_MATHML ? "<mi>?</mi>"
                                                                         : "?");
      return (Shape){ CLOSED, FALSE, FALSE };
    case ORR_EXPR_OP_NUMBER:
      return print_number (self, node->value);
    case ORR_EXPR_OP_CONSTANT:
      return print_constant (self, node);
    case ORR_EXPR_OP_VARIABLE:
      print_variable (self, node->index);
      return (Shape){ CLOSED, FALSE, FALSE };
    default:
      return print_operator (self, position);
    }
}

/**
 * orr_expr_print:
 *
 * Text reads back to the same tree through orr_expr_parse() (free constants
 * do when written as a skeleton); Python needs `import numpy as np`, C
 * `<math.h>`, SymPy `from sympy import *`. In these three a column whose name
 * cannot stand in code is written x_1, x_2 ... or with an underscore behind it.
 *
 * Returns: (transfer full): the expression, written for @how's format
 */
char *
orr_expr_print (const OrrExpr *self, const OrrExprPrint *how)
{
  Printer printer = { self, how, g_string_new (NULL) };

  if (how->format == ORR_EXPR_MATHML)
    g_string_append (printer.out, "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mrow>");
  print_node (&printer, 0);
  if (how->format == ORR_EXPR_MATHML)
    g_string_append (printer.out, "</mrow></math>");
  return g_string_free (printer.out, FALSE);
}

/* (transfer full): the text people read and type, numbers in full. */
char *
orr_expr_to_text (const OrrExpr *self, const char *const *names, guint n_names)
{
  OrrExprPrint how = { .format = ORR_EXPR_TEXT, .names = names, .n_names = names != NULL ? n_names : 0 };
  return orr_expr_print (self, &how);
}

/* (transfer full): the text with `c` for every free constant. */
char *
orr_expr_to_skeleton (const OrrExpr *self, const char *const *names, guint n_names)
{
  OrrExprPrint how = { .format = ORR_EXPR_TEXT, .names = names, .n_names = names != NULL ? n_names : 0, .skeleton = TRUE };
  return orr_expr_print (self, &how);
}
