/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-seeds-around.h"

#include <math.h>
#include <string.h>

#include "orr-expr-program.h"
#include "orr-seeds-private.h"

/* Seeds of one phase. */
#define N_KEPT 4
/* Share of y, as it stands, that makes one worth a fit. */
#define MIN_SHARE 0.6
/* Larger values tell nothing but where the poles are. */
#define LARGEST 1e6
#define MAX_DEPTH 2

typedef enum { SINE, COSINE, TANGENT, EXPONENTIAL, LOGARITHM, ROOT, SQUARE, CUBE, SIZE, INVERSE, TANH, ATAN, SINH, COSH, FOURTH, N_LINKS } Link;

static const struct { const char *operator, *before, *behind; } links[N_LINKS] = {
  [SINE] = { "sin", NULL, NULL },     [COSINE] = { "cos", NULL, NULL },  [TANGENT] = { "tan", NULL, NULL },
  [EXPONENTIAL] = { "exp", NULL, NULL }, [LOGARITHM] = { "ln", NULL, NULL }, [ROOT] = { "sqrt", NULL, NULL },
  [SQUARE] = { "pow", NULL, "2" },    [CUBE] = { "pow", NULL, "3" },     [SIZE] = { "abs", NULL, NULL },
  [INVERSE] = { "div", "1", NULL },   [TANH] = { "tanh", NULL, NULL },   [ATAN] = { "atan", NULL, NULL },
  [SINH] = { "sinh", NULL, NULL },    [COSH] = { "cosh", NULL, NULL },   [FOURTH] = { "pow", NULL, "4" },
};

/* A wave of the phase or of half of it, shifted by quarters of a turn, with functions of functions around it. */
typedef struct
{
  gboolean half, tangent;
  guint    shift;
  guint    depth;
  guint8   links[MAX_DEPTH]; /* the innermost first */
  double   share;
} Around;

static double
follow (Link link, double x)
{
  switch (link)
    {
    case SINE:
      return sin (x);
    case COSINE:
      return cos (x);
    case TANGENT:
      return tan (x);
    case EXPONENTIAL:
      return exp (x);
    case LOGARITHM:
      return log (x);
    case ROOT:
      return sqrt (x);
    case SQUARE:
      return x * x;
    case CUBE:
      return x * x * x;
    case SIZE:
      return fabs (x);
    case INVERSE:
      return 1.0 / x;
    case TANH:
      return tanh (x);
    case ATAN:
      return atan (x);
    case SINH:
      return sinh (x);
    case COSH:
      return cosh (x);
    default:
      return x * x * x * x;
    }
}

/* Correlation with y, squared; 0 where it has no values. */
static double
share_of (const double *values, const double *y, gsize n)
{
  double x = 0.0, z = 0.0, xx = 0.0, xz = 0.0, zz = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      if (!(fabs (values[i]) < LARGEST))
        return 0.0;
      x += values[i] / n;
      z += y[i] / n;
    }
  for (gsize i = 0; i < n; i++)
    {
      xx += (values[i] - x) * (values[i] - x);
      xz += (values[i] - x) * (y[i] - z);
      zz += (y[i] - z) * (y[i] - z);
    }
  return xx > 1e-12 * n * x * x && zz > 0.0 ? xz * xz / (xx * zz) : 0.0;
}

/* Keeps the best few, the best first. */
static void
note (Around *best, const Around *one)
{
  guint at = N_KEPT;

  if (!(one->share > best[N_KEPT - 1].share))
    return;
  for (at = N_KEPT - 1; at > 0 && best[at - 1].share < one->share; at--)
    best[at] = best[at - 1];
  best[at] = *one;
}

/* Its share of y, and those of all functions around it. */
static void
look_around (const double *values, const double *y, gsize n, guint64 legal, Around *around, Around *best)
{
  g_autofree double *outer = g_new (double, n);

  around->share = share_of (values, y, n);
  note (best, around);
  for (guint link = 0; around->depth < MAX_DEPTH && link < N_LINKS; link++)
    {
      if ((legal >> orr_action_from_name (links[link].operator) & 1) == 0)
        continue;
      for (gsize i = 0; i < n; i++)
        outer[i] = follow (link, values[i]);
      around->links[around->depth++] = link;
      look_around (outer, y, n, legal, around, best);
      around->depth--;
    }
}

static void
put_phase (const OrrSeed *phase, double shift, OrrSeedWriter *writer)
{
  orr_seed_writer_put (writer, "add");
  orr_seed_writer_put (writer, "c");
  if (!writer->failed)
    writer->seed.constants[writer->seed.n_constants++] = phase->constants[0] + shift;
  /* The phase is a sum with a constant in front. */
  for (guint k = 2, slot = 1; k < phase->filling.n[0]; k++)
    {
      orr_seed_writer_put (writer, orr_action_name (phase->filling.actions[0][k]));
      if (phase->filling.actions[0][k] == 0 && !writer->failed)
        writer->seed.constants[writer->seed.n_constants++] = phase->constants[slot++];
    }
}

static void
write_seed (const Around *around, const OrrSeed *phase, guint64 legal, GArray *seeds)
{
  OrrSeedWriter writer = { .legal = legal };

  orr_seed_writer_put (&writer, "add");
  orr_seed_writer_put (&writer, "c");
  orr_seed_writer_put (&writer, "mul");
  orr_seed_writer_put (&writer, "c");
  writer.seed.constants[0] = 0.0;
  writer.seed.constants[1] = 1.0;
  writer.seed.n_constants = 2;
  for (guint k = around->depth; k-- > 0;)
    {
      orr_seed_writer_put (&writer, links[around->links[k]].operator);
      if (links[around->links[k]].before != NULL)
        orr_seed_writer_put (&writer, links[around->links[k]].before);
    }
  orr_seed_writer_put (&writer, around->tangent ? "tan" : "sin");
  if (around->half)
    orr_seed_writer_put (&writer, "div");
  put_phase (phase, around->shift * G_PI / 2.0, &writer);
  if (around->half)
    orr_seed_writer_put (&writer, "2");
  for (guint k = 0; k < around->depth; k++)
    if (links[around->links[k]].behind != NULL)
      orr_seed_writer_put (&writer, links[around->links[k]].behind);
  orr_seed_writer_finish (&writer, seeds);
}

/**
 * orr_seeds_around:
 * @samples: up to a few hundred rows
 * @y: (array): [samples->n] what sin(@phase) has a good share of
 * @phase: a sum whose first term is a constant, and its constants
 * @legal: bit k: action k may be used
 * @seeds: (element-type OrrSeed): gets the best
 *
 * Functions of that wave, or of a wave or a tangent of half of the phase: a law
 * such as sin(sin(u)^3) or exp(tan(u)^2) has the wave sin(u) or cos(2 u) in it,
 * and is known by it before it is known itself.
 */
void
orr_seeds_around (const OrrSamples *samples, const double *y, const OrrSeed *phase, guint64 legal, GArray *seeds)
{
  gsize n = samples->n;
  g_autofree double *turn = g_new (double, n), *values = g_new (double, n);
  g_autoptr (OrrExpr) expr = orr_actions_to_expr (phase->filling.actions[0], phase->filling.n[0]);
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (expr);
  Around best[N_KEPT] = { { 0 } };

  orr_expr_program_eval (program, phase->constants, samples->x, samples->stride, n, turn);
  for (guint kind = 0; kind < 3; kind++)
    for (guint shift = 0; shift < 8; shift += kind == 0 ? 2 : 1)
      {
        Around around = { .half = kind > 0, .tangent = kind == 2, .shift = shift };
        /* A sine comes back after a whole turn, a tangent after half of one. */
        if (shift >= (kind == 1 ? 8 : 4))
          break;
        for (gsize i = 0; i < n; i++)
          {
            double angle = (turn[i] + shift * G_PI / 2.0) * (around.half ? 0.5 : 1.0);
            values[i] = around.tangent ? tan (angle) : sin (angle);
          }
        look_around (values, y, n, legal, &around, best);
      }
  for (guint k = 0; k < N_KEPT && best[k].share > MIN_SHARE; k++)
    write_seed (&best[k], phase, legal, seeds);
}
