/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-fit.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-expr-program.h"
#include "orr-expr-starts.h"
#include "orr-matrix.h"

#define MAX_CONSTANTS ORR_EXPR_FIT_MAX_CONSTANTS
#define MAX_DESCENTS 16
/* Waves are looked for among this part of the rows, those nearest 0, too, when that is so many at least. */
#define NEAR_PART 3
#define MIN_NEAR 16
#define MAX_NEAR 128
/* Efforts of fewer starts do without. */
#define MIN_STARTS_NEAR 40
/* Misfit that needs no second look. */
#define EXACT 1e-13

const OrrExprFitEffort orr_expr_fit_glance = { .n_starts = 12, .n_descents = 1, .n_iterations = 8 };
const OrrExprFitEffort orr_expr_fit_quick = { .n_starts = 40, .n_descents = 3, .n_iterations = 25 };
const OrrExprFitEffort orr_expr_fit_thorough = { .n_starts = 160, .n_descents = 6, .n_iterations = 60 };

/*
 * Separable least squares (variable projection; Golub and Pereyra 1973, with
 * Kaufman's Jacobian): with the nonlinear constants given, the linear ones are
 * solved exactly by orthogonalisation, and Levenberg-Marquardt moves the
 * nonlinear ones alone.
 */
struct _OrrExprFitter
{
  OrrSamples samples; /* its own, the rows nearest 0 first */
  double    *rows;
  double     sst;
  double     size; /* (weighted) norm of y */
  double     scale; /* residuals where an expression is not defined */
  double    *roots; /* (nullable): [n] square roots of the weights */

  /* For the expression at hand: */
  OrrExprProgram *program;
  guint           n_constants, n_linear, n_nonlinear;
  guint           linear[MAX_CONSTANTS], nonlinear[MAX_CONSTANTS];
  double          minimum[MAX_CONSTANTS], maximum[MAX_CONSTANTS];
  double          constants[MAX_CONSTANTS];
  double          solved_at[MAX_CONSTANTS];
  gboolean        solved;

  double *values;      /* [n] */
  double *gradient;    /* [MAX_CONSTANTS x n] */
  double *q;           /* [MAX_CONSTANTS x n] orthonormal columns of the linear part */
  double *residual;    /* [n] */
  double  triangle[MAX_CONSTANTS][MAX_CONSTANTS];

  gsl_multifit_nlinear_workspace *workspaces[MAX_CONSTANTS + 1];
  gsl_multifit_nlinear_workspace *near_workspaces[MAX_CONSTANTS + 1];
};

typedef struct
{
  double distance;
  gsize  row;
} Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *p = a, *q = b;

  if (p->distance != q->distance)
    return p->distance < q->distance ? -1 : 1;
  return p->row < q->row ? -1 : p->row > q->row;
}

/* Copies the rows, those first whose columns are all near 0 for their range. */
static void
sort_rows (OrrExprFitter *self, const OrrSamples *samples)
{
  gsize n = samples->n;
  guint v = samples->n_variables;
  g_autofree Place *places = g_new0 (Place, n + 1);

  for (gsize i = 0; i < n; i++)
    places[i].row = i;
  for (guint k = 0; k < v; k++)
    {
      const double *x = samples->x + k * samples->stride;
      double largest = 0.0;
      for (gsize i = 0; i < n; i++)
        largest = fmax (largest, fabs (x[i]));
      for (gsize i = 0; i < n && largest > 0.0; i++)
        places[i].distance = fmax (places[i].distance, fabs (x[i]) / largest);
    }
  qsort (places, n, sizeof (Place), compare_places);

  self->rows = g_new (double, (v + 2) * n + 1);
  double *y = self->rows + v * n, *weights = y + n;
  for (gsize i = 0; i < n; i++)
    {
      for (guint k = 0; k < v; k++)
        self->rows[k * n + i] = samples->x[k * samples->stride + places[i].row];
      y[i] = samples->y[places[i].row];
      weights[i] = samples->weights != NULL ? samples->weights[places[i].row] : 1.0;
    }
  self->samples = (OrrSamples){ self->rows, n, v, y, n, samples->weights != NULL ? weights : NULL, samples->absolute };
}

static double
dot (const double *a, const double *b, gsize n)
{
  double sums[8] = { 0.0 };
  gsize i;

  for (i = 0; i + 8 <= n; i += 8)
    for (int k = 0; k < 8; k++)
      sums[k] += a[i + k] * b[i + k];
  for (; i < n; i++)
    sums[0] += a[i] * b[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

static void
add_scaled (double *a, double times, const double *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    a[i] += times * b[i];
}

static double
weight (const OrrExprFitter *self, gsize i)
{
  return self->samples.weights != NULL ? self->samples.weights[i] : 1.0;
}

/**
 * orr_expr_fitter_new:
 * @samples: copied
 */
OrrExprFitter *
orr_expr_fitter_new (const OrrSamples *samples)
{
  static gsize handler_off = 0;
  OrrExprFitter *self = g_new0 (OrrExprFitter, 1);
  gsize n = samples->n;
  double mean = 0.0, sum = 0.0, squares = 0.0;

  /* GSL would end the program at the first singular matrix. */
  if (g_once_init_enter (&handler_off))
    {
      gsl_set_error_handler_off ();
      g_once_init_leave (&handler_off, 1);
    }
  sort_rows (self, samples);
  samples = &self->samples;
  if (samples->weights != NULL)
    {
      self->roots = g_new (double, MAX (n, 1));
      for (gsize i = 0; i < n; i++)
        self->roots[i] = sqrt (samples->weights[i]);
    }
  for (gsize i = 0; i < n; i++)
    sum += weight (self, i);
  for (gsize i = 0; i < n; i++)
    mean += weight (self, i) * samples->y[i] / sum;
  for (gsize i = 0; i < n; i++)
    self->sst += weight (self, i) * (samples->y[i] - mean) * (samples->y[i] - mean);
  for (gsize i = 0; i < n && self->roots != NULL; i++)
    squares += samples->weights[i] * samples->y[i] * samples->y[i];
  self->size = sqrt (self->roots != NULL ? squares : dot (samples->y, samples->y, n));
  self->scale = 1e3 * sqrt (self->sst / MAX (n, 1)) + 1e-100;
  self->values = orr_aligned_alloc0 (n, sizeof (double));
  self->residual = orr_aligned_alloc0 (n, sizeof (double));
  self->gradient = orr_aligned_alloc0 (MAX_CONSTANTS * n, sizeof (double));
  self->q = orr_aligned_alloc0 (MAX_CONSTANTS * n, sizeof (double));
  return self;
}

void
orr_expr_fitter_free (OrrExprFitter *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k <= MAX_CONSTANTS; k++)
    {
      g_clear_pointer (&self->workspaces[k], gsl_multifit_nlinear_free);
      g_clear_pointer (&self->near_workspaces[k], gsl_multifit_nlinear_free);
    }
  g_free (self->rows);
  g_free (self->roots);
  orr_aligned_free (self->values);
  orr_aligned_free (self->residual);
  orr_aligned_free (self->gradient);
  orr_aligned_free (self->q);
  g_free (self);
}

/* Sum of (weighted) squares of y about its mean. */
double
orr_expr_fitter_sst (const OrrExprFitter *self)
{
  return self->sst;
}

gsize
orr_expr_fitter_n_rows (const OrrExprFitter *self)
{
  return self->samples.n;
}

static void
evaluate (OrrExprFitter *self, gboolean with_gradient)
{
  const OrrSamples *s = &self->samples;

  if (with_gradient)
    orr_expr_program_eval_gradient (self->program, self->constants, s->x, s->stride, s->n, self->values, self->gradient);
  else
    orr_expr_program_eval (self->program, self->constants, s->x, s->stride, s->n, self->values);
  for (guint k = 0; with_gradient && self->roots != NULL && k < self->n_constants; k++)
    for (gsize i = 0; i < s->n; i++)
      self->gradient[k * s->n + i] *= self->roots[i];
}

/* q: the columns of the linear constants made orthonormal (Gram-Schmidt, twice), triangle: how they are made of q. */
static gboolean
orthogonalize (OrrExprFitter *self)
{
  gsize n = self->samples.n;

  for (guint k = 0; k < self->n_linear; k++)
    {
      double *column = self->q + k * n;

      memcpy (column, self->gradient + self->linear[k] * n, n * sizeof (double));
      double before = dot (column, column, n);
      if (!isfinite (before))
        return FALSE;
      for (guint j = 0; j <= k; j++)
        self->triangle[j][k] = 0.0;
      for (int round = 0; round < 2; round++)
        for (guint j = 0; j < k; j++)
          {
            double share = dot (self->q + j * n, column, n);
            self->triangle[j][k] += share;
            add_scaled (column, -share, self->q + j * n, n);
          }
      double after = dot (column, column, n);
      /* A column that the others make up already gets no part. */
      gboolean independent = after > 1e-24 * before && after > 0.0;
      double norm = independent ? sqrt (after) : 0.0;
      self->triangle[k][k] = norm;
      for (gsize i = 0; i < n; i++)
        column[i] = independent ? column[i] / norm : 0.0;
    }
  return TRUE;
}

/*
 * Solves the linear constants for the nonlinear ones in constants; leaves the
 * residual f - y. Returns the sum of its squares, infinite where f is not defined.
 */
static double
project (OrrExprFitter *self)
{
  gsize n = self->samples.n;
  double shares[MAX_CONSTANTS];

  for (guint k = 0; k < self->n_linear; k++)
    self->constants[self->linear[k]] = 0.0;
  evaluate (self, self->n_linear > 0);
  if (self->n_linear > 0 && !orthogonalize (self))
    return INFINITY;
  for (gsize i = 0; i < n; i++)
    self->residual[i] = (self->values[i] - self->samples.y[i]) * (self->roots != NULL ? self->roots[i] : 1.0);
  for (guint k = 0; k < self->n_linear; k++)
    {
      shares[k] = -dot (self->q + k * n, self->residual, n);
      add_scaled (self->residual, shares[k], self->q + k * n, n);
    }
  for (guint k = self->n_linear; k-- > 0;)
    {
      double value = shares[k];
      for (guint j = k + 1; j < self->n_linear; j++)
        value -= self->triangle[k][j] * self->constants[self->linear[j]];
      self->constants[self->linear[k]] = self->triangle[k][k] > 0.0 ? value / self->triangle[k][k] : 0.0;
    }
  double sse = dot (self->residual, self->residual, n);
  return isfinite (sse) ? sse : INFINITY;
}

/*
 * Ranges: the descent moves an inner number u, from -inf to inf, and the constant is
 * a smooth function of it that never leaves its range (James and Roos 1975).
 */
static double
to_inner (const OrrExprFitter *self, guint slot, double value)
{
  double low = self->minimum[slot], high = self->maximum[slot];

  if (isfinite (low) && isfinite (high))
    {
      double share = high > low ? 2.0 * (value - low) / (high - low) - 1.0 : 0.0;
      /* At the very end there is no slope to move along. */
      return asin (CLAMP (share, -0.998, 0.998));
    }
  if (isfinite (low) || isfinite (high))
    {
      double distance = fmax (isfinite (low) ? value - low : high - value, 1e-3);
      return sqrt ((distance + 1.0) * (distance + 1.0) - 1.0);
    }
  return value;
}

static double
from_inner (const OrrExprFitter *self, guint slot, double u)
{
  double low = self->minimum[slot], high = self->maximum[slot];

  if (isfinite (low) && isfinite (high))
    return CLAMP (low + 0.5 * (high - low) * (sin (u) + 1.0), low, high);
  if (isfinite (low))
    return low + (hypot (u, 1.0) - 1.0);
  return isfinite (high) ? high - (hypot (u, 1.0) - 1.0) : u;
}

/* The derivative of from_inner(). */
static double
inner_slope (const OrrExprFitter *self, guint slot, double u)
{
  double low = self->minimum[slot], high = self->maximum[slot];

  if (isfinite (low) && isfinite (high))
    return 0.5 * (high - low) * cos (u);
  if (isfinite (low))
    return u / hypot (u, 1.0);
  return isfinite (high) ? -u / hypot (u, 1.0) : 1.0;
}

static void
take_point (OrrExprFitter *self, const gsl_vector *point)
{
  for (guint k = 0; k < self->n_nonlinear; k++)
    self->constants[self->nonlinear[k]] = from_inner (self, self->nonlinear[k], gsl_vector_get (point, k));
}

static int
residual_cb (const gsl_vector *point, void *user_data, gsl_vector *out)
{
  OrrExprFitter *self = user_data;
  gboolean defined;

  take_point (self, point);
  defined = isfinite (project (self));
  for (gsize i = 0; i < self->samples.n; i++)
    gsl_vector_set (out, i, defined ? self->residual[i] : self->scale);
  for (guint k = 0; k < self->n_nonlinear; k++)
    self->solved_at[k] = gsl_vector_get (point, k);
  self->solved = defined;
  return GSL_SUCCESS;
}

/* The derivatives by the nonlinear constants, less what the linear ones can make up for (Kaufman). */
static int
jacobian_cb (const gsl_vector *point, void *user_data, gsl_matrix *out)
{
  OrrExprFitter *self = user_data;
  gsize n = self->samples.n;
  gboolean same = self->solved;

  for (guint k = 0; k < self->n_nonlinear && same; k++)
    same = self->solved_at[k] == gsl_vector_get (point, k);
  if (!same)
    {
      take_point (self, point);
      self->solved = isfinite (project (self));
    }
  evaluate (self, TRUE);
  for (guint k = 0; k < self->n_nonlinear; k++)
    {
      double *column = self->gradient + self->nonlinear[k] * n;
      for (guint j = 0; j < self->n_linear; j++)
        add_scaled (column, -dot (self->q + j * n, column, n), self->q + j * n, n);
      double slope = inner_slope (self, self->nonlinear[k], gsl_vector_get (point, k));
      for (gsize i = 0; i < n; i++)
        gsl_matrix_set (out, i, k, isfinite (column[i]) ? slope * column[i] : 0.0);
    }
  return GSL_SUCCESS;
}

static gsl_multifit_nlinear_workspace *
get_workspace (OrrExprFitter *self)
{
  gsl_multifit_nlinear_workspace **workspace = self->samples.n == self->samples.stride ? &self->workspaces[self->n_nonlinear]
                                                                                       : &self->near_workspaces[self->n_nonlinear];

  if (*workspace == NULL)
    {
      gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters ();
      parameters.trs = gsl_multifit_nlinear_trs_lm;
      parameters.solver = gsl_multifit_nlinear_solver_cholesky;
      parameters.scale = gsl_multifit_nlinear_scale_more;
      *workspace = gsl_multifit_nlinear_alloc (gsl_multifit_nlinear_trust, &parameters, self->samples.n, self->n_nonlinear);
    }
  return *workspace;
}

/* The end of the constant's range that it is all but at, or NaN. */
static double
near_end (const OrrExprFitter *self, guint slot)
{
  double low = self->minimum[slot], high = self->maximum[slot], value = self->constants[slot];
  double reach = 1e-3 * (isfinite (low) && isfinite (high) ? high - low : fmax (fabs (value), 1.0));

  if (isfinite (low) && value - low <= reach)
    return low;
  return isfinite (high) && high - value <= reach ? high : NAN;
}

/* What crept towards the end of its range goes there, where that fits no worse. */
static double
settle (OrrExprFitter *self, double sse)
{
  for (guint k = 0; k < self->n_nonlinear; k++)
    {
      double kept[MAX_CONSTANTS], end = near_end (self, self->nonlinear[k]);

      if (isnan (end) || end == self->constants[self->nonlinear[k]])
        continue;
      memcpy (kept, self->constants, sizeof kept);
      self->constants[self->nonlinear[k]] = end;
      double there = project (self);
      if (there <= sse)
        sse = there;
      else
        {
          memcpy (self->constants, kept, sizeof kept);
          project (self);
        }
    }
  return sse;
}

/* Levenberg-Marquardt from constants; leaves the solution there. */
static double
descend (OrrExprFitter *self, guint n_iterations)
{
  gsl_multifit_nlinear_workspace *workspace = get_workspace (self);
  gsl_multifit_nlinear_fdf fdf = { .f = residual_cb, .df = jacobian_cb, .n = self->samples.n, .p = self->n_nonlinear,
                                   .params = self };
  double start[MAX_CONSTANTS];
  gsl_vector_view view = gsl_vector_view_array (start, self->n_nonlinear);
  double last = INFINITY;
  int slow = 0;

  for (guint k = 0; k < self->n_nonlinear; k++)
    start[k] = to_inner (self, self->nonlinear[k], self->constants[self->nonlinear[k]]);
  self->solved = FALSE;
  if (gsl_multifit_nlinear_init (&view.vector, &fdf, workspace) == GSL_SUCCESS)
    for (guint i = 0; i < n_iterations && slow < 2; i++)
      {
        if (gsl_multifit_nlinear_iterate (workspace) != GSL_SUCCESS)
          break;
        const gsl_vector *f = gsl_multifit_nlinear_residual (workspace);
        double sse = 0.0;
        for (gsize r = 0; r < f->size; r++)
          sse += gsl_vector_get (f, r) * gsl_vector_get (f, r);
        if (sse <= 1e-26 * self->sst)
          break;
        slow = sse < last * (1.0 - 1e-7) ? 0 : slow + 1;
        last = MIN (sse, last);
      }
  take_point (self, gsl_multifit_nlinear_position (workspace));
  return settle (self, project (self));
}

/* From the full Jacobian at the solution: s^2 (J'J)^-1. */
static void
estimate_errors (OrrExprFitter *self, double sse, OrrExprFit *fit)
{
  gsize n = self->samples.n;
  guint slots[MAX_CONSTANTS], p = 0;
  guint linear[MAX_CONSTANTS], n_linear = self->n_linear;

  for (guint k = 0; k < self->n_constants; k++)
    {
      fit->standard_errors[k] = NAN;
      if (fit->constants[k] > self->minimum[k] && fit->constants[k] < self->maximum[k])
        slots[p++] = k;
    }
  if (n <= p || p == 0)
    return;

  /* For a moment all constants count as linear, so that their columns are orthogonalised. */
  memcpy (linear, self->linear, sizeof linear);
  evaluate (self, TRUE);
  for (guint k = 0; k < self->n_constants && self->size > 0.0; k++)
    {
      const double *column = self->gradient + k * n;
      fit->strain = MAX (fit->strain, fabs (self->constants[k]) * sqrt (dot (column, column, n)) / self->size);
    }
  self->n_linear = p;
  memcpy (self->linear, slots, sizeof slots);
  if (orthogonalize (self))
    {
      double inverse[MAX_CONSTANTS][MAX_CONSTANTS] = { { 0.0 } };
      double variance = self->samples.absolute ? 1.0 : sse / (n - p);
      gboolean regular = TRUE;

      for (guint k = 0; k < p; k++)
        {
          double whole = 0.0;
          for (guint j = 0; j <= k; j++)
            whole += self->triangle[j][k] * self->triangle[j][k];
          /* How much of what this constant does the ones before it cannot do. */
          double own = whole > 0.0 ? self->triangle[k][k] / sqrt (whole) : 0.0;
          fit->strain = MAX (fit->strain, 1e-3 / MAX (own, 1e-12));
          regular &= self->triangle[k][k] > 0.0;
        }
      for (guint k = p; regular && k-- > 0;)
        for (guint j = k; j < p; j++)
          {
            double sum = j == k ? 1.0 : 0.0;
            for (guint l = k + 1; l <= j; l++)
              sum -= self->triangle[k][l] * inverse[l][j];
            inverse[k][j] = sum / self->triangle[k][k];
          }
      for (guint k = 0; regular && k < p; k++)
        fit->standard_errors[slots[k]] = sqrt (variance * dot (&inverse[k][k], &inverse[k][k], p - k));
    }
  self->n_linear = n_linear;
  memcpy (self->linear, linear, sizeof linear);
}

static void
set_expression (OrrExprFitter *self, const OrrExpr *expr, const OrrExprStarts *starts)
{
  g_autofree guint *slots = g_new0 (guint, expr->n_nodes);

  orr_expr_constant_slots (expr, slots);
  self->n_constants = starts->n_constants;
  self->n_linear = self->n_nonlinear = 0;
  for (guint s = 0; s < starts->n_constants; s++)
    if (starts->roles[s] == ORR_EXPR_ROLE_LINEAR)
      self->linear[self->n_linear++] = s;
    else
      self->nonlinear[self->n_nonlinear++] = s;
  for (guint i = 0; i < expr->n_nodes; i++)
    if (orr_expr_is_free (&expr->nodes[i]))
      {
        self->minimum[slots[i]] = expr->nodes[i].minimum;
        self->maximum[slots[i]] = expr->nodes[i].maximum;
      }
}

typedef struct
{
  double sse;
  double constants[MAX_CONSTANTS];
} Start;

/* What lies outside a constant's range starts within it, elsewhere in every @turn. */
static double
into_range (const OrrExprFitter *self, guint slot, double value, guint turn)
{
  double low = self->minimum[slot], high = self->maximum[slot];

  if (value >= low && value <= high)
    return value;
  if (isfinite (low) && isfinite (high))
    return low + fmod (0.5 + 0.6180339887498949 * turn, 1.0) * (high - low);
  return isfinite (low) ? low + fabs (value - low) : high - fabs (value - high);
}

/* Tries all starts and keeps the best few, in order. */
static guint
screen (OrrExprFitter *self, const OrrExprStarts *starts, const OrrExprFitEffort *effort, gboolean from_present, Start *best)
{
  guint n_starts = orr_expr_starts_count (starts, effort->n_starts);
  guint n_descents = CLAMP (effort->n_descents, 1, MAX_DESCENTS), n_best = 0;
  double present[MAX_CONSTANTS];

  orr_expr_program_constants (self->program, present);
  for (guint i = from_present ? 0 : 1; i <= n_starts; i++)
    {
      if (i == 0)
        memcpy (self->constants, present, sizeof present);
      else
        orr_expr_starts_get (starts, i - 1, self->constants);
      for (guint k = 0; k < self->n_constants; k++)
        self->constants[k] = into_range (self, k, self->constants[k], i);

      double sse = project (self);
      if (!isfinite (sse))
        continue;
      guint at = n_best < n_descents ? n_best++ : n_descents;
      for (; at > 0 && best[at - 1].sse > sse; at--)
        if (at < n_descents)
          best[at] = best[at - 1];
      if (at < n_descents)
        {
          best[at].sse = sse;
          memcpy (best[at].constants, self->constants, sizeof self->constants);
        }
    }
  return n_best;
}

/* How many rows count as near, 0 when these are too few. */
static gsize
count_near (const OrrExprFitter *self)
{
  gsize n = self->samples.n / NEAR_PART;

  return n < MAX (MIN_NEAR, self->n_constants + 6) ? 0 : MIN (n, MAX_NEAR);
}

/* Descends from all of @best on all rows, and keeps what is better than @fit. */
static void
follow (OrrExprFitter *self, const Start *best, guint n_best, guint n_iterations, OrrExprFit *fit)
{
  /* As many unknowns as rows leave nothing to descend on. */
  gboolean nonlinear = self->n_nonlinear > 0 && self->samples.n > self->n_constants;

  for (guint k = 0; k < n_best && !(fit->sse <= 1e-20 * self->sst); k++)
    {
      if (!isfinite (best[k].sse))
        continue;
      memcpy (self->constants, best[k].constants, sizeof self->constants);
      double sse = best[k].sse;
      if (nonlinear)
        sse = MIN (descend (self, n_iterations), sse);
      if (sse < fit->sse)
        {
          fit->sse = sse;
          memcpy (fit->constants, self->constants, sizeof self->constants);
        }
    }
}

/*
 * Frequencies must be right to a fraction of a wave over all rows. Over the
 * rows nearest 0 waves are few, so that a grid of as many starts reaches much
 * further; what fits there is then followed over all rows.
 */
static void
look_near (OrrExprFitter *self, const OrrExpr *expr, const OrrExprFitEffort *effort, OrrExprFit *fit)
{
  gsize all = self->samples.n, near = count_near (self);
  OrrExprFitEffort less = { effort->n_starts, 4, 8 };
  OrrExprStarts starts;
  Start best[MAX_DESCENTS + 1];

  if (near == 0)
    return;
  self->samples.n = near;
  orr_expr_starts_init (&starts, expr, &self->samples);
  guint n_best = screen (self, &starts, &less, FALSE, best);
  for (guint k = 0; k < n_best; k++)
    {
      memcpy (self->constants, best[k].constants, sizeof self->constants);
      descend (self, less.n_iterations);
      memcpy (best[k].constants, self->constants, sizeof self->constants);
    }
  self->samples.n = all;
  for (guint k = 0; k < n_best; k++)
    {
      memcpy (self->constants, best[k].constants, sizeof self->constants);
      best[k].sse = project (self);
      memcpy (best[k].constants, self->constants, sizeof self->constants);
    }
  follow (self, best, n_best, effort->n_iterations, fit);
}

/**
 * orr_expr_fitter_run:
 * @expr: without placeholders
 * @from_present: try the values that the constants have now, too
 * @fit: (out): the best constants found
 *
 * Deterministic: the same expression, table and effort give the same numbers.
 *
 * Returns: %FALSE, with an infinite @fit->sse, when the expression is not
 * defined on every row for any constants tried, or has too many constants
 */
gboolean
orr_expr_fitter_run (OrrExprFitter *self, const OrrExpr *expr, const OrrExprFitEffort *effort, gboolean from_present,
                     OrrExprFit *fit)
{
  OrrExprStarts starts;
  Start best[MAX_DESCENTS + 1];

  *fit = (OrrExprFit){ .sse = INFINITY, .r2 = -INFINITY };
  if (orr_expr_constant_slots (expr, NULL) > MAX_CONSTANTS || orr_expr_n_variables (expr) > self->samples.n_variables)
    return FALSE;
  self->program = orr_expr_program_new (expr);
  g_return_val_if_fail (self->program != NULL, FALSE);
  orr_expr_starts_init (&starts, expr, &self->samples);
  set_expression (self, expr, &starts);
  fit->n_constants = self->n_constants;

  guint n_best = screen (self, &starts, effort, from_present, best);
  follow (self, best, n_best, effort->n_iterations, fit);
  if (effort->n_starts >= MIN_STARTS_NEAR && self->n_nonlinear > 0 && !(fit->sse <= EXACT * self->sst)
      && orr_expr_starts_has_waves (&starts))
    look_near (self, expr, effort, fit);
  if (isfinite (fit->sse))
    {
      memcpy (self->constants, fit->constants, sizeof self->constants);
      estimate_errors (self, fit->sse, fit);
      fit->r2 = self->sst > 0.0 ? 1.0 - fit->sse / self->sst : 0.0;
    }
  g_clear_pointer (&self->program, orr_expr_program_free);
  return isfinite (fit->sse);
}

/**
 * orr_expr_fit:
 * @fit: (out) (optional): how well it fits
 * @error: (out): %ORR_ERROR_INPUT for placeholders and missing columns, %ORR_ERROR_NUMERIC
 *   when the expression is not defined on the rows
 *
 * Fits the free constants of @expr with all the effort there is; its structure stays.
 *
 * Returns: (transfer full) (nullable): @expr with its constants fitted
 */
OrrExpr *
orr_expr_fit (const OrrExpr *expr, const OrrSamples *samples, OrrExprFit *fit, GError **error)
{
  OrrExprFit own;
  g_autoptr (OrrExprFitter) fitter = NULL;

  if (fit == NULL)
    fit = &own;
  if (orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER) > 0)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The expression still has placeholders");
  else if (orr_expr_n_variables (expr) > samples->n_variables)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The expression uses x_%u, but the table has %u columns beside the target",
                 orr_expr_n_variables (expr), samples->n_variables);
  else if (orr_expr_constant_slots (expr, NULL) > MAX_CONSTANTS)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The expression has more than %d free constants", MAX_CONSTANTS);
  else
    {
      fitter = orr_expr_fitter_new (samples);
      if (orr_expr_fitter_run (fitter, expr, &orr_expr_fit_thorough, TRUE, fit))
        return orr_expr_set_constants (expr, fit->constants, fit->standard_errors);
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_NUMERIC, "The expression is not defined on every row of the table");
    }
  return NULL;
}
