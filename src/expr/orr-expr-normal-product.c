/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-normal-private.h"

#include <math.h>

/* Small lists live on the stack; longer ones (people may type anything) on the heap. */
#define SMALL 32

#define NODE(i) (&self->nodes[i])
#define CHILD(i, k) orr_expr_normal_child (self, i, k)

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

/* @term with the coefficient @coefficient instead of its own. */
static int
with_coefficient (OrrExprNormalizer *self, int term, double coefficient)
{
  int n = orr_expr_normal_n_factors (self, term);
  int small[SMALL];
  g_autofree int *large = n > SMALL ? g_new (int, n) : NULL;
  int *factors = large != NULL ? large : small;

  for (int k = 0; k < n; k++)
    factors[k] = orr_expr_normal_factor (self, term, k);
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
      without += NODE (orr_expr_normal_factor (self, term, 0))->kind != KIND_CONST;
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

  product->constant |= orr_expr_normal_is_constant (self, product->coefficient);
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
  orr_expr_normal_sort (self, factors, n, orr_expr_normal_compare_factors);
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
