/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-cycle.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "orr-orbit-colours.h"
#include "orr-progressive-order.h"
#include "orr-section.h"

#define RING 14
#define MEAN_COLOUR 0xf4f4f6u
#define TUBE_COLOUR 0xb9c2d6u
#define TUBE_ALPHA 0.22
/* How strong the layers of the epochs are that are not the one chosen. */
#define OTHER_EPOCHS 0.3

/* The mean orbit -------------------------------------------------------------------------------- */

static gboolean
is_defined (const double *point)
{
  return isfinite (point[0]) && isfinite (point[1]) && isfinite (point[2]);
}

/* @occupancy: (nullable): share of time in each bin: stretches that are seldom visited are faint, since
 * their mean says little. */
static void
set_mean_line (OrrOrbitScene *scene, const double *points, const double *occupancy, gsize n)
{
  float *positions = g_new (float, 3 * (n + 1));
  guint32 *colours = g_new (guint32, n + 1);
  guint32 *starts = g_new (guint32, n);
  gsize n_segments = 0;

  for (gsize i = 0; i <= n; i++)
    {
      for (int k = 0; k < 3; k++)
        positions[3 * i + k] = points[3 * (i % n) + k];
      double even_share = occupancy != NULL ? occupancy[i % n] * n : 1.0;

      colours[i] = orr_orbit_rgba (MEAN_COLOUR, CLAMP (2.0 * even_share, 0.15, 1.0));
      if (i < n && is_defined (points + 3 * i) && is_defined (points + 3 * ((i + 1) % n)))
        starts[n_segments++] = i;
    }
  orr_orbit_scene_set_vertices (scene, ORR_ORBIT_LAYER_MEAN_ORBIT, positions, colours, n + 1);
  orr_orbit_scene_set_items (scene, ORR_ORBIT_LAYER_MEAN_ORBIT, starts, n_segments);
}

/* One ring of the tube: in the plane of the radius from the centre and the third component. */
static void
add_ring (float *positions, float *normals, const double *point, const double *centre, double radius)
{
  double out[2] = { point[0] - centre[0], point[1] - centre[1] };
  double length = hypot (out[0], out[1]);

  for (int j = 0; j < RING; j++)
    {
      double angle = 2.0 * G_PI * j / RING;
      const double normal[3] = { cos (angle) * out[0] / MAX (length, 1e-12),
                                 cos (angle) * out[1] / MAX (length, 1e-12), sin (angle) };

      for (int k = 0; k < 3; k++)
        {
          normals[3 * j + k] = normal[k];
          positions[3 * j + k] = point[k] + radius * normal[k];
        }
    }
}

static void
set_tube (OrrOrbitScene *scene, const double *points, const double *radii, const double *centre, gsize n)
{
  float *positions = g_new0 (float, 3 * RING * n), *normals = g_new0 (float, 3 * RING * n);
  guint32 *colours = g_new (guint32, RING * n);
  guint32 *triangles = g_new (guint32, 6 * RING * n);
  gsize n_triangles = 0;

  for (gsize i = 0; i < n; i++)
    {
      gsize next = (i + 1) % n;

      for (int j = 0; j < RING; j++)
        colours[RING * i + j] = orr_orbit_rgba (TUBE_COLOUR, TUBE_ALPHA);
      if (!is_defined (points + 3 * i) || !isfinite (radii[i]))
        continue;
      add_ring (positions + 3 * RING * i, normals + 3 * RING * i, points + 3 * i, centre, radii[i]);
      if (!is_defined (points + 3 * next) || !isfinite (radii[next]))
        continue;
      for (guint j = 0; j < RING; j++)
        {
          guint32 a = RING * i + j, b = RING * i + (j + 1) % RING;
          guint32 c = RING * next + j, d = RING * next + (j + 1) % RING;
          const guint32 pair[6] = { a, b, c, c, b, d };

          memcpy (triangles + 3 * n_triangles, pair, sizeof pair);
          n_triangles += 2;
        }
    }
  orr_orbit_scene_set_vertices (scene, ORR_ORBIT_LAYER_TUBE, positions, colours, RING * n);
  scene->batches[ORR_ORBIT_LAYER_TUBE].normals = normals;
  orr_orbit_scene_set_items (scene, ORR_ORBIT_LAYER_TUBE, triangles, n_triangles);
}

/**
 * orr_orbit_layers_set_mean_orbit:
 * @section: (nullable): the result of the analysis `orbit`: `mean_orbit` [n][3], `radius_sd` [n],
 *   `centre` [2], `phase_occupancy` [n]
 *
 * The mean orbit as a closed line, and around it a tube as wide as the standard deviation of the
 * radius. Stretches that were hardly visited stay open. Without a section both layers are empty.
 *
 * Returns: whether there is a mean orbit
 */
gboolean
orr_orbit_layers_set_mean_orbit (OrrOrbitScene *scene, GVariant *section)
{
  gsize n, n_columns, n_radii, n_centre, n_bins;
  g_autofree double *points = orr_section_dup_table (section, "mean_orbit", &n, &n_columns);
  g_autofree double *radii = orr_section_dup_doubles (section, "radius_sd", &n_radii);
  g_autofree double *centre = orr_section_dup_doubles (section, "centre", &n_centre);
  g_autofree double *occupancy = orr_section_dup_doubles (section, "phase_occupancy", &n_bins);

  orr_orbit_scene_clear (scene, ORR_ORBIT_LAYER_MEAN_ORBIT);
  orr_orbit_scene_clear (scene, ORR_ORBIT_LAYER_TUBE);
  if (points == NULL || n_columns != 3 || n < 3)
    return FALSE;
  set_mean_line (scene, points, n_bins == n ? occupancy : NULL, n);
  if (radii != NULL && n_radii == n && centre != NULL && n_centre >= 2)
    set_tube (scene, points, radii, centre, n);
  return TRUE;
}

/* Noise contours -------------------------------------------------------------------------------- */

static void
add_contour (OrrOrbitScene *scene, GArray *positions, GArray *colours, GArray *starts, GVariant *contour,
             double share)
{
  gsize n, n_columns;
  g_autofree double *outline = orr_section_dup_table (contour, "outline", &n, &n_columns);
  guint32 rgb = orr_orbit_scale_colour (share), colour = orr_orbit_rgba (rgb, 1.0);
  g_autofree char *text = g_strdup_printf (_("σ = %g"), orr_section_get_double (contour, "sigma", NAN));
  double highest[3] = { 0, -INFINITY, 0 };

  if (outline == NULL || n_columns != 2 || n < 3)
    return;
  for (gsize i = 0; i <= n; i++)
    {
      const double *point = outline + 2 * (i % n);
      const float position[3] = { point[0], point[1], 0.0f };
      guint32 vertex = colours->len;

      g_array_append_vals (positions, position, 3);
      g_array_append_val (colours, colour);
      if (i < n && isfinite (point[0]) && isfinite (outline[2 * ((i + 1) % n)]))
        g_array_append_val (starts, vertex);
      if (isfinite (point[1]) && point[1] > highest[1])
        {
          highest[0] = point[0];
          highest[1] = point[1];
        }
    }
  if (isfinite (highest[1]))
    orr_orbit_scene_add_mark (scene, ORR_ORBIT_LAYER_CONTOURS, ORR_ORBIT_MARK_NONE, highest, text, 0.0, -9.0,
                              rgb);
}

/**
 * orr_orbit_layers_set_contours:
 * @section: (nullable): the result of the analysis `resonance`: `contours`, each with `sigma` and
 *   `outline` [n][2]
 *
 * For each size of the noise the outline of the region in the plane of the first two components in
 * which the network is 95 % of the time. Without a section the layer is empty.
 *
 * Returns: how many there are
 */
guint
orr_orbit_layers_set_contours (OrrOrbitScene *scene, GVariant *section)
{
  g_autoptr (GVariant) contours = orr_section_get_child (section, "contours");
  GArray *positions, *colours, *starts;
  gsize n, n_segments;

  orr_orbit_scene_clear (scene, ORR_ORBIT_LAYER_CONTOURS);
  orr_orbit_scene_clear_marks (scene, ORR_ORBIT_LAYER_CONTOURS);
  if (contours == NULL || !g_variant_is_of_type (contours, G_VARIANT_TYPE ("aa{sv}")))
    return 0;
  positions = g_array_new (FALSE, FALSE, sizeof (float));
  colours = g_array_new (FALSE, FALSE, sizeof (guint32));
  starts = g_array_new (FALSE, FALSE, sizeof (guint32));
  n = g_variant_n_children (contours);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) contour = g_variant_get_child_value (contours, i);
      add_contour (scene, positions, colours, starts, contour, 0.25 + 0.75 * i / MAX (n - 1, 1));
    }

  gsize n_vertices = colours->len;
  n_segments = starts->len;
  orr_orbit_scene_set_vertices (scene, ORR_ORBIT_LAYER_CONTOURS, (float *) g_array_free (positions, FALSE),
                                (guint32 *) g_array_free (colours, FALSE), n_vertices);
  orr_orbit_scene_set_items (scene, ORR_ORBIT_LAYER_CONTOURS, (guint32 *)g_array_free (starts, FALSE),
                             n_segments);
  return n;
}

/* Epochs ---------------------------------------------------------------------------------------- */

/* One snapshot's cloud at @height above the plane; its largest extent is as wide as the orbit, since
 * activities grow by orders of magnitude while a network learns. */
static void
add_epoch (OrrOrbitScene *scene, GArray *positions, GArray *colours, GVariant *layer, double height,
           const guint32 *rgb, double strength)
{
  gsize n, n_columns, n_symbols;
  g_autofree double *points = orr_section_dup_table (layer, "points", &n, &n_columns);
  g_autofree double *symbols = orr_section_dup_doubles (layer, "point_symbols", &n_symbols);
  g_autofree char *text = g_strdup_printf (_("epoch %d"), (int) orr_section_get_int (layer, "epoch", 0));
  double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
  double extent, size = MAX (scene->high[0] - scene->low[0], scene->high[1] - scene->low[1]);
  double beside[3] = { scene->high[0], scene->centre[1], height };

  if (points == NULL || n_columns < 2)
    return;
  for (gsize i = 0; i < n; i++)
    for (int k = 0; k < 2; k++)
      {
        low[k] = MIN (low[k], points[n_columns * i + k]);
        high[k] = MAX (high[k], points[n_columns * i + k]);
      }
  extent = MAX (high[0] - low[0], high[1] - low[1]);
  for (gsize i = 0; i < n; i++)
    {
      guint symbol = n_symbols == n && symbols[i] >= 0.0 ? symbols[i] : 0;
      guint32 full = rgb != NULL ? *rgb : orr_colour_qualitative (symbol);
      guint32 colour = orr_orbit_rgba (orr_colour_mix (ORR_ORBIT_BACKGROUND, full, strength), 1.0);
      float position[3] = { scene->centre[0], scene->centre[1], height };

      for (int k = 0; k < 2 && extent > 0.0; k++)
        position[k] += 0.9 * size / extent * (points[n_columns * i + k] - 0.5 * (low[k] + high[k]));
      g_array_append_vals (positions, position, 3);
      g_array_append_val (colours, colour);
    }
  orr_orbit_scene_add_mark (scene, ORR_ORBIT_LAYER_EPOCHS, ORR_ORBIT_MARK_NONE, beside, text, 34.0, 0.0,
                            strength < 1.0 ? 0x8f9095u : 0xffffffu);
}

/**
 * orr_orbit_layers_set_epochs:
 * @section: (nullable): the result of the analysis `evolution`: `layers`, each with `epoch`, `points`
 *   [n][3] and `point_symbols` [n]
 * @by_epoch: colour each layer by its epoch rather than its points by their symbols
 * @shown: the epoch whose layer stands out, -1 for none
 * @heights: (out): [2] where along the third component the stack begins and ends
 *
 * The clouds of visited states of a training's snapshots, each in its own first two components and
 * scaled to the same width, stacked along the third component with the first epoch at the back.
 *
 * Returns: how many there are
 */
guint
orr_orbit_layers_set_epochs (OrrOrbitScene *scene, GVariant *section, gboolean by_epoch, int shown,
                             double heights[2])
{
  g_autoptr (GVariant) layers = orr_section_get_child (section, "layers");
  GArray *positions, *colours;
  guint32 *order;
  gsize n;

  heights[0] = heights[1] = scene->centre[2];
  orr_orbit_scene_clear (scene, ORR_ORBIT_LAYER_EPOCHS);
  orr_orbit_scene_clear_marks (scene, ORR_ORBIT_LAYER_EPOCHS);
  if (layers == NULL || !g_variant_is_of_type (layers, G_VARIANT_TYPE ("aa{sv}"))
      || (n = g_variant_n_children (layers)) == 0)
    return 0;

  g_autoptr (GVariant) latest = g_variant_get_child_value (layers, n - 1);
  double last = orr_section_get_int (latest, "epoch", 0);
  heights[0] -= 1.6 * scene->radius;
  heights[1] += 1.6 * scene->radius;
  positions = g_array_new (FALSE, FALSE, sizeof (float));
  colours = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) layer = g_variant_get_child_value (layers, i);
      double epoch = orr_section_get_int (layer, "epoch", 0);
      guint32 rgb = orr_orbit_scale_colour (last > 0.0 ? epoch / last : 1.0);

      add_epoch (scene, positions, colours, layer,
                 heights[0] + (heights[1] - heights[0]) * i / MAX (n - 1, 1), by_epoch ? &rgb : NULL,
                 shown < 0 || shown == (int) epoch ? 1.0 : OTHER_EPOCHS);
    }

  gsize n_points = colours->len;
  order = orr_progressive_order (n_points, 1);
  orr_orbit_scene_set_vertices (scene, ORR_ORBIT_LAYER_EPOCHS, (float *) g_array_free (positions, FALSE),
                                (guint32 *) g_array_free (colours, FALSE), n_points);
  orr_orbit_scene_set_items (scene, ORR_ORBIT_LAYER_EPOCHS, order, n_points);
  return n;
}
