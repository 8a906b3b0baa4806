/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-zones.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-residency.h"
#include "orr-section.h"

/* Which measured state stands for each step; kept, since all views ask for the same again. */
typedef struct
{
  GVariant  *section;
  OrrMotion *motion;
  guint     *nearest;
} Nearest;

static void
nearest_free (gpointer data)
{
  Nearest *self = data;

  g_clear_pointer (&self->section, g_variant_unref);
  g_clear_pointer (&self->motion, orr_motion_unref);
  g_free (self->nearest);
  g_free (self);
}

static guint *
find_nearest (const OrrMotion *motion, const double *points, gsize n_points)
{
  guint n_steps = motion->trajectory->n_steps;
  guint *nearest = g_new0 (guint, n_steps);
  g_autofree float *p = g_new (float, 3 * n_points);

  for (gsize i = 0; i < 3 * n_points; i++)
    p[i] = points[i];
  for (guint t = 0; t < n_steps; t++)
    {
      const float *at = orr_matrix_row (motion->projection, t);
      float least = INFINITY;

      for (gsize i = 0; i < n_points; i++)
        {
          float dx = at[0] - p[3 * i], dy = at[1] - p[3 * i + 1], dz = at[2] - p[3 * i + 2];
          float square = dx * dx + dy * dy + dz * dz;

          if (square < least)
            {
              least = square;
              nearest[t] = i;
            }
        }
    }
  return nearest;
}

static const guint *
get_nearest (OrrSession *session, OrrMotion *motion, GVariant *section)
{
  Nearest *kept = g_object_get_data (G_OBJECT (session), "orr-nearest-states");
  gsize n, n_columns;

  if (kept != NULL && kept->section == section && kept->motion == motion)
    return kept->nearest;

  g_autofree double *points = orr_section_dup_table (section, "points", &n, &n_columns);
  if (points == NULL || n_columns != 3 || n == 0)
    return NULL;
  kept = g_new0 (Nearest, 1);
  kept->section = g_variant_ref (section);
  kept->motion = orr_motion_ref (motion);
  kept->nearest = find_nearest (motion, points, n);
  g_object_set_data_full (G_OBJECT (session), "orr-nearest-states", kept, nearest_free);
  return kept->nearest;
}

/**
 * orr_orbit_dup_residency:
 * @field: of the section `residency`: "point_residency", "point_zone", "point_sign_changes" or
 *   "point_unstable_directions"
 *
 * The analysis measures some thousand visited states; each step of the motion gets the value of the
 * measured state that is nearest in the first three components.
 *
 * Returns: (transfer full) (nullable): [T], %NULL where the analysis has not been done
 */
double *
orr_orbit_dup_residency (OrrSession *session, OrrMotion *motion, const char *field)
{
  g_autoptr (GVariant) section = orr_session_dup_section (session, "residency");
  gsize n;
  g_autofree double *measured = orr_section_dup_doubles (section, field, &n);
  const guint *nearest = measured != NULL ? get_nearest (session, motion, section) : NULL;
  double *values;

  if (nearest == NULL)
    return NULL;
  values = g_new (double, motion->trajectory->n_steps);
  for (guint t = 0; t < motion->trajectory->n_steps; t++)
    values[t] = nearest[t] < n ? measured[nearest[t]] : NAN;
  return values;
}

/**
 * orr_orbit_zone_colour:
 * @zone: an #OrrZone
 *
 * Returns: its colour in every view, 0xRRGGBB
 */
guint32
orr_orbit_zone_colour (guint zone)
{
  static const guint32 colours[ORR_ZONE_N] = { 0xc0303a, 0xf28c28, 0x9aa0a8, 0x6a5f86 };

  return colours[MIN (zone, ORR_ZONE_N - 1)];
}

/**
 * orr_orbit_zone_title:
 *
 * Returns: (transfer none): the zone's name for a person, translated
 */
const char *
orr_orbit_zone_title (guint zone)
{
  static const char *const titles[ORR_ZONE_N] = { N_ ("transition"), N_ ("kick zone"), N_ ("cluster"),
                                                  N_ ("other") };

  return _(titles[MIN (zone, ORR_ZONE_N - 1)]);
}
