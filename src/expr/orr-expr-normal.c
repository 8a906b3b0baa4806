/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-normal-private.h"

#include <math.h>
#include <string.h>

/* Small lists live on the stack; longer ones (people may type anything) on the heap. */
#define SMALL 32

#define NODE(i) (&self->nodes[i])
#define CHILD(i, k) orr_expr_normal_child (self, i, k)

/* Adds a node as it is; the functions below decide what is added. */
int
orr_expr_normal_add (OrrExprNormalizer *self, OrrExprNormalKind kind, OrrExprOp op, guint index, double value,
                     const int *children, int n)
{
  if (self->n_nodes == self->nodes_size)
    {
      self->nodes_size = 2 * self->nodes_size + 256;
      self->nodes = g_renew (OrrExprNormalNode, self->nodes, self->nodes_size);
    }
  while (self->n_pool + n > self->pool_size)
    {
      self->pool_size = 2 * self->pool_size + 256;
      self->pool = g_renew (int, self->pool, self->pool_size);
    }
  self->nodes[self->n_nodes] = (OrrExprNormalNode){ kind, op, index, n, self->n_pool, value };
  if (n > 0)
    memcpy (self->pool + self->n_pool, children, n * sizeof (int));
  self->n_pool += n;
  return self->n_nodes++;
}

/* When merging, numbers other than the agent's -3 .. 5 are members of a family like any free constant. */
gboolean
orr_expr_normal_is_constant (OrrExprNormalizer *self, double value)
{
  return self->merge && (value != rint (value) || value < -3.0 || value > 5.0);
}

int
orr_expr_normal_number (OrrExprNormalizer *self, double value)
{
  if (orr_expr_normal_is_constant (self, value))
    return orr_expr_normal_add (self, KIND_CONST, 0, ORR_EXPR_NORMAL_LABELS, value, NULL, 0);
  return orr_expr_normal_add (self, KIND_NUM, 0, 0, value + 0.0, NULL, 0);
}

int
orr_expr_normal_leaf (OrrExprNormalizer *self, OrrExprNormalKind kind, guint index, double value)
{
  return orr_expr_normal_add (self, kind, 0, index, value, NULL, 0);
}

/* The free constant that stands for all that merged. */
int
orr_expr_normal_merged (OrrExprNormalizer *self)
{
  return orr_expr_normal_add (self, KIND_CONST, 0, ORR_EXPR_NORMAL_LABELS, 1.0, NULL, 0);
}

/* --- Order --- */

static int
compare_doubles (double a, double b)
{
  return (a > b) - (a < b);
}

static int
compare_children (OrrExprNormalizer *self, int a, int b)
{
  int n = MIN (NODE (a)->n, NODE (b)->n);

  for (int k = 0; k < n; k++)
    {
      int order = orr_expr_normal_compare (self, CHILD (a, k), CHILD (b, k));
      if (order != 0)
        return order;
    }
  return NODE (b)->n - NODE (a)->n;
}

static int
compare_bases (OrrExprNormalizer *self, int a, int b)
{
  const OrrExprNormalNode *p = NODE (a), *q = NODE (b);

  if (p->kind != q->kind)
    return (int) p->kind - (int) q->kind;
  if (p->op != q->op)
    return (int) p->op - (int) q->op;
  if (p->index != q->index)
    return p->index < q->index ? -1 : 1;
  int order = compare_children (self, a, b);
  return order != 0 ? order : p->kind == KIND_CONST ? 0 : compare_doubles (p->value, q->value);
}

/* By base, then the higher power first. */
int
orr_expr_normal_compare_factors (OrrExprNormalizer *self, int a, int b)
{
  gboolean power_a = NODE (a)->kind == KIND_POWER, power_b = NODE (b)->kind == KIND_POWER;
  int order = compare_bases (self, power_a ? CHILD (a, 0) : a, power_b ? CHILD (b, 0) : b);

  if (order != 0)
    return order;
  return compare_doubles (power_b ? NODE (b)->value : 1.0, power_a ? NODE (a)->value : 1.0);
}

int
orr_expr_normal_factor (OrrExprNormalizer *self, int i, int k)
{
  return NODE (i)->kind == KIND_PROD ? CHILD (i, k) : i;
}

int
orr_expr_normal_n_factors (OrrExprNormalizer *self, int i)
{
  return NODE (i)->kind == KIND_PROD ? NODE (i)->n : 1;
}

/* A total order; 0 means the same expression. */
int
orr_expr_normal_compare (OrrExprNormalizer *self, int a, int b)
{
  if (a == b)
    return 0;

  int n = MIN (orr_expr_normal_n_factors (self, a), orr_expr_normal_n_factors (self, b));
  for (int k = 0; k < n; k++)
    {
      int order = orr_expr_normal_compare_factors (self, orr_expr_normal_factor (self, a, k), orr_expr_normal_factor (self, b, k));
      if (order != 0)
        return order;
    }
  if (orr_expr_normal_n_factors (self, a) != orr_expr_normal_n_factors (self, b))
    return orr_expr_normal_n_factors (self, b) - orr_expr_normal_n_factors (self, a);
  return compare_doubles (NODE (b)->kind == KIND_PROD ? NODE (b)->value : 1.0,
                          NODE (a)->kind == KIND_PROD ? NODE (a)->value : 1.0);
}

/* Terms of a sum: free constants in them count last, and alone they come last. */
static int
compare_terms (OrrExprNormalizer *self, int a, int b)
{
  int i = 0, k = 0;

  for (;;)
    {
      while (i < orr_expr_normal_n_factors (self, a) && NODE (orr_expr_normal_factor (self, a, i))->kind == KIND_CONST)
        i++;
      while (k < orr_expr_normal_n_factors (self, b) && NODE (orr_expr_normal_factor (self, b, k))->kind == KIND_CONST)
        k++;
      gboolean end_a = i >= orr_expr_normal_n_factors (self, a), end_b = k >= orr_expr_normal_n_factors (self, b);
      if (end_a || end_b)
        return end_a && end_b ? orr_expr_normal_compare (self, a, b) : end_a ? 1 : -1;
      int order = orr_expr_normal_compare_factors (self, orr_expr_normal_factor (self, a, i++), orr_expr_normal_factor (self, b, k++));
      if (order != 0)
        return order;
    }
}

void
orr_expr_normal_sort (OrrExprNormalizer *self, int *items, int n, int (*compare) (OrrExprNormalizer *, int, int))
{
  /* Insertion: lists are short and mostly in order. */
  for (int i = 1; i < n; i++)
    {
      int item = items[i], k = i;
      for (; k > 0 && compare (self, items[k - 1], item) > 0; k--)
        items[k] = items[k - 1];
      items[k] = item;
    }
}

/* --- Sums --- */

typedef struct
{
  int      rest; /* -1: none, the term is the constant alone */
  double   coefficient;
  gboolean constant; /* has a merged free constant */
} Term;

/* A product without its coefficient and, when merging, without its free constant. */
static Term
split_term (OrrExprNormalizer *self, int i)
{
  Term term = { i, 1.0, FALSE };

  if (NODE (i)->kind == KIND_PROD)
    {
      int skip = self->merge && NODE (CHILD (i, 0))->kind == KIND_CONST;
      int n = NODE (i)->n - skip;
      int small[SMALL];
      g_autofree int *large = n > SMALL ? g_new (int, n) : NULL;
      int *rest = large != NULL ? large : small;

      term.coefficient = NODE (i)->value;
      term.constant = skip;
      for (int k = 0; k < n; k++)
        rest[k] = CHILD (i, k + skip);
      if (n == 1)
        term.rest = rest[0];
      else if (skip || term.coefficient != 1.0)
        term.rest = orr_expr_normal_add (self, KIND_PROD, 0, 0, 1.0, rest, n);
    }
  else if (self->merge && NODE (i)->kind == KIND_CONST)
    term = (Term){ -1, 1.0, TRUE };
  return term;
}

static int
join_term (OrrExprNormalizer *self, const Term *term)
{
  if (!term->constant)
    return term->coefficient == 1.0 ? term->rest : orr_expr_normal_product (self, term->coefficient, &term->rest, 1);
  if (term->rest < 0)
    return orr_expr_normal_merged (self);
  int factors[2] = { orr_expr_normal_merged (self), term->rest };
  return orr_expr_normal_product (self, 1.0, factors, 2);
}

static gboolean
same_rest (OrrExprNormalizer *self, int a, int b)
{
  return a == b || (a >= 0 && b >= 0 && orr_expr_normal_compare (self, a, b) == 0);
}

static int
add_term (OrrExprNormalizer *self, Term *terms, int n, Term term)
{
  for (int k = 0; k < n; k++)
    if (same_rest (self, terms[k].rest, term.rest))
      {
        terms[k].coefficient += term.coefficient;
        terms[k].constant |= term.constant;
        /* 0.1 + 0.2 - 0.3 is nothing. */
        if (fabs (terms[k].coefficient) < 1e-14 * fabs (term.coefficient))
          terms[k].coefficient = 0.0;
        return n;
      }
  terms[n] = term;
  return n + 1;
}

/* Sum of any nodes: flattened, like terms gathered, sorted. */
int
orr_expr_normal_sum (OrrExprNormalizer *self, const int *summands, int n)
{
  int total = 0;
  double offset = 0.0;

  for (int i = 0; i < n; i++)
    total += NODE (summands[i])->kind == KIND_SUM ? NODE (summands[i])->n : 1;

  Term small[SMALL];
  g_autofree Term *large = total + 1 > SMALL ? g_new (Term, total + 1) : NULL;
  Term *terms = large != NULL ? large : small;
  int n_terms = 0;
  for (int i = 0; i < n; i++)
    {
      int kind = NODE (summands[i])->kind;
      if (kind == KIND_NUM || kind == KIND_SUM)
        offset += NODE (summands[i])->value;
      if (kind == KIND_SUM)
        for (int k = 0; k < NODE (summands[i])->n; k++)
          n_terms = add_term (self, terms, n_terms, split_term (self, CHILD (summands[i], k)));
      else if (kind != KIND_NUM)
        n_terms = add_term (self, terms, n_terms, split_term (self, summands[i]));
    }
  if (orr_expr_normal_is_constant (self, offset))
    n_terms = add_term (self, terms, n_terms, (Term){ -1, 1.0, TRUE });
  for (int k = 0; k < n_terms; k++)
    terms[k].constant |= orr_expr_normal_is_constant (self, terms[k].coefficient);

  int small_joined[SMALL];
  g_autofree int *large_joined = n_terms > SMALL ? g_new (int, n_terms) : NULL;
  int *joined = large_joined != NULL ? large_joined : small_joined;
  int n_joined = 0;
  gboolean nested = FALSE;
  for (int k = 0; k < n_terms; k++)
    {
      if (terms[k].rest < 0)
        offset = 0.0;
      if (!terms[k].constant && terms[k].coefficient == 0.0)
        continue;
      joined[n_joined] = join_term (self, &terms[k]);
      nested |= NODE (joined[n_joined])->kind == KIND_SUM || NODE (joined[n_joined])->kind == KIND_NUM;
      n_joined++;
    }
  if (nested)
    {
      if (offset == 0.0)
        return orr_expr_normal_sum (self, joined, n_joined);
      int with_offset[2] = { orr_expr_normal_sum (self, joined, n_joined), orr_expr_normal_number (self, offset) };
      return orr_expr_normal_sum (self, with_offset, 2);
    }
  if (n_joined == 0)
    return orr_expr_normal_number (self, offset);
  if (n_joined == 1 && offset == 0.0)
    return joined[0];
  orr_expr_normal_sort (self, joined, n_joined, compare_terms);
  return orr_expr_normal_add (self, KIND_SUM, 0, 0, offset, joined, n_joined);
}

/* The number in front of an expression, or of a sum's first term. */
double
orr_expr_normal_leading (OrrExprNormalizer *self, int i)
{
  switch (NODE (i)->kind)
    {
    case KIND_NUM:
    case KIND_PROD:
      return NODE (i)->value;
    case KIND_SUM:
      return orr_expr_normal_leading (self, CHILD (i, 0));
    default:
      return 1.0;
    }
}
