/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dynamics-fixture.h"
#include "orr-orbit-cycle.h"
#include "orr-flow.h"
#include "orr-orbit-figure.h"
#include "orr-orbit-flow.h"
#include "orr-orbit-layers.h"
#include "orr-section.h"

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
  const guint8 expected[] = { 0, ORR_ORBIT_LIT, ORR_ORBIT_LIT, ORR_ORBIT_PALE, ORR_ORBIT_PALE, 0,
                              ORR_ORBIT_LIT, ORR_ORBIT_LIT, ORR_ORBIT_PALE, ORR_ORBIT_PALE, 0, 0 };
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
  orr_orbit_scene_add_mark (scene, ORR_ORBIT_LAYER_FIXED_POINTS, ORR_ORBIT_MARK_CROSS, origin, NULL, 0, 0,
                            0xffffff);
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

static void
add_table (GVariantBuilder *builder, const char *name, const double *values, gsize rows, gsize cols)
{
  g_variant_builder_add (builder, "{sv}", name, orr_section_new_table (values, rows, cols));
}

/* A square orbit with one corner that was never visited: two of its four sides are drawn. */
static void
test_mean_orbit (void)
{
  const double corners[] = { 1, 0, 0.5, 0, 1, 0.5, NAN, NAN, NAN, 0, -1, 0.5 };
  const double radii[] = { 0.2, 0.1, NAN, 0.2 }, centre[] = { 0, 0 };
  g_autoptr (OrrOrbitScene) scene = orr_orbit_scene_new ();
  const OrrOrbitBatch *tube = &scene->batches[ORR_ORBIT_LAYER_TUBE];
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_table (&builder, "mean_orbit", corners, 4, 3);
  g_variant_builder_add (&builder, "{sv}", "radius_sd", orr_section_new_doubles (radii, 4));
  g_variant_builder_add (&builder, "{sv}", "centre", orr_section_new_doubles (centre, 2));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_assert_true (orr_orbit_layers_set_mean_orbit (scene, section));
  g_assert_cmpuint (scene->batches[ORR_ORBIT_LAYER_MEAN_ORBIT].n_items, ==, 2);
  /* All points of the first ring are one standard deviation from the corner. */
  g_assert_cmpuint (tube->n_items, >, 0);
  for (guint j = 0; j < tube->n_vertices / 4; j++)
    {
      const float *p = tube->positions + 3 * j;
      g_assert_cmpfloat_with_epsilon (hypot (hypot (p[0] - 1, p[1]), p[2] - 0.5), 0.2, 1e-6);
    }
  g_assert_false (orr_orbit_layers_set_mean_orbit (scene, NULL));
  g_assert_cmpuint (scene->batches[ORR_ORBIT_LAYER_MEAN_ORBIT].n_items, ==, 0);
}

static void
test_contours (void)
{
  const double triangle[] = { 0, 0, 1, 0, 0, 2 };
  g_autoptr (OrrOrbitScene) scene = orr_orbit_scene_new ();
  GVariantBuilder contour, contours, section;

  g_variant_builder_init (&contour, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&contour, "{sv}", "sigma", g_variant_new_double (2.0));
  add_table (&contour, "outline", triangle, 3, 2);
  g_variant_builder_init (&contours, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&contours, g_variant_builder_end (&contour));
  g_variant_builder_init (&section, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&section, "{sv}", "contours", g_variant_builder_end (&contours));
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_builder_end (&section));
  g_assert_cmpuint (orr_orbit_layers_set_contours (scene, value), ==, 1);
  g_assert_cmpuint (scene->batches[ORR_ORBIT_LAYER_CONTOURS].n_items, ==, 3);
  const OrrOrbitMark *mark = &g_array_index (scene->marks, OrrOrbitMark, 0);
  g_assert_cmpfloat (mark->position[1], ==, 2.0);
  g_assert_nonnull (strstr (mark->text, "2"));
  g_assert_cmpuint (orr_orbit_layers_set_contours (scene, NULL), ==, 0);
  g_assert_cmpuint (scene->marks->len, ==, 0);
}

/* Two snapshots of very different size fill the same width, one above the other. */
static void
test_epochs (void)
{
  const double points[2][6] = { { -1e-3, 0, 0, 1e-3, 5e-4, 0 }, { -500, 10, 0, 500, 0, 0 } };
  const double point_symbols[] = { 0, 2 };
  g_autoptr (OrrOrbitScene) scene = orr_orbit_scene_new ();
  const OrrOrbitBatch *batch = &scene->batches[ORR_ORBIT_LAYER_EPOCHS];
  GVariantBuilder layers, section;
  double heights[2];

  g_variant_builder_init (&layers, G_VARIANT_TYPE ("aa{sv}"));
  for (int i = 0; i < 2; i++)
    {
      GVariantBuilder layer;

      g_variant_builder_init (&layer, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&layer, "{sv}", "epoch", g_variant_new_int32 (10 * i));
      add_table (&layer, "points", points[i], 2, 3);
      g_variant_builder_add (&layer, "{sv}", "point_symbols", orr_section_new_doubles (point_symbols, 2));
      g_variant_builder_add_value (&layers, g_variant_builder_end (&layer));
    }
  g_variant_builder_init (&section, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&section, "{sv}", "layers", g_variant_builder_end (&layers));
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_builder_end (&section));

  scene->low[0] = scene->low[1] = -2.0;
  scene->high[0] = scene->high[1] = 2.0;
  g_assert_cmpuint (orr_orbit_layers_set_epochs (scene, value, FALSE, -1, heights), ==, 2);
  g_assert_cmpuint (batch->n_items, ==, 4);
  g_assert_cmpfloat_with_epsilon (batch->positions[2], heights[0], 1e-6);
  g_assert_cmpfloat_with_epsilon (batch->positions[11], heights[1], 1e-6);
  for (int i = 0; i < 2; i++)
    g_assert_cmpfloat_with_epsilon (batch->positions[6 * i + 3] - batch->positions[6 * i], 3.6, 1e-5);
  g_assert_cmpuint (scene->marks->len, ==, 2);
  g_assert_cmpuint (orr_orbit_layers_set_epochs (scene, NULL, FALSE, -1, heights), ==, 0);
  g_assert_cmpuint (scene->marks->len, ==, 0);
}

/* Without noise the ring's states are carried round one way: lines turn about the middle, and each has a
 * head that points where the line goes. */
static void
test_flow (void)
{
  g_autoptr (OrrNetwork) network = orr_fixture_network ();
  g_autoptr (OrrOrbitScene) scene = orr_orbit_scene_new ();
  const OrrOrbitBatch *flow = &scene->batches[ORR_ORBIT_LAYER_FLOW];
  OrrTrajectoryOptions options;
  g_autoptr (GError) error = NULL;
  guint opposed = 0;

  orr_trajectory_options_init (&options);
  options.n_steps = 4000;
  g_autoptr (OrrMotion) motion = orr_motion_compute (network, NULL, &options, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrPlanarField) field
    = orr_flow_noise_free (network, motion->trajectory->states, motion->pca, NULL, &error);
  g_assert_no_error (error);
  guint n = orr_orbit_layers_set_flow (scene, ORR_ORBIT_LAYER_FLOW, field, 0x123456);
  g_assert_cmpuint (n, >, 10);
  g_assert_cmpuint (flow->n_items, >, 3 * n);
  for (guint i = 0; i < flow->n_items; i++)
    {
      const float *from = flow->positions + 3 * flow->items[i], *to = from + 3;

      opposed += from[0] * (to[1] - from[1]) - from[1] * (to[0] - from[0]) < 0.0f;
    }
  /* One sense of turning for nearly all, whatever the components' signs. */
  g_assert_cmpuint (MIN (opposed, flow->n_items - opposed), <, 0.2 * flow->n_items);
  g_assert_cmpuint (orr_orbit_layers_set_flow (scene, ORR_ORBIT_LAYER_FLOW, NULL, 0), ==, 0);
  g_assert_cmpuint (flow->n_items, ==, 0);
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
  g_test_add_func ("/orbit-scene/mean-orbit", test_mean_orbit);
  g_test_add_func ("/orbit-scene/contours", test_contours);
  g_test_add_func ("/orbit-scene/epochs", test_epochs);
  g_test_add_func ("/orbit-scene/flow", test_flow);
  return g_test_run ();
}
