/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-layout.h"

#include <math.h>
#include <string.h>

#include "orr-hmm-stress.h"

/* Distance of neighbours, in model units. */
#define SPACING 1.25
/* Chains and rings with more states than this fold onto a grid. */
#define MAX_ROW 7
#define MAX_RING 14
/* Denser graphs than this, up to so many states, stand on a circle in their own order. */
#define DENSE 0.75
#define MAX_DENSE 12

/* One connected component: @members are its states in ascending order,
 * @adjacent is [n x n] over members, @positions [n x 2]. */
typedef struct
{
  guint n;
  guint *members;
  guint8 *adjacent;
  double *positions;
} Component;

static void
component_free (Component *self)
{
  g_free (self->members);
  g_free (self->adjacent);
  g_free (self->positions);
  g_free (self);
}

static gboolean
linked (const OrrHmm *hmm, guint i, guint j)
{
  gsize S = hmm->n_states;

  return i != j && (hmm->transition[i * S + j] > 0.0 || hmm->transition[j * S + i] > 0.0);
}

static Component *
collect_component (const OrrHmm *hmm, guint seed, gboolean *seen)
{
  guint S = hmm->n_states, n = 0;
  g_autofree guint *queue = g_new (guint, S);
  g_autofree gboolean *inside = g_new0 (gboolean, S);
  Component *self = g_new0 (Component, 1);

  queue[n++] = seed;
  inside[seed] = TRUE;
  for (guint head = 0; head < n; head++)
    for (guint j = 0; j < S; j++)
      if (!inside[j] && linked (hmm, queue[head], j))
        {
          inside[j] = TRUE;
          queue[n++] = j;
        }
  self->members = g_new (guint, n);
  self->adjacent = g_new0 (guint8, n * n);
  self->positions = g_new0 (double, 2 * n);
  for (guint i = 0; i < S; i++)
    if (inside[i])
      {
        seen[i] = TRUE;
        self->members[self->n++] = i;
      }
  for (guint a = 0; a < n; a++)
    for (guint b = 0; b < n; b++)
      self->adjacent[a * n + b] = linked (hmm, self->members[a], self->members[b]);
  return self;
}

static guint
degree (const Component *self, guint a)
{
  guint count = 0;

  for (guint b = 0; b < self->n; b++)
    count += self->adjacent[a * self->n + b];
  return count;
}

/* The members in the order of a walk along a chain (from its first end) or
 * round a ring; NULL where the component is neither. */
static guint *
find_walk (const Component *self, gboolean *is_ring)
{
  guint n = self->n, ends = 0, start = 0;

  for (guint a = 0; a < n; a++)
    {
      guint d = degree (self, a);

      if (d > 2)
        return NULL;
      if (d < 2 && ends++ == 0)
        start = a;
    }
  *is_ring = ends == 0;

  guint *walk = g_new (guint, n);
  g_autofree gboolean *seen = g_new0 (gboolean, n);

  for (guint i = 0, here = start; i < n; i++)
    {
      walk[i] = here;
      seen[here] = TRUE;
      for (guint b = 0; b < n; b++)
        if (!seen[b] && self->adjacent[here * n + b])
          {
            here = b;
            break;
          }
    }
  return walk;
}

static void
put (Component *self, guint member, double x, double y)
{
  self->positions[2 * member] = x;
  self->positions[2 * member + 1] = y;
}

/* A shallow arc keeps the pairs of arrows apart and the row readable; long
 * chains run to and fro. */
static void
place_chain (Component *self, const guint *walk)
{
  guint n = self->n, columns = n <= MAX_ROW ? n : (guint) ceil (sqrt (1.7 * n));

  for (guint i = 0; i < n; i++)
    {
      guint row = i / columns, step = i % columns;
      guint column = row % 2 == 0 ? step : columns - 1 - step;
      double rise = n > 2 && n <= MAX_ROW ? -0.35 * sin (G_PI * i / (n - 1)) : 0.0;

      put (self, walk[i], SPACING * (column - 0.5 * (columns - 1)), SPACING * row + rise);
    }
}

/* Clockwise on a circle, the first one at the top or the first two level with each other there. */
static void
place_circle (Component *self, const guint *walk)
{
  guint n = self->n;
  double radius = n > 1 ? 0.5 * MAX (SPACING, 1.45 * (n == 3)) / sin (G_PI / n) : 0.0;
  double first = n % 2 == 0 ? G_PI / n : 0.0;

  for (guint i = 0; i < n; i++)
    {
      double angle = 2.0 * G_PI * i / n - first;

      put (self, walk[i], radius * sin (angle), -radius * cos (angle));
    }
}

/* A long ring: along the rows of a grid to and fro from the second column on,
 * and back through the first column. An even number of rows closes it; pairs of
 * rows give up their last cells where the grid is larger than the ring. */
static void
place_grid_ring (Component *self, const guint *walk)
{
  guint n = self->n, even = n + n % 2;
  guint rows = MAX (2, 2 * (guint) round (sqrt (even / 1.7) / 2.0));
  guint columns = (even + rows - 1) / rows;
  guint surplus = (rows * columns - even) / 2;
  guint i = 0;

  put (self, walk[i++], 0, 0);
  for (guint row = 0; row < rows; row++)
    {
      guint length = columns - 1 - (row / 2 < surplus ? 1 : 0);

      for (guint step = 0; step < length && i < n; step++)
        put (self, walk[i++], SPACING * (row % 2 == 0 ? step + 1 : length - step), SPACING * row);
    }
  for (guint row = rows - 1; row > 0 && i < n; row--)
    put (self, walk[i++], 0, SPACING * row);
}

static void
place_component (Component *self)
{
  gboolean is_ring = FALSE;
  g_autofree guint *walk = find_walk (self, &is_ring);
  guint links = 0;

  for (guint a = 0; a < self->n; a++)
    links += degree (self, a);

  if (walk != NULL && is_ring && self->n > MAX_RING)
    place_grid_ring (self, walk);
  else if (walk != NULL && is_ring)
    place_circle (self, walk);
  else if (walk != NULL)
    place_chain (self, walk);
  else if (self->n <= MAX_DENSE && links >= DENSE * self->n * (self->n - 1))
    {
      g_autofree guint *order = g_new (guint, self->n);

      for (guint i = 0; i < self->n; i++)
        order[i] = i;
      place_circle (self, order);
    }
  else
    orr_hmm_stress_layout (self->adjacent, self->n, SPACING, self->positions);
}

static void
get_extents (const Component *self, double low[2], double high[2])
{
  low[0] = low[1] = G_MAXDOUBLE;
  high[0] = high[1] = -G_MAXDOUBLE;
  for (guint i = 0; i < 2 * self->n; i++)
    {
      low[i % 2] = MIN (low[i % 2], self->positions[i]);
      high[i % 2] = MAX (high[i % 2], self->positions[i]);
    }
}

/* Side by side in rows about 1.6 times as wide as all of it is high. */
static void
pack_components (GPtrArray *components, OrrHmm *hmm)
{
  double area = 0.0, x = 0.0, y = 0.0, row_height = 0.0, widest = 0.0;

  for (guint c = 0; c < components->len; c++)
    {
      double low[2], high[2];

      get_extents (components->pdata[c], low, high);
      area += (high[0] - low[0] + SPACING) * (high[1] - low[1] + SPACING);
      widest = MAX (widest, high[0] - low[0] + SPACING);
    }
  widest = MAX (widest, sqrt (1.6 * area));
  for (guint c = 0; c < components->len; c++)
    {
      const Component *component = components->pdata[c];
      double low[2], high[2];

      get_extents (component, low, high);
      if (x > 0.0 && x + high[0] - low[0] > widest)
        {
          x = 0.0;
          y += row_height;
          row_height = 0.0;
        }
      for (guint a = 0; a < component->n; a++)
        {
          hmm->positions[2 * component->members[a]] = component->positions[2 * a] - low[0] + x;
          hmm->positions[2 * component->members[a] + 1] = component->positions[2 * a + 1] - low[1] + y;
        }
      x += high[0] - low[0] + SPACING;
      row_height = MAX (row_height, high[1] - low[1] + SPACING);
    }
}

static void
centre (OrrHmm *hmm)
{
  for (guint axis = 0; axis < 2; axis++)
    {
      double low = G_MAXDOUBLE, high = -G_MAXDOUBLE;

      for (guint i = 0; i < hmm->n_states; i++)
        {
          low = MIN (low, hmm->positions[2 * i + axis]);
          high = MAX (high, hmm->positions[2 * i + axis]);
        }
      for (guint i = 0; i < hmm->n_states; i++)
        hmm->positions[2 * i + axis] -= 0.5 * (low + high);
    }
}

/**
 * orr_hmm_layout:
 *
 * Places the states by which of them are linked: chains in a row, rings and
 * dense graphs on a circle, long ones on a grid, anything else by stress
 * majorisation; parts that are not linked stand side by side. Chains and rings
 * come out without crossings. The same links give the same picture.
 *
 * Returns: (transfer full): the model with new positions, centred on the origin
 */
OrrHmm *
orr_hmm_layout (const OrrHmm *self)
{
  OrrHmm *hmm = orr_hmm_copy (self);
  g_autoptr (GPtrArray) components = g_ptr_array_new_with_free_func ((GDestroyNotify) component_free);
  g_autofree gboolean *seen = g_new0 (gboolean, self->n_states);

  for (guint i = 0; i < self->n_states; i++)
    if (!seen[i])
      {
        Component *component = collect_component (self, i, seen);

        place_component (component);
        g_ptr_array_add (components, component);
      }
  pack_components (components, hmm);
  centre (hmm);
  return hmm;
}
