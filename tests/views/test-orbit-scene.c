/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-figure.h"
#include "orr-orbit-layers.h"

#include <math.h>

static void
init_camera (OrrCamera *camera)
{
  const double low[3] = { -2, -1, -1 }, high[3] = { 2, 1, 1 };

  orr_camera_init (camera);
  orr_camera_resize (camera, 400, 200);
  orr_camera_fit_box (camera, low, high);
}

/* The point in front wins among those on one pixel; a nearer one on the screen wins over depth. */
static void
test_pick (void)
{
  const float points[] = { 0, 0, -0.5f, 0, 0, 0.5f, 0.5f, 0, 0.9f, -1, 0.5f, 0 };
  OrrCamera camera;
  double screen[3];

  init_camera (&camera);
  g_assert_cmpint (orr_orbit_pick (&camera, points, 4, 200, 100, 10), ==, 1);
  g_assert_cmpint (orr_orbit_pick (&camera, points, 1, 202, 101, 10), ==, 0);
  orr_camera_project (&camera, (double[3]){ 0.5, 0, 0.9 }, screen);
  g_assert_cmpint (orr_orbit_pick (&camera, points, 4, screen[0] + 3, screen[1], 10), ==, 2);
  g_assert_cmpint (orr_orbit_pick (&camera, points, 4, 200, 190, 10), ==, -1);
  g_assert_cmpint (orr_orbit_pick (&camera, points, 0, 200, 100, 10), ==, -1);
}

static void
test_brush_and_visits (void)
{
  float points[3 * 20];
  const double left_half[4] = { 0, 0, 199, 200 };
  guint start, end;
  OrrCamera camera;

  init_camera (&camera);
  /* Left in 2-4, 6 (a gap of one) and 12-18. */
  for (int t = 0; t < 20; t++)
    {
      gboolean left = (t >= 2 && t <= 4) || t == 6 || (t >= 12 && t <= 18);
      points[3 * t] = left ? -1 : 1;
      points[3 * t + 1] = points[3 * t + 2] = 0;
    }
  g_autofree guint8 *inside = orr_orbit_brush (&camera, points, 20, left_half);
  g_assert_cmpuint (orr_orbit_longest_visit (inside, 20, 0, &start, &end), ==, 3);
  g_assert_cmpuint (start, ==, 12);
  g_assert_cmpuint (end, ==, 19);
  g_assert_cmpuint (orr_orbit_longest_visit (inside, 20, 1, &start, &end), ==, 2);
  g_assert_cmpuint (orr_orbit_longest_visit (inside, 10, 1, &start, &end), ==, 1);
  g_assert_cmpuint (start, ==, 2);
  g_assert_cmpuint (end, ==, 7);
  g_assert_cmpuint (orr_orbit_longest_visit (inside, 2, 1, &start, &end), ==, 0);
  g_assert_cmpuint (start, ==, end);
}

static void
test_jumps (void)
{
  const guint16 path[] = { 0, 0, 0, 1, 1, 1, 1, 0, 1, 2, 2, 0 };
  guint n_jumps;
  g_autofree guint8 *near = orr_orbit_find_jumps (path, G_N_ELEMENTS (path), 0, 1, 2, &n_jumps);

  /* Jumps after steps 2 and 7: two steps before each and two after. */
  const guint8 expected[] = { 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0 };
  g_assert_cmpuint (n_jumps, ==, 2);
  g_assert_cmpmem (near, sizeof expected, expected, sizeof expected);
  g_autofree guint8 *none = orr_orbit_find_jumps (path, G_N_ELEMENTS (path), 2, 1, 2, &n_jumps);
  g_assert_cmpuint (n_jumps, ==, 0);
  for (guint t = 0; t < G_N_ELEMENTS (path); t++)
    g_assert_cmpint (none[t], ==, 0);
}

static void
test_bounds (void)
{
  const float points[] = { 1, 2, 3, -1, 5, NAN, 0, 0, 7 };
  double low[3], high[3];

  orr_orbit_bounds (points, 3, low, high);
  g_assert_cmpfloat (low[0], ==, -1);
  g_assert_cmpfloat (high[1], ==, 5);
  g_assert_cmpfloat (low[2], ==, 3);
  g_assert_cmpfloat (high[2], ==, 7);
  orr_orbit_bounds (points, 0, low, high);
  g_assert_cmpfloat (high[0], ==, 0);
}

static void
test_nice_steps (void)
{
  g_assert_cmpfloat (orr_orbit_nice_step (10, 5), ==, 2);
  g_assert_cmpfloat_with_epsilon (orr_orbit_nice_step (0.37, 5), 0.05, 1e-12);
  g_assert_cmpfloat_with_epsilon (orr_orbit_nice_step (4800, 5), 1000, 1e-9);
}

/* A triangle of three colours becomes three lines in the plane of the screen. */
static void
test_figure (void)
{
  const float triangle[] = { -1, -0.5f, 0, 1, -0.5f, 0, 0, 0.5f, 0, -1, -0.5f, 0 };
  const guint32 colours[] = { orr_orbit_rgba (0xff0000, 1), orr_orbit_rgba (0x00ff00, 1),
                              orr_orbit_rgba (0x0000ff, 1), orr_orbit_rgba (0x0000ff, 1) };
  const guint32 starts[] = { 0, 1, 2 };
  g_autoptr (OrrOrbitScene) scene = orr_orbit_scene_new ();
  double screen[3], origin[3] = { 0, 0, 0 };
  OrrCamera camera;
  guint n_found = 0;

  init_camera (&camera);
  orr_orbit_scene_set_vertices (scene, ORR_ORBIT_LAYER_LINES, g_memdup2 (triangle, sizeof triangle),
                                g_memdup2 (colours, sizeof colours), 4);
  orr_orbit_scene_set_items (scene, ORR_ORBIT_LAYER_LINES, g_memdup2 (starts, sizeof starts), 3);
  orr_orbit_scene_add_mark (scene, ORR_ORBIT_LAYER_FIXED_POINTS, ORR_ORBIT_MARK_CROSS, origin, NULL, 0, 0, 0xffffff);
  scene->batches[ORR_ORBIT_LAYER_LINES].visible = TRUE;
  g_autoptr (OrrFigure) hidden_mark = orr_orbit_figure_new (scene, &camera);
  OrrPlot *plot = orr_figure_get_plot (hidden_mark, 0);
  g_assert_cmpuint (plot->series->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const OrrSeries *series = plot->series->pdata[i];

      g_assert_cmpint (series->kind, ==, ORR_SERIES_LINE);
      g_assert_cmpuint (series->n, ==, 2);
      if (series->paint != 0xff0000)
        continue;
      orr_camera_project (&camera, (double[3]){ -1, -0.5, 0 }, screen);
      g_assert_cmpfloat_with_epsilon (series->x[0], screen[0], 1e-6);
      g_assert_cmpfloat_with_epsilon (series->y[0], screen[1], 1e-6);
      n_found++;
    }
  g_assert_cmpuint (n_found, ==, 1);

  scene->batches[ORR_ORBIT_LAYER_FIXED_POINTS].visible = TRUE;
  g_autoptr (OrrFigure) with_mark = orr_orbit_figure_new (scene, &camera);
  g_assert_cmpuint (orr_figure_get_plot (with_mark, 0)->series->len, ==, 4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/orbit-scene/pick", test_pick);
  g_test_add_func ("/orbit-scene/brush", test_brush_and_visits);
  g_test_add_func ("/orbit-scene/jumps", test_jumps);
  g_test_add_func ("/orbit-scene/bounds", test_bounds);
  g_test_add_func ("/orbit-scene/nice-steps", test_nice_steps);
  g_test_add_func ("/orbit-scene/figure", test_figure);
  return g_test_run ();
}
