/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-layers.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "orr-colour.h"
#include "orr-progressive-order.h"
#include "orr-section.h"

/* Segments of a long line that stay together when it is thinned out. */
#define RUN_LENGTH 24
#define COMET_LENGTH 60
#define AXIS_COLOUR 0x8f9095u
#define TICK_COLOUR 0x9a9ba0u
#define RELAXATION_COLOUR 0xd0d2d8u
#define PLANE_COLOUR 0x8fa0c0u
#define WHITE 0xffffffu
#define PALENESS 0.55

static float *
dup_projection (const OrrMatrix *points)
{
  return g_memdup2 (points->data, points->rows * points->cols * sizeof (float));
}

/* The box around the run with a little room for the axes; its half diagonal is the scene's radius. */
static void
set_bounds (OrrOrbitScene *scene, const OrrMatrix *points)
{
  double square = 0.0, margin;

  orr_orbit_bounds (points->data, points->rows, scene->low, scene->high);
  for (int k = 0; k < 3; k++)
    {
      scene->centre[k] = 0.5 * (scene->low[k] + scene->high[k]);
      square += 0.25 * (scene->high[k] - scene->low[k]) * (scene->high[k] - scene->low[k]);
    }
  scene->radius = square > 0.0 ? sqrt (square) : 1.0;
  margin = 0.04 * scene->radius;
  for (int k = 0; k < 3; k++)
    {
      scene->low[k] -= margin;
      scene->high[k] += margin;
    }
}

/**
 * orr_orbit_layers_set_run:
 * @rgb: [T] 0xRRGGBB of each step
 *
 * The run under noise, as lines and as points.
 */
void
orr_orbit_layers_set_run (OrrOrbitScene *scene, const OrrMotion *motion, const guint32 *rgb)
{
  gsize n = motion->projection->rows;

  for (int layer = ORR_ORBIT_LAYER_LINES; layer <= ORR_ORBIT_LAYER_POINTS; layer++)
    {
      guint32 *colours = g_new (guint32, n);
      gboolean lines = layer == ORR_ORBIT_LAYER_LINES;
      gsize n_items = lines ? n - 1 : n;

      for (gsize t = 0; t < n; t++)
        colours[t] = orr_orbit_rgba (rgb[t], 1.0);
      orr_orbit_scene_set_vertices (scene, layer, dup_projection (motion->projection), colours, n);
      orr_orbit_scene_set_items (scene, layer, orr_progressive_order (n_items, lines ? RUN_LENGTH : 1),
                                 n_items);
    }
  set_bounds (scene, motion->projection);
}

/**
 * orr_orbit_layers_set_relaxations:
 *
 * The paths without noise from visited states, fading as they come to rest.
 */
void
orr_orbit_layers_set_relaxations (OrrOrbitScene *scene, const OrrMotion *motion)
{
  gsize length = motion->n_relaxation_steps + 1;
  gsize n = motion->n_relaxations * length;
  guint32 *colours = g_new (guint32, MAX (n, 1));
  guint32 *starts = g_new (guint32, MAX (n, 1));
  gsize n_segments = 0;

  for (gsize i = 0; i < n; i++)
    {
      double age = (i % length) / (double) MAX (length - 1, 1);

      colours[i] = orr_orbit_rgba (RELAXATION_COLOUR, 0.9 * (1.0 - age) * (1.0 - age) + 0.05);
      if (i % length + 1 < length)
        starts[n_segments++] = i;
    }
  orr_orbit_scene_set_vertices (scene, ORR_ORBIT_LAYER_RELAXATIONS,
                                n > 0 ? dup_projection (motion->relaxations) : NULL, colours, n);
  orr_orbit_scene_set_items (scene, ORR_ORBIT_LAYER_RELAXATIONS, starts, n_segments);
}

/**
 * orr_orbit_nice_step:
 * @range: length of an axis
 * @wanted: about how many steps
 *
 * Returns: a step of 1, 2 or 5 times a power of ten
 */
double
orr_orbit_nice_step (double range, guint wanted)
{
  double rough = range / MAX (wanted, 1);
  double power = pow (10.0, floor (log10 (rough)));
  double digit = rough / power;

  return power * (digit < 1.5 ? 1.0 : digit < 3.5 ? 2.0 : digit < 7.5 ? 5.0 : 10.0);
}

static void
add_segment (GArray *positions, GArray *colours, const double from[3], const double to[3], guint32 colour)
{
  float both[6] = { from[0], from[1], from[2], to[0], to[1], to[2] };
  guint32 pair[2] = { colour, colour };

  g_array_append_vals (positions, both, 6);
  g_array_append_vals (colours, pair, 2);
}

/* Puts pairs of vertices into a layer, each pair one segment. */
static void
set_segments (OrrOrbitScene *scene, OrrOrbitLayer layer, GArray *positions, GArray *colours)
{
  gsize n = colours->len / 2;
  guint32 *starts = g_new (guint32, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    starts[i] = 2 * i;
  orr_orbit_scene_set_vertices (scene, layer, (float *) g_array_free (positions, FALSE),
                                (guint32 *) g_array_free (colours, FALSE), 2 * n);
  orr_orbit_scene_set_items (scene, layer, starts, n);
}

/* One axis with its ticks, from the corner of the box. Ticks point away from the box. */
static void
add_axis (OrrOrbitScene *scene, GArray *positions, GArray *colours, int axis, double step, double share)
{
  const double *low = scene->low, *high = scene->high;
  int across = axis == 1 ? 0 : 1;
  double from[3] = { low[0], low[1], low[2] }, to[3] = { low[0], low[1], low[2] };
  g_autofree char *title = g_strdup_printf (_("PC%d  %.0f %%"), axis + 1, 100.0 * share);

  to[axis] = high[axis];
  add_segment (positions, colours, from, to, orr_orbit_rgba (AXIS_COLOUR, 0.8));
  for (double value = ceil (low[axis] / step) * step; value <= high[axis]; value += step)
    {
      double root[3] = { low[0], low[1], low[2] }, tip[3];
      g_autofree char *text = g_strdup_printf ("%g", fabs (value) < 1e-9 * step ? 0.0 : value);

      root[axis] = value;
      memcpy (tip, root, sizeof tip);
      tip[across] -= 0.012 * scene->radius;
      add_segment (positions, colours, root, tip, orr_orbit_rgba (AXIS_COLOUR, 0.8));
      orr_orbit_scene_add_mark (scene, ORR_ORBIT_LAYER_AXES, ORR_ORBIT_MARK_NONE, tip, text,
                                axis == 1 ? -14.0 : 0.0, axis == 1 ? 0.0 : 11.0, TICK_COLOUR)->axis = axis;
    }
  orr_orbit_scene_add_mark (scene, ORR_ORBIT_LAYER_AXES, ORR_ORBIT_MARK_NONE, to, title,
                            axis == 1 ? 0.0 : 34.0, axis == 1 ? -12.0 : 0.0, 0xd8d9dcu)->axis = axis;
}

static void
set_plane (OrrOrbitScene *scene)
{
  const double *low = scene->low, *high = scene->high;
  double height = CLAMP (0.0, low[2], high[2]);
  float *positions = g_new (float, 12);
  guint32 *colours = g_new (guint32, 4);
  guint32 corners[] = { 0, 1, 2, 2, 1, 3 };

  for (int i = 0; i < 4; i++)
    {
      positions[3 * i] = i & 1 ? high[0] : low[0];
      positions[3 * i + 1] = i & 2 ? high[1] : low[1];
      positions[3 * i + 2] = height;
      colours[i] = orr_orbit_rgba (PLANE_COLOUR, 0.16);
    }
  orr_orbit_scene_set_vertices (scene, ORR_ORBIT_LAYER_PLANE, positions, colours, 4);
  orr_orbit_scene_set_items (scene, ORR_ORBIT_LAYER_PLANE, g_memdup2 (corners, sizeof corners), 2);
}

/**
 * orr_orbit_layers_set_axes:
 *
 * The axes of the principal components along the edges of the box around the run, with ticks and the
 * share of variance each explains; and the plane of the first two, through the origin of the
 * components.
 */
void
orr_orbit_layers_set_axes (OrrOrbitScene *scene, const OrrMotion *motion)
{
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (float));
  GArray *colours = g_array_new (FALSE, FALSE, sizeof (guint32));
  double step = 0.0;

  for (int k = 0; k < 3; k++)
    step = MAX (step, scene->high[k] - scene->low[k]);
  /* One step for all axes: lengths can be compared. */
  step = orr_orbit_nice_step (step, 5);
  orr_orbit_scene_clear_marks (scene, ORR_ORBIT_LAYER_AXES);
  for (guint k = 0; k < MIN (3, motion->pca->n_components); k++)
    add_axis (scene, positions, colours, k, step, motion->pca->variance_ratio[k]);
  set_segments (scene, ORR_ORBIT_LAYER_AXES, positions, colours);
  set_plane (scene);
}

/**
 * orr_orbit_layers_set_readout:
 * @hmm: (nullable): names the symbols
 *
 * Each symbol's readout axis: the direction in which its logit grows fastest, from the middle of the
 * run, the longest one as long as the run is wide; how much of it lies outside the picture's three
 * components is not shown.
 */
void
orr_orbit_layers_set_readout (OrrOrbitScene *scene, const OrrMotion *motion, const OrrHmm *hmm)
{
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (float));
  GArray *colours = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean named = hmm != NULL && hmm->n_symbols == motion->readout->rows;
  double longest = 0.0;

  for (gsize k = 0; k < motion->readout->rows; k++)
    {
      const float *axis = orr_matrix_row (motion->readout, k);
      longest = MAX (longest, sqrt (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]));
    }

  orr_orbit_scene_clear_marks (scene, ORR_ORBIT_LAYER_READOUT);
  for (gsize k = 0; k < motion->readout->rows && longest > 0.0; k++)
    {
      const float *axis = orr_matrix_row (motion->readout, k);
      double tip[3];
      guint32 colour = orr_colour_qualitative (k);
      g_autofree char *number = g_strdup_printf ("%u", (guint) k);
      g_autofree char *text = g_strdup_printf (_("readout %s"), named ? hmm->symbol_names[k] : number);

      for (int c = 0; c < 3; c++)
        tip[c] = scene->centre[c] + scene->radius * axis[c] / longest;
      add_segment (positions, colours, scene->centre, tip, orr_orbit_rgba (colour, 1.0));
      orr_orbit_scene_add_mark (scene, ORR_ORBIT_LAYER_READOUT, ORR_ORBIT_MARK_RING, tip, text, 0.0, -14.0,
                                orr_colour_mix (colour, WHITE, 0.35));
    }
  set_segments (scene, ORR_ORBIT_LAYER_READOUT, positions, colours);
}

static void
add_fixed_point (OrrOrbitScene *scene, const OrrMotion *motion, const double *state, gsize n, gboolean stable)
{
  const OrrPca *pca = motion->pca;
  double position[3] = { 0, 0, 0 };

  if (n != pca->n_hidden)
    return;
  for (guint p = 0; p < MIN (3, pca->n_components); p++)
    for (guint u = 0; u < pca->n_hidden; u++)
      position[p] += pca->components[p * pca->n_hidden + u] * (state[u] - pca->mean[u]);
  orr_orbit_scene_add_mark (scene, ORR_ORBIT_LAYER_FIXED_POINTS,
                            stable ? ORR_ORBIT_MARK_CROSS : ORR_ORBIT_MARK_RING, position, NULL, 0, 0, WHITE);
}

/**
 * orr_orbit_layers_set_fixed_points:
 * @origin_is_fixed: the network has no biases, so that the origin is a fixed point
 * @section: (nullable): the result of the analysis of fixed points: "points", each with "state" [H]
 *   and "stable"
 *
 * Stable fixed points and the origin are crosses, others rings.
 */
void
orr_orbit_layers_set_fixed_points (OrrOrbitScene *scene, const OrrMotion *motion, gboolean origin_is_fixed,
                                   GVariant *section)
{
  g_autoptr (GVariant) points = orr_section_get_child (section, "points");
  const double origin[3] = { motion->origin[0], motion->origin[1], motion->origin[2] };

  orr_orbit_scene_clear_marks (scene, ORR_ORBIT_LAYER_FIXED_POINTS);
  if (origin_is_fixed)
    orr_orbit_scene_add_mark (scene, ORR_ORBIT_LAYER_FIXED_POINTS, ORR_ORBIT_MARK_CROSS, origin, NULL, 0, 0,
                              WHITE);
  if (points == NULL || !g_variant_is_of_type (points, G_VARIANT_TYPE ("aa{sv}")))
    return;
  for (gsize i = 0; i < g_variant_n_children (points); i++)
    {
      g_autoptr (GVariant) point = g_variant_get_child_value (points, i);
      gsize n;
      g_autofree double *state = orr_section_dup_doubles (point, "state", &n);

      if (state != NULL)
        add_fixed_point (scene, motion, state, n, orr_section_get_boolean (point, "stable", TRUE));
    }
}

/**
 * orr_orbit_layers_set_comet:
 * @cursor: the step at its head
 *
 * The last steps up to the cursor, fading backwards in time.
 */
void
orr_orbit_layers_set_comet (OrrOrbitScene *scene, const OrrMotion *motion, const guint32 *rgb, guint cursor)
{
  guint first = cursor >= COMET_LENGTH ? cursor - COMET_LENGTH : 0;
  guint n = cursor - first + 1;
  guint32 *colours = g_new (guint32, n);
  guint32 *starts = g_new (guint32, n);

  for (guint i = 0; i < n; i++)
    {
      double youth = (i + 1) / (double) n;

      colours[i] = orr_orbit_rgba (orr_colour_mix (rgb[first + i], WHITE, 0.65 * youth), youth * youth);
      starts[i] = i;
    }
  orr_orbit_scene_set_vertices (
      scene, ORR_ORBIT_LAYER_COMET,
      g_memdup2 (orr_matrix_row (motion->projection, first), 3 * n * sizeof (float)), colours, n);
  orr_orbit_scene_set_items (scene, ORR_ORBIT_LAYER_COMET, starts, n - 1);
}

/**
 * orr_orbit_layers_set_lit:
 * @layer: %ORR_ORBIT_LAYER_RANGE or %ORR_ORBIT_LAYER_TRANSITIONS
 * @rgb: [T] colour of each step
 * @lit: [T] how each step is lit
 *
 * The lines between neighbouring steps that are both lit.
 */
void
orr_orbit_layers_set_lit (OrrOrbitScene *scene, OrrOrbitLayer layer, const OrrMotion *motion,
                          const guint32 *rgb, const guint8 *lit)
{
  gsize n = motion->projection->rows;
  guint32 *colours = g_new (guint32, n);
  g_autofree guint32 *order = orr_progressive_order (n - 1, RUN_LENGTH);
  GArray *starts = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (gsize t = 0; t < n; t++)
    colours[t] = orr_orbit_rgba (lit[t] == ORR_ORBIT_PALE ? orr_colour_mix (rgb[t], WHITE, PALENESS) : rgb[t], 1.0);
  for (gsize i = 0; i + 1 < n; i++)
    if (lit[order[i]] && lit[order[i] + 1])
      g_array_append_val (starts, order[i]);
  orr_orbit_scene_set_vertices (scene, layer, dup_projection (motion->projection), colours, n);
  gsize n_segments = starts->len;
  orr_orbit_scene_set_items (scene, layer, (guint32 *) g_array_free (starts, FALSE), n_segments);
}

/**
 * orr_orbit_find_jumps:
 * @path: [@n_steps] estimated states
 * @reach: how many steps before and after a jump belong to it
 * @n_jumps: (out): how often it happens
 *
 * Returns: (transfer full): [@n_steps] how each step is lit: %ORR_ORBIT_LIT for the @reach steps before a
 *   jump from state @from to state @to, %ORR_ORBIT_PALE for the @reach steps after it, else 0
 */
guint8 *
orr_orbit_find_jumps (const guint16 *path, guint n_steps, guint from, guint to, guint reach, guint *n_jumps)
{
  guint8 *near = g_new0 (guint8, MAX (n_steps, 1));

  *n_jumps = 0;
  for (guint t = 0; t + 1 < n_steps; t++)
    {
      if (path[t] != from || path[t + 1] != to)
        continue;
      *n_jumps += 1;
      guint first = t + 1 > reach ? t + 1 - reach : 0;
      for (guint s = first; s <= t; s++)
        near[s] = ORR_ORBIT_LIT;
      for (guint s = t + 1; s < MIN (n_steps, t + 1 + reach); s++)
        near[s] = ORR_ORBIT_PALE;
    }
  return near;
}

/**
 * orr_orbit_longest_visit:
 * @inside: [@n_steps] which steps are inside a region
 * @gap: that many steps outside do not end a visit
 * @start: (out): first step of the longest visit
 * @end: (out): one after its last step; equal to @start where there is none
 *
 * Returns: how many visits there are
 */
guint
orr_orbit_longest_visit (const guint8 *inside, guint n_steps, guint gap, guint *start, guint *end)
{
  guint n_visits = 0, first = 0, last = 0;
  gboolean open = FALSE;

  *start = *end = 0;
  for (guint t = 0; t < n_steps; t++)
    {
      if (!inside[t])
        continue;
      if (!open || t - last > gap + 1)
        {
          n_visits++;
          first = t;
          open = TRUE;
        }
      last = t;
      if (last + 1 - first > *end - *start)
        {
          *start = first;
          *end = last + 1;
        }
    }
  return n_visits;
}
