/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-seeds-chains.h"

#include <math.h>
#include <string.h>

#include "orr-expr-program.h"
#include "orr-matrix.h"
#include "orr-seeds-private.h"

/* Room for so many; the shortest are made first. */
#define MAX_CHAINS 20000
#define MAX_DEPTH 3
#define BASE_LENGTH 7
/* Values larger than this lose too many digits in a wave. */
#define LARGEST 1e7
/* Misfit that may be rounding, in single precision. */
#define ALL_BUT_EXACT 4e-6f
/* Seeds of one view of y. */
#define N_KEPT 3
/* Chains evaluated at a time. */
#define BLOCK 256

/* An operator, and a number behind or before its operand. */
static const struct { const char *operator, *before, *behind; } links[] = {
  { "sin", NULL, NULL },  { "cos", NULL, NULL },  { "tan", NULL, NULL },  { "exp", NULL, NULL },  { "ln", NULL, NULL },
  { "sqrt", NULL, NULL }, { "pow", NULL, "2" },   { "pow", NULL, "3" },   { "abs", NULL, NULL },  { "div", "1", NULL },
  { "pow", NULL, "4" },   { "pow", NULL, "5" },   { "tanh", NULL, NULL }, { "atan", NULL, NULL }, { "sinh", NULL, NULL },
  { "cosh", NULL, NULL }, { "asin", NULL, NULL }, { "acos", NULL, NULL }, { "coth", NULL, NULL },
};
#define N_LINKS G_N_ELEMENTS (links)

/* Arguments in preorder, x and z being columns; chains of those first in their list get deepest. */
static const char *const bases_of_one[] = {
  "x", "mul 2 x", "add x 1", "add x -1", "mul 3 x", "add x 2", "add x -2", "add x 3", "add x -3", "add x pow x 2",
};
static const char *const bases_of_two[] = {
  "add x z", "add x mul -1 z", "mul x z", "div x z", "div z x", "add x mul 2 z", "add z mul 2 x", "add x mul -2 z", "add z mul -2 x",
  "add pow x 2 z", "add x pow z 2", "add pow x 2 pow z 2", "mul pow x 2 z", "mul x pow z 2",
};
#define N_DEEP_OF_ONE 2
#define N_DEEP_OF_TWO 3

typedef struct
{
  OrrAction actions[BASE_LENGTH];
  guint8    n;
  gboolean  deep;
} Base;

typedef struct
{
  guint8 base;
  guint8 depth;
  guint8 links[MAX_DEPTH]; /* the innermost first */
} Chain;

struct _OrrSeedChains
{
  OrrSamples samples;
  guint64    legal;
  gsize      stride; /* rows, rounded up */
  GArray    *bases;
  GArray    *chains;
  double    *raw;    /* [MAX_CHAINS x rows] values of those that are made longer */
  float     *normal; /* [MAX_CHAINS x stride] mean 0 and norm 1 */
  GHashTable *known; /* what values come to, to tell those that are the same */
};

static float
dot (const float *a, const float *b, gsize n)
{
  float sums[16] = { 0.0f }, sum = 0.0f;

  for (gsize i = 0; i < n; i += 16)
    for (int k = 0; k < 16; k++)
      sums[k] += a[i + k] * b[i + k];
  for (int k = 0; k < 16; k++)
    sum += sums[k];
  return sum;
}

/* Mean 0 and norm 1, padded with zeros; FALSE when these values are no use. */
static gboolean
normalize (const double *values, gsize n, gsize stride, float *out)
{
  double mean = 0.0, squares = 0.0, largest = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      mean += values[i] / n;
      largest = fmax (largest, fabs (values[i]));
    }
  for (gsize i = 0; i < n; i++)
    squares += (values[i] - mean) * (values[i] - mean);
  if (!(squares > 1e-14 * n * largest * largest) || !isfinite (squares) || largest > LARGEST)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    out[i] = (values[i] - mean) / sqrt (squares);
  memset (out + n, 0, (stride - n) * sizeof (float));
  return TRUE;
}

/* The same for equal values, but for rounding. */
static gint64
fingerprint (const double *values, gsize n)
{
  double sum = 0.0;
  int exponent;

  for (gsize i = 0; i < n; i++)
    sum += values[i] * sin (1.7 * i + 0.3);
  double mantissa = frexp (sum, &exponent);
  return llrint (ldexp (mantissa, 34)) * 4096 + exponent;
}

/* Takes over the values of a chain, unless they are no use or there already. */
static void
add (OrrSeedChains *self, const Chain *chain, const double *values)
{
  guint k = self->chains->len;
  float *normal = self->normal + k * self->stride;

  if (k == MAX_CHAINS || !normalize (values, self->samples.n, self->stride, normal))
    return;
  gint64 *key = g_new (gint64, 1);
  *key = fingerprint (values, self->samples.n);
  if (!g_hash_table_add (self->known, key))
    return;
  memcpy (self->raw + k * self->samples.n, values, self->samples.n * sizeof (double));
  g_array_append_val (self->chains, *chain);
}

static gboolean
read_base (const char *text, guint x, guint z, guint64 legal, Base *base)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  base->n = 0;
  for (guint k = 0; words[k] != NULL; k++)
    {
      int action = g_str_equal (words[k], "x")   ? (int) (ORR_ACTIONS_FIRST_VARIABLE + x)
                   : g_str_equal (words[k], "z") ? (int) (ORR_ACTIONS_FIRST_VARIABLE + z)
                                                 : orr_action_from_name (words[k]);
      if (action < 0 || (legal >> action & 1) == 0 || base->n == BASE_LENGTH)
        return FALSE;
      base->actions[base->n++] = action;
    }
  return TRUE;
}

static void
add_base (OrrSeedChains *self, const char *text, guint x, guint z, gboolean deep)
{
  Base base = { .deep = deep };
  Chain chain = { .base = self->bases->len };
  g_autofree double *values = g_new (double, self->samples.n);

  if (!read_base (text, x, z, self->legal, &base))
    return;
  g_autoptr (OrrExpr) expr = orr_actions_to_expr (base.actions, base.n);
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (expr);
  orr_expr_program_eval (program, NULL, self->samples.x, self->samples.stride, self->samples.n, values);
  guint before = self->chains->len;
  add (self, &chain, values);
  if (self->chains->len > before)
    g_array_append_val (self->bases, base);
}

static void
add_bases (OrrSeedChains *self)
{
  guint n_variables = MIN (self->samples.n_variables, ORR_ACTIONS_VARIABLES);

  for (guint v = 0; v < n_variables; v++)
    for (guint k = 0; k < G_N_ELEMENTS (bases_of_one); k++)
      add_base (self, bases_of_one[k], v, 0, k < N_DEEP_OF_ONE);
  for (guint a = 0; a < n_variables; a++)
    for (guint b = a + 1; b < n_variables; b++)
      for (guint k = 0; k < G_N_ELEMENTS (bases_of_two); k++)
        add_base (self, bases_of_two[k], a, b, k < N_DEEP_OF_TWO);
}

/* A program for one link, its operand being the first column; NULL when it may not be used. */
static OrrExprProgram *
link_program (guint link, guint64 legal)
{
  const char *words[] = { links[link].operator, links[link].before, "x_1", links[link].behind };
  OrrAction actions[4];
  guint n = 0;

  for (guint k = 0; k < G_N_ELEMENTS (words); k++)
    {
      if (words[k] == NULL)
        continue;
      int action = orr_action_from_name (words[k]);
      if (k != 2 && (legal >> action & 1) == 0)
        return NULL;
      actions[n++] = action;
    }
  g_autoptr (OrrExpr) expr = orr_actions_to_expr (actions, n);
  return orr_expr_program_new (expr);
}

/* All links put around the chains from @from to @to. */
static void
lengthen (OrrSeedChains *self, guint from, guint to, guint depth)
{
  gsize n = self->samples.n;
  g_autofree double *values = g_new (double, BLOCK * n);

  for (guint link = 0; link < N_LINKS; link++)
    {
      g_autoptr (OrrExprProgram) program = link_program (link, self->legal);
      if (program == NULL)
        continue;
      for (guint first = from; first < to; first += BLOCK)
        {
          guint many = MIN (BLOCK, to - first);
          orr_expr_program_eval (program, NULL, self->raw + first * n, many * n, many * n, values);
          for (guint k = 0; k < many; k++)
            {
              Chain chain = g_array_index (self->chains, Chain, first + k);
              if (depth == MAX_DEPTH && !g_array_index (self->bases, Base, chain.base).deep)
                continue;
              chain.links[chain.depth++] = link;
              add (self, &chain, values + k * n);
            }
        }
    }
}

/**
 * orr_seed_chains_new:
 * @samples: up to a few hundred rows; must outlive it
 * @legal: bit k: action k may be used
 */
OrrSeedChains *
orr_seed_chains_new (const OrrSamples *samples, guint64 legal)
{
  OrrSeedChains *self = g_new0 (OrrSeedChains, 1);
  guint from = 0;

  self->samples = *samples;
  self->legal = legal;
  self->stride = (samples->n + 15) & ~(gsize) 15;
  self->bases = g_array_new (FALSE, FALSE, sizeof (Base));
  self->chains = g_array_new (FALSE, FALSE, sizeof (Chain));
  self->raw = g_new (double, MAX_CHAINS * MAX (samples->n, 1));
  self->normal = orr_aligned_alloc0 (MAX_CHAINS * self->stride, sizeof (float));
  self->known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  add_bases (self);
  for (guint depth = 1; depth <= MAX_DEPTH; depth++)
    {
      guint to = self->chains->len;
      lengthen (self, from, to, depth);
      from = to;
    }
  g_clear_pointer (&self->raw, g_free);
  g_clear_pointer (&self->known, g_hash_table_unref);
  return self;
}

void
orr_seed_chains_free (OrrSeedChains *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->bases);
  g_array_unref (self->chains);
  g_free (self->raw);
  orr_aligned_free (self->normal);
  g_free (self);
}

/* In preorder: the outermost link first, and what stands behind operands last. */
static void
write_chain (const OrrSeedChains *self, const Chain *chain, OrrSeedWriter *writer)
{
  const Base *base = &g_array_index (self->bases, Base, chain->base);

  for (guint k = chain->depth; k-- > 0;)
    {
      orr_seed_writer_put (writer, links[chain->links[k]].operator);
      if (links[chain->links[k]].before != NULL)
        orr_seed_writer_put (writer, links[chain->links[k]].before);
    }
  for (guint k = 0; k < base->n; k++)
    orr_seed_writer_put (writer, orr_action_name (base->actions[k]));
  for (guint k = 0; k < chain->depth; k++)
    if (links[chain->links[k]].behind != NULL)
      orr_seed_writer_put (writer, links[chain->links[k]].behind);
}

/* c * chain + c, to be fitted. */
static void
write_seed (const OrrSeedChains *self, const Chain *chain, GArray *seeds)
{
  OrrSeedWriter writer = { .legal = self->legal };

  orr_seed_writer_put (&writer, "add");
  orr_seed_writer_number (&writer, 0.5);
  orr_seed_writer_put (&writer, "mul");
  orr_seed_writer_number (&writer, 1.5);
  write_chain (self, chain, &writer);
  orr_seed_writer_finish (&writer, seeds);
  /* As it stands, for a law that has no such constants. */
  writer = (OrrSeedWriter){ .legal = self->legal };
  write_chain (self, chain, &writer);
  orr_seed_writer_finish (&writer, seeds);
}

/**
 * orr_seed_chains_look:
 * @y: (array): [rows] a view of y
 * @seeds: (element-type OrrSeed): gets the chains that are y but for a scale and an offset
 */
void
orr_seed_chains_look (const OrrSeedChains *self, const double *y, GArray *seeds)
{
  g_autofree float *normal = g_new (float, self->stride);
  guint n_exact = 0;

  if (!normalize (y, self->samples.n, self->stride, normal))
    return;
  for (guint k = 0; k < self->chains->len && n_exact < N_KEPT; k++)
    {
      float along = dot (self->normal + k * self->stride, normal, self->stride), share = along * along;
      if (share > 1.0f - ALL_BUT_EXACT)
        {
          write_seed (self, &g_array_index (self->chains, Chain, k), seeds);
          n_exact++;
        }
    }
}
