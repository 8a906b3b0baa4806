/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-fit.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-error.h"
#include "orr-expr-fit-private.h"
#include "orr-expr-starts.h"
#include "orr-matrix.h"

#define MAX_DESCENTS 16
/* Starts are tried out on so many rows of a table that has many times more. */
#define N_SCREENED 4096
#define N_LONG (4 * N_SCREENED)
/* Waves are looked for among this part of the rows, those nearest 0, too, or a few more than there are constants. */
#define NEAR_PART 5
#define MIN_NEAR 9
#define MAX_NEAR 128
/* So many times as many starts when one constant is all that is looked for. */
#define MORE_FOR_ONE 12
/* Efforts of fewer starts do without. */
#define MIN_STARTS_NEAR 16
/* Rows whose y lies further from the median than so many times what is usual are left for last. */
#define TAME 6.0
/* What leaves more than this part of the rows looked at unexplained is not followed further. */
#define MAX_MISFIT 0.5
/* What leaves less is all but right, and worth every digit. */
#define POLISHED 1e-6
/* Misfit that needs no second look. */
#define EXACT 1e-13

const OrrExprFitEffort orr_expr_fit_glance = { .n_starts = 16, .n_descents = 1, .n_iterations = 8 };
const OrrExprFitEffort orr_expr_fit_quick = { .n_starts = 40, .n_descents = 3, .n_iterations = 25 };
const OrrExprFitEffort orr_expr_fit_close = { .n_starts = 100, .n_descents = 4, .n_iterations = 25 };
const OrrExprFitEffort orr_expr_fit_thorough = { .n_starts = 160, .n_descents = 6, .n_iterations = 60 };

typedef struct
{
  gboolean wild;
  double   distance;
  gsize    row;
} Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *p = a, *q = b;

  if (p->wild != q->wild)
    return p->wild ? 1 : -1;
  if (p->distance != q->distance)
    return p->distance < q->distance ? -1 : 1;
  return p->row < q->row ? -1 : p->row > q->row;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double p = *(const double *) a, q = *(const double *) b;
  return (p > q) - (p < q);
}

static double
median (double *values, gsize n)
{
  qsort (values, n, sizeof (double), compare_doubles);
  return values[n / 2];
}

/*
 * Marks the rows where y is far out, as it is beside a pole: sums of squares know of
 * little else, and only constants that are all but right bring a pole near enough to
 * its place for these rows to tell. Returns how many are not.
 */
static gsize
mark_wild (const OrrSamples *samples, Place *places)
{
  gsize n = samples->n, n_tame = 0;
  g_autofree double *values = g_new (double, MAX (n, 1));

  if (n == 0)
    return 0;
  memcpy (values, samples->y, n * sizeof (double));
  double center = median (values, n);
  for (gsize i = 0; i < n; i++)
    values[i] = fabs (samples->y[i] - center);
  double usual = median (values, n);
  for (gsize i = 0; i < n; i++)
    {
      places[i].wild = usual > 0.0 && fabs (samples->y[i] - center) > TAME * usual;
      n_tame += !places[i].wild;
    }
  return n_tame;
}

/* Copies the rows, the wild ones last, and those first whose columns are all near 0 for their range. */
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
  self->n_tame = mark_wild (samples, places);
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
  self->size = sqrt (self->roots != NULL ? squares : orr_expr_dot (samples->y, samples->y, n));
  self->scale = 1e3 * sqrt (self->sst / MAX (n, 1)) + 1e-100;
  self->values = orr_aligned_alloc0 (n, sizeof (double));
  self->residual = orr_aligned_alloc0 (n, sizeof (double));
  return self;
}

void
orr_expr_fitter_free (OrrExprFitter *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k <= MAX_CONSTANTS; k++)
    g_clear_pointer (&self->workspaces[k], gsl_multifit_nlinear_free);
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

/* Memory for as many columns as the expression has constants: for long tables that is what costs. */
static void
reserve_columns (OrrExprFitter *self, guint n_constants)
{
  if (n_constants <= self->n_columns)
    return;
  orr_aligned_free (self->gradient);
  orr_aligned_free (self->q);
  self->gradient = orr_aligned_alloc0 (n_constants * self->samples.n, sizeof (double));
  self->q = orr_aligned_alloc0 ((n_constants + 1) * self->samples.n, sizeof (double));
  self->n_columns = n_constants;
}

static void
set_expression (OrrExprFitter *self, const OrrExpr *expr, const OrrExprStarts *starts)
{
  g_autofree guint *slots = g_new0 (guint, expr->n_nodes);

  orr_expr_constant_slots (expr, slots);
  self->n_constants = starts->n_constants;
  reserve_columns (self, self->n_constants);
  self->n_linear = self->n_nonlinear = 0;
  for (guint s = 0; s < starts->n_constants; s++)
    if (starts->roles[s] == ORR_EXPR_ROLE_LINEAR)
      self->linear[self->n_linear++] = s;
    else
      self->nonlinear[self->n_nonlinear++] = s;
  for (guint s = 0; s < starts->n_constants; s++)
    self->in_wave[s] = starts->roles[s] == ORR_EXPR_ROLE_FREQUENCY || starts->roles[s] == ORR_EXPR_ROLE_PHASE;
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

      double sse = orr_expr_fitter_project (self);
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

/* How many rows count as near, 0 when that is most of them. */
static gsize
count_near (const OrrExprFitter *self)
{
  gsize n = MAX (MIN (self->samples.n / NEAR_PART, MAX_NEAR), MIN_NEAR + 3 * self->n_constants);

  return 2 * n > self->samples.n ? 0 : n;
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
        sse = MIN (orr_expr_fitter_descend (self, n_iterations), sse);
      if (sse < fit->sse)
        {
          fit->sse = sse;
          memcpy (fit->constants, self->constants, sizeof self->constants);
        }
    }
}

/* Sum of squares of the first @n rows' y about their mean. */
static double
sst_of (const OrrExprFitter *self, gsize n)
{
  double mean = 0.0, sst = 0.0;

  for (gsize i = 0; i < n; i++)
    mean += self->samples.y[i] / n;
  for (gsize i = 0; i < n; i++)
    sst += weight (self, i) * (self->samples.y[i] - mean) * (self->samples.y[i] - mean);
  return sst;
}

/* Descends on the first @n rows from each of @best, in place; keeps those that explain something there, the best first. */
static guint
descend_on (OrrExprFitter *self, gsize n, guint n_iterations, Start *best, guint n_best)
{
  gsize all = self->samples.n;
  double bar = MAX_MISFIT * sst_of (self, n);
  guint n_kept = 0;

  self->samples.n = n;
  for (guint k = 0; k < n_best; k++)
    {
      Start start = best[k];

      memcpy (self->constants, start.constants, sizeof self->constants);
      start.sse = orr_expr_fitter_descend (self, n_iterations);
      memcpy (start.constants, self->constants, sizeof self->constants);
      if (!(start.sse <= bar))
        continue;
      guint at = n_kept++;
      for (; at > 0 && best[at - 1].sse > start.sse; at--)
        best[at] = best[at - 1];
      best[at] = start;
    }
  self->samples.n = all;
  return n_kept;
}

/* Looks for constants among the first @n rows alone; what fits there is followed over the tame rows, then all. */
static void
look_at (OrrExprFitter *self, const OrrExpr *expr, gsize n, const OrrExprFitEffort *there, const OrrExprFitEffort *after, OrrExprFit *fit)
{
  gsize all = self->samples.n;
  OrrExprStarts starts;
  Start best[MAX_DESCENTS + 1];

  self->samples.n = n;
  orr_expr_starts_init (&starts, expr, &self->samples);
  guint n_best = screen (self, &starts, there, FALSE, best);
  self->samples.n = all;
  n_best = descend_on (self, n, there->n_iterations, best, n_best);
  if (n < self->n_tame && self->n_tame < all)
    n_best = descend_on (self, self->n_tame, there->n_iterations, best, n_best);
  n_best = MIN (n_best, (after->n_descents + 1) / 2);
  for (guint k = 0; k < n_best; k++)
    {
      memcpy (self->constants, best[k].constants, sizeof self->constants);
      best[k].sse = orr_expr_fitter_project (self);
      memcpy (best[k].constants, self->constants, sizeof self->constants);
    }
  follow (self, best, n_best, after->n_iterations, fit);
}

/*
 * Frequencies must be right to a fraction of a wave over all rows. Over the
 * rows nearest 0 waves are few, so that a grid of as many starts reaches much
 * further; what fits there is then followed over all rows. The same with poles:
 * away from them the way is smooth.
 */
static void
look_closer (OrrExprFitter *self, const OrrExpr *expr, const OrrExprFitEffort *effort, gboolean has_waves, OrrExprFit *fit)
{
  gsize near = count_near (self);
  const OrrExprFitEffort tame = { effort->n_starts, effort->n_descents, 12 };
  const OrrExprFitEffort less = { self->n_nonlinear == 1 ? MORE_FOR_ONE * effort->n_starts : effort->n_starts,
                                  effort->n_descents + 1, 8 };

  if (self->n_tame < self->samples.n && self->n_tame > 2 * self->n_constants)
    look_at (self, expr, self->n_tame, &tame, effort, fit);
  if (has_waves && near > 0 && !(fit->sse <= EXACT * self->sst))
    look_at (self, expr, near, &less, effort, fit);
}

/* Once more from what was found, for its last digits. */
static void
polish (OrrExprFitter *self, OrrExprFit *fit)
{
  Start found = { .sse = fit->sse };

  memcpy (found.constants, fit->constants, sizeof found.constants);
  follow (self, &found, 1, 40, fit);
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
  self->n_bound = 0;
  orr_expr_starts_init (&starts, expr, &self->samples);
  set_expression (self, expr, &starts);
  fit->n_constants = self->n_constants;

  guint n_best = screen (self, &starts, effort, from_present, best);
  follow (self, best, n_best, effort->n_iterations, fit);
  if (effort->n_starts >= MIN_STARTS_NEAR && self->n_nonlinear > 0 && !(fit->sse <= EXACT * self->sst))
    look_closer (self, expr, effort, orr_expr_starts_has_waves (&starts), fit);
  if (fit->sse <= POLISHED * self->sst && !(fit->sse <= 1e-20 * self->sst))
    polish (self, fit);
  if (isfinite (fit->sse))
    {
      memcpy (self->constants, fit->constants, sizeof self->constants);
      orr_expr_fitter_estimate_errors (self, fit->sse, fit);
      fit->r2 = self->sst > 0.0 ? 1.0 - fit->sse / self->sst : 0.0;
    }
  g_clear_pointer (&self->program, orr_expr_program_free);
  return isfinite (fit->sse);
}

/* Every so many rows of @samples, N_SCREENED in all; @memory holds them. */
static OrrSamples
thin_out (const OrrSamples *samples, double **memory)
{
  gsize n = N_SCREENED, v = samples->n_variables;
  OrrSamples thin = *samples;
  double *y, *weights;

  *memory = g_new (double, (v + 2) * n);
  y = *memory + v * n;
  weights = y + n;
  for (gsize i = 0; i < n; i++)
    {
      gsize from = i * samples->n / n;

      for (gsize k = 0; k < v; k++)
        (*memory)[k * n + i] = samples->x[k * samples->stride + from];
      y[i] = samples->y[from];
      weights[i] = samples->weights != NULL ? samples->weights[from] : 1.0;
    }
  thin.x = *memory;
  thin.stride = thin.n = n;
  thin.y = y;
  thin.weights = samples->weights != NULL ? weights : NULL;
  return thin;
}

/*
 * A long table: the starts are tried out on a part of its rows, and what comes
 * out of that is one descent away from the best for all of them. %FALSE where
 * the part says nothing about the whole.
 */
static gboolean
fit_long (OrrExprFitter *self, const OrrExpr *expr, OrrExprFit *fit)
{
  static const OrrExprFitEffort from_there = { .n_starts = 0, .n_descents = 1, .n_iterations = 60 };
  g_autofree double *memory = NULL;
  OrrSamples thin = thin_out (&self->samples, &memory);
  g_autoptr (OrrExprFitter) part = orr_expr_fitter_new (&thin);
  OrrExprFit first;

  if (!orr_expr_fitter_run (part, expr, &orr_expr_fit_thorough, TRUE, &first))
    return FALSE;
  g_autoptr (OrrExpr) fitted = orr_expr_set_constants (expr, first.constants, NULL);
  return orr_expr_fitter_run (self, fitted, &from_there, TRUE, fit);
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
      if ((samples->n > N_LONG && fit_long (fitter, expr, fit))
          || orr_expr_fitter_run (fitter, expr, &orr_expr_fit_thorough, TRUE, fit))
        return orr_expr_set_constants (expr, fit->constants, fit->standard_errors);
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_NUMERIC, "The expression is not defined on every row of the table");
    }
  return NULL;
}
