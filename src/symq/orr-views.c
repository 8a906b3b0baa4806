/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-views.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * How y is changed, and what undoes it: an operator before what was seen, an operand before or behind it.
 * Inverse functions with branches are looked at on their principal branch alone: what is seen there is y's
 * argument where that stays within it, as it does between functions of small values.
 */
typedef enum
{
  INVERSE = ORR_VIEW_INVERSE,
  SQUARE = ORR_VIEW_SQUARE,
  ROOT,
  CUBE_ROOT,
  EXPONENTIAL = ORR_VIEW_EXPONENTIAL,
  LOGARITHM = ORR_VIEW_LOGARITHM,
  TIMES_COLUMN = ORR_VIEW_TIMES_COLUMN,
  BY_COLUMN = ORR_VIEW_BY_COLUMN,
  FOURTH_ROOT = BY_COLUMN + ORR_ACTIONS_VARIABLES,
  FIFTH_ROOT,
  ARC_SINE,
  ARC_COSINE,
  ARC_TANGENT,
  SINE,
  TANGENT,
  AREA_TANGENT,
  AREA_SINE,
  AREA_COSINE,
  N_VIEWS
} View;

G_STATIC_ASSERT (ORR_N_SIMPLE_VIEWS == N_VIEWS);
G_STATIC_ASSERT (ORR_N_VIEWS == N_VIEWS + 2 * ORR_ACTIONS_VARIABLES * TIMES_COLUMN);

static const struct { const char *operator, *before, *behind; } undo[N_VIEWS] = {
  [INVERSE] = { "div", "1", NULL },
  [SQUARE] = { "sqrt", NULL, NULL },
  [ROOT] = { "pow", NULL, "2" },
  [CUBE_ROOT] = { "pow", NULL, "3" },
  [EXPONENTIAL] = { "ln", NULL, NULL },
  [LOGARITHM] = { "exp", NULL, NULL },
  [FOURTH_ROOT] = { "pow", NULL, "4" },
  [FIFTH_ROOT] = { "pow", NULL, "5" },
  [ARC_SINE] = { "sin", NULL, NULL },
  [ARC_COSINE] = { "cos", NULL, NULL },
  [ARC_TANGENT] = { "tan", NULL, NULL },
  [SINE] = { "asin", NULL, NULL },
  [TANGENT] = { "atan", NULL, NULL },
  [AREA_TANGENT] = { "tanh", NULL, NULL },
  [AREA_SINE] = { "sinh", NULL, NULL },
  [AREA_COSINE] = { "cosh", NULL, NULL },
};

static double
look (guint view, double y, const double *x, gsize stride)
{
  switch (view)
    {
    case INVERSE:
      return 1.0 / y;
    case SQUARE:
      return y >= 0.0 ? y * y : NAN;
    case ROOT:
      return sqrt (y);
    case CUBE_ROOT:
      return cbrt (y);
    case EXPONENTIAL:
      return exp (y);
    case LOGARITHM:
      return log (y);
    case FOURTH_ROOT:
      return sqrt (sqrt (y));
    case FIFTH_ROOT:
      return copysign (pow (fabs (y), 0.2), y);
    case ARC_SINE:
      return asin (y);
    case ARC_COSINE:
      return acos (y);
    case ARC_TANGENT:
      return atan (y);
    case SINE:
      return fabs (y) <= G_PI / 2.0 ? sin (y) : NAN;
    case TANGENT:
      return fabs (y) < G_PI / 2.0 ? tan (y) : NAN;
    case AREA_TANGENT:
      return atanh (y);
    case AREA_SINE:
      return asinh (y);
    case AREA_COSINE:
      return acosh (y);
    default:
      return view < BY_COLUMN ? y * x[(view - TIMES_COLUMN) * stride] : y / x[(view - BY_COLUMN) * stride];
    }
}

/* Whether @view multiplies or divides by a column. */
static gboolean
is_by_column (guint view)
{
  return view >= TIMES_COLUMN && view < FOURTH_ROOT;
}

static gboolean
is_legal (guint64 legal, const char *action)
{
  return action == NULL || (legal >> orr_action_from_name (action) & 1) != 0;
}

/* Columns first: views beyond the simple ones multiply or divide by a column, then change what that gives. */
static gboolean
split (guint view, guint *first, guint *second)
{
  if (view < N_VIEWS)
    return FALSE;
  *first = TIMES_COLUMN + (view - N_VIEWS) / TIMES_COLUMN;
  *second = (view - N_VIEWS) % TIMES_COLUMN;
  return TRUE;
}

static gboolean
look_simply (guint view, const OrrSamples *samples, guint64 legal, double *y)
{
  gboolean differs = FALSE;

  if (is_by_column (view) && (view - TIMES_COLUMN) % ORR_ACTIONS_VARIABLES >= samples->n_variables)
    return FALSE;
  if (!is_by_column (view)
          ? !is_legal (legal, undo[view].operator) || !is_legal (legal, undo[view].before) || !is_legal (legal, undo[view].behind)
          : !is_legal (legal, view < BY_COLUMN ? "div" : "mul"))
    return FALSE;
  for (gsize i = 0; i < samples->n; i++)
    {
      y[i] = look (view, samples->y[i], samples->x + i, samples->stride);
      if (!(fabs (y[i]) < 1e6))
        return FALSE;
      differs = differs || y[i] != y[0];
    }
  return differs;
}

/**
 * orr_view_look:
 * @view: which, from 0 to ORR_N_VIEWS - 1
 * @y: (out) (array): [n] what y is in this view
 *
 * Returns: %FALSE when it does not exist for these rows, or may not be undone
 */
gboolean
orr_view_look (guint view, const OrrSamples *samples, guint64 legal, double *y)
{
  guint first, second;

  if (!split (view, &first, &second))
    return look_simply (view, samples, legal, y);
  g_autofree double *between = g_new (double, samples->n);
  if (!look_simply (first, samples, legal, between))
    return FALSE;
  const OrrSamples changed = { samples->x, samples->stride, samples->n_variables, between, samples->n };
  return look_simply (second, &changed, legal, y);
}

static gboolean
turn_back_simply (guint view, const OrrFilling *seen, OrrFilling *out)
{
  OrrAction before[2], behind[1];
  guint n_before = 0, n_behind = 0, n = seen->n[0];

  if (!is_by_column (view))
    {
      before[n_before++] = orr_action_from_name (undo[view].operator);
      if (undo[view].before != NULL)
        before[n_before++] = orr_action_from_name (undo[view].before);
      if (undo[view].behind != NULL)
        behind[n_behind++] = orr_action_from_name (undo[view].behind);
    }
  else
    {
      before[n_before++] = orr_action_from_name (view < BY_COLUMN ? "div" : "mul");
      behind[n_behind++] = ORR_ACTIONS_FIRST_VARIABLE + (view - TIMES_COLUMN) % ORR_ACTIONS_VARIABLES;
    }
  if (n_before + n + n_behind > ORR_ACTIONS_MAX_LENGTH)
    return FALSE;
  *out = *seen;
  memcpy (out->actions[0], before, n_before);
  memcpy (out->actions[0] + n_before, seen->actions[0], n);
  memcpy (out->actions[0] + n_before + n, behind, n_behind);
  out->n[0] = n_before + n + n_behind;
  return TRUE;
}

/* @out: what @seen says about y itself; FALSE when it gets too long. */
gboolean
orr_view_turn_back (guint view, const OrrFilling *seen, OrrFilling *out)
{
  guint first, second;
  OrrFilling between;

  if (!split (view, &first, &second))
    return turn_back_simply (view, seen, out);
  return turn_back_simply (second, seen, &between) && turn_back_simply (first, &between, out);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double p = *(const double *) a, q = *(const double *) b;
  return (p > q) - (p < q);
}

/* How far out row @i is: |y|, or the largest column. */
static double
distance (const OrrSamples *samples, guint n_variables, gboolean by_columns, gsize i)
{
  double largest = 0.0;

  if (!by_columns)
    return fabs (samples->y[i]);
  for (guint v = 0; v < n_variables; v++)
    largest = MAX (largest, fabs (samples->x[v * samples->stride + i]));
  return largest;
}

/**
 * orr_view_zoom:
 * @zoom: which, from 0 to ORR_N_ZOOMS - 1: the half and the quarter of the rows nearest 0, by y and by the columns
 * @rows: (out) (array): room for [(n_variables + 1) x samples->n]; each column and then y takes as many as are returned
 *
 * Returns: rows; 0 when so few would say nothing
 */
guint
orr_view_zoom (guint zoom, const OrrSamples *samples, guint n_variables, double *rows)
{
  gboolean by_columns = zoom >= 2;
  guint wanted = samples->n / (zoom % 2 == 0 ? 2 : 4), n = 0;
  g_autofree double *sorted = g_new (double, samples->n);

  if (wanted < 15)
    return 0;
  for (gsize i = 0; i < samples->n; i++)
    sorted[i] = distance (samples, n_variables, by_columns, i);
  qsort (sorted, samples->n, sizeof (double), compare_doubles);
  double bar = sorted[wanted - 1];
  for (guint k = 0; k <= n_variables; k++)
    {
      const double *from = k < n_variables ? samples->x + k * samples->stride : samples->y;
      double *to = rows + k * wanted;
      n = 0;
      for (gsize i = 0; i < samples->n && n < wanted; i++)
        if (distance (samples, n_variables, by_columns, i) <= bar)
          to[n++] = from[i];
    }
  return n;
}
