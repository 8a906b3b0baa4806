/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-flow.h"

#include <math.h>
#include <string.h>

#include "orr-colour.h"
#include "orr-flow.h"
#include "orr-streamlines.h"

/* So many lines side by side along the longer side of the field. */
#define LINES_ACROSS 30
/* In units of the lines' distance: between two arrow heads of one line, and an arrow head's length. */
#define HEAD_DISTANCE 3.5
#define HEAD_LENGTH 0.42
/* Where the flow is slow the lines are fainter than where it is fast. */
#define FAINTEST 0.45
#define FAST_SHARE 0.5

/* Off the main thread -------------------------------------------------------------------------- */

typedef struct
{
  OrrNetwork *network;
  OrrMotion  *motion;
  gboolean    noise_free;
  gboolean    under_noise;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  orr_network_unref (request->network);
  orr_motion_unref (request->motion);
  g_free (request);
}

static void
flows_free (gpointer data)
{
  OrrOrbitFlows *flows = data;

  orr_motion_unref (flows->motion);
  orr_planar_field_unref (flows->noise_free);
  orr_planar_field_unref (flows->under_noise);
  g_free (flows);
}

/* The states that the axes were made of. */
static OrrMatrix *
dup_states (const OrrMotion *motion)
{
  const OrrMatrix *states = motion->trajectory->states;
  gsize n = 0;

  if (motion->inside == NULL)
    return orr_matrix_ref ((OrrMatrix *) states);
  for (gsize t = 0; t < states->rows; t++)
    n += motion->inside[t];
  OrrMatrix *within = orr_matrix_new (n, states->cols);
  n = 0;
  for (gsize t = 0; t < states->rows; t++)
    if (motion->inside[t])
      memcpy (orr_matrix_row (within, n++), orr_matrix_row (states, t), states->cols * sizeof (float));
  return within;
}

/* Steps that begin and end where the axes were made of. */
static OrrPlanarField *
find_mean_flow (const OrrMotion *motion)
{
  const OrrMatrix *points = motion->projection;
  g_autofree float *weights = g_new (float, points->rows);
  g_autoptr (OrrMatrix) next = NULL;

  if (motion->inside == NULL)
    return orr_flow_under_noise (points, NULL, NULL);
  next = orr_matrix_new (points->rows, points->cols);
  memcpy (next->data, points->data + points->cols, (points->rows - 1) * points->cols * sizeof (float));
  for (gsize t = 0; t < points->rows; t++)
    weights[t] = t + 1 < points->rows && motion->inside[t] && motion->inside[t + 1];
  return orr_flow_estimate (points, next, weights, NULL, NULL);
}

/* A motion without a plane has no flow: that is no failure to be told. */
static gpointer
compute (gpointer data)
{
  Request *request = data;
  OrrOrbitFlows *flows = g_new0 (OrrOrbitFlows, 1);

  flows->motion = orr_motion_ref (request->motion);
  if (request->noise_free && request->network->n_hidden == request->motion->trajectory->n_hidden)
    {
      g_autoptr (OrrMatrix) states = dup_states (request->motion);

      flows->noise_free = orr_flow_noise_free (request->network, states, request->motion->pca, NULL, NULL);
    }
  if (request->under_noise)
    flows->under_noise = find_mean_flow (request->motion);
  return flows;
}

/**
 * orr_orbit_flows_new:
 * @done: takes an #OrrOrbitFlows on the main thread
 *
 * Returns: (transfer full): a worker that finds flows in the background, the latest request first
 */
OrrLatest *
orr_orbit_flows_new (OrrLatestDone done, gpointer owner)
{
  return orr_latest_new (compute, done, owner, request_free, flows_free);
}

void
orr_orbit_flows_request (OrrLatest *latest, OrrNetwork *network, OrrMotion *motion, gboolean noise_free,
                         gboolean under_noise)
{
  Request *request = g_new0 (Request, 1);

  request->network = orr_network_ref (network);
  request->motion = orr_motion_ref (motion);
  request->noise_free = noise_free;
  request->under_noise = under_noise;
  orr_latest_request (latest, request);
}

/* The layer ------------------------------------------------------------------------------------- */

typedef struct
{
  GArray *positions;
  GArray *colours;
} Segments;

/* Faint by mixing with the background: translucent segments would show their joints. */
static void
add_segment (Segments *self, const double from[3], const double to[3], guint32 rgb, double strength)
{
  const float both[6] = { from[0], from[1], from[2], to[0], to[1], to[2] };
  guint32 colour = orr_orbit_rgba (orr_colour_mix (ORR_ORBIT_BACKGROUND, rgb, strength), 1.0);
  const guint32 pair[2] = { colour, colour };

  g_array_append_vals (self->positions, both, 6);
  g_array_append_vals (self->colours, pair, 2);
}

/* Two barbs that lie in the sheet, the tip at @tip. */
static void
add_head (Segments *self, const double before[3], const double tip[3], double length, guint32 rgb,
          double strength)
{
  double along[3] = { tip[0] - before[0], tip[1] - before[1], tip[2] - before[2] };
  double size = hypot (along[0], along[1]);

  if (!(size > 0.0))
    return;
  for (int side = -1; side <= 1; side += 2)
    {
      const double end[3] = { tip[0] + length / size * (-along[0] - 0.5 * side * along[1]),
                              tip[1] + length / size * (-along[1] + 0.5 * side * along[0]),
                              tip[2] - length / size * along[2] };
      add_segment (self, end, tip, rgb, strength);
    }
}

static void
add_line (Segments *self, const OrrStreamlines *lines, guint line, double spacing, double fast, guint32 rgb)
{
  gsize first = lines->first[line], end = lines->first[line + 1];
  double length = 0.0, next_head, travelled = 0.0;

  for (gsize i = first + 1; i < end; i++)
    length += hypot (lines->points[3 * i] - lines->points[3 * i - 3],
                     lines->points[3 * i + 1] - lines->points[3 * i - 2]);
  /* Heads stand evenly, with half a distance at either end; a short line has one in its middle. */
  guint n_heads = MAX (1, (guint) rint (length / (HEAD_DISTANCE * spacing)));
  next_head = 0.5 * length / n_heads;

  for (gsize i = first + 1; i < end; i++)
    {
      const double *from = lines->points + 3 * (i - 1), *to = from + 3;
      double strength = FAINTEST + (1.0 - FAINTEST) * MIN (lines->speed[i] / fast, 1.0);

      add_segment (self, from, to, rgb, strength);
      travelled += hypot (to[0] - from[0], to[1] - from[1]);
      if (travelled < next_head)
        continue;
      add_head (self, from, to, HEAD_LENGTH * spacing, rgb, MIN (strength + 0.2, 1.0));
      next_head += length / n_heads;
    }
}

/**
 * orr_orbit_layers_set_flow:
 * @layer: one of the layers of flows
 * @field: (nullable): in the coordinates of the first two principal components; %NULL empties the layer
 * @rgb: 0xRRGGBB of its lines
 *
 * A planar field as evenly spaced streamlines with arrow heads, on the sheet that the field lives on; the
 * slower the fainter.
 *
 * Returns: how many lines there are
 */
guint
orr_orbit_layers_set_flow (OrrOrbitScene *scene, OrrOrbitLayer layer, const OrrPlanarField *field, guint32 rgb)
{
  orr_orbit_scene_clear (scene, layer);
  if (field == NULL)
    return 0;

  double spacing = MAX (field->high[0] - field->low[0], field->high[1] - field->low[1]) / LINES_ACROSS;
  double fast = FAST_SHARE * orr_planar_field_top_speed (field);
  g_autoptr (OrrStreamlines) lines = orr_streamlines_trace (field, spacing);
  Segments segments = { g_array_new (FALSE, FALSE, sizeof (float)), g_array_new (FALSE, FALSE, sizeof (guint32)) };

  for (guint l = 0; l < lines->n_lines; l++)
    add_line (&segments, lines, l, spacing, fast, rgb);

  gsize n_vertices = segments.colours->len;
  guint32 *starts = g_new (guint32, MAX (n_vertices / 2, 1));
  for (gsize i = 0; i < n_vertices / 2; i++)
    starts[i] = 2 * i;
  orr_orbit_scene_set_vertices (scene, layer, (float *) g_array_free (segments.positions, FALSE),
                                (guint32 *) g_array_free (segments.colours, FALSE), n_vertices);
  orr_orbit_scene_set_items (scene, layer, starts, n_vertices / 2);
  return lines->n_lines;
}
