/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <math.h>

#include "orr-seeds-private.h"

#define MAX_ABOVE 6
#define MAX_BELOW 4
#define N_COEFFICIENTS (MAX_ABOVE + MAX_BELOW + 2)
/* Rounds of weighing the rows by the denominator found (Sanathanan and Koerner 1963). */
#define N_ROUNDS 3
#define N_KEPT 3

/* p(x)/q(x) of one variable; coefficients by power. */
typedef struct
{
  guint  variable;
  guint  above, below;
  double p[MAX_ABOVE + 1], q[MAX_BELOW + 1];
  double error; /* 1 - R2 */
  double score; /* Bayesian information criterion */
} Quotient;

static double
polynomial (const double *coefficients, guint degree, double x)
{
  double value = coefficients[degree];

  for (guint k = degree; k-- > 0;)
    value = value * x + coefficients[k];
  return value;
}

/* The smallest right singular vector of the rows [x^i, -y x^j] / weight, for x scaled to [-1, 1]. */
static gboolean
solve (const OrrSamples *samples, double scale, const double *weights, Quotient *quotient)
{
  gsize n = samples->n, na = quotient->above + 1, cols = na + quotient->below + 1;
  const double *x = samples->x + quotient->variable * samples->stride;
  gsl_matrix *a = gsl_matrix_alloc (n, cols), *v = gsl_matrix_alloc (cols, cols);
  gsl_vector *s = gsl_vector_alloc (cols), *work = gsl_vector_alloc (cols);

  for (gsize i = 0; i < n; i++)
    {
      double power = 1.0 / weights[i];
      for (gsize k = 0; k < MAX (na, cols - na); k++, power *= x[i] / scale)
        {
          if (k < na)
            gsl_matrix_set (a, i, k, power);
          if (k < cols - na)
            gsl_matrix_set (a, i, na + k, -samples->y[i] * power);
        }
    }
  gboolean ok = gsl_linalg_SV_decomp (a, v, s, work) == 0;
  for (gsize k = 0; ok && k < cols; k++)
    if (k < na)
      quotient->p[k] = gsl_matrix_get (v, k, cols - 1);
    else
      quotient->q[k - na] = gsl_matrix_get (v, k, cols - 1);
  gsl_matrix_free (a);
  gsl_matrix_free (v);
  gsl_vector_free (s);
  gsl_vector_free (work);
  return ok;
}

static double
misfit (const OrrSamples *samples, double scale, const Quotient *quotient)
{
  const double *x = samples->x + quotient->variable * samples->stride;
  double mean = 0.0, sst = 0.0, sse = 0.0;

  for (gsize i = 0; i < samples->n; i++)
    mean += samples->y[i] / samples->n;
  for (gsize i = 0; i < samples->n; i++)
    {
      double value = polynomial (quotient->p, quotient->above, x[i] / scale) / polynomial (quotient->q, quotient->below, x[i] / scale);
      sst += (samples->y[i] - mean) * (samples->y[i] - mean);
      sse += (value - samples->y[i]) * (value - samples->y[i]);
    }
  return sst > 0.0 && isfinite (sse) ? sse / sst : INFINITY;
}

static gboolean
fit_quotient (const OrrSamples *samples, double scale, Quotient *quotient)
{
  g_autofree double *weights = g_new (double, samples->n);
  const double *x = samples->x + quotient->variable * samples->stride;
  guint n_free = quotient->above + quotient->below + 1;

  if (samples->n < n_free + 4)
    return FALSE;
  for (gsize i = 0; i < samples->n; i++)
    weights[i] = 1.0;
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      if (!solve (samples, scale, weights, quotient))
        return FALSE;
      for (gsize i = 0; i < samples->n; i++)
        weights[i] = MAX (fabs (polynomial (quotient->q, quotient->below, x[i] / scale)), 1e-9);
    }
  quotient->error = misfit (samples, scale, quotient);
  quotient->score = samples->n * log (MAX (quotient->error, 1e-22)) + n_free * log (samples->n) * 2.0;
  return isfinite (quotient->error);
}

/* In x itself, without what is lost in the noise, divided by the coefficient that leaves the most whole numbers. */
static void
clean (Quotient *quotient, double scale)
{
  guint n = 0, best = 0, most = 0;
  double all[N_COEFFICIENTS], largest = 0.0, tolerance = MAX (1e-8, 3.0 * sqrt (quotient->error));

  for (guint k = 0; k <= quotient->above; k++)
    all[n++] = quotient->p[k];
  double power = 1.0, largest_above = 0.0;
  for (guint k = 0; k <= quotient->above; k++)
    largest_above = MAX (largest_above, fabs (quotient->p[k]));
  for (guint k = 0; k <= quotient->below; k++)
    {
      all[n++] = quotient->q[k];
      largest = MAX (largest, fabs (quotient->q[k]));
    }
  for (guint k = 0; k < n; k++)
    {
      gboolean below = k > quotient->above;
      guint degree = below ? k - quotient->above - 1 : k;
      power = pow (scale, -(double) degree);
      all[k] = fabs (all[k]) < tolerance * (below ? largest : largest_above) ? 0.0 : all[k] * power;
    }
  for (guint k = 0; k < n; k++)
    {
      guint whole = 0;
      for (guint j = 0; j < n && all[k] != 0.0; j++)
        whole += all[j] == 0.0 || fabs (all[j] / all[k] - rint (all[j] / all[k])) < 1e-6 * MAX (1.0, fabs (all[j] / all[k]));
      if (whole > most)
        {
          most = whole;
          best = k;
        }
    }
  for (guint k = 0; k < n && most > 0; k++)
    if (k <= quotient->above)
      quotient->p[k] = all[k] / all[best];
    else
      quotient->q[k - quotient->above - 1] = all[k] / all[best];
}

/* Horner's scheme over the powers that are there. */
static void
write_polynomial (OrrSeedWriter *writer, const double *coefficients, guint degree, guint variable)
{
  guint low = 0;

  while (low < degree && coefficients[low] == 0.0)
    low++;
  guint next = low + 1;
  while (next <= degree && coefficients[next] == 0.0)
    next++;
  gboolean last = next > degree;

  if (low > 0 && last && coefficients[low] == 1.0)
    {
      orr_seed_writer_power (writer, variable, low);
      return;
    }
  if (low > 0)
    {
      orr_seed_writer_put (writer, "mul");
      orr_seed_writer_power (writer, variable, low);
    }
  if (last)
    {
      orr_seed_writer_number (writer, coefficients[low]);
      return;
    }
  double rest[MAX_ABOVE + 1] = { 0.0 };
  orr_seed_writer_put (writer, "add");
  orr_seed_writer_number (writer, coefficients[low]);
  for (guint k = next; k <= degree; k++)
    rest[k - low] = coefficients[k];
  write_polynomial (writer, rest, degree - low, variable);
}

static void
write_quotient (const Quotient *quotient, guint64 legal, GArray *seeds)
{
  OrrSeedWriter writer = { .legal = legal };
  gboolean whole = TRUE;

  for (guint k = 1; k <= quotient->below; k++)
    whole = whole && quotient->q[k] == 0.0;
  if (!whole)
    orr_seed_writer_put (&writer, "div");
  write_polynomial (&writer, quotient->p, quotient->above, quotient->variable);
  if (!whole)
    write_polynomial (&writer, quotient->q, quotient->below, quotient->variable);
  orr_seed_writer_finish (&writer, seeds);
}

static int
compare_quotients (gconstpointer a, gconstpointer b)
{
  const Quotient *p = a, *q = b;
  return (p->score > q->score) - (p->score < q->score);
}

/* The few quotients of polynomials of one variable that tell most of y for their length. */
void
orr_seeds_rational (const OrrSamples *samples, guint64 legal, GArray *seeds)
{
  g_autoptr (GArray) quotients = g_array_new (FALSE, FALSE, sizeof (Quotient));

  for (guint v = 0; v < MIN (samples->n_variables, ORR_ACTIONS_VARIABLES); v++)
    {
      double scale = 0.0;
      for (gsize i = 0; i < samples->n; i++)
        scale = MAX (scale, fabs (samples->x[v * samples->stride + i]));
      g_array_set_size (quotients, 0);
      for (guint above = 0; scale > 0.0 && above <= MAX_ABOVE; above++)
        for (guint below = 0; below <= MAX_BELOW; below++)
          {
            Quotient quotient = { .variable = v, .above = above, .below = below };
            if (above + below > 0 && fit_quotient (samples, scale, &quotient) && quotient.error < 0.3)
              g_array_append_val (quotients, quotient);
          }
      g_array_sort (quotients, compare_quotients);
      for (guint i = 0; i < MIN (quotients->len, N_KEPT); i++)
        {
          Quotient *quotient = &g_array_index (quotients, Quotient, i);
          clean (quotient, scale);
          write_quotient (quotient, legal, seeds);
        }
    }
}
