/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sinkhorn-sequences.h"

#include <math.h>
#include <string.h>

#include "orr-matrix.h"
#include "orr-parallel.h"
#include "orr-sinkhorn-kernels.h"
#include "orr-sinkhorn.h"
#include "orr-symbol-planes.h"

#define ROWS ORR_SINKHORN_TILE_ROWS
#define COLS ORR_SINKHORN_TILE_COLS
/* Costs of more pairs than this are computed anew in each pass, tile by tile. */
#define STORED_PAIRS ((gsize) 1 << 26)
/* Sums outside this range have lost terms to float32's range and are redone. */
#define SMALLEST_SUM 1e-30
#define LARGEST_SUM 1e30
/* Parts of a plan's row below this cannot be seen in a float32 gradient. */
#define PLAN_THRESHOLD 1e-9f

struct _OrrSinkhornTarget
{
  OrrSymbolPlanes sequences;
  guint8         *symbols;
  /* The self term for the last schedule asked for. */
  double          squared_diameter;
  double          blur;
  double          self_term;
};

/* A worker's buffers. */
typedef struct
{
  guint8  *tile;     /* (nullable): costs of a tile or a row, where they are not stored */
  float   *terms;    /* [stride] one row of the plan */
  guint32 *selected; /* [stride] */
} Scratch;

/* Two potentials f [n], g [m]; one of them only (g = f) for a self term. */
typedef struct
{
  const OrrSymbolPlanes *x;
  const OrrSymbolPlanes *y;
  gboolean               symmetric;
  gboolean               wide; /* costs need 16 bits */
  guint                  threads;
  gsize                  n_blocks; /* of ROWS rows */
  gsize                  stride; /* of stored costs and of partial sums, in columns */
  guint8                *costs; /* (nullable): [n x stride] of guint8 or guint16 */
  float                 *partial; /* [n_blocks x stride]: column sums of a block of rows */
  double                *row_sums; /* [n] */
  float                 *row_parts, *col_parts; /* [2 x n], [2 x stride]: whole, rest */
  double                *f, *g, *f_next, *g_next;
  double                 eps; /* of the present update */
  float                 *gradient; /* (nullable): [n x T x K], for the last update */
  float                  sign; /* what the plan's part of the gradient is multiplied by */
  Scratch               *scratch; /* [threads] */
  OrrProgress           *progress;
} Problem;

static void
problem_init (Problem *self, const OrrSymbolPlanes *x, const OrrSymbolPlanes *y, guint threads, OrrProgress *progress)
{
  gsize bytes = x->length > 255 ? 2 : 1;

  *self = (Problem){ .x = x, .y = y, .symmetric = x == y, .wide = bytes == 2, .threads = threads,
                     .progress = progress };
  self->n_blocks = (x->n + ROWS - 1) / ROWS;
  self->stride = y->stride;
  if (x->n * self->stride <= STORED_PAIRS)
    self->costs = orr_aligned_alloc0 (x->n * self->stride, bytes);
  self->partial = orr_aligned_alloc0 (self->n_blocks * self->stride, sizeof (float));
  self->row_sums = g_new0 (double, x->n);
  self->row_parts = g_new0 (float, 2 * x->n);
  self->col_parts = orr_aligned_alloc0 (2 * self->stride, sizeof (float));
  self->f = g_new0 (double, x->n);
  self->f_next = g_new0 (double, x->n);
  self->g = self->symmetric ? self->f : g_new0 (double, y->n);
  self->g_next = self->symmetric ? self->f_next : g_new0 (double, y->n);
  self->scratch = g_new0 (Scratch, threads);
  for (guint i = 0; i < threads; i++)
    {
      if (self->costs == NULL)
        self->scratch[i].tile = orr_aligned_alloc0 (MAX (ROWS * COLS, self->stride), bytes);
      self->scratch[i].terms = orr_aligned_alloc0 (self->stride, sizeof (float));
      self->scratch[i].selected = g_new (guint32, self->stride);
    }
}

static void
problem_clear (Problem *self)
{
  if (!self->symmetric)
    {
      g_free (self->g);
      g_free (self->g_next);
    }
  for (guint i = 0; i < self->threads; i++)
    {
      orr_aligned_free (self->scratch[i].tile);
      orr_aligned_free (self->scratch[i].terms);
      g_free (self->scratch[i].selected);
    }
  g_free (self->scratch);
  orr_aligned_free (self->costs);
  orr_aligned_free (self->partial);
  orr_aligned_free (self->col_parts);
  g_free (self->row_sums);
  g_free (self->row_parts);
  g_free (self->f);
  g_free (self->f_next);
}

static void
compute_costs (const Problem *self, gpointer out, gsize row, gsize col, gsize n)
{
  const OrrSymbolPlanes *x = self->x, *y = self->y;

  if (self->wide)
    ORR_VECTOR_PICK (orr_hamming_kernel_guint16) (out, x->planes + row, x->stride, y->planes + col, y->stride,
                                                  x->n_words, x->n_planes, n);
  else
    ORR_VECTOR_PICK (orr_hamming_kernel_guint8) (out, x->planes + row, x->stride, y->planes + col, y->stride,
                                                 x->n_words, x->n_planes, n);
}

static void
fill_costs_block (gsize block, guint worker, gpointer data)
{
  Problem *self = data;
  gsize bytes = self->wide ? 2 : 1;

  for (gsize i = block * ROWS; i < MIN (self->x->n, (block + 1) * ROWS); i++)
    compute_costs (self, self->costs + i * self->stride * bytes, i, 0, self->y->n);
}

/* Costs of a tile: where they are stored, or computed into @scratch. */
static const guint8 *
get_tile (const Problem *self, gsize row, gsize rows, gsize col, gsize cols, guint8 *scratch, gsize *stride)
{
  gsize bytes = self->wide ? 2 : 1;

  if (self->costs != NULL)
    {
      *stride = self->stride;
      return self->costs + (row * self->stride + col) * bytes;
    }
  *stride = COLS;
  for (gsize i = 0; i < rows; i++)
    compute_costs (self, scratch + i * COLS * bytes, row + i, col, cols);
  return scratch;
}

/* 1 / eps for powers of two. */
static double
inverse_in_powers (double eps)
{
  return 1.0 / (eps * G_LN2);
}

/* A potential as whole numbers and rests in powers of two. */
static void
split_potential (const double *potential, gsize n, double eps, float *whole, float *rest)
{
  double inverse = inverse_in_powers (eps);

  for (gsize i = 0; i < n; i++)
    {
      double nearest = rint (potential[i]);
      whole[i] = (float) nearest;
      rest[i] = (float) ((potential[i] - nearest) * inverse);
    }
}

static void
split_potentials (Problem *self, double eps)
{
  gsize n = self->x->n;

  split_potential (self->f, n, eps, self->row_parts, self->row_parts + n);
  split_potential (self->g, self->y->n, eps, self->col_parts, self->col_parts + self->stride);
}

/* One tile's row sums (replaced) and column sums (added to). */
static void
pass_tile (const Problem *self, gsize row, gsize rows, gsize col, gsize cols, float inverse_eps, guint8 *scratch,
           float *row_sums, float *col_sums)
{
  gsize stride;
  const guint8 *tile = get_tile (self, row, rows, col, cols, scratch, &stride);
  const float *row_whole = self->row_parts + row, *row_rest = row_whole + self->x->n;
  const float *col_whole = self->col_parts + col, *col_rest = col_whole + self->stride;

  if (self->wide)
    ORR_VECTOR_PICK (orr_sinkhorn_pass_kernel_guint16) ((const guint16 *) tile, stride, rows, cols, row_whole,
                                                        row_rest, col_whole, col_rest, inverse_eps, row_sums,
                                                        col_sums);
  else
    ORR_VECTOR_PICK (orr_sinkhorn_pass_kernel_guint8) (tile, stride, rows, cols, row_whole, row_rest, col_whole,
                                                       col_rest, inverse_eps, row_sums, col_sums);
}

/* All sums of a block of rows; a self term needs the columns from the block onwards only. */
static void
pass_block (gsize block, guint worker, gpointer data)
{
  Problem *self = data;
  gsize row = block * ROWS, rows = MIN (self->x->n - row, ROWS), m = self->y->n;
  float *col_sums = self->partial + block * self->stride, inverse_eps = (float) inverse_in_powers (self->eps);
  float sums[ROWS], unused[ROWS] = { 0 };
  guint8 *scratch = self->scratch[worker].tile;
  gsize col = 0;

  if (orr_progress_is_cancelled (self->progress))
    return;
  memset (col_sums, 0, self->stride * sizeof (float));
  memset (self->row_sums + row, 0, rows * sizeof (double));
  if (self->symmetric)
    {
      /* The square on the diagonal: its row sums are all that is wanted. */
      pass_tile (self, row, rows, row, rows, inverse_eps, scratch, sums, unused);
      for (gsize i = 0; i < rows; i++)
        self->row_sums[row + i] = sums[i];
      col = row + rows;
    }
  for (gsize cols; col < m; col += cols)
    {
      cols = MIN (m - col, COLS);
      pass_tile (self, row, rows, col, cols, inverse_eps, scratch, sums, col_sums + col);
      for (gsize i = 0; i < rows; i++)
        self->row_sums[row + i] += sums[i];
    }
}

static guint
cost_of (const Problem *self, gsize i, gsize j)
{
  guint length = self->x->length, cost = 0;
  const guint8 *x = self->x->symbols + i * length, *y = self->y->symbols + j * length;

  for (guint t = 0; t < length; t++)
    cost += x[t] != y[t];
  return cost;
}

/* -eps log mean_j exp ((g_j - C_ij) / eps) with the largest term taken out first. */
static double
safe_softmin (const Problem *self, gsize index, gboolean by_column)
{
  double eps = self->eps;
  gsize n = by_column ? self->x->n : self->y->n;
  const double *other = by_column ? self->f : self->g;
  g_autofree double *terms = g_new (double, n);
  double largest = -INFINITY, sum = 0.0;

  for (gsize j = 0; j < n; j++)
    {
      terms[j] = other[j] - (by_column ? cost_of (self, j, index) : cost_of (self, index, j));
      largest = MAX (largest, terms[j]);
    }
  for (gsize j = 0; j < n; j++)
    sum += exp ((terms[j] - largest) / eps);
  return -largest - eps * log (sum / n);
}

static double
softmin_from_sum (const Problem *self, gsize index, gboolean by_column, double sum)
{
  gsize n = by_column ? self->x->n : self->y->n;
  double old = by_column ? self->g[index] : self->f[index];

  if (!(sum >= SMALLEST_SUM && sum <= LARGEST_SUM))
    return safe_softmin (self, index, by_column);
  return old - self->eps * log (sum / n);
}

/* The next g (or f, of a self term) of a run of columns, their sums added block by block. */
static void
finish_cols (gsize chunk, guint worker, gpointer data)
{
  Problem *self = data;
  gsize col = chunk * COLS, cols = MIN (self->y->n - col, COLS);
  double sums[COLS] = { 0 };

  for (gsize b = 0; b < self->n_blocks; b++)
    {
      const float *partial = self->partial + b * self->stride + col;
      /* A self term's block holds sums of the columns beyond it, zeros before. */
      for (gsize j = 0; j < cols; j++)
        sums[j] += partial[j];
    }
  for (gsize j = 0; j < cols; j++)
    if (self->symmetric)
      self->f_next[col + j] = softmin_from_sum (self, col + j, FALSE, self->row_sums[col + j] + sums[j]);
    else
      self->g_next[col + j] = softmin_from_sum (self, col + j, TRUE, sums[j]);
}

static void
finish_rows (Problem *self)
{
  for (gsize i = 0; i < self->x->n; i++)
    self->f_next[i] = softmin_from_sum (self, i, FALSE, self->row_sums[i]);
}

/* f_next and g_next from f and g, simultaneously. */
static gboolean
pass (Problem *self, double eps, GError **error)
{
  if (!orr_progress_check (self->progress, error))
    return FALSE;
  self->eps = eps;
  split_potentials (self, eps);
  orr_parallel_for (self->n_blocks, self->threads, pass_block, self);
  if (!orr_progress_check (self->progress, error))
    return FALSE;
  orr_parallel_for ((self->y->n + COLS - 1) / COLS, self->threads, finish_cols, self);
  if (!self->symmetric)
    finish_rows (self);
  return TRUE;
}

static void
average (double *potential, const double *next, gsize n)
{
  for (gsize i = 0; i < n; i++)
    potential[i] = 0.5 * (potential[i] + next[i]);
}

/* The annealed loop: leaves f and g as they are before the last, full update. */
static gboolean
anneal (Problem *self, const GArray *schedule, GError **error)
{
  if (!pass (self, g_array_index (schedule, double, 0), error))
    return FALSE;
  memcpy (self->f, self->f_next, self->x->n * sizeof (double));
  if (!self->symmetric)
    memcpy (self->g, self->g_next, self->y->n * sizeof (double));

  for (guint k = 0; k < schedule->len; k++)
    {
      if (!pass (self, g_array_index (schedule, double, k), error))
        return FALSE;
      average (self->f, self->f_next, self->x->n);
      if (!self->symmetric)
        average (self->g, self->g_next, self->y->n);
    }
  return TRUE;
}

/* Terms of one row's plan when they do not fit into float32's range as they are. */
static float
safe_row_terms (const Problem *self, gsize i, float *terms)
{
  double largest = -INFINITY;

  for (gsize j = 0; j < self->y->n; j++)
    largest = MAX (largest, self->g[j] - cost_of (self, i, j));
  for (gsize j = 0; j < self->y->n; j++)
    terms[j] = (float) ((self->g[j] - cost_of (self, i, j) - largest) / self->eps);
  return ORR_VECTOR_PICK (orr_sinkhorn_exp_sum_kernel) (terms, self->y->n);
}

static float
row_terms (const Problem *self, gsize i, guint8 *scratch, float *terms, float *col_sums)
{
  float inverse_eps = (float) inverse_in_powers (self->eps);
  const float *whole = self->row_parts, *rest = whole + self->x->n;
  const float *col_whole = self->col_parts, *col_rest = col_whole + self->stride;
  gsize bytes = self->wide ? 2 : 1;
  const guint8 *cost = self->costs != NULL ? self->costs + i * self->stride * bytes : scratch;

  if (self->costs == NULL)
    compute_costs (self, scratch, i, 0, self->y->n);
  if (self->wide)
    return ORR_VECTOR_PICK (orr_sinkhorn_row_kernel_guint16) ((const guint16 *) cost, self->y->n, whole[i], rest[i],
                                                              col_whole, col_rest, inverse_eps, terms,
                                                              col_sums);
  return ORR_VECTOR_PICK (orr_sinkhorn_row_kernel_guint8) (cost, self->y->n, whole[i], rest[i], col_whole,
                                                           col_rest, inverse_eps, terms, col_sums);
}

/* gradient [T x K] += sign x sum_j P_ij y_j: the plan's row is sparse, the targets are one-hot. */
static void
add_plan_row (const Problem *self, const float *terms, float sum, guint32 *selected, float *gradient)
{
  guint length = self->y->length, n_symbols = self->y->n_symbols;
  gsize count = ORR_VECTOR_PICK (orr_sinkhorn_select_kernel) (terms, self->y->n, PLAN_THRESHOLD * sum, selected);

  for (gsize s = 0; s < count; s++)
    {
      const guint8 *y = self->y->symbols + (gsize) selected[s] * length;
      float weight = self->sign * terms[selected[s]] / sum;

      for (guint t = 0; t < length; t++)
        gradient[(gsize) t * n_symbols + y[t]] += weight;
    }
}

/* The last update, which also gives the rows of the transport plan. */
static void
last_block (gsize block, guint worker, gpointer data)
{
  Problem *self = data;
  Scratch *scratch = &self->scratch[worker];
  gsize row = block * ROWS, rows = MIN (self->x->n - row, ROWS);
  gsize point = (gsize) self->x->length * self->x->n_symbols;
  float *col_sums = self->partial + block * self->stride;

  if (orr_progress_is_cancelled (self->progress))
    return;
  memset (col_sums, 0, self->stride * sizeof (float));
  for (gsize i = row; i < row + rows; i++)
    {
      float sum = row_terms (self, i, scratch->tile, scratch->terms, col_sums);

      self->row_sums[i] = sum;
      if (self->gradient == NULL)
        continue;
      if (!(sum >= SMALLEST_SUM && sum <= LARGEST_SUM))
        sum = safe_row_terms (self, i, scratch->terms);
      add_plan_row (self, scratch->terms, sum, scratch->selected, self->gradient + i * point);
    }
}

static gboolean
last_pass (Problem *self, double eps, float *gradient, float sign, GError **error)
{
  if (!orr_progress_check (self->progress, error))
    return FALSE;
  self->eps = eps;
  self->gradient = gradient;
  self->sign = sign;
  split_potentials (self, eps);
  orr_parallel_for (self->n_blocks, self->threads, last_block, self);
  if (!orr_progress_check (self->progress, error))
    return FALSE;

  /* Here the rows of a self term are whole, not halves. */
  finish_rows (self);
  if (!self->symmetric)
    orr_parallel_for ((self->y->n + COLS - 1) / COLS, self->threads, finish_cols, self);
  return TRUE;
}

static double
mean (const double *values, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  return sum / n;
}

/* Solves one transport problem: mean (f) + mean (g), and sign x plan x targets / n onto @gradient. */
static gboolean
solve (const OrrSymbolPlanes *x, const OrrSymbolPlanes *y, const GArray *schedule, guint threads, double *value,
       float *gradient, float sign, OrrProgress *progress, GError **error)
{
  double eps = g_array_index (schedule, double, schedule->len - 1);
  Problem problem;

  problem_init (&problem, x, y, threads, progress);
  if (problem.costs != NULL)
    orr_parallel_for (problem.n_blocks, threads, fill_costs_block, &problem);
  gboolean done = anneal (&problem, schedule, error) &&
                  last_pass (&problem, eps, gradient, sign / x->n, error);
  if (done)
    *value = mean (problem.f_next, x->n) + mean (problem.g_next, y->n);
  problem_clear (&problem);
  return done;
}

/**
 * orr_sinkhorn_target_new:
 * @symbols: [n x T] symbols below @n_symbols (copied)
 *
 * Returns: (transfer full): a target to compare sequences of the same length with
 */
OrrSinkhornTarget *
orr_sinkhorn_target_new (const guint8 *symbols, guint n, guint length, guint n_symbols)
{
  g_return_val_if_fail (n > 0 && length > 0 && length <= G_MAXUINT16, NULL);

  OrrSinkhornTarget *self = g_new0 (OrrSinkhornTarget, 1);
  self->symbols = g_memdup2 (symbols, (gsize) n * length);
  orr_symbol_planes_init (&self->sequences, self->symbols, n, length, n_symbols);
  self->squared_diameter = -1.0;
  return self;
}

void
orr_sinkhorn_target_free (OrrSinkhornTarget *self)
{
  if (self == NULL)
    return;
  orr_symbol_planes_clear (&self->sequences);
  g_free (self->symbols);
  g_free (self);
}

static gboolean
update_self_term (OrrSinkhornTarget *self, double diameter_2, double blur, const GArray *schedule, guint threads,
                  OrrProgress *progress, GError **error)
{
  if (self->squared_diameter == diameter_2 && self->blur == blur)
    return TRUE;
  if (!solve (&self->sequences, &self->sequences, schedule, threads, &self->self_term, NULL, 0.0f, progress,
              error))
    return FALSE;
  self->squared_diameter = diameter_2;
  self->blur = blur;
  return TRUE;
}

/**
 * orr_sinkhorn_sequences:
 * @symbols: [n x T] the sequences x_i, symbols below the target's K
 * @target: the sequences y_j
 * @blur: square root of the final eps, in units of the one-hot points
 * @threads: 0 for all cores; never changes the numbers
 * @divergence: (out): the debiased Sinkhorn divergence
 * @gradient: (nullable): [n x T x K], receives d divergence / d x_i with x_i
 *   one-hot and the potentials held (envelope theorem)
 * @error: (out): %ORR_ERROR_CANCELLED
 *
 * What orr_sinkhorn_points() computes, for one-hot points: the cost
 * |x_i - y_j|^2 / 2 is the number of positions where the sequences differ.
 * Time grows as n m, memory as n m bytes up to 64 MiB and not beyond.
 */
gboolean
orr_sinkhorn_sequences (const guint8 *symbols, guint n, OrrSinkhornTarget *target, double blur, guint threads,
                        double *divergence, float *gradient, OrrProgress *progress, GError **error)
{
  const OrrSymbolPlanes *y = &target->sequences;
  OrrSymbolPlanes x;
  double cross, self_term;

  g_return_val_if_fail (n > 0 && blur > 0.0, FALSE);
  threads = orr_parallel_threads (threads);
  orr_symbol_planes_init (&x, symbols, n, y->length, y->n_symbols);
  if (gradient != NULL)
    memset (gradient, 0, (gsize) n * y->length * y->n_symbols * sizeof (float));

  double diameter_2 = orr_symbol_planes_squared_diameter (&x, y);
  if (diameter_2 == 0.0)
    {
      *divergence = 0.0;
      orr_symbol_planes_clear (&x);
      return TRUE;
    }

  g_autoptr (GArray) schedule = orr_sinkhorn_schedule (diameter_2, blur);
  gboolean done = update_self_term (target, diameter_2, blur, schedule, threads, progress, error) &&
                  solve (&x, y, schedule, threads, &cross, gradient, -1.0f, progress, error) &&
                  solve (&x, &x, schedule, threads, &self_term, gradient, 1.0f, progress, error);
  /* Either self term is the mean of its one potential counted twice. */
  if (done)
    *divergence = cross - 0.5 * (self_term + target->self_term);
  orr_symbol_planes_clear (&x);
  return done;
}
