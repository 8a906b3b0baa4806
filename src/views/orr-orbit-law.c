/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-law.h"

#include <math.h>
#include <string.h>

/* Opacity where the error is largest. */
#define STRONGEST 0.75

/* One corner of the grid; transparent where there is no error. */
static double
fill_vertex (const OrrPlanarField *error, guint x, guint y, float *position)
{
  gsize i = (gsize) y * error->n_x + x;
  double place[2];

  orr_planar_field_node (error, x, y, place);
  position[0] = place[0];
  position[1] = place[1];
  position[2] = isfinite (error->height[i]) ? error->height[i] : 0.0;
  return hypot (error->velocity[2 * i], error->velocity[2 * i + 1]);
}

/* Two triangles where all four corners are known. */
static guint
add_square (guint32 *triangles, const double *sizes, guint n_x, guint x, guint y)
{
  const guint32 a = y * n_x + x, b = a + 1, c = a + n_x, d = c + 1;
  const guint32 pair[6] = { a, b, c, c, b, d };

  if (!isfinite (sizes[a]) || !isfinite (sizes[b]) || !isfinite (sizes[c]) || !isfinite (sizes[d]))
    return 0;
  memcpy (triangles, pair, sizeof pair);
  return 2;
}

/**
 * orr_orbit_layers_set_law_error:
 * @error: (nullable): a law's flow minus the network's; %NULL empties the layer
 *
 * How wrong a law is where: a sheet in the plane of the first two principal components,
 * the more opaque the larger the error.
 *
 * Returns: the largest error, as a length per step; 0 where there is none
 */
double
orr_orbit_layers_set_law_error (OrrOrbitScene *scene, const OrrPlanarField *error)
{
  double largest = 0.0;

  orr_orbit_scene_clear (scene, ORR_ORBIT_LAYER_LAW_ERROR);
  if (error == NULL)
    return 0.0;

  guint n_x = error->n_x, n_y = error->n_y;
  gsize n = (gsize) n_x * n_y, n_triangles = 0;
  float *positions = g_new (float, 3 * n);
  guint32 *colours = g_new (guint32, n);
  guint32 *triangles = g_new (guint32, 6 * n);
  g_autofree double *sizes = g_new (double, n);

  for (guint y = 0; y < n_y; y++)
    for (guint x = 0; x < n_x; x++)
      {
        gsize i = (gsize) y * n_x + x;

        sizes[i] = fill_vertex (error, x, y, positions + 3 * i);
        if (isfinite (sizes[i]))
          largest = MAX (largest, sizes[i]);
      }
  for (gsize i = 0; i < n; i++)
    colours[i] = orr_orbit_rgba (ORR_ORBIT_LAW_ERROR_COLOUR,
                                 isfinite (sizes[i]) && largest > 0.0 ? STRONGEST * sizes[i] / largest : 0.0);
  for (guint y = 0; y + 1 < n_y; y++)
    for (guint x = 0; x + 1 < n_x; x++)
      n_triangles += add_square (triangles + 3 * n_triangles, sizes, n_x, x, y);
  orr_orbit_scene_set_vertices (scene, ORR_ORBIT_LAYER_LAW_ERROR, positions, colours, n);
  orr_orbit_scene_set_items (scene, ORR_ORBIT_LAYER_LAW_ERROR, triangles, n_triangles);
  return largest;
}
