/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-camera.h"

#include <math.h>

static void
crooked_camera (OrrCamera *camera, gboolean perspective)
{
  const double centre[3] = { 1.5, -2.0, 0.75 };

  orr_camera_init (camera);
  camera->perspective = perspective;
  orr_camera_resize (camera, 937.0, 611.0);
  orr_camera_fit (camera, centre, 3.3);
  orr_camera_turn (camera, 0.7, -0.4, 0.2);
  orr_camera_pan (camera, 31.0, -17.0);
  orr_camera_zoom (camera, 1.7, 200.0, 400.0);
}

static void
assert_orthonormal (const OrrCamera *camera)
{
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      {
        double product = 0.0;
        for (int k = 0; k < 3; k++)
          product += camera->axes[i][k] * camera->axes[j][k];
        g_assert_cmpfloat_with_epsilon (product, i == j ? 1.0 : 0.0, 1e-12);
      }
  /* Right-handed: right x up = back. */
  g_assert_cmpfloat_with_epsilon (camera->axes[0][0] * camera->axes[1][1]
                                    - camera->axes[0][1] * camera->axes[1][0],
                                  camera->axes[2][2], 1e-12);
}

static void
test_default_directions (void)
{
  OrrCamera camera;
  const double origin[3] = { 0, 0, 0 }, right[3] = { 1, 0, 0 }, up[3] = { 0, 1, 0 }, near[3] = { 0, 0, 1 };
  double screen[3];

  orr_camera_init (&camera);
  orr_camera_resize (&camera, 200.0, 100.0);
  orr_camera_fit (&camera, origin, 1.0);
  orr_camera_project (&camera, origin, screen);
  g_assert_cmpfloat (screen[0], ==, 100.0);
  g_assert_cmpfloat (screen[1], ==, 50.0);
  orr_camera_project (&camera, right, screen);
  g_assert_cmpfloat (screen[0], >, 120.0);
  orr_camera_project (&camera, up, screen);
  g_assert_cmpfloat (screen[1], <, 30.0);
  orr_camera_project (&camera, near, screen);
  g_assert_cmpfloat (screen[2], <, -0.9);
}

static void
test_project_and_back (void)
{
  for (int perspective = 0; perspective < 2; perspective++)
    {
      OrrCamera camera;

      crooked_camera (&camera, perspective);
      for (int i = 0; i < 40; i++)
        {
          double world[3] = { 1.5 + 2.0 * sin (i), -2.0 + 2.0 * cos (2.3 * i), 0.75 + sin (3.1 * i) };
          double screen[3], again[3];

          g_assert_true (orr_camera_project (&camera, world, screen));
          orr_camera_unproject (&camera, screen, again);
          for (int k = 0; k < 3; k++)
            g_assert_cmpfloat_with_epsilon (world[k], again[k], 1e-9);
        }
    }
}

/* The matrix that the shaders use and the arithmetic that picking uses must agree. */
static void
test_matrix_agrees (void)
{
  for (int perspective = 0; perspective < 2; perspective++)
    {
      OrrCamera camera;
      float m[16];

      crooked_camera (&camera, perspective);
      orr_camera_matrix (&camera, m);
      for (int i = 0; i < 40; i++)
        {
          double world[3] = { 1.5 + 2.0 * sin (i), -2.0 + 2.0 * cos (2.3 * i), 0.75 + sin (3.1 * i) };
          double screen[3], clip[4];

          orr_camera_project (&camera, world, screen);
          for (int k = 0; k < 4; k++)
            clip[k] = m[k] * world[0] + m[4 + k] * world[1] + m[8 + k] * world[2] + m[12 + k];
          g_assert_cmpfloat_with_epsilon (0.5 * 937.0 * (1.0 + clip[0] / clip[3]), screen[0], 1e-2);
          g_assert_cmpfloat_with_epsilon (0.5 * 611.0 * (1.0 - clip[1] / clip[3]), screen[1], 1e-2);
          g_assert_cmpfloat (fabs (clip[2] / clip[3]), <, 1.0);
        }
    }
}

static void
test_depth_order (void)
{
  OrrCamera camera;
  float m[16];
  double last = -1.0;

  crooked_camera (&camera, TRUE);
  orr_camera_matrix (&camera, m);
  for (int i = -3; i <= 3; i++)
    {
      double world[3], z, w;

      for (int k = 0; k < 3; k++)
        world[k] = camera.centre[k] - 0.9 * i * camera.axes[2][k];
      z = m[2] * world[0] + m[6] * world[1] + m[10] * world[2] + m[14];
      w = m[3] * world[0] + m[7] * world[1] + m[11] * world[2] + m[15];
      g_assert_cmpfloat (z / w, >, last);
      last = z / w;
    }
}

static void
test_ray (void)
{
  for (int perspective = 0; perspective < 2; perspective++)
    {
      OrrCamera camera;
      double world[3] = { 1.0, -1.0, 0.5 };
      double screen[3], origin[3], direction[3], to_point[3], along = 0.0, square = 0.0;

      crooked_camera (&camera, perspective);
      orr_camera_project (&camera, world, screen);
      orr_camera_ray (&camera, screen[0], screen[1], origin, direction);
      for (int k = 0; k < 3; k++)
        {
          to_point[k] = world[k] - origin[k];
          along += to_point[k] * direction[k];
          square += to_point[k] * to_point[k];
        }
      g_assert_cmpfloat (along, >, 0.0);
      g_assert_cmpfloat_with_epsilon (square, along * along, 1e-9 * square);
    }
}

static void
test_arcball (void)
{
  OrrCamera camera;
  const double origin[3] = { 0, 0, 0 };
  double front[3], screen[3];

  orr_camera_init (&camera);
  orr_camera_resize (&camera, 300.0, 300.0);
  orr_camera_fit (&camera, origin, 1.0);
  /* The point of the ball under the pointer goes with it: grab the front, drag 60 pixels right. */
  for (int k = 0; k < 3; k++)
    front[k] = k == 2 ? 1.0 : 0.0;
  orr_camera_arcball (&camera, 150.0, 150.0, 210.0, 150.0);
  assert_orthonormal (&camera);
  orr_camera_project (&camera, front, screen);
  g_assert_cmpfloat_with_epsilon ((screen[0] - 150.0) / (300.0 / camera.span), 60.0 / 150.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (screen[1], 150.0, 1e-9);
  /* And back again. */
  orr_camera_arcball (&camera, 210.0, 150.0, 150.0, 150.0);
  for (int k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon (camera.axes[k][k], 1.0, 1e-12);
  /* Outside the ball a drag rolls. */
  orr_camera_arcball (&camera, 295.0, 5.0, 295.0, 295.0);
  assert_orthonormal (&camera);
  g_assert_cmpfloat (fabs (camera.axes[0][1]), >, 0.2);
}

static void
test_turns_stay_orthonormal (void)
{
  OrrCamera camera;

  orr_camera_init (&camera);
  for (int i = 0; i < 20000; i++)
    orr_camera_turn (&camera, 0.31, 0.17, -0.05);
  assert_orthonormal (&camera);
}

static void
test_pan_follows_pointer (void)
{
  for (int perspective = 0; perspective < 2; perspective++)
    {
      OrrCamera camera;
      double world[3], screen[3] = { 400.0, 300.0, 0.0 };

      crooked_camera (&camera, perspective);
      orr_camera_unproject (&camera, screen, world);
      orr_camera_pan (&camera, 25.0, -40.0);
      orr_camera_project (&camera, world, screen);
      g_assert_cmpfloat_with_epsilon (screen[0], 425.0, 1e-9);
      g_assert_cmpfloat_with_epsilon (screen[1], 260.0, 1e-9);
    }
}

static void
test_zoom_keeps_pixel (void)
{
  for (int perspective = 0; perspective < 2; perspective++)
    {
      OrrCamera camera;
      double world[3], screen[3] = { 123.0, 456.0, 0.0 };

      crooked_camera (&camera, perspective);
      orr_camera_unproject (&camera, screen, world);
      orr_camera_zoom (&camera, 2.5, 123.0, 456.0);
      orr_camera_project (&camera, world, screen);
      g_assert_cmpfloat_with_epsilon (screen[0], 123.0, 1e-9);
      g_assert_cmpfloat_with_epsilon (screen[1], 456.0, 1e-9);
      for (int i = 0; i < 200; i++)
        orr_camera_zoom (&camera, 2.0, 0.0, 0.0);
      g_assert_cmpfloat (camera.span, >, 0.0);
    }
}

/* Whatever the shape of the picture, the whole sphere is inside it. */
static void
test_fit_shows_all (void)
{
  const double centre[3] = { -4.0, 2.0, 9.0 };
  const double sizes[][2] = { { 800, 300 }, { 300, 800 }, { 500, 500 } };

  for (int perspective = 0; perspective < 2; perspective++)
    for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
      {
        OrrCamera camera;

        orr_camera_init (&camera);
        camera.perspective = perspective;
        orr_camera_resize (&camera, sizes[s][0], sizes[s][1]);
        orr_camera_fit (&camera, centre, 7.0);
        for (int i = 0; i < 500; i++)
          {
            double z = -1.0 + 2.0 * i / 499.0, r = sqrt (1.0 - z * z);
            double world[3] = { centre[0] + 7.0 * r * cos (2.4 * i), centre[1] + 7.0 * r * sin (2.4 * i),
                                centre[2] + 7.0 * z };
            double screen[3];

            g_assert_true (orr_camera_project (&camera, world, screen));
            g_assert_cmpfloat (screen[0], >, 0.0);
            g_assert_cmpfloat (screen[0], <, sizes[s][0]);
            g_assert_cmpfloat (screen[1], >, 0.0);
            g_assert_cmpfloat (screen[1], <, sizes[s][1]);
          }
      }
}

/* All corners are inside, and the box touches nearly the edge in one direction. */
static void
test_fit_box (void)
{
  const double low[3] = { -3, 1, -0.5 }, high[3] = { 5, 2, 0.5 };
  double closest = INFINITY;
  OrrCamera camera;

  orr_camera_init (&camera);
  orr_camera_resize (&camera, 800, 400);
  orr_camera_turn (&camera, 0.3, 0.2, 0.1);
  orr_camera_fit_box (&camera, low, high);
  for (int i = 0; i < 8; i++)
    {
      double corner[3] = { i & 1 ? low[0] : high[0], i & 2 ? low[1] : high[1], i & 4 ? low[2] : high[2] };
      double screen[3];

      orr_camera_project (&camera, corner, screen);
      closest = MIN (closest, MIN (MIN (screen[0], 800 - screen[0]), MIN (screen[1], 400 - screen[1])));
    }
  g_assert_cmpfloat (closest, >, 0.0);
  g_assert_cmpfloat (closest, <, 0.1 * 800);
}

static void
test_interpolate (void)
{
  OrrCamera from, to, between;

  crooked_camera (&from, FALSE);
  to = from;
  orr_camera_turn (&to, 1.0, 0.5, -0.3);
  orr_camera_zoom (&to, 4.0, 0.0, 0.0);
  orr_camera_interpolate (&between, &from, &to, 0.0);
  g_assert_cmpmem (between.axes, sizeof from.axes, from.axes, sizeof from.axes);
  g_assert_cmpfloat_with_epsilon (between.span, from.span, 1e-12);
  orr_camera_interpolate (&between, &from, &to, 1.0 - 1e-9);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      g_assert_cmpfloat_with_epsilon (between.axes[i][j], to.axes[i][j], 1e-6);
  orr_camera_interpolate (&between, &from, &to, 0.5);
  assert_orthonormal (&between);
  g_assert_cmpfloat_with_epsilon (between.span, 0.5 * from.span, 1e-9);

  /* Half a turn has no unique axis from the antisymmetric part. */
  to = from;
  orr_camera_turn (&to, G_PI, 0.0, 0.0);
  orr_camera_interpolate (&between, &from, &to, 1.0 - 1e-9);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      g_assert_cmpfloat_with_epsilon (between.axes[i][j], to.axes[i][j], 1e-6);
}

static void
test_face (void)
{
  OrrCamera camera, before;
  const double right[3] = { 0, 0, 2 }, up[3] = { 0, 3, 1 };

  orr_camera_init (&camera);
  orr_camera_face (&camera, right, up);
  assert_orthonormal (&camera);
  g_assert_cmpfloat_with_epsilon (camera.axes[2][0], -1.0, 1e-12);
  before = camera;
  orr_camera_face (&camera, right, right);
  g_assert_cmpmem (&before, sizeof before, &camera, sizeof camera);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/camera/default-directions", test_default_directions);
  g_test_add_func ("/camera/project-and-back", test_project_and_back);
  g_test_add_func ("/camera/matrix-agrees", test_matrix_agrees);
  g_test_add_func ("/camera/depth-order", test_depth_order);
  g_test_add_func ("/camera/ray", test_ray);
  g_test_add_func ("/camera/arcball", test_arcball);
  g_test_add_func ("/camera/orthonormal", test_turns_stay_orthonormal);
  g_test_add_func ("/camera/pan", test_pan_follows_pointer);
  g_test_add_func ("/camera/zoom", test_zoom_keeps_pixel);
  g_test_add_func ("/camera/fit", test_fit_shows_all);
  g_test_add_func ("/camera/fit-box", test_fit_box);
  g_test_add_func ("/camera/interpolate", test_interpolate);
  g_test_add_func ("/camera/face", test_face);
  return g_test_run ();
}
