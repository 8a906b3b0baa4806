/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-normal-private.h"

#include <math.h>
#include <string.h>

#include "orr-expr-program.h"

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
static gboolean
is_constant (OrrExprNormalizer *self, double value)
{
  return self->merge && (value != rint (value) || value < -3.0 || value > 5.0);
}

int
orr_expr_normal_number (OrrExprNormalizer *self, double value)
{
  if (is_constant (self, value))
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
static int
compare_factors (OrrExprNormalizer *self, int a, int b)
{
  gboolean power_a = NODE (a)->kind == KIND_POWER, power_b = NODE (b)->kind == KIND_POWER;
  int order = compare_bases (self, power_a ? CHILD (a, 0) : a, power_b ? CHILD (b, 0) : b);

  if (order != 0)
    return order;
  return compare_doubles (power_b ? NODE (b)->value : 1.0, power_a ? NODE (a)->value : 1.0);
}

static int
factor (OrrExprNormalizer *self, int i, int k)
{
  return NODE (i)->kind == KIND_PROD ? CHILD (i, k) : i;
}

static int
n_factors (OrrExprNormalizer *self, int i)
{
  return NODE (i)->kind == KIND_PROD ? NODE (i)->n : 1;
}

/* A total order; 0 means the same expression. */
int
orr_expr_normal_compare (OrrExprNormalizer *self, int a, int b)
{
  if (a == b)
    return 0;

  int n = MIN (n_factors (self, a), n_factors (self, b));
  for (int k = 0; k < n; k++)
    {
      int order = compare_factors (self, factor (self, a, k), factor (self, b, k));
      if (order != 0)
        return order;
    }
  if (n_factors (self, a) != n_factors (self, b))
    return n_factors (self, b) - n_factors (self, a);
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
      while (i < n_factors (self, a) && NODE (factor (self, a, i))->kind == KIND_CONST)
        i++;
      while (k < n_factors (self, b) && NODE (factor (self, b, k))->kind == KIND_CONST)
        k++;
      gboolean end_a = i >= n_factors (self, a), end_b = k >= n_factors (self, b);
      if (end_a || end_b)
        return end_a && end_b ? orr_expr_normal_compare (self, a, b) : end_a ? 1 : -1;
      int order = compare_factors (self, factor (self, a, i++), factor (self, b, k++));
      if (order != 0)
        return order;
    }
}

static void
sort (OrrExprNormalizer *self, int *items, int n, int (*compare) (OrrExprNormalizer *, int, int))
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
  if (is_constant (self, offset))
    n_terms = add_term (self, terms, n_terms, (Term){ -1, 1.0, TRUE });
  for (int k = 0; k < n_terms; k++)
    terms[k].constant |= is_constant (self, terms[k].coefficient);

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
  sort (self, joined, n_joined, compare_terms);
  return orr_expr_normal_add (self, KIND_SUM, 0, 0, offset, joined, n_joined);
}

/* @sum times a number, term by term. */
static int
scale_sum (OrrExprNormalizer *self, int sum, double by)
{
  int n = NODE (sum)->n;
  int small[SMALL];
  g_autofree int *large = n + 1 > SMALL ? g_new (int, n + 1) : NULL;
  int *terms = large != NULL ? large : small;

  for (int k = 0; k < n; k++)
    {
      int term = CHILD (sum, k);
      terms[k] = orr_expr_normal_product (self, by, &term, 1);
    }
  terms[n] = orr_expr_normal_number (self, by * NODE (sum)->value);
  return orr_expr_normal_sum (self, terms, n + 1);
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

/* @term with the coefficient @coefficient instead of its own. */
static int
with_coefficient (OrrExprNormalizer *self, int term, double coefficient)
{
  int n = n_factors (self, term);
  int small[SMALL];
  g_autofree int *large = n > SMALL ? g_new (int, n) : NULL;
  int *factors = large != NULL ? large : small;

  for (int k = 0; k < n; k++)
    factors[k] = factor (self, term, k);
  if (self->merge && NODE (factors[0])->kind == KIND_CONST)
    return term;
  return n == 1 && coefficient == 1.0 ? factors[0] : orr_expr_normal_add (self, KIND_PROD, 0, 0, coefficient, factors, n);
}

/* Takes the common integer factor and the sign out of a sum, so that 2x + 2 and x + 1 can meet as factors. */
static int
primitive_sum (OrrExprNormalizer *self, int sum, double *content)
{
  double gcd = fabs (NODE (sum)->value);

  *content = 1.0;
  for (int k = 0; k < NODE (sum)->n && orr_expr_normal_is_integer (gcd); k++)
    {
      double a = fabs (orr_expr_normal_leading (self, CHILD (sum, k)));
      if (!orr_expr_normal_is_integer (a))
        gcd = NAN;
      while (a > 0.0)
        {
          double rest = fmod (gcd, a);
          gcd = a;
          a = rest;
        }
    }
  if (!orr_expr_normal_is_integer (gcd) || gcd == 0.0)
    gcd = 1.0;
  if (orr_expr_normal_leading (self, sum) < 0.0)
    gcd = -gcd;
  *content = gcd;
  if (gcd == 1.0)
    return sum;

  int n = NODE (sum)->n;
  int small[SMALL];
  g_autofree int *large = n > SMALL ? g_new (int, n) : NULL;
  int *terms = large != NULL ? large : small;
  for (int k = 0; k < n; k++)
    {
      double coefficient = orr_expr_normal_leading (self, CHILD (sum, k)) / gcd;
      terms[k] = with_coefficient (self, CHILD (sum, k), gcd == -1.0 ? coefficient : rint (coefficient));
    }
  return orr_expr_normal_add (self, KIND_SUM, 0, 0, NODE (sum)->value / gcd, terms, n);
}

/* --- Products --- */

typedef struct
{
  int    base;
  double exponent;
} Factor;

typedef struct
{
  Factor  *factors;
  int      n;
  double   coefficient;
  gboolean constant;
  int      exponent; /* of the gathered exp(), -1: none */
} Product;

static void
gather (OrrExprNormalizer *self, Product *product, int i)
{
  double exponent = 1.0;
  int base = i;

  if (NODE (i)->kind == KIND_POWER)
    {
      base = CHILD (i, 0);
      exponent = NODE (i)->value;
    }
  if (NODE (i)->kind == KIND_NUM)
    {
      product->coefficient *= NODE (i)->value;
      return;
    }
  if (self->merge && NODE (base)->kind == KIND_CONST)
    {
      product->constant = TRUE;
      return;
    }
  if (NODE (i)->kind == KIND_FUNC && NODE (i)->op == ORR_EXPR_OP_EXP)
    {
      int both[2] = { product->exponent, CHILD (i, 0) };
      product->exponent = both[0] < 0 ? both[1] : orr_expr_normal_sum (self, both, 2);
      return;
    }
  if (NODE (base)->kind == KIND_SUM && orr_expr_normal_is_integer (exponent))
    {
      double content;
      base = primitive_sum (self, base, &content);
      product->coefficient *= pow (content, exponent);
    }
  for (int k = 0; k < product->n; k++)
    if (orr_expr_normal_compare (self, product->factors[k].base, base) == 0)
      {
        product->factors[k].exponent += exponent;
        return;
      }
  product->factors[product->n++] = (Factor){ base, exponent };
}

/* c times a sum whose terms, all but one at most, have constants of their own: the same family without it. */
static int
absorb_constant (OrrExprNormalizer *self, int sum)
{
  int n = NODE (sum)->n, without = NODE (sum)->value != 0.0;

  for (int k = 0; k < n; k++)
    {
      int term = CHILD (sum, k);
      without += NODE (factor (self, term, 0))->kind != KIND_CONST;
    }
  if (without > 1)
    return -1;

  int small[SMALL];
  g_autofree int *large = n + 1 > SMALL ? g_new (int, n + 1) : NULL;
  int *terms = large != NULL ? large : small;
  for (int k = 0; k < n; k++)
    {
      int factors[2] = { orr_expr_normal_merged (self), CHILD (sum, k) };
      terms[k] = orr_expr_normal_product (self, 1.0, factors, 2);
    }
  if (NODE (sum)->value != 0.0)
    terms[n++] = orr_expr_normal_merged (self);
  return orr_expr_normal_sum (self, terms, n);
}

/* Builds the product once like factors are together. */
static int
finish_product (OrrExprNormalizer *self, Product *product)
{
  int n = 0;
  int small[SMALL];
  g_autofree int *large = product->n + 2 > SMALL ? g_new (int, product->n + 2) : NULL;
  int *factors = large != NULL ? large : small;
  gboolean nested = FALSE;

  product->constant |= is_constant (self, product->coefficient);
  if (product->constant)
    factors[n++] = orr_expr_normal_merged (self);
  for (int k = 0; k < product->n; k++)
    if (product->factors[k].exponent != 0.0)
      factors[n++] = orr_expr_normal_power (self, product->factors[k].base, product->factors[k].exponent);
  if (product->exponent >= 0)
    factors[n++] = orr_expr_normal_func (self, ORR_EXPR_OP_EXP, product->exponent, -1);
  for (int k = product->constant ? 1 : 0; k < n; k++)
    nested |= NODE (factors[k])->kind == KIND_PROD || NODE (factors[k])->kind == KIND_NUM
              || (self->merge && NODE (factors[k])->kind == KIND_CONST);
  if (product->constant)
    product->coefficient = 1.0;
  if (nested)
    return orr_expr_normal_product (self, product->coefficient, factors, n);
  if (n == 0)
    return orr_expr_normal_number (self, product->coefficient);
  if (n == 1 && product->coefficient == 1.0)
    return factors[0];
  if (n == 1 && NODE (factors[0])->kind == KIND_SUM)
    return scale_sum (self, factors[0], product->coefficient);
  for (int k = 1; k < n && product->constant; k++)
    if (NODE (factors[k])->kind == KIND_SUM)
      {
        int absorbed = absorb_constant (self, factors[k]);
        if (absorbed < 0)
          continue;
        factors[k] = absorbed;
        return orr_expr_normal_product (self, 1.0, factors + 1, n - 1);
      }
  sort (self, factors, n, compare_factors);
  return orr_expr_normal_add (self, KIND_PROD, 0, 0, product->coefficient, factors, n);
}

/* Product of a number and any nodes: flattened, like factors gathered, sorted. */
int
orr_expr_normal_product (OrrExprNormalizer *self, double coefficient, const int *factors, int n)
{
  int total = 0;

  for (int i = 0; i < n; i++)
    total += NODE (factors[i])->kind == KIND_PROD ? NODE (factors[i])->n : 1;

  Factor small[SMALL];
  g_autofree Factor *large = total > SMALL ? g_new (Factor, total) : NULL;
  Product product = { large != NULL ? large : small, 0, coefficient, FALSE, -1 };
  for (int i = 0; i < n; i++)
    if (NODE (factors[i])->kind == KIND_PROD)
      {
        product.coefficient *= NODE (factors[i])->value;
        for (int k = 0; k < NODE (factors[i])->n; k++)
          gather (self, &product, CHILD (factors[i], k));
      }
    else
      gather (self, &product, factors[i]);
  if (product.coefficient == 0.0)
    return orr_expr_normal_number (self, 0.0);
  return finish_product (self, &product);
}

/* --- Powers --- */

static int
power_of_product (OrrExprNormalizer *self, int base, double exponent)
{
  double coefficient = NODE (base)->value;
  gboolean integer = orr_expr_normal_is_integer (exponent);
  int n = NODE (base)->n;
  int small[SMALL];
  g_autofree int *large = n > SMALL ? g_new (int, n) : NULL;
  int *factors = large != NULL ? large : small;

  for (int k = 0; k < n; k++)
    factors[k] = CHILD (base, k);
  if (integer)
    {
      for (int k = 0; k < n; k++)
        factors[k] = orr_expr_normal_power (self, factors[k], exponent);
      return orr_expr_normal_product (self, pow (coefficient, exponent), factors, n);
    }

  /* A root may only lose what is positive: a positive number, or a constant of the family. */
  gboolean constant = self->merge && NODE (factors[0])->kind == KIND_CONST;
  double scale = constant ? 1.0 : fabs (coefficient);
  double sign = constant || coefficient > 0.0 ? 1.0 : -1.0;
  int rest = constant || n == 0 ? orr_expr_normal_product (self, sign, factors + 1, n - 1)
                                : orr_expr_normal_product (self, sign, factors, n);
  if (scale == 1.0 && !constant)
    return orr_expr_normal_add (self, KIND_POWER, 0, 0, exponent, &base, 1);
  int both[2] = { orr_expr_normal_power (self, rest, exponent), constant ? orr_expr_normal_merged (self) : -1 };
  return orr_expr_normal_product (self, pow (scale, exponent), both, constant ? 2 : 1);
}

/* @base to the power of a number. */
int
orr_expr_normal_power (OrrExprNormalizer *self, int base, double exponent)
{
  OrrExprNormalKind kind = NODE (base)->kind;

  if (exponent == 0.0)
    return orr_expr_normal_number (self, 1.0);
  if (exponent == 1.0)
    return base;
  if (kind == KIND_NUM && NODE (base)->value == 0.0 && exponent < 0.0)
    exponent = -1.0;
  if (kind == KIND_NUM && isfinite (pow (NODE (base)->value, exponent)))
    return orr_expr_normal_number (self, pow (NODE (base)->value, exponent));
  if (kind == KIND_CONST && self->merge)
    return base;
  if (kind == KIND_POWER)
    {
      double inner = NODE (base)->value;
      int child = CHILD (base, 0);

      if (orr_expr_normal_is_integer (exponent))
        return orr_expr_normal_power (self, child, inner * exponent);
      if (orr_expr_normal_is_even (inner))
        return orr_expr_normal_power (self, orr_expr_normal_func (self, ORR_EXPR_OP_ABS, child, -1), inner * exponent);
      /* The inner root is only defined, and then not negative, where child is not negative. */
      if (!orr_expr_normal_is_integer (inner))
        return orr_expr_normal_power (self, child, inner * exponent);
    }
  if (kind == KIND_PROD)
    return power_of_product (self, base, exponent);
  if (kind == KIND_FUNC && NODE (base)->op == ORR_EXPR_OP_ABS && orr_expr_normal_is_even (exponent))
    return orr_expr_normal_power (self, CHILD (base, 0), exponent);
  if (kind == KIND_FUNC && NODE (base)->op == ORR_EXPR_OP_EXP)
    {
      int inner = CHILD (base, 0);
      return orr_expr_normal_func (self, ORR_EXPR_OP_EXP, orr_expr_normal_product (self, exponent, &inner, 1), -1);
    }
  if (kind == KIND_SUM && orr_expr_normal_is_integer (exponent))
    {
      double content;
      base = primitive_sum (self, base, &content);
      int power = orr_expr_normal_add (self, KIND_POWER, 0, 0, exponent, &base, 1);
      return content == 1.0 ? power : orr_expr_normal_product (self, pow (content, exponent), &power, 1);
    }
  return orr_expr_normal_add (self, KIND_POWER, 0, 0, exponent, &base, 1);
}
