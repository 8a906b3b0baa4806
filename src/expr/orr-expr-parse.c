/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-parse.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"

#define MAX_DEPTH 200
#define RAISED_MINUS 0x207b

/*
 * Recursive descent over the text itself:
 *
 *   sum      product { (+|-) product }
 *   product  signed { (*|/|nothing) signed }
 *   signed   - signed | + signed | power
 *   power    atom [ (^|**) signed ]
 *   atom     number | name | function ( sum [, sum] ) | ( sum ) | ? | `name`
 *
 * Nodes are appended in preorder; a binary operator is put in front of its
 * first operand once it is seen.
 */
typedef struct
{
  const char        *text;
  const char        *at;
  const char *const *names;
  guint              n_variables;
  GArray            *nodes;
  guint              depth;
  const char        *error_at;
  GError           **error;
} Parser;

static gboolean parse_sum (Parser *self);
static gboolean parse_signed (Parser *self);

static gboolean G_GNUC_PRINTF (3, 4)
fail (Parser *self, const char *at, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  self->error_at = at;
  g_set_error (self->error, ORR_ERROR, ORR_ERROR_INPUT, "Column %ld: %s",
               g_utf8_pointer_to_offset (self->text, at) + 1, what);
  return FALSE;
}

static void
skip_space (Parser *self)
{
  while (*self->at != '\0' && g_unichar_isspace (g_utf8_get_char (self->at)))
    self->at = g_utf8_next_char (self->at);
}

/* Steps over @token, after white space, when it comes next. */
static gboolean
accept (Parser *self, const char *token)
{
  skip_space (self);
  if (!g_str_has_prefix (self->at, token))
    return FALSE;
  self->at += strlen (token);
  return TRUE;
}

static gboolean
accept_minus (Parser *self)
{
  return accept (self, "-") || accept (self, "\u2212") || accept (self, "\u2013");
}

static gboolean
accept_power (Parser *self)
{
  return accept (self, "^") || accept (self, "**");
}

static gboolean
accept_times (Parser *self)
{
  skip_space (self);
  if (g_str_has_prefix (self->at, "**"))
    return FALSE;
  return accept (self, "*") || accept (self, "\u00b7") || accept (self, "\u00d7") || accept (self, "\u22c5");
}

static gboolean
is_name_start (const char *at)
{
  gunichar c = g_utf8_get_char (at);
  return c == '_' || g_unichar_isalpha (c);
}

static gboolean
is_digit (const char *at)
{
  return g_ascii_isdigit (at[0]) || (at[0] == '.' && g_ascii_isdigit (at[1]));
}

static void
append (Parser *self, OrrExprOp op, guint index, double value)
{
  OrrExprNode node = orr_expr_node (op, index, value);
  g_array_append_val (self->nodes, node);
}

/* Puts @op in front of everything parsed since @start. */
static gboolean
insert (Parser *self, guint start, OrrExprOp op)
{
  OrrExprNode node = orr_expr_node (op, 0, 0.0);

  if (self->nodes->len >= ORR_EXPR_MAX_NODES - 2)
    return fail (self, self->at, "the expression is too long");
  g_array_insert_val (self->nodes, start, node);
  return TRUE;
}

/* End of the number that starts at @at: digits, a point, an exponent when one is complete. */
static const char *
number_end (const char *at)
{
  while (g_ascii_isdigit (*at))
    at++;
  if (*at == '.')
    at++;
  while (g_ascii_isdigit (*at))
    at++;
  if (*at == 'e' || *at == 'E')
    {
      const char *digits = at + 1;
      if (*digits == '+' || *digits == '-')
        digits++;
      if (g_ascii_isdigit (*digits))
        {
          at = digits;
          while (g_ascii_isdigit (*at))
            at++;
        }
    }
  return at;
}

static gboolean
parse_number (Parser *self, double sign)
{
  const char *end = number_end (self->at);
  g_autofree char *digits = g_strndup (self->at, end - self->at);
  double value = g_ascii_strtod (digits, NULL);

  if (!isfinite (value))
    return fail (self, self->at, "the number %s is too large", digits);
  append (self, ORR_EXPR_OP_NUMBER, 0, sign * value);
  self->at = end;
  return TRUE;
}

static gboolean
parse_operands (Parser *self, const char *at, const char *name, OrrExprOp op)
{
  guint arity = orr_expr_op_arity (op);

  if (!parse_sum (self))
    return FALSE;
  if (arity == 2 && !accept (self, ","))
    return fail (self, self->at, "%s needs a second value after a comma", name);
  if (arity == 2 && !parse_sum (self))
    return FALSE;
  if (accept (self, ","))
    return fail (self, self->at, "%s takes %u value%s", name, arity, arity == 1 ? "" : "s");
  if (!accept (self, ")"))
    return fail (self, self->at, "a closing bracket is missing here, for the one after %s at column %ld", name,
                 g_utf8_pointer_to_offset (self->text, at) + 1);
  return TRUE;
}

/* name ( ... ); the opening bracket has been read. log10 and log2 are quotients of logarithms. */
static gboolean
parse_call (Parser *self, const char *at, const char *name)
{
  guint start = self->nodes->len;
  double base = orr_expr_name_base (name);
  gboolean reciprocal = FALSE;
  OrrExprOp op = base > 0.0 ? ORR_EXPR_OP_LN : orr_expr_name_function (name, &reciprocal);
  guint index;

  if (op == ORR_EXPR_OP_PLACEHOLDER && orr_expr_name_variable (self->names, self->n_variables, name, &index))
    return fail (self, at, "%s is not a function: write %s*( for a product", name, name);
  if (op == ORR_EXPR_OP_PLACEHOLDER)
    return fail (self, at, "there is no function called %s", name);
  if (!parse_operands (self, at, name, op) || !insert (self, start, op))
    return FALSE;
  if (base > 0.0)
    {
      if (!insert (self, start, ORR_EXPR_OP_DIV))
        return FALSE;
      append (self, ORR_EXPR_OP_NUMBER, 0, log (base));
    }
  if (reciprocal)
    {
      OrrExprNode one = orr_expr_node (ORR_EXPR_OP_NUMBER, 0, 1.0);
      g_array_insert_val (self->nodes, start, one);
      return insert (self, start, ORR_EXPR_OP_DIV);
    }
  return TRUE;
}

static gboolean
parse_name (Parser *self)
{
  const char *at = self->at;
  guint index, label;
  double value;

  while (*self->at != '\0' && (is_name_start (self->at) || g_ascii_isdigit (*self->at)))
    self->at = g_utf8_next_char (self->at);
  g_autofree char *name = g_strndup (at, self->at - at);

  /* Python's np.sin and math.sin are sin. */
  if (*self->at == '.' && is_name_start (self->at + 1)
      && (g_str_equal (name, "np") || g_str_equal (name, "numpy") || g_str_equal (name, "math")))
    {
      self->at++;
      return parse_name (self);
    }
  if (accept (self, "("))
    return parse_call (self, at, name);
  /* The free constant, whatever the columns are called: who means a column of this name quotes it. */
  if (g_str_equal (name, "c"))
    append (self, ORR_EXPR_OP_CONSTANT, 0, 1.0);
  else if (orr_expr_name_variable (self->names, self->n_variables, name, &index))
    append (self, ORR_EXPR_OP_VARIABLE, index, 0.0);
  else if (orr_expr_name_number (name, &value))
    append (self, ORR_EXPR_OP_NUMBER, 0, value);
  else if (orr_expr_name_constant (name, &label))
    append (self, ORR_EXPR_OP_CONSTANT, label, 1.0);
  else
    {
      if (orr_expr_op_from_name (name) != ORR_EXPR_OP_PLACEHOLDER)
        return fail (self, at, "%s needs its value in brackets: %s(...)", name, name);
      if (g_str_equal (name, "x"))
        return fail (self, at, "which x: x_1 to x_%u?", self->n_variables);
      return fail (self, at, "there is no variable or column called %s", name);
    }
  return TRUE;
}

/* `name`, with two backquotes for one in the name. */
static gboolean
parse_quoted (Parser *self)
{
  const char *at = self->at - 1, *end = self->at;
  g_autoptr (GString) name = g_string_new (NULL);
  guint index;

  for (; *end != '\0' && (*end != '`' || end[1] == '`'); end++)
    {
      g_string_append_c (name, *end);
      end += *end == '`';
    }
  if (*end == '\0')
    return fail (self, at, "the closing backquote of this name is missing");
  if (!orr_expr_name_variable (self->names, self->n_variables, name->str, &index))
    return fail (self, at, "there is no column called %s", name->str);
  append (self, ORR_EXPR_OP_VARIABLE, index, 0.0);
  self->at = end + 1;
  return TRUE;
}

static gboolean
parse_bracketed (Parser *self)
{
  const char *at = self->at - 1;

  if (!parse_sum (self))
    return FALSE;
  if (!accept (self, ")"))
    return fail (self, self->at, "a closing bracket is missing here, for the one at column %ld",
                 g_utf8_pointer_to_offset (self->text, at) + 1);
  return TRUE;
}

static gboolean
fail_character (Parser *self)
{
  int n_bytes = g_utf8_next_char (self->at) - self->at;

  if (!g_unichar_isprint (g_utf8_get_char (self->at)))
    return fail (self, self->at, "an unprintable character does not belong here");
  return fail (self, self->at, "%.*s does not belong here", n_bytes, self->at);
}

static gboolean
parse_atom (Parser *self)
{
  skip_space (self);
  if (self->nodes->len >= ORR_EXPR_MAX_NODES - 2)
    return fail (self, self->at, "the expression is too long");
  if (is_digit (self->at))
    return parse_number (self, 1.0);
  if (accept (self, "("))
    return parse_bracketed (self);
  if (accept (self, "?"))
    {
      append (self, ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
      return TRUE;
    }
  if (accept (self, "`"))
    return parse_quoted (self);
  if (accept (self, "\u221a"))
    {
      guint start = self->nodes->len;
      if (!accept (self, "("))
        return fail (self, self->at, "write brackets after the root sign");
      return parse_bracketed (self) && insert (self, start, ORR_EXPR_OP_SQRT);
    }
  if (*self->at != '\0' && is_name_start (self->at))
    return parse_name (self);
  if (*self->at == '\0')
    return fail (self, self->at, self->at == self->text ? "the expression is empty" : "something is missing at the end");

  return fail_character (self);
}

/* A raised digit: its value, or -1. */
static int
raised_digit (const char *at)
{
  gunichar c = g_utf8_get_char (at);

  switch (c)
    {
    case 0x2070:
      return 0;
    case 0xb9:
      return 1;
    case 0xb2:
    case 0xb3:
      return c - 0xb0;
    default:
      return c >= 0x2074 && c <= 0x2079 ? (int) c - 0x2070 : -1;
    }
}

/* Whether a raised number starts here: digits, after a raised minus or not. */
static gboolean
is_raised (const char *at)
{
  if (g_utf8_get_char (at) == RAISED_MINUS)
    at = g_utf8_next_char (at);
  return raised_digit (at) >= 0;
}

static void
parse_raised (Parser *self)
{
  double exponent = 0.0, sign = 1.0;

  if (g_utf8_get_char (self->at) == RAISED_MINUS)
    {
      sign = -1.0;
      self->at = g_utf8_next_char (self->at);
    }
  for (; raised_digit (self->at) >= 0 && exponent < 1e6; self->at = g_utf8_next_char (self->at))
    exponent = 10.0 * exponent + raised_digit (self->at);
  append (self, ORR_EXPR_OP_NUMBER, 0, sign * exponent);
}

static gboolean
parse_power (Parser *self)
{
  guint start = self->nodes->len;

  if (!parse_atom (self))
    return FALSE;
  if (is_raised (self->at))
    {
      parse_raised (self);
      return insert (self, start, ORR_EXPR_OP_POW);
    }
  if (accept_power (self))
    return parse_signed (self) && insert (self, start, ORR_EXPR_OP_POW);
  return TRUE;
}

/* A minus right before a number that is no power's base belongs to the number: -3, but -(3^2). */
static gboolean
parse_negative_number (Parser *self, gboolean *done)
{
  const char *at = self->at;
  double sign = -1.0;

  *done = FALSE;
  if (!is_digit (self->at))
    return TRUE;
  if (!parse_number (self, sign))
    return FALSE;

  const char *after = self->at;
  if (accept_power (self) || is_raised (after))
    {
      g_array_set_size (self->nodes, self->nodes->len - 1);
      self->at = at;
      return TRUE;
    }
  self->at = after;
  *done = TRUE;
  return TRUE;
}

static gboolean
parse_signed (Parser *self)
{
  gboolean ok;

  if (++self->depth > MAX_DEPTH)
    return fail (self, self->at, "the expression is nested too deeply");
  if (accept_minus (self))
    {
      guint start = self->nodes->len;
      gboolean done;

      ok = parse_negative_number (self, &done);
      if (ok && !done)
        ok = parse_signed (self) && insert (self, start, ORR_EXPR_OP_NEG);
    }
  else if (accept (self, "+"))
    ok = parse_signed (self);
  else
    ok = parse_power (self);
  self->depth--;
  return ok;
}

/* Whether what comes next can be a factor without a sign: a name, a bracket, a placeholder. */
static gboolean
is_factor (const char *at)
{
  return *at == '(' || *at == '`' || *at == '?' || g_str_has_prefix (at, "\u221a") || (*at != '\0' && is_name_start (at));
}

/*
 * Multiplication without a sign is taken where it can mean one thing only:
 * 2x, 2 sin(x), (x + 1)(x - 1), x y. It is refused after a division (1/2x) and
 * right after a power (x^2y).
 */
static gboolean
check_juxtaposition (Parser *self, const char *from, gboolean after_division)
{
  const char *end = self->at;

  while (end > from && g_ascii_isspace (end[-1]))
    end--;
  if (after_division)
    return fail (self, self->at, "write * or brackets: a product without a sign after a division can be read in two ways");
  if (end == self->at)
    for (const char *c = end; c > from && c[-1] != ')'; c--)
      if (c[-1] == '^' || (c[-1] == '*' && c - 1 > from && c[-2] == '*'))
        return fail (self, self->at, "write * or brackets: a product without a sign after a power can be read in two ways");
  return TRUE;
}

static gboolean
parse_product (Parser *self)
{
  guint start = self->nodes->len;
  gboolean after_division = FALSE;
  const char *from;

  skip_space (self);
  from = self->at;
  if (!parse_signed (self))
    return FALSE;
  for (;;)
    {
      OrrExprOp op = ORR_EXPR_OP_MUL;

      if (accept_times (self))
        after_division = FALSE;
      else if (accept (self, "/") || accept (self, "\u00f7"))
        {
          op = ORR_EXPR_OP_DIV;
          after_division = TRUE;
        }
      else if (!is_factor (self->at))
        return TRUE;
      else if (!check_juxtaposition (self, from, after_division))
        return FALSE;

      skip_space (self);
      from = self->at;
      if (!parse_signed (self) || !insert (self, start, op))
        return FALSE;
    }
}

static gboolean
parse_sum (Parser *self)
{
  guint start = self->nodes->len;

  if (++self->depth > MAX_DEPTH)
    return fail (self, self->at, "the expression is nested too deeply");
  if (!parse_product (self))
    return FALSE;
  for (;;)
    {
      OrrExprOp op;

      if (accept (self, "+"))
        op = ORR_EXPR_OP_ADD;
      else if (accept_minus (self))
        op = ORR_EXPR_OP_SUB;
      else
        break;
      if (!parse_product (self) || !insert (self, start, op))
        return FALSE;
    }
  self->depth--;
  return TRUE;
}

/**
 * orr_expr_parse:
 * @text: UTF-8: what people type, such as `2*sin(x)^2 + c`, `-x^2` (which is
 *   -(x^2)), `x_1**2`, `?` for a placeholder, `c` for a free constant (`c_1`
 *   or `c1` for one that appears in several places), names in backquotes
 * @names: (nullable) (array length=n_variables): names of the columns, which
 *   people may use beside x_1, x_2 ... (x, when there is one only). A column's
 *   name comes before `pi`, `e`, `c_1` and `x_1`; `c` alone is always the free
 *   constant, `sin(` always the function: in backquotes (two of them for one in
 *   the name) both are columns. See orr_expr_explain_name().
 * @n_variables: how many variables there are, 0 for any
 * @column: (out) (optional): the character, from 1, where an error is
 * @error: (out): %ORR_ERROR_INPUT, "Column N: what is wrong"
 *
 * Returns: (transfer full) (nullable): the tree
 */
OrrExpr *
orr_expr_parse (const char *text, const char *const *names, guint n_variables, guint *column, GError **error)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (OrrExprNode));
  Parser self = { .text = text, .at = text, .names = names, .n_variables = n_variables, .nodes = nodes,
                  .error = error };
  gboolean ok = TRUE;

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Column 1: the expression is not UTF-8 text");
      self.error_at = text;
      ok = FALSE;
    }
  ok = ok && parse_sum (&self);
  skip_space (&self);
  if (ok && *self.at == ')')
    ok = fail (&self, self.at, "this closing bracket has no opening one");
  else if (ok && *self.at != '\0' && (is_digit (self.at) || *self.at == '='))
    ok = fail (&self, self.at, *self.at == '=' ? "give the right-hand side only, without =" : "an operator is missing before this number");
  else if (ok && *self.at != '\0')
    ok = fail_character (&self);
  if (!ok)
    {
      if (column != NULL)
        *column = g_utf8_validate (text, -1, NULL) ? g_utf8_pointer_to_offset (text, self.error_at) + 1 : 1;
      return NULL;
    }
  return orr_expr_new ((const OrrExprNode *) (gpointer) nodes->data, nodes->len);
}
