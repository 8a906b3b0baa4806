/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-seeds-library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-expr-program.h"
#include "orr-matrix.h"

/* Room for this many; the simplest are made first. */
#define MAX_TERMS 1600
/* Waves of each column: frequencies half a resolution apart. */
#define N_FREQUENCIES 32

/* In preorder, x and z being columns, a number that is no action a free constant. Factors make products with each other. */
static const char *const factors[] = {
  "x", "pow x 2", "pow x 3", "div 1 x", "div 1 pow x 2", "abs x", "sqrt abs x", "ln abs x", "exp x", "exp mul -1 x",
  "sin x", "cos x", "tan x", "tanh x", "atan x",
};

static const char *const singles[] = {
  "pow x 4", "pow x 5", "pow pow x 2 3", "sqrt x", "ln x", "cosh x", "sinh x", "exp mul 2 x", "exp mul 0.5 x", "exp mul -0.5 x",
  "exp mul -1 pow x 2", "sin pow x 2", "cos pow x 2", "pow sin x 2", "pow sin x 3", "pow cos x 3", "exp sin x", "exp cos x", "sin exp x",
  "div 1 add 1 pow x 2", "ln add 1 pow x 2", "div 1 pow x 3", "sin sqrt abs x", "cos sqrt abs x", "sin div 1 x", "cos div 1 x",
  "atan mul 2 x", "tanh mul 2 x", "atan mul 0.5 x", "tanh mul 0.5 x", "abs add 1.5 x", "abs add -1.5 x", "abs add 4 x", "abs add -3 x", "sqrt abs sin x", "sqrt abs cos x", "abs sin x", "abs cos x",
  "ln abs sin x", "ln abs cos x", "sin sin x", "sin cos x", "cos sin x", "cos cos x", "div 1 sin x", "div 1 cos x", "pow tan x 2",
  "exp pow sin x 2", "sqrt add 1 pow x 2",
};

static const char *const pairs[] = {
  "add x z", "add x mul -1 z", "mul x z", "div x z", "div z x", "sin add x z", "cos add x z", "sin add x mul -1 z", "cos add x mul -1 z",
  "tan add x z", "tan add x mul -1 z", "exp add x z", "exp add x mul -1 z", "exp add z mul -1 x", "sqrt abs add x z",
  "sqrt abs add x mul -1 z", "ln abs add x z", "ln abs add x mul -1 z", "div 1 add x z", "div 1 add x mul -1 z", "abs add x z",
  "abs add x mul -1 z", "sin mul x z", "cos mul x z", "tan mul x z", "exp mul x z", "sin div x z", "cos div x z", "sin div z x",
  "cos div z x", "exp div x z", "exp div z x", "sqrt abs mul x z", "sqrt add pow x 2 pow z 2", "ln add pow x 2 pow z 2", "pow x z", "pow z x",
  "abs mul x z", "pow add x z 3", "pow add x z 4", "tanh add x z", "atan add x z", "tanh mul x z", "atan mul x z", "atan div x z",
  "div x add x z", "div z add x z", "sqrt abs div x z",
};

typedef struct
{
  OrrSeedLibrary   *library;
  const OrrSamples *samples;
  guint64           legal;
} Maker;

static gboolean
append (OrrSeedTerm *term, int action, guint64 legal)
{
  if (action < 0 || (legal >> action & 1) == 0 || term->n == ORR_SEED_TERM_LENGTH)
    return FALSE;
  term->actions[term->n++] = action;
  return TRUE;
}

/* A number: an action where it is one, or else a free constant. */
static gboolean
append_number (OrrSeedTerm *term, const char *text, guint64 legal)
{
  int action = orr_action_from_name (text);

  if (action >= 0)
    return append (term, action, legal);
  if (term->n_constants == ORR_SEED_TERM_CONSTANTS || !append (term, orr_action_from_name ("c"), legal))
    return FALSE;
  term->constants[term->n_constants++] = g_ascii_strtod (text, NULL);
  return TRUE;
}

/**
 * orr_seed_term_read:
 * @text: actions in preorder, x and z being columns @x and @z, a number that is no action a free constant
 * @legal: bit k: action k may be used
 *
 * Returns: %FALSE when it may not be used, or is too long
 */
gboolean
orr_seed_term_read (const char *text, guint x, guint z, guint64 legal, OrrSeedTerm *term)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  gboolean ok = TRUE;

  *term = (OrrSeedTerm){ .n = 0 };
  for (guint k = 0; ok && words[k] != NULL; k++)
    if (g_str_equal (words[k], "x") || g_str_equal (words[k], "z"))
      ok = append (term, ORR_ACTIONS_FIRST_VARIABLE + (words[k][0] == 'x' ? x : z), legal);
    else
      ok = append_number (term, words[k], legal);
  return ok;
}

/* Mean 0 and norm 1; FALSE when the rows leave nothing of it. */
static gboolean
normalize (double *values, gsize n, double *mean_out, double *norm_out)
{
  double mean = 0.0, squares = 0.0, largest = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      mean += values[i] / n;
      largest = MAX (largest, fabs (values[i]));
    }
  if (!isfinite (mean) || largest > 1e12)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      values[i] -= mean;
      squares += values[i] * values[i];
    }
  if (!(squares > 1e-18 * n * largest * largest))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    values[i] /= sqrt (squares);
  *mean_out = mean;
  *norm_out = sqrt (squares);
  return TRUE;
}

/* Whether no term so far has the same values. */
static gboolean
is_new (const OrrSeedLibrary *library, const double *values)
{
  for (guint k = 0; k < library->terms->len; k++)
    {
      const double *other = library->values + k * library->stride;
      double along = 0.0;
      /* Nearly always the first rows tell. */
      if (fabs (fabs (other[0]) - fabs (values[0])) > 1e-9 || fabs (fabs (other[1]) - fabs (values[1])) > 1e-9)
        continue;
      for (gsize i = 0; i < library->n_rows; i++)
        along += other[i] * values[i];
      if (fabs (along) > 1.0 - 1e-12)
        return FALSE;
    }
  return TRUE;
}

/* @raw: (array): [rows] its values; spoiled */
static void
add (Maker *maker, const OrrSeedTerm *term, double *raw)
{
  OrrSeedLibrary *library = maker->library;
  guint k = library->terms->len;

  if (k >= MAX_TERMS || !normalize (raw, library->n_rows, &library->means[k], &library->norms[k]) || !is_new (library, raw))
    return;
  memcpy (library->values + k * library->stride, raw, library->n_rows * sizeof (double));
  g_array_append_val (library->terms, *term);
}

/* @values: (out) (array): [samples->n] */
gboolean
orr_seed_term_eval (const OrrSeedTerm *term, const OrrSamples *samples, double *values)
{
  g_autoptr (OrrExpr) expr = orr_actions_to_expr (term->actions, term->n);
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (expr);

  if (program == NULL)
    return FALSE;
  orr_expr_program_eval (program, term->constants, samples->x, samples->stride, samples->n, values);
  return TRUE;
}

static void
make (Maker *maker, const char *text, guint x, guint z, double *values)
{
  OrrSeedTerm term;

  if (orr_seed_term_read (text, x, z, maker->legal, &term) && orr_seed_term_eval (&term, maker->samples, values))
    add (maker, &term, values);
}

static void
make_products (Maker *maker, guint n_variables, double *values)
{
  gsize n = maker->samples->n;
  guint n_factors = n_variables * G_N_ELEMENTS (factors);
  g_autofree OrrSeedTerm *terms = g_new0 (OrrSeedTerm, n_factors);
  g_autofree double *each = g_new (double, n_factors * n);
  guint count = 0;

  for (guint v = 0; v < n_variables; v++)
    for (guint k = 0; k < G_N_ELEMENTS (factors); k++)
      if (orr_seed_term_read (factors[k], v, 0, maker->legal, &terms[count])
          && orr_seed_term_eval (&terms[count], maker->samples, each + count * n))
        count++;
  for (guint a = 0; a < count; a++)
    for (guint b = a + 1; b < count; b++)
      {
        OrrSeedTerm product = { .n = 0 };
        if (!append (&product, orr_action_from_name ("mul"), maker->legal) || terms[a].n + terms[b].n >= ORR_SEED_TERM_LENGTH)
          continue;
        memcpy (product.actions + 1, terms[a].actions, terms[a].n);
        memcpy (product.actions + 1 + terms[a].n, terms[b].actions, terms[b].n);
        product.n += terms[a].n + terms[b].n;
        for (gsize i = 0; i < n; i++)
          values[i] = each[a * n + i] * each[b * n + i];
        add (maker, &product, values);
      }
}

static void
make_waves (Maker *maker, guint v, double *values)
{
  static const char *const waves[] = { "sin", "cos" };
  const double *x = maker->samples->x + v * maker->samples->stride;
  double low = INFINITY, high = -INFINITY;

  for (gsize i = 0; i < maker->samples->n; i++)
    {
      low = MIN (low, x[i]);
      high = MAX (high, x[i]);
    }
  for (guint k = 1; k <= N_FREQUENCIES && high > low; k++)
    for (guint w = 0; w < 2; w++)
      {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_dtostr (number, sizeof number, k * G_PI / (2.0 * (high - low)));
        g_autofree char *text = g_strdup_printf ("%s mul %s x", waves[w], number);
        make (maker, text, v, 0, values);
      }
}

/**
 * orr_seed_library_new:
 * @samples: up to a few hundred rows
 * @legal: bit k: action k may be used
 *
 * Returns: (transfer full): what is defined on every row and allowed, the simplest first
 */
OrrSeedLibrary *
orr_seed_library_new (const OrrSamples *samples, guint64 legal)
{
  OrrSeedLibrary *self = g_new0 (OrrSeedLibrary, 1);
  guint n_variables = MIN (samples->n_variables, ORR_ACTIONS_VARIABLES);
  Maker maker = { self, samples, legal };
  g_autofree double *values = g_new (double, samples->n);

  self->n_rows = samples->n;
  self->stride = (samples->n + 7) & ~(gsize) 7;
  self->terms = g_array_new (FALSE, FALSE, sizeof (OrrSeedTerm));
  self->values = orr_aligned_alloc0 (MAX_TERMS * self->stride, sizeof (double));
  self->means = g_new0 (double, MAX_TERMS);
  self->norms = g_new0 (double, MAX_TERMS);
  for (guint v = 0; v < n_variables; v++)
    for (guint k = 0; k < G_N_ELEMENTS (factors); k++)
      make (&maker, factors[k], v, 0, values);
  for (guint v = 0; v < n_variables; v++)
    for (guint k = 0; k < G_N_ELEMENTS (singles); k++)
      make (&maker, singles[k], v, 0, values);
  for (guint a = 0; a < n_variables; a++)
    for (guint b = a + 1; b < n_variables; b++)
      for (guint k = 0; k < G_N_ELEMENTS (pairs); k++)
        make (&maker, pairs[k], a, b, values);
  make_products (&maker, n_variables, values);
  for (guint v = 0; v < n_variables; v++)
    make_waves (&maker, v, values);
  return self;
}

void
orr_seed_library_free (OrrSeedLibrary *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->terms);
  orr_aligned_free (self->values);
  g_free (self->means);
  g_free (self->norms);
  g_free (self);
}
