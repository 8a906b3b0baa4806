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
  return self->library->values + k * self->library->stride;
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

/* What each term is multiplied by, and last what is added, for the y that @sum was begun with. */
static void
find_coefficients (const OrrSeedSums *self, const Sum *sum, double *coefficients)
{
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
      coefficients[k] /= self->library->norms[sum->terms[k]];
      offset -= coefficients[k] * self->library->means[sum->terms[k]];
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

/* @mean, @norm: of the y itself */
static void
write_sum (const OrrSeedSums *self, const Sum *sum, double mean, double norm, GArray *seeds)
{
  OrrSeedWriter writer = { .legal = self->legal };
  double coefficients[MAX_SUM + 1];

  find_coefficients (self, sum, coefficients);
  double offset = mean + norm * coefficients[sum->n];
  gboolean is_nothing = sum->error <= EXACT && fabs (offset) < 1e-9 * norm;
  for (guint k = 0; k < sum->n; k++)
    {
      double value = norm * coefficients[k];
      if (k + 1 < sum->n || !is_nothing)
        orr_seed_writer_put (&writer, "add");
      if (fabs (value - 1.0) > 1e-6)
        {
          orr_seed_writer_put (&writer, "mul");
          orr_seed_writer_number (&writer, value);
        }
      write_term (&g_array_index (self->library->terms, OrrSeedTerm, sum->terms[k]), &writer);
    }
  if (!is_nothing)
    orr_seed_writer_number (&writer, offset);
  orr_seed_writer_finish (&writer, seeds);
}

/* The best pair of every first term, and of these the best few. */
static guint
find_pairs (const OrrSeedSums *self, const float *along, Pair *pairs)
{
  guint m = self->library->terms->len, n = 0;

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

/* Exchanges terms of @best, one at a time, as long as that helps. */
static void
exchange (const OrrSeedSums *self, Sum *sum, const double *y, Sum *best)
{
  guint idle = 0;

  for (guint turn = 0; idle < best->n && turn < 3 * MAX_SUM && best->error > EXACT; turn++)
    {
      double before = best->error;
      sum_rebuild (self, sum, y, best, turn % best->n);
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
  guint m = self->library->terms->len;
  g_autofree float *along = g_new (float, m);
  g_autofree double *room = g_new0 (double, (MAX_SUM + 1) * stride);
  Sum sum = { .basis = room, .residual = room + MAX_SUM * stride }, best[MAX_SUM + 1];
  Pair pairs[N_PAIRS + 1];
  guint single = 0;

  for (guint k = 0; k < m; k++)
    {
      along[k] = dot (term_values (self, k), y, stride);
      if (fabsf (along[k]) > fabsf (along[single]))
        single = k;
    }
  for (guint k = 0; k <= MAX_SUM; k++)
    best[k] = (Sum){ .error = MAX_ERROR };
  sum_begin (&sum, y, stride);
  if (sum_add (self, &sum, single))
    keep (&best[1], &sum);
  guint n_pairs = find_pairs (self, along, pairs);
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
      exchange (self, &sum, y, &best[k]);
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

/**
 * orr_seed_sums_look:
 * @y: (array): [rows] a view of y
 * @seeds: (element-type OrrSeed): gets sums that tell much of it
 *
 * Sums of up to five functions of the columns, all pairs of them tried: what
 * least squares can find without a guess.
 */
void
orr_seed_sums_look (OrrSeedSums *self, const double *y, GArray *seeds)
{
  gsize n = self->library->n_rows, stride = self->library->stride;
  g_autofree double *normal = g_new0 (double, stride);
  double mean = 0.0, squares = 0.0;

  if (n < 8 || self->library->terms->len < 2)
    return;
  for (gsize i = 0; i < n; i++)
    mean += y[i] / n;
  for (gsize i = 0; i < n; i++)
    {
      normal[i] = y[i] - mean;
      squares += normal[i] * normal[i];
    }
  if (!(squares > 0.0) || !isfinite (squares))
    return;
  for (gsize i = 0; i < n; i++)
    normal[i] /= sqrt (squares);
  search_sums (self, normal, mean, sqrt (squares), seeds);
  orr_seeds_powers (&self->samples, y, self->legal, seeds);
}
