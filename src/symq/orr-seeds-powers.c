/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <string.h>

#include "orr-seeds-private.h"

#define V ORR_ACTIONS_VARIABLES
#define MAX_TERMS 40
#define MAX_POWER 12
/* A sum of powers that misses by more is none. */
#define EXACT 1e-18
/* Parts of y that are smaller than this are what rounding left. */
#define NOTHING 1e-10
/* The same of a quotient, which is found less exactly. */
#define NOTHING_OF_QUOTIENT 1e-7
/* Longer ones cannot be written anyway. */
#define MAX_LEFT 9

/* coefficient * x_1^power[0] * x_2^power[1] * ... */
typedef struct
{
  guint8 power[V];
  double coefficient;
} Monomial;

static void
fill_column (const OrrSamples *samples, const Monomial *monomial, double *out)
{
  for (gsize i = 0; i < samples->n; i++)
    {
      out[i] = 1.0;
      for (guint v = 0; v < MIN (samples->n_variables, V); v++)
        for (guint k = 0; k < monomial->power[v]; k++)
          out[i] *= samples->x[v * samples->stride + i];
    }
}

static double
dot (const double *a, const double *b, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/*
 * Least squares by orthogonalisation, twice; sets the coefficients. @sizes: how
 * much of y each is, in units of its norm. Returns the share of y that is left.
 */
static double
solve (const OrrSamples *samples, const double *y, Monomial *monomials, guint m, double *sizes)
{
  gsize n = samples->n;
  g_autofree double *q = g_new (double, m * n + n);
  double *residual = q + m * n;
  double triangle[MAX_TERMS][MAX_TERMS], shares[MAX_TERMS], norms[MAX_TERMS], whole = dot (y, y, n);

  memcpy (residual, y, n * sizeof (double));
  for (guint k = 0; k < m; k++)
    {
      double *column = q + k * n;
      fill_column (samples, &monomials[k], column);
      norms[k] = sqrt (dot (column, column, n));
      for (guint j = 0; j < k; j++)
        triangle[j][k] = 0.0;
      for (int round = 0; round < 2; round++)
        for (guint j = 0; j < k; j++)
          {
            double share = dot (q + j * n, column, n);
            triangle[j][k] += share;
            for (gsize i = 0; i < n; i++)
              column[i] -= share * q[j * n + i];
          }
      triangle[k][k] = sqrt (dot (column, column, n));
      if (!(triangle[k][k] > 1e-11 * norms[k]))
        return 1.0;
      for (gsize i = 0; i < n; i++)
        column[i] /= triangle[k][k];
      shares[k] = dot (column, residual, n);
      for (gsize i = 0; i < n; i++)
        residual[i] -= shares[k] * column[i];
    }
  for (guint k = m; k-- > 0;)
    {
      double value = shares[k];
      for (guint j = k + 1; j < m; j++)
        value -= triangle[k][j] * monomials[j].coefficient;
      monomials[k].coefficient = value / triangle[k][k];
      sizes[k] = fabs (monomials[k].coefficient) * norms[k] / sqrt (whole);
    }
  return dot (residual, residual, n) / whole;
}

/* Drops, the smallest first, every power that y does without. */
static guint
drop_nothings (const OrrSamples *samples, const double *y, Monomial *monomials, guint m)
{
  double sizes[MAX_TERMS];

  while (m > 1)
    {
      Monomial shorter[MAX_TERMS];
      guint least = 0;

      solve (samples, y, monomials, m, sizes);
      for (guint k = 1; k < m; k++)
        if (sizes[k] < sizes[least])
          least = k;
      if (sizes[least] > 1e-4)
        break;
      memcpy (shorter, monomials, m * sizeof (Monomial));
      memmove (shorter + least, shorter + least + 1, (m - 1 - least) * sizeof (Monomial));
      if (sizes[least] > NOTHING && solve (samples, y, shorter, m - 1, sizes) > EXACT)
        break;
      memcpy (monomials, shorter, --m * sizeof (Monomial));
    }
  return solve (samples, y, monomials, m, sizes) <= EXACT ? m : 0;
}

/* All powers of up to @degree together; how many. */
static guint
make_monomials (guint n_variables, guint degree, Monomial *monomials)
{
  guint m = 0;

  for (guint total = 0; total <= degree; total++)
    for (guint a = 0; a <= (n_variables > 0 ? total : 0); a++)
      for (guint b = 0; b <= (n_variables > 1 ? total - a : 0); b++)
        {
          guint c = total - a - b;
          if ((n_variables < 3 && c > 0) || m == MAX_TERMS)
            continue;
          monomials[m++] = (Monomial){ { a, b, c }, 0.0 };
        }
  return m;
}

/* The factor x_v^p: powers above 5 are products of two. */
static void
write_power (OrrSeedWriter *writer, guint variable, guint power)
{
  if (power > 5)
    {
      orr_seed_writer_put (writer, "mul");
      orr_seed_writer_power (writer, variable, power - power / 2);
      power /= 2;
    }
  orr_seed_writer_power (writer, variable, power);
}

/* Horner's scheme: the column that most terms share is put before the brackets, as often as they all have it. */
static void
write_terms (OrrSeedWriter *writer, const Monomial *terms, guint n)
{
  Monomial with[MAX_TERMS], without[MAX_TERMS];
  guint most = 0, variable = 0, n_with = 0, n_without = 0, power = MAX_POWER;

  for (guint v = 0; v < V; v++)
    {
      guint count = 0;
      for (guint k = 0; k < n; k++)
        count += terms[k].power[v] > 0;
      if (count > most)
        {
          most = count;
          variable = v;
        }
    }
  if (most == 0)
    {
      orr_seed_writer_number (writer, terms[0].coefficient);
      return;
    }
  for (guint k = 0; k < n; k++)
    if (terms[k].power[variable] > 0)
      {
        power = MIN (power, terms[k].power[variable]);
        with[n_with++] = terms[k];
      }
    else
      without[n_without++] = terms[k];
  for (guint k = 0; k < n_with; k++)
    with[k].power[variable] -= power;
  if (n_without > 0)
    {
      orr_seed_writer_put (writer, "add");
      write_terms (writer, without, n_without);
    }
  gboolean bare = n_with == 1 && with[0].coefficient == 1.0;
  for (guint v = 0; v < V; v++)
    bare = bare && with[0].power[v] == 0;
  if (!bare)
    orr_seed_writer_put (writer, "mul");
  write_power (writer, variable, power);
  if (!bare)
    write_terms (writer, with, n_with);
}

/* Drops what is nothing beside the largest of its kind, and takes it times @factor; how many are left. */
static guint
clean (Monomial *terms, guint n, const double *norms, double factor)
{
  double largest = 0.0;
  guint left = 0;

  for (guint k = 0; k < n; k++)
    largest = fmax (largest, fabs (terms[k].coefficient * norms[k]));
  for (guint k = 0; k < n; k++)
    if (fabs (terms[k].coefficient * norms[k]) > NOTHING_OF_QUOTIENT * largest)
      {
        terms[left] = terms[k];
        terms[left++].coefficient *= factor;
      }
  return left;
}

static double
norm_column (gsl_matrix *a, guint column)
{
  gsl_vector_view view = gsl_matrix_column (a, column);
  double norm = 0.0;

  for (gsize i = 0; i < a->size1; i++)
    norm = hypot (norm, gsl_vector_get (&view.vector, i));
  if (norm > 0.0)
    gsl_vector_scale (&view.vector, 1.0 / norm);
  return norm;
}

/* y q(x) - p(x) = 0: the direction in which the rows leave the coefficients of @p and @q free; FALSE when there is not just one. */
static gboolean
solve_quotient (const OrrSamples *samples, const double *y, Monomial *p, guint n_p, Monomial *q, guint n_q, double *norms)
{
  gsize n = samples->n, m = n_p + n_q;
  g_autofree double *column = g_new (double, n);
  gsl_matrix *a = gsl_matrix_alloc (n, m), *v = gsl_matrix_alloc (m, m);
  gsl_vector *s = gsl_vector_alloc (m), *work = gsl_vector_alloc (m);

  for (guint k = 0; k < m; k++)
    {
      fill_column (samples, k < n_p ? &p[k] : &q[k - n_p], column);
      for (gsize i = 0; i < n; i++)
        gsl_matrix_set (a, i, k, k < n_p ? column[i] : -y[i] * column[i]);
      norms[k] = norm_column (a, k);
    }
  gboolean found = gsl_linalg_SV_decomp (a, v, s, work) == 0 && gsl_vector_get (s, m - 1) < 1e-10 * gsl_vector_get (s, 0)
                   && gsl_vector_get (s, m - 2) > 1e-7 * gsl_vector_get (s, 0);
  for (guint k = 0; k < m && found; k++)
    *(k < n_p ? &p[k].coefficient : &q[k - n_p].coefficient) = norms[k] > 0.0 ? gsl_matrix_get (v, k, m - 1) / norms[k] : 0.0;
  gsl_matrix_free (a);
  gsl_matrix_free (v);
  gsl_vector_free (s);
  gsl_vector_free (work);
  return found;
}

/**
 * orr_seeds_quotients:
 * @y: (array): [rows] a view of y
 *
 * @y as a quotient of two sums of products of powers of several columns, when
 * that is what it is, of the lowest degrees that do. (Of one column, and with
 * noise, see orr_seeds_rational().)
 */
void
orr_seeds_quotients (const OrrSamples *samples, const double *y, guint64 legal, GArray *seeds)
{
  static const guint8 degrees[][2] = { { 1, 1 }, { 2, 1 }, { 1, 2 }, { 2, 2 }, { 3, 1 }, { 1, 3 }, { 3, 2 }, { 2, 3 }, { 3, 3 }, { 4, 2 }, { 2, 4 } };
  guint n_variables = MIN (samples->n_variables, V);
  double norms[2 * MAX_TERMS];
  Monomial p[MAX_TERMS], q[MAX_TERMS];

  for (guint k = 0; n_variables > 1 && k < G_N_ELEMENTS (degrees); k++)
    {
      guint n_p = make_monomials (n_variables, degrees[k][0], p), n_q = make_monomials (n_variables, degrees[k][1], q);
      if (samples->n < n_p + n_q + 6 || !solve_quotient (samples, y, p, n_p, q, n_q, norms))
        continue;
      double largest = 0.0, unit = 1.0;
      for (guint i = 0; i < n_q; i++)
        if (fabs (q[i].coefficient * norms[n_p + i]) > largest)
          {
            largest = fabs (q[i].coefficient * norms[n_p + i]);
            unit = q[i].coefficient;
          }
      n_q = clean (q, n_q, norms + n_p, 1.0 / unit);
      n_p = clean (p, n_p, norms, 1.0 / unit);
      OrrSeedWriter writer = { .legal = legal };
      orr_seed_writer_put (&writer, "div");
      write_terms (&writer, p, n_p);
      write_terms (&writer, q, n_q);
      orr_seed_writer_finish (&writer, seeds);
      return;
    }
}

/**
 * orr_seeds_powers:
 * @y: (array): [rows] a view of y
 *
 * @y as a sum of products of powers of the columns, when that is what it is:
 * all are fitted at once, and those whose coefficient is nothing are dropped.
 */
void
orr_seeds_powers (const OrrSamples *samples, const double *y, guint64 legal, GArray *seeds)
{
  static const guint degrees[V + 1] = { 0, 9, 6, 4 };
  guint n_variables = MIN (samples->n_variables, V);
  Monomial monomials[MAX_TERMS];
  double sizes[MAX_TERMS];

  for (guint degree = 2; degree <= degrees[n_variables]; degree = degree < 4 ? 4 : degree < 6 ? 6 : degree + 3)
    {
      guint m = make_monomials (n_variables, degree, monomials);
      if (samples->n < m + 6)
        return;
      if (solve (samples, y, monomials, m, sizes) > EXACT)
        continue;
      m = drop_nothings (samples, y, monomials, m);
      if (m == 0 || m > MAX_LEFT)
        return;
      OrrSeedWriter writer = { .legal = legal };
      write_terms (&writer, monomials, m);
      orr_seed_writer_finish (&writer, seeds);
      return;
    }
}
