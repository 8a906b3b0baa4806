/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-seeds-sums.h"

#include <math.h>
#include <string.h>

#include "orr-matrix.h"
#include "orr-seeds-library.h"
#include "orr-seeds-private.h"

#define MAX_SUM 5
/* Pairs to start from. */
#define N_PAIRS 6
/* Denominators tried. */
#define MAX_BELOW 20
/* Misfit that is rounding. */
#define EXACT 1e-20
/* Of a sum that is worth a fit. */
#define MAX_ERROR 0.5

struct _OrrSeedSums
{
  OrrSeedLibrary *library;
  guint64         legal;
  OrrSamples      samples;
  float          *gram; /* [terms x terms] */
  double         *target; /* [stride] of a quotient: one more term, the last */
};

/* Terms, an orthonormal basis of what they span, and what is left of y. */
typedef struct
{
  guint  n;
  guint  terms[MAX_SUM];
  double *basis;    /* [MAX_SUM x stride] */
  double *residual; /* [stride] */
  double triangle[MAX_SUM][MAX_SUM]; /* how the terms are made of the basis */
  double shares[MAX_SUM]; /* of the basis in y */
  double error;
} Sum;

typedef struct
{
  guint a, b;
  float share;
} Pair;

static double
dot (const double *a, const double *b, gsize n)
{
  double sums[8] = { 0.0 };

  for (gsize i = 0; i < n; i += 8)
    for (int k = 0; k < 8; k++)
      sums[k] += a[i + k] * b[i + k];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

static const double *
term_values (const OrrSeedSums *self, guint k)
{
  return k < self->library->terms->len ? self->library->values + k * self->library->stride : self->target;
}

/**
 * orr_seed_sums_new:
 * @samples: rows; must outlive it
 * @legal: bit k: action k may be used
 *
 * Correlates all functions of the library with each other, once for all views of y.
 */
OrrSeedSums *
orr_seed_sums_new (const OrrSamples *samples, guint64 legal)
{
  OrrSeedSums *self = g_new0 (OrrSeedSums, 1);

  self->samples = *samples;
  self->legal = legal;
  self->library = orr_seed_library_new (samples, legal);
  self->target = orr_aligned_alloc0 (self->library->stride, sizeof (double));
  guint m = self->library->terms->len;
  self->gram = g_new (float, MAX ((gsize) m * m, 1));
  for (guint a = 0; a < m; a++)
    for (guint b = 0; b <= a; b++)
      self->gram[(gsize) a * m + b] = self->gram[(gsize) b * m + a] = dot (term_values (self, a), term_values (self, b), self->library->stride);
  return self;
}

void
orr_seed_sums_free (OrrSeedSums *self)
{
  if (self == NULL)
    return;
  orr_seed_library_free (self->library);
  g_free (self->gram);
  orr_aligned_free (self->target);
  g_free (self);
}

static void
sum_begin (Sum *sum, const double *y, gsize stride)
{
  sum->n = 0;
  sum->error = 1.0;
  memcpy (sum->residual, y, stride * sizeof (double));
}

/* Adds term @k; FALSE when those there are make it up already. */
static gboolean
sum_add (const OrrSeedSums *self, Sum *sum, guint k)
{
  gsize stride = self->library->stride;
  double *column = sum->basis + sum->n * stride;

  memcpy (column, term_values (self, k), stride * sizeof (double));
  for (guint j = 0; j < sum->n; j++)
    sum->triangle[j][sum->n] = 0.0;
  for (int round = 0; round < 2; round++)
    for (guint j = 0; j < sum->n; j++)
      {
        double share = dot (sum->basis + j * stride, column, stride);
        sum->triangle[j][sum->n] += share;
        for (gsize i = 0; i < stride; i++)
          column[i] -= share * sum->basis[j * stride + i];
      }
  double squares = dot (column, column, stride);
  if (!(squares > 1e-12))
    return FALSE;
  double norm = sqrt (squares), share = 0.0;
  for (gsize i = 0; i < stride; i++)
    column[i] /= norm;
  share = dot (column, sum->residual, stride);
  for (gsize i = 0; i < stride; i++)
    sum->residual[i] -= share * column[i];
  sum->error = dot (sum->residual, sum->residual, stride);
  sum->triangle[sum->n][sum->n] = norm;
  sum->shares[sum->n] = share;
  sum->terms[sum->n++] = k;
  return TRUE;
}

/* The term that explains most of what is left, or -1. */
static int
best_next (const OrrSeedSums *self, const Sum *sum)
{
  gsize stride = self->library->stride;
  double most = 0.0;
  int best = -1;

  for (guint k = 0; k < self->library->terms->len; k++)
    {
      const double *values = term_values (self, k);
      double along = dot (values, sum->residual, stride), left = 1.0;

      if (along * along < most * 1e-3)
        continue;
      for (guint j = 0; j < sum->n; j++)
        {
          double share = dot (values, sum->basis + j * stride, stride);
          left -= share * share;
        }
      if (left > 1e-7 && along * along / left > most)
        {
          most = along * along / left;
          best = k;
        }
    }
  return best;
}

/*
 * What each term is multiplied by, and last what is added, for the y that @sum
 * was begun with. @mean, @norm: of the target, where that is a term.
 */
static void
find_coefficients (const OrrSeedSums *self, const Sum *sum, double mean, double norm, double *coefficients)
{
  const OrrSeedLibrary *library = self->library;
  double offset = 0.0;

  for (guint k = sum->n; k-- > 0;)
    {
      double value = sum->shares[k];
      for (guint j = k + 1; j < sum->n; j++)
        value -= sum->triangle[k][j] * coefficients[j];
      coefficients[k] = value / sum->triangle[k][k];
    }
  for (guint k = 0; k < sum->n; k++)
    {
      gboolean is_target = sum->terms[k] == library->terms->len;
      coefficients[k] /= is_target ? norm : library->norms[sum->terms[k]];
      offset -= coefficients[k] * (is_target ? mean : library->means[sum->terms[k]]);
    }
  coefficients[sum->n] = offset;
}

static void
write_term (const OrrSeedTerm *term, OrrSeedWriter *writer)
{
  for (guint i = 0, slot = 0; i < term->n; i++)
    {
      orr_seed_writer_put (writer, orr_action_name (term->actions[i]));
      if (term->actions[i] == 0 && !writer->failed)
        writer->seed.constants[writer->seed.n_constants++] = term->constants[slot++];
    }
}

/* Terms with their coefficients and an @offset, which may be nothing. */
static void
write_terms (const OrrSeedSums *self, const guint *terms, const double *coefficients, guint n, double offset, gboolean is_nothing,
             OrrSeedWriter *writer)
{
  for (guint k = 0; k < n; k++)
    {
      if (k + 1 < n || !is_nothing)
        orr_seed_writer_put (writer, "add");
      if (fabs (coefficients[k] - 1.0) > 1e-6)
        {
          orr_seed_writer_put (writer, "mul");
          orr_seed_writer_number (writer, coefficients[k]);
        }
      write_term (&g_array_index (self->library->terms, OrrSeedTerm, terms[k]), writer);
    }
  if (!is_nothing)
    orr_seed_writer_number (writer, offset);
}

/* @mean, @norm: of the y itself */
static void
write_sum (const OrrSeedSums *self, const Sum *sum, double mean, double norm, GArray *seeds)
{
  OrrSeedWriter writer = { .legal = self->legal };
  double coefficients[MAX_SUM + 1];

  find_coefficients (self, sum, 0.0, 1.0, coefficients);
  for (guint k = 0; k <= sum->n; k++)
    coefficients[k] *= norm;
  double offset = mean + coefficients[sum->n];
  write_terms (self, sum->terms, coefficients, sum->n, offset, sum->error <= EXACT && fabs (offset) < 1e-9 * norm, &writer);
  orr_seed_writer_finish (&writer, seeds);
}

/* The best pair of every first term, and of these the best few. */
static guint
find_pairs (const OrrSeedSums *self, const double *y, Pair *pairs)
{
  guint m = self->library->terms->len, n = 0;
  g_autofree float *along = g_new (float, m);

  for (guint k = 0; k < m; k++)
    along[k] = dot (term_values (self, k), y, self->library->stride);

  for (guint a = 0; a < m; a++)
    {
      const float *gram = self->gram + (gsize) a * m;
      Pair pair = { a, a, 0.0f };

      for (guint b = a + 1; b < m; b++)
        {
          float g = gram[b], left = 1.0f - g * g;
          float share = left > 1e-5f ? (along[a] * along[a] + along[b] * along[b] - 2.0f * g * along[a] * along[b]) / left : 0.0f;
          if (share > pair.share)
            {
              pair.share = share;
              pair.b = b;
            }
        }
      if (pair.b == a)
        continue;
      guint at = n < N_PAIRS ? n++ : N_PAIRS;
      for (; at > 0 && pairs[at - 1].share < pair.share; at--)
        if (at < N_PAIRS)
          pairs[at] = pairs[at - 1];
      if (at < N_PAIRS)
        pairs[at] = pair;
    }
  return n;
}

static void
keep (Sum *best, const Sum *sum)
{
  if (sum->error >= best->error)
    return;
  best->n = sum->n;
  best->error = sum->error;
  memcpy (best->terms, sum->terms, sizeof sum->terms);
}

/* Begins @sum anew with all terms of @from but number @without. */
static void
sum_rebuild (const OrrSeedSums *self, Sum *sum, const double *y, const Sum *from, guint without)
{
  sum_begin (sum, y, self->library->stride);
  for (guint k = 0; k < from->n; k++)
    if (k != without)
      sum_add (self, sum, from->terms[k]);
}

/* Exchanges terms of @best but the first @n_fixed, one at a time, as long as that helps. */
static void
exchange (const OrrSeedSums *self, Sum *sum, const double *y, guint n_fixed, Sum *best)
{
  guint idle = 0, n = best->n - n_fixed;

  for (guint turn = 0; idle < n && turn < 3 * MAX_SUM && best->error > EXACT; turn++)
    {
      double before = best->error;
      sum_rebuild (self, sum, y, best, n_fixed + turn % n);
      int next = best_next (self, sum);
      if (next >= 0 && sum_add (self, sum, next) && sum->n == best->n)
        keep (best, sum);
      idle = best->error < 0.999 * before ? 0 : idle + 1;
    }
}

/* @y, less @mean and divided by @norm, as sums of terms; the best of every length is written. */
static void
search_sums (OrrSeedSums *self, const double *y, double mean, double norm, GArray *seeds)
{
  gsize stride = self->library->stride;
  g_autofree double *room = g_new0 (double, (MAX_SUM + 1) * stride);
  Sum sum = { .basis = room, .residual = room + MAX_SUM * stride }, best[MAX_SUM + 1];
  Pair pairs[N_PAIRS + 1];

  for (guint k = 0; k <= MAX_SUM; k++)
    best[k] = (Sum){ .error = MAX_ERROR };
  sum_begin (&sum, y, stride);
  int single = best_next (self, &sum);
  if (single >= 0 && sum_add (self, &sum, single))
    keep (&best[1], &sum);
  guint n_pairs = find_pairs (self, y, pairs);
  for (guint p = 0; p < n_pairs; p++)
    {
      sum_begin (&sum, y, stride);
      if (!sum_add (self, &sum, pairs[p].a) || !sum_add (self, &sum, pairs[p].b))
        continue;
      keep (&best[2], &sum);
      while (sum.n < MAX_SUM && sum.error > EXACT)
        {
          int next = best_next (self, &sum);
          if (next < 0 || !sum_add (self, &sum, next))
            break;
          keep (&best[sum.n], &sum);
        }
    }
  for (guint k = 3; k <= MAX_SUM && best[k].n == k && best[k - 1].error > EXACT; k++)
    {
      exchange (self, &sum, y, 0, &best[k]);
      sum_rebuild (self, &sum, y, &best[k], MAX_SUM);
      int next = k < MAX_SUM && sum.error > EXACT ? best_next (self, &sum) : -1;
      if (next >= 0 && sum_add (self, &sum, next))
        keep (&best[k + 1], &sum);
    }
  double last = MAX_ERROR;
  for (guint k = 1; k <= MAX_SUM && last > EXACT; k++)
    if (best[k].error < 0.7 * last)
      {
        sum_rebuild (self, &sum, y, &best[k], MAX_SUM);
        write_sum (self, &sum, mean, norm, seeds);
        last = best[k].error;
      }
}

/* Mean 0 and norm 1; FALSE when that cannot be. */
static gboolean
normalize (double *values, gsize n, double *mean, double *norm)
{
  double squares = 0.0;

  *mean = 0.0;
  for (gsize i = 0; i < n; i++)
    *mean += values[i] / n;
  for (gsize i = 0; i < n; i++)
    {
      values[i] -= *mean;
      squares += values[i] * values[i];
    }
  *norm = sqrt (squares);
  if (!(squares > 0.0) || !isfinite (squares))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    values[i] /= *norm;
  return TRUE;
}

/* y = (a f + b g + ... + offset)/(d - e), the sum being y d less e y; its first term is y itself. */
static void
write_quotient (const OrrSeedSums *self, const Sum *sum, guint below, double e, const double *coefficients, double offset,
                double size, GArray *seeds)
{
  OrrSeedWriter writer = { .legal = self->legal };
  const OrrSeedTerm *term = &g_array_index (self->library->terms, OrrSeedTerm, below);

  orr_seed_writer_put (&writer, "div");
  write_terms (self, sum->terms + 1, coefficients + 1, sum->n - 1, offset, sum->n > 1 && fabs (offset) < 1e-9 * size, &writer);
  if (fabs (e) > 1e-9)
    {
      orr_seed_writer_put (&writer, "add");
      orr_seed_writer_number (&writer, -e);
    }
  write_term (term, &writer);
  orr_seed_writer_finish (&writer, seeds);
}

/* Whether it is no longer than x_1^2 or x_1 - x_2, and made of + and * and powers alone. */
static gboolean
is_algebraic (const OrrSeedTerm *term)
{
  if (term->n > 5 || term->n_constants > 0)
    return FALSE;
  for (guint i = 0; i < term->n; i++)
    {
      const char *name = orr_action_name (term->actions[i]);
      if (orr_action_arity (term->actions[i]) > 0 && !g_str_equal (name, "add") && !g_str_equal (name, "mul") && !g_str_equal (name, "pow"))
        return FALSE;
    }
  return TRUE;
}

/* @product as a sum of powers, divided by term @below; whether it is one. */
static gboolean
divide_powers (const OrrSeedSums *self, const double *product, guint below, GArray *seeds)
{
  g_autoptr (GArray) powers = g_array_new (FALSE, TRUE, sizeof (OrrSeed));

  orr_seeds_powers (&self->samples, product, self->legal, powers);
  for (guint k = 0; k < powers->len; k++)
    {
      const OrrSeed *seed = &g_array_index (powers, OrrSeed, k);
      OrrSeedWriter writer = { .legal = self->legal };
      orr_seed_writer_put (&writer, "div");
      for (guint i = 0; i < seed->filling.n[0]; i++)
        orr_seed_writer_put (&writer, orr_action_name (seed->filling.actions[0][i]));
      memcpy (writer.seed.constants, seed->constants, sizeof seed->constants);
      writer.seed.n_constants = seed->n_constants;
      write_term (&g_array_index (self->library->terms, OrrSeedTerm, below), &writer);
      orr_seed_writer_finish (&writer, seeds);
    }
  return powers->len > 0;
}

/* @y times the simple function @below, as a sum of terms one of which is y. */
static void
search_quotient (OrrSeedSums *self, const double *y, guint below, Sum *sum, Sum *best, GArray *seeds)
{
  const OrrSeedLibrary *library = self->library;
  gsize n = library->n_rows, stride = library->stride;
  guint last = library->terms->len;
  double mean, norm, mean_y, norm_y, coefficients[MAX_SUM + 1];
  Pair pairs[N_PAIRS + 1];
  g_autofree double *product = g_new0 (double, stride);

  for (gsize i = 0; i < n; i++)
    {
      self->target[i] = y[i];
      product[i] = y[i] * (library->norms[below] * term_values (self, below)[i] + library->means[below]);
    }
  if (divide_powers (self, product, below, seeds) || !normalize (self->target, n, &mean_y, &norm_y)
      || !normalize (product, n, &mean, &norm))
    return;
  *best = (Sum){ .error = 1.0 };
  for (guint p = find_pairs (self, product, pairs); p-- > 0 && best->error > EXACT;)
    {
      sum_begin (sum, product, stride);
      if (sum_add (self, sum, last) && sum_add (self, sum, pairs[p].a) && sum_add (self, sum, pairs[p].b))
        keep (best, sum);
    }
  sum_begin (sum, product, stride);
  if (!sum_add (self, sum, last))
    return;
  while (sum->n < 4 && best->error > EXACT && sum->error > EXACT)
    {
      int next = best_next (self, sum);
      if (next < 0 || !sum_add (self, sum, next))
        break;
      keep (best, sum);
      if (sum->n >= 3)
        exchange (self, sum, product, 1, best);
      sum_rebuild (self, sum, product, best, MAX_SUM);
    }
  if (best->error > EXACT || best->n < 2)
    return;
  sum_rebuild (self, sum, product, best, MAX_SUM);
  find_coefficients (self, sum, mean_y, norm_y, coefficients);
  for (guint k = 0; k <= sum->n; k++)
    coefficients[k] *= norm;
  write_quotient (self, sum, below, coefficients[0], coefficients, mean + coefficients[sum->n], norm, seeds);
}

/* Quotients whose denominator is a simple function of the columns, or that and a constant. */
static void
search_quotients (OrrSeedSums *self, const double *y, GArray *seeds)
{
  gsize stride = self->library->stride;
  g_autofree double *room = g_new0 (double, (MAX_SUM + 1) * stride);
  Sum sum = { .basis = room, .residual = room + MAX_SUM * stride }, best;
  guint before = seeds->len, n_tried = 0;

  for (guint k = 0; k < self->library->terms->len && seeds->len == before && n_tried < MAX_BELOW; k++)
    {
      const OrrSeedTerm *term = &g_array_index (self->library->terms, OrrSeedTerm, k);
      /* A column, its powers, sums and products of two of them. */
      if (!is_algebraic (term))
        continue;
      n_tried++;
      search_quotient (self, y, k, &sum, &best, seeds);
    }
}

/**
 * orr_seed_sums_look:
 * @y: (array): [rows] a view of y
 * @with_quotients: by simple functions of the columns, too, which takes longer
 * @seeds: (element-type OrrSeed): gets sums that tell much of it
 *
 * Sums of up to five functions of the columns, all pairs of them tried: what
 * least squares can find without a guess.
 */
void
orr_seed_sums_look (OrrSeedSums *self, const double *y, gboolean with_quotients, GArray *seeds)
{
  gsize n = self->library->n_rows, stride = self->library->stride;
  g_autofree double *normal = g_new0 (double, stride);
  double mean, norm;

  if (n < 8 || self->library->terms->len < 2)
    return;
  memcpy (normal, y, n * sizeof (double));
  if (!normalize (normal, n, &mean, &norm))
    return;
  search_sums (self, normal, mean, norm, seeds);
  orr_seeds_powers (&self->samples, y, self->legal, seeds);
  if (with_quotients)
    {
      guint before = seeds->len;
      orr_seeds_quotients (&self->samples, y, self->legal, seeds);
      if (seeds->len == before)
        search_quotients (self, y, seeds);
    }
}
