/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-reduction.h"

#include <math.h>
#include <string.h>

#include "orr-batch-means.h"
#include "orr-error.h"
#include "orr-phase.h"
#include "orr-section.h"

/* At most; a short range of time is cut into fewer. */
#define N_PHASES 72
#define N_CELLS 24
#define FEWEST_PHASES 12
#define FEWEST_CELLS 4
#define STEPS_A_PHASE 40
#define STEPS_A_CELL 30
#define N_BATCHES 20
/* A phase or a cell that was visited less often is left out. */
#define FEWEST_VISITS 8
#define MAX_MAP_ROWS 2000
#define MIN_STEPS 50
/* From the width of a 95 % interval to a standard error. */
#define INTERVAL_WIDTH (2.0 * 1.959964)

static const char *const kind_names[ORR_REDUCTION_N_KINDS] = {
  "phase_speed", "flow", "map", "emission", "residency", "rate",
};

const char *
orr_reduction_kind_name (OrrReductionKind kind)
{
  return kind_names[kind];
}

/* -1 where there is no kind of that name. */
int
orr_reduction_kind_find (const char *name)
{
  for (int kind = 0; kind < ORR_REDUCTION_N_KINDS; kind++)
    if (g_strcmp0 (kind_names[kind], name) == 0)
      return kind;
  return -1;
}

void
orr_reduction_free (OrrReduction *self)
{
  if (self == NULL)
    return;
  g_free (self->values);
  g_free (self->steps);
  g_free (self);
}

static void
add_column (OrrReduction *self, const char *name, const char *unit)
{
  self->columns[self->n_columns] = name;
  self->units[self->n_columns++] = unit;
}

static void
add_target (OrrReduction *self, guint target, int error)
{
  self->targets[self->n_targets] = target;
  self->errors[self->n_targets++] = error;
}

/* Functions of the phase: theta alone is the input, sin and cos of it are offered. */
enum
{
  PHASE_THETA,
  PHASE_SIN,
  PHASE_COS,
  PHASE_VALUE,
  PHASE_ERROR,
  PHASE_VISITS,
  PHASE_N_COLUMNS,
};

static OrrReduction *
phase_table_new (OrrReductionKind kind, const char *name, const char *unit, gsize most_rows)
{
  OrrReduction *self = g_new0 (OrrReduction, 1);

  self->kind = kind;
  add_column (self, "theta", "rad");
  add_column (self, "sin_theta", "");
  add_column (self, "cos_theta", "");
  add_column (self, name, unit);
  add_column (self, "error", unit);
  add_column (self, "visits", "");
  self->n_inputs = 1;
  self->n_offered = 3;
  add_target (self, PHASE_VALUE, PHASE_ERROR);
  self->values = g_new0 (double, PHASE_N_COLUMNS * MAX (most_rows, 1));
  return self;
}

/* Rows are written at the pitch of all possible ones and moved together at the end. */
static void
add_phase_row (OrrReduction *self, gsize pitch, double theta, double value, double error, double visits)
{
  const double row[PHASE_N_COLUMNS] = { theta, sin (theta), cos (theta), value, error, visits };

  for (guint c = 0; c < PHASE_N_COLUMNS; c++)
    self->values[c * pitch + self->n_rows] = row[c];
  self->n_rows++;
}

static OrrReduction *
close_table (OrrReduction *self, gsize pitch, gsize fewest, GError **error)
{
  for (guint c = 1; c < self->n_columns; c++)
    memmove (self->values + c * self->n_rows, self->values + c * pitch, self->n_rows * sizeof (double));
  if (self->n_rows >= fewest)
    return self;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
               "Too little of the orbit is visited often enough: %" G_GSIZE_FORMAT " rows, where an equation needs %"
               G_GSIZE_FORMAT, self->n_rows, fewest);
  orr_reduction_free (self);
  return NULL;
}

static gsize
find_phase_bin (double theta, gsize n_bins)
{
  return MIN ((gsize) ((theta + G_PI) / (2.0 * G_PI) * n_bins), n_bins - 1);
}

static const char *
emission_name (guint symbol)
{
  /* A name lives as long as the program. */
  g_autofree char *name = g_strdup_printf ("p_%u", symbol + 1);
  return g_intern_string (name);
}

static double
softmax_of (const OrrTrajectory *run, gsize t, guint symbol)
{
  const float *z = orr_matrix_row (run->logits, t);
  double largest = z[0], sum = 0.0;

  for (guint k = 1; k < run->n_symbols; k++)
    largest = MAX (largest, z[k]);
  for (guint k = 0; k < run->n_symbols; k++)
    sum += exp (z[k] - largest);
  return exp (z[symbol] - largest) / sum;
}

/* d theta / dt or p_k in bins of phase; the last step of the range has no successor. */
static OrrReduction *
reduce_by_phase (const OrrMotion *motion, OrrReductionKind kind, guint start, guint end, guint symbol, GError **error)
{
  gboolean speed = kind == ORR_REDUCTION_PHASE_SPEED;
  gsize n_bins = CLAMP ((end - start) / STEPS_A_PHASE, FEWEST_PHASES, N_PHASES);
  g_autoptr (OrrBatchMeans) means = orr_batch_means_new (n_bins, N_BATCHES);
  g_autoptr (OrrBatchMeans) phases = orr_batch_means_new (n_bins, 1);
  const double *centre = motion->centre;
  double visits[N_PHASES] = { 0 };

  for (guint t = start; t + 1 < end; t++)
    {
      double theta = orr_phase_at (centre, orr_matrix_row (motion->projection, t));
      gsize bin = find_phase_bin (theta, n_bins);
      double value = speed ? orr_phase_difference (theta, orr_phase_at (centre, orr_matrix_row (motion->projection, t + 1)))
                           : softmax_of (motion->trajectory, t, symbol);

      orr_batch_means_add (means, (gsize) (t - start) * N_BATCHES / (end - start), bin, value);
      orr_batch_means_add (phases, 0, bin, theta);
      visits[bin]++;
    }

  OrrReduction *self = phase_table_new (kind, speed ? "dtheta" : emission_name (symbol), speed ? "rad/step" : "", N_PHASES);
  for (gsize b = 0; b < n_bins; b++)
    {
      double value, half_width, theta, ignored;

      orr_batch_means_get (means, b, &value, &half_width);
      orr_batch_means_get (phases, b, &theta, &ignored);
      if (visits[b] >= FEWEST_VISITS && half_width > 0.0)
        add_phase_row (self, N_PHASES, theta, value, 2.0 * half_width / INTERVAL_WIDTH, visits[b]);
    }
  return close_table (self, N_PHASES, 6, error);
}

/* The plane: the flow is averaged over cells, the map is told step by step. */
enum
{
  PLANE_X,
  PLANE_Y,
  PLANE_DX,
  PLANE_DY,
  PLANE_N_MAP_COLUMNS,
  PLANE_DX_ERROR = PLANE_N_MAP_COLUMNS,
  PLANE_DY_ERROR,
  PLANE_VISITS,
  PLANE_N_FLOW_COLUMNS,
};

typedef struct
{
  double n;
  double sum[4];     /* x, y, dx, dy */
  double squares[2]; /* of dx and dy */
} Cell;

static void
fill_cells (Cell *cells, guint per_axis, const OrrMatrix *points, guint start, guint end)
{
  double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };

  for (guint t = start; t < end; t++)
    for (guint a = 0; a < 2; a++)
      {
        low[a] = fmin (low[a], orr_matrix_row (points, t)[a]);
        high[a] = fmax (high[a], orr_matrix_row (points, t)[a]);
      }
  for (guint t = start; t + 1 < end; t++)
    {
      const float *now = orr_matrix_row (points, t), *next = orr_matrix_row (points, t + 1);
      guint place[2];

      for (guint a = 0; a < 2; a++)
        place[a] = high[a] > low[a] ? MIN ((guint) ((now[a] - low[a]) / (high[a] - low[a]) * per_axis), per_axis - 1) : 0;
      Cell *cell = &cells[place[1] * per_axis + place[0]];
      cell->n++;
      for (guint a = 0; a < 2; a++)
        {
          double d = (double) next[a] - now[a];

          cell->sum[a] += now[a];
          cell->sum[2 + a] += d;
          cell->squares[a] += d * d;
        }
    }
}

static OrrReduction *
plane_table_new (OrrReductionKind kind)
{
  OrrReduction *self = g_new0 (OrrReduction, 1);

  self->kind = kind;
  add_column (self, "PC1", "");
  add_column (self, "PC2", "");
  self->n_inputs = self->n_offered = 2;
  if (kind == ORR_REDUCTION_FLOW)
    {
      add_column (self, "dPC1", "1/step");
      add_column (self, "dPC2", "1/step");
      add_column (self, "dPC1_error", "1/step");
      add_column (self, "dPC2_error", "1/step");
      add_column (self, "visits", "");
      add_target (self, PLANE_DX, PLANE_DX_ERROR);
      add_target (self, PLANE_DY, PLANE_DY_ERROR);
    }
  else
    {
      add_column (self, "PC1_next", "");
      add_column (self, "PC2_next", "");
      add_target (self, PLANE_DX, -1);
      add_target (self, PLANE_DY, -1);
    }
  return self;
}

static OrrReduction *
reduce_flow (const OrrMotion *motion, guint start, guint end, GError **error)
{
  guint per_axis = CLAMP ((guint) sqrt ((end - start) / (double) STEPS_A_CELL), FEWEST_CELLS, N_CELLS);
  gsize n = (gsize) per_axis * per_axis;
  g_autofree Cell *cells = g_new0 (Cell, n);
  OrrReduction *self = plane_table_new (ORR_REDUCTION_FLOW);

  fill_cells (cells, per_axis, motion->projection, start, end);
  self->values = g_new0 (double, PLANE_N_FLOW_COLUMNS * n);
  for (gsize i = 0; i < n; i++)
    {
      const Cell *cell = &cells[i];
      double row[PLANE_N_FLOW_COLUMNS], N = cell->n;

      if (N < FEWEST_VISITS)
        continue;
      for (guint a = 0; a < 4; a++)
        row[a] = cell->sum[a] / N;
      for (guint a = 0; a < 2; a++)
        row[PLANE_DX_ERROR + a] = sqrt (MAX (cell->squares[a] / N - row[2 + a] * row[2 + a], 0.0) / (N - 1.0));
      row[PLANE_VISITS] = N;
      for (guint c = 0; c < PLANE_N_FLOW_COLUMNS; c++)
        self->values[c * n + self->n_rows] = row[c];
      self->n_rows++;
    }
  return close_table (self, n, 6, error);
}

static OrrReduction *
reduce_map (const OrrMotion *motion, guint start, guint end, GError **error)
{
  gsize n = MIN (end - start - 1, MAX_MAP_ROWS);
  OrrReduction *self = plane_table_new (ORR_REDUCTION_MAP);

  self->values = g_new (double, PLANE_N_MAP_COLUMNS * n);
  self->steps = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    {
      guint t = start + i * (end - start - 1) / n;
      const float *now = orr_matrix_row (motion->projection, t), *next = orr_matrix_row (motion->projection, t + 1);
      const double row[PLANE_N_MAP_COLUMNS] = { now[0], now[1], next[0], next[1] };

      for (guint c = 0; c < PLANE_N_MAP_COLUMNS; c++)
        self->values[c * n + i] = row[c];
      self->steps[i] = t;
    }
  self->n_rows = n;
  return close_table (self, n, 10, error);
}

/**
 * orr_reduction_from_motion:
 * @kind: phase speed, flow, map or emission
 * @error: (out): %ORR_ERROR_INPUT where the range is too short
 *
 * The table of one reduction of a motion under noise. Phases are those of `orbit`
 * (around the whole motion's centre, whatever the range). Phase speed and emission
 * are means in 72 bins of phase with standard errors by batch means (20 stretches of
 * time); the flow is the mean displacement in 24 x 24 cells of the visited rectangle
 * with its standard error (a range of less than 2880 or 17 280 steps is cut into fewer,
 * 12 bins and 4 x 4 cells at least); the map is up to 2000 single steps at equal distances.
 * Bins and cells with fewer than 8 visits are left out. Every row knows a step.
 *
 * Returns: (transfer full) (nullable): the table
 */
OrrReduction *
orr_reduction_from_motion (const OrrMotion *motion, OrrReductionKind kind, const OrrReductionOptions *options,
                           GError **error)
{
  guint n_steps = motion->trajectory->n_steps;
  guint end = options->end > 0 ? MIN (options->end, n_steps) : n_steps;
  OrrReduction *self = NULL;

  g_return_val_if_fail (kind <= ORR_REDUCTION_EMISSION, NULL);
  g_return_val_if_fail (options->symbol < motion->trajectory->n_symbols || kind != ORR_REDUCTION_EMISSION, NULL);
  if (motion->trajectory->n_hidden < 2)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "An orbit needs at least two hidden units");
  else if (options->start >= end || end - options->start < MIN_STEPS)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The time range has %u steps, and an equation needs at least %d",
                 end > options->start ? end - options->start : 0, MIN_STEPS);
  else if (kind == ORR_REDUCTION_FLOW)
    self = reduce_flow (motion, options->start, end, error);
  else if (kind == ORR_REDUCTION_MAP)
    self = reduce_map (motion, options->start, end, error);
  else
    self = reduce_by_phase (motion, kind, options->start, end, options->symbol, error);
  if (self != NULL && self->steps == NULL)
    orr_reduction_add_steps (self, motion);
  return self;
}

/* Tables from sections ---------------------------------------------------------------------------- */

static OrrReduction *
reduce_orbit (GVariant *section, OrrReductionKind kind, guint symbol, GError **error)
{
  gboolean speed = kind == ORR_REDUCTION_PHASE_SPEED;
  const char *name = speed ? "phase_speed" : "emission_by_phase";
  g_autofree char *low_name = g_strconcat (name, "_low", NULL), *high_name = g_strconcat (name, "_high", NULL);
  gsize n, n_occupancy, sizes[3] = { 0 };
  g_autofree double *phase = orr_section_dup_doubles (section, "phase", &n);
  g_autofree double *occupancy = orr_section_dup_doubles (section, "phase_occupancy", &n_occupancy);
  const char *names[3] = { name, low_name, high_name };
  double *parts[3] = { NULL };
  gsize pitch = 1, rows;
  double n_steps = orr_section_get_double (section, "steps", orr_section_get_int (section, "steps", 0));

  for (guint i = 0; i < 3; i++)
    if (speed)
      parts[i] = orr_section_dup_doubles (section, names[i], &sizes[i]);
    else
      parts[i] = orr_section_dup_table (section, names[i], &sizes[i], &pitch);
  rows = parts[0] != NULL && parts[1] != NULL && parts[2] != NULL && sizes[1] == sizes[0] && sizes[2] == sizes[0] &&
         sizes[0] == n && n_occupancy == n && (speed || symbol < pitch) ? n : 0;
  OrrReduction *self = phase_table_new (kind, speed ? "dtheta" : emission_name (symbol), speed ? "rad/step" : "", rows);
  for (gsize i = 0; i < rows; i++)
    {
      gsize at = speed ? i : i * pitch + symbol;
      double width = parts[2][at] - parts[1][at];

      if (width > 0.0)
        add_phase_row (self, rows, phase[i], parts[0][at], width / INTERVAL_WIDTH, occupancy[i] * n_steps);
    }
  for (guint i = 0; i < 3; i++)
    g_free (parts[i]);
  return close_table (self, rows, 6, error);
}

/* Residency times of single states, averaged by phase; the section's own principal components are those of
 * the motion, since both come from the same steps. */
static OrrReduction *
reduce_residency (GVariant *section, GError **error)
{
  gsize rows, cols, n;
  g_autofree double *points = orr_section_dup_table (section, "points", &rows, &cols);
  g_autofree double *times = orr_section_dup_doubles (section, "point_residency", &n);
  double sum[N_PHASES] = { 0 }, squares[N_PHASES] = { 0 }, count[N_PHASES] = { 0 }, turn[N_PHASES] = { 0 };
  OrrReduction *self = phase_table_new (ORR_REDUCTION_RESIDENCY, "residency", "steps", N_PHASES);

  if (points != NULL && times != NULL && rows == n && cols >= 2 && n > 0)
    {
      g_autoptr (OrrMatrix) matrix = orr_matrix_new (rows, cols);
      double centre[2];

      for (gsize i = 0; i < rows * cols; i++)
        matrix->data[i] = points[i];
      orr_phase_find_centre (matrix, centre);
      for (gsize i = 0; i < n; i++)
        {
          double theta = orr_phase_at (centre, orr_matrix_row (matrix, i));
          gsize bin = find_phase_bin (theta, N_PHASES);

          if (!(times[i] >= 0.0))
            continue;
          count[bin]++;
          sum[bin] += times[i];
          squares[bin] += times[i] * times[i];
          turn[bin] += theta;
        }
    }
  for (gsize b = 0; b < N_PHASES; b++)
    if (count[b] >= FEWEST_VISITS)
      {
        double mean = sum[b] / count[b];
        double error_of_mean = sqrt (MAX (squares[b] / count[b] - mean * mean, 0.0) / (count[b] - 1.0));

        if (error_of_mean > 0.0)
          add_phase_row (self, N_PHASES, turn[b] / count[b], mean, error_of_mean, count[b]);
      }
  return close_table (self, N_PHASES, 6, error);
}

static OrrReduction *
reduce_resonance (GVariant *section, GError **error)
{
  gsize n, n_rates, n_intervals, cols;
  g_autofree double *sigma = orr_section_dup_doubles (section, "sigma", &n);
  g_autofree double *rate = orr_section_dup_doubles (section, "transition_rate", &n_rates);
  g_autofree double *interval = orr_section_dup_table (section, "transition_rate_ci", &n_intervals, &cols);
  gboolean whole = sigma != NULL && rate != NULL && interval != NULL && n == n_rates && n == n_intervals && cols == 2;
  OrrReduction *self = g_new0 (OrrReduction, 1);

  self->kind = ORR_REDUCTION_RATE;
  self->values = g_new (double, 3 * MAX (n, 1));
  add_column (self, "sigma", "");
  add_column (self, "rate", "1/step");
  add_column (self, "error", "1/step");
  self->n_inputs = self->n_offered = 1;
  add_target (self, 1, 2);
  for (gsize i = 0; whole && i < n; i++)
    {
      double error_of_rate = (interval[2 * i + 1] - interval[2 * i]) / INTERVAL_WIDTH;

      if (!isfinite (rate[i]) || !(error_of_rate > 0.0))
        continue;
      self->values[self->n_rows] = sigma[i];
      self->values[n + self->n_rows] = rate[i];
      self->values[2 * n + self->n_rows++] = error_of_rate;
    }
  return close_table (self, n, 4, error);
}

/**
 * orr_reduction_from_section:
 * @section: `orbit` (phase speed, emission), `residency` or `resonance` (rate)
 * @symbol: whose emission
 *
 * The table that an analysis gives, with standard errors from its 95 % intervals.
 *
 * Returns: (transfer full) (nullable): the table
 */
OrrReduction *
orr_reduction_from_section (GVariant *section, OrrReductionKind kind, guint symbol, GError **error)
{
  switch (kind)
    {
    case ORR_REDUCTION_PHASE_SPEED:
    case ORR_REDUCTION_EMISSION:
      return reduce_orbit (section, kind, symbol, error);
    case ORR_REDUCTION_RESIDENCY:
      return reduce_residency (section, error);
    case ORR_REDUCTION_RATE:
      return reduce_resonance (section, error);
    default:
      g_return_val_if_reached (NULL);
    }
}

/* Rows and steps ---------------------------------------------------------------------------------- */

/* A row's or a step's place: its phase, or its place in the plane. */
typedef struct
{
  double x;
  double y;
} Place;

static Place
place_of_step (const OrrMotion *motion, gboolean plane, guint step)
{
  const float *point = orr_matrix_row (motion->projection, step);
  return plane ? (Place){ point[0], point[1] } : (Place){ orr_phase_at (motion->centre, point), 0.0 };
}

static double
distance_between (gboolean plane, Place a, Place b)
{
  return plane ? hypot (a.x - b.x, a.y - b.y) : fabs (orr_phase_difference (a.x, b.x));
}

/**
 * orr_reduction_add_steps:
 *
 * Gives every row that stands for a phase or a place the step of the motion that came
 * nearest to it.
 */
void
orr_reduction_add_steps (OrrReduction *self, const OrrMotion *motion)
{
  gboolean plane = self->kind == ORR_REDUCTION_FLOW || self->kind == ORR_REDUCTION_MAP;
  guint n_steps = motion->trajectory->n_steps;

  if (self->kind == ORR_REDUCTION_RATE || motion->trajectory->n_hidden < 2)
    return;
  g_autofree Place *places = g_new (Place, n_steps);
  for (guint t = 0; t < n_steps; t++)
    places[t] = place_of_step (motion, plane, t);
  g_free (self->steps);
  self->steps = g_new0 (guint32, MAX (self->n_rows, 1));
  for (gsize i = 0; i < self->n_rows; i++)
    {
      Place row = { self->values[i], plane ? self->values[self->n_rows + i] : 0.0 };
      double nearest = INFINITY;

      for (guint t = 0; t < n_steps; t++)
        {
          double d = distance_between (plane, places[t], row);

          if (d < nearest)
            {
              nearest = d;
              self->steps[i] = t;
            }
        }
    }
}

/**
 * orr_reduction_find_row:
 * @step: of @motion
 * @first: [n_rows] the first input: phase or first component
 * @second: (nullable): [n_rows] the second one
 * @steps: (nullable): [n_rows]
 *
 * Returns: the row that @step belongs to: the nearest in time for a map, else in phase or
 * place; -1 where steps mean nothing
 */
gssize
orr_reduction_find_row (OrrReductionKind kind, const OrrMotion *motion, guint step, const double *first,
                        const double *second, const guint32 *steps, gsize n_rows)
{
  gboolean plane = kind == ORR_REDUCTION_FLOW, in_time = kind == ORR_REDUCTION_MAP;
  double nearest = INFINITY;
  gssize row = -1;

  if (kind == ORR_REDUCTION_RATE || step >= motion->trajectory->n_steps || (plane && second == NULL) ||
      (in_time && steps == NULL) || motion->trajectory->n_hidden < 2)
    return -1;

  Place here = place_of_step (motion, plane, step);
  for (gsize i = 0; i < n_rows; i++)
    {
      Place there = { first[i], plane ? second[i] : 0.0 };
      double d = in_time ? fabs ((double) steps[i] - step) : distance_between (plane, here, there);

      if (d < nearest)
        {
          nearest = d;
          row = i;
        }
    }
  return row;
}
