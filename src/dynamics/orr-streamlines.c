/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-streamlines.h"

#include <math.h>

/* In units of the spacing: how long one integration step is, how near a line may come to another before it
 * ends, how near to itself, and how long it must be to be kept. */
#define STEP 0.2
#define NEAREST 0.6
#define NEAREST_ITSELF 0.3
#define SHORTEST 1.2
/* Steps along a line within which its own points are near of course. */
#define RECENT 6
#define MOST_POINTS 3000
/* Slower than this share of the greatest speed: a point of rest. */
#define AT_REST 1e-6

typedef struct
{
  double x;
  double y;
} Point;

typedef struct
{
  const OrrPlanarField *field;
  double                spacing;
  double                rest;
  GArray              **buckets; /* [n_x x n_y] points of finished lines, in squares as wide as the spacing */
  guint                 n_x;
  guint                 n_y;
  GArray               *points;  /* Point */
  GArray               *first;   /* gsize */
} Tracer;

static GArray **
find_bucket (const Tracer *self, double x, double y, int dx, int dy)
{
  int column = (int) floor ((x - self->field->low[0]) / self->spacing) + dx;
  int row = (int) floor ((y - self->field->low[1]) / self->spacing) + dy;

  if (column < 0 || row < 0 || column >= (int) self->n_x || row >= (int) self->n_y)
    return NULL;
  return &self->buckets[row * self->n_x + column];
}

/* Whether a finished line passes nearer than @distance, which is at most the spacing. */
static gboolean
is_near (const Tracer *self, Point point, double distance)
{
  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++)
      {
        GArray **bucket = find_bucket (self, point.x, point.y, dx, dy);

        for (guint i = 0; bucket != NULL && *bucket != NULL && i < (*bucket)->len; i++)
          {
            Point other = g_array_index (*bucket, Point, i);

            if (hypot (other.x - point.x, other.y - point.y) < distance)
              return TRUE;
          }
      }
  return FALSE;
}

/* Whether one of the points @from to @end of a line lies where another part of the same line is: a closed
 * curve, or one that winds into a point of rest. */
static gboolean
meets (const Tracer *self, const GArray *line, guint from, gint64 end, Point point)
{
  for (gint64 i = from; i < end; i++)
    {
      Point other = g_array_index (line, Point, i);

      if (hypot (other.x - point.x, other.y - point.y) < NEAREST_ITSELF * self->spacing)
        return TRUE;
    }
  return FALSE;
}

static gboolean
get_direction (const Tracer *self, Point at, Point *direction)
{
  double velocity[2];

  if (!orr_planar_field_sample (self->field, at.x, at.y, velocity, NULL))
    return FALSE;
  double speed = hypot (velocity[0], velocity[1]);
  if (!(speed > self->rest))
    return FALSE;
  direction->x = velocity[0] / speed;
  direction->y = velocity[1] / speed;
  return TRUE;
}

/* One step of fixed length by the classical Runge-Kutta rule of fourth order; @length is negative against
 * the flow. */
static gboolean
advance (const Tracer *self, Point *at, double length)
{
  static const double places[3] = { 0.5, 0.5, 1.0 }, weights[4] = { 1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6 };
  Point sum = { 0, 0 }, direction, from = *at;

  for (int stage = 0; stage < 4; stage++)
    {
      if (!get_direction (self, from, &direction))
        return FALSE;
      sum.x += weights[stage] * direction.x;
      sum.y += weights[stage] * direction.y;
      if (stage < 3)
        from = (Point) { at->x + places[stage] * length * direction.x,
                         at->y + places[stage] * length * direction.y };
    }
  at->x += length * sum.x;
  at->y += length * sum.y;
  /* Around a point of rest the stages cancel each other. */
  return hypot (sum.x, sum.y) > 0.3 && get_direction (self, *at, &direction);
}

static GArray *
follow (const Tracer *self, Point seed, double sign)
{
  GArray *line = g_array_new (FALSE, FALSE, sizeof (Point));
  Point at = seed;

  while (line->len < MOST_POINTS && advance (self, &at, sign * STEP * self->spacing)
         && !is_near (self, at, NEAREST * self->spacing)
         && !meets (self, line, 0, (gint64) line->len - RECENT, at))
    g_array_append_val (line, at);
  return line;
}

/* Follows the field from @seed both ways; returns whether the line is long enough to be kept. */
static gboolean
add_line (Tracer *self, Point seed)
{
  g_autoptr (GArray) back = follow (self, seed, -1.0);
  g_autoptr (GArray) forth = follow (self, seed, 1.0);
  gsize first = self->points->len;

  if ((back->len + forth->len) * STEP < SHORTEST)
    return FALSE;
  for (guint i = back->len; i-- > 0;)
    g_array_append_val (self->points, g_array_index (back, Point, i));
  g_array_append_val (self->points, seed);
  /* A closed curve was followed all round in one direction already. */
  for (guint i = 0; i < forth->len; i++)
    {
      if (meets (self, back, i < RECENT ? RECENT - i : 0, back->len, g_array_index (forth, Point, i)))
        break;
      g_array_append_val (self->points, g_array_index (forth, Point, i));
    }
  for (gsize i = first; i < self->points->len; i++)
    {
      Point point = g_array_index (self->points, Point, i);
      GArray **bucket = find_bucket (self, point.x, point.y, 0, 0);

      if (bucket == NULL)
        continue;
      if (*bucket == NULL)
        *bucket = g_array_new (FALSE, FALSE, sizeof (Point));
      g_array_append_val (*bucket, point);
    }
  gsize end = self->points->len;
  g_array_append_val (self->first, end);
  return TRUE;
}

static void
try_seed (Tracer *self, Point seed)
{
  Point direction;

  if (get_direction (self, seed, &direction) && !is_near (self, seed, self->spacing))
    add_line (self, seed);
}

/* On both sides of every line that is there, at the wanted distance; lines that this adds come to their turn. */
static void
grow (Tracer *self, guint *done)
{
  for (; *done < self->points->len; (*done)++)
    {
      Point at = g_array_index (self->points, Point, *done), direction;

      if (!get_direction (self, at, &direction))
        continue;
      for (int side = -1; side <= 1; side += 2)
        try_seed (self, (Point) { at.x - 1.02 * side * self->spacing * direction.y,
                                  at.y + 1.02 * side * self->spacing * direction.x });
    }
}

static OrrStreamlines *
create_result (Tracer *self)
{
  OrrStreamlines *lines = g_new0 (OrrStreamlines, 1);

  lines->n_lines = self->first->len - 1;
  lines->first = g_memdup2 (self->first->data, self->first->len * sizeof (gsize));
  lines->points = g_new (double, 3 * MAX (self->points->len, 1));
  lines->speed = g_new (double, MAX (self->points->len, 1));
  for (guint i = 0; i < self->points->len; i++)
    {
      Point at = g_array_index (self->points, Point, i);
      double velocity[2], height = 0.0;

      orr_planar_field_sample (self->field, at.x, at.y, velocity, &height);
      lines->points[3 * i] = at.x;
      lines->points[3 * i + 1] = at.y;
      lines->points[3 * i + 2] = height;
      lines->speed[i] = hypot (velocity[0], velocity[1]);
    }
  return lines;
}

/**
 * orr_streamlines_trace:
 * @spacing: wanted distance between neighbouring lines, in the field's units
 *
 * Evenly spaced streamlines: each new line starts at the wanted distance from one that is there, and ends
 * where it would come nearer than 0.6 of it to another, where the field is at rest, or where it is not
 * defined. (Jobard and Lefer, 1997: Creating evenly-spaced streamlines of arbitrary density.) A pure
 * function of the field, some milliseconds.
 *
 * Returns: (transfer full): the lines, none where the field is at rest everywhere
 */
OrrStreamlines *
orr_streamlines_trace (const OrrPlanarField *field, double spacing)
{
  g_return_val_if_fail (field != NULL && spacing > 0.0, NULL);

  Tracer self = { .field = field, .spacing = spacing };
  gsize zero = 0;
  guint done = 0;

  self.rest = AT_REST * orr_planar_field_top_speed (field);
  self.n_x = (field->high[0] - field->low[0]) / spacing + 1;
  self.n_y = (field->high[1] - field->low[1]) / spacing + 1;
  self.buckets = g_new0 (GArray *, (gsize) self.n_x * self.n_y);
  self.points = g_array_new (FALSE, FALSE, sizeof (Point));
  self.first = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_array_append_val (self.first, zero);

  /* Every node is tried, so that no separate part of the plane is forgotten. */
  for (guint y = 0; y < field->n_y; y++)
    for (guint x = 0; x < field->n_x; x++)
      {
        double node[2];

        orr_planar_field_node (field, x, y, node);
        try_seed (&self, (Point) { node[0], node[1] });
        grow (&self, &done);
      }

  OrrStreamlines *lines = create_result (&self);
  for (gsize i = 0; i < (gsize) self.n_x * self.n_y; i++)
    g_clear_pointer (&self.buckets[i], g_array_unref);
  g_free (self.buckets);
  g_array_unref (self.points);
  g_array_unref (self.first);
  return lines;
}

void
orr_streamlines_free (OrrStreamlines *self)
{
  if (self == NULL)
    return;
  g_free (self->first);
  g_free (self->points);
  g_free (self->speed);
  g_free (self);
}
