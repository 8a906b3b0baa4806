/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-streamlines.h"

#include <math.h>

typedef void (*Law) (double x, double y, double velocity[2]);

static void
rotation (double x, double y, double velocity[2])
{
  velocity[0] = -0.3 * y;
  velocity[1] = 0.3 * x;
}

static void
saddle (double x, double y, double velocity[2])
{
  velocity[0] = 0.2 * x;
  velocity[1] = -0.2 * y;
}

static void
sink (double x, double y, double velocity[2])
{
  velocity[0] = -0.1 * (x - 0.237) - 0.4 * (y + 0.119);
  velocity[1] = 0.4 * (x - 0.237) - 0.1 * (y + 0.119);
}

static OrrPlanarField *
create_field (Law law, guint n)
{
  const double low[2] = { -2.0, -1.5 }, high[2] = { 2.0, 1.5 };
  OrrPlanarField *field = orr_planar_field_new (n, n, low, high);

  for (guint y = 0; y < n; y++)
    for (guint x = 0; x < n; x++)
      {
        double node[2];

        orr_planar_field_node (field, x, y, node);
        law (node[0], node[1], field->velocity + 2 * (y * n + x));
        field->height[y * n + x] = 3.0 + node[0] - 2.0 * node[1];
      }
  return field;
}

/* Linear fields are met exactly between the nodes, too; nothing is defined outside. */
static void
test_sample (void)
{
  g_autoptr (OrrPlanarField) field = create_field (sink, 7);
  double velocity[2], expected[2], height;

  for (int i = 0; i < 50; i++)
    {
      double x = -1.9 + 0.0761 * i, y = 1.4 - 0.0551 * i;

      sink (x, y, expected);
      g_assert_true (orr_planar_field_sample (field, x, y, velocity, &height));
      g_assert_cmpfloat_with_epsilon (velocity[0], expected[0], 1e-12);
      g_assert_cmpfloat_with_epsilon (velocity[1], expected[1], 1e-12);
      g_assert_cmpfloat_with_epsilon (height, 3.0 + x - 2.0 * y, 1e-12);
    }
  g_assert_true (orr_planar_field_sample (field, 2.0, 1.5, velocity, NULL));
  g_assert_false (orr_planar_field_sample (field, 2.01, 0.0, velocity, NULL));
  g_assert_false (orr_planar_field_sample (field, 0.0, -1.51, velocity, NULL));
  g_assert_false (orr_planar_field_sample (field, NAN, 0.0, velocity, NULL));
  field->velocity[0] = NAN;
  g_assert_false (orr_planar_field_sample (field, -1.99, -1.49, velocity, NULL));
  g_assert_true (orr_planar_field_sample (field, 1.99, 1.49, velocity, NULL));
}

/* Along each line what its law keeps is kept, and it goes with the flow. */
static void
check_kept (Law law, double (*kept) (const double *point), double tolerance, guint fewest)
{
  g_autoptr (OrrPlanarField) field = create_field (law, 41);
  g_autoptr (OrrStreamlines) lines = orr_streamlines_trace (field, 0.2);

  g_assert_cmpuint (lines->n_lines, >=, fewest);
  for (guint l = 0; l < lines->n_lines; l++)
    for (gsize i = lines->first[l] + 1; i < lines->first[l + 1]; i++)
      {
        const double *from = lines->points + 3 * (i - 1), *to = from + 3;
        double velocity[2];

        law (from[0], from[1], velocity);
        g_assert_cmpfloat (velocity[0] * (to[0] - from[0]) + velocity[1] * (to[1] - from[1]), >, 0.0);
        g_assert_cmpfloat_with_epsilon (kept (to), kept (lines->points + 3 * lines->first[l]), tolerance);
        g_assert_cmpfloat_with_epsilon (to[2], 3.0 + to[0] - 2.0 * to[1], 1e-9);
        law (to[0], to[1], velocity);
        g_assert_cmpfloat_with_epsilon (lines->speed[i], hypot (velocity[0], velocity[1]), 1e-9);
      }
}

static double
radius (const double *point)
{
  return hypot (point[0], point[1]);
}

static double
product (const double *point)
{
  return point[0] * point[1];
}

static void
test_kept (void)
{
  check_kept (rotation, radius, 1e-4, 6);
  check_kept (saddle, product, 1e-3, 10);
}

/* No two lines come nearer than 0.6 of the spacing, and no place that is defined is far from all lines. */
static void
test_spacing (void)
{
  const double spacing = 0.15;
  g_autoptr (OrrPlanarField) field = create_field (saddle, 31);
  g_autoptr (OrrStreamlines) lines = orr_streamlines_trace (field, spacing);

  for (guint a = 0; a < lines->n_lines; a++)
    for (guint b = a + 1; b < lines->n_lines; b++)
      for (gsize i = lines->first[a]; i < lines->first[a + 1]; i++)
        for (gsize j = lines->first[b]; j < lines->first[b + 1]; j++)
          g_assert_cmpfloat (hypot (lines->points[3 * i] - lines->points[3 * j],
                                    lines->points[3 * i + 1] - lines->points[3 * j + 1]),
                             >=, 0.6 * spacing - 1e-12);
  for (double y = -1.2; y <= 1.2; y += 0.1)
    for (double x = -1.7; x <= 1.7; x += 0.1)
      {
        double least = INFINITY;

        for (gsize i = 0; i < lines->first[lines->n_lines]; i++)
          least = fmin (least, hypot (lines->points[3 * i] - x, lines->points[3 * i + 1] - y));
        g_assert_cmpfloat (least, <, 2.0 * spacing);
      }
}

/* A spiral sink: lines end near the point of rest and nowhere wind for ever. */
static void
test_sink (void)
{
  g_autoptr (OrrPlanarField) field = create_field (sink, 31);
  g_autoptr (OrrStreamlines) lines = orr_streamlines_trace (field, 0.2);
  double nearest = INFINITY;

  g_assert_cmpuint (lines->n_lines, >, 3);
  g_assert_cmpuint (lines->first[lines->n_lines], <, 3000);
  for (gsize i = 0; i < lines->first[lines->n_lines]; i++)
    nearest = fmin (nearest, hypot (lines->points[3 * i] - 0.237, lines->points[3 * i + 1] + 0.119));
  g_assert_cmpfloat (nearest, <, 0.1);
}

/* Lines stay where the field is defined; separate parts all get lines; a field at rest has none. */
static void
test_gaps (void)
{
  g_autoptr (OrrPlanarField) field = create_field (saddle, 41);
  gboolean left = FALSE, right = FALSE;

  for (guint y = 0; y < 41; y++)
    for (guint x = 17; x < 24; x++)
      field->velocity[2 * (y * 41 + x)] = NAN;
  g_autoptr (OrrStreamlines) lines = orr_streamlines_trace (field, 0.2);
  for (gsize i = 0; i < lines->first[lines->n_lines]; i++)
    {
      g_assert_cmpfloat (fabs (lines->points[3 * i]), >=, 0.3);
      left |= lines->points[3 * i] < 0.0;
      right |= lines->points[3 * i] > 0.0;
    }
  g_assert_true (left && right);

  for (guint i = 0; i < 2 * 41 * 41; i++)
    field->velocity[i] = i % 3 == 0 ? NAN : 0.0;
  g_autoptr (OrrStreamlines) none = orr_streamlines_trace (field, 0.2);
  g_assert_cmpuint (none->n_lines, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/streamlines/sample", test_sample);
  g_test_add_func ("/streamlines/kept", test_kept);
  g_test_add_func ("/streamlines/spacing", test_spacing);
  g_test_add_func ("/streamlines/sink", test_sink);
  g_test_add_func ("/streamlines/gaps", test_gaps);
  return g_test_run ();
}
