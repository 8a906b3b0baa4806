/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dataset-filter.h"

#include <string.h>

#include "orr-error.h"
#include "orr-expr-parse.h"
#include "orr-expr-program.h"

#define MAX_LENGTH 1000

/* In the order in which they are looked for: the longer ones first. */
static const struct
{
  const char *text;
  enum { LESS_OR_EQUAL, GREATER_OR_EQUAL, EQUAL, DIFFERENT, LESS, GREATER } kind;
} comparisons[] = {
  { "<=", LESS_OR_EQUAL }, { ">=", GREATER_OR_EQUAL }, { "==", EQUAL },   { "!=", DIFFERENT }, { "≤", LESS_OR_EQUAL },
  { "≥", GREATER_OR_EQUAL }, { "≠", DIFFERENT },       { "<", LESS },     { ">", GREATER },    { "=", EQUAL },
};

typedef struct
{
  const OrrDataset *dataset;
  char            **names;  /* [n_columns + 1]: of the columns, and "row" */
  double           *x;      /* [n_columns + 1 x N] */
  const char       *filter; /* all of it, to count characters in */
} Filter;

/* How many bytes of a comparison @at starts with, and which one. */
static gsize
match_comparison (const char *at, guint *which)
{
  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++)
    if (g_str_has_prefix (at, comparisons[i].text))
      {
        *which = i;
        return strlen (comparisons[i].text);
      }
  return 0;
}

static gboolean
is_word_character (char c)
{
  return g_ascii_isalnum (c) || c == '_' || (guchar) c >= 0x80;
}

/* How many bytes the word or sign that joins conditions has at @at: `and`, `&&`, `&`, `or` ... */
static gsize
match_join (const char *start, const char *at, const char *word, char sign)
{
  gsize n = strlen (word);

  if (*at == sign)
    return at[1] == sign ? 2 : 1;
  if (g_ascii_strncasecmp (at, word, n) == 0 && !is_word_character (at[n]) &&
      (at == start || !is_word_character (at[-1])))
    return n;
  return 0;
}

/* Cuts @text at every `and` (or `or`), but not inside backquotes. */
static GPtrArray *
cut (const char *text, const char *word, char sign)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  const char *from = text;
  gboolean quoted = FALSE;

  for (const char *at = text; *at != '\0'; at++)
    {
      gsize n = 0;

      if (*at == '`')
        quoted = !quoted;
      if (!quoted)
        n = match_join (text, at, word, sign);
      if (n == 0)
        continue;
      g_ptr_array_add (parts, g_strndup (from, at - from));
      from = at + n;
      at = from - 1;
    }
  g_ptr_array_add (parts, g_strdup (from));
  return parts;
}

/* (transfer full): nothing is fitted in a condition, so that c is the column of that name, where there is one. */
static OrrExpr *
take_columns (const Filter *self, const OrrExpr *expr, guint n_names)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (expr->nodes, expr->n_nodes * sizeof (OrrExprNode));

  for (guint i = 0; i < expr->n_nodes; i++)
    for (guint v = 0; v < n_names && nodes[i].op == ORR_EXPR_OP_CONSTANT; v++)
      if (nodes[i].index == 0 && g_str_equal (self->names[v], "c"))
        nodes[i] = orr_expr_node (ORR_EXPR_OP_VARIABLE, v, 0.0);
  return orr_expr_new (nodes, expr->n_nodes);
}

static double *
evaluate (const Filter *self, const char *text, GError **error)
{
  guint n_names = self->dataset->n_columns + 1;
  gsize N = self->dataset->n_rows;
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  if (*stripped == '\0')
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "A side of a comparison is missing in \"%s\"", self->filter);
      return NULL;
    }
  g_autoptr (OrrExpr) parsed = orr_expr_parse (stripped, (const char *const *) self->names, n_names, NULL, error);
  if (parsed == NULL)
    {
      g_prefix_error (error, "\"%s\": ", stripped);
      return NULL;
    }
  g_autoptr (OrrExpr) expr = take_columns (self, parsed, n_names);
  if (orr_expr_count (expr, ORR_EXPR_OP_CONSTANT) + orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER) > 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "\"%s\" has no value: it holds a free constant or a placeholder",
                   stripped);
      return NULL;
    }
  double *values = g_new (double, MAX (N, 1));
  orr_expr_eval (expr, self->x, N, N, values);
  return values;
}

static gboolean
compare (guint kind, double a, double b)
{
  switch (kind)
    {
    case LESS_OR_EQUAL:
      return a <= b;
    case GREATER_OR_EQUAL:
      return a >= b;
    case EQUAL:
      return a == b;
    case DIFFERENT:
      return a < b || a > b;
    case LESS:
      return a < b;
    default:
      return a > b;
    }
}

/* One chain of comparisons, 0 < x <= 5: clears @holds where it does not hold. */
static gboolean
apply_chain (const Filter *self, const char *text, guint8 *holds, GError **error)
{
  g_autofree double *left = NULL;
  const char *from = text;
  int before = -1;
  gboolean quoted = FALSE;

  for (const char *at = text;; at++)
    {
      guint which = 0;
      gsize n = 0;

      quoted ^= *at == '`';
      if (*at != '\0' && !quoted)
        n = match_comparison (at, &which);
      if (*at != '\0' && n == 0)
        continue;

      g_autofree char *side = g_strndup (from, at - from);
      g_autofree double *right = evaluate (self, side, error);
      if (right == NULL)
        return FALSE;
      for (gsize i = 0; before >= 0 && i < self->dataset->n_rows; i++)
        holds[i] &= compare (comparisons[before].kind, left[i], right[i]);
      g_free (left);
      left = g_steal_pointer (&right);
      if (*at == '\0')
        break;
      before = which;
      from = at + n;
      at = from - 1;
    }
  if (before < 0)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "\"%s\" compares nothing: write a condition such as x < 5", text);
  return before >= 0;
}

static guint8 *
apply (const Filter *self, GError **error)
{
  gsize N = self->dataset->n_rows;
  g_autofree guint8 *any = g_new0 (guint8, MAX (N, 1));
  g_autoptr (GPtrArray) terms = cut (self->filter, "or", '|');

  for (guint t = 0; t < terms->len; t++)
    {
      g_autoptr (GPtrArray) chains = cut (terms->pdata[t], "and", '&');
      g_autofree guint8 *all = g_new (guint8, MAX (N, 1));

      memset (all, 1, MAX (N, 1));
      for (guint c = 0; c < chains->len; c++)
        {
          g_autofree char *chain = g_strstrip (g_strdup (chains->pdata[c]));
          if (!apply_chain (self, chain, all, error))
            return NULL;
        }
      for (gsize i = 0; i < N; i++)
        any[i] |= all[i];
    }
  return g_steal_pointer (&any);
}

/**
 * orr_dataset_filter_rows:
 * @filter: comparisons (<, <=, >, >=, =, !=, in chains) of formulas over the
 *   table's columns and `row` (counted from 1), joined by `and` and `or`, of which
 *   `and` binds tighter
 * @error: (out): %ORR_ERROR_INPUT with the part that is wrong
 *
 * Returns: (transfer full) (nullable) (array): [n_rows] 1 where the condition
 * holds; where a value is missing it does not
 */
guint8 *
orr_dataset_filter_rows (const OrrDataset *dataset, const char *filter, GError **error)
{
  gsize N = dataset->n_rows;
  guint C = dataset->n_columns;

  if (strlen (filter) > MAX_LENGTH)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The condition has more than %d characters", MAX_LENGTH);
      return NULL;
    }
  g_auto (GStrv) names = g_new0 (char *, C + 2);
  g_autofree double *x = g_new (double, MAX ((C + 1) * N, 1));
  for (guint c = 0; c < C; c++)
    names[c] = g_strdup (dataset->columns[c]);
  /* A column called "row" comes first, and means itself. */
  names[C] = g_strdup ("row");
  memcpy (x, dataset->values, C * N * sizeof (double));
  for (gsize i = 0; i < N; i++)
    x[C * N + i] = i + 1;

  /* On one line, as it stands in a sentence when it is wrong. */
  g_autofree char *line = g_strdup (filter);
  for (char *c = line; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  const Filter self = { dataset, names, x, line };
  return apply (&self, error);
}
