/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-scene.h"

#include <math.h>

static const struct
{
  OrrOrbitKind kind;
  float        size;
  float        opacity;
  gboolean     above;
  gboolean     live;
} defaults[ORR_ORBIT_N_LAYERS] = {
  [ORR_ORBIT_LAYER_PLANE] = { ORR_ORBIT_TRIANGLES, 1.0f, 1.0f, FALSE },
  [ORR_ORBIT_LAYER_LAW_ERROR] = { ORR_ORBIT_TRIANGLES, 1.0f, 1.0f, FALSE },
  [ORR_ORBIT_LAYER_TUBE] = { ORR_ORBIT_TRIANGLES, 1.0f, 1.0f, FALSE },
  [ORR_ORBIT_LAYER_AXES] = { ORR_ORBIT_LINES, 1.0f, 1.0f, FALSE },
  [ORR_ORBIT_LAYER_RELAXATIONS] = { ORR_ORBIT_LINES, 1.2f, 0.8f, FALSE },
  [ORR_ORBIT_LAYER_LINES] = { ORR_ORBIT_LINES, 1.2f, 0.9f, FALSE },
  [ORR_ORBIT_LAYER_POINTS] = { ORR_ORBIT_POINTS, 3.0f, 0.9f, FALSE },
  [ORR_ORBIT_LAYER_EPOCHS] = { ORR_ORBIT_POINTS, 3.5f, 0.95f, FALSE },
  [ORR_ORBIT_LAYER_FLOW] = { ORR_ORBIT_LINES, 1.4f, 1.0f, TRUE },
  [ORR_ORBIT_LAYER_FLOW_NOISE] = { ORR_ORBIT_LINES, 1.4f, 1.0f, TRUE },
  [ORR_ORBIT_LAYER_FLOW_LAW] = { ORR_ORBIT_LINES, 1.4f, 1.0f, TRUE },
  [ORR_ORBIT_LAYER_CONTOURS] = { ORR_ORBIT_LINES, 1.8f, 1.0f, TRUE },
  [ORR_ORBIT_LAYER_RANGE] = { ORR_ORBIT_LINES, 1.6f, 1.0f, TRUE },
  [ORR_ORBIT_LAYER_TRANSITIONS] = { ORR_ORBIT_LINES, 1.8f, 1.0f, TRUE },
  [ORR_ORBIT_LAYER_MEAN_ORBIT] = { ORR_ORBIT_LINES, 2.5f, 1.0f, TRUE },
  [ORR_ORBIT_LAYER_READOUT] = { ORR_ORBIT_LINES, 2.0f, 1.0f, TRUE },
  [ORR_ORBIT_LAYER_FIXED_POINTS] = { ORR_ORBIT_LINES, 1.0f, 1.0f, TRUE },
  [ORR_ORBIT_LAYER_COMET] = { ORR_ORBIT_LINES, 3.0f, 1.0f, FALSE, TRUE },
};

static void
mark_clear (gpointer mark)
{
  g_clear_pointer (&((OrrOrbitMark *) mark)->text, g_free);
}

/* Never the same twice, whatever the scene: a canvas may change scenes. */
static guint
next_serial (void)
{
  static guint serial;

  return ++serial;
}

OrrOrbitScene *
orr_orbit_scene_new (void)
{
  OrrOrbitScene *self = g_new0 (OrrOrbitScene, 1);

  for (guint i = 0; i < ORR_ORBIT_N_LAYERS; i++)
    {
      self->batches[i].kind = defaults[i].kind;
      self->batches[i].size = defaults[i].size;
      self->batches[i].opacity = defaults[i].opacity;
      self->batches[i].above = defaults[i].above;
      self->batches[i].live = defaults[i].live;
    }
  self->marks = g_array_new (FALSE, FALSE, sizeof (OrrOrbitMark));
  g_array_set_clear_func (self->marks, mark_clear);
  self->radius = 1.0;
  return self;
}

void
orr_orbit_scene_free (OrrOrbitScene *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < ORR_ORBIT_N_LAYERS; i++)
    orr_orbit_scene_clear (self, i);
  g_array_unref (self->marks);
  g_free (self);
}

/**
 * orr_orbit_scene_clear:
 *
 * Takes everything out of a layer, but not its marks.
 */
void
orr_orbit_scene_clear (OrrOrbitScene *self, OrrOrbitLayer layer)
{
  OrrOrbitBatch *batch = &self->batches[layer];

  g_clear_pointer (&batch->positions, g_free);
  g_clear_pointer (&batch->normals, g_free);
  g_clear_pointer (&batch->colours, g_free);
  g_clear_pointer (&batch->items, g_free);
  batch->n_vertices = batch->n_items = 0;
  batch->geometry_serial = next_serial ();
}

/**
 * orr_orbit_scene_set_vertices:
 * @positions: (transfer full): [@n_vertices x 3]
 * @colours: (transfer full): [@n_vertices]
 *
 * Replaces a layer; set its items next.
 */
void
orr_orbit_scene_set_vertices (OrrOrbitScene *self, OrrOrbitLayer layer, float *positions, guint32 *colours,
                              gsize n_vertices)
{
  OrrOrbitBatch *batch = &self->batches[layer];

  orr_orbit_scene_clear (self, layer);
  batch->positions = positions;
  batch->n_vertices = n_vertices;
  orr_orbit_scene_set_colours (self, layer, colours);
}

/**
 * orr_orbit_scene_set_items:
 * @items: (transfer full): see #OrrOrbitBatch
 */
void
orr_orbit_scene_set_items (OrrOrbitScene *self, OrrOrbitLayer layer, guint32 *items, gsize n_items)
{
  OrrOrbitBatch *batch = &self->batches[layer];

  g_free (batch->items);
  batch->items = items;
  batch->n_items = n_items;
  batch->geometry_serial = next_serial ();
}

/**
 * orr_orbit_scene_set_colours:
 * @colours: (transfer full): one for each vertex of the layer
 */
void
orr_orbit_scene_set_colours (OrrOrbitScene *self, OrrOrbitLayer layer, guint32 *colours)
{
  OrrOrbitBatch *batch = &self->batches[layer];

  g_free (batch->colours);
  batch->colours = colours;
  batch->colour_serial = next_serial ();
}

void
orr_orbit_scene_clear_marks (OrrOrbitScene *self, OrrOrbitLayer layer)
{
  for (guint i = self->marks->len; i-- > 0;)
    if (g_array_index (self->marks, OrrOrbitMark, i).layer == layer)
      g_array_remove_index (self->marks, i);
}

/* Returns: (transfer none): the mark, until another one comes */
OrrOrbitMark *
orr_orbit_scene_add_mark (OrrOrbitScene *self, OrrOrbitLayer layer, OrrOrbitMarkShape shape,
                          const double position[3], const char *text, double dx, double dy, guint32 colour)
{
  OrrOrbitMark mark = {
    .layer = layer,
    .shape = shape,
    .position = { position[0], position[1], position[2] },
    .text = g_strdup (text),
    .dx = dx,
    .dy = dy,
    .colour = colour,
    .axis = -1,
  };

  g_array_append_val (self->marks, mark);
  return &g_array_index (self->marks, OrrOrbitMark, self->marks->len - 1);
}

/* How many segments and points are drawn when all visible layers are complete. */
gsize
orr_orbit_scene_count_items (const OrrOrbitScene *self)
{
  gsize n = 0;

  for (guint i = 0; i < ORR_ORBIT_N_LAYERS; i++)
    if (self->batches[i].visible && !self->batches[i].live)
      n += self->batches[i].n_items;
  return n;
}

/**
 * orr_orbit_bounds:
 * @low: (out): [3] least coordinates; 0 where there is no point
 * @high: (out): [3] greatest coordinates
 *
 * The box around points; coordinates that are not finite are left out.
 */
void
orr_orbit_bounds (const float *positions, gsize n, double low[3], double high[3])
{
  for (int k = 0; k < 3; k++)
    {
      low[k] = INFINITY;
      high[k] = -INFINITY;
    }
  for (gsize i = 0; i < 3 * n; i++)
    if (isfinite (positions[i]))
      {
        low[i % 3] = MIN (low[i % 3], positions[i]);
        high[i % 3] = MAX (high[i % 3], positions[i]);
      }
  for (int k = 0; k < 3; k++)
    if (low[k] > high[k])
      low[k] = high[k] = 0.0;
}

/**
 * orr_orbit_pick:
 * @reach: how far from the pointer a point may lie, in logical pixels
 *
 * Which point a person means at pixel (@x, @y): the nearest on the screen, but of points that are
 * about equally near (2 pixels) the one in front.
 *
 * Returns: its index, or -1 where none is near enough
 */
gssize
orr_orbit_pick (const OrrCamera *camera, const float *positions, gsize n, double x, double y, double reach)
{
  gssize best = -1;
  double best_distance = reach, best_depth = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      const float *p = positions + 3 * i;
      const double world[3] = { p[0], p[1], p[2] };
      double screen[3], distance;

      if (!orr_camera_project (camera, world, screen))
        continue;
      distance = hypot (screen[0] - x, screen[1] - y);
      if (!(distance <= reach))
        continue;
      if (best < 0 || distance < best_distance - 2.0
          || (distance < best_distance + 2.0 && screen[2] < best_depth))
        {
          best = i;
          best_distance = MIN (distance, best_distance);
          best_depth = screen[2];
        }
    }
  return best;
}

/**
 * orr_orbit_brush:
 * @rectangle: [4] left, top, right, bottom in logical pixels
 *
 * Returns: (transfer full): [@n] whether each point is seen inside the rectangle
 */
guint8 *
orr_orbit_brush (const OrrCamera *camera, const float *positions, gsize n, const double rectangle[4])
{
  guint8 *inside = g_new0 (guint8, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    {
      const float *p = positions + 3 * i;
      const double world[3] = { p[0], p[1], p[2] };
      double screen[3];

      inside[i] = orr_camera_project (camera, world, screen) && screen[0] >= rectangle[0]
                  && screen[0] <= rectangle[2] && screen[1] >= rectangle[1] && screen[1] <= rectangle[3];
    }
  return inside;
}
